"""Documents on their way out: drafted, revised, approved by another, sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from tilsyn.cases import drafting, facts, judging, ledger, letters, messages, storage
from tilsyn.cases.access import demand
from tilsyn.cases.citizens import demand_no_cpr
from tilsyn.cases.clock import moment
from tilsyn.cases.models import AssistanceEntry, Case, Document, ReleaseRecord, User
from tilsyn.cases.models.document import CURRENT
from tilsyn.cases.refusals import refused
from tilsyn.cases.roles import APPROVE, DRAFT, SEND
from tilsyn.documents.edits import Edit
from tilsyn.documents.edits import edits as edits_of
from tilsyn.documents.renderers import FORMATS
from tilsyn.errors import ConflictError, InputError, NotAllowedError
from tilsyn.vocabulary import COUNTRY


@transaction.atomic
def draft_document(*, case: Case, by: User, on: dt.date, language: str = "da") -> Document:
    """Draft the document of the step at hand; an earlier draft of it is withdrawn.

    A proposed case is taken up by it.

    Raises:
        ConflictError: the step sends no document.
        InputError: the kind is not available, or facts or figures are wanting.
    """
    demand(by, DRAFT, case.area)
    state = ledger.state_of(case)
    kind = case.step_data.document if case.step_data else None
    if kind is None:
        raise refused(ConflictError, "no_document_here", case=case.number)
    letters.check_limit(case, on)
    facts.demand_fixed(case, state)
    if case.status == "proposed":
        ledger.add(case, "accepted", by=by, on=on)
    names = ReleaseRecord.objects.in_use().order_by("name").values_list("name", flat=True)
    made_from: dict[str, Any] = {
        "on": str(state.since),
        "facts": dict(state.facts or {}),
        "releases": list(names),
        "language": language,
        "settled": judging.settled(case, state),
    }
    if case.area == COUNTRY:
        # The entries are only added to, so the last one's number says what was known.
        made_from["assistance"] = AssistanceEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    return _drafted(case, kind, made_from, {}, by, on)


@transaction.atomic
def revise_document(
    *, document: Document, edits: dict[str, str], by: User, on: dt.date
) -> Document:
    """Rewrite paragraphs of a draft: a new version from the same facts and figures; the old is withdrawn.

    Args:
        document: the version the officer has seen.
        edits: new texts by the paragraph's number (`drafting.paragraphs`); they add to earlier ones.
        by: who rewrites, and so may not approve.
        on: the day.
    """
    demand(by, DRAFT, document.case.area)
    if document.status not in CURRENT:
        raise refused(ConflictError, "no_longer_rewritten", title=document.title)
    edits = {**document.edits, **edits}
    return _drafted(document.case, document.kind, document.made_from, edits, by, on, document)


def edits(document: Document) -> tuple[Edit, ...]:
    """What was rewritten in it since its figures made it, with the numbers that do not agree with them."""
    return edits_of(tree(document, edited=False), document.edits) if document.edits else ()


def tree(document: Document, *, edited: bool = True) -> Any:
    """The document's tree, made again from what it was made from: for preview and rewriting."""
    made_from = document.made_from
    return drafting.document(
        document.case,
        document.kind,
        on=dt.date.fromisoformat(made_from["on"]),
        facts=made_from["facts"],
        releases=made_from["releases"],
        language=made_from["language"],
        edits=document.edits if edited else {},
        assistance=made_from.get("assistance"),
        settled=made_from.get("settled", ""),
    )


def _drafted(
    case: Case,
    kind: str,
    made_from: dict[str, Any],
    edits: dict[str, str],
    by: User,
    on: dt.date,
    seen: Document | None = None,
) -> Document:
    current = case.documents.filter(step=case.step, status__in=CURRENT)
    if seen is not None and not current.filter(pk=seen.pk).exists():
        raise refused(ConflictError, "replaced_meanwhile", title=seen.title)
    current.update(status="withdrawn")
    document = Document(
        case=case,
        kind=kind,
        step=case.step,
        language=made_from["language"],
        made_from=made_from,
        edits=edits,
        drafted_by=by,
        drafted_at=moment(on),
    )
    # Before its files are kept, where nobody would look for them again.
    demand_no_cpr(document)
    made = tree(document)
    files = {form: storage.keep(data) for form, data in drafting.forms(made).items()}
    document.title, document.files, document.sha256 = made.title[:200], files, files["pdf"]
    try:
        document.save()
    except IntegrityError:
        raise refused(ConflictError, "drafted_by_another", case=case.number) from None
    ledger.add(
        case,
        "drafted",
        by=by,
        on=on,
        document_sha256=document.sha256,
        payload={"document": document.pk, "kind": kind},
    )
    return document


