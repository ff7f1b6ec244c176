"""Tables in Word: native, with set widths, repeated headings, unbroken rows and marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tilsyn.documents.model import Cell, Column, HeaderCell, Table
from tilsyn.documents.renderers.word_styles import STYLES

NAVY, LINE, BAND = "14395B", "C3CCD4", "EEF2F5"
BREACH_FILL, BREACH_INK = "F7D4CF", "8A1409"

GREY = "55606B"
FIELD_LINE = 283
"""Height of a line to write on, in twentieths of a point (5 mm)."""

PADDING, PADDING_SMALL = 75, 50
"""Room left and right in a cell, in twentieths of a point."""

WIDE_LETTER = 0.64
"""Width of a letter in a wide bold font, as a share of the type size."""

MANY_COLUMNS = 9
"""Above this many columns a table takes smaller type."""

KEPT_ROWS = 20
"""A table of at most this many rows is kept on one page."""


def element(tag: str, *children: Any, **attributes: str | int) -> Any:
    """An element in Word's own namespace: ``element("shd", val="clear", fill="F7D4CF")``."""
    made: Any = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def whole_words(text: str) -> Iterator[Any]:
    """The parts of a run, such that a name with a hyphen ("a-dagpenge") stays on one line."""
    for number, part in enumerate(_HYPHEN.split(text)):
        if number:
            yield element("noBreakHyphen")
        made = element("t")
        made.text = part
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        yield made


_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")


def table(content: Table, *, width: int, styles: dict[str, str]) -> Any:
    """The ``w:tbl`` of a table.

    Args:
        content: the table.
        width: its width in twentieths of a point.
        styles: style ids by style name.
    """
    small = len(content.columns) > MANY_COLUMNS
    widths = _widths(content, width, small=small)
    writer = _Cells(content.columns, widths, styles["Table Text Small" if small else "Table Text"])
    rows = [*_header(content, writer), *_body(content, writer)]
    return element("tbl", _properties(content, sum(widths), small=small), _grid(widths), *rows)


def _widths(content: Table, width: int, *, small: bool) -> list[int]:
    """Widths in twentieths of a point: as the table asks, but no narrower than its longest word.

    A fixed column narrower than a word splits the word, and which font Word finds is not known: the
    estimate is for a wide one.
    """
    em = STYLES["Table Text Small" if small else "Table Text"].size * 20
    padding = 2 * (PADDING_SMALL if small else PADDING)
    texts = [[row.head.text, *(cell.text for cell in row.cells)] for row in content.rows]
    texts += [[""] * p.column + [p.cell.text] for p in content.placed() if p.cell.columns == 1]
    least = [padding] * len(content.columns)
    for row in texts:
        for column, text in enumerate(row):
            longest = max(map(len, text.split(" ")))
            least[column] = max(least[column], round(longest * WIDE_LETTER * em) + padding)
    whole = sum(column.width for column in content.columns)
    asked = [width * column.width / whole for column in content.columns]
    wanting = sum(max(need - has, 0) for need, has in zip(least, asked, strict=True))
    spare = sum(max(has - need, 0) for need, has in zip(least, asked, strict=True))
    given = min(wanting / spare, 1) if spare else 0
    got = [
        has - (has - need) * given if has > need else has + (need - has) * min(spare / wanting, 1)
        for need, has in zip(least, asked, strict=True)
    ]
    return [round(one) for one in got]


def _grid(widths: list[int]) -> Any:
    return element("tblGrid", *(element("gridCol", w=width) for width in widths))


def _properties(content: Table, width: int, *, small: bool) -> Any:
    def border(side: str, size: int, colour: str) -> Any:
        return element(side, val="single", sz=size, space=0, color=colour)

    padding = PADDING_SMALL if small else PADDING
    return element(
        "tblPr",
        element("tblW", w=width, type="dxa"),
        # Word hangs a table out by its padding; this puts its edge on the margin.
        element("tblInd", w=padding, type="dxa"),
        element(
            "tblBorders",
            border("top", 8, NAVY),
            border("bottom", 8, NAVY),
            border("insideH", 4, LINE),
        ),
        element("tblLayout", type="fixed"),
        element(
            "tblCellMar",
            element("left", w=padding, type="dxa"),
            element("right", w=padding, type="dxa"),
        ),
        element(
            "tblLook",
            val="04A0",
            firstRow=1,
            lastRow=0,
            firstColumn=1,
            lastColumn=0,
            noHBand=0,
            noVBand=1,
        ),
        element("tblCaption", val=content.caption),
        element("tblDescription", val=" ".join(content.notes) or content.caption),
    )


