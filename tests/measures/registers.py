"""Generated registers, dense in what is easily got wrong.

Dates cluster on the first and last days of months, on 31sts and 29 February, on the days around
six and twelve months (183 and 365 benefit days), on gaps just short of and just as long as those
that break a run, and on each other, so that ties are common.

A scene is made by one function that asks for every choice through `pick`. Hypothesis picks for
the tests, so that failures shrink (each list of options begins with the plainest); a plain random
generator picks for the long hunt, which is many times faster.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from tests.measures.reference import (
    DAY,
    GROUPS,
    VISITATIONS,
    Conversation,
    Duty,
    Exemption,
    Hours,
    Offer,
    Register,
    Spell,
    add_months,
    index,
    last_day,
    month_of,
)

Pick = Callable[[Sequence[Any]], Any]
"""Chooses one of some options."""

HUNT = int(os.environ.get("TILSYN_HUNT", "1"))
"""How many times the usual number of examples to try, in a long hunt for disagreements."""


def examples(number: int) -> settings:
    """So many examples, the same ones each time; in a hunt many more, and others each time."""
    return settings(
        max_examples=number * HUNT, deadline=None, derandomize=HUNT == 1, print_blob=True
    )


@dataclass(frozen=True)
class Scene:
    """A register and what is measured of it: the first and the last month, and "known on"."""

    register: Register
    first: dt.date
    last: dt.date
    known_on: dt.date | None


ANCHORS = (
    dt.date(2023, 3, 1),  # after a plain February
    dt.date(2024, 3, 1),  # after a leap day
    dt.date(2022, 1, 1),  # 225 hours become 100
    dt.date(2024, 1, 1),  # a-dagpenge need 3 conversations
    dt.date(2026, 7, 1),  # guidance becomes an early offer; the reform's measures begin
    dt.date(2027, 1, 1),  # six months later
    dt.date(2026, 9, 1),
    dt.date(2021, 2, 1),
)
MUNICIPALITIES = ("101", "147", "183", "851")
FAMILIES = (
    ("kontanthjaelp",),
    ("a_dagpenge",),
    ("overgangsydelse", "kontanthjaelp"),
    ("overgangsydelse", "kontanthjaelp", "uddannelseshjaelp"),
    ("overgangsydelse", "overgangsydelse", "kontanthjaelp", "uddannelseshjaelp"),
    ("a_dagpenge", "sygedagpenge"),
    ("a_dagpenge", "overgangsydelse", "kontanthjaelp"),
    ("a_dagpenge",),
    ("sygedagpenge",),
    ("ledighedsydelse", "kontanthjaelp"),
    GROUPS,
)
KINDS = (
    "virksomhedspraktik",
    "oevrig_vejledning_opkvalificering",
    "loentilskud",
    "nytteindsats",
    "ordinaer_uddannelse",
)
HOURS = "100 225 50 99.99 224.99 0.01 -0.01 -50 -100 12.5 112.5 33.34 33.33 -0.1 744 -744".split()


def in_month(pick: Pick, first: dt.date) -> dt.date:
    """A day of a month: mostly its first or its last."""
    last = last_day(first)
    edges = [first, last, last, last - DAY, last - 2 * DAY, first + DAY]
    return pick([*edges, *(first + n * DAY for n in (4, 9, 14, 19, 24))])


def span_end(pick: Pick, start: dt.date) -> dt.date | None:
    """The last day of a spell that begins on a day."""
    way = pick(("months", "open", "reached", "month", "days", "accumulated", "months", "far"))
    if way == "open":
        return None
    if way == "days":
        return start + pick((0, 1, 2, 6, 20, 27, 30, 61)) * DAY
    if way == "reached":
        return add_months(start, pick((6, 12, 3))) + pick((-1, -2, 0, 1, -20, -33)) * DAY
    if way == "accumulated":
        return start + (pick((183, 365, 100, 92, 275)) + pick((-1, -2, 0))) * DAY
    if way == "far":
        return pick((dt.date(2099, 12, 31), add_months(start, 40)))
    ahead = pick((0, 1)) if way == "month" else pick((7, 13, 2, 3, 5, 6, 12, 18, 26))
    return max(start, in_month(pick, month_of(index(start) + ahead)))


def next_start(pick: Pick, before: Spell, last: dt.date) -> dt.date:
    """The first day of a spell that has to do with an earlier one."""
    end = min(before.end or last, add_months(last, 2))
    way = pick(("next", "gap", "same", "gap", "long gap", "inside", "six months", "free"))
    if way == "next":
        return end + pick((1, 2, 0, 15)) * DAY
    if way == "gap":
        return in_month(pick, month_of(index(end) + pick((1, 2, 0, 3))))
    if way == "long gap":
        return in_month(pick, month_of(index(end) + pick((12, 13, 11, 14))))
    if way == "same":
        return before.start
    if way == "six months":
        return add_months(before.start, 6) + pick((0, -1, 1, 8)) * DAY
    if way == "inside":
        inside = in_month(pick, month_of(index(before.start) + pick((0, 1, 2, 5))))
        return max(before.start, inside)
    return in_month(pick, month_of(index(last) - pick(range(28))))


def about_six_months(pick: Pick, first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """A run that reaches six months in or near the months measured, broken off about then.

    The first spell ends about the day before, or leaves a gap over it; the second one bridges the
    gap in that month or only in the next, when it is too late to be used.
    """
    reaching = min(index(last), index(first) + pick((0, 1, 3, 2)))
    if pick((0, 0, 1)):
        reached = in_month(pick, month_of(reaching))
        start = reached - 183 * DAY
    else:
        start = in_month(pick, month_of(reaching - 6))
        reached = add_months(start, 6)
    gap = pick((0, 1, 2, 10, 31, -1))
    end = in_month(pick, month_of(reaching - 1)) if pick((0, 1)) else reached - (1 + gap) * DAY
    bridge = in_month(pick, month_of(reaching + pick((0, 1)))) if pick((1, 0)) else reached
    spans = [(start, max(start, end)), (bridge, last_day(bridge))]
    return spans[: pick((2, 2, 1))]


def spells_of(pick: Pick, person: str, first: dt.date, last: dt.date) -> list[Spell]:
    """A person's spells: a chain in which each begins after, in or with an earlier one."""
    family = pick(FAMILIES)
    visitations = pick((("",), ("jobparat", ""), ("", *VISITATIONS)))
    home = pick((MUNICIPALITIES[:1], MUNICIPALITIES[:2], MUNICIPALITIES))
    spells: list[Spell] = []
    if pick((0, 0, 0, 1)):
        for start, end in about_six_months(pick, first, last):
            spells.append(Spell(person, pick(home), pick(family), pick(visitations), start, end))
    for _ in range(pick((1, 0, 2, 3, 2, 3, 4, 5, 7)) if spells else pick((1, 2, 3, 2, 3, 4, 5))):
        if spells:
            start = next_start(pick, pick(spells[::-1]), last)
        else:
            # Long ago, or so that six or twelve months are reached in the months measured.
            ago = pick((6, 12, 6, 7, 13, 9, 18, 24, 27, 36, 150))
            start = in_month(pick, month_of(index(pick((last, first, last))) - ago))
        end = pick(spells).end if spells and pick((0, 0, 0, 1)) else span_end(pick, start)
        if end is not None and end < start:
            end = start
        spell = Spell(person, pick(home), pick(family), pick(visitations), start, end)
        spells.append(spell)
        if pick((0,) * 9 + (1,)):
            twin = replace(spell, municipality=pick(home), visitation=pick(visitations))
            spells.append(replace(twin, group=pick(family)))
        elif pick((0,) * 9 + (1,)):
            # The same but for its end: a tie, once both go on beyond the day of placement.
            spells.append(replace(spell, end=pick((None, spell.end and spell.end + 40 * DAY))))
    return [with_reform(pick, spell, spells) for spell in spells]


