"""The document tree: what a letter or note says, finished, before it takes a form.

All text stands ready in the tree: numbers are formatted once (decimal comma, "." for what is not
shown), and text carries no markup, so a renderer never formats a number and never interprets a name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tilsyn.figures import table as figures

Mark = Literal["none", "breach"]
"""Whether a cell is marked; every renderer shows "breach" as red fill and bold, and the table's notes
say in words what is marked, so that nothing hangs on colour."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading; `level` 2 stands under the document's title, 3 under that."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph in small type: a source, a reservation."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell's finished text and its mark.

    Attributes:
        text: what it says; in a field, what is to be filled in.
        field: lines of room for the reader to write in; 0 in a finished cell.
    """

    text: str
    mark: Mark = "none"
    field: int = 0


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A column heading over `columns` columns and `rows` header rows."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        width: relative to the table's other columns.
        align: where its text stands.
        begins_block: whether a block of columns begins here (two tables side by side in one).
    """

    width: float
    align: Literal["left", "center", "right"] = "right"
    begins_block: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A table row: its heading, its cells, and whether it is the total over the others."""

    head: Cell
    cells: tuple[Cell, ...]
    total: bool = False


class Placed(NamedTuple):
    """A heading and where it begins: header row and column, from 0."""

    row: int
    column: int
    cell: HeaderCell


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption above and its notes below.

    Attributes:
        columns: all columns; the first holds the rows' headings.
        header: header rows, repeated on every page; headings may span columns and rows.
        notes: what marks and signs in the table mean.
    """

    caption: str
    columns: tuple[Column, ...]
    header: tuple[tuple[HeaderCell, ...], ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        taken = sum(cell.columns * cell.rows for row in self.header for cell in row)
        if taken != len(self.columns) * len(self.header) or len(list(self.placed())) != sum(
            map(len, self.header)
        ):
            raise ValueError(f"the headings of '{self.caption}' do not fill its header rows")
        for row in self.rows:
            if len(row.cells) != len(self.columns) - 1:
                raise ValueError(
                    f"the row '{row.head.text}' of '{self.caption}' has {len(row.cells)} cells "
                    f"under {len(self.columns) - 1} columns"
                )

    def placed(self) -> Iterator[Placed]:
        """The headings with their places in the header's grid."""
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(self.header):
            free = (c for c in range(len(self.columns)) if (number, c) not in taken)
            for cell in row:
                column = next(free, None)
                if column is None:
                    return
                taken |= {
                    (number + down, column + across)
                    for down in range(cell.rows)
                    for across in range(cell.columns)
                }
                free = (c for c in range(len(self.columns)) if (number, c) not in taken)
                yield Placed(number, column, cell)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture.

    Attributes:
        png: the picture as PNG (Word takes no other).
        alt: what it shows, for those who cannot see it.
        svg: the same as SVG, used where the form takes it.
        width: share of the text's width.
    """

    png: bytes
    alt: str
    caption: str
    svg: str | None = None
    width: float = 1.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """The closing: greeting, room to sign, then the sender's role and office; never a name."""

    greeting: str
    lines: tuple[str, ...]


Block = Heading | Paragraph | Note | Bullets | Table | Figure | Signature


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo, as PNG and, where it is one, as SVG."""

    png: bytes
    svg: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes.

    Attributes:
        office: the office that signs.
        agency: the agency it belongs to.
        lines: address, telephone, e-mail, web; one line each.
        logo: stands above the office's name, which is also its alternative text.
    """

    office: str
    agency: str
    lines: tuple[str, ...] = ()
    logo: Logo | None = None


@dataclass(frozen=True, slots=True)
class Particular:
    """A line of the document's particulars: "Dato" and "15. maj 2022"."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The words around page numbers: "Side " 1 " af " 2."""

    before: str
    between: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a document was made from, so that it can be made again byte for byte.

    Attributes:
        releases: those it was judged on; the ones its tables show are named with them.
        rule: the rule and its version.
        program: the program and its version.
    """

    releases: tuple[str, ...]
    rule: str
    program: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Attributes:
        title: its subject; also the title in the file's metadata.
        language: "da" or "en".
        addressee: who it is to, one line each; a role and an authority.
        date: its date; also the time stamped in the file, so that two runs give equal bytes.
        particulars: date, reference number and the like, as printed.
        footer: the stamp in words, at the foot of each page.
        behind: the figures its tables and pictures show, for the data annex.
    """

    title: str
    language: str
    sender: Sender
    addressee: tuple[str, ...]
    date: dt.date
    particulars: tuple[Particular, ...]
    blocks: tuple[Block, ...]
    footer: str
    page_number: PageNumber
    behind: tuple[figures.Figure, ...] = ()

    @property
    def locale(self) -> str:
        """Language and country, as files name them: "da-DK", "en-GB"."""
        return {"da": "da-DK", "en": "en-GB"}[self.language]

    @property
    def timestamp(self) -> dt.datetime:
        """The time stamped in files: midday (UTC) of its date."""
        return dt.datetime.combine(self.date, dt.time(12), dt.UTC)
