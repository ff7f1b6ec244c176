"""Which counts, populations and printed shares can belong together.

Printed shares are per cent rounded half up to one decimal; they are compared as whole tenths.
"""

from __future__ import annotations

from collections.abc import Iterable

from tilsyn.figures.table import HIDDEN_AT_MOST
from tilsyn.vocabulary.wording import decimal

HIDDEN_COUNTS = range(HIDDEN_AT_MOST + 1)
"""What a hidden count can be: the smallest count shown is 3, and some publishers hide nought too."""


def tenths(share: float) -> int:
    """A share in per cent as whole tenths: 25,8 % is 258, and so is 25,75."""
    return int(decimal(share, 1) * 10)


def share_of(count: int, population: int) -> int:
    """The share in tenths of a per cent that is printed for `count` of `population` (at least 1)."""
    return (2000 * count + population) // (2 * population)


def possible(share: int, population: int) -> bool:
    """Whether some count of this population gives this share (in tenths)."""
    nearest = share * population // 1000
    return any(
        share_of(count, population) == share
        for count in (nearest - 1, nearest, nearest + 1)
        if 0 <= count <= population
    )


def neighbours(share: int, population: int) -> tuple[int, int]:
    """The shares in tenths next below and above one that this population cannot give."""
    nearest = share * population // 1000
    counts = range(max(nearest - 1, 0), min(nearest + 2, population) + 1)
    given = [share_of(count, population) for count in counts]
    return max(s for s in given if s <= share), min(s for s in given if s >= share)


def populations(count: int, share: int) -> range:
    """The populations of which `count` is this share (in tenths); an empty range if there are none.

    A share of 0,0 % has no largest population; the range then holds the smallest one only.
    """
    if count == 0:
        return range(1, 2) if share == 0 else range(0)
    smallest = max(count, 2000 * count // (2 * share + 1) + 1)
    if share == 0:
        return range(smallest, smallest + 1)
    return range(smallest, 2000 * count // (2 * share - 1) + 1)


def any_population(counts: Iterable[int], share: int) -> bool:
    """Whether one of these counts can be this share (in tenths) of some population."""
    return any(populations(count, share) for count in counts)
