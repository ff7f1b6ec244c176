"""From persons to the problem: what each lacks by which week, alike persons grouped to types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from tilsyn.outlook.situation import Projection
from tilsyn.planning import calls
from tilsyn.planning.calls import CONVERSATIONS
from tilsyn.planning.capacity import KINDS, Capacity, lane
from tilsyn.planning.goals import Target
from tilsyn.planning.optimum.patterns import earliest
from tilsyn.planning.optimum.problem import WAITING, WAITING_AGAIN, Problem
from tilsyn.planning.people import NO_DAY, People
from tilsyn.planning.weeks import Weeks, day_number
from tilsyn.register.coding import GROUP_CODES
from tilsyn.vocabulary import TOTAL

STEPS = 4
"""The chance that a person is still there is taken in so many steps, so that more are alike."""

NEAR_EXIT = 0.05
"""How much more giving something weighs to a person who is certain to leave."""


@dataclass(frozen=True)
class LineOutcome:
    """What becomes of a line.

    Attributes:
        target: the line.
        population: persons known now.
        without, planned: unmet with what is held and booked, and when the plan is carried out.
        best: unmet even if everybody who can be met is.
        places: mask of the projection's places.
    """

    target: Target
    population: int
    without: int
    planned: int
    best: int
    places: Any

    @property
    def allowed(self) -> int:
        """How many may be unmet."""
        return self.target.allowed(self.population)

    @property
    def holds(self) -> bool:
        """Whether the line is asked of so few persons."""
        return self.population >= self.target.smallest

    @property
    def wanted(self) -> int:
        """How many more must be met than without the plan, as far as they can be."""
        return max(0, self.without - max(self.allowed, self.best)) if self.holds else 0

    @property
    def over(self) -> int:
        """How many persons too many there are; 0 where the line does not hold for so few."""
        return max(0, self.planned - self.allowed) if self.holds else 0

    @property
    def lost(self) -> int:
        """How many of those no capacity could have met."""
        return max(0, min(self.best, self.planned) - self.allowed) if self.over else 0


@dataclass(frozen=True)
class Tasks:
    """The problem and what its numbers stand for.

    Attributes:
        members: by type, the persons; who is to be called first stands in front.
        kind: by type, index into `KINDS`.
        lines: the lines, in the problem's order.
        can: by place, whether it is met or can be.
    """

    problem: Problem
    members: list[Any]
    kind: Any
    lines: tuple[LineOutcome, ...]
    can: Any


def tasks(
    projection: Projection,
    people: People,
    weeks: Weeks,
    capacity: Capacity,
    room: Any,
    targets: Sequence[Target],
    *,
    duty: bool,
    chances: Any = None,
) -> Tasks:
    """The problem of a projection.

    Args:
        projection: the places of one municipality.
        room: by lane and week, as `Capacity.by_week` gives it.
        targets: the lines.
        duty: whether what is due is planned beside the lines.
        chances: by place, of the person still being there; None: certain.
    """
    lacking = projection.required - projection.counted - calls.added(projection, people.booked)
    lacking = np.where(projection.met, 0, np.maximum(lacking, 0))
    last = np.searchsorted(weeks.held, projection.closes, "right") - 1
    # A window that opens later than the first week is not planned for; what falls in it counts.
    open_ = np.flatnonzero((lacking > 0) & (last >= 0) & (projection.opens <= weeks.held[0]))
    owner = projection.person[open_].astype(np.int64) * len(KINDS) + calls.kinds(projection)[open_]
    away = np.flatnonzero(people.stayed_away > NO_DAY)
    keys = np.unique(np.concatenate([owner, away * len(KINDS) + CONVERSATIONS]))
    person, kind = keys // len(KINDS), keys % len(KINDS)
    # Whoever stayed away has a place of its own: one conversation, by the end of the plan.
    again = np.searchsorted(keys, away * len(KINDS) + CONVERSATIONS)
    cell = _cells(projection)
    nowhere = int(cell.max(initial=-1)) + 1
    chance = np.ones(len(projection)) if chances is None else np.asarray(chances, float)
    # What can still be done after the plan weighs least.
    chance = np.where(projection.closes > day_number(weeks.last), 0, chance)
    chance = np.maximum(np.ceil(chance * STEPS - 1e-9), 1) / STEPS
    one = np.ones(len(away), np.int64)
    task = np.concatenate([np.searchsorted(keys, owner), again])
    need = np.concatenate([lacking[open_], one])
    by = np.concatenate([last[open_], one * (len(weeks) - 1)])
    of_cell = np.concatenate([cell[open_], one * nowhere])
    weight = np.concatenate([chance[open_] * duty, one])
    in_all = np.bincount(task, np.concatenate([chance[open_], one]), len(keys))
    likely = in_all / np.maximum(np.bincount(task, minlength=len(keys)), 1)
    waiting = np.full(len(keys), WAITING)
    waiting[again] = WAITING_AGAIN
    booked = _booked_room(people, capacity, room.shape)
    order = np.lexsort((of_cell, by, need, task))
    problem = Problem(
        count=np.ones(len(keys), np.int64),
        lane=_lanes(people, capacity, person, kind),
        allowed=_allowed(people, weeks, capacity.least_spacing_days, person, kind),
        cost=1 + NEAR_EXIT * (1 - np.round(likely * STEPS) / STEPS),
        waiting=waiting,
        place_type=task[order],
        place_need=need[order],
        place_last=by[order],
        place_cell=of_cell[order],
        place_weight=weight[order],
        room=np.maximum(room - booked, 0),
        earlier=_earlier(weeks, capacity.least_spacing_days),
        cell_lines=np.zeros((nowhere + 1, 0), np.int64),
        wanted=np.zeros(0, np.int64),
    )
    soonest = np.cumsum(earliest(problem), axis=1)
    reached = soonest[problem.place_type, problem.place_last] >= problem.place_need
    can = lacking == 0
    source = np.concatenate([open_, np.full(len(away), -1)])[order]
    can[source[reached & (source >= 0)]] = True
    lines = tuple(_line(target, projection, lacking == 0, can) for target in targets)
    problem = _with_lines(problem, reached, lines, cell)
    first = np.lexsort((person, people.last_held[person]))
    grouped, members = _grouped(problem, first)
    return Tasks(
        grouped,
        [person[rows] for rows in members],
        np.array([kind[rows[0]] for rows in members], np.int64),
        lines,
        can,
    )


def _cells(projection: Projection) -> Any:
    """By place, a number for its measure, month and group."""
    month = projection.measure.astype(np.int64) * len(projection.months) + projection.month
    return month * len(GROUP_CODES) + projection.group


def _lanes(people: People, capacity: Capacity, person: Any, kind: Any) -> Any:
    unit = cache(capacity.unit_of)
    return np.array(
        [
            lane(unit(people.team[p], people.caseworker[p]), k, len(capacity.unit))
            for p, k in zip(person.tolist(), kind.tolist(), strict=True)
        ],
        np.int64,
    )


def _allowed(people: People, weeks: Weeks, spacing: int, person: Any, kind: Any) -> Any:
    """By task and week: there are working days, and what was held or is booked is far enough."""
    held = weeks.held
    allowed = np.tile(np.array([bool(week) for week in weeks.working]), (len(person), 1))
    talks = kind == CONVERSATIONS
    latest = people.last_held[person].astype(np.int64)
    allowed[talks] &= held[None, :] - latest[talks, None] >= spacing
    task = np.full(int(person.max(initial=-1)) + 1, -1)
    task[person[talks]] = np.flatnonzero(talks)
    for who, day in zip(people.booked.person.tolist(), people.booked.day.tolist(), strict=True):
        if who < len(task) and task[who] >= 0:
            allowed[task[who]] &= np.abs(held - day) >= spacing
    return allowed


def _earlier(weeks: Weeks, spacing: int) -> Any:
    held = weeks.held
    return np.array([np.searchsorted(held, day - spacing, "right") - 1 for day in held])


def _booked_room(people: People, capacity: Capacity, shape: tuple[int, ...]) -> Any:
    """By lane and week, how much of the room bookings take."""
    taken = np.zeros(shape, np.int64)
    within = people.booked.where(people.booked.week >= 0)
    if len(within):
        lanes = _lanes(people, capacity, within.person, within.kind)
        np.add.at(taken, (lanes, within.week), 1)
    return taken


def _line(target: Target, projection: Projection, met: Any, can: Any) -> LineOutcome:
    places = (projection.measure == projection.measures.index(target.measure)) & (
        projection.month == projection.months.index(target.month)
    )
    if target.group != TOTAL.code:
        places &= projection.group == GROUP_CODES.index(target.group)
    without = int((places & ~met).sum())
    return LineOutcome(
        target, int(places.sum()), without, without, int((places & ~can).sum()), places
    )


def _with_lines(problem: Problem, reached: Any, lines: Sequence[LineOutcome], cell: Any) -> Problem:
    """The problem with its lines; places nobody can meet and those that ask for nothing left out."""
    cell_lines = np.zeros((problem.cell_lines.shape[0], len(lines)), np.int64)
    for place, line in enumerate(lines):
        cell_lines[np.unique(cell[line.places]), place] = line.wanted > 0
    asked: Any = cell_lines.any(axis=1)
    kept = reached & ((problem.place_weight > 0) | asked[problem.place_cell])
    return replace(
        problem,
        place_type=problem.place_type[kept],
        place_need=problem.place_need[kept],
        place_last=problem.place_last[kept],
        # Cells of no line are alike.
        place_cell=np.where(
            asked[problem.place_cell[kept]],
            problem.place_cell[kept],
            len(cell_lines) - 1,
        ),
        place_weight=problem.place_weight[kept],
        cell_lines=cell_lines,
        wanted=np.array([line.wanted for line in lines], np.int64),
    )


def _grouped(problem: Problem, first: Any) -> tuple[Problem, list[Any]]:
    """Tasks that are alike in every number become one type; those that ask for nothing go.

    Args:
        first: the tasks in the order in which equals are called.
    """
    begin = np.searchsorted(problem.place_type, np.arange(problem.types))
    end = np.searchsorted(problem.place_type, np.arange(problem.types), "right")
    numbers = np.column_stack(
        [problem.place_need, problem.place_last, problem.place_cell,
         np.round(problem.place_weight * STEPS).astype(np.int64)]
    )  # fmt: skip
    alike: dict[tuple[Any, ...], list[int]] = {}
    for task in first.tolist():
        if begin[task] < end[task]:
            key = (
                int(problem.lane[task]),
                float(problem.cost[task]),
                float(problem.waiting[task]),
                problem.allowed[task].tobytes(),
                numbers[begin[task] : end[task]].tobytes(),
            )
            alike.setdefault(key, []).append(task)
    members = [np.array(alike[key]) for key in sorted(alike)]
    one = np.array([rows[0] for rows in members], np.int64)
    lengths = (end - begin)[one]
    place = np.concatenate([np.arange(begin[t], end[t]) for t in one]) if len(one) else one
    by_type = ("lane", "allowed", "cost", "waiting")
    by_place = ("place_need", "place_last", "place_cell", "place_weight")
    grouped = replace(
        problem,
        count=np.array([len(rows) for rows in members], np.int64),
        **{name: getattr(problem, name)[one] for name in by_type},
        **{name: getattr(problem, name)[place] for name in by_place},
        place_type=np.repeat(np.arange(len(one)), lengths),
    )
    return grouped, members
