"""A whole course, from the release that opens it to the letter that ends it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.cases.conftest import figures
from tilsyn.cases import actions, judging, knowledge, ledger
from tilsyn.cases import facts as proposals
from tilsyn.cases.models import Case, Document, Event
from tilsyn.cases.tick import tick
from tilsyn.documents.facts import NoticeFacts, Subject
from tilsyn.errors import ConflictError, InputError, NotAllowedError
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import table
from tilsyn.vocabulary import MonthRange, YearMonth

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 made up"
POINTS = ["target_groups", "initiatives", "milestones", "follow_up"]


def day(text):
    return dt.date.fromisoformat(text)


def fresh(case):
    return Case.objects.get(pk=case.pk)


def send_letter(case, people, on, **facts):
    """Draft, approve, send."""
    case = fresh(case)
    state = ledger.state_of(case)
    proposed = proposals.proposed(case, state, on=on).model_copy(update=facts)
    actions.set_facts(case=case, facts=proposed, by=people.officer, on=on)
    document = actions.draft_document(case=case, by=people.officer, on=on)
    actions.approve(document=document, by=people.approver, on=on)
    document.refresh_from_db()
    return actions.send(
        document=document, by=people.officer, on=on, recipients=["kommune@example.org"]
    )


def test_a_course_is_walked_from_the_release_to_its_end(case, sent, release, people, all_kinds):
    assert (sent.status, sent.step, sent.due_on) == ("open", "restoring", day("2023-01-31"))
    assert sent.announced_on == day("2022-05-17")

    tick(on=day("2022-11-01"))
    assert ledger.state_of(fresh(sent)).proposal is None

    release("later-1", "2022-12-01", {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)})
    assert tick(on=day("2022-12-02"))["data"] == 1
    case = fresh(sent)
    assert ledger.state_of(case).proposal.outcome == "not_restored"
    event = case.events.get(kind="outcome_proposed")
    assert event.by is None and event.release_id == "later-1"
    assert event.finding[0]["verdict"] == "not_restored"

    actions.record_outcome(
        case=case, outcome="not_restored", by=people.officer, on=day("2022-12-05")
    )
    assert case.step == "decision"
    march = MonthRange.parse("2023-03..2023-05")
    send_letter(case, people, day("2022-12-08"), next_follow_up=march)

    case = fresh(case)
    assert (case.step, case.due_on) == ("statement", day("2022-12-23"))
    statement = actions.receive(
        case=case,
        kind="statement",
        filename="svar.pdf",
        data=PDF,
        by=people.municipality,
        on=day("2022-12-20"),
    )
    with pytest.raises(ConflictError, match="not received yet: plan"):
        actions.record_outcome(
            case=case, outcome="received", by=people.officer, on=day("2022-12-21")
        )
    plan = actions.receive(
        case=case,
        kind="plan",
        filename="plan.pdf",
        data=PDF,
        by=people.officer,
        on=day("2022-12-21"),
    )
    assert statement.sha256 == plan.sha256
    with pytest.raises(ConflictError, match="not checked yet: The target groups covered"):
        actions.record_outcome(
            case=case, outcome="received", by=people.officer, on=day("2022-12-21")
        )
    ticks = {point: point != "milestones" for point in POINTS}
    plan.case = case
    plan = actions.tick_checklist(
        incoming=plan, ticks=ticks, by=people.officer, on=day("2022-12-21")
    )
    assert [words["en"] for words in plan.missing] == ["Goals and milestones of the restoration"]
    actions.record_outcome(case=case, outcome="received", by=people.officer, on=day("2022-12-22"))
    actions.set_milestones(
        case=case,
        milestones=[("conversations_6m", "sygedagpenge", YearMonth(2023, 3), Decimal(20))],
        by=people.officer,
        on=day("2022-12-22"),
    )
    assert (case.step, case.due_on) == ("second_follow_up", day("2023-06-08"))

    release("later-2", "2023-06-01", {"2023-03": (9, 30)})
    assert tick(on=day("2023-06-02"))["milestones"] == 1
    compared = fresh(case).events.get(kind="milestone_compared")
    assert compared.payload["share"] == 30.0 and not compared.payload["reached"]

    release("later-3", "2023-07-20", {"2023-04": (8, 30), "2023-05": (3, 30)})
    tick(on=day("2023-08-01"))
    case = fresh(case)
    assert ledger.state_of(case).proposal.outcome == "restored"
    actions.record_outcome(case=case, outcome="restored", by=people.officer, on=day("2023-08-02"))
    assert (case.step, case.due_on) == ("course_ended", day("2023-08-16"))
    send_letter(case, people, day("2023-08-03"))

    case = fresh(case)
    assert (case.status, case.due_on) == ("closed", None)
    assert not case.matters.filter(is_open=True).exists()
    assert [event.sequence for event in case.events.all()] == list(range(1, case.sequence + 1))
    with pytest.raises(ConflictError, match="closed"):
        actions.record_outcome(case=case, outcome="sent", by=people.officer, on=day("2023-09-01"))
    actions.add_note(case=case, text="Arkiveret.", by=people.officer, on=day("2023-09-01"))


def test_the_state_of_every_case_is_what_its_events_add_up_to(case, sent, people):
    for one in Case.objects.all():
        said = ledger.columns(ledger.state_of(one))
        assert said == {name: getattr(one, name) for name in said}


def test_opening_again_from_the_same_release_opens_nothing(case, hedensted, people):
    assert actions.open_cases(release=hedensted, on=dt.date(2022, 5, 16), by=people.officer) == []
    actions.record_outcome(case=case, outcome="dropped", by=people.officer, on=dt.date(2022, 5, 17))
    assert case.status == "closed"
    assert actions.open_cases(release=hedensted, on=dt.date(2022, 5, 18), by=people.officer) == []
    assert Case.objects.count() == 1


def test_a_release_opens_only_what_rests_on_its_own_figures(hedensted, release, people):
    other = release("other", "2022-05-10", {"2022-02": (1, 30)}, area="630")
    assert actions.open_cases(release=other, on=day("2022-05-15"), by=people.head) == []
    assert len(actions.open_cases(release=hedensted, on=day("2022-05-15"), by=people.head)) == 1


def test_a_matter_dropped_holds_back_no_other_of_the_same_months(case, people, tmp_path):
    actions.record_outcome(case=case, outcome="dropped", by=people.officer, on=day("2022-05-17"))
    on, months = day("2022-05-20"), {"2021-12": (9, 30), "2022-01": (9, 30), "2022-02": (9, 30)}
    rows = figures("both", on, months)
    rows += figures("both", on, months, measure="offers_6m", grp="a_dagpenge")
    folder = releases.write(Release("both", on, table(rows)), tmp_path / "made" / "both")
    record = actions.approve_release(release=knowledge.take_in(folder), by=people.head)
    (opened,) = actions.open_cases(release=record, on=day("2022-05-21"), by=people.officer)
    assert [str(matter) for matter in opened.matters.all()] == ["offers_6m a_dagpenge"]


def test_later_months_open_a_new_case_once_the_old_one_is_closed(case, release, people):
    later = {"2022-03": (9, 30), "2022-04": (9, 30), "2022-05": (9, 30)}
    new = release("june", "2022-06-20", later)
    assert actions.open_cases(release=new, on=dt.date(2022, 6, 21), by=None) == []
    actions.record_outcome(case=case, outcome="dropped", by=people.officer, on=dt.date(2022, 6, 22))
    (reopened,) = actions.open_cases(release=new, on=dt.date(2022, 6, 23), by=None)
    assert [str(matter) for matter in reopened.matters.all()] == ["conversations_6m sygedagpenge"]


def test_nothing_is_opened_from_a_release_nobody_approved(hedensted, people):
    from tilsyn.cases.models import ReleaseRecord

    waiting = ReleaseRecord(name="x", published=dt.date(2022, 5, 1), manifest_sha256="0" * 64)
    with pytest.raises(ConflictError, match="not approved"):
        actions.open_cases(release=waiting, on=dt.date(2022, 5, 15), by=None)


def test_whoever_drafted_may_not_approve_and_the_officer_may_not_at_all(draft, people):
    with pytest.raises(NotAllowedError, match="may not approve"):
        actions.approve(document=draft, by=people.officer, on=dt.date(2022, 5, 16))
    revised = actions.revise_document(
        document=draft, edits={"0": "Nyt afsnit."}, by=people.approver, on=dt.date(2022, 5, 16)
    )
    with pytest.raises(NotAllowedError, match="whoever drafted"):
        actions.approve(document=revised, by=people.approver, on=dt.date(2022, 5, 16))
    with pytest.raises(ConflictError, match="replaced by a newer draft"):
        actions.approve(document=draft, by=people.head, on=dt.date(2022, 5, 16))
    approved = actions.approve(document=revised, by=people.head, on=dt.date(2022, 5, 16))
    assert approved.status == "approved"
    assert actions.tree(approved).blocks[0].text == "Nyt afsnit."


def test_a_document_made_again_is_the_same_to_the_byte(draft):
    from tilsyn.cases import drafting, storage

    again = drafting.forms(actions.tree(draft))
    assert again["pdf"] == storage.fetch(draft.sha256)


def test_what_is_not_approved_is_not_sent(draft, people):
    with pytest.raises(ConflictError, match="not approved yet"):
        actions.send(document=draft, by=people.officer, on=dt.date(2022, 5, 16))


def test_a_letter_needs_its_facts_fixed_first(case, people):
    with pytest.raises(InputError, match="fix them first"):
        actions.draft_document(case=case, by=people.officer, on=dt.date(2022, 5, 15))


def test_the_decision_is_drafted_from_the_course_itself(sent, release, people):
    release("later-1", "2022-12-01", {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)})
    tick(on=day("2022-12-02"))
    case = fresh(sent)
    actions.record_outcome(
        case=case, outcome="not_restored", by=people.officer, on=day("2022-12-05")
    )
    send_letter(case, people, day("2022-12-08"))
    letter = Document.objects.get(case=case, kind="decision")
    fixed = ledger.state_of(fresh(case)).facts
    assert fixed["notice"]["date"] == "2022-05-17"
    assert fixed["reply_by"] == "2022-12-23"
    assert fixed["next_follow_up"] == "2023-02..2023-04"
    assert letter.status == "sent"
    assert fresh(case).step == "statement"


def test_a_second_notice_is_about_its_own_groups_only(sent, release, people, tmp_path):
    months = {"2022-03": (9, 30), "2022-04": (9, 30), "2022-05": (9, 30)}
    on = day("2022-07-01")
    rows = figures("summer", on, months) + figures("summer", on, months, grp="a_dagpenge")
    folder = releases.write(Release("summer", on, table(rows)), tmp_path / "made" / "summer")
    record = actions.approve_release(release=knowledge.take_in(folder), by=people.head)
    (second,) = actions.open_cases(release=record, on=day("2022-07-04"), by=people.officer)
    assert [matter.grp for matter in second.matters.all()] == ["a_dagpenge"]
    letter = send_letter(second, people, day("2022-07-05"))
    told = {figure.grp for figure in actions.tree(letter).behind}
    assert "a_dagpenge" in told and "sygedagpenge" not in told


def test_the_letter_that_ends_a_course_is_about_the_plan_and_its_months(sent, release, people):
    release("later-1", "2022-12-01", {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)})
    tick(on=day("2022-12-02"))
    case = fresh(sent)
    actions.record_outcome(
        case=case, outcome="not_restored", by=people.officer, on=day("2022-12-05")
    )
    months = MonthRange.parse("2023-03..2023-05")
    send_letter(case, people, day("2022-12-08"), next_follow_up=months)
    case = fresh(case)
    for kind in ("statement", "plan"):
        received = actions.receive(
            case=case,
            kind=kind,
            filename="a.pdf",
            data=PDF,
            by=people.officer,
            on=day("2022-12-20"),
        )
    received.case = case
    ticks = dict.fromkeys(POINTS, True)
    actions.tick_checklist(incoming=received, ticks=ticks, by=people.officer, on=day("2022-12-21"))
    actions.record_outcome(case=case, outcome="received", by=people.officer, on=day("2022-12-22"))
    release("later-2", "2023-07-20", {"2023-03": (9, 30), "2023-04": (8, 30), "2023-05": (3, 30)})
    tick(on=day("2023-08-01"))
    case = fresh(case)
    actions.record_outcome(case=case, outcome="restored", by=people.officer, on=day("2023-08-02"))
    send_letter(case, people, day("2023-08-03"))
    fixed = ledger.state_of(fresh(case)).facts
    assert fixed["follow_up"] == "2023-03..2023-05" and "next_follow_up" not in fixed
    assert fixed["decision"]["date"] == "2022-12-08"
    letter = Document.objects.filter(case=case).latest("pk")
    said = str(actions.tree(letter)).replace("\\xa0", " ")
    assert "marts til maj 2023" in said and "8. december 2022" in said
    assert fresh(case).status == "closed"


def test_a_kind_without_a_builder_says_so_and_can_be_recorded_by_hand(
    sent, release, people, monkeypatch
):
    from tilsyn.cases import drafting

    monkeypatch.delitem(drafting.BUILDERS, "decision")
    release("later-1", "2022-12-01", {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)})
    tick(on=day("2022-12-02"))
    case = fresh(sent)
    actions.record_outcome(
        case=case, outcome="not_restored", by=people.officer, on=day("2022-12-05")
    )
    proposed = proposals.proposed(case, ledger.state_of(case), on=day("2022-12-05"))
    with pytest.raises(InputError, match="fix them first"):
        actions.draft_document(case=case, by=people.officer, on=day("2022-12-05"))
    actions.set_facts(case=case, facts=proposed, by=people.officer, on=day("2022-12-05"))
    with pytest.raises(InputError, match="not available"):
        actions.draft_document(case=case, by=people.officer, on=day("2022-12-05"))
    by_hand = {"case": case, "outcome": "sent", "on": day("2022-12-08")}
    with pytest.raises(NotAllowedError):
        actions.record_outcome(by=people.officer, note="Sendt i hånden.", **by_hand)
    with pytest.raises(InputError, match="a note is needed"):
        actions.record_outcome(by=people.approver, **by_hand)
    actions.record_outcome(by=people.approver, note="Sendt i hånden.", **by_hand)
    assert case.step == "statement"


def test_against_the_rules_proposal_it_takes_an_approver_and_a_reason(sent, people):
    outcome = {"case": sent, "outcome": "restored", "on": day("2022-11-01")}
    with pytest.raises(NotAllowedError):
        actions.record_outcome(by=people.officer, note="Telefonisk oplyst.", **outcome)
    with pytest.raises(InputError, match="the rule has not proposed"):
        actions.record_outcome(by=people.approver, **outcome)
    actions.record_outcome(by=people.approver, note="Rettede tal fra kommunen.", **outcome)
    assert sent.step == "course_ended"


def test_an_outcome_is_corrected_by_a_new_event_and_both_stay(case, people):
    actions.record_outcome(case=case, outcome="dropped", by=people.officer, on=MAY_17)
    wrong = case.events.get(kind="concluded")
    wrong.case = case
    actions.correct_event(
        event=wrong, reason="forkert sag", by=people.officer, on=MAY_17, struck=True
    )
    assert (case.status, case.step) == ("proposed", "notice")
    assert case.matters.filter(is_open=True).exists()
    assert Event.objects.filter(pk=wrong.pk, outcome="dropped").exists()


def test_a_correction_that_what_followed_contradicts_is_refused(sent, release, people, all_kinds):
    release("later-1", "2022-12-01", {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)})
    tick(on=day("2022-12-02"))
    case = fresh(sent)
    actions.record_outcome(
        case=case, outcome="not_restored", by=people.officer, on=day("2022-12-05")
    )
    send_letter(case, people, day("2022-12-08"))
    case = fresh(case)
    event = case.events.get(kind="concluded")
    event.case = case
    with pytest.raises(ConflictError, match="correct what followed first"):
        actions.correct_event(
            event=event,
            reason="tastefejl",
            by=people.officer,
            on=day("2022-12-09"),
            outcome="restored",
        )


def test_the_day_of_sending_can_be_corrected_and_moves_what_is_counted_from_it(sent, people):
    event = sent.events.get(kind="sent")
    event.case = sent
    actions.correct_event(
        event=event,
        reason="sendt dagen efter",
        by=people.officer,
        on=day("2022-05-20"),
        on_date=day("2022-05-18"),
    )
    assert sent.announced_on == day("2022-05-18")
    assert Document.objects.get(status="sent").sent_by == people.officer


MAY_17 = dt.date(2022, 5, 17)


@pytest.fixture
def two_matters(people, facts, tmp_path):
    """A case about conversations of one group and offers of another; its notice sent."""
    on = day("2022-05-01")
    months = {"2021-12": (9, 30), "2022-01": (9, 30), "2022-02": (9, 30)}
    rows = figures("both", on, months)
    rows += figures("both", on, months, measure="offers_6m", grp="a_dagpenge")
    folder = releases.write(Release("both", on, table(rows)), tmp_path / "made" / "both")
    record = actions.approve_release(release=knowledge.take_in(folder), by=people.head)
    (case,) = actions.open_cases(release=record, on=day("2022-05-15"), by=people.officer)
    subjects = [Subject(measure=m.measure, group=m.grp) for m in case.matters.all()]
    own = facts.model_copy(
        update={"notice": NoticeFacts(months=facts.notice.months, subjects=subjects)}
    )
    actions.set_facts(case=case, facts=own, by=people.officer, on=day("2022-05-15"))
    document = actions.draft_document(case=case, by=people.officer, on=day("2022-05-15"))
    actions.approve(document=document, by=people.approver, on=day("2022-05-16"))
    document.refresh_from_db()
    actions.send(document=document, by=people.officer, on=day("2022-05-17"))
    return fresh(case)


def test_a_group_that_cannot_be_judged_keeps_the_others_from_being_called_restored(
    two_matters, release, people, tmp_path
):
    on = day("2022-12-01")
    over, under = (9, 30), (3, 30)
    rows = [
        replace(row, value=None, status="suppressed") if row.month.month == 8 else row
        for row in figures("hidden", on, {"2022-07": over, "2022-08": over, "2022-09": over})
        if row.statistic != "population"
    ]
    folder = releases.write(Release("hidden", on, table(rows)), tmp_path / "made" / "hidden")
    actions.approve_release(release=knowledge.take_in(folder), by=people.head)
    offers = {"measure": "offers_6m", "grp": "a_dagpenge"}
    release("o-1", "2022-12-01", dict.fromkeys(("2022-07", "2022-08", "2022-09"), under), **offers)
    assert tick(on=day("2022-12-02"))["data"] == 1
    proposal = ledger.state_of(fresh(two_matters)).proposal
    assert {f["measure"]: f["verdict"] for f in proposal.finding} == {
        "conversations_6m": "not_judged",
        "offers_6m": "restored",
    }
    assert proposal.outcome == ""


def test_only_what_was_not_restored_is_followed_again(two_matters, release, people):
    offers = {"measure": "offers_6m", "grp": "a_dagpenge"}
    over, under = (9, 30), (3, 30)
    release("c-1", "2022-12-01", {"2022-07": over, "2022-08": over, "2022-09": over})
    assert tick(on=day("2022-12-02"))["data"] == 0, "the offers are not there yet"
    release("o-1", "2022-12-05", {"2022-07": over, "2022-08": under, "2022-09": over}, **offers)
    assert tick(on=day("2022-12-06"))["data"] == 1
    case = fresh(two_matters)
    proposal = ledger.state_of(case).proposal
    assert proposal.outcome == "not_restored"
    assert {f["measure"]: f["verdict"] for f in proposal.finding} == {
        "conversations_6m": "not_restored",
        "offers_6m": "restored",
    }
    actions.record_outcome(
        case=case, outcome="not_restored", by=people.officer, on=day("2022-12-07")
    )
    followed = judging.matters(case, ledger.state_of(case))
    assert followed == [("conversations_6m", "sygedagpenge")]


def test_a_letter_that_would_contradict_what_was_settled_is_not_made(sent, release, people):
    release("later-1", "2022-12-01", {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (3, 30)})
    tick(on=day("2022-12-02"))
    case = fresh(sent)
    assert ledger.state_of(case).proposal.outcome == "restored"
    against = {"outcome": "not_restored", "by": people.approver, "note": "Tallene er forkerte."}
    actions.record_outcome(case=case, on=day("2022-12-05"), **against)
    proposed = proposals.proposed(case, ledger.state_of(case), on=day("2022-12-08"))
    actions.set_facts(case=case, facts=proposed, by=people.officer, on=day("2022-12-08"))
    with pytest.raises(
        InputError, match="'not restored' was recorded, but the figures say otherwise"
    ):
        actions.draft_document(case=case, by=people.officer, on=day("2022-12-08"))


def test_each_letter_has_facts_of_its_own(sent, people, release):
    """The facts of the letter before, with its date, are not taken for this one's."""
    actions.record_outcome(
        case=sent, outcome="restored", by=people.approver, on=day("2022-11-01"), note="Rettede tal."
    )
    assert ledger.state_of(sent).facts
    with pytest.raises(InputError, match="fix them first"):
        actions.draft_document(case=sent, by=people.officer, on=day("2022-11-01"))


def test_months_gone_by_are_proposed_anew(case, people):
    first = proposals.proposed(case, ledger.state_of(case), on=day("2022-05-20"))
    actions.set_facts(case=case, facts=first, by=people.officer, on=day("2022-05-20"))
    later = proposals.proposed(case, ledger.state_of(case), on=day("2022-11-20"))
    assert later.follow_up.first > first.follow_up.last
    assert later.restore_by > first.restore_by


def test_a_case_without_facts_of_its_notice_is_proposed_those_of_what_happened(sent, people):
    wrong = sent.events.get(kind="facts_set")
    wrong.case = sent
    actions.correct_event(
        event=wrong, reason="forkert", by=people.officer, on=day("2022-05-18"), struck=True
    )
    proposed = proposals.proposed(sent, ledger.state_of(sent), on=day("2022-11-20"))
    assert proposed.notice.date == day("2022-05-17")
    assert str(proposed.notice.months) == "2021-12..2022-02"
    assert str(proposed.follow_up) == "2022-07..2022-09"
