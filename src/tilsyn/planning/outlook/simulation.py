"""The simulation: the coming months lived through many times over, person by person."""

from __future__ import annotations

from typing import Any

import numpy as np

from tilsyn.measures.kernel.compiled import compiled
from tilsyn.planning.arrays import Found, Odds, Room
from tilsyn.planning.outlook.courses import Courses
from tilsyn.planning.outlook.hazards import KEPT_MONTHS, WEEKS_A_MONTH
from tilsyn.planning.outlook.pace import TRAILING

MOST_A_MONTH = 4
"""Events a person has in a month, at most."""
OTHERS = 2
"""Months of others that are drawn from beside a person's own twelve."""


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
    found = Found(*(np.zeros((simulations, groups, months), dtype=np.int32) for _ in range(4)))
    fields = "group weeks before due counted required met lost until worked".split()
    known = (np.ascontiguousarray(getattr(courses, name)) for name in fields)
    room = Room(
        np.zeros((simulations, months)),
        np.zeros(months + 1),
        np.zeros((months, odds.chance.shape[2])),
        np.zeros(months),
        np.zeros(KEPT_MONTHS + months, dtype=np.int64),
        np.zeros(months, dtype=np.int64),
        np.zeros(odds.hidden.size),
    )
    simulation_kernel(odds, *known, found, room, seed)
    return tuple(found)


@compiled
def simulation_kernel(
    odds: Odds,
    group: Any,
    weeks: Any,
    before: Any,
    due: Any,
    counted: Any,
    required: Any,
    met: Any,
    lost: Any,
    until: Any,
    worked: Any,
    found: Found,
    room: Room,
    seed: int,
) -> None:
    """Fill what is found."""
    np.random.seed(seed)
    simulations, months = room.pace.shape
    for s in range(simulations):
        _draw_pace(odds, room.pace[s])
    for i in range(group.size):
        first, last = 0, months - 1
        while last >= 0 and not due[i, last]:
            last -= 1
        while first < last and not due[i, first]:
            first += 1
        if odds.reaching and odds.slipping[group[i], 0] > 0:
            last = months - 1
        _weigh(odds, group[i], weeks[i], before[i], last, room)
        _course(
            odds, group[i], due[i], counted[i], required[i], met[i], lost[i], until[i], worked[i],
            first, last, found, room,
        )  # fmt: skip
    for g in range(odds.coming.size):
        if odds.coming[g] > 0 and odds.entrant_first[g] < odds.entrant_first[g + 1]:
            _entrants(odds, g, found, room)


@compiled
def _weigh(odds: Odds, group: int, weeks: int, before: Any, last: int, room: Room) -> None:
    """Work out a course's chances, month by month up to `last`, and lay out its events."""
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
    room.staying[0] = 1.0
    for h in range(last + 1):
        tenure = weeks + (h + 1) * WEEKS_A_MONTH
        leaving = odds.leaving[group, _class(odds.bands, tenure)]
        if h == 0:
            leaving *= odds.left
        room.staying[h + 1] = room.staying[h] * (1.0 - leaving)
        kind = _class(odds.tenures, tenure)
        room.again[h] = odds.second[group, kind]
        for k in range(room.chance.shape[1]):
            room.chance[h, k] = odds.chance[group, kind, k]


@compiled
def _draw_pace(odds: Odds, pace: Any) -> None:
    """The month's pace for everybody: the season, and a swing that lasts."""
    state = np.random.normal()
    for h in range(pace.size):
        if h > 0:
            fresh = np.sqrt(1.0 - odds.lasting * odds.lasting) * np.random.normal()
            state = odds.lasting * state + fresh
        # The mean of exp(x) is one.
        pace[h] = odds.season[h] * np.exp(odds.swing * state - odds.swing * odds.swing / 2)


@compiled
def _class(firsts: Any, weeks: float) -> int:
    found = firsts.size - 1
    while found > 0 and weeks < firsts[found]:
        found -= 1
    return found


