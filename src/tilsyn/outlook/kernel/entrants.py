"""Persons who come, each as one of those who came lately, followed through every simulation."""

from __future__ import annotations

import math
from typing import Any

from tilsyn.outlook.kernel.compiled import compiled
from tilsyn.outlook.kernel.frailty import NONE_YET, kind_of, since
from tilsyn.outlook.kernel.inputs import Draws, Inputs, Simulated, Workspace
from tilsyn.outlook.kernel.known import KEPT_MONTHS, WEEKS_A_MONTH, follow_known
from tilsyn.outlook.kernel.random import (
    MOST_A_MONTH,
    ONE,
    below,
    draw_count,
    lifetime,
    lower_share,
    mixed,
    risk,
    share,
    upper_share,
)


@compiled
def follow_entrants(
    inputs: Inputs, draws: Draws, low: int, high: int, found: Simulated, space: Workspace, at: Any
) -> Any:
    """Add those who come to the simulations from `low` to `high`; random bits from `at` on."""
    for group in range(inputs.coming.shape[0]):
        if inputs.coming[group].any():
            at = _entrants(inputs, draws, group, low, high, found, space, at)
    return at


@compiled
def _entrants(
    inputs: Inputs,
    draws: Draws,
    group: int,
    low: int,
    high: int,
    found: Simulated,
    space: Workspace,
    at: Any,
) -> Any:
    """Those of one group."""
    events, months, frailty = space.events, draws.pace.shape[2], inputs.frailty
    factors = draws.own[kind_of(draws.shapes, frailty.shape)]
    lowest, upto = inputs.entrant_first[group], inputs.entrant_upto[group]
    # New events do not leave the window again, so that enough is enough for good.
    enough = 0 if inputs.window == 0 or months <= inputs.window else MOST_A_MONTH * months
    for h in range(months):
        enough = max(enough, inputs.required[group, h])
    for band in range(inputs.bands.size):
        space.risks[band] = risk(inputs.leaving[group, band])
    _sure(inputs, space)
    for s in range(low, high):
        for begins in range(months):
            for _ in range(draws.coming[group, s, begins]):
                at += ONE
                bits = mixed(at)
                who = lowest + below(bits, upto[begins])
                # Completed weeks at the end of the month of entry.
                weeks = inputs.entrant_weeks[who] + 1.0 / 14.0 + upper_share(bits)
                reached = begins + 1.0 + (inputs.seniority - weeks) / WEEKS_A_MONTH
                if reached >= months:
                    continue
                # Who leaves before the seniority is reached is never counted.
                at += ONE
                drawn = share(mixed(at))
                if drawn < space.sure[begins] and inputs.entrant_weeks[who] < WEEKS_A_MONTH:
                    continue
                life, gone, part_of_last = lifetime(drawn), months, 1.0
                band = kind_of(inputs.bands, weeks)
                # Nobody asks what becomes of a person after they are in the population.
                for h in range(
                    begins, min(months, int(reached) + 1) if inputs.reaching else months
                ):
                    tenure = weeks + (h - begins) * WEEKS_A_MONTH
                    while band + 1 < inputs.bands.size and tenure >= inputs.bands[band + 1]:
                        band += 1
                    taken = space.risks[band]
                    if life < taken:
                        gone, part_of_last = h, life / taken
                        break
                    life -= taken
                if gone + 1 <= reached:
                    continue
                at += ONE
                bits = mixed(at)
                new = inputs.entrant_weeks[who] < WEEKS_A_MONTH
                day = max(0.0, 1.0 - weeks / WEEKS_A_MONTH) if new else upper_share(bits)
                own = factors[below(bits, factors.size)]
                # Events stand by month, as those of the known; nothing is known of what lies further back.
                counted, gap = inputs.entrant_counted[who], NONE_YET
                for k in range(KEPT_MONTHS):
                    events[KEPT_MONTHS + begins - 1 - k] = inputs.entrant_before[who, k]
                for k in range(begins):
                    events[k] = 0
                came_with = counted
                asked = enough if inputs.reaching else came_with + enough
                for h in range(begins, min(gone + 1, months)):
                    come = day if h == begins else 0.0
                    until = come + (1.0 - come) * part_of_last if h == gone else 1.0
                    at += ONE
                    bits, happened = mixed(at), 0
                    if counted < asked:
                        # On the days before a seniority is reached things are as the month before.
                        now = inputs.reaching and reached < h + 1 and h > begins
                        stayed = kind_of(frailty.stays, h - begins - now)
                        mean = own * inputs.rate[group, stayed] * frailty.by_stay[stayed]
                        mean *= frailty.by_gap[gap] * draws.pace[group, s, h] * (until - come)
                        happened = draw_count(bits, mean, draws.counts)
                        gap = since(gap, happened)
                    if inputs.reaching and reached < h + 1:
                        if until >= reached - h:
                            if happened:
                                at += ONE
                                if come + share(mixed(at)) * (until - come) < reached - h:
                                    counted += happened
                            found.population[group, s, h] += 1
                            found.unmet[group, s, h] += counted < inputs.required[group, h]
                            found.nothing_more[group, s, h] += came_with < inputs.required[group, h]
                        break
                    if not inputs.reaching and reached < h + 1:
                        found.population[group, s, h] += 1
                        done = fresh = 0
                        for k in range(
                            max(0, KEPT_MONTHS + h - inputs.window + 1), KEPT_MONTHS + h
                        ):
                            if k < KEPT_MONTHS + begins:
                                done += events[k]
                            else:
                                fresh += events[k]
                        if done < inputs.required[group, h]:
                            found.nothing_more[group, s, h] += 1
                            done += fresh + happened
                            hours = (
                                inputs.enough[h] > 0 and lower_share(bits) < inputs.by_hours[group]
                            )
                            if done < inputs.required[group, h] and not hours:
                                found.unmet[group, s, h] += 1
                    events[KEPT_MONTHS + h] = happened
                    counted += happened
    return at


@compiled
def _sure(inputs: Inputs, space: Workspace) -> None:
    """Fill, by month of entry, the chance with which any newcomer leaves too soon, at the least.

    Newcomers have less than a month of seniority when the month of entry ends.
    """
    months, most = space.sure.size, int(WEEKS_A_MONTH) + 1 + 1.0 / 14.0
    needed = int(1.0 + (inputs.seniority - most) / WEEKS_A_MONTH)
    for begins in range(months):
        total = 0.0
        for h in range(begins, min(months, begins + needed)):
            since_entry = (h - begins) * WEEKS_A_MONTH
            band, last = (
                kind_of(inputs.bands, since_entry),
                kind_of(inputs.bands, most + since_entry),
            )
            least = space.risks[band]
            while band < last:
                band += 1
                least = min(least, space.risks[band])
            total += least
        space.sure[begins] = -math.expm1(-total)


@compiled
def simulate(
    inputs: Inputs,
    draws: Draws,
    persons: Any,
    posterior: Any,
    low: int,
    high: int,
    found: Simulated,
    space: Workspace,
) -> None:
    """Fill what is found in the simulations from `low` to `high`: who is known, and who comes."""
    at = follow_known(inputs, draws, persons, posterior, low, high, found, space)
    follow_entrants(inputs, draws, low, high, found, space, at)
