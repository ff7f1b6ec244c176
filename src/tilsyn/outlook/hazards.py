"""Exits by group and duration, and entrants, from the register's history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tilsyn.measures.definitions import Definitions
from tilsyn.outlook.history import GROUPS, NOWHERE, History, history
from tilsyn.outlook.kernel.frailty import LEFT_OUT
from tilsyn.outlook.kernel.known import KEPT_MONTHS, WEEKS_A_MONTH
from tilsyn.outlook.shrinkage import factors, rates
from tilsyn.outlook.situation import Projection, Situation
from tilsyn.vocabulary import MEASURES, MonthRange, YearMonth

BANDS = np.array(
    [int(band.rstrip("+").partition("-")[0]) for band in MEASURES["durations"].categories]
)
"""First completed week of each duration band (those of the measure of durations)."""

EXIT_MONTHS, ENTRY_MONTHS = 24, 12
"""Months of history that exits and entries are read from."""


def band(weeks: Any) -> Any:
    """The duration band of completed weeks."""
    return np.searchsorted(BANDS, weeks, side="right") - 1


@dataclass(frozen=True)
class Movements:
    """Counts of leaving and coming; those of several buckets add up.

    Attributes:
        exposed, left: municipality x group x band: person-months, and those not followed by
            another in the same municipality and group.
        entrants: one row an entry of the latest months: municipality x group (flat), completed
            weeks of seniority at the end of the month of entry.
        before: measure x entrant x month: events in the months before, the latest first.
        since_start: measure x entrant: those of them in months of the run that goes on.
    """

    exposed: Any
    left: Any
    entrants: Any
    before: Any
    since_start: Any

    def __add__(self, other: Movements) -> Movements:
        return Movements(
            self.exposed + other.exposed,
            self.left + other.left,
            np.concatenate([self.entrants, other.entrants]),
            np.concatenate([self.before, other.before], axis=1),
            np.concatenate([self.since_start, other.since_start], axis=1),
        )

    def in_order(self) -> Movements:
        """With the entrants in the order of their places, as `of` takes them."""
        order = np.argsort(self.entrants[:, 0], kind="stable")
        return replace(
            self,
            entrants=self.entrants[order],
            before=self.before[:, order],
            since_start=self.since_start[:, order],
        )

    def of(self, municipality: int) -> slice:
        """The entrants of a municipality (index), once they are in order."""
        ends = [municipality * GROUPS, (municipality + 1) * GROUPS]
        return slice(*np.searchsorted(self.entrants[:, 0], ends))


def movements(past: History) -> Movements:
    """Count who left and who came."""
    place, weeks = past.place, past.weeks
    months = place.shape[1]
    shape = (len(past.municipalities), GROUPS)
    since = max(0, months - 1 - EXIT_MONTHS)
    now, then = place[:, since:-1], place[:, since + 1 :]
    here = now >= 0
    cell = now[here] * len(BANDS) + band(weeks[:, since:-1][here])
    size = shape[0] * GROUPS * len(BANDS)
    exposed = np.bincount(cell, minlength=size)
    left = np.bincount(cell[(then != now)[here]], minlength=size)
    came = (place[:, 1:] != place[:, :-1]) & (place[:, 1:] >= 0)
    person, month = np.nonzero(came)
    month += 1
    recent = month >= months - ENTRY_MONTHS
    person, month = person[recent], month[recent]
    back = month[:, None] - 1 - np.arange(KEPT_MONTHS)
    happened = past.events[:, person[:, None], np.maximum(back, 0)]
    before = np.where((happened == LEFT_OUT) | (back < 0), 0, happened).astype(np.uint8)
    entrants = np.stack([place[person, month], weeks[person, month]], axis=1)
    banded = (*shape, len(BANDS))
    return Movements(
        exposed.reshape(banded), left.reshape(banded), entrants, before,
        _since_start(past, person, month),
    )  # fmt: skip


def _since_start(past: History, person: Any, month: Any) -> Any:
    """Events since the run began that goes on in a month, which is not counted.

    A run's elapsed weeks say when it began; where only days on the benefit add up, it began in the
    first month back from which the weeks have not fallen.
    """
    group, weeks = past.place[person, month] % GROUPS, past.weeks[person, month]
    start, lowest = month.copy(), weeks.copy()
    for back in range(1, past.place.shape[1]):
        at = np.maximum(month - back, 0)
        place, then = past.place[person, at], past.weeks[person, at]
        same = (month >= back) & (place >= 0) & (place % GROUPS == group)
        # Weeks are those at the month's end had they stayed, up to four more than they came to.
        goes_on = same & (then <= lowest + 4)
        start = np.where(goes_on, at, start)
        lowest = np.where(same, np.where(goes_on, np.minimum(then, lowest), -9), lowest)
    elapsed = np.maximum(month + 1 - np.ceil(weeks / WEEKS_A_MONTH).astype(np.int64), 0)
    start = np.where(past.accumulates[group], start, np.minimum(elapsed, month))
    happened = np.where(past.events == LEFT_OUT, 0, past.events).astype(np.int16)
    upto = np.zeros((*happened.shape[:2], happened.shape[2] + 1), dtype=np.int16)
    np.cumsum(happened, axis=2, out=upto[:, :, 1:])
    return upto[:, person, month] - upto[:, person, start]


@dataclass(frozen=True)
class Hazards:
    """What is expected of leaving.

    Attributes:
        leaving: municipality x group x band: the chance of a month being the last.
    """

    leaving: Any


def hazards(counted: Movements) -> Hazards:
    """Hazards of each municipality, drawn towards the whole register's."""
    exposed, left = counted.exposed, counted.left
    base = rates(left.sum(axis=0), exposed.sum(axis=0))
    leaving = base * factors(left.sum(axis=2), (exposed * base).sum(axis=2))[:, :, None]
    return Hazards(np.clip(leaving, 0.0, 0.95))


SURVIVAL_MONTHS = EXIT_MONTHS + 1
"""Months of the past that are looked at: each but the first may be the one after a last."""


def survival(
    projection: Projection,
    situation: Situation,
    definitions: Definitions,
    municipalities: tuple[int, ...],
    municipality: int,
) -> Any:
    """By place, the chance that the person is on the same benefit until the place's month.

    Args:
        projection: places of the municipality.
        situation: read since `SURVIVAL_MONTHS` before the projection's first month.
        municipalities: codes of the whole register, in order.
    """
    last = projection.months[0] - 1
    past = MonthRange(max(last - (SURVIVAL_MONTHS - 1), YearMonth(1990, 2)), last)
    lived = history(situation, definitions, municipalities, past)
    leaving = hazards(movements(lived)).leaving[municipalities.index(municipality)]
    here = lived.place[projection.person, -1] != NOWHERE
    weeks = np.where(here, lived.weeks[projection.person, -1], 0)
    chance = np.ones(len(projection))
    for month in range(len(projection.months) - 1):
        later = projection.month > month
        at = band(weeks + month * WEEKS_A_MONTH)
        chance[later] *= 1 - leaving[projection.group[later], at[later]]
    return chance
