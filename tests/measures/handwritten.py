"""Registers written by hand: one row a line, as a person would note them down.

::

    spell         Ane  101  kontanthjaelp  jobparat  2022-01-31 .. 2022-03-01
    spell         Ane  101  kontanthjaelp  -         2022-05-01 ..
    spell         Ane  101  a_dagpenge     -         2026-07-01 .. takeover 2026-09-30
    spell         Ane  101  sygedagpenge   -         2026-07-01 .. job yes weeks 12.5
    conversation  Ane  4    2022-02-10     registered 2022-06-01
    offer         Ane  virksomhedspraktik  2022-02-01 .. 2022-02-28
    hours         Ane  2022-02  37.50
    exemption     Ane  offers   2022-02-01 ..
    exemption     Ane  offers   2026-08-01 .. flex25 2026-07-30
    duty          Ane  2026-07-01 ..
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.measures.reference import (
    ABOUT,
    Conversation,
    Counted,
    Duty,
    Exemption,
    Hours,
    Offer,
    Register,
    Spell,
    judged,
)


def register(*texts: str) -> Register:
    """The register these lines describe."""
    rows: dict[str, list] = {
        word: [] for word in ("spell", "conversation", "offer", "hours", "exemption", "duty")
    }
    for line in filter(None, map(str.strip, "\n".join(texts).splitlines())):
        word, person, *rest = line.replace("..", " .. ").split()
        rows[word].append(_ROW[word](person, rest))
    return Register(*map(tuple, rows.values()))


def _dates(words: list[str]) -> dict[str, dt.date | None]:
    """The dates that end a line: "start .. end", with the end and "registered" left out or not."""
    dates: dict[str, dt.date | None] = {}
    if "registered" in words:
        dates["registered"] = dt.date.fromisoformat(words[-1])
        words = words[:-2]
    start, _, *end = words
    dates["start"] = dt.date.fromisoformat(start)
    dates["end"] = dt.date.fromisoformat(end[0]) if end else None
    return dates


def _spell(person: str, words: list[str]) -> Spell:
    municipality, group, visitation, *dates = words
    said = dict(zip(dates[::-1][1::2], dates[::-1][::2], strict=False))
    more = {
        "takeover": dt.date.fromisoformat(said["takeover"]) if "takeover" in said else None,
        "has_job": said.get("job", ""),
        "expected_weeks": Decimal(said["weeks"]) if "weeks" in said else None,
    }
    while dates[-2:-1] and dates[-2] in said and dates[-2] in ("takeover", "job", "weeks"):
        dates = dates[:-2]
    return Spell(person, municipality, group, visitation.strip("-"), **_dates(dates), **more)


def _conversation(person: str, words: list[str]) -> Conversation:
    kind, held, *registered = words
    day = dt.date.fromisoformat(registered[1]) if registered else None
    return Conversation(person, dt.date.fromisoformat(held), int(kind), day)


def _offer(person: str, words: list[str]) -> Offer:
    return Offer(person, words[0], **_dates(words[1:]))


def _hours(person: str, words: list[str]) -> Hours:
    return Hours(person, dt.date.fromisoformat(words[0] + "-01"), Decimal(words[1]))


def _exemption(person: str, words: list[str]) -> Exemption:
    scope, *dates = words
    if "flex25" not in dates:
        return Exemption(person, scope, **_dates(dates))
    decided = None if dates[-1] == "-" else dt.date.fromisoformat(dates[-1])
    return Exemption(person, scope, **_dates(dates[:-2]), reason="flex25", decided=decided)


def _duty(person: str, words: list[str]) -> Duty:
    return Duty(person, "arbejdspligt", **_dates(words))


_ROW = {
    "spell": _spell,
    "conversation": _conversation,
    "offer": _offer,
    "hours": _hours,
    "exemption": _exemption,
    "duty": _duty,
}


def counted(of: Register, measure: str, month: str, known_on: str | None = None) -> list[str]:
    """Who is counted in a month: "Ane 101 kontanthjaelp jobparat 3 unmet", a line a person."""
    day = dt.date.fromisoformat(month + "-01")
    known = dt.date.fromisoformat(known_on) if known_on else None
    return sorted(
        " ".join(
            (
                c.person,
                c.municipality,
                c.group,
                c.visitation or "-",
                c.category,
                *([] if measure == "durations" else [outcome(c)]),
            )
        )
        for c in judged(of, day, day, known)
        if c.measure == measure
    )


def outcome(counted: Counted) -> str:
    """Met or unmet; of the reform's measures met, exempted or missed."""
    if not counted.unmet:
        return "met"
    if counted.measure not in ABOUT:
        return "unmet"
    return "exempted" if counted.exempted else "missed"


def months(of: Register, measure: str, first: str, last: str) -> list[str]:
    """The months, from the first to the last, in which anybody is counted."""
    everyone = judged(of, dt.date.fromisoformat(first + "-01"), dt.date.fromisoformat(last + "-01"))
    return sorted({f"{c.month:%Y-%m}" for c in everyone if c.measure == measure})


def table(text: str) -> list[list[str]]:
    """The rows of a table drawn with "|", without its heading line."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return rows[1:]
