"""Event rates: how often conversations are held and offers begun, by group and time in the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.outlook.frailty import Panel, fitted
from tilsyn.outlook.history import GROUPS, History
from tilsyn.outlook.kernel.frailty import LEFT_OUT, Frailty
from tilsyn.outlook.shrinkage import PRIOR_EVENTS, factors, rates

STAYS = np.array([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 18, 24])
"""First of the months in the place before, by class: efforts change most in the first year."""

PHASES = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3])
"""By class: the half-year or year it lies in, whose rate each group has by itself."""

RECENT, SEASONS = 12, 24
"""Months the rates are read from; months there must be before the season is."""


def stay_class(months: Any) -> Any:
    """The class of so many months in the place before."""
    return np.searchsorted(STAYS, months, side="right") - 1


@dataclass(frozen=True)
class Exposure:
    """Exposure and events; those of several buckets add up.

    Attributes:
        exposed: measure x municipality x group x class of stay x month: whole person-months.
        events: the events in them.
        panel: some persons month by month.
    """

    exposed: Any
    events: Any
    panel: Panel

    def __add__(self, other: Exposure) -> Exposure:
        return Exposure(
            self.exposed + other.exposed,
            self.events + other.events,
            self.panel + other.panel,
        )


def exposure(past: History, persons: int) -> Exposure:
    """Count events by who had them, month by month.

    Args:
        past: the history.
        persons: how many of them at most are in the panel.
    """
    measures, _, months = past.events.shape
    size = len(past.municipalities) * GROUPS * len(STAYS) * months
    person, month = np.nonzero(past.whole)
    cell = past.place[person, month].astype(np.int64) * len(STAYS)
    cell += stay_class(past.stay[person, month] - 1)
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
    return Exposure(exposed, happened, Panel.of(past, persons))


@dataclass(frozen=True)
class EventRates:
    """What is expected to happen.

    Attributes:
        rate: measure x municipality x group x class of stay: events in a month of an even year.
        frailty: by measure: how persons differ in it.
        season: measure x calendar month (0: January): more or less than in an even year.
        variance: measure x municipality x group: of the rates' level, as a share of its square: it
            is known from so many events only (the posterior of `shrinkage.factors`).
        overdispersion: measure x municipality: the spread (standard deviation) of a month's events
            about the expected, beyond chance, common to all persons.
        autocorrelation: by measure: how much of that lasts to the next month.
    """

    rate: Any
    frailty: tuple[Frailty, ...]
    season: Any
    variance: Any
    overdispersion: Any
    autocorrelation: Any


def event_rates(counted: Exposure, reported: Any, calendar: Any) -> EventRates:
    """The rates of each municipality, drawn towards the whole register's.

    Args:
        counted: what happened.
        reported: measure x month: the share of the month's events that is registered by now.
        calendar: by month: 0 for January.
    """
    exposed = counted.exposed * reported[:, None, None, None, :]
    season = _season(counted.events, exposed, calendar)
    by_month = season[:, calendar]
    even = exposed * by_month[:, None, None, None, :]
    recent = slice(-RECENT, None)
    cases, weight = counted.events[..., recent].sum(-1), even[..., recent].sum(-1)
    base = _base(cases.sum(axis=1), weight.sum(axis=1))
    expected = (weight * base[:, None]).sum(axis=3)
    rate = base[:, None] * factors(cases.sum(axis=3), expected)[..., None]
    monthly = (even * rate[..., None]).sum(axis=(2, 3))
    spread, autocorrelation = overdispersion(counted.events.sum(axis=(2, 3)), monthly)
    frailty = tuple(
        fitted(counted.panel, k, rate[k].reshape(-1, len(STAYS)), STAYS, by_month[k] * reported[k])
        for k in range(len(cases))
    )
    variance = 1 / (cases.sum(axis=3) + PRIOR_EVENTS)
    return EventRates(rate, frailty, season, variance, spread, autocorrelation)


MONTHS_WORTH = 12
"""Months' worth by which a municipality's overdispersion is drawn towards that of all."""


def overdispersion(observed: Any, expected: Any) -> tuple[Any, Any]:
    """How counts stray from month to month beyond chance (by moments), and how much of that lasts.

    What a municipality's own months show is drawn towards what all municipalities' do.

    Args:
        observed, expected: kind x municipality x month: counts.

    Returns:
        Kind x municipality: the spread (standard deviation) as a share; by kind: the part that
        lasts to the next month.
    """
    level = np.where(expected > 0, observed, 0).sum(-1) / np.maximum(expected.sum(-1), 1e-9)
    usual = np.maximum(expected * level[..., None], 1e-9)
    strayed = np.where(usual > 1, observed / usual - 1, 0.0)
    weight = np.where(usual > 1, usual, 0.0)
    total = np.maximum(weight.sum(-1), 1e-9)
    variance = (weight * strayed**2 - (weight > 0)).sum(-1) / total
    together = (weight[..., 1:] * strayed[..., 1:] * strayed[..., :-1]).sum(-1) / total
    share = observed.shape[-1] / (observed.shape[-1] + MONTHS_WORTH)
    by_all = np.average(variance, axis=1, weights=total)
    variance = np.maximum(share * variance + (1 - share) * by_all[:, None], 0.0)
    lasting = np.average(together, axis=1, weights=total) / np.maximum(by_all, 1e-9)
    lasting = np.where(by_all > 1e-6, np.clip(lasting, 0.0, 0.9), 0.0)
    return np.minimum(np.sqrt(variance), 0.5), lasting


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
