"""Persons who come, each as one of those who came lately, followed through every simulation."""

from __future__ import annotations

import math
from typing import Any

from tilsyn.outlook.kernel.arrays import Common, Found, Odds, Room
from tilsyn.outlook.kernel.chance import (
    MOST_A_MONTH,
    ONE,
    below,
    happening,
    lifetime,
    lower_share,
    mixed,
    risk,
    share,
    slip,
    upper_share,
)
from tilsyn.outlook.kernel.compiled import compiled
from tilsyn.outlook.kernel.eager import NONE_YET, kind_of, since
from tilsyn.outlook.kernel.known import KEPT_MONTHS, WEEKS_A_MONTH


@compiled
def follow_entrants(
    odds: Odds, common: Common, low: int, high: int, found: Found, room: Room, at: Any
) -> Any:
    """Add those who come to the simulations from `low` to `high`; random bits from `at` on."""
    groups = odds.required.shape[0]
    for kind in range(odds.coming.shape[0]):
        if odds.coming[kind].any():
            at = _entrants(odds, common, kind % groups, kind, low, high, found, room, at)
    return at


@compiled
def _entrants(
    odds: Odds,
    common: Common,
    group: int,
    kind: int,
    low: int,
    high: int,
    found: Found,
    room: Room,
    at: Any,
) -> Any:
    """Those of one kind."""
    events, months, traits = room.events, common.leaving.shape[2], odds.traits
    eager = common.eager[kind_of(common.shapes, traits.alike)]
    slipping, slipped = odds.slipping[group, 0], odds.slipping[group, 1]
    lowest, upto = odds.entrant_first[kind], odds.entrant_upto[kind]
    # Nobody asks what becomes of a person after they are in the population.
    certain = odds.reaching and slipping == 0
    # New events do not leave the window again, so that enough is enough for good.
    enough = 0 if odds.window == 0 or months <= odds.window else MOST_A_MONTH * months
    for h in range(months):
        enough = max(enough, odds.required[group, h])
    for band in range(odds.bands.size):
        room.risks[band] = risk(odds.leaving[group, band])
    _sure(odds, common, group, room)
    for s in range(low, high):
        for begins in range(months):
            for _ in range(common.coming[kind, s, begins]):
                at += ONE
                bits = mixed(at)
                who = lowest + below(bits, upto[begins])
                # Completed weeks at the end of the month of entry.
                weeks = odds.entrant_weeks[who] + 1.0 / 14.0 + upper_share(bits)
                reached = begins + 1.0 + (odds.seniority - weeks) / WEEKS_A_MONTH
                if reached >= months:
                    continue
                # Who leaves before the seniority is reached is never counted.
                at += ONE
                drawn = share(mixed(at))
                if drawn < room.sure[begins] and odds.entrant_weeks[who] < WEEKS_A_MONTH:
                    continue
                life, gone, part_of_last = lifetime(drawn), months, 1.0
                band = kind_of(odds.bands, weeks)
                for h in range(begins, min(months, int(reached) + 1) if certain else months):
                    tenure = weeks + (h - begins) * WEEKS_A_MONTH
                    while band + 1 < odds.bands.size and tenure >= odds.bands[band + 1]:
                        band += 1
                    taken = room.risks[band] * common.leaving[group, s, h]
                    if life < taken:
                        gone, part_of_last = h, life / taken
                        break
                    life -= taken
                if gone + 1 <= reached:
                    continue
                at += ONE
                bits = mixed(at)
                new = odds.entrant_weeks[who] < WEEKS_A_MONTH
                day = max(0.0, 1.0 - weeks / WEEKS_A_MONTH) if new else upper_share(bits)
                own = eager[below(bits, eager.size)]
                # Events stand by month, as those of the known; nothing is known of what lies further back.
                counted, quiet = odds.entrant_counted[who], NONE_YET
                for k in range(KEPT_MONTHS):
                    events[KEPT_MONTHS + begins - 1 - k] = odds.entrant_before[who, k]
                for k in range(begins):
                    events[k] = 0
                came_with = counted
                asked = enough if odds.reaching else came_with + enough
                for h in range(begins, min(gone + 1, months)):
                    if h > begins and slipping > 0:
                        at += ONE
                        reached += slip(mixed(at), slipping, slipped)
                    come = day if h == begins else 0.0
                    until = come + (1.0 - come) * part_of_last if h == gone else 1.0
                    at += ONE
                    bits, happened = mixed(at), 0
                    if counted < asked:
                        # On the days before a seniority is reached things are as the month before.
                        now = odds.reaching and reached < h + 1 and h > begins
                        stayed = kind_of(traits.stays, odds.entrant_served[who] + h - begins - now)
                        mean = own * odds.rate[group, stayed] * traits.by_stay[stayed]
                        mean *= traits.by_quiet[quiet] * common.pace[group, s, h] * (until - come)
                        happened = happening(bits, mean, common.happenings)
                        quiet = since(quiet, happened)
                    if odds.reaching and reached < h + 1:
                        if until >= reached - h:
                            if happened:
                                at += ONE
                                if come + share(mixed(at)) * (until - come) < reached - h:
                                    counted += happened
                            found.population[group, s, h] += 1
                            found.unmet[group, s, h] += counted < odds.required[group, h]
                            found.nothing_more[group, s, h] += came_with < odds.required[group, h]
                        break
                    if not odds.reaching and reached < h + 1:
                        found.population[group, s, h] += 1
                        done = fresh = 0
                        for k in range(max(0, KEPT_MONTHS + h - odds.window + 1), KEPT_MONTHS + h):
                            if k < KEPT_MONTHS + begins:
                                done += events[k]
                            else:
                                fresh += events[k]
                        if done < odds.required[group, h]:
                            found.nothing_more[group, s, h] += 1
                            done += fresh + happened
                            hours = odds.enough[h] > 0 and lower_share(bits) < odds.by_hours[group]
                            if done < odds.required[group, h] and not hours:
                                found.unmet[group, s, h] += 1
                    events[KEPT_MONTHS + h] = happened
                    counted += happened
    return at


@compiled
def _sure(odds: Odds, common: Common, group: int, room: Room) -> None:
    """Fill, by month of entry, the chance with which any newcomer leaves too soon, at the least.

    Newcomers have less than a month of seniority when the month of entry ends. In any simulation
    they leave at least so often before they have the seniority that counts.
    """
    months, most = room.sure.size, int(WEEKS_A_MONTH) + 1 + 1.0 / 14.0
    needed = int(1.0 + (odds.seniority - most) / WEEKS_A_MONTH)
    for begins in range(months):
        total = 0.0
        for h in range(begins, min(months, begins + needed)):
            since_entry = (h - begins) * WEEKS_A_MONTH
            band, last = kind_of(odds.bands, since_entry), kind_of(odds.bands, most + since_entry)
            least = room.risks[band]
            while band < last:
                band += 1
                least = min(least, room.risks[band])
            total += least * common.least_leaving[group, h]
        room.sure[begins] = -math.expm1(-total)
