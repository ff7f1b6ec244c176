"""What a municipality hands in: statements and plans, checked point by point, and a plan's milestones."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

from tilsyn.cases import access
from tilsyn.cases.models.case import Case
from tilsyn.cases.models.people import User
from tilsyn.cases.roles import VIEW_CASES, VIEW_DRAFTS
from tilsyn.rules.model import Text


class OfCaseQuerySet(models.QuerySet[Any]):
    """Rows that belong to a case and may be seen by whoever sees it."""

    def visible_to(self, user: User | AnonymousUser) -> OfCaseQuerySet:
        """Those of cases the user sees."""
        office = access.within("case__area", access.areas(user, VIEW_DRAFTS))
        municipality = access.within("case__area", access.areas(user, VIEW_CASES))
        return self.filter(office | (municipality & models.Q(case__announced_on__isnull=False)))


class Incoming(models.Model):
    """A document received.

    Attributes:
        kind: what the step waits for: "statement", "plan".
        ticks: the checklist's points by code: held or not; a point not there is not looked at yet.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="incoming")
    step = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received_on = models.DateField()
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    ticks = models.JSONField(default=dict)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.filename}"

    @property
    def checklist(self) -> dict[str, Text]:
        """The points it must hold, by code."""
        step = self.case.version_data[self.step]
        return step.checklist if step.checklist_of in ("", self.kind) else {}

    @property
    def missing(self) -> list[Text]:
        """The points that were looked for and not found, in words."""
        return [words for code, words in self.checklist.items() if self.ticks.get(code) is False]

    @property
    def unchecked(self) -> list[Text]:
        """The points nobody has looked at yet, in words."""
        return [words for code, words in self.checklist.items() if code not in self.ticks]


class Milestone(models.Model):
    """A goal of a plan: a share to be reached in a month.

    Attributes:
        month: the month's first day; target: the share with too few, in per cent, not to be exceeded.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="milestones")
    measure = models.CharField(max_length=40)
    grp = models.CharField(max_length=40)
    month = models.DateField()
    target = models.DecimalField(max_digits=5, decimal_places=2)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["month", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "measure", "grp", "month"], name="milestone_one_a_month"
            ),
            models.CheckConstraint(
                name="milestone_target_is_a_share",
                condition=models.Q(target__gte=0, target__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.grp} {self.month:%Y-%m}: {self.target}"
