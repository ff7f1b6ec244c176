"""Relations as compressed rows of whole numbers: narrowing bounds, and falling into components."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from tilsyn.protection.relations import NO_LIMIT, Relation

Whole = NDArray[np.int64]

MOST = 10_000_000
"""More persons than any count can be; the upper bound of a count nothing is known about."""

_ROUNDS = 400


class ContradictionError(Exception):
    """No whole counts satisfy the relations; `rows` are those found broken."""

    def __init__(self, rows: Whole) -> None:
        super().__init__(f"{len(rows)} relations cannot hold")
        self.rows = rows


@dataclass(frozen=True)
class Matrix:
    """Relations ``low <= A x <= high`` in compressed rows.

    Attributes:
        starts: where each row's terms begin; one more than there are rows.
        columns, coefficients: of each term.
        low, high: of each row; `NO_LIMIT` where open.
        relations: index of the relation each row stands for.
    """

    starts: Whole
    columns: Whole
    coefficients: Whole
    low: Whole
    high: Whole
    relations: Whole

    @classmethod
    def of(cls, relations: Iterable[Relation]) -> Matrix:
        """The relations, in their order."""
        kept = list(relations)
        sizes = np.array([len(relation.terms) for relation in kept], dtype=np.int64)
        numbers = chain.from_iterable(chain.from_iterable(one.terms for one in kept))
        pairs = np.fromiter(numbers, np.int64, 2 * int(sizes.sum())).reshape(-1, 2)
        return cls(
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            pairs[:, 1],
            pairs[:, 0],
            np.array([relation.low for relation in kept], dtype=np.int64),
            np.array([relation.high for relation in kept], dtype=np.int64),
            np.arange(len(kept), dtype=np.int64),
        )

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.low)

    @cached_property
    def row_of(self) -> Whole:
        """The row of each term."""
        return np.repeat(np.arange(self.height), np.diff(self.starts))

    def values(self, x: Whole) -> Whole:
        """``A x``."""
        if not self.height:
            return np.zeros(0, dtype=np.int64)
        sums: Whole = np.add.reduceat(self.coefficients * x[self.columns], self.starts[:-1])
        return sums

    def satisfied(self, x: Whole) -> bool:
        """Whether counts satisfy every relation."""
        values = self.values(x)
        return bool(((values >= self.low) & (values <= self.high)).all())

    def only(self, rows: NDArray[np.bool_]) -> Matrix:
        """The rows marked."""
        terms = rows[self.row_of]
        sizes = np.diff(self.starts)[rows]
        return Matrix(
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            self.columns[terms],
            self.coefficients[terms],
            self.low[rows],
            self.high[rows],
            self.relations[rows],
        )

    def touching(self, columns: NDArray[np.bool_]) -> Matrix:
        """The rows with a term in one of these columns."""
        rows = np.zeros(self.height, dtype=np.bool_)
        rows[self.row_of[columns[self.columns]]] = True
        return self.only(rows)

    def distinct(self) -> Matrix:
        """The rows without those that repeat an earlier one."""
        columns, coefficients = self.columns.tolist(), self.coefficients.tolist()
        starts, seen, first = self.starts.tolist(), set(), np.zeros(self.height, dtype=np.bool_)
        for row in range(self.height):
            part = slice(starts[row], starts[row + 1])
            key = (
                *columns[part],
                *coefficients[part],
                int(self.low[row]),
                int(self.high[row]),
            )
            if key not in seen:
                seen.add(key)
                first[row] = True
        return self.only(first)

    def activity(self, low: Whole, high: Whole) -> tuple[Whole, Whole]:
        """The least and the largest ``A x`` each row can have within bounds."""
        a, positive = self.coefficients, self.coefficients > 0
        least = np.where(positive, a * low[self.columns], a * high[self.columns])
        most = np.where(positive, a * high[self.columns], a * low[self.columns])
        return (
            np.add.reduceat(least, self.starts[:-1]),
            np.add.reduceat(most, self.starts[:-1]),
        )

    def among(self, columns: NDArray[np.bool_]) -> tuple[Matrix, NDArray[np.bool_]]:
        """The rows' terms in these columns; rows without any are left out. And which rows are kept."""
        terms = columns[self.columns]
        sizes = np.add.reduceat(terms.astype(np.int64), self.starts[:-1])
        rows = sizes > 0
        return (
            Matrix(
                np.concatenate([[0], np.cumsum(sizes[rows])]).astype(np.int64),
                self.columns[terms],
                self.coefficients[terms],
                self.low[rows],
                self.high[rows],
                self.relations[rows],
            ),
            rows,
        )

    def free(self, low: Whole, high: Whole) -> Matrix:
        """The rows that still say something within bounds, their known counts moved to the sides."""
        if not self.height:
            return self
        least, most = self.activity(low, high)
        matrix = self.only((least < self.low) | (most > self.high))
        if not matrix.height:
            return matrix
        known = low[matrix.columns] == high[matrix.columns]
        given = np.where(known, matrix.coefficients * low[matrix.columns], 0)
        shift = np.add.reduceat(given, matrix.starts[:-1])
        sizes = np.add.reduceat((~known).astype(np.int64), matrix.starts[:-1])
        return Matrix(
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            matrix.columns[~known],
            matrix.coefficients[~known],
            np.where(matrix.low <= -NO_LIMIT, -NO_LIMIT, matrix.low - shift),
            np.where(matrix.high >= NO_LIMIT, NO_LIMIT, matrix.high - shift),
            matrix.relations,
        )


