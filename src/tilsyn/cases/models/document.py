"""Documents a case sends: drafted by one, approved by another, sent; their files named by content."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from tilsyn.cases import access
from tilsyn.cases.models.case import Case
from tilsyn.cases.models.constraints import one_of, whole_pair
from tilsyn.cases.models.people import User
from tilsyn.cases.roles import VIEW_CASES, VIEW_DRAFTS

STATUSES = ("drafted", "returned", "approved", "sent", "withdrawn")
CURRENT = ("drafted", "returned", "approved")
"""A document of these is the one its step is about: it can still be rewritten."""


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents."""

    def visible_to(self, user: User | AnonymousUser) -> DocumentQuerySet:
        """The office's all; a municipality's own once sent."""
        office = access.within("case__area", access.areas(user, VIEW_DRAFTS))
        municipality = access.within("case__area", access.areas(user, VIEW_CASES))
        return self.filter(office | (municipality & Q(status="sent")))


class Document(models.Model):
    """One version of a document; a revision is a new one and withdraws the old.

    Attributes:
        kind: "notice", "decision" …; step: the step it belongs to.
        sha256: of the PDF, which is the document; it never changes (a trigger sees to it).
        files: every form's SHA-256: {"pdf": …, "docx": …, "html": …}.
        made_from: what it was made from, enough to make it again: day, facts, releases, language.
        edits: paragraphs an officer has rewritten, by their number.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="da")
    status = models.CharField(
        max_length=10, default="drafted", choices=[(one, one) for one in STATUSES]
    )
    sha256 = models.CharField(max_length=64)
    files = models.JSONField()
    made_from = models.JSONField()
    edits = models.JSONField(default=dict)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    recipients = models.JSONField(default=list)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            one_of("document", "status", STATUSES),
            whole_pair("document", "approved_by", "approved_at"),
            whole_pair("document", "sent_by", "sent_at"),
            models.CheckConstraint(
                name="document_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="document_approved_before_it_is_sent",
                condition=Q(status__in=["drafted", "returned", "withdrawn"], sent_by__isnull=True)
                | Q(status="approved", approved_by__isnull=False, sent_by__isnull=True)
                | Q(status="sent", approved_by__isnull=False, sent_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["case", "step"],
                condition=Q(status__in=CURRENT),
                name="document_one_draft_a_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.status})"
