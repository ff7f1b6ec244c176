"""The call-in plan: who gets a conversation or an offer in which week, and what the figures become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from tilsyn.outlook.projection import Projection
from tilsyn.planning import calls
from tilsyn.planning.calls import Calls
from tilsyn.planning.capacity import Capacity
from tilsyn.planning.goals import Target
from tilsyn.planning.optimum.choice import GAP, LONG, Choice, optimum
from tilsyn.planning.optimum.master import Progress
from tilsyn.planning.optimum.problem import Problem
from tilsyn.planning.people import People
from tilsyn.planning.tasks import Held, Tasks, tasks
from tilsyn.planning.weeks import Weeks
from tilsyn.register.coding import GROUP_CODES
from tilsyn.vocabulary import TOTAL, YearMonth


@dataclass(frozen=True)
class Line:
    """What becomes of a line.

    Attributes:
        held: the line and how it stands.
        after: unmet when the plan is carried out.
    """

    held: Held
    after: int

    @property
    def over(self) -> int:
        """How many persons too many there are; 0 where the line does not hold for so few."""
        return max(0, self.after - self.held.allowed) if self.held.holds else 0

    @property
    def lost(self) -> int:
        """How many of those no capacity could have met."""
        return max(0, min(self.held.lost, self.after) - self.held.allowed) if self.over else 0


@dataclass(frozen=True)
class Count:
    """A figure of the plan: persons of a measure, group and month.

    Attributes:
        without: unmet if nothing more is done than is booked.
        planned: unmet when the plan is carried out.
        best: unmet if everybody who can be met is.
    """

    measure: str
    group: str
    month: YearMonth
    population: int
    without: int
    planned: int
    best: int


@dataclass(frozen=True)
class Plan:
    """A plan.

    Attributes:
        weeks, capacity, room: what there is room for; the room by lane and week.
        projection, people: of the persons of the municipality.
        calls: what is planned, and what is booked within the weeks.
        lines: what becomes of each line.
        before, after, can: by place, whether it is met without the plan, with it, and at best.
        choice: how good the plan is; its weight, bound and gap.
        overbooked: by lane and week, what was booked beyond the room.
        problem: the numbers it was chosen by.
    """

    weeks: Weeks
    capacity: Capacity
    room: Any
    projection: Projection
    people: People
    calls: Calls
    lines: tuple[Line, ...]
    before: Any
    after: Any
    can: Any
    choice: Choice
    overbooked: Any
    problem: Problem

    @property
    def planned(self) -> Calls:
        """What is planned anew."""
        return self.calls.where(~self.calls.booked)

    @property
    def over(self) -> int:
        """Persons too many, over all lines."""
        return sum(line.over for line in self.lines)

    @cached_property
    def booked(self) -> Any:
        """By place, how many bookings count for it."""
        return calls.added(self.projection, self.people.booked)

    @cached_property
    def load(self) -> Any:
        """By lane and week, what is planned and booked."""
        return self._load(self.calls)

    @cached_property
    def load_booked(self) -> Any:
        """By lane and week, what is booked."""
        return self._load(self.calls.where(self.calls.booked))

    def _load(self, made: Calls) -> Any:
        used = np.zeros(self.room.shape, np.int64)
        units = len(self.capacity.unit)
        for person, kind, week in zip(
            made.person.tolist(), made.kind.tolist(), made.week.tolist(), strict=True
        ):
            unit = self.capacity.unit_of(self.people.team[person], self.people.caseworker[person])
            used[kind * units + unit, week] += 1
        return used

    @property
    def whole_months(self) -> tuple[YearMonth, ...]:
        """The months that end within the weeks; of others the plan sees a part only."""
        return tuple(m for m in self.projection.months if m.last <= self.weeks.last)

    def persons(self, met: Any) -> int:
        """How many persons lack something in a whole month.

        Args:
            met: by place, whether it is met.
        """
        whole = np.isin(self.projection.month, range(len(self.whole_months)))
        return len(np.unique(self.projection.person[~met & whole]))

    def counts(self) -> list[Count]:
        """All figures: by measure, group (the total first) and month."""
        found = []
        p = self.projection
        for m, measure in enumerate(p.measures):
            here = p.measure == m
            for group in (TOTAL.code, *GROUP_CODES):
                of = here if group == TOTAL.code else here & (p.group == GROUP_CODES.index(group))
                if not of.any():
                    continue
                for k, month in enumerate(p.months):
                    at = of & (p.month == k)
                    unmet = (int((at & ~met).sum()) for met in (self.before, self.after, self.can))
                    found.append(Count(measure, group, month, int(at.sum()), *unmet))
        return found


def make(
    projection: Projection,
    people: People,
    weeks: Weeks,
    capacity: Capacity,
    targets: Sequence[Target],
    *,
    duty: bool,
    factor: Fraction = Fraction(1),
    stays: Any = None,
    seconds: float = LONG,
    gap: float = GAP,
    thorough: bool = True,
    progress: Progress = lambda _weight, _bound: None,
) -> Plan:
    """Make a plan.

    Args:
        projection: the places of one municipality, in the weeks' months.
        targets: the lines to stay under.
        duty: whether what is due to everybody is planned too.
        factor: all room times this, rounded down.
        stays: by place, the chance that the person is still there then.
        seconds, gap, thorough: see `optimum`.
    """
    room = capacity.by_week(weeks, factor)
    task = tasks(projection, people, weeks, capacity, room, targets, duty=duty, stays=stays)
    choice = optimum(task.problem, seconds=seconds, gap=gap, thorough=thorough, progress=progress)
    booked = people.booked
    made = assigned(task, choice, weeks).with_(booked.where(booked.week >= 0))
    after = calls.met(projection, made.with_(booked.where(booked.week < 0)))
    lines = tuple(Line(held, int((held.places & ~after).sum())) for held in task.lines)
    return Plan(
        weeks, capacity, room, projection, people, made, lines,
        calls.met(projection, booked), after, task.can | after, choice, task.overbooked,
        task.problem,
    )  # fmt: skip


def assigned(task: Tasks, choice: Choice, weeks: Weeks) -> Calls:
    """Which person follows which pattern: of equals those come first who have waited longest."""
    person: list[int] = []
    kind: list[int] = []
    week: list[int] = []
    for type_, members in enumerate(task.members):
        mine = np.flatnonzero((choice.columns.type == type_) & (choice.chosen > 0))
        # The pattern that begins first goes to whoever is to be called first.
        order = sorted(mine.tolist(), key=lambda c: choice.columns.given[c].tolist(), reverse=True)
        at = 0
        for column in order:
            given = np.flatnonzero(choice.columns.given[column]).tolist()
            for who in members[at : at + int(choice.chosen[column])].tolist():
                person += [who] * len(given)
                kind += [int(task.kind[type_])] * len(given)
                week += given
            at += int(choice.chosen[column])
    at_week = np.array(week, np.int64)
    return Calls.of(
        np.array(person, np.int64),
        np.array(kind, np.int64),
        weeks.held[at_week],
        at_week,
        np.zeros(len(week), np.bool_),
    )
