"""Frailty: how persons differ in how often something happens, and how regularly it does.

A person's events in a stay in one place come at the place's rate times a factor of the person's own
that lasts (a gamma with mean one), times one for the time since their last event. What a month will
bring is expected from the person's months before alone; the factors are those with which months of
each kind bring what was expected, and the gamma the one under which what came is likeliest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.outlook.history import NOWHERE, History
from tilsyn.outlook.kernel.frailty import GAPS, NONE_YET, Fit, Frailty, fit_months
from tilsyn.outlook.shrinkage import PRIOR_CASES, factors

LEAST_SHAPE, MOST_SHAPE = 0.1, 1000.0
"""Bounds of the gamma's shape."""

FITTED_MONTHS = 12
"""The latest months, which are fitted; those before are only learnt from."""

STEPS = (4.0, 2.0, 1.3)
"""How far the shape is sought in each of the rounds in which it and the factors are found."""


@dataclass(frozen=True)
class Panel:
    """Some persons month by month, as `History` has them."""

    place: Any
    stay: Any
    whole: Any
    events: Any

    @classmethod
    def of(cls, past: History, persons: int) -> Panel:
        """At most so many of a history's persons, evenly drawn."""
        there = np.flatnonzero((past.place != NOWHERE).any(axis=1))
        some = there[:: max(1, -(-len(there) // persons))]
        return cls(past.place[some], past.stay[some], past.whole[some], past.events[:, some])

    def __add__(self, other: Panel) -> Panel:
        return Panel(
            np.concatenate([self.place, other.place]),
            np.concatenate([self.stay, other.stay]),
            np.concatenate([self.whole, other.whole]),
            np.concatenate([self.events, other.events], axis=1),
        )


def fitted(panel: Panel, measure: int, rate: Any, stays: Any, usual: Any) -> Frailty:
    """How the persons of a panel differ.

    Args:
        measure: index.
        rate: place x class of stay: events in a month of an even year.
        stays: first of the months in the place before, by class.
        usual: by month: the season's factor, and the share registered.
    """
    begin = max(0, panel.place.shape[1] - FITTED_MONTHS)
    events, rate = np.ascontiguousarray(panel.events[measure]), np.ascontiguousarray(rate)

    def fit(found: Frailty) -> Fit:
        made = Fit(np.zeros((GAPS, 2)), np.zeros((len(stays), 2)), np.zeros(2), np.zeros(1))
        fit_months(panel.place, panel.stay, panel.whole, events, rate, usual, found, begin, made)
        return made

    found = Frailty(8.0, stays, np.ones(len(stays)), np.ones(GAPS), 1.0)
    for step in STEPS:
        found = _likeliest(found, step, fit)
        for _ in range(2):
            made, by_gap = fit(found), found.by_gap.copy()
            # Of who has had none yet, the months in the place say enough.
            expected, observed = made.by_gap[:NONE_YET].T
            by_gap[:NONE_YET] *= factors(observed, expected, PRIOR_CASES)
            made = fit(found._replace(by_gap=by_gap))
            made_up = (made.by_stay[:, 1] + PRIOR_CASES) / (made.by_stay[:, 0] + PRIOR_CASES)
            found = found._replace(by_gap=by_gap, by_stay=found.by_stay * made_up)
    expected, observed = fit(found).some
    return found._replace(spread_out=float((observed + PRIOR_CASES) / (expected + PRIOR_CASES)))


def _likeliest(found: Frailty, step: float, fit: Any) -> Frailty:
    """The shape under which what came is likeliest, as far as such steps go."""

    def likelihood(shape: float) -> float:
        return float(fit(found._replace(shape=shape)).likelihood[0])

    best, at = found.shape, likelihood(found.shape)
    for by in (step, 1 / step):
        tried = best * by
        while LEAST_SHAPE <= tried <= MOST_SHAPE and (now := likelihood(tried)) > at:
            best, at, tried = tried, now, tried * by
    return found._replace(shape=best)
