"""A fast pattern of hidden cells: for each cell not yet safe the cheapest other table beside the true one.

A hidden cell is safe when a second table of whole numbers exists that agrees with everything shown
and differs in that cell by the width asked for. Such a table differs from the true one along a
closed pattern of cells; every cell of the pattern must be hidden. The cheapest pattern is a linear
program (Kelly, Golden and Assad, "Cell suppression: disclosure protection for sensitive tabular
data", 1992), and one pattern often makes many cells safe.

A municipality knows its own counts, and rules out a table that differs there. So a cell is safe when
for everybody, the public and each municipality, there is a table that differs in the cell and in
nothing that one knows: one pattern serves all whose cells it leaves alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tilsyn.protection.insiders import NOBODY
from tilsyn.protection.matrix import Matrix, Whole, components
from tilsyn.protection.relations import NO_LIMIT
from tilsyn.protection.solver import Answer, Program

Marks = NDArray[np.bool_]

_HIDDEN_COST = 0.01
_SWEEPS = 4
_SMALL = 400
"""Counts up to which a whole-number program is quick."""


@dataclass(frozen=True)
class Pattern:
    """A closed pattern: along it a second table differs from the true one.

    Attributes:
        columns: the counts it touches; all of them hidden.
        far: those of them in which it differs by the width asked for.
        fooled: to whom it shows that these are open: all whose own counts it leaves alone.
    """

    columns: Whole
    far: Whole
    fooled: Marks


@dataclass
class State:
    """What is hidden so far, and from whom it is known to be.

    Attributes:
        counts: the true table.
        least, most: the bounds an attacker must reckon with for a hidden cell.
        hidden: cells not shown.
        fixed: cells that cannot be hidden: known anyway, or nought where nought is shown.
        weights: what hiding a cell costs; 0 for counts that were never to be shown.
        width: how far apart two tables must be in each count, persons.
        knower: of each count the place of the municipality that knows it (`Insiders`).
        closed: counts by those they are kept from, the public first: whether no table found so far
            leaves the count open to them.
        patterns: those found so far; of each table they are in the order in which they were found.
    """

    counts: Whole
    least: Whole
    most: Whole
    hidden: Marks
    fixed: Marks
    weights: NDArray[np.float64]
    width: Whole
    knower: Whole
    closed: Marks
    patterns: list[Pattern] = field(default_factory=list)

    def safe(self) -> Marks:
        """The cells open to everybody they are kept from."""
        return np.logical_not(self.closed.any(axis=1))

    def open(self, i: int) -> bool:
        """Whether one cell is."""
        return not self.closed[i].any()

    def see(self, columns: Whole, difference: Whole) -> None:
        """Take note of a table that differs from the true one along one closed pattern."""
        far = columns[np.abs(difference) >= self.width[columns]]
        fooled = np.ones(self.closed.shape[1], dtype=np.bool_)
        fooled[self.knower[columns]] = False
        fooled[NOBODY] = True
        self.closed[np.ix_(far, fooled)] = False
        self.patterns.append(Pattern(columns, far, fooled))


class Patterns:
    """Differences to the true table, split in more and less, as a program.

    Args:
        matrix: a component's rows over all counts; its fixed cells stand on the sides.
        state: changed in place.
        last: whether no wider surroundings will be tried, so that no effort is to be spared.
    """

    def __init__(self, matrix: Matrix, state: State, *, last: bool) -> None:
        self.state, self.matrix = state, matrix
        self.columns, local = np.unique(matrix.columns, return_inverse=True)
        self.size = n = len(self.columns)
        self.place = {int(column): i for i, column in enumerate(self.columns)}
        self.knower = state.knower[self.columns]
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

    def hide(self, asked: Marks) -> None:
        """Hide the cheapest pattern through each cell asked for until it is safe.

        Cells hidden on the way are asked for from then on.

        Args:
            asked: hidden cells; the most useful are served first.
        """
        targets = self.columns[asked[self.columns]]
        targets = targets[self.state.closed[targets].any(axis=1)]
        waiting = targets[np.argsort(-self.state.weights[targets], kind="stable")].tolist()
        self._sweep(waiting)
        while waiting:
            target = waiting.pop(0)
            before = self.state.hidden[self.columns]
            while not self.state.open(target) and self._serve(target):
                pass
            waiting += self.columns[self.state.hidden[self.columns] & ~before].tolist()

    def hold(self, cell: int) -> None:
        """From now on look for patterns that leave a cell alone."""
        i = self.place[cell]
        for side in (i, i + self.size):
            self.free[side] = 0
            self.program.bound(side, 0, 0)

    def release(self, cell: int) -> None:
        """Let patterns go through a cell again."""
        i = self.place[cell]
        for side, room in ((i, self.rise[i]), (i + self.size, self.room[i])):
            self.free[side] = room
            self.program.bound(side, 0, int(room))

    def serve_at_once(self, target: int) -> bool:
        """Make a cell open to some it is not yet open to by one table; whether that worked."""
        closed = np.flatnonzero(self.state.closed[target])
        return self._pattern(target, closed[:0] if closed[0] == NOBODY else closed)

    def _price(self, places: Iterable[int]) -> None:
        for i in places:
            column = self.columns[i]
            weight = _HIDDEN_COST if self.state.hidden[column] else self.state.weights[column]
            self.costs[i] = self.costs[i + self.size] = weight

    def _sweep(self, targets: list[int]) -> None:
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
            if answer is not None and answer.whole:
                self._see(self._difference(answer))
        self.program.bounds(np.zeros(2 * n, dtype=np.int64), self.free)

    def _serve(self, target: int) -> bool:
        """Make a cell open to some it is not yet open to; whether that worked.

        First comes whatever is cheapest, which serves all whose cells it leaves alone; then what
        leaves those of all others alone; where there is none, one for each of them.
        """
        closed = np.flatnonzero(self.state.closed[target])
        if not len(closed):
            return False
        if closed[0] == NOBODY:
            return self._pattern(target, closed[:0])
        if len(closed) > 1 and self._pattern(target, closed):
            return True
        served = [self._pattern(target, one) for one in np.split(closed, len(closed))]
        return any(served)

    def _pattern(self, target: int, knowing: Whole) -> bool:
        """Hide the cheapest pattern through a target that leaves alone what some know."""
        i = self.place[target]
        free = np.where(np.tile(np.isin(self.knower, knowing), 2), 0, self.free)
        if len(knowing):
            self.program.bounds(np.zeros_like(free), free)
        try:
            fractions = []
            for up in (True, False):
                answer = self._through(i, self.program.least, free, up=up)
                if answer is not None and answer.whole:
                    return self._take(answer)
                if answer is not None:
                    fractions.append(up)
            for up in fractions if self.patient else ():
                answer = self._through(i, self.program.least_whole, free, up=up)
                if answer is not None and answer.whole:
                    return self._take(answer)
        finally:
            if len(knowing):
                self.program.bounds(np.zeros_like(free), self.free)
        return False

    def _through(
        self,
        i: int,
        solve: Callable[[NDArray[np.float64]], Answer | None],
        free: Whole,
        *,
        up: bool,
    ) -> Answer | None:
        """The cheapest difference that moves a count up (or down) by the width."""
        forward, back = (i, i + self.size) if up else (i + self.size, i)
        width = int(self.state.width[self.columns[i]])
        if free[forward] < width:
            return None
        self.program.bound(forward, width, int(free[forward]))
        self.program.bound(back, 0, 0)
        answer = solve(self.costs)
        self.program.bound(forward, 0, int(free[forward]))
        self.program.bound(back, 0, int(free[back]))
        return answer

    def _take(self, answer: Answer) -> bool:
        """Hide where another table differs."""
        difference = self._difference(answer)
        new = np.flatnonzero((difference != 0) & ~self.state.hidden[self.columns])
        self.state.hidden[self.columns[new]] = True
        self._price(new.tolist())
        self._see(difference)
        return True

    def _difference(self, answer: Answer) -> Whole:
        return answer.counts[: self.size] - answer.counts[self.size :]

    def _see(self, difference: Whole) -> None:
        """Take note of another table, pattern by pattern."""
        for columns in self._closed_patterns(np.flatnonzero(difference)):
            self.state.see(columns, difference[np.searchsorted(self.columns, columns)])

    def _closed_patterns(self, moved: Whole) -> list[Whole]:
        """What moved, split into parts that each are a pattern alone: the fewer a part touches, the more it fools."""
        columns = self.columns[moved]
        if len(np.unique(self.state.knower[columns])) <= 1:
            return [columns] if len(columns) else []
        marks = np.zeros(len(self.state.counts), dtype=np.bool_)
        marks[columns] = True
        among, _ = self.matrix.among(marks)
        return [np.unique(part.columns) for part in components(among)]
