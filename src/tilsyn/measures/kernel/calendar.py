"""Days and months as numbers: table look-ups instead of dates.

Days are counted from 1970-01-01; months from January 1990 (month 0), so that they index tables.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import numpy as np

from tilsyn.measures.kernel.compiled import compiled
from tilsyn.vocabulary import YearMonth

BASE = YearMonth(1990, 1)
"""Month 0. No date of a register lies before it."""

LAST = YearMonth(2102, 12)
"""The last month of the tables; a register's dates end with 2100."""

_EPOCH = dt.date(1970, 1, 1).toordinal()


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def day_date(number: int) -> dt.date:
    """The date of a day number."""
    return dt.date.fromordinal(number + _EPOCH)


def month_number(month: YearMonth) -> int:
    """Months since January 1990."""
    return month.since(BASE)


class Calendar(NamedTuple):
    """Look-up tables.

    Attributes:
        first: first day of each month, and of the month after the last.
        month: month of each day, from the first day of month 0.
    """

    first: Any
    month: Any


def _calendar() -> Calendar:
    months = range(month_number(LAST) + 2)
    first = np.array([day_number((BASE + m).first) for m in months], dtype=np.int32)
    month = np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))
    for table in (first, month):
        table.flags.writeable = False
    return Calendar(first, month)


CALENDAR = _calendar()

FIRST_DAY = int(CALENDAR.first[0])
"""Day number of 1990-01-01."""


@compiled
def month_of(day: int, calendar: Calendar) -> int:
    """The month a day lies in."""
    return calendar.month[day - calendar.first[0]]


@compiled
def add_months(day: int, months: int, calendar: Calendar) -> int:
    """The same day of the month `months` later, clipped to that month's last day."""
    month = month_of(day, calendar)
    later = calendar.first[month + months] + (day - calendar.first[month])
    return min(later, calendar.first[month + months + 1] - 1)
