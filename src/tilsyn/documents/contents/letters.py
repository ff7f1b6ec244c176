"""Letters as whole templates: one file a kind and language, filled in a sandbox, read as a document tree.

A template (``letters/notice.da.md``) is the letter from top to bottom: ``# `` its title, ``## ``
headings, paragraphs between blank lines, ``- `` bullets, ``> `` notes in small type, and
``{% call table(…) %}`` around a table's caption, ``| rows |`` and notes. Python gives it named facts
(`Facts`) and a few filters; nothing else can be named or called. What is filled in is never read as
markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Macro
from markupsafe import Markup

from tilsyn import own
from tilsyn.documents.contents.sandbox import (
    BLANKS,
    FAULTS,
    Facts,
    Placing,
    Sandbox,
    compiled,
    fault,
    names,
    restored,
    sandbox,
)
from tilsyn.documents.model import (
    Block,
    Bullets,
    Cell,
    Column,
    HeaderCell,
    Heading,
    Mark,
    Note,
    Paragraph,
    Row,
    Table,
)
from tilsyn.errors import InputError
from tilsyn.vocabulary import YearMonth


class Written(NamedTuple):
    """What a template says of a table or picture: caption, headings, rows and notes."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    def headed(self, count: int) -> tuple[str, ...]:
        """Its headings.

        Raises:
            ValueError: they are not so many.
        """
        if len(self.headings) != count or self.rows:
            raise ValueError(f"the table '{self.caption}' takes one row of {count} headings")
        return self.headings


@dataclass(frozen=True)
class Ceased(Facts):
    """Groups that are no longer formed, and from when."""

    groups: tuple[str, ...]
    month: YearMonth


@dataclass(frozen=True)
class Placed(Facts):
    """A table or picture that a template gives its place and its words.

    Attributes:
        marked: whether something is marked in it.
        hidden, absent: whether a cell "." (not shown) or "–" (not available) stands in it.
        ceased: the groups in it that are no longer formed.
    """

    _made: Callable[[Written], Block]
    marked: bool = False
    hidden: bool = False
    absent: bool = False
    ceased: tuple[Ceased, ...] = ()


def in_columns(
    *columns: Column, lines: int = 1, months: Sequence[str] = ()
) -> Callable[[Written], Table]:
    """A table of the rows a template writes.

    Args:
        columns: its columns.
        lines: the room of a field to be filled in.
        months: headings that stand under the template's second one.
    """

    def made(written: Written) -> Table:
        heads = tuple(map(HeaderCell, written.headings))
        header: tuple[tuple[HeaderCell, ...], ...] = (heads,)
        if months and len(heads) == 2:
            over = replace(heads[1], columns=len(months))
            header = ((replace(heads[0], rows=2), over), tuple(map(HeaderCell, months)))
        rows = tuple(
            replace(row, cells=tuple(replace(c, field=c.field * lines) for c in row.cells))
            for row in written.rows
        )
        return Table(written.caption, columns, header, rows, written.notes)

    return made


class Letter(NamedTuple):
    """A filled template."""

    title: str
    blocks: list[Block]


def fill(kind: str, facts: Facts, language: str, folder: Path | None = None) -> Letter:
    """A kind's template filled with its facts.

    Args:
        kind: "notice", "decision" …
        facts: the facts of that kind.
        language: "da" or "en".
        folder: an office's own templates (left out: as `tilsyn.own` has it); "<kind>.<language>.md" in it
            goes before the shipped one.

    Raises:
        InputError: the template cannot be used; names its file and line.
    """
    return filled(sandbox(language, folder or own.folder("templates")), kind, facts)


_PLACE = re.compile("\ufffc(\\d+)\ufffc")
"""Where a table or picture stands, by its number."""