@compiled
def _happening(chance: float, again: float) -> int:
    """How many events: one by a chance, and one more beside each by another."""
    drawn, found = np.random.random(), 0
    # Given that it is below the chance, the number is as good as a fresh one.
    while drawn < chance and found < MOST_A_MONTH:
        found += 1
        chance *= again
    return found


@compiled
def _hours(worked: Any, usual: Any) -> int:
    """Hours of a month: those of one of the person's own latest months, seldom another's."""
    drawn = int(np.random.random() * (worked.size + OTHERS))
    if drawn < worked.size:
        return worked[drawn]
    return usual[int(np.random.random() * usual.size)]


@compiled
def _enough(enough: int, window: int, worked: Any, hours: Any, new_hours: int, h: int) -> bool:
    """Whether the hours in the window of the coming month `h` are enough; nought: none are."""
    if enough == 0:
        return False
    total = new_hours
    for k in range(min(worked.size, window - 1 - h)):
        total += worked[k]
    for k in range(h - window + 1):
        total -= hours[k]
    return total >= enough


@compiled
def _slip(chance: float, months: float) -> float:
    """How much less than a month is added to the seniority in a month, in months."""
    if chance > 0 and np.random.random() < chance:
        return min(1.0, 2.0 * np.random.random() * months)
    return 0.0


@compiled
def _course(
    odds: Odds,
    group: int,
    due: Any,
    counted: Any,
    required: Any,
    met: Any,
    lost: Any,
    until: Any,
    worked: Any,
    first: int,
    last: int,
    found: Found,
    room: Room,
) -> None:
    """Follow a person who is known now, through every simulation.

    The loops stand in one function: handing the odds over anew for each of millions of persons
    would cost more than what is done with them.
    """
    events, most = room.events, room.chance.shape[1] - 1
    slipping, slipped = odds.slipping[group, 0], odds.slipping[group, 1]
    usual, enough = odds.usual_hours[group], odds.enough
    for s in range(room.pace.shape[0]):
        pace = room.pace[s]
        fate = np.random.random()
        if fate >= room.staying[first]:  # gone before they could be counted
            continue
        # At most one event is held and not registered yet, so many months back; -1: none is.
        late, drawn = -1, np.random.random()
        if drawn < room.late[room.late.size - 1]:
            late = 0
            while drawn >= room.late[late]:
                late += 1
        earlier = fresh = 0
        for k in range(KEPT_MONTHS - TRAILING, KEPT_MONTHS):
            earlier += events[k]
        if 0 <= late < TRAILING:
            earlier += 1
        behind, new_hours = 0.0, 0
        for h in range(last + 1):
            # The part of the month up to the last day on the benefit.
            part = 1.0
            if fate >= room.staying[h + 1]:
                part = (fate - room.staying[h + 1]) / (room.staying[h] - room.staying[h + 1])
            here = part
            if h == 0 and odds.left < 1.0:
                part = (1.0 - odds.left) + odds.left * part
                here = odds.left * here + (1.0 - odds.left) * odds.unseen_now
            happened = _happening(
                room.chance[h, min(earlier, most)] * pace[h] * here, room.again[h]
            )
            if enough[h] > 0:
                room.hours[h] = _hours(worked, usual)
                new_hours += room.hours[h]
            behind += _slip(slipping, slipped)
            if odds.reaching:
                # In the population once, when the seniority is reached; days may be lost until then.
                k, reached = first, first + until[first] + behind - h
                over = h >= first and reached <= 1.0
                counts = over and part >= reached
            else:
                k, reached, over = h, 1.0, False
                counts = due[h] and (first == 0 or behind <= h - first + 0.5)
            if counts:
                found.population[s, group, h] += 1
                done, needed = int(counted[k]), int(required[k])
                if late >= 0 and (odds.window == 0 or late + h + 1 < odds.window):
                    done += 1
                if not met[k] and done < needed:
                    found.nothing_more[s, group, h] += 1
                    if lost[k] and (not odds.reaching or h == first):
                        found.best[s, group, h] += 1
                        found.unmet[s, group, h] += 1
                    elif not _enough(enough[h], odds.window, worked, room.hours, new_hours, h):
                        done += fresh
                        if happened and (reached == 1.0 or np.random.random() * part < reached):
                            done += happened
                        for j in range(h - odds.window + 1 if odds.window > 0 else 0):
                            done -= events[KEPT_MONTHS + j]
                        if done < needed:
                            found.unmet[s, group, h] += 1
            if over or fate >= room.staying[h + 1]:
                break
            events[KEPT_MONTHS + h] = happened
            fresh += happened
            earlier += happened - events[KEPT_MONTHS + h - TRAILING]
            if late >= 0 and h - TRAILING == -1 - late:
                earlier -= 1