def with_reform(pick: Pick, spell: Spell, spells: list[Spell]) -> Spell:
    """The spell with what the reform has of it, or without."""
    if pick((0, 1)):
        return spell
    begin = pick((spell, *spells)).start
    turns = (begin, spell.start + 183 * DAY, begin + 91 * DAY, add_months(begin, 6))
    takeover = pick((None, pick(turns) + pick((0, -1, 1, -14, -13, 20)) * DAY))
    weeks = pick(("26", "25.99", "26.01", "12", "40", None))
    return replace(
        spell,
        takeover=takeover,
        has_job=pick(("yes", "yes", "no", "")),
        expected_weeks=None if weeks is None else Decimal(weeks),
    )


def telling_days(spells: list[Spell], first: dt.date, last: dt.date) -> list[dt.date]:
    """The days on which something turns: placements, beginnings, six months, windows."""
    days = {last_day(month_of(n)) for n in range(index(first), index(last) + 1)}
    days |= {month_of(index(first) - 11), month_of(index(last) - 11), month_of(index(last) - 5)}
    for spell in spells:
        days |= {spell.start, add_months(spell.start, 6), spell.start + 183 * DAY}
        days |= {spell.end, spell.takeover} - {None}
        days |= {spell.start + 7 * DAY}
        if spell.takeover:
            days |= {spell.takeover + 14 * DAY}
    earliest, latest = dt.date(1991, 1, 1), dt.date(2090, 1, 1)
    return sorted((d for d in days if earliest < d < latest), reverse=True)


def edges(spells: list[Spell], first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.timedelta]]:
    """The first and last days of windows, each with the step that leads into the window."""
    found = []
    for spell in spells:
        found += [(spell.start, DAY), (add_months(spell.start, 6) - DAY, -DAY)]
        found += [(spell.start + 182 * DAY, -DAY), (spell.start + 7 * DAY, -DAY)]
        if spell.takeover:
            found += [(spell.takeover, DAY), (spell.takeover + 14 * DAY, -DAY)]
        if spell.end and dt.date(1992, 1, 1) < spell.end < dt.date(2090, 1, 1):
            found += [(add_months(spell.end, -12) + DAY, DAY), (spell.end, -DAY)]
    for month in (last, first):
        found += [(month_of(index(month) - 11), DAY), (last_day(month), -DAY)]
    return found


