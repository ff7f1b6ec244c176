"""The planning problem in numbers: kinds of persons, what each lacks by when, the room, the lines.

Conversations and offers do not compete for room and meet different measures, so a person's
conversations and the person's offer are planned as two tasks. Persons whose task is the same in
every number are one *type* with a count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

PERSON_OVER = 10_000.0
"""What one person too many over a line weighs, in conversations: no duty outweighs it."""

DUE = 100.0
"""What a month in which somebody lacks what is due weighs, in conversations."""

WAITING = 0.002
"""What a week later weighs: among equals the earlier one, so that there is time to mend."""

WAITING_AGAIN = 0.2
"""The same for whoever stayed away: they are called in anew first."""


@dataclass(frozen=True)
class Problem:
    """What is to be planned; all arrays are NumPy's.

    Attributes:
        count: by type, how many persons.
        lane: by type, the row of `room` it draws on.
        allowed: by type and week, whether a person can be given something in the week.
        cost: by type, what giving something once weighs (1, and a little more near an exit).
        waiting: by type, what a week later weighs.
        place_type, place_need, place_last, place_cell, place_weight: by place, sorted by type: a
            measure and month in which the persons of a type count. It is met when so many are
            given by the end of that week. The cell says to which lines it belongs; the weight says
            what it is due beside them: the chance that the person is still there, or nothing.
        room: by lane and week.
        earlier: by week, the latest week that is far enough before it; -1 where there is none.
        cell_lines: by cell and line, 1 where the cell belongs to the line.
        wanted: by line, how many more must be met than are.
    """

    count: Any
    lane: Any
    allowed: Any
    cost: Any
    waiting: Any
    place_type: Any
    place_need: Any
    place_last: Any
    place_cell: Any
    place_weight: Any
    room: Any
    earlier: Any
    cell_lines: Any
    wanted: Any

    @property
    def types(self) -> int:
        """How many types."""
        return len(self.count)

    @property
    def weeks(self) -> int:
        """How many weeks."""
        return int(self.room.shape[1])

    @property
    def lines(self) -> int:
        """How many lines."""
        return len(self.wanted)

    @property
    def most(self) -> int:
        """The most that anybody needs to be given."""
        return int(self.place_need.max(initial=0))

    @cached_property
    def week_cost(self) -> Any:
        """By type and week, what giving something weighs; infinite where it is not allowed."""
        cost = self.cost[:, None] + self.waiting[:, None] * np.arange(self.weeks)
        return np.where(self.allowed, cost, np.inf)

    @cached_property
    def all_due(self) -> float:
        """What it would weigh to give nothing, lines apart."""
        return float(DUE * (self.place_weight * self.count[self.place_type]).sum())

    def part(self, rows: Any) -> Problem:
        """Some of the types, with their part of the room and of the lines."""
        kept = np.zeros(self.types, np.bool_)
        kept[rows] = True
        places = kept[self.place_type]
        share = self.count[kept].sum() / self.count.sum()
        number = np.cumsum(kept) - 1
        by_type = ("count", "lane", "allowed", "cost", "waiting")
        by_place = ("place_need", "place_last", "place_cell", "place_weight")
        return replace(
            self,
            **{name: getattr(self, name)[kept] for name in by_type},
            **{name: getattr(self, name)[places] for name in by_place},
            place_type=number[self.place_type[places]],
            room=self.room * share,
            wanted=self.wanted * share,
        )


@dataclass(frozen=True)
class Columns:
    """Patterns: weeks in which a person of a type is given something.

    Attributes:
        type: by column, the type.
        given: by column and week, whether something is given.
        cost: by column, what it weighs: what is given, less what it meets.
        meets: by column and line, how many of the line's places it meets.
    """

    type: Any
    given: Any
    cost: Any
    meets: Any

    def __len__(self) -> int:
        return len(self.type)

    def chosen(self, rows: Any) -> Columns:
        """Some of the columns."""
        return Columns(self.type[rows], self.given[rows], self.cost[rows], self.meets[rows])


def columns(problem: Problem, type_: Any, given: Any) -> Columns:
    """What patterns weigh and meet.

    Args:
        type_: by column, the type.
        given: by column and week, whether something is given.
    """
    so_far = np.cumsum(given, axis=1)
    begin = np.searchsorted(problem.place_type, type_)
    end = np.searchsorted(problem.place_type, type_, "right")
    lengths = end - begin
    column = np.repeat(np.arange(len(type_)), lengths)
    place = (
        np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths) + begin[column]
    )
    met = so_far[column, problem.place_last[place]] >= problem.place_need[place]
    column, place = column[met], place[met]
    due = np.bincount(column, problem.place_weight[place], len(type_)) * DUE
    cells = problem.cell_lines.shape[0]
    by_cell = np.bincount(column * cells + problem.place_cell[place], minlength=len(type_) * cells)
    meets = by_cell.reshape(len(type_), cells) @ problem.cell_lines
    weighs = np.where(given, problem.week_cost[type_], 0.0).sum(axis=1)
    return Columns(type_, given, weighs - due, meets)


def joined(parts: list[Columns]) -> Columns:
    """Columns of several rounds in one."""
    return Columns(
        np.concatenate([part.type for part in parts]),
        np.concatenate([part.given for part in parts]),
        np.concatenate([part.cost for part in parts]),
        np.concatenate([part.meets for part in parts]),
    )


def short_of(problem: Problem, cols: Columns, chosen: Any) -> Any:
    """By line, how many persons it is over when so many follow each column."""
    return np.maximum(problem.wanted - chosen @ cols.meets, 0)


def weight_of(problem: Problem, cols: Columns, chosen: Any) -> float:
    """What a choice weighs: persons over the lines, what is due and not given, what is given."""
    over = short_of(problem, cols, chosen).sum()
    return float(PERSON_OVER * over + problem.all_due + chosen @ cols.cost)
