"""The call-in plan: who gets a conversation or an offer in which week, and what the figures become."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from tilsyn.errors import InputError
from tilsyn.measures import definitions as defined
from tilsyn.measures.definitions import Definitions
from tilsyn.outlook import situation as situations
from tilsyn.outlook.hazards import SURVIVAL_MONTHS, survival
from tilsyn.outlook.situation import Projection, Situation, project
from tilsyn.planning import calls
from tilsyn.planning import people as persons
from tilsyn.planning.advice import Advice, advice
from tilsyn.planning.calls import Calls
from tilsyn.planning.capacity import Capacity, lane
from tilsyn.planning.goals import Target, targets
from tilsyn.planning.optimum.problem import Problem
from tilsyn.planning.optimum.solution import GAP, LONG, Solution, optimum
from tilsyn.planning.people import People
from tilsyn.planning.tasks import LineOutcome, Tasks, tasks
from tilsyn.planning.weeks import Weeks, day_number
from tilsyn.planning.whatif import Setting
from tilsyn.register.coding import GROUP_CODES
from tilsyn.register.store import Store
from tilsyn.rules import Catalogue
from tilsyn.vocabulary import MUNICIPALITIES, YearMonth


@dataclass(frozen=True)
class Plan:
    """A plan.

    Attributes:
        weeks, capacity, room: what there is room for; the room by lane and week.
        projection, people: of the persons of the municipality.
        calls: what is planned, and what is booked within the weeks.
        lines: what becomes of each line.
        before, after, can: by place, whether it is met without the plan, with it, and at best.
        solution: how good the plan is; its weight, bound and gap.
        problem: the numbers it was chosen by.
    """

    weeks: Weeks
    capacity: Capacity
    room: Any
    projection: Projection
    people: People
    calls: Calls
    lines: tuple[LineOutcome, ...]
    before: Any
    after: Any
    can: Any
    solution: Solution
    problem: Problem

    @property
    def over(self) -> int:
        """Persons too many, over all lines."""
        return sum(line.over for line in self.lines)

    @cached_property
    def booked(self) -> Any:
        """By place, how many bookings count for it."""
        return calls.added(self.projection, self.people.booked)

    def load(self, made: Calls) -> Any:
        """By lane and week, how much of the room some calls take."""
        used = np.zeros(self.room.shape, np.int64)
        units = len(self.capacity.unit)
        for person, kind, week in zip(
            made.person.tolist(), made.kind.tolist(), made.week.tolist(), strict=True
        ):
            unit = self.capacity.unit_of(self.people.team[person], self.people.caseworker[person])
            used[lane(unit, kind, units), week] += 1
        return used

    @property
    def whole_months(self) -> tuple[YearMonth, ...]:
        """The months that end within the weeks; of others the plan sees a part only."""
        return tuple(m for m in self.projection.months if m.last <= self.weeks.last)


def make(
    projection: Projection,
    people: People,
    weeks: Weeks,
    capacity: Capacity,
    targets: Sequence[Target],
    *,
    duty: bool,
    factor: Fraction = Fraction(1),
    chances: Any = None,
    seconds: float = LONG,
    gap: float = GAP,
    thorough: bool = True,
) -> Plan:
    """Make a plan.

    Args:
        projection: the places of one municipality, in the weeks' months.
        targets: the lines to stay under.
        duty: whether what is due to everybody is planned too.
        factor: all room times this, rounded down.
        chances: by place, of the person still being there then; None: certain.
        seconds, gap, thorough: see `optimum`.
    """
    room = capacity.by_week(weeks, factor)
    task = tasks(projection, people, weeks, capacity, room, targets, duty=duty, chances=chances)
    solution = optimum(task.problem, seconds=seconds, gap=gap, thorough=thorough)
    booked = people.booked
    made = assigned(task, solution, weeks).with_(booked.where(booked.week >= 0))
    after = calls.met(projection, made.with_(booked.where(booked.week < 0)))
    lines = tuple(replace(line, planned=int((line.places & ~after).sum())) for line in task.lines)
    return Plan(
        weeks, capacity, room, projection, people, made, lines,
        calls.met(projection, booked), after, task.can | after, solution, task.problem,
    )  # fmt: skip


def assigned(task: Tasks, solution: Solution, weeks: Weeks) -> Calls:
    """Which person follows which pattern: of equals those come first who have waited longest."""
    person: list[int] = []
    kind: list[int] = []
    week: list[int] = []
    for type_, members in enumerate(task.members):
        mine = np.flatnonzero((solution.columns.type == type_) & (solution.chosen > 0))
        # The pattern that begins first goes to whoever is to be called first.
        order = sorted(
            mine.tolist(), key=lambda c: solution.columns.given[c].tolist(), reverse=True
        )
        at = 0
        for column in order:
            given = np.flatnonzero(solution.columns.given[column]).tolist()
            for who in members[at : at + int(solution.chosen[column])].tolist():
                person += [who] * len(given)
                kind += [int(task.kind[type_])] * len(given)
                week += given
            at += int(solution.chosen[column])
    at_week = np.array(week, np.int64)
    return Calls.of(
        np.array(person, np.int64),
        np.array(kind, np.int64),
        weeks.held[at_week],
        at_week,
        np.zeros(len(week), np.bool_),
    )


@dataclass(frozen=True)
class Ground:
    """What plans of one municipality are made of.

    Attributes:
        first, count: the plan's first day and its weeks.
        situation: everybody on a benefit there since two years before.
        projection: the municipality's places in the months of the weeks.
        chances: by place, of the person still being there then.
    """

    municipality: str
    first: dt.date
    count: int
    store: Store
    definitions: Definitions
    catalogue: Catalogue
    situation: Situation
    projection: Projection
    chances: Any

    @property
    def persons(self) -> int:
        """How many persons are on a benefit there as the plan begins."""
        spells = self.situation.rows.spells
        here = (spells.end >= day_number(self.first)) & (
            spells.municipality == int(self.municipality)
        )
        return len(np.unique(spells.person[here]))

    def weeks(self, setting: Setting) -> Weeks:
        """The weeks, without the days a capacity file closes."""
        return Weeks.beginning(self.first, self.count, setting.capacity.closed)

    def targets(self, setting: Setting) -> tuple[Target, ...]:
        """The lines of a setting's goal, of what is planned (`aims.left_out` tells the others)."""
        groups = {GROUP_CODES[group] for group in np.unique(self.projection.group)}
        months = self.weeks(setting).lined
        lines = targets(setting.goal, self.catalogue, self.first, months, groups)
        return tuple(line for line in lines if line.measure in self.projection.measures)


