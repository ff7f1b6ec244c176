"""What comes in: statements and plans, stored by content, checked point by point; a plan's milestones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from tilsyn.cases import ledger, messages, storage
from tilsyn.cases.access import demand, may
from tilsyn.cases.models import Case, Incoming, Milestone, User
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import RECEIVE, SUBMIT
from tilsyn.cases.uploads import checked_upload
from tilsyn.errors import ConflictError, InputError
from tilsyn.vocabulary import MEASURES, ROWS, YearMonth
from tilsyn.words import Message, gettext_noop

KINDS = {
    "statement": gettext_noop("Statement"),
    "plan": gettext_noop("Restoration plan"),
    "notice": gettext_noop("Notice, sent from elsewhere"),
    "warning": gettext_noop("Warning, sent from elsewhere"),
}
"""What is received, or came along with a course from elsewhere, in words."""


def kept(case: Case, kind: str, filename: str, data: bytes, *, by: User, on: dt.date) -> Incoming:
    """A file that has come in, checked and kept at the case's step.

    Raises:
        InputError: the file is not taken.
    """
    name, content_type = checked_upload(filename, data)
    return Incoming.objects.create(
        case=case,
        step=case.step,
        kind=kind,
        filename=name,
        content_type=content_type,
        size=len(data),
        sha256=storage.keep(data),
        received_on=on,
        registered_by=by,
        registered_at=timezone.now(),
    )


@transaction.atomic
def receive(
    *, case: Case, kind: str, filename: str, data: bytes, by: User, on: dt.date
) -> Incoming:
    """Register a document that has come in: by the office, or handed in by the municipality itself.

    A later one of the same kind takes the earlier one's place; both stay.

    Raises:
        ConflictError: the case waits for no such document.
        InputError: the file is not taken.
    """
    if not may(by, RECEIVE, case.area):
        demand(by, SUBMIT, case.area)
    step = case.step_data
    if step is None or kind not in step.receives:
        raise refused(ConflictError, "not_waited_for", case=case.number, kind=kind)
    incoming = kept(case, kind, filename, data, by=by, on=on)
    ledger.add(
        case,
        "received",
        by=by,
        on=on,
        document_sha256=incoming.sha256,
        payload={"incoming": incoming.pk, "document": kind, "filename": incoming.filename},
    )
    what = Message(KINDS[kind]) if kind in KINDS else kind
    messages.tell_colleagues(case, "received", str(incoming.pk), what=what, due=on)
    return incoming


@transaction.atomic
def tick_checklist(
    *, incoming: Incoming, ticks: dict[str, bool], by: User, on: dt.date
) -> Incoming:
    """Say of points whether the document holds them; what is missing is named in the event.

    Raises:
        InputError: a point is none of the step's.
    """
    case = incoming.case
    demand(by, RECEIVE, case.area)
    if unknown := [code for code in ticks if code not in incoming.checklist]:
        raise refused(
            InputError, "no_such_point", point=unknown[0], known=", ".join(incoming.checklist)
        )
    incoming.ticks = {**incoming.ticks, **ticks}
    incoming.save(update_fields=["ticks"])
    ledger.add(
        case,
        "checked",
        by=by,
        on=on,
        payload={
            "incoming": incoming.pk,
            "ticks": incoming.ticks,
            "missing": [code for code, held in incoming.ticks.items() if not held],
        },
    )
    return incoming


@transaction.atomic
def set_milestones(
    *,
    case: Case,
    milestones: Iterable[tuple[str, str, YearMonth, Decimal]],
    by: User,
    on: dt.date,
) -> list[Milestone]:
    """Note a plan's milestones: measure, group, month, and the share in per cent not to be exceeded.

    Raises:
        InputError: one is not about the case's matters, or of a month that is noted already.
    """
    demand(by, RECEIVE, case.area)
    followed = {(matter.measure, matter.grp) for matter in case.matters.all()}
    made: list[Milestone] = []
    for measure, grp, month, target in milestones:
        if (measure, grp) not in followed:
            raise refused(InputError, "not_about", what=_what(measure, grp), case=case.number)
        same = Milestone.objects.filter(case=case, measure=measure, grp=grp, month=month.first)
        if same.exists():
            raise refused(InputError, "milestone_there", what=_what(measure, grp), month=month)
        made.append(
            Milestone.objects.create(
                case=case,
                measure=measure,
                grp=grp,
                month=month.first,
                target=target,
                noted_by=by,
                noted_at=timezone.now(),
            )
        )
    records = [
        {"measure": m.measure, "group": m.grp, "month": str(m.month), "target": float(m.target)}
        for m in made
    ]
    ledger.add(case, "milestone_set", by=by, on=on, payload={"milestones": records})
    return made


def _what(measure: str, grp: str) -> dict[str, str]:
    name = MEASURES[measure].da if measure in MEASURES else measure
    row = ROWS[grp].da if grp in ROWS else grp
    return {"da": f"{name}, {row}", "en": f"{measure}, {grp}"}
