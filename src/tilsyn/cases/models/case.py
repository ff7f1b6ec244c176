"""A case: one course with one municipality (or the country), about the matters of its finding.

What a case *is* follows from its events alone (`tilsyn.cases.state`). The columns here repeat that, so
that worklists can be asked for; `tilsyn.cases.ledger` writes both together and a test replays them.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from tilsyn.cases import access
from tilsyn.cases.models.constraints import one_of
from tilsyn.cases.models.people import User
from tilsyn.cases.models.release import ReleaseRecord
from tilsyn.cases.roles import VIEW_CASES, VIEW_DRAFTS
from tilsyn.rules.course import Course, CourseVersion, Step, courses
from tilsyn.vocabulary import COUNTRY, MUNICIPALITIES

STATUSES = ("proposed", "open", "closed")


def waiting_for_time() -> Q:
    """Cases at a step that nobody is to act on: it waits for figures or for a day."""
    found = Q(pk__in=[])
    for course in courses().values():
        for version in course.version:
            steps = [step.name for step in version.step if step.actor == "time"]
            found |= Q(course=course.course, version=version.name, step__in=steps)
    return found


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases."""

    def visible_to(self, user: User | AnonymousUser) -> CaseQuerySet:
        """The office's all; a municipality's own once they are announced to it."""
        office = access.within("area", access.areas(user, VIEW_DRAFTS))
        municipality = access.within("area", access.areas(user, VIEW_CASES))
        return self.filter(office | (municipality & Q(announced_on__isnull=False)))

    def under_way(self) -> CaseQuerySet:
        """Those not closed."""
        return self.exclude(status="closed")

    def by_deadline(self) -> CaseQuerySet:
        """The nearest deadline first, those without one last."""
        return self.order_by(models.F("due_on").asc(nulls_last=True), "pk")


class Case(models.Model):
    """A case.

    Attributes:
        course, version: which course data it follows to its end.
        area: the municipality's code, or "dk".
        opened_on: the day it counts from; opened_from: the release its finding rests on.
        sequence: number of its latest event; whoever adds the next one must have seen this one.
        status, step, due_on, assignee, announced_on: what its events add up to, for worklists.
    """

    course = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    area = models.CharField(max_length=3)
    opened_on = models.DateField()
    opened_from = models.ForeignKey(
        ReleaseRecord, null=True, on_delete=models.PROTECT, related_name="cases"
    )
    sequence = models.PositiveIntegerField(default=0)
    status = models.CharField(
        max_length=10, default="proposed", choices=[(one, one) for one in STATUSES]
    )
    step = models.CharField(max_length=40)
    due_on = models.DateField(null=True)
    assignee = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="assigned_cases"
    )
    announced_on = models.DateField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-opened_on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["area", "status"], name="case_area_status"),
            models.Index(fields=["status", "due_on"], name="case_status_due"),
        ]
        constraints: ClassVar = [
            one_of("case", "status", STATUSES),
            one_of("case", "area", (COUNTRY, *MUNICIPALITIES.codes)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.place}"

    @property
    def number(self) -> str:
        """What people call it: "2022-7"."""
        return f"{self.opened_on.year}-{self.pk}"

    @property
    def place(self) -> str:
        """The municipality's name; the country's."""
        return MUNICIPALITIES[self.area].name if self.area != COUNTRY else "Hele landet"

    @property
    def course_data(self) -> Course:
        """The course it follows."""
        return courses()[self.course]

    @property
    def version_data(self) -> CourseVersion:
        """The version of the course it follows."""
        return self.course_data.named(self.version)

    @property
    def step_data(self) -> Step | None:
        """The step it stands at; None once it is closed."""
        return None if self.status == "closed" else self.version_data[self.step]


class Matter(models.Model):
    """What a case is about: a measure and a group (in a recurring course: no measure, and the period).

    Two constraints keep the promise of never a second case for the same matter: one for cases under
    way, one for the same months of figures, so that a dropped case is not proposed again from them.

    Attributes:
        course, area, is_open: repeat the case's, for the constraints.
        through: the last month of the finding that opened the case, or the recurring period.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="matters")
    course = models.CharField(max_length=40)
    area = models.CharField(max_length=3)
    measure = models.CharField(max_length=40, blank=True)
    grp = models.CharField(max_length=40, blank=True)
    through = models.CharField(max_length=7)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["course", "area", "measure", "grp"],
                condition=Q(is_open=True),
                name="matter_one_open_case",
            ),
            models.UniqueConstraint(
                fields=["course", "area", "measure", "grp", "through"],
                name="matter_opened_once_from_the_same_months",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.measure, self.grp)))