@transaction.atomic
def approve(
    *, document: Document, by: User, on: dt.date, acknowledged: Collection[str] = ()
) -> Document:
    """Approve a draft, exactly as it was seen; not one's own.

    Args:
        document: the version the approver has seen.
        by: who approves.
        on: the day.
        acknowledged: numbers an editor wrote that do not agree with the letter's figures
            (`edits`), and that the approver vouches for; the event says so.

    Raises:
        NotAllowedError: the user may not approve, or drafted it.
        ConflictError: it has been approved, sent back, replaced or sent meanwhile, or a number that
            does not agree is not acknowledged.
    """
    case = document.case
    _demand_reader(document, by)
    doubts = list(dict.fromkeys(doubt for edit in edits(document) for doubt in edit.doubts))
    if document.status == "drafted" and (unseen := [d for d in doubts if d not in acknowledged]):
        raise refused(ConflictError, "numbers_in_doubt", numbers="; ".join(unseen))
    now = moment(on)
    claimed = Document.objects.filter(pk=document.pk, status="drafted").update(
        status="approved", approved_by=by, approved_at=now
    )
    document.refresh_from_db()
    if not claimed:
        raise _meanwhile(document)
    ledger.add(
        case,
        "approved",
        by=by,
        on=on,
        document_sha256=document.sha256,
        payload={"document": document.pk, "kind": document.kind, "acknowledged": doubts},
    )
    return document


@transaction.atomic
def send_back(*, document: Document, comment: str, by: User, on: dt.date) -> Document:
    """Send a draft back to whoever wrote it, with what is to be mended; he gets a message.

    Raises:
        NotAllowedError: the user may not approve, or drafted it.
        InputError: there is no comment.
        ConflictError: it has been approved, sent back, replaced or sent meanwhile.
    """
    _demand_reader(document, by)
    if not comment.strip():
        raise refused(InputError, "comment_empty")
    claimed = Document.objects.filter(pk=document.pk, status="drafted").update(status="returned")
    document.refresh_from_db()
    if not claimed:
        raise _meanwhile(document)
    ledger.add(
        document.case,
        "returned",
        by=by,
        on=on,
        document_sha256=document.sha256,
        payload={"document": document.pk, "kind": document.kind, "text": comment.strip()},
    )
    author = document.drafted_by
    messages.write(
        document.case,
        "returned",
        str(document.pk),
        [author.email],
        author.language or "da",
        what=document.title,
        user=by,
        comment=comment.strip(),
    )
    return document


def _demand_reader(document: Document, by: User) -> None:
    demand(by, APPROVE, document.case.area)
    if document.drafted_by_id == by.pk:
        raise refused(NotAllowedError, "own_draft")


@transaction.atomic
def send(
    *, document: Document, by: User, on: dt.date, recipients: list[str] | None = None
) -> Document:
    """Send an approved document: the step ends, and a message is written where there are recipients.

    Without recipients it is exported only: the officer sends it by the authority's own digital post.

    Raises:
        ConflictError: it is not approved, or has been sent already.
    """
    case = document.case
    demand(by, SEND, case.area)
    letters.check_limit(case, on)
    claimed = Document.objects.filter(pk=document.pk, status="approved").update(
        status="sent", sent_by=by, sent_at=moment(on), recipients=recipients or []
    )
    document.refresh_from_db()
    if not claimed:
        raise _meanwhile(document)
    ledger.add(
        case,
        "sent",
        by=by,
        on=on,
        outcome="sent",
        document_sha256=document.sha256,
        payload={
            "document": document.pk,
            "kind": document.kind,
            "recipients": document.recipients,
        },
    )
    if recipients:
        attachment = {"name": f"{document.kind}-{case.number}.pdf", "sha256": document.sha256}
        messages.write(
            case,
            "document",
            str(document.pk),
            recipients,
            document.language,
            attachments=[attachment],
            what=document.title,
        )
    return document


def exported(document: Document, form: str) -> bytes:
    """A document's file in a form, as it was when it was drafted.

    Raises:
        InputError: there is no such form, or the file is missing or damaged.
    """
    if form not in FORMATS or form not in document.files:
        raise refused(InputError, "no_such_form", form=form, title=document.title)
    return storage.fetch(document.files[form])


def _meanwhile(document: Document) -> ConflictError:
    """What has become of a document, for whoever comes second."""
    title = document.title
    if document.status == "approved":
        return refused(ConflictError, "approved_already", title=title, user=document.approved_by)
    if document.status == "sent":
        return refused(ConflictError, "sent_already", title=title, user=document.sent_by)
    if document.status == "returned":
        return refused(ConflictError, "returned_already", title=title)
    if document.status == "withdrawn":
        return refused(ConflictError, "replaced_by_newer", title=title)
    return refused(ConflictError, "not_approved_yet", title=title)
