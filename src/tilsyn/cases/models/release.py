"""Releases of figures that the site knows, and which of them are taken into use."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from tilsyn.cases import access
from tilsyn.cases.models.constraints import one_of, whole_pair
from tilsyn.cases.models.people import User
from tilsyn.cases.roles import VIEW_DRAFTS, VIEW_FIGURES

STATUSES = ("arrived", "approved", "refused")


class ReleaseQuerySet(models.QuerySet["ReleaseRecord"]):
    """Releases."""

    def in_use(self) -> ReleaseQuerySet:
        """Those approved: cases and pages draw on nothing else."""
        return self.filter(status="approved")

    def visible_to(self, user: User | AnonymousUser) -> ReleaseQuerySet:
        """Those in use; to the authority also what has arrived and what was refused."""
        if access.may(user, VIEW_DRAFTS):
            return self
        return self.in_use() if access.may(user, VIEW_FIGURES) else self.none()


class ReleaseRecord(models.Model):
    """A release folder under DATA_DIR/releases; its content is in the folder and never changes.

    Attributes:
        name: the folder's name, which is the release's id.
        manifest_sha256: of its manifest, so that a folder exchanged under the same name is noticed.
        decided_by, decided_at: who took it into use or refused it.
    """

    name = models.CharField(max_length=120, primary_key=True)
    published = models.DateField()
    manifest_sha256 = models.CharField(max_length=64)
    arrived_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(
        max_length=10, default="arrived", choices=[(one, one) for one in STATUSES]
    )
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-published", "name"]
        constraints: ClassVar = [
            one_of("release", "status", STATUSES),
            whole_pair("release", "decided_by", "decided_at"),
            models.CheckConstraint(
                name="release_decided_when_not_arrived",
                condition=Q(status="arrived", decided_by__isnull=True)
                | (~Q(status="arrived") & Q(decided_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where it is."""
        return Path(settings.DATA_DIR) / "releases" / self.name
