"""The simulation: the coming months lived through many times over, person by person."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tilsyn.measures.kernel.compiled import compiled
from tilsyn.planning.arrays import Common, Found, Odds, Room
from tilsyn.planning.outlook.courses import Courses
from tilsyn.planning.outlook.hazards import KEPT_MONTHS, WEEKS_A_MONTH
from tilsyn.planning.outlook.pace import TRAILING
from tilsyn.planning.outlook.swings import drawn

MOST_A_MONTH = 4
"""Events a person has in a month, at most."""
OTHERS = 2
"""Months of others that are drawn from beside a person's own twelve."""

_STEP, _ONCE, _TWICE = map(np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_ONE, _LOW = np.uint64(1), np.uint64(0xFFFFFFFF)
_S11, _S27, _S30, _S31, _S32 = map(np.uint64, (11, 27, 30, 31, 32))


def simulate(odds: Odds, courses: Courses, simulations: int, seed: int) -> tuple[Any, ...]:
    """Live through the coming months.

    Args:
        odds: what may happen.
        courses: of one municipality and measure.
        simulations: how many times.
        seed: the same seed gives the same numbers.

    Returns:
        Simulation x group x month: the population; of it the unmet, those for whom it is too late
        already, and the unmet if nothing more is done.
    """
    groups, months = odds.required.shape
    # Group by group: what a group's persons are added to lies close together.
    shape = (groups, simulations, months)
    found = Found(*(np.zeros(shape, dtype=np.int32) for _ in range(4)))
    known = Courses(*map(np.ascontiguousarray, courses))
    room = Room(
        np.zeros(months),
        np.zeros(months, dtype=np.int64),
        np.zeros((months, odds.chance.shape[2])),
        np.zeros(months),
        np.zeros(KEPT_MONTHS + months, dtype=np.int64),
        np.zeros(months, dtype=np.int64),
        np.zeros(months, dtype=np.int64),
        np.zeros(odds.hidden.size),
        np.zeros(odds.bands.size),
        np.array([seed], dtype=np.uint64),
    )
    common = drawn(odds, simulations, np.random.default_rng(seed))
    simulation_kernel(odds, common, known, found, room)
    return tuple(counts.swapaxes(0, 1) for counts in found)


@compiled
def simulation_kernel(
    odds: Odds, common: Common, courses: Courses, found: Found, room: Room
) -> None:
    """Fill what is found."""
    at, due = _mixed(room.seed[0]), courses.due
    months = due.shape[1]
    for i in range(due.shape[0]):
        first, last = 0, months - 1
        while last >= 0 and not due[i, last]:
            last -= 1
        while first < last and not due[i, first]:
            first += 1
        # The last month in which it matters what is done.
        asked = last
        while asked >= 0 and (courses.met[i, asked] or courses.lost[i, asked] or not due[i, asked]):
            asked -= 1
        if odds.reaching and odds.slipping[courses.group[i], 0] > 0:
            last = months - 1
            asked = -1 if courses.met[i, first] else last
        _weigh(odds, courses, i, last, room)
        at = _course(odds, common, courses, i, first, last, asked, found, room, at)
    for g in range(odds.coming.size):
        if odds.coming[g] > 0 and odds.entrant_first[g] < odds.entrant_first[g + 1]:
            at = _entrants(odds, common, g, found, room, at)


@compiled
def _mixed(at: Any) -> Any:
    """The 64 random bits that stand at a place (SplitMix64).

    A place is all there is of state, so drawing costs a fraction of what numpy's generator does.
    """
    z = at * _STEP
    z = (z ^ (z >> _S30)) * _ONCE
    z = (z ^ (z >> _S27)) * _TWICE
    return z ^ (z >> _S31)


@compiled
def _share(bits: Any) -> float:
    """A number from 0 to 1 of random bits, all but the lowest eleven."""
    return np.int64(bits >> _S11) * 2.0**-53


@compiled
def _below(bits: Any, count: int) -> Any:
    """A whole number below `count` of random bits, the lower half."""
    return (np.int64(bits & _LOW) * count) >> 32


@compiled
def _lifetime(bits: Any) -> float:
    """What a person can stand of chances to leave, added up, before they go (exponential)."""
    return -math.log(1.0 - _share(bits))


@compiled
def _risk(chance: float) -> float:
    """What a month's chance of leaving takes of a lifetime."""
    return -math.log(1.0 - chance)


@compiled
def _weigh(odds: Odds, courses: Courses, i: int, last: int, room: Room) -> None:
    """Work out a course's chances, month by month up to `last`, and lay out its events."""
    group, weeks = courses.group[i], courses.weeks[i]
    before, worked = courses.before[i], courses.worked[i]
    for k in range(KEPT_MONTHS):
        room.events[KEPT_MONTHS - 1 - k] = before[k]
    total = 0.0
    for k in range(odds.hidden.size):
        tenure = weeks - k * WEEKS_A_MONTH
        if tenure > 0:
            earlier = 0
            for j in range(k + 1, min(k + 1 + TRAILING, KEPT_MONTHS)):
                earlier += before[j]
            kind = _class(odds.tenures, tenure)
            chance = odds.chance[group, kind, min(earlier, odds.chance.shape[2] - 1)]
            total += chance * odds.hidden[k] / (1.0 - odds.second[group, kind])
        room.late[k] = total
    for h in range(last + 1):
        tenure = weeks + (h + 1) * WEEKS_A_MONTH
        leaving = odds.leaving[group, _class(odds.bands, tenure)]
        room.leaving[h] = _risk(leaving * (odds.left if h == 0 else 1.0))
        kind = _class(odds.tenures, tenure)
        room.tenure[h] = kind
        room.again[h] = odds.second[group, kind]
        for k in range(room.chance.shape[1]):
            room.chance[h, k] = odds.chance[group, kind, k]
        room.worked[h] = 0
        for k in range(min(worked.size, odds.window - 1 - h)):
            room.worked[h] += worked[k]


@compiled
def _class(firsts: Any, weeks: float) -> int:
    found = firsts.size - 1
    while found > 0 and weeks < firsts[found]:
        found -= 1
    return found


@compiled
def _happening(bits: Any, chance: float, again: float) -> int:
    """How many events, of the upper half of random bits: one by a chance, one more by another."""
    share, found = np.int64(bits >> _S32) * 2.0**-32, 0
    # Given that it is below the chance, the number is as good as a fresh one.
    while share < chance and found < MOST_A_MONTH:
        found += 1
        chance *= again
    return found


@compiled
def _slip(bits: Any, chance: float, months: float) -> float:
    """How much less than a month is added to the seniority in a month, in months."""
    share = _share(bits)
    if share < chance:
        return min(1.0, 2.0 * share / chance * months)
    return 0.0


@compiled
def _course(
    odds: Odds,
    common: Common,
    courses: Courses,
    i: int,
    first: int,
    last: int,
    asked: int,
    found: Found,
    room: Room,
    at: Any,
) -> Any:
    """Follow a person who is known now, through every simulation; random bits from `at` on.

    The loops stand in one function: handing the odds over anew for each of millions of persons
    would cost more than what is done with them.
    """
    group, worked, due = courses.group[i], courses.worked[i], courses.due[i]
    counted, required, until = courses.counted[i], courses.required[i], courses.until[i]
    met, lost = courses.met[i], courses.lost[i]
    events, most, window = room.events, room.chance.shape[1] - 1, odds.window
    slipping, slipped = odds.slipping[group, 0], odds.slipping[group, 1]
    slips = slipping > 0 and (odds.reaching or first > 0)
    usual, enough = odds.usual_hours[group], odds.enough
    unseen = room.late[room.late.size - 1]
    until_now = 0
    for k in range(KEPT_MONTHS - TRAILING, KEPT_MONTHS):
        until_now += events[k]
    for s in range(common.leaving.shape[1]):
        at += _ONE
        lifetime, gone, part_of_last = _lifetime(_mixed(at)), last + 1, 1.0
        for h in range(last + 1):
            risk = room.leaving[h] * common.leaving[group, s, h]
            if lifetime < risk:
                gone, part_of_last = h, lifetime / risk
                break
            lifetime -= risk
        if gone < first:  # before they could be counted
            continue
        # At most one event is held and not registered yet, so many months back; -1: none is.
        late, earlier, fresh = -1, until_now, 0
        if unseen > 0:
            at += _ONE
            share = _share(_mixed(at))
            if share < unseen:
                late = 0
                while share >= room.late[late]:
                    late += 1
                if late < TRAILING:
                    earlier += 1
        behind, new_hours = 0.0, 0
        for h in range(min(gone, last) + 1):
            # The part of the month up to the last day on the benefit.
            part = part_of_last if h == gone else 1.0
            here = part
            if h == 0 and odds.left < 1.0:
                part = (1.0 - odds.left) + odds.left * part
                here = odds.left * here + (1.0 - odds.left) * odds.unseen_now
            happened = 0
            if h <= asked:
                at += _ONE
                bits = _mixed(at)
                chance = (
                    room.chance[h, min(earlier, most)]
                    * here
                    * common.pace[group, room.tenure[h], s, h]
                )
                happened = _happening(bits, chance, room.again[h])
                if enough[h] > 0:
                    # Those of one of the person's own latest months, seldom another's.
                    drawn = _below(bits, worked.size + OTHERS)
                    if drawn < worked.size:
                        room.hours[h] = worked[drawn]
                    else:
                        at += _ONE
                        room.hours[h] = usual[_below(_mixed(at), usual.size)]
                    new_hours += room.hours[h]
            if slips:
                at += _ONE
                behind += _slip(_mixed(at), slipping, slipped)
            if odds.reaching:
                # In the population once, when the seniority is reached; days may be lost until then.
                k, reached = first, first + until[first] + behind - h
                over = h >= first and reached <= 1.0
                counts = over and part >= reached
            else:
                k, reached, over = h, 1.0, False
                counts = due[h] and (first == 0 or behind <= h - first + 0.5)
            if counts:
                found.population[group, s, h] += 1
                done, needed = int(counted[k]), int(required[k])
                if late >= 0 and (window == 0 or late + h + 1 < window):
                    done += 1
                if not met[k] and done < needed:
                    found.nothing_more[group, s, h] += 1
                    if lost[k] and (not odds.reaching or h == first):
                        found.best[group, s, h] += 1
                        found.unmet[group, s, h] += 1
                    else:
                        done += fresh
                        if happened:
                            at += _ONE
                            if reached == 1.0 or _share(_mixed(at)) * part < reached:
                                done += happened
                        for j in range(h - window + 1 if window > 0 else 0):
                            done -= events[KEPT_MONTHS + j]
                        if done < needed:
                            hours = room.worked[h] + new_hours
                            for j in range(h - window + 1):
                                hours -= room.hours[j]
                            if enough[h] == 0 or hours < enough[h]:
                                found.unmet[group, s, h] += 1
            if over:
                break
            events[KEPT_MONTHS + h] = happened
            fresh += happened
            earlier += happened - events[KEPT_MONTHS + h - TRAILING]
            if late >= 0 and h - TRAILING == -1 - late:
                earlier -= 1
    return at


@compiled
def _entrants(odds: Odds, common: Common, group: int, found: Found, room: Room, at: Any) -> Any:
    """Follow those who come, each as one of those who came lately, through every simulation."""
    events, (_, simulations, months) = room.events, common.leaving.shape
    slipping, slipped = odds.slipping[group, 0], odds.slipping[group, 1]
    low, high = odds.entrant_first[group], odds.entrant_first[group + 1]
    most = odds.chance.shape[2] - 1
    # Nobody asks what becomes of a person after they are in the population.
    certain = odds.reaching and slipping == 0
    for band in range(odds.bands.size):
        room.risks[band] = _risk(odds.leaving[group, band])
    for s in range(simulations):
        for begins in range(months):
            for _ in range(common.coming[group, s, begins]):
                at += _ONE
                bits = _mixed(at)
                who = low + _below(bits, high - low)
                # Completed weeks at the end of the month of entry.
                weeks = odds.entrant_weeks[who] + np.int64(bits >> _S32) * 2.0**-32
                reached = begins + 1.0 + (odds.seniority - weeks) / WEEKS_A_MONTH
                if reached >= months:
                    continue
                at += _ONE
                new = weeks < WEEKS_A_MONTH
                day = 1.0 - weeks / WEEKS_A_MONTH if new else _share(_mixed(at))
                # Who leaves before the seniority is reached is never counted.
                at += _ONE
                lifetime, gone, part_of_last = _lifetime(_mixed(at)), months, 1.0
                band = _class(odds.bands, weeks)
                for h in range(begins, min(months, int(reached) + 1) if certain else months):
                    tenure = weeks + (h - begins) * WEEKS_A_MONTH
                    while band + 1 < odds.bands.size and tenure >= odds.bands[band + 1]:
                        band += 1
                    risk = room.risks[band] * common.leaving[group, s, h]
                    if lifetime < risk:
                        gone, part_of_last = h, lifetime / risk
                        break
                    lifetime -= risk
                if gone + 1 <= reached:
                    continue
                # Events stand by month, as those of the known; nothing is known of what lies further back.
                counted, earlier = odds.entrant_counted[who], 0
                for k in range(KEPT_MONTHS):
                    happened = odds.entrant_before[who, k]
                    events[KEPT_MONTHS + begins - 1 - k] = happened
                    if k < TRAILING:
                        earlier += happened
                for k in range(begins):
                    events[k] = 0
                came_with = counted
                for h in range(begins, min(gone + 1, months)):
                    tenure = weeks + (h - begins) * WEEKS_A_MONTH
                    if h > begins and slipping > 0:
                        at += _ONE
                        reached += _slip(_mixed(at), slipping, slipped)
                    since = day if h == begins else 0.0
                    until = since + (1.0 - since) * part_of_last if h == gone else 1.0
                    kind = _class(odds.tenures, tenure)
                    chance = odds.chance[group, kind, min(earlier, most)]
                    at += _ONE
                    bits = _mixed(at)
                    chance *= common.pace[group, kind, s, h] * (until - since)
                    happened = _happening(bits, chance, odds.second[group, kind])
                    if odds.reaching and reached < h + 1:
                        if until >= reached - h:
                            if happened:
                                at += _ONE
                                share = _share(_mixed(at))
                                if since + share * (until - since) < reached - h:
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
                            share = np.int64(bits & _LOW) * 2.0**-32
                            hours = odds.enough[h] > 0 and share < odds.by_hours[group]
                            if done < odds.required[group, h] and not hours:
                                found.unmet[group, s, h] += 1
                    events[KEPT_MONTHS + h] = happened
                    counted += happened
                    earlier += happened - events[KEPT_MONTHS + h - TRAILING]
    return at
