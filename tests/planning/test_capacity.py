"""Room by week: units, shorter weeks, changes, holidays, and what a capacity file may not say."""

from __future__ import annotations

import datetime as dt
import itertools
from fractions import Fraction

import pytest

from tilsyn.errors import InputError
from tilsyn.planning.capacity import Capacity, read_capacity
from tilsyn.planning.weeks import Weeks, day_number

MONDAY = dt.date(2024, 3, 18)


def capacity(*units, **more) -> Capacity:
    return Capacity.model_validate({"unit": list(units), **more})


def test_a_week_without_holidays_has_its_whole_room():
    room = capacity({"conversations_per_week": 40, "offers_per_week": 8}).by_week(
        Weeks.beginning(MONDAY, 1)
    )
    assert room.tolist() == [[40], [8]]


def test_easter_takes_its_days_and_room_is_rounded_down():
    weeks = Weeks.beginning(MONDAY, 3)
    assert [len(week) for week in weeks.working] == [5, 3, 4]
    assert weeks.working[2][0] == dt.date(2024, 4, 2), "Easter Monday is no working day"
    assert capacity({"conversations_per_week": 7}).by_week(weeks).tolist()[0] == [7, 4, 5]


def test_what_is_given_counts_on_the_first_working_day():
    weeks = Weeks.beginning(MONDAY, 3)
    assert weeks.held.tolist()[2] == day_number(dt.date(2024, 4, 2))


def test_a_plan_may_begin_in_the_middle_of_a_week():
    weeks = Weeks.beginning(dt.date(2024, 3, 21), 2)
    assert [day.day for day in weeks.working[0]] == [21, 22]
    assert weeks.week_of(dt.date(2024, 3, 20)) is None
    assert weeks.week_of(dt.date(2024, 3, 24)) == 0
    assert weeks.week_of(dt.date(2024, 4, 1)) is None


def test_a_week_that_is_all_closed_has_no_room():
    closed = [dt.date(2024, 12, day) for day in (23, 24, 27)]
    weeks = Weeks.beginning(dt.date(2024, 12, 16), 3, closed)
    assert capacity({"conversations_per_week": 10}).by_week(weeks).tolist()[0] == [10, 0, 6]


def test_a_change_holds_for_the_weeks_it_touches_and_the_last_one_written_wins():
    unit = {
        "conversations_per_week": 10,
        "change": [
            {"from": MONDAY, "to": dt.date(2024, 5, 1), "conversations_per_week": 5},
            {"from": dt.date(2024, 4, 8), "to": dt.date(2024, 4, 8), "conversations_per_week": 0},
        ],
    }
    weeks = Weeks.beginning(MONDAY, 8)
    assert capacity(unit).by_week(weeks)[0].tolist() == [5, 3, 4, 0, 5, 5, 5, 8]


def test_more_of_everything_never_is_less_of_anything():
    of = capacity({"conversations_per_week": 7, "offers_per_week": 3})
    weeks = Weeks.beginning(MONDAY, 3)
    rooms = [of.by_week(weeks, Fraction(percent, 100)) for percent in range(0, 300, 7)]
    assert all((a <= b).all() for a, b in itertools.pairwise(rooms))
    assert not rooms[0].any()


def test_a_persons_unit_is_the_caseworkers_then_the_teams_then_everybodys():
    of = capacity(
        {"conversations_per_week": 1},
        {"team": "north", "conversations_per_week": 2},
        {"caseworker": "A. A.", "conversations_per_week": 3},
    )
    assert [
        of.unit_of("north", "A. A."),
        of.unit_of("north", ""),
        of.unit_of("south", "B. B."),
    ] == [
        2,
        1,
        0,
    ]


def test_a_team_without_a_unit_is_named():
    of = capacity({"team": "north", "conversations_per_week": 2})
    with pytest.raises(InputError, match=r"no unit for the team 'south'; add a \[\[unit\]\]"):
        of.unit_of("south", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "unit: this key is missing"),
        (
            "conversations_per_week = 45",
            "It belongs under [[unit]] or under [[unit.change]]",
        ),
        ("[[unit]]\nconversations_per_weak = 1", "did you mean 'conversations_per_week'"),
        ("[[unit]]\nconversations_per_week = -1", "must be at least 0, not -1"),
        ("[[unit]]\nteam='a'\ncaseworker='b'\nconversations_per_week = 1", "not both"),
        (
            "[[unit]]\nconversations_per_week = 1\n[[unit]]\nconversations_per_week = 1",
            "stands twice",
        ),
        (
            "[[unit]]\nconversations_per_week = 1\n[[unit.change]]\nfrom = 2024-02-01\n"
            "to = 2024-01-01\nconversations_per_week = 1",
            "lies before 'from'",
        ),
    ],
)
def test_a_capacity_file_that_makes_no_sense_says_where(tmp_path, text, said):
    file = tmp_path / "capacity.toml"
    file.write_text(text)
    with pytest.raises(InputError) as error:
        read_capacity(file)
    assert said in str(error.value)
    assert str(file) in str(error.value)
