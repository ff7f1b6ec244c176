"""From a case to a document: the one seam between the cases and the documents.

A builder makes the document tree of one kind. A kind without a builder is not available, and says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from tilsyn.cases import knowledge
from tilsyn.cases.models import AssistanceEntry, Case
from tilsyn.cases.models.assistance import quarter_of
from tilsyn.cases.refusals import refused
from tilsyn.cases.showing import shown
from tilsyn.documents.assistance import ACCEPTED, Assistance
from tilsyn.documents.assistance import KINDS as KINDS_OF_ASSISTANCE
from tilsyn.documents.committee import committee
from tilsyn.documents.contents.kinds import KINDS, Kind
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead, letterhead_of, read_letterhead
from tilsyn.documents.model import Document, Paragraph
from tilsyn.documents.production import findings_for, produce
from tilsyn.documents.renderers import FORMATS, render
from tilsyn.errors import InputError
from tilsyn.protection import PUBLIC, Audience, Shown
from tilsyn.records import build
from tilsyn.rules import Catalogue, judge
from tilsyn.rules.verdicts import GRAVITY
from tilsyn.vocabulary import COUNTRY, MUNICIPALITIES, YearMonth

MINISTRY = "ministry"
"""Whose letterhead the country's own documents bear."""


@dataclass(frozen=True)
class Request:
    """What a document is asked for.

    Attributes:
        on: the day whose knowledge and rules it rests on: the day the case came to its step.
        shown: the figures as known that day, as the document's readers may see them.
        assistance: the last entry on assistance that was there; None for all.
        settled: the outcome that led to the letter, where a rule's figures must bear it out.
    """

    case: Case
    on: dt.date
    facts: CourseFacts
    shown: Shown
    catalogue: Catalogue
    letterhead: Letterhead
    language: str
    assistance: int | None = None
    settled: str = ""


def document(
    case: Case,
    kind: str,
    *,
    on: dt.date,
    facts: dict[str, Any],
    releases: list[str],
    language: str = "da",
    edits: dict[str, str] | None = None,
    assistance: int | None = None,
    settled: str = "",
) -> Document:
    """The document of a kind for a case; the same for the same arguments.

    Args:
        case: the case.
        kind: as the course names it.
        on: the day whose knowledge and rules it rests on.
        facts: the course's facts as JSON.
        releases: names of the releases to draw on.
        language: "da" or "en".
        edits: paragraphs to replace, by their number in the tree.
        assistance: the last entry on assistance to tell of; None for all.
        settled: the outcome that led to it; see `Request`.

    Raises:
        InputError: the kind is not available, figures or facts it needs are wanting, or the figures
            say otherwise than what was settled.
    """
    if kind not in BUILDERS:
        raise refused(InputError, "kind_not_available", kind=kind, known=", ".join(BUILDERS))
    request = Request(
        case=case,
        on=on,
        facts=course_facts(facts),
        shown=shown(
            on, readers_of(case), releases, area=None if case.area == COUNTRY else case.area
        ),
        catalogue=knowledge.catalogue(),
        letterhead=letterhead(case),
        language=language,
        assistance=assistance,
        settled=settled,
    )
    return edited(BUILDERS[kind](request), edits or {})


def forms(document: Document) -> dict[str, bytes]:
    """The document in every form, by the file's ending."""
    return {form: render(document, form) for form in FORMATS}


def edited(document: Document, edits: dict[str, str]) -> Document:
    """The document with some paragraphs rewritten.

    Raises:
        InputError: a number is not that of a paragraph.
    """
    blocks = list(document.blocks)
    for number, text in edits.items():
        place = int(number)
        if not 0 <= place < len(blocks) or not isinstance(blocks[place], Paragraph):
            raise refused(InputError, "no_such_paragraph", number=number, title=document.title)
        blocks[place] = Paragraph(text)
    return replace(document, blocks=tuple(blocks))


def paragraphs(document: Document) -> dict[str, str]:
    """The paragraphs that may be rewritten, by their number."""
    return {
        str(number): block.text
        for number, block in enumerate(document.blocks)
        if isinstance(block, Paragraph)
    }


def course_facts(facts: dict[str, Any]) -> CourseFacts:
    """The facts as a letter needs them; what only the case needs is left out."""
    known = {name: value for name, value in facts.items() if name in CourseFacts.model_fields}
    return build(CourseFacts, known, file="")


