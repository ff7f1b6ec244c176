"""Due dates from course data (``law/courses``, `due`): workdays, months, fixed days of the year, and dates among the facts.

A deadline that falls on no workday (`vocabulary.workdays`) moves to the next one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from tilsyn.rules.course import Due
from tilsyn.vocabulary import YearMonth, add_months
from tilsyn.vocabulary.workdays import add_workdays, workday_from


def due_on(
    due: Due,
    days: Mapping[str, dt.date],
    facts: Mapping[str, Any],
    closed: Collection[dt.date] = (),
) -> dt.date | None:
    """When a step is due; None while what it is counted from is not known.

    Args:
        due: the course's word on it.
        days: when each step was done, with "opening", "arrival" (at this step) and "data".
        facts: the course's facts as JSON; a month among them means its last day.
        closed: the office's own days off.
    """
    if due.fact is not None and facts.get(due.fact) is not None:
        return workday_from(_day(str(facts[due.fact])), closed)
    if (start := days.get(due.after)) is None:
        return None
    if due.workdays is not None:
        return add_workdays(start, due.workdays, closed)
    if due.days is not None:
        return workday_from(start + dt.timedelta(days=due.days), closed)
    if due.months is not None:
        return workday_from(add_months(start, due.months), closed)
    if due.month is None or due.day is None:
        return None
    this_year = _clipped(start.year, due.month, due.day)
    day = this_year if this_year > start else _clipped(start.year + 1, due.month, due.day)
    return workday_from(day, closed)


def _clipped(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, YearMonth(year, month).last.day))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return YearMonth.parse(text).last
