"""Which hidden counts of a large component stay open.

The tightest interval of every count would take a program of its own for thousands of counts, each
as large as the country. That a count is open is shown by less: by two solutions of everything that
lie around two whole numbers (they may be fractions). One program pushes all counts not yet known to
be open at once, each no farther than it must go, so that there is room for the others. Only counts
that do not move then need programs of their own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilsyn.protection.matrix import ContradictionError
from tilsyn.protection.solver import Program

_NEAR = 1e-6
_PATIENCE = 4
_FAR = 2
"""How many pushes go as far as they can, before each goes only as far as it must."""
_FEW = 50
"""Counts still shut from which on each program is close to the one before."""


class Openness:
    """The extremes of the solutions found for a component.

    Args:
        program: the component's.
        wanted: which of its counts to look at.

    Raises:
        ContradictionError: there is no solution.
    """

    def __init__(self, program: Program, wanted: NDArray[np.bool_]) -> None:
        self.program, self.wanted = program, wanted
        self.low, self.high = program.low, program.high
        self.random = np.random.default_rng(0)
        # From a solution in the midst of all of them most counts can move both ways.
        answer = program.inmost()
        if answer is None:
            raise ContradictionError(program.matrix.relations)
        self.base = answer.values
        self.least, self.most = self.base.copy(), self.base.copy()
        self.up = self.random.random(program.size) < 0.5

    def closed(self) -> NDArray[np.bool_]:
        """The wanted counts for which no two solutions around two whole numbers were found."""
        shut, idle, turn = self._shut(), 0, 0
        while shut.any() and idle < _PATIENCE:
            few = shut.sum() < _FEW
            self.program.walk(near=bool(few))
            if not self._push(shut, far=turn < _FAR or bool(few)):
                break
            left = self._shut()
            idle = 0 if (left != shut).any() else idle + 1
            # What was pushed and is shut still is pushed the other way next time.
            self.up ^= left
            shut, turn = left, turn + 1
        self.program.bounds(self.low, self.high)
        self.program.walk(near=True)
        return shut

    def _push(self, shut: NDArray[np.bool_], *, far: bool) -> bool:
        """Push these counts up or down, as far as they go or must; whether that was possible."""
        # Unequal costs part counts that stand in each other's way.
        costs = shut * np.where(self.up, -1.0, 1.0) * (0.5 + 0.5 * self.random.random(len(shut)))
        low, high = self.low, self.high
        if not far:
            enough = np.maximum(np.ceil(self.least - _NEAR) + 1, np.ceil(self.base))
            high = np.where(shut & self.up, np.minimum(high, enough), high).astype(np.int64)
            enough = np.minimum(np.floor(self.most + _NEAR) - 1, np.floor(self.base))
            low = np.where(shut & ~self.up, np.maximum(low, enough), low).astype(np.int64)
        self.program.bounds(low, high)
        answer = self.program.least(costs)
        if answer is None:
            return False
        np.minimum(self.least, answer.values, out=self.least)
        np.maximum(self.most, answer.values, out=self.most)
        return True

    def _shut(self) -> NDArray[np.bool_]:
        between = np.floor(self.most + _NEAR) > np.ceil(self.least - _NEAR)
        return np.logical_and(self.wanted, ~between)
