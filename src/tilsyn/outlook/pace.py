"""The pace: how often conversations are held and offers begun, by group and time in the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.outlook.eagerness import Eagerness, Followed, eagerness
from tilsyn.outlook.history import GROUPS, History
from tilsyn.outlook.kernel.eager import LEFT_OUT
from tilsyn.outlook.regions import by_region, local_doubt, region_of
from tilsyn.outlook.shrinkage import OF_OTHERS, factors, rates
from tilsyn.outlook.swings import strayed

STAYS = np.array([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 18, 24])
"""First of the months served, by class: efforts change most in the first year."""

PHASES = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3])
"""By class: the half-year or year it lies in, whose pace each group has by itself."""

RECENT, SEASONS = 12, 24
"""Months the pace is read from; months there must be before the season is."""


def stay_class(months: Any) -> Any:
    """The class of so many months in the place before."""
    return np.searchsorted(STAYS, months, side="right") - 1


@dataclass(frozen=True)
class Activity:
    """Counts of what happened; those of several buckets add up.

    Attributes:
        exposed: measure x municipality x group x class of stay x month: whole person-months.
        events: the events in them.
        followed: some persons month by month.
    """

    exposed: Any
    events: Any
    followed: Followed

    def __add__(self, other: Activity) -> Activity:
        return Activity(
            self.exposed + other.exposed,
            self.events + other.events,
            self.followed + other.followed,
        )


def activity(past: History, persons: int) -> Activity:
    """Count events by who had them, month by month.

    Args:
        past: the history.
        persons: how many of them at most are followed one by one.
    """
    measures, _, months = past.events.shape
    size = len(past.municipalities) * GROUPS * len(STAYS) * months
    person, month = np.nonzero(past.whole)
    cell = past.place[person, month].astype(np.int64) * len(STAYS)
    cell += stay_class(past.served[person, month])
    cell = cell * months + month
    shape = (len(past.municipalities), GROUPS, len(STAYS), months)
    found = []
    for k in range(measures):
        events = past.events[k, person, month]
        counted = events != LEFT_OUT
        counts = (
            np.bincount(cell[counted], minlength=size),
            np.bincount(cell[counted], events[counted], minlength=size),
        )
        found.append([count.reshape(shape) for count in counts])
    exposed, happened = (np.stack(kind) for kind in zip(*found, strict=True))
    return Activity(exposed, happened, Followed.of(past, persons))


@dataclass(frozen=True)
class Pace:
    """What is expected to happen.

    Attributes:
        rate: measure x municipality x group x class of stay: events in a month of an even year.
        eagerness: by measure: how persons differ in it.
        season: measure x calendar month (0: January): more or less than in an even year.
        swing, lasting: measure x municipality: the spread (standard deviation) of a month's pace
            about the expected, common to all persons, and how much of it lasts to the next month.
        doubt: measure x municipality x group: the variance of the pace's level, as a share of its
            square: it is known from so many cases only.
    """

    rate: Any
    eagerness: tuple[Eagerness, ...]
    season: Any
    swing: Any
    lasting: Any
    doubt: Any


def pace(counted: Activity, seen: Any, municipalities: tuple[int, ...], calendar: Any) -> Pace:
    """The pace of each municipality, drawn towards its region's and that towards the register's.

    Args:
        counted: what happened.
        seen: measure x month: the share of the month's events that is registered by now.
        municipalities: codes, by index.
        calendar: by month: 0 for January.
    """
    exposed = counted.exposed * seen[:, None, None, None, :]
    season = _season(counted.events, exposed, calendar)
    by_month = season[:, calendar]
    even = exposed * by_month[:, None, None, None, :]
    recent = slice(-RECENT, None)
    cases, weight = counted.events[..., recent].sum(-1), even[..., recent].sum(-1)
    base = _base(cases.sum(axis=1), weight.sum(axis=1))
    regions = region_of(municipalities)
    rate, doubt = np.empty(cases.shape), np.empty(cases.shape[:-1])
    # What everybody's rates rest on, by group.
    of_all = cases.sum(axis=(1, 3))
    for k in range(len(cases)):
        expected = (weight[k] * base[k]).sum(axis=2)
        observed = cases[k].sum(axis=2)
        regional = factors(by_region(observed, regions), by_region(expected, regions))[regions]
        local = factors(observed, expected * regional)
        rate[k] = base[k] * (regional * local)[:, :, None]
        doubt[k] = 1 / (of_all[k] + OF_OTHERS) + local_doubt(observed, expected, regions)
    expected = (even * rate[..., None]).sum(axis=(2, 3))
    swing, lasting = strayed(counted.events.sum(axis=(2, 3)), expected)
    eager = tuple(
        eagerness(
            counted.followed, k, rate[k].reshape(-1, len(STAYS)), STAYS, by_month[k] * seen[k]
        )
        for k in range(len(cases))
    )
    doubt *= np.array([e.clustered for e in eager])[:, None, None]
    return Pace(rate, eager, season, swing, lasting, doubt)


def _base(cases: Any, weight: Any) -> Any:
    """Events a month over the whole register: measure x group x class of stay.

    Each group has a pace of its own in each phase. How it goes within a phase is taken to be the
    same in every group, so that it is known well, but for what a group's own cases say against it.
    """
    by_phase = np.stack([phase == PHASES for phase in range(PHASES.max() + 1)], axis=1)
    plain = rates(cases @ by_phase, weight @ by_phase)[..., PHASES]
    base = np.empty(cases.shape)
    for k in range(len(cases)):
        usual = weight[k] * plain[k]
        shape = factors(cases[k].sum(axis=0), usual.sum(axis=0))
        base[k] = plain[k] * shape * factors(cases[k], usual * shape)
    return base


def _season(events: Any, exposed: Any, calendar: Any) -> Any:
    """More or less than in an even year, by measure and calendar month, over the whole register."""
    measures, months = len(events), events.shape[-1]
    season = np.ones((measures, 12))
    if months < SEASONS:
        return season
    whole = months // 12 * 12
    at = calendar[-whole:]
    cases, persons = events[..., -whole:].sum(1), exposed[..., -whole:].sum(1)
    base = rates(cases.sum(-1), persons.sum(-1))
    for k in range(measures):
        expected = np.bincount(at, (persons[k] * base[k][..., None]).sum((0, 1)), 12)
        season[k] = factors(np.bincount(at, cases[k].sum((0, 1)), 12), expected)
    return season
