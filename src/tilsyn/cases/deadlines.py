"""Due dates from course data: workdays, months, fixed days of the year, and dates among the facts.

A deadline that falls on a weekend, a public holiday, Constitution Day, Christmas Eve or New Year's Eve
moves to the next workday, as Danish statutes reckon.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

import holidays

from tilsyn.rules.course import Due
from tilsyn.vocabulary import YearMonth, add_months

# Days off in deadline provisions beside the public holidays: (month, day).
_ALSO_OFF = frozenset({(6, 5), (12, 24), (12, 31)})


@cache
def _public_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("DK", years=year))


def is_workday(day: dt.date) -> bool:
    """Whether offices work that day."""
    return (
        day.weekday() < 5
        and (day.month, day.day) not in _ALSO_OFF
        and day not in _public_holidays(day.year)
    )


def workday_from(day: dt.date) -> dt.date:
    """The day itself when it is a workday, else the next one."""
    while not is_workday(day):
        day += dt.timedelta(days=1)
    return day


def add_workdays(day: dt.date, count: int) -> dt.date:
    """The day `count` workdays later."""
    for _ in range(count):
        day = workday_from(day + dt.timedelta(days=1))
    return workday_from(day)


def due_on(due: Due, days: Mapping[str, dt.date], facts: Mapping[str, Any]) -> dt.date | None:
    """When a step is due; None while what it is counted from is not known.

    Args:
        due: the course's word on it.
        days: when each step was done, with "opening", "arrival" (at this step) and "data".
        facts: the course's facts as JSON; a month among them means its last day.
    """
    if due.fact is not None and facts.get(due.fact) is not None:
        return workday_from(_day(str(facts[due.fact])))
    if (start := days.get(due.after)) is None:
        return None
    if due.workdays is not None:
        return add_workdays(start, due.workdays)
    if due.days is not None:
        return workday_from(start + dt.timedelta(days=due.days))
    if due.months is not None:
        return workday_from(add_months(start, due.months))
    if due.month is None or due.day is None:
        return None
    this_year = _clipped(start.year, due.month, due.day)
    return workday_from(
        this_year if this_year > start else _clipped(start.year + 1, due.month, due.day)
    )


def _clipped(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, YearMonth(year, month).last.day))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return YearMonth.parse(text).last
