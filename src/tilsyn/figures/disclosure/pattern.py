"""A fast pattern of hidden cells: for each cell not yet safe the cheapest other table beside the true one.

A hidden cell is safe when a second table of whole numbers exists that agrees with everything shown
and differs in that cell by the width asked for. Such a table differs from the true one along a
closed pattern of cells; every cell of the pattern must be hidden. The cheapest pattern is a linear
program (Kelly, Golden and Assad, "Cell suppression: disclosure protection for sensitive tabular
data", 1992), and one pattern often makes many cells safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilsyn.figures.disclosure.matrix import Matrix, Whole
from tilsyn.figures.disclosure.relations import NO_LIMIT
from tilsyn.figures.disclosure.solver import Answer, Program

Marks = NDArray[np.bool_]

_HIDDEN_COST = 0.01
_SWEEPS = 4
_SMALL = 400
"""Counts up to which a whole-number program is quick."""


@dataclass
class State:
    """What is hidden so far, and the extremes of the other tables found.

    Attributes:
        counts: the true table.
        least, most: the bounds an attacker must reckon with for a hidden cell.
        hidden: cells not shown.
        fixed: cells that cannot be hidden: known anyway, or nought where nought is shown.
        weights: what hiding a cell costs; 0 for counts that were never to be shown.
        low, high: extremes of each count over the tables found.
        width: how far apart two tables must be in each count, persons.
    """

    counts: Whole
    least: Whole
    most: Whole
    hidden: Marks
    fixed: Marks
    weights: NDArray[np.float64]
    low: Whole
    high: Whole
    width: Whole

    def safe(self) -> Marks:
        """The cells with two tables far enough apart."""
        safe: Marks = self.high - self.low >= self.width
        return safe

    def open(self, i: int) -> bool:
        """Whether one cell has them."""
        return bool(self.high[i] - self.low[i] >= self.width[i])


def hide(matrix: Matrix, state: State, targets: Iterable[int], *, last: bool = True) -> list[int]:
    """Hide cells until each target of a component is safe; cells hidden on the way become targets.

    Args:
        matrix: a component's rows over all counts; its fixed cells stand on the sides.
        state: changed in place.
        targets: hidden cells of the component, the first served first.
        last: whether no wider surroundings will be tried, so that no effort is to be spared.

    Returns:
        The targets for which no pattern exists in this component.
    """
    waiting = [int(i) for i in targets if not state.open(i)]
    if not waiting:
        return []
    search = _Patterns(matrix, state, last=last)
    search.sweep(waiting)
    unsolved: list[int] = []
    while waiting:
        i = waiting.pop(0)
        if state.open(i):
            continue
        found = search.pattern(i)
        if found is None:
            unsolved.append(i)
        else:
            waiting += found
    return unsolved


class _Patterns:
    """Differences to the true table, split in more and less, as a program."""

    def __init__(self, matrix: Matrix, state: State, *, last: bool) -> None:
        self.state = state
        self.columns, local = np.unique(matrix.columns, return_inverse=True)
        self.size = n = len(self.columns)
        self.place = {int(column): i for i, column in enumerate(self.columns)}
        true = matrix.values(state.counts)
        twice = Matrix(
            matrix.starts * 2,
            np.stack([local, local + n], axis=1).reshape(-1).astype(np.int64),
            np.stack([matrix.coefficients, -matrix.coefficients], axis=1).reshape(-1),
            np.where(matrix.low <= -NO_LIMIT, -NO_LIMIT, matrix.low - true),
            np.where(matrix.high >= NO_LIMIT, NO_LIMIT, matrix.high - true),
            matrix.relations,
        )
        room = state.counts[self.columns] - state.least[self.columns]
        self.room = np.maximum(room, 0)
        self.rise = np.maximum(state.most[self.columns] - state.counts[self.columns], 0)
        self.free = np.concatenate([self.rise, self.room])
        self.program = Program(twice, np.zeros(2 * n, dtype=np.int64), self.free)
        self.patient = last or n <= _SMALL
        self.costs = np.empty(2 * n)
        self._price(range(n))

    def _price(self, places: Iterable[int]) -> None:
        for i in places:
            column = self.columns[i]
            weight = _HIDDEN_COST if self.state.hidden[column] else self.state.weights[column]
            self.costs[i] = self.costs[i + self.size] = weight

    def sweep(self, targets: list[int]) -> None:
        """Look for tables that differ in hidden cells only, for many targets at once."""
        state, n = self.state, self.size
        movable = np.where(np.tile(state.hidden[self.columns], 2), self.free, 0)
        for turn in range(_SWEEPS):
            costs = np.full(2 * n, _HIDDEN_COST)
            high = movable.copy()
            still = [t for t in targets if not state.open(t)]
            for k, target in enumerate(still):
                i, up = self.place[target], (k + turn) % 2 == 0
                wished, other = (i, i + n) if up else (i + n, i)
                costs[wished] = -1.0
                high[wished], high[other] = min(int(state.width[target]), high[wished]), 0
            if not still:
                break
            self.program.bounds(np.zeros(2 * n, dtype=np.int64), high)
            answer = self.program.least(costs)
            if answer is not None:
                self._see(answer, hide=False)
        self.program.bounds(np.zeros(2 * n, dtype=np.int64), self.free)

    def pattern(self, target: int) -> list[int] | None:
        """Hide the cheapest pattern through a target; the cells it hides that are not yet safe."""
        i = self.place[target]
        fractions = []
        for up in (True, False):
            answer = self._through(i, self.program.least, up=up)
            if answer is not None and answer.whole:
                return self._see(answer, hide=True)
            if answer is not None:
                fractions.append(up)
        for up in fractions if self.patient else ():
            answer = self._through(i, self.program.least_whole, up=up)
            if answer is not None and answer.whole:
                return self._see(answer, hide=True)
        return None

    def _through(
        self, i: int, solve: Callable[[NDArray[np.float64]], Answer | None], *, up: bool
    ) -> Answer | None:
        """The cheapest difference that moves a count up (or down) by the width."""
        forward, back = (i, i + self.size) if up else (i + self.size, i)
        width = int(self.state.width[self.columns[i]])
        if self.free[forward] < width:
            return None
        self.program.bound(forward, width, self.free[forward])
        self.program.bound(back, 0, 0)
        answer = solve(self.costs)
        self.program.bound(forward, 0, self.free[forward])
        self.program.bound(back, 0, self.free[back])
        return answer

    def _see(self, answer: Answer, *, hide: bool) -> list[int]:
        """Take note of another table; hide where it differs, where asked to."""
        if not answer.whole:
            return []
        difference = answer.counts[: self.size] - answer.counts[self.size :]
        moved = np.flatnonzero(difference)
        columns = self.columns[moved]
        state = self.state
        table = state.counts[columns] + difference[moved]
        state.low[columns] = np.minimum(state.low[columns], table)
        state.high[columns] = np.maximum(state.high[columns], table)
        if not hide:
            return []
        new = moved[~state.hidden[columns]]
        state.hidden[self.columns[new]] = True
        self._price(new.tolist())
        fresh = self.columns[new]
        return [int(c) for c in fresh if not state.open(c)]
