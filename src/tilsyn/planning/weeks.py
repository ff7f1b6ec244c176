"""The weeks of a plan: their working days, and the day on which what is planned counts as held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.workdays import is_workday

EPOCH = dt.date(1970, 1, 1)
"""Day number 0 of a register."""

MOST_WEEKS = 44
"""A longer plan would reach windows that open after its first week."""

FULL_WEEK = 5
"""Working days of a week without holidays."""


def day_number(day: dt.date) -> int:
    """A day as registers count them."""
    return (day - EPOCH).days


def day_of(number: int) -> dt.date:
    """The day of a number."""
    return EPOCH + dt.timedelta(days=int(number))


@dataclass(frozen=True)
class Weeks:
    """Consecutive weeks, Monday to Sunday; the first begins on the plan's first day.

    Attributes:
        first: the plan's first day.
        mondays: the Monday of each week.
        working: by week, the working days, in order; none in a week of holidays.
    """

    first: dt.date
    mondays: tuple[dt.date, ...]
    working: tuple[tuple[dt.date, ...], ...]

    @classmethod
    def beginning(cls, first: dt.date, count: int, closed: Collection[dt.date] = ()) -> Weeks:
        """So many weeks, the first being what is left of the week of `first`.

        Args:
            closed: days without conversations beside those of every calendar.
        """
        monday = first - dt.timedelta(days=first.weekday())
        mondays = tuple(monday + dt.timedelta(weeks=k) for k in range(count))
        return cls(
            first,
            mondays,
            tuple(
                tuple(day for day in _weekdays(m) if day >= first and is_workday(day, closed))
                for m in mondays
            ),
        )

    def __len__(self) -> int:
        return len(self.mondays)

    @property
    def last(self) -> dt.date:
        """The last day of the last week."""
        return self.mondays[-1] + dt.timedelta(days=6)

    @property
    def months(self) -> tuple[YearMonth, ...]:
        """The months the weeks lie in, the first and the last perhaps in part."""
        first, last = YearMonth.of(self.first), YearMonth.of(self.last)
        return tuple(first + k for k in range(last.since(first) + 1))

    @property
    def lined(self) -> tuple[YearMonth, ...]:
        """The months in which lines are held: those that end within the weeks; where none does, all."""
        return tuple(month for month in self.months if month.last <= self.last) or self.months

    @property
    def held(self) -> Any:
        """By week, the day number on which what is planned in it counts as held.

        The first working day. A week without one has its Monday and no capacity.
        """
        days = (week[0] if week else m for week, m in zip(self.working, self.mondays, strict=True))
        return np.array([day_number(day) for day in days], np.int64)

    @property
    def ends(self) -> Any:
        """By week, the day number of its last working day (of its Monday, where it has none)."""
        days = (week[-1] if week else m for week, m in zip(self.working, self.mondays, strict=True))
        return np.array([day_number(day) for day in days], np.int64)

    def week_of(self, day: dt.date) -> int | None:
        """The week a day lies in; None outside the plan."""
        week = (day - self.mondays[0]).days // 7
        return week if self.first <= day and week < len(self) else None

    def name(self, week: int) -> str:
        """A week as calendars number it: "2024-W27"."""
        year, number, _ = self.mondays[week].isocalendar()
        return f"{year}-W{number:02d}"


def _weekdays(monday: dt.date) -> Iterator[dt.date]:
    return (monday + dt.timedelta(days=k) for k in range(FULL_WEEK))
