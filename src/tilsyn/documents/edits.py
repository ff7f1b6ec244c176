"""What an editor did to a letter: its paragraphs before and after, and the numbers its figures do not bear out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from tilsyn.documents.model import Bullets, Document, Heading, Note, Paragraph, Table
from tilsyn.documents.numbers import Number, numbers
from tilsyn.figures.printing import is_share

_SPANS = frozenset("dag mån uge år arb kva hal day mon wee yea wor qua".split())
"""How the words for spans of time begin: they count no persons."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph: whether the other version lacks it, and whether it is a number in doubt."""

    text: str
    changed: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """A paragraph that was rewritten.

    Attributes:
        place: its number in the tree.
        before, after: the paragraph as it was made and as it now stands, in pieces.
        doubts: the numbers in it that do not agree with the letter's figures, as they are written.
    """

    place: int
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    doubts: tuple[str, ...]


def edits(original: Document, texts: Mapping[str, str]) -> tuple[Edit, ...]:
    """What was rewritten in a letter, in the order of its paragraphs.

    A number agrees that is one of the letter's figures, rounded as it is written; or that the letter
    itself stated of the same thing (the rule's line, its months). A number that took a figure's place
    must be a figure. Dates and references are none (`documents.numbers`).

    Args:
        original: the letter as it was made, before anybody edited it.
        texts: the paragraphs as they stand now, by their number in the tree.
    """
    known = _Known.of(original)
    found = []
    for place, after in sorted((int(number), text) for number, text in texts.items()):
        before = original.blocks[place]
        if isinstance(before, Paragraph) and before.text != after:
            found.append(_edit(place, before.text, after, known))
    return tuple(found)


def _edit(place: int, before: str, after: str, known: _Known) -> Edit:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    stood, stands = numbers(before, known.language), numbers(after, known.language)
    gone: list[tuple[int, int]] = []
    came: list[tuple[int, int]] = []
    figures: set[Number] = set()
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        was, now = _span(old, i, j), _span(new, k, m)
        gone.append(was)
        came.append(now)
        # In the order they stand: what took the place of a figure.
        pairs = zip(_within(stood, was), _within(stands, now), strict=False)
        figures |= {new for old, new in pairs if known.is_figure(old)}
    doubtful = [n for n in stands if not known.agrees(n, must_be_figure=n in figures)]
    return Edit(
        place,
        _pieces(before, gone, []),
        _pieces(after, came, [(n.start, n.end) for n in doubtful]),
        tuple(after[n.start : n.end] for n in doubtful),
    )


_TOKEN = re.compile(r"\s+|\w+(?:[.,]\w+)*|[^\w\s]")


def _span(tokens: list[str], first: int, last: int) -> tuple[int, int]:
    start = sum(map(len, tokens[:first]))
    return start, start + sum(map(len, tokens[first:last]))


def _within(found: list[Number], span: tuple[int, int]) -> list[Number]:
    return [n for n in found if n.start < span[1] and span[0] < n.end]


def _pieces(
    text: str, changed: list[tuple[int, int]], doubtful: list[tuple[int, int]]
) -> tuple[Piece, ...]:
    cuts = sorted({0, len(text), *(end for span in (*changed, *doubtful) for end in span)})
    return tuple(
        Piece(
            text[a:b], *(any(s <= a and b <= e for s, e in spans) for spans in (changed, doubtful))
        )
        for a, b in pairwise(cuts)
        if a < b
    )


@dataclass(frozen=True)
class _Known:
    """The numbers a letter bears out: its figures, and what its own text states beside them.

    Attributes:
        shares, counts: the figures behind it and in its tables: per cent, and persons.
        stated: what its text says: a value of a unit.
    """

    language: str
    shares: frozenset[Decimal]
    counts: frozenset[Decimal]
    stated: frozenset[tuple[Decimal, str]]

    @classmethod
    def of(cls, document: Document) -> _Known:
        values = [(is_share(f.statistic), f.value) for f in document.behind]
        figures = [(share, Decimal(str(value))) for share, value in values if value is not None]
        for table in (block for block in document.blocks if isinstance(block, Table)):
            for cell in (cell for row in table.rows for cell in row.cells):
                shown = numbers(cell.text, document.language)
                figures += [(n.unit == "%" or n.places > 0, n.value) for n in shown]
        said = [n for text in _texts(document) for n in numbers(text, document.language)]
        return cls(
            document.language,
            frozenset(value for share, value in figures if share),
            frozenset(value for share, value in figures if not share),
            frozenset((n.value, n.unit) for n in said),
        )

    def is_figure(self, n: Number) -> bool:
        """Whether it is one of the letter's figures, rounded as it is written."""
        if n.of is not None and n.of:
            return any(_rounded(s * n.of / 100, 0) == n.value for s in self.shares) or (
                n.value in self.counts and n.of in self.counts
            )
        if n.unit in _SPANS:
            return False
        shares = n.unit == "%" or n.places > 0
        known = self.shares if shares else self.counts
        return any(_rounded(value, n.places) == n.value for value in known)

    def agrees(self, n: Number, *, must_be_figure: bool) -> bool:
        """Whether the letter bears it out."""
        if self.is_figure(n):
            return True
        if n.unit in _SPANS and not any(unit == n.unit for _, unit in self.stated):
            return True
        stated = n.of is None and (n.value, n.unit) in self.stated
        return stated and not must_be_figure


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _texts(document: Document) -> Iterator[str]:
    yield document.title
    for block in document.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text) | Note(text=text):
                yield text
            case Bullets(items):
                yield from items
            case Table(caption=caption, notes=notes):
                yield from (caption, *notes)
