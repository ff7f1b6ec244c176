"""Which hidden counts of a large component stay open, and the tight bounds of those that do not.

The tightest interval of every count would take a program of its own for thousands of counts, each
as large as the country. That a count is open is shown by less: one solution of everything, and
others that differ from it in a few municipalities. Only counts for which none is found get programs
over everything. (Solutions may be fractions here; two that lie around two whole numbers count.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tilsyn.figures.disclosure.matrix import ContradictionError, Matrix, Whole
from tilsyn.figures.disclosure.relations import Cell
from tilsyn.figures.disclosure.solver import Program
from tilsyn.figures.disclosure.surroundings import surroundings

_NEAR = 1e-6
_PATIENCE = 4
_FEW = 4
_RARE = 0.2
"""Share of a component's counts still shut from which on each program is close to the one before."""


class Openness:
    """The extremes of the solutions found for a component.

    Args:
        matrix: the component's rows.
        low: bounds of every count of the system.
        high: the same.
        cells: all counts.
        wanted: the hidden ones.

    Raises:
        ContradictionError: there is no solution.
    """

    def __init__(
        self,
        matrix: Matrix,
        low: Whole,
        high: Whole,
        cells: Sequence[Cell],
        wanted: NDArray[np.bool_],
    ) -> None:
        self.matrix, self.low, self.high, self.cells = matrix, low, high, cells
        self.program = Program(matrix, low, high)
        self.wanted = np.zeros_like(wanted)
        self.wanted[self.program.columns] = wanted[self.program.columns]
        self.base = low.astype(np.float64)
        self.least, self.most = np.full(len(low), np.inf), np.full(len(low), -np.inf)
        # From a solution in the midst of all of them most counts can move both ways.
        answer = self.program.inmost()
        if answer is None:
            raise ContradictionError(matrix.relations)
        self.base[self.program.columns] = answer.values
        self._see(self.program.columns, answer.values)
        self._push_all()

    def _push_all(self) -> None:
        """Push all counts still shut at once, each to the side where it has moved the least."""
        columns, random = self.program.columns, np.random.default_rng(0)
        before, idle, turn = len(columns) + 1, 0, 0
        while idle < _PATIENCE:
            shut = self._shut()[columns]
            left = int(shut.sum())
            if not left:
                return
            idle = idle + 1 if left == before else 0
            before = left
            if left < _RARE * len(columns):
                self.program.walk()
            base, least, most = self.base[columns], self.least[columns], self.most[columns]
            side = np.where(most - base < base - least, -1.0, 1.0)
            # Where that side gave nothing the other one may.
            side = -side if idle % 2 else side
            # Unequal costs, every other time, part counts that stand in each other's way.
            costs = side * shut * (1.0 if turn % 2 else random.random(len(columns)))
            turn += 1
            answer = self.program.least(costs)
            if answer is None:
                return
            self._see(columns, answer.values)

    def _see(self, columns: Whole, values: NDArray[np.float64]) -> None:
        self.least[columns] = np.minimum(self.least[columns], values)
        self.most[columns] = np.maximum(self.most[columns], values)

    def closed(self) -> Whole:
        """The wanted counts for which no two solutions around two whole numbers were found."""
        for scope, focus in surroundings(
            self.cells, self.program.columns.tolist(), self.high - self.low, self._unsettled
        ):
            self._look(np.asarray(scope), np.asarray(focus))
        return np.flatnonzero(self._shut())

    def _shut(self) -> NDArray[np.bool_]:
        between = np.floor(self.most + _NEAR) > np.ceil(self.least - _NEAR)
        return self.wanted & ~between

    def _unsettled(self, indices: Sequence[int]) -> bool:
        return bool(self._shut()[np.asarray(indices)].any())

    def _look(self, scope: Whole, focus: Whole) -> None:
        """Push the counts still shut up and down by turns, all others held at the first solution."""
        if len(scope) == self.program.size:
            self._push(self.program, focus)
            return
        free = np.zeros(len(self.cells), dtype=np.bool_)
        free[scope] = True
        part, rows = self.matrix.among(free)
        held = np.where(free, 0.0, self.base)[self.matrix.columns] * self.matrix.coefficients
        given = np.add.reduceat(held, self.matrix.starts[:-1])[rows]
        self._push(Program(part, self.low, self.high, given), focus)

    def _push(self, program: Program, focus: Whole) -> None:
        asked = np.zeros(len(self.cells), dtype=np.bool_)
        asked[focus] = True
        before, idle, turn = -1, 0, 0
        while idle < _PATIENCE:
            shut = np.flatnonzero((self._shut() & asked)[program.columns])
            if not len(shut):
                return
            idle = 0 if len(shut) != before else idle + 1
            before = len(shut)
            costs = np.zeros(program.size)
            if len(shut) > _FEW:
                costs[shut] = _direction(len(shut), turn)
            else:
                costs[shut[(turn // 2) % len(shut)]] = 1.0 if turn % 2 else -1.0
            turn += 1
            answer = program.least(costs)
            if answer is None:
                return
            self._see(program.columns, answer.values)


def _direction(size: int, turn: int) -> NDArray[np.float64]:
    """Pseudo-random costs, the same each time."""
    return np.asarray(np.cos(np.arange(size) * (1.0 + turn)))