@compiled
def _entrants(odds: Odds, group: int, found: Found, room: Room) -> None:
    """Follow those who come, each as one of those who came lately, through every simulation."""
    events, (simulations, months) = room.events, room.pace.shape
    slipping, slipped = odds.slipping[group, 0], odds.slipping[group, 1]
    low, high = odds.entrant_first[group], odds.entrant_first[group + 1]
    for s in range(simulations):
        pace = room.pace[s]
        for begins in range(months):
            more = max(0.0, 1.0 + odds.coming_swing * np.random.normal())
            coming = odds.coming[group] * more * (odds.left if begins == 0 else 1.0)
            for _ in range(np.random.poisson(coming)):
                who = low + int(np.random.random() * (high - low))
                # Completed weeks at the end of the month of entry.
                weeks = odds.entrant_weeks[who] + np.random.random()
                # Events stand by month, as those of the known; nothing is known of what lies further back.
                events[: KEPT_MONTHS + begins] = 0
                counted, earlier = odds.entrant_counted[who], 0
                for k in range(KEPT_MONTHS):
                    events[KEPT_MONTHS + begins - 1 - k] = odds.entrant_before[who, k]
                    if k < TRAILING:
                        earlier += odds.entrant_before[who, k]
                came_with = counted
                new = weeks < WEEKS_A_MONTH
                day = 1.0 - weeks / WEEKS_A_MONTH if new else np.random.random()
                reached = begins + 1.0 + (odds.seniority - weeks) / WEEKS_A_MONTH
                staying, fate = 1.0, np.random.random()
                for h in range(begins, months):
                    tenure = weeks + (h - begins) * WEEKS_A_MONTH
                    if h > begins:
                        reached += _slip(slipping, slipped)
                    since = day if h == begins else 0.0
                    until = 1.0
                    leaving = staying * odds.leaving[group, _class(odds.bands, tenure)]
                    staying -= leaving
                    if fate >= staying:
                        until = since + (1.0 - since) * (fate - staying) / leaving
                    kind = _class(odds.tenures, tenure)
                    chance = odds.chance[group, kind, min(earlier, odds.chance.shape[2] - 1)]
                    happened = _happening(
                        chance * pace[h] * (until - since), odds.second[group, kind]
                    )
                    if odds.reaching and reached < h + 1:
                        if until >= reached - h:
                            if (
                                happened
                                and since + np.random.random() * (until - since) < reached - h
                            ):
                                counted += happened
                            found.population[s, group, h] += 1
                            found.unmet[s, group, h] += counted < odds.required[group, h]
                            found.nothing_more[s, group, h] += came_with < odds.required[group, h]
                        break
                    if not odds.reaching and reached < h + 1:
                        found.population[s, group, h] += 1
                        done = fresh = 0
                        for k in range(max(0, KEPT_MONTHS + h - odds.window + 1), KEPT_MONTHS + h):
                            if k < KEPT_MONTHS + begins:
                                done += events[k]
                            else:
                                fresh += events[k]
                        if done < odds.required[group, h]:
                            found.nothing_more[s, group, h] += 1
                            done += fresh + happened
                            hours = odds.enough[h] > 0 and np.random.random() < odds.by_hours[group]
                            if done < odds.required[group, h] and not hours:
                                found.unmet[s, group, h] += 1
                    if until < 1.0:
                        break
                    events[KEPT_MONTHS + h] = happened
                    counted += happened
                    earlier += happened - events[KEPT_MONTHS + h - TRAILING]
