"""What time moves: each thing once, whoever asks and however often."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.cases.conftest import figures
from tilsyn.cases import actions, knowledge, ledger
from tilsyn.cases.models import Case, Event, Message
from tilsyn.cases.tick import tick
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import table
from tilsyn.vocabulary import YearMonth

pytestmark = pytest.mark.django_db


def day(text):
    return dt.date.fromisoformat(text)


def mail(data_folder):
    return sorted(path.name for path in (data_folder / "outbox").glob("*.eml"))


def test_a_deadline_that_has_passed_is_told_once(case, people, data_folder):
    actions.assign(case=case, to=people.officer, by=people.approver, on=day("2022-05-16"))
    assert case.due_on == day("2022-05-30")
    # The year's committee report is due too; here only the case is looked at.
    tick(on=day("2022-05-30"))
    assert not Message.objects.filter(case=case).exists()
    tick(on=day("2022-05-31"))
    message = Message.objects.get(case=case)
    assert message.recipients == ["officer@example.org"]
    assert message.subject == f"Frist overskredet: {case}, Henvendelse"
    assert "30. maj 2022" in message.body and message.sent_at
    assert f"reminder-{case.pk}-1-2022-05-30.eml" in mail(data_folder)
    assert not +tick(on=day("2022-05-31"))
    assert Message.objects.filter(case=case).count() == 1


def test_without_an_assignee_the_offices_officers_are_told(case, people):
    tick(on=day("2022-06-01"))
    assert Message.objects.get(case=case).recipients == [
        "colleague@example.org",
        "officer@example.org",
    ]


def test_running_twice_changes_nothing(case, sent, release):
    release("later-1", "2022-12-01", {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)})
    tick(on=day("2023-02-20"))
    events, messages = Event.objects.count(), Message.objects.count()
    assert not +tick(on=day("2023-02-20"))
    assert not +tick(on=day("2023-02-21"))
    assert (Event.objects.count(), Message.objects.count()) == (events, messages)


def test_one_missing_month_is_not_enough(sent, release):
    release("later-1", "2022-12-01", {"2022-07": (9, 30), "2022-08": (9, 30)})
    assert tick(on=day("2022-12-02"))["data"] == 0


def test_a_release_nobody_approved_moves_nothing(sent, release, people):
    record = release(
        "later-1", "2022-12-01", {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)}
    )
    type(record).objects.update(status="refused")
    assert tick(on=day("2022-12-02"))["data"] == 0


def test_corrected_figures_give_another_proposal(sent, release):
    release("later-1", "2022-12-01", {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)})
    tick(on=day("2022-12-02"))
    release("later-2", "2022-12-10", {"2022-09": (3, 30)})
    assert tick(on=day("2022-12-11"))["data"] == 1
    state = ledger.state_of(Case.objects.get(pk=sent.pk))
    assert state.proposal.outcome == "restored"


def test_what_the_rule_cannot_tell_is_left_to_a_human(sent, people, tmp_path):
    on = day("2022-12-01")
    shares = {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)}
    rows = [
        replace(row, value=None, status="suppressed") if row.month.month == 8 else row
        for row in figures("hidden", on, shares)
        if row.statistic != "population"
    ]
    folder = releases.write(Release("hidden", on, table(rows)), tmp_path / "made" / "hidden")
    actions.approve_release(release=knowledge.take_in(folder), by=people.head)
    assert tick(on=day("2022-12-02"))["data"] == 1
    sent.refresh_from_db()
    proposal = ledger.state_of(sent).proposal
    assert proposal.outcome == "" and proposal.finding[0]["verdict"] == "not_judged"
    assert "reglen kan ikke afgøre det" in Message.objects.get(key__startswith="proposal").body
    assert not +tick(on=day("2022-12-03"))


@pytest.mark.parametrize(
    "changed", [{"visitation": "jobparat"}, {"value": None, "status": "not_available"}]
)
def test_a_month_told_of_in_part_only_or_as_not_available_has_not_come(
    sent, people, tmp_path, changed
):
    on = day("2022-12-01")
    shares = {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)}
    rows = [
        replace(row, **changed) if row.month.month == 9 else row
        for row in figures("later-1", on, shares)
    ]
    folder = releases.write(Release("later-1", on, table(rows)), tmp_path / "made" / "later-1")
    actions.approve_release(release=knowledge.take_in(folder), by=people.head)
    assert tick(on=day("2022-12-02"))["data"] == 0


@pytest.mark.parametrize(("target", "reached"), [("30", True), ("29.9", False)])
def test_a_milestone_is_reached_at_exactly_its_target(sent, release, people, target, reached):
    july = ("conversations_6m", "sygedagpenge", YearMonth(2022, 7), Decimal(target))
    actions.set_milestones(case=sent, milestones=[july], by=people.officer, on=day("2022-06-01"))
    release("later-1", "2022-12-01", {"2022-07": (9, 30)})
    assert tick(on=day("2022-12-02"))["milestones"] == 1
    assert sent.events.get(kind="milestone_compared").payload["reached"] is reached


def test_the_committees_report_recurs(people):
    done = tick(on=day("2023-10-02"))
    assert done["opened"] == 1
    case = Case.objects.get()
    assert (case.course, case.area, case.opened_on) == ("committee_report", "dk", day("2023-09-01"))
    assert [matter.grp for matter in case.matters.all()] == ["2023-09"]
    assert tick(on=day("2023-10-31"))["opened"] == 0
    assert tick(on=day("2023-11-01"))["opened"] == 1
    assert tick(on=day("2026-03-01"))["opened"] == 0


def test_a_municipalitys_own_installation_reports_to_no_committee(people, settings):
    settings.INSTALLATION = "municipality"
    assert tick(on=day("2023-10-02"))["opened"] == 0


@pytest.fixture
def goal_missed(people, tmp_path):
    """The cases opened when a focus goal and the result goal are both missed, on data to April 2023."""
    months = [f"2022-{m:02}" for m in range(5, 13)] + [f"2023-{m:02}" for m in range(1, 5)]
    where = {"measure": "conversations_12m", "grp": "total"}
    on = day("2023-09-01")
    rows = figures("focus", on, dict.fromkeys(months, (30, 100)), **where)
    april = dt.date(2023, 4, 1)
    for statistic, value in (("actual_share", 15.2), ("expected_share", 14.1)):
        rows.append(
            replace(rows[-1], measure="result_goal", statistic=statistic, month=april, value=value)
        )
    folder = releases.write(Release("focus", on, table(rows)), tmp_path / "made" / "focus")
    record = actions.approve_release(release=knowledge.take_in(folder), by=people.head)
    return actions.open_cases(release=record, on=day("2023-09-04"), by=None)


def test_data_for_the_half_year_make_the_call_due(people, goal_missed, release, all_kinds):
    (case,) = [c for c in goal_missed if c.course == "focus_goals"]
    actions.record_outcome(
        case=case,
        outcome="sent",
        note="Varslet i hånden.",
        by=people.approver,
        on=day("2023-09-04"),
    )
    assert (case.step, case.due_on) == ("contact", None)
    tick(on=day("2023-10-01"))
    months = {"2023-05": (30, 100), "2023-06": (30, 100)}
    release("half-year", "2023-10-20", months, measure="conversations_12m", grp="total")
    assert tick(on=day("2023-10-23"))["data"] == 1
    case.refresh_from_db()
    assert case.due_on == day("2023-11-06")
    assert tick(on=day("2023-10-24"))["data"] == 0
    actions.record_outcome(
        case=case,
        outcome="accepted",
        assistance=["workflow_analysis"],
        by=people.officer,
        on=day("2023-10-30"),
    )
    assert (case.step, case.due_on) == ("assistance", day("2024-01-30"))


def test_the_april_assessment_looks_at_the_calendar_year_before(people, goal_missed, release):
    (case,) = [c for c in goal_missed if c.course == "focus_goals"]
    for outcome, on in (("sent", "2023-09-04"), ("declined", "2023-11-01")):
        actions.record_outcome(
            case=case, outcome=outcome, note="Oplyst.", by=people.approver, on=day(on)
        )
    assert (case.step, case.due_on) == ("april", day("2024-04-30"))
    months = {f"2023-{m:02}": (10, 100) for m in range(1, 13)} | {"2024-01": (90, 100)}
    release("year", "2024-03-20", months, measure="conversations_12m", grp="total")
    assert tick(on=day("2024-03-21"))["data"] == 0
    assert tick(on=day("2024-04-02"))["data"] == 1
    case.refresh_from_db()
    proposal = ledger.state_of(case).proposal
    assert proposal.outcome == "met"
    assert proposal.finding[0]["months"][-1]["month"] == "2023-12"
