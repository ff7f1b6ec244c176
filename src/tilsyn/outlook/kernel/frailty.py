"""One person followed from month to month: what was to be expected of them, and what they had."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from tilsyn.outlook.kernel.compiled import compiled

GAPS = 8
"""Kinds of time since the person's last event in the place: one to six months, more; no event yet."""
NONE_YET = GAPS - 1

LEFT_OUT = 255
"""In place of a number of events: the person was not measured."""


class Frailty(NamedTuple):
    """How persons' rates of one measure's events differ, and how regular the events are.

    Attributes:
        shape: of the gamma, with mean one, of persons' own factors: the smaller, the more they
            differ.
        stays: first of the months in the place before, by class.
        by_stay: factor on the rate by class of stay, which differing persons leave to be made up.
        by_gap: factor by time since the person's last event in the place.
        spread_out: months with an event, against those there would be if events came
            independently: above one they are spread out, below one they come together.
    """

    shape: float
    stays: Any
    by_stay: Any
    by_gap: Any
    spread_out: float


class Fit(NamedTuple):
    """What was expected of each month from the months before, and what came; added to.

    Attributes:
        by_gap: class x (expected, observed): events.
        by_stay: class x (expected, to be expected of everybody of the place and class): events.
        some: (months with an event expected if events came independently, months that had one).
        likelihood: one number: the logarithm of the likelihood.
    """

    by_gap: Any
    by_stay: Any
    some: Any
    likelihood: Any


@compiled
def kind_of(firsts: Any, value: float) -> int:
    """The class of a value, by the first value of each."""
    found: int = firsts.size - 1
    while found > 0 and value < firsts[found]:
        found -= 1
    return found


@compiled
def since(gap: int, events: int) -> int:
    """The time since the last event, a month with so many events later."""
    later = min(gap + 1, NONE_YET - 1) if gap < NONE_YET else NONE_YET
    return 0 if events > 0 else later


@compiled
def fit_months(
    place: Any,
    stay: Any,
    whole: Any,
    events: Any,
    rate: Any,
    usual: Any,
    frailty: Frailty,
    begin: int,
    fit: Fit,
) -> None:
    """Expect each month's events from the months before it (gamma-Poisson), person by person.

    Args:
        place, stay, whole, events: person x month, as the history has them.
        rate: place x class of stay: events in a month.
        usual: by month: factor of the season, and the share registered.
        begin: the months before this one are only learnt from.
    """
    persons, months = place.shape
    for i in range(persons):
        had, exposure, gap = 0.0, 0.0, NONE_YET
        for t in range(months):
            if place[i, t] < 0:
                continue
            if stay[i, t] == 1:
                had, exposure, gap = 0.0, 0.0, NONE_YET
            n = int(events[i, t])
            if n == LEFT_OUT:
                gap = since(gap, 0)
                continue
            if whole[i, t]:
                kind = kind_of(frailty.stays, stay[i, t] - 1)
                mean = rate[place[i, t], kind] * usual[t] * frailty.by_stay[kind]
                mean *= frailty.by_gap[gap]
                shape, scale = frailty.shape + had, frailty.shape + exposure
                if t >= begin and mean > 0:
                    expected = mean * shape / scale
                    fit.by_stay[kind, 0] += expected
                    fit.by_stay[kind, 1] += rate[place[i, t], kind] * usual[t]
                    fit.by_gap[gap, 0] += expected
                    fit.by_gap[gap, 1] += n
                    fit.some[0] += 1.0 - (scale / (scale + mean)) ** shape
                    fit.some[1] += n > 0
                    fit.likelihood[0] += shape * math.log(scale / (scale + mean))
                    for j in range(n):
                        fit.likelihood[0] += math.log((shape + j) * mean / (scale + mean))
                had += n
                exposure += mean
            gap = since(gap, n)


@compiled
def posteriors(
    before: Any,
    stay: Any,
    place: Any,
    rate: Any,
    usual: Any,
    frailty: Frailty,
    posterior: Any,
) -> None:
    """What a person's events so far say of their own factor.

    Args:
        before: person x month: events, the latest month first.
        stay: by person: months in the place.
        place: by person: the row of `rate`.
        usual: by month, the latest first.
        posterior: person x (events had, those to be expected, class of gap); filled.
    """
    for i in range(before.shape[0]):
        had, exposure, gap = 0.0, 0.0, NONE_YET
        for k in range(min(stay[i], before.shape[1]) - 1, -1, -1):
            n = int(before[i, k])
            if n == LEFT_OUT:
                gap = since(gap, 0)
                continue
            if k < stay[i] - 1:  # a first month is not whole
                kind = kind_of(frailty.stays, stay[i] - 1 - k)
                mean = rate[place[i], kind] * usual[k] * frailty.by_stay[kind]
                had += n
                exposure += mean * frailty.by_gap[gap]
            gap = since(gap, n)
        posterior[i, 0], posterior[i, 1], posterior[i, 2] = had, exposure, gap
