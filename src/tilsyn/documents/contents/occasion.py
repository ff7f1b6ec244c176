"""What a document about one municipality is written from, and how it becomes a letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from tilsyn.documents.contents.frame import letter
from tilsyn.documents.contents.phrasing import authority
from tilsyn.documents.contents.templates import Texts, texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.model import Block, Document, Stamp
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.table import Figure
from tilsyn.rules import Catalogue, Finding


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
    anomalies: Sequence[Anomaly] = ()

    def texts(self, kind: str) -> Texts:
        """The texts of a kind, in the document's language."""
        return texts(kind, self.language)

    @cached_property
    def frame(self) -> Texts:
        """The texts that stand around every document."""
        return self.texts("frame")

    @cached_property
    def authority(self) -> str:
        """The municipality as a sentence names it: "Ishøj Kommune"."""
        return authority(self.municipality, self.language)

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
        """The document of these blocks; arguments as `frame.letter`, with the occasion's own facts and stamp
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


Builder = Callable[[Occasion], Document]
"""What makes a document of one kind."""
