"""Who leaves and who comes: exits by group and duration, and entries, from the register's history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tilsyn.outlook.history import GROUPS, History
from tilsyn.outlook.kernel.eager import LEFT_OUT
from tilsyn.outlook.kernel.known import KEPT_MONTHS, WEEKS_A_MONTH
from tilsyn.outlook.regions import by_region, local_doubt, region_of
from tilsyn.outlook.shrinkage import OF_OTHERS, factors, rates
from tilsyn.outlook.swings import strayed
from tilsyn.vocabulary import MEASURES

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
        exposed, left: municipality x group x band x month: persons, and those not followed by
            another month in the same municipality and group.
        moved: group x (persons on a benefit over a month's end, those of them who are in another
            municipality or group the month after).
        paused: group x (persons in a month who are on no benefit over its end, those of them who
            are in the same place the month after).
        slips: group x (months followed by another in the same place, those in which days were lost
            to the seniority, days lost).
        entries: municipality x group x month: persons who were not there the month before.
        entrants: one row an entry of the latest months, and one a person whom the last month's end
            found on no benefit: municipality x group (flat), completed weeks of seniority at the
            end of the month of entry (else of the month before the first coming one), months
            served; -1 for who enters.
        before: measure x entrant x month: events in the months before, the latest first.
        since_start: measure x entrant: those of them in months of the run that goes on.
    """

    exposed: Any
    left: Any
    moved: Any
    paused: Any
    slips: Any
    entries: Any
    entrants: Any
    before: Any
    since_start: Any

    def __add__(self, other: Movements) -> Movements:
        return Movements(
            self.exposed + other.exposed,
            self.left + other.left,
            self.moved + other.moved,
            self.paused + other.paused,
            self.slips + other.slips,
            self.entries + other.entries,
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
    cell = cell * here.shape[1] + np.nonzero(here)[1]
    size = shape[0] * GROUPS * len(BANDS) * here.shape[1]
    exposed = np.bincount(cell, minlength=size)
    left = np.bincount(cell[(then != now)[here]], minlength=size)
    lost = np.maximum(past.slipped[:, since + 1 :], 0)[here & (then == now)]
    group = now[here & (then == now)] % GROUPS
    slips = np.stack(
        [np.bincount(group, w, GROUPS) for w in (np.ones_like(lost), lost > 0, lost)], axis=1
    )
    going = past.going[:, since:-1]
    moved, paused = (
        np.stack(
            [np.bincount(now[mask] % GROUPS, minlength=GROUPS) for mask in (there, there & met)],
            axis=1,
        )
        for there, met in ((here & going & (then >= 0), then != now), (here & ~going, then == now))
    )
    came = (place[:, 1:] != place[:, :-1]) & (place[:, 1:] >= 0)
    person, month = np.nonzero(came)
    month += 1
    entries = np.zeros((*shape, months), dtype=np.int64)
    np.add.at(entries.reshape(-1, months), (place[person, month], month), 1)
    recent = month >= months - ENTRY_MONTHS
    pausing = np.flatnonzero((place[:, -1] >= 0) & ~past.going[:, -1])
    person = np.concatenate([person[recent], pausing])
    month = np.concatenate([month[recent], np.full(len(pausing), months)])
    returning = month == months
    back = month[:, None] - 1 - np.arange(KEPT_MONTHS)
    month = np.minimum(month, months - 1)
    happened = past.events[:, person[:, None], np.maximum(back, 0)]
    before = np.where((happened == LEFT_OUT) | (back < 0), 0, happened).astype(np.uint8)
    lately = np.where(returning, months, month)
    since_start = _since_start(past, person, month, lately)
    served = np.where(returning, past.served[person, month] + 1, -1)
    entrants = np.stack([place[person, month], weeks[person, month], served], axis=1)
    banded = (*shape, len(BANDS), here.shape[1])
    return Movements(
        exposed.reshape(banded), left.reshape(banded), moved, paused, slips, entries, entrants,
        before, since_start,
    )  # fmt: skip


def _since_start(past: History, person: Any, month: Any, until: Any) -> Any:
    """Events since the run began that goes on in a month, up to another month (not counted).

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
    return upto[:, person, until] - upto[:, person, start]


@dataclass(frozen=True)
class Hazards:
    """What is expected of leaving and coming.

    Attributes:
        leaving: municipality x group x band: the chance of a month being the last.
        moving: group: the chance of who is on a benefit over a month's end to be in another place
            the month after.
        returning: group: the chance of who is not, but was in the month, to be in the same place.
        slipping: group x (the chance that a month adds less than its days to the seniority, and
            how many months less where it does).
        coming: municipality x group: entries a month.
        swing: municipality: the spread (standard deviation) of a month's entries about that,
            beyond chance, as a share of them.
        doubt, coming_doubt: municipality x group: the variance of leaving's and coming's level, as a
            share of its square: it is known from so many cases only.
        leaving_swing, leaving_lasting: municipality: the spread of a month's exits about what is
            expected, beyond chance, and how much of it lasts to the next month.
    """

    leaving: Any
    moving: Any
    returning: Any
    slipping: Any
    coming: Any
    swing: Any
    doubt: Any
    coming_doubt: Any
    leaving_swing: Any
    leaving_lasting: Any


def hazards(counted: Movements, municipalities: tuple[int, ...]) -> Hazards:
    """Hazards of each municipality, drawn towards its region's and those towards the register's."""
    exposed, left = counted.exposed.sum(axis=3), counted.left.sum(axis=3)
    base = rates(left.sum(axis=0), exposed.sum(axis=0))
    regions = region_of(municipalities)
    expected = (exposed * base).sum(axis=2)
    observed = left.sum(axis=2)
    regional = factors(by_region(observed, regions), by_region(expected, regions))[regions]
    local = factors(observed, expected * regional)
    leaving = base * (regional * local)[:, :, None]
    doubt = 1 / (left.sum(axis=(0, 2)) + OF_OTHERS) + local_doubt(observed, expected, regions)
    monthly = (counted.exposed * leaving[..., None]).sum(axis=(1, 2))
    strays = strayed(counted.left.sum(axis=(1, 2))[None], monthly[None])
    recent = counted.entries[:, :, -ENTRY_MONTHS:]
    coming = recent.mean(axis=2)
    total = recent.sum(axis=1)
    mean = np.maximum(total.mean(axis=1), 1e-9)
    beyond = total.var(axis=1, ddof=1 if total.shape[1] > 1 else 0) - mean
    swing = np.sqrt(np.maximum(beyond, 0)) / mean
    months, lossy, days = counted.slips.T
    lost = days / np.maximum(lossy, 1) / (7 * WEEKS_A_MONTH)

    def share(persons: Any) -> Any:
        return np.minimum(rates(persons[:, 1], persons[:, 0]), 0.95)

    slipping = np.stack([lossy / np.maximum(months, 1), lost], axis=1)
    return Hazards(
        np.clip(leaving, 0.0, 0.95), share(counted.moved), share(counted.paused), slipping, coming, np.minimum(swing, 1.0),
        doubt, 1 / (recent.sum(axis=2) + 1), strays[0][0], strays[1][0],
    )  # fmt: skip
