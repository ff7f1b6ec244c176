"""Workdays: the one calendar that deadlines are counted by and call-ins are planned by."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Collection
from functools import cache

import holidays

from tilsyn.vocabulary import lists

_FILE = lists.SHIPPED / "workdays.toml"
_CLOSED = tomllib.loads(_FILE.read_text(encoding="utf-8"))["closed"]

CLOSED = {(day["month"], day["day"]): day for day in _CLOSED}
"""Days of every year without work beside the public holidays: their names, by (month, day)."""


@cache
def _public_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("DK", years=year))


def is_workday(day: dt.date, closed: Collection[dt.date] = ()) -> bool:
    """Whether offices work that day.

    Args:
        closed: days off of one's own.
    """
    return (
        day.weekday() < 5
        and (day.month, day.day) not in CLOSED
        and day not in _public_holidays(day.year)
        and day not in closed
    )


def workday_from(day: dt.date, closed: Collection[dt.date] = ()) -> dt.date:
    """The day itself when it is a workday, else the next one."""
    while not is_workday(day, closed):
        day += dt.timedelta(days=1)
    return day


def add_workdays(day: dt.date, count: int, closed: Collection[dt.date] = ()) -> dt.date:
    """The day `count` workdays later."""
    for _ in range(count):
        day = workday_from(day + dt.timedelta(days=1), closed)
    return workday_from(day, closed)
