"""From a case to a document: the one seam between the cases and the documents.

A builder makes the document tree of one kind. A kind without a builder is not available, and says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from tilsyn.cases import knowledge
from tilsyn.cases.models import Case
from tilsyn.documents.contents.committee import committee_report
from tilsyn.documents.contents.kinds import KINDS, Kind
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead, read_letterhead, sample_letterhead
from tilsyn.documents.model import Document, Paragraph
from tilsyn.documents.production import produce, stamp
from tilsyn.documents.renderers import FORMATS, render
from tilsyn.errors import InputError
from tilsyn.rules import Catalogue, judge
from tilsyn.vocabulary import COUNTRY, MUNICIPALITIES


@dataclass(frozen=True)
class Request:
    """What a document is asked for.

    Attributes:
        on: the day whose knowledge and rules it rests on: the day the case came to its step.
        figures: the figures as known that day.
    """

    case: Case
    on: dt.date
    facts: CourseFacts
    figures: pl.DataFrame
    catalogue: Catalogue
    letterhead: Letterhead
    language: str


def document(
    case: Case,
    kind: str,
    *,
    on: dt.date,
    facts: dict[str, Any],
    releases: list[str],
    language: str = "da",
    edits: dict[str, str] | None = None,
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

    Raises:
        InputError: the kind is not available, or figures or facts it needs are wanting.
    """
    if kind not in BUILDERS:
        raise InputError(
            f"the document '{kind}' is not available in this version; there are "
            f"{', '.join(BUILDERS)}. Write it by hand and record how the step ended"
        )
    request = Request(
        case=case,
        on=on,
        facts=course_facts(facts),
        figures=knowledge.known(on, releases, area=None if case.area == COUNTRY else case.area),
        catalogue=knowledge.catalogue(),
        letterhead=letterhead(case),
        language=language,
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
            raise InputError(f"number {number} is no paragraph of '{document.title}'")
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
    return CourseFacts.model_validate(
        {name: value for name, value in facts.items() if name in CourseFacts.model_fields}
    )


def letterhead(case: Case) -> Letterhead:
    """The office's own letterhead (DATA_DIR/letterheads/<office>.toml), else the sample."""
    office = MUNICIPALITIES[case.area].amk if case.area in MUNICIPALITIES else "oest"
    own = knowledge.data_folder() / "letterheads" / f"{office}.toml"
    return read_letterhead(own) if own.exists() else sample_letterhead(office)


def _of_kind(kind: Kind) -> Callable[[Request], Document]:
    def build(request: Request) -> Document:
        return produce(
            kind,
            request.figures,
            municipality=request.case.area,
            on=request.on,
            facts=request.facts,
            catalogue=request.catalogue,
            letterhead=request.letterhead,
            language=request.language,
        )

    return build


def _committee(request: Request) -> Document:
    findings = [
        finding
        for rule in ("focus_conversations", "focus_offers", "result_goal")
        for finding in judge(request.figures, on=request.on, catalogue=request.catalogue, rule=rule)
    ]
    return committee_report(
        findings=findings,
        on=request.facts.date,
        letterhead=request.letterhead,
        stamp=stamp(findings),
        reference=request.facts.reference,
        language=request.language,
    )


BUILDERS: dict[str, Callable[[Request], Document]] = {
    **{name: _of_kind(kind) for name, kind in KINDS.items() if kind.command == "letter"},
    "committee": _committee,
}
"""What makes each kind of document."""
