"""The calendar feed of an officer."""

import datetime as dt

import pytest

from tilsyn.cases import actions
from tilsyn.cases.calendar import feed
from tilsyn.cases.models import User

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2022, 5, 16, 8, 30, tzinfo=dt.UTC)


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_an_officers_deadlines_stand_in_his_calendar(case, people):
    lines = unfolded(feed(people.officer, now=NOW, address="https://example.org/cases/{id}/"))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20220530" in lines
    assert "SUMMARY:Hedensted: Henvendelse" in lines
    assert f"URL:https://example.org/cases/{case.pk}/" in lines


def test_what_is_a_colleagues_is_not_in_it(case, people):
    actions.assign(case=case, to=people.colleague, by=people.officer, on=dt.date(2022, 5, 16))
    assert "BEGIN:VEVENT" not in feed(people.officer, now=NOW)
    assert "BEGIN:VEVENT" in feed(people.colleague, now=NOW)
    for name in ("elsewhere", "municipality", "reader"):
        assert "BEGIN:VEVENT" not in feed(getattr(people, name), now=NOW)


def test_who_may_not_see_a_case_any_more_has_it_no_more_in_his_calendar(case, people):
    actions.assign(case=case, to=people.colleague, by=people.officer, on=dt.date(2022, 5, 16))
    people.colleague.memberships.all().delete()
    assert "BEGIN:VEVENT" not in feed(User.objects.get(pk=people.colleague.pk), now=NOW)


def test_no_line_is_longer_than_75_octets_and_nothing_is_lost(case, people):
    people.officer.language = "en"
    text = feed(people.officer, now=NOW, address="https://example.org/" + "æ" * 90 + "/{id}")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"URL:https://example.org/{'æ' * 90}/{case.pk}" in unfolded(text)
