"""The pace: how often conversations are held and offers begun, by group and how far the person is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.planning.outlook.history import GROUPS, LEFT_OUT, History
from tilsyn.planning.outlook.regions import by_region, local_doubt, region_of
from tilsyn.planning.outlook.shrinkage import OF_OTHERS, factors, rates
from tilsyn.planning.outlook.swings import strayed

TENURES = np.array([0, 27, 53, 105])
"""First completed week of the first and second half-year, the second year and what follows."""

TRAILING, MOST = 12, 8
"""Months back in which events tell how eager a person's course is; kinds of that: 0, 1 … 7+."""

RECENT, SEASONS = 12, 24
"""Months the pace is read from; months there must be before the season is."""


def tenure(weeks: Any) -> Any:
    """The class of tenure of completed weeks."""
    return np.searchsorted(TENURES, weeks, side="right") - 1


@dataclass(frozen=True)
class Activity:
    """Counts of what happened; those of several buckets add up.

    Attributes: measure x municipality x group x tenure x earlier events x month, each:
        exposed: whole person-months.
        some: those with an event; events: how many they had.
    """

    exposed: Any
    some: Any
    events: Any

    def __add__(self, other: Activity) -> Activity:
        return Activity(
            self.exposed + other.exposed, self.some + other.some, self.events + other.events
        )


def activity(past: History) -> Activity:
    """Count events by who had them, month by month."""
    measures, _, months = past.events.shape
    earlier = np.minimum(past.trailing(TRAILING), MOST - 1)
    kinds = len(TENURES) * MOST
    size = len(past.municipalities) * GROUPS * kinds * months
    person, month = np.nonzero(past.whole)
    base = past.place[person, month].astype(np.int64) * len(TENURES)
    base += tenure(past.weeks[person, month])
    shape = (len(past.municipalities), GROUPS, len(TENURES), MOST, months)
    found = []
    for k in range(measures):
        events = past.events[k, person, month]
        cell = (base * MOST + earlier[k, person, month]) * months + month
        counted = events != LEFT_OUT
        cell, events = cell[counted], events[counted]
        counts = (
            np.bincount(cell, minlength=size),
            np.bincount(cell[events > 0], minlength=size),
            np.bincount(cell, events, minlength=size),
        )
        found.append([count.reshape(shape) for count in counts])
    return Activity(*(np.stack(kind) for kind in zip(*found, strict=True)))


@dataclass(frozen=True)
class Pace:
    """What is expected to happen.

    Attributes:
        chance: measure x municipality x group x tenure x earlier events: the chance of an event in
            a month of an even year.
        second: measure x group x tenure: the chance of one more beside each.
        season: measure x calendar month (0: January): more or less than in an even year.
        swing, lasting: measure x municipality: the spread (standard deviation) of a month's pace
            about the expected, common to all persons, and how much of it lasts to the next month.
        doubt: measure x municipality x group x tenure: the variance of the pace's level, as a share
            of its square: it is known from so many cases only.
    """

    chance: Any
    second: Any
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
    exposed = counted.exposed * seen[:, None, None, None, None, :]
    season = _season(counted.some, exposed, calendar)
    even = exposed * season[:, calendar][:, None, None, None, None, :]
    recent = slice(-RECENT, None)
    some, weight = counted.some[..., recent].sum(-1), even[..., recent].sum(-1)
    base = _base(some.sum(axis=1), weight.sum(axis=1))
    regions = region_of(municipalities)
    chance, doubt = np.empty(some.shape), np.empty(some.shape[:-1])
    # What everybody's rates rest on, by group and tenure.
    cases = some.sum(axis=(1, 4))
    for k in range(len(some)):
        expected = (weight[k] * base[k]).sum(axis=(2, 3))
        observed = some[k].sum(axis=(2, 3))
        regional = factors(by_region(observed, regions), by_region(expected, regions))[regions]
        local = factors(observed, expected * regional)
        chance[k] = base[k] * (regional * local)[:, :, None, None]
        own = local_doubt(observed, expected, regions)
        doubt[k] = 1 / (cases[k] + OF_OTHERS) + own[:, :, None]
    events, first = (table.sum((1, 4, 5)) for table in (counted.events, counted.some))
    second = rates(events - first, events)
    expected = (even * chance[..., None]).sum(axis=(2, 3, 4))
    swing, lasting = strayed(counted.some.sum(axis=(2, 3, 4)), expected)
    return Pace(np.clip(chance, 0.0, 0.95), second, season, swing, lasting, doubt)


def _base(some: Any, weight: Any) -> Any:
    """The chance of an event over the whole register: measure x group x tenure x earlier events.

    How much earlier events tell is taken to be the same in every group, so that it is known well:
    who has had many goes on having more than others.
    """
    plain = rates(some.sum(axis=3), weight.sum(axis=3))[..., None]
    telling = np.stack(
        [
            [factors(*cells) for cells in zip(*tables, strict=True)]
            for tables in zip(some.sum(axis=1), (weight * plain).sum(axis=1), strict=True)
        ]
    )
    shaped = plain * telling[:, None]
    left_over = factors(some.sum(axis=3), (weight * shaped).sum(axis=3))
    return shaped * left_over[..., None]


def _season(some: Any, exposed: Any, calendar: Any) -> Any:
    """More or less than in an even year, by measure and calendar month, over the whole register."""
    measures, months = len(some), some.shape[-1]
    season = np.ones((measures, 12))
    if months < SEASONS:
        return season
    whole = months // 12 * 12
    at = calendar[-whole:]
    cases, persons = some[..., -whole:].sum(1), exposed[..., -whole:].sum(1)
    base = rates(cases.sum(-1), persons.sum(-1))
    for k in range(measures):
        expected = np.bincount(at, (persons[k] * base[k][..., None]).sum((0, 1, 2)), 12)
        season[k] = factors(np.bincount(at, cases[k].sum((0, 1, 2)), 12), expected)
    return season
