"""Counts that move as one: where two are left in a sum that is known, one follows from the other.

In published tables this is so for every third hidden count. Each program over the others alone is
much smaller and says the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilsyn.protection.matrix import Matrix, Whole
from tilsyn.protection.relations import NO_LIMIT


@dataclass(frozen=True)
class Twins:
    """Every count as another one: ``sign * count[of] + shift``; as itself where it has no twin.

    Attributes:
        of: the count it follows, for each count.
        sign: 1, or -1 where one falls as the other rises.
        shift: persons.
    """

    of: Whole
    sign: Whole
    shift: Whole

    @classmethod
    def none(cls, size: int) -> Twins:
        """Each count for itself."""
        return cls(np.arange(size), np.ones(size, np.int64), np.zeros(size, np.int64))

    def through(self, other: Twins) -> Twins:
        """The counts as those that the ones they follow themselves follow."""
        return Twins(
            other.of[self.of],
            self.sign * other.sign[self.of],
            self.shift + self.sign * other.shift[self.of],
        )

    def leading(self, marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The counts that those marked follow."""
        found = np.zeros_like(marks)
        found[self.of[marks]] = True
        return found

    def given(self, low: Whole, high: Whole) -> tuple[Whole, Whole]:
        """The bounds of every count, from those of the counts they follow."""
        one, other = (self.sign * side[self.of] + self.shift for side in (low, high))
        return np.minimum(one, other), np.maximum(one, other)

    def taken(self, low: Whole, high: Whole) -> tuple[Whole, Whole]:
        """The bounds of the counts that others follow, from those of all who follow them."""
        one, other = (self.sign * (side - self.shift) for side in (low, high))
        low, high = low.copy(), high.copy()
        np.maximum.at(low, self.of, np.minimum(one, other))
        np.minimum.at(high, self.of, np.maximum(one, other))
        return low, high


def merged(matrix: Matrix, size: int) -> tuple[Matrix, Twins]:
    """The rows over counts of which none follows from one other.

    Args:
        matrix: the rows, over counts that are not known.
        size: how many counts there are.
    """
    twins = Twins.none(size)
    while len(pairs := _pairs(matrix)):
        found = _joined(matrix, pairs, size)
        matrix, twins = _over(matrix, found), twins.through(found)
    return matrix.distinct(), twins


def _pairs(matrix: Matrix) -> Whole:
    """The rows of two counts whose sum or difference is known."""
    two: Whole = np.flatnonzero((np.diff(matrix.starts) == 2) & (matrix.low == matrix.high))
    first, second = (np.abs(matrix.coefficients[matrix.starts[two] + i]) for i in (0, 1))
    pairs: Whole = two[(first == 1) & (second == 1)]
    return pairs


def _joined(matrix: Matrix, pairs: Whole, size: int) -> Twins:
    """One round of twins: no count follows one that itself follows another."""
    twins = Twins.none(size)
    taken = np.zeros(size, dtype=np.bool_)
    first = matrix.starts[pairs]
    for i, j, a, b, value in zip(
        matrix.columns[first].tolist(),
        matrix.columns[first + 1].tolist(),
        matrix.coefficients[first].tolist(),
        matrix.coefficients[first + 1].tolist(),
        matrix.low[pairs].tolist(),
        strict=True,
    ):
        if not (taken[i] or taken[j]):
            taken[i] = taken[j] = True
            twins.of[j], twins.sign[j], twins.shift[j] = i, -a * b, b * value
    return twins


def _over(matrix: Matrix, twins: Twins) -> Matrix:
    """The rows over the counts that others follow, without those that say nothing more.

    A row of which nothing is left but a contradiction stands there with coefficients of nought.
    """
    size = len(twins.of)
    shift = np.add.reduceat(matrix.coefficients * twins.shift[matrix.columns], matrix.starts[:-1])
    low = np.where(matrix.low <= -NO_LIMIT, -NO_LIMIT, matrix.low - shift)
    high = np.where(matrix.high >= NO_LIMIT, NO_LIMIT, matrix.high - shift)
    terms, place = np.unique(matrix.row_of * size + twins.of[matrix.columns], return_inverse=True)
    coefficients = np.zeros(len(terms), dtype=np.int64)
    np.add.at(coefficients, place, matrix.coefficients * twins.sign[matrix.columns])
    row, column = np.divmod(terms, size)
    says = np.bincount(row[coefficients != 0], minlength=matrix.height) > 0
    broken = ~says & ((low > 0) | (high < 0))
    kept = (coefficients != 0) | broken[row]
    rows = says | broken
    sizes = np.bincount(row[kept], minlength=matrix.height)[rows]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    # The first term of each row counts as added, so that rows that say the same are the same.
    first = coefficients[kept][starts[:-1]] < 0
    low, high = low[rows], high[rows]
    return Matrix(
        starts,
        column[kept],
        coefficients[kept] * np.repeat(np.where(first, -1, 1), sizes),
        np.where(first, -high, low),
        np.where(first, -low, high),
        matrix.relations[rows],
    )
