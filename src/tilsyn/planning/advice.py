"""Where a plan does not reach its goal: by how much, and what would make it reach it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from tilsyn.planning.optimum.master import Master
from tilsyn.planning.optimum.patterns import earliest
from tilsyn.planning.optimum.problem import Problem, columns
from tilsyn.planning.tasks import LineOutcome
from tilsyn.vocabulary import YearMonth

if TYPE_CHECKING:
    from tilsyn.planning.plan import Plan

STRETCH = 100.0
"""What doubling the room weighs: much more than conversations, less than a person over a line."""

TRIES = (0, 2, 6, 12)
"""Percentage points tried above what the linear program says, until a whole plan confirms it."""

MOST_PERCENT = 1000


@dataclass(frozen=True)
class Advice:
    """What would help.

    Attributes:
        over: lines the plan is over.
        lost: those of them that no capacity would bring under.
        least: with less more capacity than this, in per cent, no plan brings the others under;
            None: no capacity does.
        percent: so much more does, tried by a plan; None: none was found.
        margin: the largest margin with which the plan holds every line but the lost ones; None
            where it does not even without a margin.
        first: the first month from which every line is held; None where the last month fails.
    """

    over: tuple[LineOutcome, ...]
    lost: tuple[LineOutcome, ...]
    least: int | None
    percent: int | None
    margin: Fraction | None
    first: YearMonth | None


def advice(plan: Plan, again: Callable[[Fraction], Plan]) -> Advice:
    """What would make a plan reach its goal.

    Args:
        again: makes the plan with all room times a factor.
    """
    over = tuple(line for line in plan.lines if line.over)
    lost = tuple(line for line in over if line.lost)
    short = any(line.over > line.lost for line in over)
    room = bool(plan.problem.room.any())
    stretch = needed(plan.problem) if short and room else None
    least = None if stretch is None else ceil(100 * stretch - 1e-6)
    return Advice(
        over,
        lost,
        least,
        None if least is None else _enough(least, again),
        _margin(plan),
        _first(plan),
    )


def _enough(least: int, again: Callable[[Fraction], Plan]) -> int | None:
    for more in TRIES:
        percent = least + more
        tried = again(1 + Fraction(percent, 100))
        if all(line.over <= line.lost for line in tried.lines):
            return percent
    return None


def needed(problem: Problem) -> float | None:
    """By how much all room must at least grow, as a share, to hold the lines; None: it cannot."""
    bare = replace(
        problem,
        cost=np.full(problem.types, 1e-4),
        waiting=np.zeros(problem.types),
        place_weight=np.zeros(len(problem.place_weight)),
    )
    master = Master(bare, stretch=STRETCH)
    soonest = earliest(bare)
    some = np.flatnonzero(soonest.any(axis=1))
    master.add(columns(bare, some, soonest[some]))
    relaxed = master.solve()
    if relaxed.over > 1e-6 or 100 * relaxed.stretch > MOST_PERCENT:
        return None
    return relaxed.stretch


def _margin(plan: Plan) -> Fraction | None:
    """The largest margin the plan holds, in steps of a tenth of a point."""
    lines = [line for line in plan.lines if line.holds and not line.lost]
    if not lines:
        return None
    most = max(line.target.margin for line in lines)
    for tenths in range(int(most * 10), -1, -1):
        margin = Fraction(tenths, 10)
        if all(
            line.planned <= replace(line.target, margin=margin).allowed(line.population)
            for line in lines
        ):
            return margin
    return None


def _first(plan: Plan) -> YearMonth | None:
    months = sorted({line.target.month for line in plan.lines})
    first = None
    for month in reversed(months):
        if any(line.over for line in plan.lines if line.target.month == month):
            break
        first = month
    return first
