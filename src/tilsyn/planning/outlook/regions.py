"""Which region each municipality lies in, as numbers, and sums over regions."""

from __future__ import annotations

from typing import Any

import numpy as np

from tilsyn.vocabulary import AREAS, MUNICIPALITIES

REGIONS: tuple[str, ...] = AREAS["region"].codes


def region_of(municipalities: tuple[int, ...]) -> Any:
    """By municipality: its region's number."""
    return np.array(
        [REGIONS.index(MUNICIPALITIES[f"{code:03d}"].region) for code in municipalities],
        dtype=np.int64,
    )


def by_region(values: Any, regions: Any) -> Any:
    """Sums of values by municipality (the first axis) over each region."""
    sums = np.zeros((len(REGIONS), *values.shape[1:]), dtype=np.float64)
    np.add.at(sums, regions, values)
    return sums
