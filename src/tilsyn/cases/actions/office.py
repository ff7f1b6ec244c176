"""The office's own work on a case: taking it up, whose it is, its facts, notes, and corrections."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from tilsyn.cases import ledger
from tilsyn.cases.access import demand, may
from tilsyn.cases.models import Case, Event, User
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import ASSIGN, DRAFT
from tilsyn.cases.state import KINDS
from tilsyn.documents.facts import CourseFacts
from tilsyn.errors import ConflictError, InputError, NotAllowedError
from tilsyn.words import gettext

CORRECTABLE = frozenset({"noted", "facts_set", "assigned", "concluded", "sent", "received"})
"""Kinds of event a human may have got wrong; of "sent" and "received" only the day can be."""
_ONLY_THE_DAY = frozenset({"sent", "received"})


@transaction.atomic
def accept(*, case: Case, by: User, on: dt.date) -> Event:
    """Take up a proposed case.

    Raises:
        NotAllowedError, ConflictError: see `access.demand`, `ledger.add`.
    """
    demand(by, DRAFT, case.area)
    if case.status != "proposed":
        raise refused(ConflictError, "taken_up_already", case=case.number)
    return ledger.add(case, "accepted", by=by, on=on)


@transaction.atomic
def assign(*, case: Case, to: User | None, by: User, on: dt.date) -> Event:
    """Say whose case it is; None gives it back to the office.

    Raises:
        NotAllowedError: by may not assign it, or `to` may not work on it.
    """
    demand(by, ASSIGN, case.area)
    if to is not None and not may(to, DRAFT, case.area):
        raise refused(NotAllowedError, "may_not_work_on", user=to, place=case.place)
    payload = {"assignee": to.pk if to else None, "name": str(to) if to else ""}
    return ledger.add(case, "assigned", by=by, on=on, payload=payload)


@transaction.atomic
def add_note(*, case: Case, text: str, by: User, on: dt.date) -> Event:
    """Write a note; the municipality does not see it."""
    demand(by, DRAFT, case.area)
    if not text.strip():
        raise refused(InputError, "note_empty")
    return ledger.add(case, "noted", by=by, on=on, payload={"text": text.strip()})


@transaction.atomic
def set_facts(
    *,
    case: Case,
    facts: CourseFacts,
    by: User,
    on: dt.date,
) -> Event:
    """Fix the facts of the course for the letter at hand; `facts.proposed` proposes them.

    Args:
        case: the case.
        facts: as the letter will state them.
        by: who fixes them.
        on: the day.
    """
    demand(by, DRAFT, case.area)
    fixed: dict[str, Any] = facts.model_dump(mode="json", exclude_none=True)
    before = ledger.state_of(case).facts or {}
    # The months of a coming follow-up stay fixed until others are, or they are those looked at now.
    if before.get("next_follow_up") not in (None, fixed.get("follow_up")):
        fixed.setdefault("next_follow_up", before["next_follow_up"])
    return ledger.add(case, "facts_set", by=by, on=on, payload={"facts": fixed})


@transaction.atomic
def correct_event(
    *,
    event: Event,
    reason: str,
    by: User,
    on: dt.date,
    outcome: str = "",
    on_date: dt.date | None = None,
    text: str = "",
    struck: bool = False,
) -> Event:
    """Correct an earlier event by a new one; both stay.

    Args:
        event: the one that was wrong.
        reason: why; it is kept.
        by: who corrects.
        on: the day of the correction.
        outcome: the right outcome.
        on_date: the right day.
        text: a note's right text.
        struck: it did not happen at all.

    Raises:
        ConflictError: what followed would no longer fit.
        InputError: no reason, nothing corrected, or such an event is not corrected this way.
    """
    case = event.case
    demand(by, DRAFT, case.area)
    if not reason.strip():
        raise refused(InputError, "correction_without_reason")
    if event.kind not in CORRECTABLE:
        raise refused(InputError, "not_correctable", kind=_kind(event))
    if event.kind in _ONLY_THE_DAY and (outcome or text or struck or on_date is None):
        raise refused(InputError, "only_the_day", kind=_kind(event))
    if not (outcome or on_date or text or struck):
        raise refused(InputError, "nothing_corrected")
    payload: dict[str, Any] = {
        "corrects": event.sequence,
        "reason": reason.strip(),
        "struck": struck,
        "outcome": outcome,
        "on_date": str(on_date) if on_date else "",
        "payload": {"text": text} if text else {},
    }
    return ledger.add(case, "corrected", by=by, on=on, payload=payload)


def _kind(event: Event) -> dict[str, str]:
    return {"da": gettext(KINDS[event.kind], "da"), "en": event.kind}
