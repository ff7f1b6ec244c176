"""How steps end: proposed by a rule when the figures have come, recorded by a human."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from tilsyn.cases import facts, ledger, letters, messages
from tilsyn.cases.access import demand, may
from tilsyn.cases.actions.assistance import record_assistance
from tilsyn.cases.actions.receiving import KINDS as WANTED
from tilsyn.cases.judging import Answer
from tilsyn.cases.models import Case, Event, ReleaseRecord, User
from tilsyn.cases.models.assistance import quarter_of
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import APPROVE, DRAFT
from tilsyn.cases.state import State
from tilsyn.documents.assistance import KINDS
from tilsyn.errors import ConflictError, InputError, TilsynError
from tilsyn.rules.course import Outcome, Step
from tilsyn.vocabulary import YearMonth
from tilsyn.words import LANGUAGES, Message, gettext

ANSWERS = {
    "accepted": "accepted_not_begun",
    "accepted_not_begun": "accepted_not_begun",
    "in_progress": "in_progress",
    "declined": "declined",
    "undecided": "undecided",
}
"""What an outcome of the steps of contact and assistance says of the quarter's offer."""


@transaction.atomic
def propose_decision(*, case: Case, answer: Answer, on: dt.date) -> Event:
    """Propose how a waiting step ends, with the findings that say so; a human decides."""
    step = case.step_data
    assert step is not None
    releases = sorted({name for finding in answer.findings for name in finding.release})
    event = ledger.add(
        case,
        "outcome_proposed",
        by=None,
        on=on,
        outcome=answer.outcome,
        finding=[finding.record() for finding in answer.findings],
        release=ReleaseRecord.objects.filter(name__in=releases).order_by("-published").first(),
        payload={"through": str(answer.through), "releases": releases},
    )
    messages.tell_colleagues(
        case,
        "proposal",
        f"{case.pk}/{event.sequence}",
        step=step.title,
        outcome=_title(step, answer.outcome),
        through=str(answer.through),
    )
    return event


@transaction.atomic
def record_outcome(
    *,
    case: Case,
    outcome: str,
    by: User,
    on: dt.date,
    note: str = "",
    assistance: Sequence[str] = (),
) -> Event:
    """Record how the step at hand ended.

    Args:
        case: the case.
        outcome: one of the step's.
        by: who records it; it takes an approver and a note to go against (or before) the rule's
            proposal, or to record that a document was written and sent by hand.
        on: the day it ended.
        note: what else is worth knowing.
        assistance: kinds of assistance offered or accepted, see `documents.assistance.KINDS`.

    Raises:
        ConflictError: the step cannot end so, or not yet.
        InputError: a note is needed, or a kind of assistance is not known.
    """
    demand(by, DRAFT, case.area)
    step, state = case.step_data, ledger.state_of(case)
    if step is None:
        raise refused(ConflictError, "closed", case=case.number)
    if unknown := [kind for kind in assistance if kind not in KINDS]:
        raise refused(InputError, "no_such_assistance", kind=unknown[0], known=", ".join(KINDS))
    _check_may_end(case, step, state, outcome, on)
    proposal = state.proposal
    if takes_note(step, state, outcome):
        demand(by, APPROVE, case.area)
        if not note.strip() and outcome == "sent":
            raise refused(InputError, "note_needed_by_hand")
        if not note.strip():
            raise refused(InputError, "note_needed_unproposed")
    event = ledger.add(
        case,
        "concluded",
        by=by,
        on=on,
        outcome=outcome,
        finding=proposal.finding if proposal else None,
        payload={"note": note.strip(), "assistance": list(assistance)},
    )
    if case.course == "focus_goals" and outcome in ANSWERS:
        record_assistance(
            area=case.area,
            quarter=quarter_of(YearMonth.of(on)),
            status=ANSWERS[outcome],
            by=by,
            contacted=on,
            accepted_on=on if outcome == "accepted" else None,
            kinds=assistance,
            note=note,
        )
    return event


def takes_note(step: Step, state: State, outcome: str) -> bool:
    """Whether an outcome takes an approver and a note: it is not what the rule proposes, or a letter sent by hand."""
    unproposed = step.judged_by and (state.proposal is None or state.proposal.outcome != outcome)
    return bool(unproposed or (step.document and outcome == "sent"))


def endings(
    case: Case, *, by: User, on: dt.date
) -> tuple[list[Outcome], list[Outcome], list[TilsynError]]:
    """How the step at hand may end now, for this user.

    Returns:
        The outcomes he may record as they are; those that take a note of his; and, for the others, why not yet.
    """
    step, state = case.step_data, ledger.state_of(case)
    plain: list[Outcome] = []
    noted: list[Outcome] = []
    hindered: dict[str, TilsynError] = {}
    for one in step.outcome if step and may(by, DRAFT, case.area) else ():
        assert step is not None
        takes = takes_note(step, state, one.name)
        if takes and not may(by, APPROVE, case.area):
            continue
        try:
            _check_may_end(case, step, state, one.name, on)
        except TilsynError as refusal:
            hindered[str(refusal)] = refusal
        else:
            (noted if takes else plain).append(one)
    return plain, noted, list(hindered.values())


def _check_may_end(case: Case, step: Step, state: State, outcome: str, on: dt.date) -> None:
    if step.document and outcome == "sent":
        if state.draft is not None:
            raise refused(ConflictError, "draft_to_be_sent")
        if facts.waited_for(case, state):
            facts.demand_fixed(case, state)
        letters.check_limit(case, on)
    if wanting := [kind for kind in step.receives if kind not in state.received]:
        raise refused(
            ConflictError,
            "not_received",
            what={
                "da": ", ".join(gettext(WANTED[kind], "da").lower() for kind in wanting),
                "en": ", ".join(wanting),
            },
        )
    if unseen := [words for code, words in step.checklist.items() if code not in state.ticks]:
        points = {one: "; ".join(words[one] for words in unseen) for one in LANGUAGES}
        raise refused(ConflictError, "not_checked", points=points)


def _title(step: Step, outcome: str) -> Mapping[Any, str] | Message:
    titles = (one.title for one in step.outcome if one.name == outcome)
    return next(titles, Message("the rule cannot tell"))
