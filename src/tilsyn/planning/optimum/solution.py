"""The best plan: all patterns where they are few, else patterns by price, then whole persons.

It begins with a plan by earliest deadline.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tilsyn.planning.optimum.master import Master, Relaxed, whole
from tilsyn.planning.optimum.patterns import best, earliest, every
from tilsyn.planning.optimum.problem import (
    Columns,
    Problem,
    columns,
    short_of,
    weight_of,
)

GAP = 0.01
"""A plan is good enough when no other weighs less by more than this share."""

FEW = 4_000
"""So many patterns are all looked at, and the plan is the best there is."""

NODES = 2_000

MANY = 600
"""More types than these are rehearsed with a third of them."""

LATEST = 6
"""So many of the rehearsal's prices are used."""

FEW_NODES = 200
LONG = 1e6
NEVER = 10**6

NEARLY = 20.0
"""How far behind the best of its type a pattern may be, in conversations, to be looked at again."""


@dataclass(frozen=True)
class Solution:
    """Whom to give what when, in patterns.

    Attributes:
        columns, chosen: the patterns and how many persons follow each.
        over: by line, how many persons it is over.
        weight, bound: what it weighs, and what no plan weighs less than.
        late: whether the clock ended the search; another run may then end elsewhere.
    """

    columns: Columns
    chosen: Any
    over: Any
    weight: float
    bound: float
    late: bool = False

    @property
    def gap(self) -> float:
        """How much better another plan could at most be, as a share of the weight."""
        return max(0.0, self.weight - self.bound) / max(abs(self.weight), 1.0)


def optimum(
    problem: Problem,
    *,
    seconds: float = LONG,
    gap: float = GAP,
    few: int = FEW,
    thorough: bool = True,
) -> Solution:
    """The best choice found, and how good it is.

    The same problem gives the same choice, unless the clock ends it.

    Args:
        seconds: end about then, with what was found.
        gap: stop when this near to the best.
        few: look at all patterns where there are no more than this.
        thorough: look a second time where the first plan is not near enough.
    """
    until = time.monotonic() + seconds
    listed = every(problem, few)
    if listed is not None:
        cols = columns(problem, *listed)
        return _among(problem, cols, seconds)
    quick, counts = greedy(problem)
    start = Solution(
        quick, counts, short_of(problem, quick, counts), weight_of(problem, quick, counts), -np.inf
    )
    master = Master(problem)
    master.add(quick)
    soonest = earliest(problem)
    some = np.flatnonzero(soonest.any(axis=1))
    master.add(columns(problem, some, soonest[some]))
    if problem.types > MANY:
        master.add(_rehearsed(problem))
    relaxed = master.solve(until)
    better = min((_rounded(problem, relaxed, gap, until), start), key=lambda found: found.weight)
    better = replace(better, bound=min(relaxed.bound, better.weight))
    if thorough and better.gap > gap and time.monotonic() < until:
        again = replace(_chosen_anew(problem, relaxed, gap, until), bound=relaxed.bound)
        better = min((better, again), key=lambda found: found.weight)
    late = better.late or relaxed.late or time.monotonic() > until
    return replace(better, late=late)


def _rehearsed(problem: Problem) -> Columns:
    """Patterns to begin with: those that the last prices of a smaller problem ask for.

    A third of the types with a third of the room is quickly solved, and its prices are near those
    of the whole.
    """
    order = np.argsort(problem.lane, kind="stable")
    master = Master(problem.part(np.sort(order[::3])))
    master.solve()
    found = [best(problem, prices.worth, prices.room)[1] for prices in master.asked[-LATEST:]]
    rows = [np.flatnonzero(given.any(axis=1)) for given in found]
    both = np.column_stack(
        [np.concatenate(rows), np.concatenate([g[r] for g, r in zip(found, rows, strict=True)])]
    )
    distinct = np.unique(both, axis=0)
    return columns(problem, distinct[:, 0], distinct[:, 1:].astype(np.bool_))


