"""Messages to be sent: written in the transaction of what they tell, sent later, each once."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from tilsyn.cases import access
from tilsyn.cases.models.case import Case
from tilsyn.cases.models.people import User
from tilsyn.cases.roles import VIEW_DRAFTS


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages."""

    def unsent(self) -> MessageQuerySet:
        """Those waiting."""
        return self.filter(sent_at__isnull=True)

    def visible_to(self, user: User | AnonymousUser) -> MessageQuerySet:
        """Those of the office's cases."""
        office = access.within("case__area", access.areas(user, VIEW_DRAFTS))
        return self.filter(office & Q(case__isnull=False))


class Message(models.Model):
    """A message.

    Attributes:
        key: what it is about, once and for all: "reminder/7/12/2023-03-07"; a second one of the same
            key cannot be written. The Message-ID and the file's name follow from it.
        attachments: [{"name": …, "sha256": …}] of stored files.
        claimed_at, claimed_by: who is sending it now; a claim left by a crash lapses.
    """

    key = models.CharField(max_length=200, unique=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="messages")
    recipients = models.JSONField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    attachments = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=Q(sent_at__isnull=True), name="unsent")
        ]

    def __str__(self) -> str:
        return self.subject