def _row(*cells: Any, header: bool = False, lines: int = 0) -> Any:
    more = [element("tblHeader")] if header else []
    if lines:
        more.append(element("trHeight", val=lines * FIELD_LINE, hRule="atLeast"))
    return element("tr", element("trPr", element("cantSplit"), *more), *cells)


def _header(content: Table, writer: _Cells) -> Iterator[Any]:
    rows: list[dict[int, Any]] = [{} for _ in content.header]
    for number, column, cell in content.placed():
        for down in range(cell.rows):
            rows[number + down][column] = writer.heading(
                cell, column, continued=down > 0, last=number + down == len(rows) - 1
            )
    for row in rows:
        yield _row(*(row[column] for column in sorted(row)), header=True)


def _body(content: Table, writer: _Cells) -> Iterator[Any]:
    kept = len(content.rows) <= KEPT_ROWS
    for row in content.rows:
        # The last row stays with the notes under the table.
        keep = kept or row is content.rows[-1]
        cells = enumerate((row.head, *row.cells))
        yield _row(
            *(writer.cell(cell, c, total=row.total, keep=keep) for c, cell in cells),
            lines=max((cell.field for cell in row.cells), default=0),
        )


class _Cells:
    """Makes the cells of one table.

    Args:
        columns: its columns.
        widths: their widths in twentieths of a point.
        style: id of the paragraph style in cells.
    """

    def __init__(self, columns: tuple[Column, ...], widths: list[int], style: str):
        self.columns, self.widths, self.style = columns, widths, style

    def heading(self, cell: HeaderCell, column: int, *, continued: bool, last: bool) -> Any:
        """A heading; `continued` in the rows it reaches down into, `last` in the last header row."""
        spans = [element("gridSpan", val=cell.columns)] if cell.columns > 1 else []
        if cell.rows > 1:
            spans.append(element("vMerge") if continued else element("vMerge", val="restart"))
        below = [("bottom", 8)] if last else []
        align = "center" if cell.columns > 1 else self.columns[column].align
        return element(
            "tc",
            element(
                "tcPr",
                element("tcW", w=sum(self.widths[column : column + cell.columns]), type="dxa"),
                *spans,
                *self._borders(column, below),
                element("shd", val="clear", color="auto", fill=BAND),
                element("vAlign", val="center"),
            ),
            self._text("" if continued else cell.text, align, bold=True, colour=NAVY, keep=True),
        )

    def cell(self, cell: Cell, column: int, *, total: bool, keep: bool) -> Any:
        """A cell, shaded and bold where it is marked."""
        marked = cell.mark == "breach"
        fill = [element("shd", val="clear", color="auto", fill=BREACH_FILL)] if marked else []
        return element(
            "tc",
            element(
                "tcPr",
                element("tcW", w=self.widths[column], type="dxa"),
                *self._borders(column, []),
                *fill,
                element("vAlign", val="top" if cell.field else "center"),
            ),
            self._field(cell.text, keep=keep)
            if cell.field
            else self._text(
                cell.text,
                self.columns[column].align,
                bold=marked or total,
                colour=BREACH_INK if marked else "",
                keep=keep,
            ),
        )

    def _borders(self, column: int, more: list[tuple[str, int]]) -> list[Any]:
        sides = [("left", 6)] if self.columns[column].begins_block else []
        made = [
            element(side, val="single", sz=size, space=0, color=NAVY) for side, size in sides + more
        ]
        return [element("tcBorders", *made)] if made else []

    def _field(self, prompt: str, *, keep: bool) -> Any:
        """A field to fill in: Word shows the prompt until something is written over it."""
        paragraph = self._text(prompt, "left", bold=False, colour=GREY, keep=keep)
        run = paragraph.find(qn("w:r"))
        at = paragraph.index(run)
        paragraph.insert(
            at,
            element(
                "sdt",
                element(
                    "sdtPr",
                    element("alias", val=prompt),
                    element("showingPlcHdr"),
                    element("text", multiLine=1),
                ),
                element("sdtContent", run),
            ),
        )
        return paragraph

    def _text(self, text: str, align: str, *, bold: bool, colour: str, keep: bool) -> Any:
        look = ([element("b")] if bold else []) + ([element("color", val=colour)] if colour else [])
        return element(
            "p",
            element(
                "pPr",
                element("pStyle", val=self.style),
                *([element("keepNext")] if keep else []),
                element("jc", val=align),
            ),
            element("r", element("rPr", *look), *whole_words(text)),
        )