def readers_of(case: Case) -> Audience:
    """Who a case's documents go to: its municipality, or for the country's cases anybody."""
    return Audience.of(case.area) if case.area in MUNICIPALITIES else PUBLIC


def letterhead(case: Case) -> Letterhead:
    """The office's own letterhead (DATA_DIR/letterheads/<office>.toml), else the sample."""
    return office_letterhead(
        MUNICIPALITIES[case.area].amk if case.area in MUNICIPALITIES else MINISTRY
    )


def letterheads_folder() -> Path:
    """Where the installation's own letterheads are."""
    return knowledge.data_folder() / "letterheads"


def office_letterhead(office: str) -> Letterhead:
    """The letterhead of an office, or of the ministry."""
    uploaded = letterheads_folder() / f"{office}.toml"
    return read_letterhead(uploaded) if uploaded.exists() else letterhead_of(office)


def _of_kind(kind: Kind) -> Callable[[Request], Document]:
    def make(request: Request) -> Document:
        _demand_borne_out(kind, request)
        return produce(
            kind,
            _about(request) if kind.name == "notice" else request.shown,
            municipality=request.case.area,
            on=request.on,
            facts=request.facts,
            catalogue=request.catalogue,
            letterhead=request.letterhead,
            language=request.language,
        )

    return make


def _demand_borne_out(kind: Kind, request: Request) -> None:
    """Refuse a letter that would say otherwise than what was settled: it is written from the figures."""
    if not request.settled:
        return
    found = findings_for(
        kind,
        request.shown.figures,
        municipality=request.case.area,
        on=request.on,
        facts=request.facts,
        catalogue=request.catalogue,
    )
    if found and min((f.verdict for f in found), key=GRAVITY.index) != request.settled:
        titles = {o.name: dict(o.title) for s in request.case.version_data.step for o in s.outcome}
        raise refused(InputError, "figures_say_otherwise", settled=titles[request.settled])


def _about(request: Request) -> Shown:
    """The figures without groups that are flagged but not this case's: another case follows them."""
    if request.facts.notice is None:
        return request.shown
    area = request.case.area
    found = judge(
        request.shown.figures.filter(pl.col("area") == area),
        on=request.on,
        catalogue=request.catalogue,
        rule=request.case.version_data.opened_by.rule,
        municipality=area,
    )
    own = {(subject.measure, subject.group) for subject in request.facts.notice.subjects}
    others = [
        (pl.col("area") == area) & (pl.col("measure") == f.measure) & (pl.col("grp") == f.grp)
        for f in found
        if f.verdict == "flagged" and (f.measure, f.grp) not in own
    ]
    return request.shown.part(~pl.any_horizontal(others)) if others else request.shown


def _committee(request: Request) -> Document:
    return report(
        request.shown,
        on=request.on,
        dated=request.facts.date,
        reference=request.facts.reference,
        language=request.language,
        assistance=request.assistance,
        catalogue=request.catalogue,
        letterhead=request.letterhead,
    )


def report(
    shown: Shown,
    *,
    on: dt.date,
    dated: dt.date,
    reference: str | None,
    language: str,
    assistance: int | None,
    catalogue: Catalogue,
    letterhead: Letterhead,
) -> Document:
    """The report to the committee, with the assistance noted in the quarter it is dated in."""
    return committee(
        shown,
        on=on,
        dated=dated,
        catalogue=catalogue,
        letterhead=letterhead,
        reference=reference,
        assistance=_assistance(quarter_of(YearMonth.of(dated)), assistance),
        language=language,
    )


def _assistance(quarter: str, through: int | None) -> Assistance | None:
    """The answers of a quarter; None where nothing is noted."""
    standing = AssistanceEntry.objects.all().standing(quarter, through=through)
    names: dict[str, list[str]] = {}
    for area, entry in standing.items():
        names.setdefault(entry.status, []).append(area)
    under_way = {kind for e in standing.values() if e.status in ACCEPTED for kind in e.kinds}
    return (
        Assistance(
            counts={status: len(codes) for status, codes in names.items()},
            names={status: tuple(codes) for status, codes in names.items()},
            kinds=tuple(kind for kind in KINDS_OF_ASSISTANCE if kind in under_way),
        )
        if standing
        else None
    )


BUILDERS: dict[str, Callable[[Request], Document]] = {
    **{name: _of_kind(kind) for name, kind in KINDS.items() if kind.command == "letter"},
    "committee": _committee,
}
"""What makes each kind of document."""