def person_of(pick: Pick, person: str, first: dt.date, last: dt.date) -> Register:
    """One person's rows in all tables."""
    spells = spells_of(pick, person, first, last) if pick((1,) * 15 + (0,)) else []
    telling = telling_days(spells, first, last)

    def day() -> dt.date:
        return pick(telling) + pick((0, -1, 1, 0, -1, -31, 40, 100)) * DAY

    def span() -> tuple[dt.date, dt.date | None]:
        start = day()
        end = pick((start, None, start + 30 * DAY, start + 200 * DAY, day()))
        return start, end if end is None else max(start, end)

    def registered(event: dt.date) -> dt.date | None:
        return pick((None, event, event + DAY, event + 45 * DAY, event + 300 * DAY, day()))

    # About as many as are required, at the edge of a window, so that a day more or less decides.
    conversations = []
    counting = pick(((4,), (4, 7, 17, 19), (4, 7, 12, 15)))
    edge, inwards = pick(edges(spells, first, last))
    begin, step = edge + pick((0, 0, -1, 1)) * inwards, pick((1, 7, 1, 30, 0)) * inwards
    for number in range(pick((4, 3, 5, 0, 4, 3, 2, 7))):
        held = begin + number * step if pick((1,) * 9 + (0,)) else day()
        late = registered(held) if pick((0, 0, 1)) else None
        conversations.append(Conversation(person, held, pick(counting), late))
    offers: list[Offer] = []
    for _ in range(pick((0, 0, 1, 2, 3))):
        if offers and pick((0, 0, 1)):
            # The same offer again, to the letter or but for the day it was registered.
            again = pick(offers)
            offers.append(replace(again, registered=pick((again.registered, None, again.start))))
        else:
            start, end = span()
            offers.append(Offer(person, pick(KINDS), start, end, registered(start)))
    hours = [
        Hours(person, month_of(index(last) - pick((0, 11, 12, 1, 5, 13, -1))), Decimal(pick(HOURS)))
        for _ in range(pick((0, 0, 1, 2, 3, 5)))
    ]
    exemptions = []
    for _ in range(pick((0, 0, 0, 1, 2, 3))):
        start, end = span() if pick((0, 1)) else (pick(telling),) * 2
        exemption = Exemption(person, pick(("offers", "conversations")), start, end)
        if pick((0, 1)):
            late = pick((None, start, start - DAY, day()))
            exemption = replace(exemption, reason="flex25", decided=late, decided_by="Team 1")
        exemptions.append(exemption)
    duties = []
    for _ in range(pick((0, 0, 1, 2))):
        start, end = span() if pick((0, 1)) else (pick(telling),) * 2
        duties.append(Duty(person, "arbejdspligt", start, end))
    tables = (spells, conversations, offers, hours, exemptions, duties)
    return Register(*map(tuple, tables))


def together(registers: Sequence[Register]) -> Register:
    """One register of several."""
    return Register(
        sum((r.spells for r in registers), ()),
        sum((r.conversations for r in registers), ()),
        sum((r.offers for r in registers), ()),
        sum((r.hours for r in registers), ()),
        sum((r.exemptions for r in registers), ()),
        sum((r.duties for r in registers), ()),
        all(r.duties_told for r in registers),
    )


def scene(pick: Pick, persons: Sequence[int] = (1, 2, 3, 4, 6)) -> Scene:
    """A register of some persons, and what to measure of it."""
    anchor = pick(ANCHORS)
    first = month_of(index(anchor) - pick((0, 1, 3)))
    last = month_of(index(first) + pick((0, 1, 2, 5, 8, 14)))
    number = pick(persons)
    people = [person_of(pick, f"P{n}", first, last) for n in range(number)]
    known_on = pick((None, None, last_day(last), first, last_day(last) + 60 * DAY))
    return Scene(together(people), first, last, known_on)


LONG_AFTER = dt.date(2100, 12, 31)
"""Everything is over and known."""


def when_over(scene: Scene) -> Scene:
    """The scene known on a day on which its months are over, so that it can be measured."""
    return replace(scene, known_on=max(scene.known_on or LONG_AFTER, last_day(scene.last)))


@st.composite
def scenes(draw: st.DrawFn, persons: Sequence[int] = (1, 2, 3, 4, 6)) -> Scene:
    """Scenes that Hypothesis picks, and shrinks."""
    return scene(lambda options: draw(st.sampled_from(options)), persons)


def random_scene(seed: int, persons: Sequence[int] = (1, 2, 3, 4, 6)) -> Scene:
    """The scene of a seed: quick, the same each time, and not shrunk."""
    return scene(random.Random(seed).choice, persons)
