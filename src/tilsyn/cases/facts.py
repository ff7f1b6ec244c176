"""The facts of a course, proposed from the rule and from what has happened; a human fixes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tilsyn.cases.deadlines import due_on
from tilsyn.cases.knowledge import catalogue
from tilsyn.cases.models import Case
from tilsyn.cases.state import State
from tilsyn.documents.facts import CourseFacts, EarlierLetter, NoticeFacts, Subject
from tilsyn.rules.course import CLOSED, Step
from tilsyn.rules.model import FollowUp
from tilsyn.vocabulary import COUNTRY, MEASURES, MonthRange, YearMonth


def proposed(case: Case, state: State, *, on: dt.date) -> CourseFacts:
    """The facts a letter of that day would rest on: what is fixed already, else what the rule proposes.

    What the rule does not propose is left for the officer to fix.
    """
    if state.facts is not None and not _begins_again(case, state):
        fixed = {k: v for k, v in state.facts.items() if k in CourseFacts.model_fields}
        sent = case.documents.filter(status="sent").order_by("pk")
        letters = [EarlierLetter(date=d.sent_at.date(), what=d.title) for d in sent if d.sent_at]
        if fixed.get("notice") and case.announced_on:
            fixed["notice"] = {**fixed["notice"], "date": case.announced_on}
        fixed |= _of_the_plan(case, state, fixed)
        return CourseFacts.model_validate(
            {
                **fixed,
                "date": on,
                "reply_by": _reply_by(case, state, on),
                "next_follow_up": fixed.get("next_follow_up") or _looked_at_next(case, state, on),
                "earlier_letters": [e for e in letters if e.date <= on],
            }
        )
    follow_up = _follow_up(case)
    months = _months(state)
    early = MEASURES.of_effort("early")
    pairs = [(m.measure, m.grp) for m in case.matters.all() if m.measure in early]
    return CourseFacts(
        date=on,
        reference=case.number,
        addressee=_addressee(case),
        follow_up=follow_up.months_after(on) if follow_up else None,
        restore_by=follow_up.restore_by(on) if follow_up else None,
        notice=NoticeFacts(
            months=MonthRange(min(months), max(months)),
            subjects=tuple(Subject(measure=measure, group=grp) for measure, grp in pairs),
        )
        if pairs
        else None,
    )


def _months(state: State) -> list[YearMonth]:
    """The months of the findings the step at hand rests on."""
    return [YearMonth.parse(m["month"]) for record in state.finding or () for m in record["months"]]


def _begins_again(case: Case, state: State) -> bool:
    """Whether the course has come back to its first letter, and the facts fixed are those of the last one."""
    first, months = case.version_data.first.name, _months(state)
    if state.step != first or first not in state.done or not months:
        return False
    stated = ((state.facts or {}).get("notice") or {}).get("months")
    return stated != str(MonthRange(min(months), max(months)))


def _addressee(case: Case) -> str:
    if case.area == COUNTRY:
        return ", ".join(case.version_data.recipients[:1]) or "Beskæftigelsesudvalget"
    return f"Jobcenterchefen, {case.place} Kommune"


def _of_the_plan(case: Case, state: State, fixed: dict[str, Any]) -> dict[str, Any]:
    """Once a plan has been followed up: a letter is about the plan's months, not the notice's."""
    looked_at = [
        step
        for step in case.version_data.step
        if step.awaits == "follow_up_months" and step.name in state.done
    ]
    months = fixed.get("next_follow_up")
    if len(looked_at) < 2 or not months:
        return {}
    first, second = looked_at[0], looked_at[-1]
    assert second.due is not None
    concluded = case.events.filter(kind="concluded", step=first.name).last()
    demanded = [
        {"measure": record["measure"], "group": record["group"]}
        for record in (concluded.finding if concluded else None) or ()
        if record["verdict"] == "not_restored"
    ]
    by = due_on(second.due, state.done, {})
    return {
        "follow_up": months,
        "next_follow_up": None,
        "restore_by": str(YearMonth.of(by)) if by else None,
        "decision": {
            "date": state.done[second.due.after],
            "subjects": demanded or fixed["notice"]["subjects"],
        },
    }


def _answer(case: Case, state: State) -> Step | None:
    """The step of answering that the letter at hand leads to, if it leads to one."""
    if not state.step:
        return None
    course = case.version_data
    leads_to = [o.leads_to for o in course[state.step].outcome if o.leads_to != CLOSED]
    return next((course[name] for name in leads_to if course[name].receives), None)


def _reply_by(case: Case, state: State, on: dt.date) -> dt.date | None:
    """By when an answer is asked for: as the course gives for the answering step."""
    answer = _answer(case, state)
    if answer is None or answer.due is None:
        return None
    return due_on(answer.due, {answer.due.after: on}, {})


def _looked_at_next(case: Case, state: State, on: dt.date) -> MonthRange | None:
    """The months proposed for the next follow-up, where the letter at hand demands a plan."""
    follow_up = _follow_up(case)
    return follow_up.months_after(on) if follow_up and _answer(case, state) else None


def _follow_up(case: Case) -> FollowUp | None:
    """What the rule proposes for the course; None where it proposes nothing."""
    rule = case.version_data.opened_by.rule
    return catalogue().version(rule, case.opened_on).follow_up if rule else None
