"""The only way an event is added: the event, and what the case then is, in one transaction.

Two who act on the same case at once have both seen the same latest event; whoever comes second finds
that it is no longer the latest and is told so.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tilsyn.cases.models import Case, Event, ReleaseRecord, User
from tilsyn.cases.refusals import refused
from tilsyn.cases.state import State, replay
from tilsyn.errors import ConflictError


def state_of(case: Case) -> State:
    """What the case is, from its events."""
    return replay(case.version_data, case.events.all(), settings.CLOSED_DAYS)


def columns(state: State) -> dict[str, Any]:
    """What the case's row repeats of its state."""
    return {
        "status": state.status,
        "step": state.step,
        "due_on": state.due_on,
        "assignee_id": state.assignee,
        "announced_on": state.announced_on,
    }


@transaction.atomic
def add(
    case: Case,
    kind: str,
    *,
    by: User | None,
    on: dt.date,
    outcome: str = "",
    finding: Any = None,
    release: ReleaseRecord | None = None,
    document_sha256: str = "",
    payload: dict[str, Any] | None = None,
) -> Event:
    """Add an event to a case, and bring the case's row up to date with it.

    Args:
        case: as it was read; afterwards it is as it has become.
        kind: one of `state.KINDS`.
        by: who does it; None only for what time does.
        on: the day it counts from.
        outcome: how the step ends, or what is proposed.
        finding: the findings it rests on, as records.
        release: the release they came from.
        document_sha256: the document it is about.
        payload: further values.

    Raises:
        ConflictError: somebody was first, or the event does not fit the state the case is in.
    """
    event = Event(
        case=case,
        sequence=case.sequence + 1,
        kind=kind,
        step=case.step,
        outcome=outcome,
        at=timezone.now(),
        on_date=on,
        by=by,
        finding=finding,
        release=release,
        document_sha256=document_sha256,
        payload=payload or {},
    )
    state = replay(case.version_data, [*case.events.all(), event], settings.CLOSED_DAYS)
    become = columns(state)
    claimed = Case.objects.filter(pk=case.pk, sequence=case.sequence).update(
        sequence=event.sequence, **become
    )
    if not claimed:
        raise refused(ConflictError, "changed_meanwhile", case=case.number)
    event.save()
    closed = state.status == "closed"
    case.matters.filter(is_open=closed).update(is_open=not closed)
    case.sequence = event.sequence
    for name, value in become.items():
        setattr(case, name, value)
    return event
