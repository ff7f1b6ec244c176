"""The early effort since 14 November 2023: all groups pooled, half a year at a time, help instead of plans."""

import datetime as dt

import pytest

from tilsyn.cases import actions, ledger
from tilsyn.cases import facts as proposals
from tilsyn.cases.models import Case, Document
from tilsyn.cases.tick import tick
from tilsyn.errors import ConflictError
from tilsyn.vocabulary import MonthRange

pytestmark = pytest.mark.django_db

TOTAL = {"grp": "total"}


def day(text):
    return dt.date.fromisoformat(text)


def months(span, unmet):
    """The same figures in each month: so many of 60 persons."""
    return {str(month): (unmet, 60) for month in MonthRange.parse(span)}


def flagged(release, name, published, span):
    return release(name, published, months(span, 15), **TOTAL)


def letter(case, people, on):
    """The notice: facts as proposed, drafted, approved, sent."""
    facts = proposals.proposed(case, ledger.state_of(case), on=on)
    actions.set_facts(case=case, facts=facts, by=people.officer, on=on)
    document = actions.draft_document(case=case, by=people.officer, on=on)
    actions.approve(document=document, by=people.approver, on=on)
    actions.send(document=document, by=people.officer, on=on)
    return Document.objects.get(pk=document.pk), Case.objects.get(pk=case.pk)


@pytest.fixture
def written(release, people):
    """The notice on June to November 2023, sent in February 2024."""
    known = flagged(release, "feb", "2024-02-01", "2023-06..2023-11")
    (case,) = actions.open_cases(release=known, on=day("2024-02-05"), by=people.officer)
    return letter(case, people, day("2024-02-08"))


def test_the_notice_pools_the_groups_and_demands_no_plan(written):
    document, case = written
    said = str(actions.tree(document)).replace("\\xa0", " ")
    assert case.version == "model-b"
    assert "juni til november 2023" in said
    assert "normalt ikke krav om en redegørelse eller en genopretningsplan" in said
    assert not any(step.receives for step in case.version_data.step)
    assert (case.step, case.due_on) == ("dialogue", day("2024-04-08"))


def test_help_is_offered_and_what_was_agreed_is_kept(written, people):
    _, case = written
    actions.record_outcome(
        case=case,
        outcome="held",
        by=people.officer,
        on=day("2024-03-01"),
        note="Dataanalyse aftalt.",
        assistance=["data_analysis"],
    )
    assert case.events.latest("sequence").payload["assistance"] == ["data_analysis"]
    assert case.step == "half_year"


@pytest.fixture
def waiting(written, people):
    """The dialogue is held; the half-year to June 2024 is awaited."""
    _, case = written
    actions.record_outcome(case=case, outcome="held", by=people.officer, on=day("2024-03-01"))
    return case


def assessed(case, people, on):
    """The half-year's figures have come: the rule proposes, the officer decides."""
    assert tick(on=on)["data"] == 1
    case = Case.objects.get(pk=case.pk)
    outcome = ledger.state_of(case).proposal.outcome
    actions.record_outcome(case=case, outcome=outcome, by=people.officer, on=on)
    return case, outcome


def test_nothing_is_assessed_before_the_half_year_has_ended(waiting, release):
    release("may", "2024-06-01", months("2023-12..2024-04", 15), **TOTAL)
    assert tick(on=day("2024-06-03"))["data"] == 0


def test_a_half_year_that_meets_the_line_ends_the_course(waiting, release, people):
    release("aug", "2024-08-01", months("2023-12..2024-06", 6), **TOTAL)
    case, outcome = assessed(waiting, people, day("2024-08-05"))
    assert (outcome, case.status) == ("met", "closed")


def test_the_second_letter_is_about_the_new_months_and_a_third_within_the_year_is_refused(
    waiting, release, people
):
    flagged(release, "aug", "2024-08-01", "2023-12..2024-06")
    case, outcome = assessed(waiting, people, day("2024-08-05"))
    assert (outcome, case.step) == ("flagged", "notice")
    document, case = letter(case, people, day("2024-08-08"))
    said = str(actions.tree(document)).replace("\\xa0", " ")
    assert "januar til juni 2024" in said and "juni til november 2023" not in said

    actions.record_outcome(case=case, outcome="declined", by=people.officer, on=day("2024-08-20"))
    flagged(release, "jan", "2025-02-01", "2024-07..2024-12")
    case, outcome = assessed(case, people, day("2025-02-03"))
    assert case.step == "notice"
    with pytest.raises(ConflictError, match="the next can be sent on 2025-02-08"):
        letter(case, people, day("2025-02-05"))
    assert letter(Case.objects.get(pk=case.pk), people, day("2025-02-10"))[1].step == "dialogue"


def test_the_limit_holds_also_for_a_letter_sent_by_hand(waiting, release, people, monkeypatch):
    flagged(release, "aug", "2024-08-01", "2023-12..2024-06")
    case, _ = assessed(waiting, people, day("2024-08-05"))
    by_hand = {"outcome": "sent", "by": people.approver, "note": "Sendt med Digital Post."}
    actions.record_outcome(case=case, on=day("2024-08-08"), **by_hand)
    actions.record_outcome(case=case, outcome="held", by=people.officer, on=day("2024-08-20"))
    flagged(release, "jan", "2025-02-01", "2024-07..2024-12")
    case, _ = assessed(case, people, day("2025-02-03"))
    with pytest.raises(ConflictError, match="2 letters in a year"):
        actions.record_outcome(case=case, on=day("2025-02-05"), **by_hand)
