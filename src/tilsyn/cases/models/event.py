"""What happened in a case. Events are only ever added, by `tilsyn.cases.ledger`: the database refuses all else."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from tilsyn.cases import access
from tilsyn.cases.models.case import Case
from tilsyn.cases.models.constraints import one_of
from tilsyn.cases.models.people import User
from tilsyn.cases.models.release import ReleaseRecord
from tilsyn.cases.roles import VIEW_CASES, VIEW_DRAFTS
from tilsyn.cases.state import BY_TIME, KINDS, PUBLIC


class NeverChangedError(Exception):
    """Something tried to change or remove what may only be added to: a defect of the program."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are only ever added; the database's triggers say the same."""

    def update(self, **_: Any) -> NoReturn:
        """Refuse."""
        raise NeverChangedError("these rows are never changed; add a new one")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise NeverChangedError("these rows are never removed")


class EventQuerySet(AppendOnlyQuerySet):
    """Events."""

    def visible_to(self, user: User | AnonymousUser) -> EventQuerySet:
        """Those of visible cases; a municipality sees what is addressed to it or came from it."""
        office = access.within("case__area", access.areas(user, VIEW_DRAFTS))
        municipality = access.within("case__area", access.areas(user, VIEW_CASES))
        announced = Q(case__announced_on__isnull=False, kind__in=sorted(PUBLIC))
        return self.filter(office | (municipality & announced))


class Event(models.Model):
    """One thing that happened.

    Attributes:
        sequence: 1, 2, 3 … within its case.
        kind: see `tilsyn.cases.state.KINDS`.
        step: the step the case stood at; outcome: how the step ended, where it did.
        at: when it was written; on_date: the day it counts from.
        by: who did it; None only for what time does by itself.
        finding: the findings it rests on, as they were; release: the release they came from.
        document_sha256: of the document it is about.
        payload: further values, by kind.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=30, choices=[(kind, kind) for kind in KINDS])
    step = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    on_date = models.DateField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    finding = models.JSONField(null=True)
    release = models.ForeignKey(
        ReleaseRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )
    document_sha256 = models.CharField(max_length=64, blank=True)
    payload = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["case", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sequence"], name="event_sequence"),
            one_of("event", "kind", tuple(KINDS)),
            models.CheckConstraint(
                name="event_has_somebody_behind_it",
                condition=Q(by__isnull=False) | Q(kind__in=sorted(BY_TIME)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number}/{self.sequence} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it; an event that is there already is never saved again."""
        if not self._state.adding:
            raise NeverChangedError(f"event {self} is never changed; add a correcting event")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise NeverChangedError(f"event {self} is never removed")
