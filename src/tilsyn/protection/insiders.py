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
from tilsyn.vocabulary import MUNICIPALITIES

NOBODY = 0
"""Place of the public, which knows no count beside what is shown."""


class Insiders:
    """Who knows counts that are not shown.

    An area's count is a municipality's own where the area has no other municipality.

    Args:
        cells: all counts.

    Attributes:
        codes: the municipalities, each at its place; an empty code in the place of the public.
        knower: of each count the place of the municipality that knows it, or `NOBODY`.
    """

    def __init__(self, cells: Sequence[Cell]) -> None:
        found = [knower(kind, area) for _, _, kind, area, *_ in cells]
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
