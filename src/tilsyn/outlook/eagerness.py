"""Eagerness: how persons differ in how often something happens, and how regularly it does.

A person's events in a stay in one place come at the place's pace times a factor of the person's own
that lasts (a gamma with mean one), times one for the time since their last event. What a month will
bring is foretold from the person's months before alone; the factors are those with which months of
each kind bring what was foretold, and the gamma the one under which what came is likeliest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tilsyn.outlook.history import NOWHERE, History
from tilsyn.outlook.kernel.eager import NONE_YET, QUIET, Tally, Traits, follow
from tilsyn.outlook.shrinkage import OF_OTHERS, factors

LEAST_ALIKE, MOST_ALIKE = 0.1, 1000.0
"""Bounds of the gamma's shape."""

LEARNT = 12
"""The latest months, which are foretold; those before are only learnt from."""

STEPS = (4.0, 2.0, 1.3)
"""How far the shape is sought in each of the rounds in which it and the factors are found."""


@dataclass(frozen=True)
class Followed:
    """Some persons month by month, as `History` has them."""

    place: Any
    stay: Any
    served: Any
    whole: Any
    events: Any

    @classmethod
    def of(cls, past: History, persons: int) -> Followed:
        """At most so many of a history's persons, evenly drawn."""
        there = np.flatnonzero((past.place != NOWHERE).any(axis=1))
        some = there[:: max(1, -(-len(there) // persons))]
        return cls(
            past.place[some],
            past.stay[some],
            past.served[some],
            past.whole[some],
            past.events[:, some],
        )

    def __add__(self, other: Followed) -> Followed:
        return Followed(
            np.concatenate([self.place, other.place]),
            np.concatenate([self.stay, other.stay]),
            np.concatenate([self.served, other.served]),
            np.concatenate([self.whole, other.whole]),
            np.concatenate([self.events, other.events], axis=1),
        )


class Eagerness(NamedTuple):
    """How persons differ in one measure's events.

    Attributes:
        alike: the gamma's shape: the smaller, the more persons differ.
        by_stay: factor on the pace by class of stay, which differing persons leave to be made up.
        by_quiet: factor by time since the person's last event in the place.
        together: months with an event, against those there would be if events came independently:
            above one they are spread out, below one they come together.
        clustered: how much less a number of events tells of the pace than as many independent ones,
            because many are of the same persons.
    """

    alike: float
    by_stay: Any
    by_quiet: Any
    together: float
    clustered: float

    def traits(self, stays: Any) -> Traits:
        """As the kernel takes them."""
        return Traits(float(self.alike), stays, self.by_stay, self.by_quiet)


def eagerness(followed: Followed, measure: int, rate: Any, stays: Any, usual: Any) -> Eagerness:
    """How the persons followed differ.

    Args:
        measure: index.
        rate: place x class of stay: events in a month of an even year.
        stays: first of the months in the place before, by class.
        usual: by month: the season's factor, and the share registered.
    """
    months = followed.place.shape[1]
    begin = max(0, months - LEARNT)
    events = np.ascontiguousarray(followed.events[measure])
    rate = np.ascontiguousarray(rate)

    def foretold(found: Eagerness) -> Tally:
        tally = Tally(
            np.zeros((QUIET, 2)), np.zeros((len(stays), 2)), np.zeros(2), np.zeros(2), np.zeros(1)
        )
        follow(
            followed.place, followed.stay, followed.served, followed.whole, events, rate, usual,
            found.traits(stays), begin, tally,
        )  # fmt: skip
        return tally

    found = Eagerness(8.0, np.ones(len(stays)), np.ones(QUIET), 1.0, 1.0)
    for step in STEPS:
        found = _likeliest(found, step, foretold)
        for _ in range(2):
            told = foretold(found)
            quiet = found.by_quiet.copy()
            # Of who has had none yet, the months served say enough.
            quiet[:NONE_YET] *= factors(told.by_quiet[:NONE_YET, 1], told.by_quiet[:NONE_YET, 0])
            told = foretold(found._replace(by_quiet=quiet))
            made_up = (told.by_stay[:, 1] + OF_OTHERS) / (told.by_stay[:, 0] + OF_OTHERS)
            found = found._replace(by_quiet=quiet, by_stay=found.by_stay * made_up)
    told = foretold(found)
    return found._replace(
        together=float((told.some[1] + OF_OTHERS) / (told.some[0] + OF_OTHERS)),
        clustered=float(1 + told.lasting[0] / max(told.lasting[1], 1.0) / found.alike),
    )


def _likeliest(found: Eagerness, step: float, foretold: Any) -> Eagerness:
    """The shape under which what came is likeliest, as far as such steps go."""

    def likelihood(alike: float) -> float:
        return float(foretold(found._replace(alike=alike)).likelihood[0])

    best, at = found.alike, likelihood(found.alike)
    for by in (step, 1 / step):
        tried = best * by
        while LEAST_ALIKE <= tried <= MOST_ALIKE and (now := likelihood(tried)) > at:
            best, at, tried = tried, now, tried * by
    return found._replace(alike=best)
