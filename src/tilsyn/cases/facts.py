"""The facts of a course, proposed from the rule and from what has happened; a human fixes them."""

from __future__ import annotations

import datetime as dt

from tilsyn.cases.knowledge import catalogue
from tilsyn.cases.models import Case
from tilsyn.cases.state import State
from tilsyn.documents.facts import CourseFacts, EarlierLetter, NoticeFacts, Subject
from tilsyn.errors import InputError
from tilsyn.rules.model import FollowUp
from tilsyn.vocabulary import GROUPS, MonthRange, YearMonth


def proposed(case: Case, state: State, *, on: dt.date) -> CourseFacts:
    """The facts a letter of that day would rest on: what is fixed already, else what the rule proposes.

    Raises:
        InputError: the rule proposes nothing for this course.
    """
    if state.facts is not None:
        fixed = {k: v for k, v in state.facts.items() if k in CourseFacts.model_fields}
        sent = case.documents.filter(status="sent").order_by("pk")
        letters = [EarlierLetter(date=d.sent_at.date(), what=d.title) for d in sent if d.sent_at]
        return CourseFacts.model_validate(
            {
                **fixed,
                "date": on,
                "reply_by": None,
                "earlier_letters": [e for e in letters if e.date <= on],
            }
        )
    follow_up = _follow_up(case)
    months = [YearMonth.parse(m["month"]) for record in state.finding for m in record["months"]]
    pairs = [(m.measure, m.grp) for m in case.matters.all() if m.grp in GROUPS]
    return CourseFacts(
        date=on,
        reference=case.number,
        addressee=f"Jobcenterchefen, {case.place} Kommune",
        follow_up=follow_up.months_after(on),
        restore_by=follow_up.restore_by(on),
        notice=NoticeFacts(
            months=MonthRange(min(months), max(months)),
            subjects=tuple(Subject(measure=measure, group=grp) for measure, grp in pairs),
        )
        if pairs
        else None,
    )


def _follow_up(case: Case) -> FollowUp:
    rule = case.version_data.opened_by.rule
    found = catalogue().version(rule, case.opened_on).follow_up if rule else None
    if found is None:
        raise InputError(f"the course {case.course} proposes no follow-up; fix the facts by hand")
    return found
