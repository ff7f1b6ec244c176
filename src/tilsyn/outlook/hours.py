"""Ordinary hours: what each person worked lately, and how many meet a requirement by hours alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from tilsyn.measures.kernel.arrays import Hours
from tilsyn.measures.kernel.calendar import month_number
from tilsyn.outlook.history import GROUPS
from tilsyn.outlook.situation import Projection
from tilsyn.vocabulary import YearMonth

PRIOR = 30
"""Persons' worth by which a municipality's share is drawn towards the whole register's."""


def worked(hours: Hours, persons: int, last: YearMonth, months: int) -> Any:
    """Person x month, the latest first: hundredths of hours in the months that end with `last`."""
    back = month_number(last) - hours.month
    inside = (back >= 0) & (back < months)
    table = np.zeros((persons, months), dtype=np.int32)
    np.add.at(table, (hours.person[inside], back[inside]), hours.hours[inside])
    return table


def without_events(measured: Projection, municipalities: tuple[int, ...]) -> Any:
    """Measure x municipality x group x (persons without enough events, met by hours of them).

    Counts of person-months; those of several buckets add up.
    """
    shape = (len(measured.measures), len(municipalities), GROUPS)
    index = np.searchsorted(np.array(municipalities), measured.municipality)
    short = measured.counted < measured.required
    at = np.ravel_multi_index((measured.measure, index, measured.group), shape)
    size = int(np.prod(shape))
    counts = [np.bincount(at[mask], minlength=size) for mask in (short, short & measured.met)]
    return np.stack([count.reshape(shape) for count in counts], axis=-1)


def by_hours(counted: Any, municipality: int) -> Any:
    """Measure x group: the share of persons without enough events who meet by hours."""
    whole = counted.sum(axis=1)
    share = whole[..., 1] / np.maximum(whole[..., 0], 1)
    mine = counted[:, municipality]
    return (mine[..., 1] + PRIOR * share) / (mine[..., 0] + PRIOR)
