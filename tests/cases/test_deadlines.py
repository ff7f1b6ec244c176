"""Deadlines over Easter, Christmas, weekends and the turn of the year."""

import datetime as dt

import pytest

from tilsyn.cases.deadlines import due_on
from tilsyn.rules.course import Due


def day(text):
    return dt.date.fromisoformat(text)


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


def test_nothing_is_due_on_an_offices_own_days_off():
    closed = frozenset({day("2023-03-07")})
    due = Due(days=15)
    assert due_on(due, {"opening": day("2023-02-20")}, {}, closed) == day("2023-03-08")
