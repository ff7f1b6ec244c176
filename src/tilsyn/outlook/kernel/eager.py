"""One person followed from month to month: what was to be expected of them, and what they had."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from tilsyn.outlook.kernel.compiled import compiled

QUIET = 8
"""Kinds of time since the person's last event in the place: one to six months, more; no event yet."""
NONE_YET = QUIET - 1

LEFT_OUT = 255
"""In place of a number of events: the person was not measured."""


class Traits(NamedTuple):
    """How persons' paces differ and run.

    Attributes:
        alike: the gamma's shape: the smaller, the more persons differ.
        stays: first of the months in the place before, by class.
        by_stay: factor by class of stay.
        by_quiet: factor by time since the last event.
    """

    alike: float
    stays: Any
    by_stay: Any
    by_quiet: Any


class Tally(NamedTuple):
    """What was foretold for each month from the months before, and what came; added to.

    Attributes:
        by_quiet: class x (foretold, came): events.
        by_stay: class x (foretold, to be expected of everybody of the place and class): events.
        some: (months with an event foretold if events came independently, months that had one).
        lasting: (squares of the events to be expected in one stay, these events), over stays.
        likelihood: one number: the logarithm of the likelihood.
    """

    by_quiet: Any
    by_stay: Any
    some: Any
    lasting: Any
    likelihood: Any


@compiled
def kind_of(firsts: Any, value: float) -> int:
    """The class of a value, by the first value of each."""
    found: int = firsts.size - 1
    while found > 0 and value < firsts[found]:
        found -= 1
    return found


@compiled
def since(quiet: int, events: int) -> int:
    """The time since the last event, a month with so many events later."""
    later = min(quiet + 1, NONE_YET - 1) if quiet < NONE_YET else NONE_YET
    return 0 if events > 0 else later


@compiled
def follow(
    place: Any,
    stay: Any,
    served: Any,
    whole: Any,
    events: Any,
    rate: Any,
    usual: Any,
    traits: Traits,
    begin: int,
    tally: Tally,
) -> None:
    """Foretell each month from the months before it (gamma-Poisson), person by person.

    Args:
        place, stay, served, whole, events: person x month, as the history has them.
        rate: place x class of stay: events in a month.
        usual: by month: factor of the season, and the share registered.
        begin: the months before this one are only learnt from.
    """
    persons, months = place.shape
    alike = traits.alike
    for i in range(persons):
        had, foreseen, quiet, inside = 0.0, 0.0, NONE_YET, 0.0
        for t in range(months):
            if place[i, t] < 0:
                continue
            if stay[i, t] == 1:
                tally.lasting[0] += inside * inside
                had, foreseen, quiet, inside = 0.0, 0.0, NONE_YET, 0.0
            n = int(events[i, t])
            if n == LEFT_OUT:
                quiet = since(quiet, 0)
                continue
            if whole[i, t]:
                kind = kind_of(traits.stays, served[i, t])
                mean = rate[place[i, t], kind] * usual[t] * traits.by_stay[kind]
                mean *= traits.by_quiet[quiet]
                shape, scale = alike + had, alike + foreseen
                if t >= begin and mean > 0:
                    expected = mean * shape / scale
                    inside += mean
                    tally.lasting[1] += mean
                    tally.by_stay[kind, 0] += expected
                    tally.by_stay[kind, 1] += rate[place[i, t], kind] * usual[t]
                    tally.by_quiet[quiet, 0] += expected
                    tally.by_quiet[quiet, 1] += n
                    tally.some[0] += 1.0 - (scale / (scale + mean)) ** shape
                    tally.some[1] += n > 0
                    tally.likelihood[0] += shape * math.log(scale / (scale + mean))
                    for j in range(n):
                        tally.likelihood[0] += math.log((shape + j) * mean / (scale + mean))
                had += n
                foreseen += mean
            quiet = since(quiet, n)
        tally.lasting[0] += inside * inside


@compiled
def stand(
    before: Any,
    stay: Any,
    served: Any,
    place: Any,
    rate: Any,
    usual: Any,
    traits: Traits,
    standing: Any,
) -> None:
    """What is known of each person's pace now.

    Args:
        before: person x month: events, the latest month first.
        stay, served: by person: months in the place, and those by which the effort goes.
        place: by person: the row of `rate`.
        usual: by month, the latest first.
        standing: person x (events had, events that were to be expected, kind of quiet); filled.
    """
    for i in range(before.shape[0]):
        had, foreseen, quiet = 0.0, 0.0, NONE_YET
        for k in range(min(stay[i], before.shape[1]) - 1, -1, -1):
            n = int(before[i, k])
            if n == LEFT_OUT:
                quiet = since(quiet, 0)
                continue
            if k < stay[i] - 1:  # a first month is not whole
                kind = kind_of(traits.stays, served[i] - 1 - k)
                mean = rate[place[i], kind] * usual[k] * traits.by_stay[kind]
                had += n
                foreseen += mean * traits.by_quiet[quiet]
            quiet = since(quiet, n)
        standing[i, 0], standing[i, 1], standing[i, 2] = had, foreseen, quiet
