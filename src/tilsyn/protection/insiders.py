"""What a municipality knows that others do not: its own counts, whatever it is shown.

So a second table that keeps a neighbour's count open for the public does not keep it open for a
municipality whose own counts are different there: it can rule that table out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from tilsyn.protection.matrix import Whole
from tilsyn.protection.relations import Cell
from tilsyn.vocabulary import AREA_KINDS, MUNICIPALITIES

NOBODY = 0
"""Place of the public, which knows no count beside what is shown."""


class Insiders:
    """Who knows counts that are not shown.

    An area's count is a municipality's own where the area has no other municipality, or where all
    whom it counts are its own: it sees that the others have nobody. To whom that much is not shown,
    the second does not hold.

    Args:
        cells: all counts.
        counts: the true numbers, persons.
        noughts: whether nought is shown.

    Attributes:
        codes: the municipalities, each at its place; an empty code in the place of the public.
        knower: of each count the place of the municipality that knows it, or `NOBODY`.
    """

    def __init__(self, cells: Sequence[Cell], counts: Whole, *, noughts: bool = True) -> None:
        found = [knower(kind, area) for _, _, kind, area, *_ in cells]
        numbers = counts.tolist()
        above = {cell: i for i, cell in enumerate(cells) if cell[2] != "municipality"}
        for cell, n in zip(cells, numbers, strict=True):
            measure, statistic, kind, area, grp, visitation, category, month = cell
            if not (noughts and n and kind == "municipality" and area in MUNICIPALITIES):
                continue
            for wider in AREA_KINDS[1:]:
                around = MUNICIPALITIES[area].area(wider)
                i = above.get((measure, statistic, wider, around, grp, visitation, category, month))
                if i is not None and numbers[i] == n:
                    found[i] = area
        self.codes = ("", *sorted(set(found) - {""}))
        place = {code: i for i, code in enumerate(self.codes)}
        self.knower: Whole = np.array([place[code] for code in found], dtype=np.int64)

    def __len__(self) -> int:
        """How many there are, the public counted."""
        return len(self.codes)


@cache
def knower(kind: str, area: str) -> str:
    """The code of the municipality that knows an area's figures: itself, or all there is of the area."""
    if kind == "municipality":
        return area
    return next(iter(only)) if len(only := _members(kind, area)) == 1 else ""


@cache
def _members(kind: str, area: str) -> frozenset[str]:
    return frozenset(one.code for one in MUNICIPALITIES if one.area(kind) == area)
