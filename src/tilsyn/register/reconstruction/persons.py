"""Persons whose spells, conversations, offers and hours give chosen numbers under the contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tilsyn.register.coding import GROUP_CODES, OPEN_END, TABLES, VISITATION_CODES
from tilsyn.register.reconstruction.choosing import Choice
from tilsyn.register.writing import Ints
from tilsyn.vocabulary import YearMonth, add_months

_COUNTING_TYPES = (4, 7)
_OTHER_TYPE = 9
_OFFERS, _CONVERSATIONS = 0, 1
_MONTHLY_HOURS = 3_700
"""Hundredths: a full working week each month is enough under every limit that was in force."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person to be made.

    Attributes:
        conversations, offers: how many count in the window; None: exempt from the measure.
        hours: whether ordinary hours stand in for an offer.
    """

    grp: str
    visitation: str
    conversations: int | None
    offers: int | None
    hours: bool


@dataclass(slots=True)
class Rows:
    """Coded rows of the measured tables, as they are added."""

    tables: dict[str, list[tuple[int, ...]]] = field(
        default_factory=lambda: {name: [] for name in TABLES}
    )

    def columns(self) -> dict[str, dict[str, Ints]]:
        """The same by column."""
        return {
            name: {
                column: np.array([row[place] for row in rows], np.int64)
                for place, column in enumerate(TABLES[name].names)
            }
            for name, rows in self.tables.items()
        }


def persons(
    talks: dict[str, Choice], offers: dict[str, Choice], split: dict[str, dict[str, int]]
) -> Iterator[Person]:
    """Persons with these numbers.

    Args:
        talks: of the conversation measure, by group.
        offers: of the offer measure, by group; empty if it is not published.
        split: group -> visitation -> persons with too few conversations.
    """
    for group in sorted({*talks, *offers}, key=GROUP_CODES.index):
        talk, offer = talks.get(group), offers.get(group)
        held = _spread(talk.persons) if talk else []
        begun = _spread(offer.persons)[::-1] if offer else []
        by_hours = offer.persons[0] - offer.unmet if offer else 0
        visitations = [code for code, count in split.get(group, {}).items() for _ in range(count)]
        rest = visitations[-1] if visitations else ""
        for number in range(max(len(held), len(begun))):
            conversations = held[number] if number < len(held) else None
            count = begun[number] if number < len(begun) else None
            hours = count == 0 and by_hours > 0
            by_hours -= hours
            # Those with fewest conversations come first, as the visitations of the unmet do.
            visitation = visitations[number] if number < len(visitations) else rest
            yield Person(group, visitation, conversations, count, hours)


def _spread(by_category: tuple[int, ...]) -> list[int]:
    return [category for category, count in enumerate(by_category) for _ in range(count)]


def rows_of(people: list[Person], municipality: int, month: YearMonth, *, offers: bool) -> Rows:
    """The rows of these persons.

    Everyone has been on the benefit for 13 to 36 months at the month's end. Beside what counts there
    is what must not count: other types of conversation, a second one on the same day, offers that
    ended before the window.

    Args:
        people: to be made.
        municipality: their code.
        month: the measured month.
        offers: whether the offer measure is published; without it nobody gets an exemption from it.
    """
    rows, window = Rows(), (month - 11).first
    for number, person in enumerate(people):
        start = add_months(month.first, -(13 + number % 24)) + dt.timedelta(number % 27)
        visitation = VISITATION_CODES.index(person.visitation)
        rows.tables["spells"].append(
            (
                number,
                municipality,
                GROUP_CODES.index(person.grp),
                visitation,
                _day(start),
                OPEN_END,
            )
        )
        if person.conversations is None:
            rows.tables["exemptions"].append((number, _CONVERSATIONS, _day(start), OPEN_END))
        _talks(rows, number, person.conversations or 0, window)
        if person.offers is None and offers:
            rows.tables["exemptions"].append((number, _OFFERS, _day(month.first), OPEN_END))
        _offers(rows, number, person.offers or 0, window)
        if person.hours:
            last = month.index
            rows.tables["hours"] += [
                (number, m, _MONTHLY_HOURS) for m in range(last - 11, last + 1)
            ]
    return rows


def _talks(rows: Rows, number: int, count: int, window: dt.date) -> None:
    table = rows.tables["conversations"]
    # The last category is open upwards.
    count += (count == 5) * (number % 3)
    for nth in range(count):
        held = _day(window) + 3 + number % 29 + 45 * nth
        table.append((number, held, _COUNTING_TYPES[(number + nth) % 2], held + 2))
        if (number + nth) % 11 == 0:
            table.append((number, held, _COUNTING_TYPES[(number + nth + 1) % 2], held + 2))
    if number % 5 == 0:
        other = _day(window) + 100
        table.append((number, other, _OTHER_TYPE, other))
    if number % 4 == 0:
        before = _day(window) - 1
        table.append((number, before, _COUNTING_TYPES[0], before))


def _offers(rows: Rows, number: int, count: int, window: dt.date) -> None:
    table = rows.tables["offers"]
    count += (count == 2) * (number % 3)
    for nth in range(count):
        # Every third reaches into the window from before it.
        start = _day(window) - 10 if nth == 0 and number % 3 == 0 else _day(window) + 40 * nth
        table.append((number, (number + nth) % 5, start, start + 27, start + 1))
    if number % 6 == 0:
        ended = _day(window) - 1
        table.append((number, number % 5, ended - 20, ended, ended))


def _day(day: dt.date) -> int:
    return day.toordinal() - dt.date(1970, 1, 1).toordinal()
