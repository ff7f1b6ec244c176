"""The demonstration is filled by the pages' own actions, once, and stands at its day with work to do."""

import datetime as dt

import pytest
from django.db import transaction
from django.test import override_settings

from tilsyn.cases import ledger
from tilsyn.cases.models import Case
from tilsyn.cli.demo.cases import fill

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration on the sample documents alone, made once: the tests stand on savepoints."""
    with (
        django_db_blocker.unblock(),
        override_settings(DATA_DIR=tmp_path_factory.mktemp("data")),
        transaction.atomic(),
    ):
        logins = fill(country=False)
        yield logins
        transaction.set_rollback(True)


def test_it_stands_at_its_day_with_cases_at_several_stages(filled):
    stages = {(case.course, case.area): case.step for case in Case.objects.under_way()}
    assert stages["early_effort", "766"] == "restoring"
    assert stages["early_effort", "183"] in ("second_follow_up", "notice")
    assert any(course == "focus_goals" for course, _ in stages)
    assert not Case.objects.under_way().filter(opened_on__lt=dt.date(2022, 5, 1)).exists()
    for case in Case.objects.all():
        assert ledger.columns(ledger.state_of(case)) == {
            name: getattr(case, name) for name in ledger.columns(ledger.state_of(case))
        }


def test_the_real_course_of_ishoej_is_brought_in_and_decided_as_it_was(filled):
    case = Case.objects.get(area="183", version="model-a")
    state = ledger.state_of(case)
    assert case.step == "second_follow_up"
    assert state.outcomes["restoring"] == "not_restored"
    assert state.done["decision"] == dt.date(2023, 2, 20)
    assert set(case.incoming.values_list("kind", flat=True)) == {"notice", "statement", "plan"}
    letter = case.documents.get(kind="decision")
    assert letter.status == "sent" and letter.sent_at.date() == dt.date(2023, 2, 20)


def test_filling_it_again_changes_nothing_but_the_passwords(filled):
    before = Case.objects.count()
    again = fill(country=False)
    assert Case.objects.count() == before
    assert [one.email for one in again] == [one.email for one in filled]
    assert {one.password for one in again}.isdisjoint(one.password for one in filled)
