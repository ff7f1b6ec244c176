"""The assistance an office offered a municipality in a quarter, and the answer. Only ever added to.

The latest entry of a municipality and quarter counts; taking one back is an entry of its own.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from tilsyn.cases import access
from tilsyn.cases.models.constraints import one_of
from tilsyn.cases.models.event import AppendOnlyQuerySet, NeverChangedError
from tilsyn.cases.models.people import User
from tilsyn.cases.roles import VIEW_DRAFTS
from tilsyn.documents.assistance import STATUSES
from tilsyn.vocabulary import MUNICIPALITIES, YearMonth


def quarter_of(month: YearMonth) -> str:
    """The quarter a month lies in: "2023-Q4"."""
    return f"{month.year}-Q{(month.month + 2) // 3}"


class AssistanceQuerySet(AppendOnlyQuerySet):
    """Entries."""

    def visible_to(self, user: User | AnonymousUser) -> AssistanceQuerySet:
        """Those of municipalities whose drafts the user sees."""
        return self.filter(access.within("area", access.areas(user, VIEW_DRAFTS)))

    def standing(self, quarter: str, *, through: int | None = None) -> dict[str, AssistanceEntry]:
        """What holds in a quarter, by municipality.

        Args:
            quarter: "2023-Q4".
            through: the last entry to look at, to see it as it stood; None for all.
        """
        entries = self.filter(quarter=quarter)
        if through is not None:
            entries = entries.filter(pk__lte=through)
        latest = {entry.area: entry for entry in entries.order_by("pk")}
        return {area: entry for area, entry in latest.items() if entry.status}


class AssistanceEntry(models.Model):
    """What is known of one municipality in one quarter, from one day on.

    Attributes:
        quarter: "2023-Q4".
        contacted: when the office was in touch.
        status: the answer, see `documents.assistance.STATUSES`; empty: nothing is known (any more).
        accepted_on: when the offer was accepted, where it was.
        kinds: the kinds of assistance, see `documents.assistance.KINDS`.
        note: why it was changed or taken back, or what else is worth knowing.
    """

    area = models.CharField(max_length=3)
    quarter = models.CharField(max_length=7)
    contacted = models.DateField(null=True)
    status = models.CharField(max_length=20, blank=True)
    accepted_on = models.DateField(null=True)
    kinds = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["quarter", "area"], name="assistance_quarter")]
        constraints: ClassVar = [
            one_of("assistance", "area", tuple(MUNICIPALITIES.codes)),
            one_of("assistance", "status", ("", *STATUSES)),
            models.CheckConstraint(
                name="assistance_contacted_when_known",
                condition=Q(status="") | Q(contacted__isnull=False),
            ),
            models.CheckConstraint(
                name="assistance_accepted_when_accepted",
                condition=Q(accepted_on__isnull=True)
                | Q(status__in=["in_progress", "accepted_not_begun"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{MUNICIPALITIES[self.area].name} {self.quarter}: {self.status or '–'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it; an entry that is there already is never saved again."""
        if not self._state.adding:
            raise NeverChangedError("an entry on assistance is never changed; add a new one")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise NeverChangedError("an entry on assistance is never removed")
