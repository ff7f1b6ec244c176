"""Documents as plain text, for those whose mail program shows no more."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tilsyn.documents.model import (
    Block,
    Bullets,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Signature,
    Table,
)

WIDTH = 76


def text(document: Document) -> str:
    """What the document says, without letterhead and stamp; a marked row begins with "*"."""
    parts = [document.title, *(part for block in document.blocks for part in _block(block))]
    return "\n\n".join(parts).replace("\N{NO-BREAK SPACE}", " ") + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(words, _):
            yield words.upper()
        case Paragraph(words) | Note(words):
            yield _filled(words)
        case Bullets(items):
            yield "\n".join(_filled(item, "- ", "  ") for item in items)
        case Signature(greeting, lines):
            yield "\n".join([greeting, "", *lines])
        case Figure():
            yield "\n".join(_filled(line) for line in (block.caption, block.alt, *block.notes))
        case Table():
            yield _filled(block.caption)
            yield _table(block)
            if block.notes:
                yield "\n".join(_filled(note) for note in block.notes)


def _filled(words: str, first: str = "", later: str = "") -> str:
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _table(table: Table) -> str:
    """One line a row under one line a heading: columns of even width, headings over blocks first."""
    heads = [""] * len(table.columns)
    over = []
    for _, column, cell in table.placed():
        if cell.columns > 1:
            over.append(cell.text)
        else:
            heads[column] = cell.text
    lines = [heads]
    for row in table.rows:
        star = "* " if row.head.mark == "breach" else "  "
        lines.append([star + row.head.text, *(cell.text for cell in row.cells)])
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.columns))]
    shown = [
        "  ".join(
            part.ljust(width) if table.columns[c].align == "left" else part.rjust(width)
            for c, (part, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*([" | ".join(over)] if over else []), *shown])
