"""Which region each municipality lies in, as numbers, sums over regions, and what they leave in doubt."""

from __future__ import annotations

from typing import Any

import numpy as np

from tilsyn.outlook.shrinkage import doubts
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


def local_doubt(observed: Any, expected: Any, regions: Any) -> Any:
    """Municipality x group: the variance of region's and municipality's factors together.

    Where a municipality is the whole register, its factor is that of the register's own rates,
    whose doubt is counted there; so each step counts for the part that lies outside.

    Args:
        observed, expected: municipality x group: cases, and those expected from everybody's rates.
        regions: by municipality.
    """
    seen, usual = by_region(observed, regions), by_region(expected, regions)
    outside = 1 - usual / np.maximum(usual.sum(axis=0), 1e-9)
    regional = (doubts(seen, usual) * outside)[regions]
    scaled = expected * ((seen + 1) / (usual + 1))[regions]
    within = 1 - expected / np.maximum(usual[regions], 1e-9)
    return regional + doubts(observed, scaled) * within
