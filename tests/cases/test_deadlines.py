"""Deadlines over Easter, Christmas, weekends and the turn of the year."""

import datetime as dt

import pytest

from tilsyn.cases.deadlines import add_workdays, due_on, is_workday
from tilsyn.rules.course import Due


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


@pytest.mark.parametrize(
    ("due", "days", "facts", "expected"),
    [
        ({"days": 15}, {"opening": "2023-02-20"}, {}, "2023-03-07"),
        ({"days": 4}, {"opening": "2023-04-03"}, {}, "2023-04-11"),
        ({"months": 1}, {"opening": "2023-01-31"}, {}, "2023-02-28"),
        ({"months": 2}, {"opening": "2022-10-24"}, {}, "2022-12-27"),
        ({"month": 4, "day": 30}, {"opening": "2023-09-04"}, {}, "2024-04-30"),
        ({"month": 4, "day": 30}, {"opening": "2023-02-01"}, {}, "2023-05-01"),
        ({"month": 4, "day": 30}, {"opening": "2023-04-30"}, {}, "2024-04-30"),
        ({"month": 2, "day": 29}, {"opening": "2022-12-01"}, {}, "2023-02-28"),
        ({"fact": "restore_by"}, {}, {"restore_by": "2023-01"}, "2023-01-31"),
        ({"fact": "restore_by"}, {}, {"restore_by": "2022-12-24"}, "2022-12-27"),
        ({"fact": "restore_by"}, {}, {}, None),
        ({"days": 15, "fact": "reply_by"}, {"opening": "2023-02-20"}, {"reply_by": "2023-03-08"}, "2023-03-08"),
        ({"days": 15, "fact": "reply_by"}, {"opening": "2023-02-20"}, {}, "2023-03-07"),
        ({"after": "arrival", "workdays": 1}, {"arrival": "2023-04-05"}, {}, "2023-04-11"),
        ({"after": "data", "workdays": 1}, {"arrival": "2023-04-05"}, {}, None),
    ],
)  # fmt: skip
def test_a_step_is_due(due, days, facts, expected):
    days = {name: day(text) for name, text in days.items()}
    assert due_on(Due(**due), days, facts) == (day(expected) if expected else None)
