"""Persons who are known now, followed through every simulation."""

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
    mixed,
    risk,
    share,
    slip,
)
from tilsyn.outlook.kernel.compiled import compiled
from tilsyn.outlook.kernel.eager import LEFT_OUT, kind_of, since

KEPT_MONTHS = 12
"""Months of the past whose events may lie in a coming month's window."""

WEEKS_A_MONTH = 30.44 / 7

OTHERS = 2
"""Months of others that are drawn from beside a person's own twelve."""


@compiled
def follow_known(
    odds: Odds,
    common: Common,
    courses: Any,
    standing: Any,
    low: int,
    high: int,
    found: Found,
    room: Room,
) -> Any:
    """Add those known now to the simulations from `low` to `high`.

    Args:
        courses: `tilsyn.outlook.courses.Courses`.
        standing: as `eager.stand` fills it.

    Returns:
        Where the random bits go on.
    """
    at, due = mixed(room.seed[0]), courses.due
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
        _weigh(odds, courses, standing, i, first, last, asked, room)
        at = _course(
            odds, common, courses, standing, i, first, last, asked, low, high, found, room, at
        )
    return at


@compiled
def _weigh(
    odds: Odds, courses: Any, standing: Any, i: int, first: int, last: int, asked: int, room: Room
) -> None:
    """Work out a course's chances, month by month up to `last`, and lay out its events."""
    months = courses.due.shape[1]
    # New events do not leave the window again, so that enough is enough for good.
    for_good = odds.window == 0 or months <= odds.window
    enough = 0 if for_good else MOST_A_MONTH * months
    for h in range(months - 1, -1, -1):
        if h <= asked and for_good:
            k = first if odds.reaching else h
            if odds.reaching or (courses.due[i, h] and not courses.met[i, h]):
                enough = max(enough, courses.required[i, k] - courses.counted[i, k])
        room.enough[h] = enough
    group, weeks, stay = courses.group[i], courses.weeks[i], courses.stay[i]
    served = courses.served[i]
    before, worked, traits = courses.before[i], courses.worked[i], odds.traits
    for k in range(KEPT_MONTHS):
        room.events[KEPT_MONTHS - 1 - k] = 0 if before[k] == LEFT_OUT else before[k]
    own = (traits.alike + standing[i, 0]) / (traits.alike + standing[i, 1])
    total = 0.0
    for k in range(odds.hidden.size):
        if k < stay:
            kind = kind_of(traits.stays, served - 1 - k)
            total += own * odds.rate[group, kind] * traits.by_stay[kind] * odds.hidden[k]
        room.late[k] = total
    for h in range(last + 1):
        leaving = odds.leaving[group, kind_of(odds.bands, weeks + (h + 1) * WEEKS_A_MONTH)]
        room.leaving[h] = risk(leaving * (odds.left if h == 0 else 1.0))
        # On the days before a seniority is reached things are as the month before.
        kind = kind_of(traits.stays, max(0, served + h - (odds.reaching and h >= first)))
        room.pace[h] = odds.rate[group, kind] * traits.by_stay[kind]
        room.worked[h] = 0
        for k in range(min(worked.size, odds.window - 1 - h)):
            room.worked[h] += worked[k]


@compiled
def _course(
    odds: Odds,
    common: Common,
    courses: Any,
    standing: Any,
    i: int,
    first: int,
    last: int,
    asked: int,
    low: int,
    high: int,
    found: Found,
    room: Room,
    at: Any,
) -> Any:
    """Follow a person who is known now; random bits from `at` on.

    The loops stand in one function: handing the odds over anew for each of millions of persons
    would cost more than what is done with them.
    """
    group, worked, due = courses.group[i], courses.worked[i], courses.due[i]
    counted, required, until = courses.counted[i], courses.required[i], courses.until[i]
    met, lost = courses.met[i], courses.lost[i]
    events, window = room.events, odds.window
    by_quiet, quiet_now = odds.traits.by_quiet, int(standing[i, 2])
    shape, scale = odds.traits.alike + standing[i, 0], odds.traits.alike + standing[i, 1]
    eager = common.eager[kind_of(common.shapes, shape)]
    slipping, slipped = odds.slipping[group, 0], odds.slipping[group, 1]
    slips = slipping > 0 and (odds.reaching or first > 0)
    usual, enough = odds.usual_hours[group], odds.enough
    own_months = min(worked.size, courses.stay[i])
    unseen = room.late[room.late.size - 1]
    # Who is counted on reaching a seniority is counted wherever they are by then.
    moving = 0.0 if odds.reaching else risk(odds.moving[group] * odds.left)
    at_most = moving
    for h in range(last + 1):
        at_most += room.leaving[h] * common.most_leaving[group, h]
    # Who is above this stays all along in whatever simulation.
    leaving = -math.expm1(-at_most)
    for s in range(low, high):
        pace, leave = common.pace[group, s], common.leaving[group, s]
        population, nothing_more = found.population[group, s], found.nothing_more[group, s]
        unmet, best = found.unmet[group, s], found.best[group, s]
        at += ONE
        drawn, gone, part_of_last = share(mixed(at)), last + 1, 1.0
        if drawn < leaving:
            life = lifetime(drawn)
            if life < moving:
                continue
            life -= moving
            for h in range(last + 1):
                taken = room.leaving[h] * leave[h]
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
                while drawn >= room.late[late]:
                    late += 1
        own, quiet = 0.0, quiet_now
        if asked >= 0:
            at += ONE
            own = shape / scale * eager[below(mixed(at), eager.size)]
        behind, new_hours = 0.0, 0
        for h in range(min(gone, last) + 1):
            # The part of the month up to the last day on the benefit.
            part = part_of_last if h == gone else 1.0
            here = part
            if h == 0 and odds.left < 1.0:
                part = (1.0 - odds.left) + odds.left * part
                here = odds.left * here + (1.0 - odds.left) * odds.unseen_now
            happened = 0
            if h <= asked and fresh < room.enough[h]:
                at += ONE
                bits = mixed(at)
                mean = own * room.pace[h] * pace[h] * here * by_quiet[quiet]
                happened = happening(bits, mean, common.happenings)
                quiet = since(quiet, happened)
                if enough[h] > 0:
                    # Those of one of the person's own latest months, seldom another's.
                    month = below(bits, own_months + OTHERS)
                    if month < own_months:
                        room.hours[h] = worked[month]
                    else:
                        at += ONE
                        room.hours[h] = usual[below(mixed(at), usual.size)]
                    new_hours += room.hours[h]
            if slips:
                at += ONE
                behind += slip(mixed(at), slipping, slipped)
            if odds.reaching:
                # In the population once, when the seniority is reached; days may be lost until then.
                k, reached = first, first + until[first] + behind - h
                over = h >= first and reached <= 1.0
                counts = over and part >= reached
            else:
                k, reached, over = h, 1.0, False
                counts = due[h] and (first == 0 or behind <= h - first + 0.5)
            if counts:
                population[h] += 1
                done, needed = int(counted[k]), int(required[k])
                if late >= 0 and (window == 0 or late + h + 1 < window):
                    done += 1
                if not met[k] and done < needed:
                    nothing_more[h] += 1
                    if lost[k] and (not odds.reaching or h == first):
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
                            hours = room.worked[h] + new_hours
                            for j in range(h - window + 1):
                                hours -= room.hours[j]
                            unmet[h] += hours < enough[h]
            if over:
                break
            events[KEPT_MONTHS + h] = happened
            fresh += happened
    return at
