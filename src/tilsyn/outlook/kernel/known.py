"""Persons who are known now, followed through every simulation."""

from __future__ import annotations

import math
from typing import Any

from tilsyn.outlook.kernel.compiled import compiled
from tilsyn.outlook.kernel.frailty import LEFT_OUT, kind_of, since
from tilsyn.outlook.kernel.inputs import Draws, Inputs, Simulated, Workspace
from tilsyn.outlook.kernel.random import (
    MOST_A_MONTH,
    ONE,
    below,
    draw_count,
    lifetime,
    mixed,
    risk,
    share,
)

KEPT_MONTHS = 12
"""Months of the past whose events may lie in a coming month's window."""

WEEKS_A_MONTH = 30.44 / 7

OTHERS = 2
"""Months of others that are drawn from beside a person's own twelve."""


@compiled
def follow_known(
    inputs: Inputs,
    draws: Draws,
    persons: Any,
    posterior: Any,
    low: int,
    high: int,
    found: Simulated,
    space: Workspace,
) -> Any:
    """Add those known now to the simulations from `low` to `high`.

    Args:
        persons: `tilsyn.outlook.trajectories.Trajectories`.
        posterior: as `frailty.posteriors` fills it.

    Returns:
        Where the random bits go on.
    """
    at, due = mixed(space.seed[0]), persons.due
    months = due.shape[1]
    for i in range(due.shape[0]):
        first, last = 0, months - 1
        while last >= 0 and not due[i, last]:
            last -= 1
        while first < last and not due[i, first]:
            first += 1
        # The last month in which it matters what is done.
        asked = last
        while asked >= 0 and (persons.met[i, asked] or persons.lost[i, asked] or not due[i, asked]):
            asked -= 1
        _weigh(inputs, persons, posterior, i, first, last, asked, space)
        at = _follow(
            inputs, draws, persons, posterior, i, first, last, asked, low, high, found, space, at
        )
    return at


@compiled
def _weigh(
    inputs: Inputs,
    persons: Any,
    posterior: Any,
    i: int,
    first: int,
    last: int,
    asked: int,
    space: Workspace,
) -> None:
    """Work out a person's chances, month by month up to `last`, and lay out their events."""
    months = persons.due.shape[1]
    # New events do not leave the window again, so that enough is enough for good.
    for_good = inputs.window == 0 or months <= inputs.window
    enough = 0 if for_good else MOST_A_MONTH * months
    for h in range(months - 1, -1, -1):
        if h <= asked and for_good and persons.due[i, h] and not persons.met[i, h]:
            enough = max(enough, persons.required[i, h] - persons.counted[i, h])
        space.enough[h] = enough
    group, weeks, stay = persons.group[i], persons.weeks[i], persons.stay[i]
    before, worked, frailty = persons.before[i], persons.worked[i], inputs.frailty
    for k in range(KEPT_MONTHS):
        space.events[KEPT_MONTHS - 1 - k] = 0 if before[k] == LEFT_OUT else before[k]
    own = (frailty.shape + posterior[i, 0]) / (frailty.shape + posterior[i, 1])
    total = 0.0
    for k in range(inputs.unreported.size):
        if k < stay:
            kind = kind_of(frailty.stays, stay - 1 - k)
            total += own * inputs.rate[group, kind] * frailty.by_stay[kind] * inputs.unreported[k]
        space.late[k] = total
    for h in range(last + 1):
        leaving = inputs.leaving[group, kind_of(inputs.bands, weeks + (h + 1) * WEEKS_A_MONTH)]
        space.leaving[h] = risk(leaving * (inputs.left if h == 0 else 1.0))
        # On the days before a seniority is reached things are as the month before.
        kind = kind_of(frailty.stays, max(0, stay + h - (inputs.reaching and h >= first)))
        space.rate[h] = inputs.rate[group, kind] * frailty.by_stay[kind]
        space.worked[h] = 0
        for k in range(min(worked.size, inputs.window - 1 - h)):
            space.worked[h] += worked[k]


