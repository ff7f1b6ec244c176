"""One calendar of workdays, for deadlines and for plans."""

import datetime as dt

import pytest

from tilsyn.planning.weeks import Weeks
from tilsyn.vocabulary.workdays import add_workdays, is_workday


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    "off",
    """2023-04-06 2023-04-07 2023-04-10 2023-05-05 2023-05-18 2023-05-29 2023-06-05 2022-12-26
    2024-12-24 2024-12-31 2025-01-01 2023-04-08 2023-04-09""".split(),
)
def test_offices_are_closed(off):
    assert not is_workday(day(off))


@pytest.mark.parametrize(
    "on", "2023-04-05 2023-04-11 2024-04-26 2024-12-23 2024-12-27 2023-05-01".split()
)
def test_offices_work(on):
    # The great prayer day was abolished from 2024; 1 May is no public holiday.
    assert is_workday(day(on))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2023-04-03", 3, "2023-04-11"),  # Maundy Thursday to Easter Monday are skipped
        ("2023-12-21", 3, "2023-12-28"),  # Christmas
        ("2024-12-20", 3, "2024-12-30"),  # Christmas Eve too
        ("2022-05-15", 10, "2022-05-30"),  # from a Sunday, over Ascension Day
        ("2023-01-02", 0, "2023-01-02"),
    ],
)
def test_workdays_are_counted(start, count, end):
    assert add_workdays(day(start), count) == day(end)


def test_plans_work_on_the_days_that_deadlines_count():
    first, last = day("2023-01-02"), day("2024-12-31")
    closed = [day("2023-05-19"), day("2024-05-10")]
    weeks = Weeks.beginning(first, 105, closed)
    working = {one for week in weeks.working for one in week if one <= last}
    days = [first + dt.timedelta(days=k) for k in range((last - first).days + 1)]
    assert working == {one for one in days if is_workday(one, closed)}
