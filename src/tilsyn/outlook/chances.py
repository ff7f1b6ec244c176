"""The chance that a person is still there in a coming month, from the exits of the past two years."""

from __future__ import annotations

from typing import Any

import numpy as np

from tilsyn.measures.definitions import Definitions
from tilsyn.outlook.hazards import EXIT_MONTHS, band, hazards, movements
from tilsyn.outlook.history import NOWHERE, history
from tilsyn.outlook.kernel.known import WEEKS_A_MONTH
from tilsyn.outlook.situation import Projection, Situation
from tilsyn.vocabulary import MonthRange, YearMonth

PAST = EXIT_MONTHS + 1
"""Months of the past that are looked at: each but the first may be the one after a last."""


def stays(
    projection: Projection,
    situation: Situation,
    definitions: Definitions,
    municipalities: tuple[int, ...],
    municipality: int,
) -> Any:
    """By place, the chance that the person is on the same benefit until the place's month.

    Chances of leaving go by benefit group and duration, and are drawn towards those of all groups
    where there are few.

    Args:
        projection: places of the municipality.
        situation: read since `PAST` months before the projection's first.
        municipalities: codes of the whole register, in order.
    """
    last = projection.months[0] - 1
    past = MonthRange(max(last - (PAST - 1), YearMonth(1990, 2)), last)
    lived = history(situation, definitions, municipalities, past)
    leaving = hazards(movements(lived), municipalities).leaving[municipalities.index(municipality)]
    here = lived.place[projection.person, -1] != NOWHERE
    weeks = np.where(here, lived.weeks[projection.person, -1], 0)
    chance = np.ones(len(projection))
    for month in range(len(projection.months) - 1):
        later = projection.month > month
        at = band(weeks + month * WEEKS_A_MONTH)
        chance[later] *= 1 - leaving[projection.group[later], at[later]]
    return chance
