"""What stands around every document: sender, addressee, particulars, footer and page numbers."""

from __future__ import annotations

from collections.abc import Iterable

from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.model import (
    Block,
    Document,
    PageNumber,
    Particular,
    Signature,
    Stamp,
)
from tilsyn.figures.table import Figure
from tilsyn.vocabulary.wording import date


def letter(
    *,
    title: str,
    blocks: list[Block],
    facts: CourseFacts,
    letterhead: Letterhead,
    frame: Texts,
    stamp: Stamp,
    signed: bool = True,
    behind: Iterable[Figure] = (),
) -> Document:
    """A letter of these blocks, signed by the letterhead's office.

    Args:
        title: its subject.
        blocks: what it says, without the closing.
        facts: date, reference and addressee.
        letterhead: who writes.
        frame: the texts of kind "frame" in the letter's language.
        stamp: what it was made from.
        signed: whether it closes with greeting and signature; an enclosure does not.
        behind: the figures its tables show.
    """
    language, behind = frame.language, tuple(behind)
    names = letterhead.names(language)
    closing = Signature(frame.fill("closing.greeting"), (names.role, names.office))
    return Document(
        title=title,
        language=language,
        sender=letterhead.sender(language),
        addressee=tuple(
            line.strip() for line in (facts.addressee or "").split(",") if line.strip()
        ),
        date=facts.date,
        particulars=(
            Particular(frame.fill("particular.date"), date(facts.date, language)),
            *(
                [Particular(frame.fill("particular.reference"), facts.reference)]
                if facts.reference
                else []
            ),
        ),
        blocks=(*blocks, *([closing] if signed else [])),
        footer=_footer(frame, stamp, behind),
        behind=behind,
        page_number=PageNumber(
            _kept(frame, "page_before", after=" "),
            _kept(frame, "page_between", before=" ", after=" "),
        ),
    )


def _footer(frame: Texts, stamp: Stamp, behind: Iterable[Figure]) -> str:
    made = {"rule": stamp.rule, "program": stamp.program}
    named = {*stamp.releases, *(figure.release for figure in behind)}
    releases = sorted(filter(None, named))
    if not releases:
        return frame.fill("footer_without_figures", **made)
    return frame.fill("footer", release=", ".join(releases), **made)


def _kept(frame: Texts, key: str, *, before: str = "", after: str = "") -> str:
    # Templates lose outer spaces when read, so that an editor's stray space does no harm.
    return f"{before}{frame.fill(key)}{after}"
