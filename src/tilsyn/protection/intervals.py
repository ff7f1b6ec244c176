"""The tightest interval of every count: what follows from all relations of a component together.

Linear programs give outer bounds, rounded inward; a whole-number table that attains one shows it
tight. Each table found may settle many counts at once, so that most need no program of their own.
Where fractions leave slack, a whole-number program closes it.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from tilsyn.protection.matrix import (
    MOST,
    ContradictionError,
    Matrix,
    Whole,
    components,
    narrowed,
)
from tilsyn.protection.openness import Openness
from tilsyn.protection.solver import Program
from tilsyn.protection.twins import merged
from tilsyn.work.spreading import Threads

_NEAR = 1e-6
_SWEEPS = 6
_THREADS = 2
_LARGE = 1_000
"""Counts above which a component is only searched for what can be computed."""


def tightest(
    matrix: Matrix, low: Whole, high: Whole, wanted: NDArray[np.bool_]
) -> tuple[Whole, Whole]:
    """The tightest bounds of counts.

    Args:
        matrix: every relation.
        low: the least each count is known to be, persons.
        high: the most.
        wanted: the counts to find them for.

    Returns:
        The least and the largest value each wanted count has in any table of whole numbers that
        satisfies everything; of the others, bounds that hold. Only what each relation alone gives
        where damaged figures contradict each other, and for counts that are open in a component
        of more than a thousand.

    Raises:
        ContradictionError: a relation alone cannot be satisfied.
    """
    low, high = narrowed(matrix, low, high)
    # The largest first, so that no thread is left with it at the end.
    parts = sorted(components(matrix.free(low, high)), key=lambda part: -len(part.columns))
    for columns, lower, upper in Threads(_THREADS).over(
        parts, lambda part: _component(part, low, high, wanted)
    ):
        low[columns], high[columns] = lower, upper
    return low, high


def _component(
    matrix: Matrix, low: Whole, high: Whole, wanted: NDArray[np.bool_]
) -> tuple[Whole, Whole, Whole]:
    columns, local = np.unique(matrix.columns, return_inverse=True)
    low, high, wanted = low[columns], high[columns], wanted[columns]
    one_sum = matrix.height == 1 and (np.abs(matrix.coefficients) == 1).all()
    if one_sum or not wanted.any():
        # Narrowing by the one sum is exact.
        return columns, low, high
    rows, twins = merged(replace(matrix, columns=local.astype(np.int64)), len(columns))
    try:
        least, most, tight = _tight(
            rows, *twins.taken(low, high), twins.leading(wanted), large=len(columns) > _LARGE
        )
    except ContradictionError:
        # Damage no single relation shows: only what each relation says alone is kept.
        return columns, low, high
    least, most = twins.given(least, most)
    found = wanted & tight[twins.of]
    return columns, np.where(found, least, low), np.where(found, most, high)


def _tight(
    matrix: Matrix, low: Whole, high: Whole, wanted: NDArray[np.bool_], *, large: bool
) -> tuple[Whole, Whole, NDArray[np.bool_]]:
    """Bounds of counts, and where they are the tightest.

    Raises:
        ContradictionError: nothing satisfies everything.
    """
    if (low > high).any():
        raise ContradictionError(matrix.relations)
    tight = np.ones_like(wanted)
    if not matrix.height:
        return low, high, tight
    program = Program(matrix, low, high)
    asked = wanted[program.columns]
    if large:
        asked = Openness(program, asked).closed()
        tight[program.columns] = asked
    if asked.any():
        search = _Search(program, asked)
        search.sweep()
        search.settle()
        low[program.columns], high[program.columns] = search.low, search.high
    return low, high, tight


class _Search:
    """The bounds of a component's counts, and the extremes of the tables found so far."""

    def __init__(self, program: Program, wanted: NDArray[np.bool_]) -> None:
        self.program, self.wanted = program, wanted
        self.low, self.high = program.low.copy(), program.high.copy()
        self.least = np.full(program.size, MOST + 1, dtype=np.int64)
        self.most = np.full(program.size, -1, dtype=np.int64)
        self.solved = 0

    def see(self, counts: Whole) -> None:
        """Take note of a table."""
        np.minimum(self.least, counts, out=self.least)
        np.maximum(self.most, counts, out=self.most)

    def sweep(self) -> None:
        """Push all counts still open to their bounds at once, a few times."""
        for _ in range(_SWEEPS):
            moved = False
            for sign, open_ in ((1, self.least > self.low), (-1, self.most < self.high)):
                still = open_ & self.wanted
                if not still.any():
                    continue
                answer = self.program.least(sign * still.astype(np.float64))
                self.solved += 1
                if answer is None:
                    raise ContradictionError(self.program.matrix.relations)
                if answer.whole:
                    before = self.least.sum() - self.most.sum()
                    self.see(answer.counts)
                    moved = moved or self.least.sum() - self.most.sum() < before
            if not moved:
                return

    def settle(self) -> None:
        """Settle each bound still open by a program of its own."""
        for i in np.flatnonzero(self.wanted).tolist():
            for sign in (1, -1):
                self._settle(i, sign)

    def _settle(self, i: int, sign: int) -> None:
        costs = np.zeros(self.program.size)
        costs[i] = sign
        for solve in (self.program.least, self.program.least_whole):
            if self._tight(i, sign):
                return
            answer = solve(costs)
            self.solved += 1
            if answer is None:
                raise ContradictionError(self.program.matrix.relations)
            bound = sign * ceil(answer.bound - _NEAR)
            if sign > 0:
                self.low[i] = max(self.low[i], bound)
            else:
                self.high[i] = min(self.high[i], bound)
            if answer.whole:
                self.see(answer.counts)

    def _tight(self, i: int, sign: int) -> bool:
        return bool(self.least[i] <= self.low[i] if sign > 0 else self.most[i] >= self.high[i])