def narrowed(
    matrix: Matrix, low: Whole, high: Whole, moved: NDArray[np.bool_] | None = None
) -> tuple[Whole, Whole]:
    """Bounds narrowed by every relation alone until none narrows further; rounded inward.

    Args:
        matrix: the relations.
        low: the least each count can be, persons.
        high: the most.
        moved: where all bounds but these few were narrowed before, the counts whose have changed.

    Returns:
        New bounds, never wider.

    Raises:
        ContradictionError: a relation cannot hold within the bounds.
    """
    low, high = low.copy(), high.copy()
    part = matrix if moved is None else matrix.touching(moved)
    for _ in range(_ROUNDS):
        if not part.height:
            break
        before = low.copy(), high.copy()
        if _once(part, low, high):
            break
        part = matrix.touching((before[0] != low) | (before[1] != high))
    return low, high


def _once(matrix: Matrix, low: Whole, high: Whole) -> bool:
    """Narrow bounds in place by each row once; whether nothing moved."""
    a, column, row = matrix.coefficients, matrix.columns, matrix.row_of
    positive = a > 0
    least = np.where(positive, a * low[column], a * high[column])
    most = np.where(positive, a * high[column], a * low[column])
    sum_least = np.add.reduceat(least, matrix.starts[:-1])
    sum_most = np.add.reduceat(most, matrix.starts[:-1])
    broken = (sum_least > matrix.high) | (sum_most < matrix.low)
    if broken.any():
        raise ContradictionError(matrix.relations[broken])
    most_term = matrix.high[row] - (sum_least[row] - least)
    least_term = matrix.low[row] - (sum_most[row] - most)
    upper = np.where(positive, most_term // a, least_term // a)
    lower = np.where(positive, -(-least_term // a), -(-most_term // a))
    new_low, new_high = low.copy(), high.copy()
    np.maximum.at(new_low, column, lower)
    np.minimum.at(new_high, column, upper)
    crossed = new_low > new_high
    if crossed.any():
        raise ContradictionError(np.unique(matrix.relations[row[crossed[column]]]))
    still = bool((new_low == low).all() and (new_high == high).all())
    low[:], high[:] = new_low, new_high
    return still


def components(matrix: Matrix) -> list[Matrix]:
    """The rows split so that no two parts share a count; in the order of their first row."""
    parent: dict[int, int] = {}

    def root(i: int) -> int:
        while parent.setdefault(i, i) != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    columns, starts = matrix.columns.tolist(), matrix.starts.tolist()
    for begin, end in pairwise(starts):
        if begin == end:
            continue
        first = root(columns[begin])
        for column in columns[begin + 1 : end]:
            parent[root(column)] = first
    roots = np.array(
        [root(columns[begin]) if begin < end else -1 for begin, end in pairwise(starts)],
        dtype=np.int64,
    )
    return [matrix.only(roots == one) for one in dict.fromkeys(roots.tolist()) if one >= 0]