_MARKS = ("# ", "## ", "### ", "- ", "> ", "| ")


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The marked pieces of a text, each with its mark; a paragraph's is empty."""
    for part in re.split(r"\n[ \t]*\n", text):
        mark, piece = "", ""
        for line in filter(None, (line.strip(BLANKS) for line in part.split("\n"))):
            begins = next((m for m in _MARKS if line.startswith(m)), None)
            if begins is None and not _PLACE.fullmatch(line) and mark not in ("# ", "## ", "### "):
                piece = f"{piece} {line}"
                continue
            if piece:
                yield mark, piece
            mark, piece = ("", line) if begins is None else (begins, line.removeprefix(begins))
            if begins is None and _PLACE.fullmatch(line):
                yield mark, piece
                piece = ""
        if piece:
            yield mark, piece


def _row(text: str) -> Row:
    """A row between its | signs: "[what to fill in]" is a field, "! " before it marks it, and a head
    between ** makes it the total over others.
    """
    mark: Mark = "breach" if text.startswith("!") else "none"
    texts = [
        t.strip(BLANKS) for t in text.removeprefix("!").rstrip(BLANKS).removesuffix("|").split("|")
    ]
    if total := texts[0].startswith("**") and texts[0].endswith("**"):
        texts[0] = texts[0].strip("*")
    head, *cells = (
        Cell(restored(t[1:-1]), mark, field=1)
        if t.startswith("[") and t.endswith("]")
        else Cell(restored(t), mark)
        for t in texts
    )
    return Row(head, tuple(cells), total=total)


class _Places(Placing):
    """What a template calls to place tables and pictures; `blocks` is what was placed."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def __call__(self, placed: Placed, *, caller: Macro) -> Markup:
        if not isinstance(placed, Placed):
            raise TemplateRuntimeError("only a table or a picture among the facts can be placed")
        said = list(_pieces(str(caller())))
        texts = [told for mark, text in said if not mark and (told := restored(text))]
        if not texts or any(mark not in ("", "| ") for mark, _ in said):
            raise TemplateRuntimeError(
                "a table holds its caption, then rows between | signs, then notes"
            )
        heads, *rows = [_row(text) for mark, text in said if mark] or [Row(Cell(""), ())]
        headings = tuple(cell.text for cell in (heads.head, *heads.cells))
        written = Written(texts[0], headings, tuple(rows), tuple(texts[1:]))
        try:
            self.blocks.append(placed._made(written))
        except ValueError as error:
            raise TemplateRuntimeError(str(error)) from None
        return Markup(f"\ufffc{len(self.blocks) - 1}\ufffc")


def filled(environment: Sandbox, kind: str, facts: Facts, *, titles: int = 1) -> Letter:
    """A kind's template filled in a sandbox; `titles` is how many it may have.

    Raises:
        InputError: as `fill`.
    """
    template, places = compiled(environment, kind), _Places()
    given = {name: getattr(facts, name) for name in names(type(facts))}
    try:
        text = template.render(given | {"table": places, "picture": places})
    except FAULTS as error:
        raise fault(error, Path(template.filename or "")) from None
    return _letter(text, places, Path(template.filename or ""), titles)


def _letter(text: str, places: _Places, file: Path, most: int) -> Letter:
    titles, blocks = [], list[Block]()
    for mark, piece in _pieces(text):
        if place := _PLACE.fullmatch(piece.strip(BLANKS)):
            blocks.append(places.blocks[int(place[1])])
            continue
        if mark == "| " or _PLACE.search(piece):
            raise InputError("a table's rows stand in {% call table(…) %}, by itself", file=file)
        if not (said := restored(piece)):
            continue
        match mark:
            case "# ":
                titles.append(said)
            case "## " | "### ":
                blocks.append(Heading(said, len(mark) - 1))
            case "> ":
                blocks.append(Note(said))
            case "- ":
                before = blocks[-1] if blocks else None
                if isinstance(before, Bullets):
                    blocks[-1] = Bullets((*before.items, said))
                else:
                    blocks.append(Bullets((said,)))
            case _:
                blocks.append(Paragraph(said))
    if not 1 <= len(titles) <= most:
        raise InputError("a letter has one title, in a line that begins with '# '", file=file)
    return Letter(titles[0], blocks)
