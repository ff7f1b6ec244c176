"""Courses that began elsewhere, in mailboxes or another system, brought in where they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from tilsyn.cases import judging, ledger
from tilsyn.cases.access import demand
from tilsyn.cases.actions.receiving import kept
from tilsyn.cases.judgements import judgements
from tilsyn.cases.models import Case, Matter, User
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import APPROVE
from tilsyn.cases.snapshots import snapshot
from tilsyn.documents.facts import CourseFacts
from tilsyn.errors import ConflictError, InputError
from tilsyn.rules.course import courses
from tilsyn.vocabulary import MUNICIPALITIES


@transaction.atomic
def bring_in(
    *,
    course: str,
    area: str,
    matters: Sequence[tuple[str, str]],
    facts: CourseFacts,
    by: User,
    on: dt.date,
    documents: Sequence[tuple[str, bytes]] = (),
) -> Case:
    """Open a case whose first letter was sent elsewhere; it stands at the step after that letter.

    Args:
        course: its code; the day of the letter picks the version.
        area: the municipality.
        matters: the measures and groups of the letter; only they are followed.
        facts: the letter's date, its months, and the follow-up it named.
        by: an approver, for he vouches that the letter was sent.
        on: today.
        documents: the letter and what belongs to it, by file name.

    Raises:
        NotAllowedError: the user does not approve there.
        InputError: the facts say too little, or a file is not taken.
        ConflictError: one of the matters has a case under way.
        NoRuleError: the course had no version on that day.
    """
    demand(by, APPROVE, area)
    if course not in courses() or area not in MUNICIPALITIES:
        raise refused(InputError, "no_such_course", what=f"{course} {area}")
    version = courses()[course].on(facts.date)
    if version.first.document is None:
        raise refused(InputError, "course_without_letter")
    if not matters or facts.notice is None:
        raise refused(InputError, "letter_about_what")
    if facts.date > on:
        raise refused(InputError, "letter_later_than_today")
    after = version[version.first.leads_to("sent")]
    if after.awaits == "follow_up_months" and facts.wanting(("follow_up", "restore_by")):
        raise refused(InputError, "letter_follow_up")
    through = str(facts.notice.months.last)
    try:
        with transaction.atomic():
            case = Case.objects.create(
                course=course,
                version=version.name,
                area=area,
                opened_on=facts.date,
                step=version.first.name,
            )
            for measure, grp in matters:
                Matter.objects.create(
                    case=case, course=course, area=area, measure=measure, grp=grp, through=through
                )
    except IntegrityError:
        raise refused(ConflictError, "matter_taken", place=MUNICIPALITIES[area].name) from None
    found = judging.opening(version, judgements(snapshot(facts.date), facts.date))
    finding = [f.record() for f in found.get(area, ()) if (f.measure, f.grp) in matters]
    ledger.add(
        case,
        "opened",
        by=by,
        on=facts.date,
        finding=finding or None,
        payload={"brought_in_on": str(on)},
    )
    ledger.add(case, "accepted", by=by, on=facts.date)
    fixed = facts.model_dump(mode="json", exclude_none=True)
    ledger.add(case, "facts_set", by=by, on=facts.date, payload={"facts": fixed})
    files = [kept(case, version.first.document, *one, by=by, on=facts.date) for one in documents]
    ledger.add(
        case,
        "concluded",
        by=by,
        on=facts.date,
        outcome="sent",
        document_sha256=files[0].sha256 if files else "",
        payload={"incoming": [one.pk for one in files]},
    )
    return case
