"""Assistance offered quarter by quarter, only ever added to, and the committee's report that tells of it."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cases.conftest import figures
from tilsyn.cases import actions, drafting, knowledge, ledger, storage
from tilsyn.cases.models import AssistanceEntry, Case
from tilsyn.errors import ConflictError, InputError, NotAllowedError
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import table
from tilsyn.vocabulary import MonthRange

pytestmark = pytest.mark.django_db

QUARTER = "2021-Q3"
DAY = dt.date(2021, 9, 6)


def note(by, status="declined", **more):
    given = {"area": "766", "quarter": QUARTER, "contacted": DAY, **more}
    return actions.record_assistance(status=status, by=by, **given)


def standing(quarter=QUARTER):
    return AssistanceEntry.objects.all().standing(quarter)


def test_the_latest_entry_counts_and_the_earlier_ones_stay(people):
    note(people.officer, "undecided")
    note(people.officer, "in_progress", kinds=["data_analysis"], accepted_on=DAY)
    assert standing()["766"].status == "in_progress"
    assert AssistanceEntry.objects.count() == 2
    assert standing("2021-Q4") == {}


def test_taking_back_is_an_entry_that_says_what_was_said_before(people):
    note(people.officer, "undecided")
    wrong = note(people.officer, "declined")
    undo = {"area": "766", "quarter": QUARTER, "by": people.officer}
    actions.undo_assistance(seen=wrong.pk, **undo)
    assert standing()["766"].status == "undecided"
    with pytest.raises(ConflictError):
        actions.undo_assistance(seen=wrong.pk, **undo)
    assert AssistanceEntry.objects.count() == 3


def test_taking_the_only_entry_back_leaves_nothing_known(people):
    only = note(people.officer)
    actions.undo_assistance(area="766", quarter=QUARTER, seen=only.pk, by=people.officer)
    assert standing() == {}


@pytest.mark.parametrize(
    "given",
    [
        {"status": "perhaps"},
        {"kinds": ["money"]},
        {"contacted": None},
        {"accepted_on": DAY},
        {"status": "in_progress", "accepted_on": DAY - dt.timedelta(days=1)},
        {"quarter": "2021-Q5"},
    ],
)
def test_what_does_not_fit_is_refused(people, given):
    with pytest.raises(InputError):
        note(people.officer, **given)
    assert not AssistanceEntry.objects.exists()


@pytest.mark.parametrize("who", ["reader", "elsewhere", "municipality", "administrator"])
def test_only_the_office_itself_notes_it(people, who):
    with pytest.raises(NotAllowedError):
        note(getattr(people, who))


def test_the_database_itself_refuses_to_change_an_entry(people):
    note(people.officer)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_assistanceentry SET status = 'in_progress'")


@pytest.fixture
def missed(people, tmp_path):
    """A year in which Hedensted misses the focus goal and the result goal is not known."""
    day = dt.date(2021, 9, 1)
    year = {str(month): (30, 100) for month in MonthRange.parse("2020-07..2021-06")}
    rows = figures("autumn", day, year, measure="conversations_12m", grp="total")
    folder = releases.write(Release("autumn", day, table(rows)), tmp_path / "made" / "autumn")
    return actions.approve_release(release=knowledge.take_in(folder), by=people.head)


def test_the_report_tells_of_the_answers_as_they_stood_when_it_was_drafted(missed, people):
    note(people.officer, "in_progress", kinds=["workflow_analysis"], accepted_on=DAY)
    report = actions.draft_report(by=people.head, on=DAY)
    said = str(actions.tree(report))
    assert "Hedensted" in said and "analyse af arbejdsgange" in said
    note(people.officer, "declined")
    again = drafting.forms(actions.tree(report))
    assert again["pdf"] == storage.fetch(report.sha256), "what was noted later is not in it"
    later = actions.draft_report(by=people.head, on=DAY)
    assert "analyse af arbejdsgange" not in str(actions.tree(later))
    assert Case.objects.filter(course="committee_report").count() == 1
    assert ledger.state_of(later.case).facts["addressee"] == "Folketingets Beskæftigelsesudvalg"


def test_only_the_country_drafts_the_report(missed, people):
    with pytest.raises(NotAllowedError):
        actions.draft_report(by=people.officer, on=DAY)
