"""The audit log: looks at what is restricted, and what administrators change. Only ever added to."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from tilsyn.cases import access
from tilsyn.cases.models.event import AppendOnlyQuerySet, NeverChangedError
from tilsyn.cases.models.people import User
from tilsyn.cases.roles import VIEW_AUDIT
from tilsyn.words import gettext_noop

ACTIONS = {
    "create_user": gettext_noop("user made"),
    "deactivate": gettext_noop("user closed"),
    "reactivate": gettext_noop("user opened again"),
    "set_password": gettext_noop("password set"),
    "password_off": gettext_noop("password taken away"),
    "grant": gettext_noop("role given"),
    "revoke": gettext_noop("role taken"),
    "release_approved": gettext_noop("release taken into use"),
    "release_refused": gettext_noop("release refused"),
    "set_letterhead": gettext_noop("letterhead changed"),
    "use_plan": gettext_noop("plan taken into use"),
    "look": gettext_noop("persons looked at"),
    "export": gettext_noop("persons taken as a file"),
}
"""What the log tells of, as its page calls it; files and programs keep the codes."""


class AuditQuerySet(AppendOnlyQuerySet):
    """Entries."""

    def visible_to(self, user: User | AnonymousUser) -> AuditQuerySet:
        """Those about the areas the user oversees; those about no area are the country's."""
        return self.filter(access.within("area", access.areas(user, VIEW_AUDIT)))


class AuditEntry(models.Model):
    """One look or one change.

    Attributes:
        action: "look", "export", "sign_in", "create_user", "grant", "revoke" …
        about: what it was about: "document 3", "user 7".
        area: the municipality it concerns, "dk", or empty.
        purpose: why, where a reason must be given.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    about = models.CharField(max_length=200)
    area = models.CharField(max_length=3, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.about}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it; an entry that is there already is never saved again."""
        if not self._state.adding:
            raise NeverChangedError("an audit entry is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise NeverChangedError("an audit entry is never removed")
