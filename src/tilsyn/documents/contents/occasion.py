"""What a document about one municipality is written from, and how it becomes a letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from tilsyn.documents.contents.letters import fill
from tilsyn.documents.contents.phrasing import authority
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.contents.templates import Texts, texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.model import (
    Block,
    Document,
    PageNumber,
    Paragraph,
    Particular,
    Signature,
    Stamp,
)
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.table import Figure
from tilsyn.rules import Catalogue, Finding
from tilsyn.vocabulary.wording import date


@dataclass(frozen=True)
class Occasion:
    """What gives occasion for a document, and all it is written from.

    Attributes:
        municipality: its code.
        findings: the findings by the kind's rules, for this municipality.
        figures: the figure table as it was known, one vintage a cell.
        facts: the course's facts.
        letterhead: who writes.
        catalogue: the rules at hand.
        stamp: what the document is made from.
        language: "da" or "en".
        templates: a folder with the office's own texts.
        anomalies: what is odd in the figures.
    """

    municipality: str
    findings: Sequence[Finding]
    figures: pl.DataFrame
    facts: CourseFacts
    letterhead: Letterhead
    catalogue: Catalogue
    stamp: Stamp
    language: str = "da"
    templates: Path | None = None
    anomalies: Sequence[Anomaly] = ()

    def texts(self, kind: str) -> Texts:
        """The texts of a kind, in the document's language."""
        return texts(kind, self.language, self.templates)

    @cached_property
    def frame(self) -> Texts:
        """The texts that stand around every document."""
        return self.texts("frame")

    @cached_property
    def authority(self) -> str:
        """The municipality as a sentence names it: "Ishøj Kommune"."""
        return authority(self.municipality, self.language)

    def write(self, kind: str, told: Facts, **given: Any) -> Document:
        """The document that a kind's template makes of its facts; `given` as `letter`."""
        title, blocks = fill(kind, told, self.language, self.templates)
        return self.letter(title, blocks, **given)

    def letter(
        self,
        title: str,
        blocks: list[Block],
        *,
        behind: Iterable[Figure] = (),
        signed: bool = True,
        facts: CourseFacts | None = None,
        stamp: Stamp | None = None,
    ) -> Document:
        """The document of these blocks; arguments as `letter`, with the occasion's own facts and stamp
        where none are given.
        """
        return letter(
            title=title,
            blocks=blocks,
            facts=facts or self.facts,
            letterhead=self.letterhead,
            frame=self.frame,
            stamp=stamp or self.stamp,
            signed=signed,
            behind=behind,
        )


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
        facts: date, reference, addressee and salutation.
        letterhead: who writes.
        frame: the texts of kind "frame" in the letter's language.
        stamp: what it was made from.
        signed: whether it begins with a salutation and closes with greeting and signature; an
            enclosure does not.
        behind: the figures its tables show.
    """
    language, behind = frame.language, tuple(behind)
    names = letterhead.names(language)
    signatory = (names.signatory, names.role, names.office)
    closing = Signature(frame.fill("closing.greeting"), tuple(filter(None, signatory)))
    greeted = [Paragraph(facts.salutation)] if signed and facts.salutation else []
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
        blocks=(*greeted, *blocks, *([closing] if signed else [])),
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


Builder = Callable[[Occasion], Document]
"""What makes a document of one kind."""