def read(
    store: Store,
    municipality: str,
    first: dt.date,
    count: int,
    catalogue: Catalogue,
    definitions: Definitions | None = None,
) -> Ground:
    """Read what is known of a municipality on the evening before a plan begins.

    Args:
        count: weeks.
        definitions: the measures; by default the shipped ones.

    Raises:
        InputError: nobody in the municipality is on a benefit then.
    """
    definitions = definitions or defined.load()
    code = int(municipality)
    on = first - dt.timedelta(days=1)
    since = max(situations.first_coming(on) - SURVIVAL_MONTHS, YearMonth(1990, 2))
    situation = situations.read(store, on, municipality=code, since=since)
    months = situations.coming(situation.on, len(Weeks.beginning(first, count).months))
    whole = project(situation, definitions, months)
    projection = whole.where(whole.municipality == code)
    ground = Ground(
        municipality,
        first,
        count,
        store,
        definitions,
        catalogue,
        situation,
        projection,
        survival(projection, situation, definitions, store.municipalities, code)
        if len(situation.persons)
        else np.zeros(0),
    )
    if not ground.persons:
        raise InputError(
            f"nobody in {MUNICIPALITIES[municipality].name} is on a benefit on {on}; is it the "
            "right store and day?",
            file=store.folder.parent,
        )
    return ground


def planned(
    ground: Ground,
    setting: Setting,
    *,
    seconds: float = LONG,
    thorough: bool = True,
) -> Plan:
    """A plan with a setting.

    Args:
        seconds: end about then.
        thorough: see `optimum`.
    """
    weeks = ground.weeks(setting)
    return make(
        ground.projection,
        persons.read(ground.store, ground.situation, ground.definitions, weeks),
        weeks,
        setting.capacity,
        ground.targets(setting),
        duty=setting.goal.duty,
        factor=setting.factor,
        chances=ground.chances,
        seconds=seconds,
        thorough=thorough,
    )


def help_for(ground: Ground, setting: Setting, plan: Plan, *, seconds: float = LONG) -> Advice:
    """What would make a plan reach its goal; tried by plans for the lines alone."""
    bare = setting.goal.model_copy(update={"duty": False})

    def again(factor: Fraction) -> Plan:
        other = Setting(setting.name, bare, setting.capacity, setting.factor * factor)
        return planned(ground, other, seconds=seconds, thorough=False)

    return advice(plan, again)
