"""The assistance offered to municipalities, quarter by quarter, and the report that tells of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from tilsyn.cases import facts, ledger
from tilsyn.cases.access import demand
from tilsyn.cases.actions.documents import draft_document
from tilsyn.cases.actions.office import set_facts
from tilsyn.cases.actions.opening import open_recurring
from tilsyn.cases.citizens import refuse_cpr
from tilsyn.cases.models import AssistanceEntry, Case, Document, User
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import DRAFT
from tilsyn.documents.assistance import ACCEPTED, KINDS, STATUSES
from tilsyn.errors import ConflictError, InputError
from tilsyn.vocabulary import COUNTRY, MUNICIPALITIES

REPORT = "committee_report"
"""The course of the quarterly report."""
_QUARTER = re.compile(r"\d{4}-Q[1-4]")


@transaction.atomic
def record_assistance(
    *,
    area: str,
    quarter: str,
    status: str,
    by: User,
    contacted: dt.date | None,
    accepted_on: dt.date | None = None,
    kinds: Sequence[str] = (),
    note: str = "",
) -> AssistanceEntry:
    """Note what a municipality answered to the offer of assistance; earlier entries stay.

    Raises:
        NotAllowedError: the municipality is not of the user's area.
        InputError: a value is not known, or the days do not fit the answer.
    """
    demand(by, DRAFT, area)
    if area not in MUNICIPALITIES or not _QUARTER.fullmatch(quarter):
        raise refused(InputError, "no_such_quarter", what=f"{area} {quarter}")
    if status not in STATUSES:
        raise refused(InputError, "no_such_answer", status=status, known=", ".join(STATUSES))
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise refused(InputError, "no_such_assistance", kind=unknown[0], known=", ".join(KINDS))
    if contacted is None:
        raise refused(InputError, "contacted_when")
    if accepted_on is not None and status not in ACCEPTED:
        raise refused(InputError, "accepted_without_yes")
    if accepted_on is not None and accepted_on < contacted:
        raise refused(InputError, "accepted_before_contact")
    refuse_cpr(note)
    return _added(
        AssistanceEntry(
            area=area,
            quarter=quarter,
            status=status,
            contacted=contacted,
            accepted_on=accepted_on,
            kinds=list(kinds),
            note=note.strip()[:300],
        ),
        by,
    )


@transaction.atomic
def undo_assistance(*, area: str, quarter: str, seen: int, by: User) -> AssistanceEntry:
    """Take the latest entry back: a new one that says what the one before it said.

    Args:
        area: the municipality.
        quarter: "2023-Q4".
        seen: the number of the entry that is taken back.
        by: who takes it back.

    Raises:
        ConflictError: it is not the latest any more, or there is none.
    """
    demand(by, DRAFT, area)
    entries = list(AssistanceEntry.objects.filter(area=area, quarter=quarter)[:2])
    if not entries or entries[0].pk != seen:
        raise refused(ConflictError, "entry_changed_meanwhile")
    before = entries[1] if len(entries) > 1 else None
    return _added(
        AssistanceEntry(
            area=area,
            quarter=quarter,
            status=before.status if before else "",
            contacted=before.contacted if before else None,
            accepted_on=before.accepted_on if before else None,
            kinds=before.kinds if before else [],
            note="",
        ),
        by,
    )


def _added(entry: AssistanceEntry, by: User) -> AssistanceEntry:
    entry.by, entry.at = by, timezone.now()
    entry.save()
    return entry


@transaction.atomic
def draft_report(*, by: User, on: dt.date, language: str = "da") -> Document:
    """Draft the committee's report: its case is opened if it is not yet, its facts are as proposed.

    Raises:
        NotAllowedError: the user does not work for the country.
        ConflictError: no report recurs on that day, or the latest has been sent.
    """
    demand(by, DRAFT, COUNTRY)
    open_recurring(on=on)
    case = Case.objects.filter(course=REPORT, opened_on__lte=on).order_by("opened_on", "pk").last()
    if case is None or case.status == "closed":
        raise refused(ConflictError, "no_report_due")
    state = ledger.state_of(case)
    if not state.facts_fixed:
        set_facts(case=case, facts=facts.proposed(case, state, on=on), by=by, on=on)
    return draft_document(case=case, by=by, on=on, language=language)
