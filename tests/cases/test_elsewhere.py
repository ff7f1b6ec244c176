"""Courses that began elsewhere go on here as if they had begun here."""

import datetime as dt

import pytest

from tilsyn.cases import actions, judging, ledger
from tilsyn.cases.models import Case
from tilsyn.cases.tick import tick
from tilsyn.documents.facts import CourseFacts
from tilsyn.errors import ConflictError, InputError, NotAllowedError

pytestmark = pytest.mark.django_db

SENT = dt.date(2022, 5, 15)
TODAY = dt.date(2022, 10, 3)
MATTERS = [("conversations_6m", "sygedagpenge")]


def letter(**changes):
    return CourseFacts.model_validate(
        {
            "date": SENT,
            "reference": "22/123",
            "addressee": "Jobcenterchefen, Hedensted Kommune",
            "follow_up": "2022-07..2022-09",
            "restore_by": "2023-01",
            "notice": {
                "date": SENT,
                "months": "2021-12..2022-02",
                "subjects": [{"measure": m, "group": g} for m, g in MATTERS],
            },
            **changes,
        }
    )


def brought_in(by, **changes):
    given = {
        "course": "early_effort",
        "area": "766",
        "matters": MATTERS,
        "facts": letter(),
        "on": TODAY,
        "documents": [("henvendelse.pdf", b"%PDF-1.7 the letter")],
        **changes,
    }
    return actions.bring_in(by=by, **given)


def test_it_stands_where_the_letter_left_it(people):
    case = brought_in(people.approver)
    assert (case.status, case.step, case.version) == ("open", "restoring", "model-a")
    assert case.announced_on == SENT and case.due_on == dt.date(2023, 1, 31)
    (kept,) = case.incoming.all()
    assert kept.filename == "henvendelse.pdf" and kept.kind == "notice"
    said = ledger.columns(ledger.state_of(case))
    assert said == {name: getattr(case, name) for name in said}


def test_the_figures_answer_it_as_they_would_any_other(people, release):
    brought_in(people.approver)
    over = {"2022-07": (9, 30), "2022-08": (9, 30), "2022-09": (9, 30)}
    release("later", "2022-12-01", over)
    assert tick(on=dt.date(2022, 12, 2))["data"] == 1
    assert ledger.state_of(Case.objects.get(area="766")).proposal.outcome == "not_restored"


def test_its_matter_is_taken(people, hedensted):
    brought_in(people.approver)
    with pytest.raises(ConflictError):
        brought_in(people.approver)
    assert actions.open_cases(release=hedensted, on=SENT, by=None) == []


def test_a_course_of_model_b_waits_for_the_half_year_after_its_letter(people):
    sent = dt.date(2023, 12, 4)
    facts = letter(
        date=sent,
        follow_up=None,
        restore_by=None,
        notice={
            "date": sent,
            "months": "2023-03..2023-08",
            "subjects": [{"measure": "conversations_6m", "group": "total"}],
        },
    )
    matters = [("conversations_6m", "total")]
    case = brought_in(people.approver, facts=facts, matters=matters, on=dt.date(2024, 1, 8))
    assert (case.version, case.step) == ("model-b", "dialogue")
    held = {"case": case, "by": people.officer, "on": dt.date(2024, 1, 9)}
    actions.record_outcome(outcome="held", **held)
    assert str(judging.awaited(case.step_data, ledger.state_of(case))) == "2024-06"


@pytest.mark.parametrize(
    ("error", "changes"),
    [
        (InputError, {"matters": []}),
        (InputError, {"facts": letter(follow_up=None, restore_by=None)}),
        (InputError, {"on": SENT - dt.timedelta(days=1)}),
        (InputError, {"course": "result_goal_watch"}),
        (InputError, {"documents": [("henvendelse.exe", b"MZ")]}),
    ],
)
def test_what_says_too_little_is_refused_whole(people, error, changes):
    with pytest.raises(error):
        brought_in(people.approver, **changes)
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", ["officer", "elsewhere", "municipality"])
def test_only_an_approver_of_the_office_vouches_for_it(people, who):
    with pytest.raises(NotAllowedError):
        brought_in(getattr(people, who))
