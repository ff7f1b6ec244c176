"""The facts of a course, proposed from the rule and from what has happened; a human fixes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tilsyn.cases.deadlines import due_on
from tilsyn.cases.knowledge import catalogue
from tilsyn.cases.models import Case
from tilsyn.cases.refusals import refused
from tilsyn.cases.state import State
from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.contents.phrasing import job_centre
from tilsyn.documents.facts import CourseFacts, EarlierLetter, Subject
from tilsyn.errors import InputError, NoRuleError
from tilsyn.records import build
from tilsyn.rules.course import CLOSED, Step
from tilsyn.rules.model import FollowUp
from tilsyn.vocabulary import COUNTRY, MEASURES, MonthRange, YearMonth


def proposed(case: Case, state: State, *, on: dt.date) -> CourseFacts:
    """The facts a letter of that day would rest on: what is fixed already, else what the rule proposes.

    What the rule does not propose is left for the officer to fix.

    Raises:
        InputError: what is fixed does not fit a letter of that day.
    """
    fixed = known(case, on=on)
    if state.facts is not None and not _begins_again(case, state):
        fixed |= {k: v for k, v in state.facts.items() if k in CourseFacts.model_fields}
    fixed |= _of_the_notice(case, state, fixed, on) | _of_the_plan(case, state, fixed)
    sent = case.documents.filter(status="sent").order_by("pk")
    letters = [EarlierLetter(date=d.sent_at.date(), what=d.title) for d in sent if d.sent_at]
    again = fixed.get("next_follow_up")
    if again and MonthRange.parse(again).last.last < on:
        again = None
    values = {
        **fixed,
        "date": on,
        "reply_by": _reply_by(case, state, on)
        or (
            fixed.get("reply_by")
            if state.facts_fixed and str(fixed.get("reply_by")) >= str(on)
            else None
        ),
        "next_follow_up": again or _looked_at_next(case, state, on, fixed.get("follow_up")),
        "earlier_letters": [e for e in letters if e.date <= on],
    }
    return build(CourseFacts, values, file="")


def known(case: Case, *, on: dt.date) -> dict[str, Any]:
    """What is known of any letter in a case: its date, reference and addressee."""
    return {"date": on, "reference": case.number, "addressee": addressee(case)}


def needed(case: Case, state: State) -> tuple[str, ...]:
    """The facts the letter at hand cannot do without: those it tells, and those the course waits for."""
    kind = KINDS.get(case.version_data[state.step].document or "")
    return tuple(dict.fromkeys([*(kind.facts if kind else ()), *waited_for(case, state)]))


def waited_for(case: Case, state: State) -> tuple[str, ...]:
    """The facts that the steps between the letter at hand and the next one wait for, or are due by."""
    names: list[str] = []
    seen: set[str] = set()
    ahead = [o.leads_to for o in case.version_data[state.step].outcome if o.name == "sent"]
    while ahead:
        if (name := ahead.pop()) in (*seen, CLOSED):
            continue
        seen.add(name)
        later = case.version_data[name]
        if later.document:
            continue
        names += [later.months] if later.awaits == "follow_up_months" else []
        names += [later.due.fact] if later.due and later.due.fact else []
        ahead += [o.leads_to for o in later.outcome]
    return tuple(dict.fromkeys(names))


def demand_fixed(case: Case, state: State) -> None:
    """Refuse to write or record the letter at hand before its facts are fixed.

    Raises:
        InputError: they are not, or one that is needed is missing: each is named in words.
    """
    if state.facts is None or not state.facts_fixed:
        raise refused(InputError, "facts_not_fixed")
    of_course = {k: v for k, v in state.facts.items() if k in CourseFacts.model_fields}
    build(CourseFacts, of_course, file="").demand(needed(case, state), case.number)


def subjects(case: Case) -> tuple[Subject, ...]:
    """What the case's notice is about: its matters, where they are the early effort's."""
    early = MEASURES.of_effort("early")
    return tuple(
        Subject(measure=matter.measure, group=matter.grp)
        for matter in case.matters.all()
        if matter.measure in early
    )


def _of_the_notice(case: Case, state: State, fixed: dict[str, Any], on: dt.date) -> dict[str, Any]:
    """What the notice is about and asks for: proposed in the notice itself, told of in later letters."""
    first = state.step == case.version_data.first.name
    sent = None if first else case.announced_on
    notice = dict(fixed.get("notice") or {})
    if not notice and (about := subjects(case)) and (months := _months(case, state, first)):
        notice = {"months": MonthRange(min(months), max(months)), "subjects": about}
    found: dict[str, Any] = {"notice": {**notice, "date": sent} if notice else None}
    follow_up = _follow_up(case)
    asked = fixed.get("follow_up")
    # What was fixed for an earlier day may have passed since; the rule proposes anew.
    passed = first and asked and MonthRange.parse(asked).first.last < on
    if follow_up and (passed or (not asked and (first or sent))):
        found |= follow_up.proposed(sent or on)
    return found


def _months(case: Case, state: State, first: bool) -> list[YearMonth]:
    """The months of the findings the notice rests on: at the first step those at hand, later those that opened it."""
    opened = case.events.filter(kind="opened").first()
    finding = state.finding if first else opened and opened.finding
    return [YearMonth.parse(m["month"]) for record in finding or () for m in record["months"]]


def _begins_again(case: Case, state: State) -> bool:
    """Whether the course has come back to its first letter, and the facts fixed are those of the last one."""
    first, months = case.version_data.first.name, _months(case, state, first=True)
    if state.step != first or first not in state.done or not months:
        return False
    stated = ((state.facts or {}).get("notice") or {}).get("months")
    return stated != str(MonthRange(min(months), max(months)))


def addressee(case: Case) -> str:
    """Who the course's letters are to; of the country's cases the course says it."""
    if case.area == COUNTRY:
        return case.version_data.recipients[0]["da"]
    return job_centre(case.area)


def _of_the_plan(case: Case, state: State, fixed: dict[str, Any]) -> dict[str, Any]:
    """Once a plan has been followed up: a letter is about the plan's months, not the notice's."""
    looked_at = [
        step
        for step in case.version_data.step
        if step.awaits == "follow_up_months" and step.name in state.done
    ]
    if len(looked_at) < 2:
        return {}
    # Fixed for this very letter already, they are the follow-up's own months.
    months = fixed.get("next_follow_up") or (
        fixed.get("follow_up") if fixed.get("decision") else None
    )
    first, second = looked_at[0], looked_at[-1]
    assert second.due is not None
    concluded = case.events.filter(kind="concluded", step=first.name).last()
    demanded = [
        {"measure": record["measure"], "group": record["group"]}
        for record in (concluded.finding if concluded else None) or ()
        if record["verdict"] == "not_restored"
    ]
    by = due_on(second.due, state.done, {}, state.closed)
    # The plan runs at least until what is looked at has passed.
    ends = [YearMonth.of(by)] if by else []
    ends += [MonthRange.parse(months).last + 1] if months else []
    return {
        "follow_up": months,
        "next_follow_up": None,
        "restore_by": str(max(ends)) if ends else None,
        "decision": {
            "date": state.done[second.due.after],
            "subjects": demanded or (fixed.get("notice") or {}).get("subjects") or subjects(case),
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
    return due_on(answer.due, {answer.due.after: on}, {}, state.closed)


def _looked_at_next(
    case: Case, state: State, on: dt.date, before: MonthRange | str | None
) -> MonthRange | None:
    """The months proposed for the next follow-up, where the letter at hand demands a plan: after those before."""
    follow_up = _follow_up(case)
    if follow_up is None or not _answer(case, state):
        return None
    months = follow_up.months_after(on)
    looked_at = MonthRange.parse(str(before)) if before else None
    if looked_at and months.first <= looked_at.last:
        return MonthRange(looked_at.last + 1, looked_at.last + len(months))
    return months


def _follow_up(case: Case) -> FollowUp | None:
    """What the rule proposes for the course; None where it proposes nothing."""
    rule = case.version_data.opened_by.rule
    try:
        return catalogue().version(rule, case.opened_on).follow_up if rule else None
    except NoRuleError:
        return None