@compiled
def _follow(
    inputs: Inputs,
    draws: Draws,
    persons: Any,
    posterior: Any,
    i: int,
    first: int,
    last: int,
    asked: int,
    low: int,
    high: int,
    found: Simulated,
    space: Workspace,
    at: Any,
) -> Any:
    """Follow a person who is known now; random bits from `at` on.

    The loops stand in one function: handing the inputs over anew for each of millions of persons
    would cost more than what is done with them.
    """
    group, worked, due = persons.group[i], persons.worked[i], persons.due[i]
    counted, required, until = persons.counted[i], persons.required[i], persons.until[i]
    met, lost = persons.met[i], persons.lost[i]
    events, window = space.events, inputs.window
    by_gap, gap_now = inputs.frailty.by_gap, int(posterior[i, 2])
    shape, scale = inputs.frailty.shape + posterior[i, 0], inputs.frailty.shape + posterior[i, 1]
    factors = draws.own[kind_of(draws.shapes, shape)]
    usual, enough = inputs.usual_hours[group], inputs.enough
    own_months = min(worked.size, persons.stay[i])
    unseen = space.late[space.late.size - 1]
    total = 0.0
    for h in range(last + 1):
        total += space.leaving[h]
    # Who is above this stays all along.
    leaving = -math.expm1(-total)
    for s in range(low, high):
        pace = draws.pace[group, s]
        population, nothing_more = found.population[group, s], found.nothing_more[group, s]
        unmet, best = found.unmet[group, s], found.best[group, s]
        at += ONE
        drawn, gone, part_of_last = share(mixed(at)), last + 1, 1.0
        if drawn < leaving:
            life = lifetime(drawn)
            for h in range(last + 1):
                taken = space.leaving[h]
                if life < taken:
                    gone, part_of_last = h, life / taken
                    break
                life -= taken
            if gone < first:  # before they could be counted
                continue
        # At most one event is held and not registered yet, so many months back; -1: none is.
        late, fresh = -1, 0
        if unseen > 0:
            at += ONE
            drawn = share(mixed(at))
            if drawn < unseen:
                late = 0
                while drawn >= space.late[late]:
                    late += 1
        own, gap = 0.0, gap_now
        if asked >= 0:
            at += ONE
            own = shape / scale * factors[below(mixed(at), factors.size)]
        new_hours = 0
        for h in range(min(gone, last) + 1):
            # The part of the month up to the last day on the benefit.
            part = part_of_last if h == gone else 1.0
            here = part
            if h == 0 and inputs.left < 1.0:
                part = (1.0 - inputs.left) + inputs.left * part
                here = inputs.left * here + (1.0 - inputs.left) * inputs.unreported_now
            happened = 0
            if h <= asked and fresh < space.enough[h]:
                at += ONE
                bits = mixed(at)
                mean = own * space.rate[h] * pace[h] * here * by_gap[gap]
                happened = draw_count(bits, mean, draws.counts)
                gap = since(gap, happened)
                if enough[h] > 0:
                    # Those of one of the person's own latest months, seldom another's.
                    month = below(bits, own_months + OTHERS)
                    if month < own_months:
                        space.hours[h] = worked[month]
                    else:
                        at += ONE
                        space.hours[h] = usual[below(mixed(at), usual.size)]
                    new_hours += space.hours[h]
            # Who reaches a seniority is in the population once, on that day.
            reached = until[h] if inputs.reaching else 1.0
            if due[h] and (part >= reached or not inputs.reaching):
                population[h] += 1
                done, needed = int(counted[h]), int(required[h])
                if late >= 0 and (window == 0 or late + h + 1 < window):
                    done += 1
                if not met[h] and done < needed:
                    nothing_more[h] += 1
                    if lost[h]:
                        best[h] += 1
                        unmet[h] += 1
                    else:
                        done += fresh
                        if reached == 1.0:
                            done += happened
                        elif happened:
                            at += ONE
                            if share(mixed(at)) * part < reached:
                                done += happened
                        for j in range(h - window + 1 if window > 0 else 0):
                            done -= events[KEPT_MONTHS + j]
                        if enough[h] == 0:
                            unmet[h] += done < needed
                        elif done < needed:
                            hours = space.worked[h] + new_hours
                            for j in range(h - window + 1):
                                hours -= space.hours[j]
                            unmet[h] += hours < enough[h]
            if inputs.reaching and h == first:
                break
            events[KEPT_MONTHS + h] = happened
            fresh += happened
    return at