def _rounded(problem: Problem, relaxed: Relaxed, gap: float, until: float) -> Solution:
    """Whole persons from fractions: whole parts stay, the rest is chosen anew among the patterns."""
    cols = relaxed.columns
    kept = np.floor(relaxed.chosen + 1e-6).astype(np.int64)
    left = problem.count - np.bincount(cols.type, kept, problem.types).astype(np.int64)
    used = np.zeros(problem.room.shape, np.int64)
    for lane in range(problem.room.shape[0]):
        of = problem.lane[cols.type] == lane
        used[lane] = kept[of] @ cols.given[of]
    rest = replace(
        problem,
        count=left,
        room=problem.room - used,
        wanted=problem.wanted - kept @ cols.meets,
    )
    open_ = np.flatnonzero(left[cols.type] > 0)
    some = cols.chosen(open_)
    made = whole(rest, some, near=gap / 4 * abs(relaxed.weight), nodes=NODES, seconds=_left(until))
    chosen, late = kept.copy(), False
    if made is not None:
        chosen[open_] += made[0]
        late = made[2]
    return Solution(
        cols,
        chosen,
        short_of(problem, cols, chosen),
        weight_of(problem, cols, chosen),
        -np.inf,
        late,
    )


def _chosen_anew(problem: Problem, relaxed: Relaxed, gap: float, until: float) -> Solution:
    """Whole persons among all patterns that are nearly as good as their type's best."""
    near = np.flatnonzero(relaxed.behind < NEARLY)
    cols = relaxed.columns.chosen(near)
    made = whole(
        problem, cols, near=gap / 4 * abs(relaxed.weight), nodes=FEW_NODES, seconds=_left(until)
    )
    chosen, _, late = made or (np.zeros(len(cols), np.int64), -np.inf, True)
    over = short_of(problem, cols, chosen)
    return Solution(cols, chosen, over, weight_of(problem, cols, chosen), -np.inf, late)


def _left(until: float) -> float:
    """Seconds until then, at least one."""
    return max(until - time.monotonic(), 1.0)


def _among(problem: Problem, cols: Columns, seconds: float) -> Solution:
    """The best choice among all patterns."""
    nothing = np.zeros(len(cols), np.int64)
    made = whole(problem, cols, near=1e-6, nodes=50 * NODES, seconds=seconds) if len(cols) else None
    chosen, bound, late = made or (nothing, np.inf if not len(cols) else -np.inf, bool(len(cols)))
    weight = weight_of(problem, cols, chosen)
    over = short_of(problem, cols, chosen)
    return Solution(cols, chosen, over, weight, min(bound, weight), late)


def greedy(problem: Problem) -> tuple[Columns, Any]:
    """A plan by earliest deadline; it keeps the room, the spacing and the allowed weeks.

    Returns:
        Its patterns, and how many persons follow each.
    """
    type_ = np.repeat(np.arange(problem.types), problem.count)
    persons, weeks = len(type_), problem.weeks
    # The places, once a person.
    begin = np.searchsorted(problem.place_type, type_)
    length = np.searchsorted(problem.place_type, type_, "right") - begin
    owner = np.repeat(np.arange(persons), length)
    place = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length) + begin[owner]
    need, last = problem.place_need[place], problem.place_last[place]
    helps = (problem.cell_lines[:, problem.wanted > 0].sum(axis=1) > 0)[problem.place_cell[place]]
    matters = helps | (problem.place_weight[place] > 0)
    step = _weeks_between(problem)
    given = np.zeros((persons, weeks), np.bool_)
    number, latest = np.zeros(persons, np.int64), np.full(persons, -1)
    for week in range(weeks):
        free = problem.allowed[type_, week] & ((latest < 0) | (latest <= problem.earlier[week]))
        lacking = need - number[owner]
        slack = last - week - (lacking - 1) * step
        open_ = matters & (lacking > 0) & (slack >= 0) & free[owner]
        least = np.full(persons, NEVER)
        np.minimum.at(least, owner[open_], slack[open_])
        urgent = problem.waiting[type_]
        order = np.lexsort((np.arange(persons), least, -urgent))
        order = order[least[order] < NEVER]
        for lane in np.unique(problem.lane):
            room = problem.room[lane, week]
            called = order[problem.lane[type_[order]] == lane][:room]
            given[called, week] = True
            number[called] += 1
            latest[called] = week
    some = given.any(axis=1)
    rows, chosen = np.unique(
        np.column_stack([type_[some], given[some]]), axis=0, return_counts=True
    )
    return columns(problem, rows[:, 0], rows[:, 1:].astype(np.bool_)), chosen


def _weeks_between(problem: Problem) -> int:
    """How many weeks apart things can be given in an ordinary week."""
    week = problem.weeks - 1
    return max(1, week - int(problem.earlier[week])) if problem.earlier[week] >= 0 else 1
