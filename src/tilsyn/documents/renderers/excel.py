"""A document's data annex as a workbook: each table as it is laid out, then every figure behind it.

Numbers are numbers, so that they can be reckoned with; what is not shown stays ".". All text is
written as text, and what a spreadsheet could take for a formula is marked as text besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import xlsxwriter

from tilsyn.documents.model import Cell, Document, Table
from tilsyn.documents.model import Figure as Picture
from tilsyn.figures.table import Figure
from tilsyn.vocabulary import MEASURES, ROWS, YearMonth, area_name
from tilsyn.words import gettext

NAVY, GREY, LINE, BAND = "#14395B", "#55606B", "#C3CCD4", "#EEF2F5"
BREACH_FILL, BREACH_INK = "#F7D4CF", "#8A1409"

NAMES_WIDTH, WIDTH, LONG_WIDTH = 42, 9, 30
"""Column widths in letters: row headings, numbers, words."""

_NUMBER = {
    "da": re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?"),
    "en": re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?"),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS = (
    "area_kind area area_name measure measure_name statistic grp group_name visitation category "
    "month value status provenance published release"
).split()
"""The columns of the sheet with every figure: the figure table's own, with names beside codes."""


def xlsx(document: Document) -> bytes:
    """The annex as .xlsx; equal trees give equal bytes."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    book = xlsxwriter.Workbook(file, options)
    book.set_properties(
        {
            "title": document.title,
            "author": document.sender.office,
            "comments": document.footer,
            # Excel counts time without zone.
            "created": document.timestamp.replace(tzinfo=None),
        }
    )
    writer = _Writer(book, document)
    tables = list(_tables(document))
    names = list(sheet_names([table.caption for table in tables]))
    writer.about(tables, names)
    for table, name in zip(tables, names, strict=True):
        writer.table(table, name)
    if document.behind:
        writer.figures()
    book.close()
    return file.getvalue()


def _tables(document: Document) -> Iterator[Table]:
    """The tables; one under a picture bears the picture's caption, which here stands alone."""
    for before, block in pairwise((None, *document.blocks)):
        if isinstance(block, Table):
            yield replace(block, caption=before.caption) if isinstance(before, Picture) else block


def sheet_names(captions: list[str]) -> Iterator[str]:
    """A name Excel takes for each table: numbered, at most 31 letters, without its forbidden signs."""
    for number, caption in enumerate(captions, 1):
        plain = re.sub(r"\s+", " ", re.sub(r"[\[\]:*?/\\']", "", caption)).strip()
        yield f"{number} {plain}"[:31].strip()


def number_in(text: str, language: str) -> tuple[float, int] | None:
    """The number a cell's text shows, with its decimals; None where it shows none.

    Args:
        text: as the document prints it: "1.234", "20,9".
        language: whose signs it uses.
    """
    if not _NUMBER[language].fullmatch(text):
        return None
    thousands, point = (".", ",") if language == "da" else (",", ".")
    plain = text.replace(thousands, "").replace(point, ".")
    return float(plain), len(plain.partition(".")[2])


@dataclass
class _Writer:
    """Writes sheets; formats are made once for each look."""

    book: Any
    document: Document
    looks: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def look(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.looks:
            self.looks[key] = self.book.add_format(
                {"font_name": "Arial", "font_size": 10, "valign": "vcenter", **properties}
            )
        return self.looks[key]

    def text(self, sheet: Any, row: int, column: int, text: str, **properties: Any) -> None:
        """Text, never a formula."""
        if text.startswith(_FORMULA):
            properties["quote_prefix"] = True
        sheet.write_string(row, column, text, self.look(**properties))

    def about(self, tables: list[Table], names: list[str]) -> None:
        """The first sheet: what this is, what it was made from, and which sheets there are."""
        sheet = self.book.add_worksheet(gettext("About", self.document.language))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        _one_page_wide(sheet)
        self.text(sheet, 0, 0, self.document.title, bold=True, font_size=13, font_color=NAVY)
        rows = [
            (self.document.sender.office, self.document.sender.agency),
            *((p.label, p.text) for p in self.document.particulars),
            ("", self.document.footer),
            ("", ""),
            *((name, table.caption) for name, table in zip(names, tables, strict=True)),
        ]
        if self.document.behind:
            rows.append((gettext("All figures", self.document.language), ", ".join(COLUMNS)))
        for place, (label, text) in enumerate(rows, 2):
            self.text(sheet, place, 0, label, font_color=GREY)
            self.text(sheet, place, 1, text, text_wrap=True)

    def table(self, table: Table, name: str) -> None:
        """A table as the document lays it out."""
        sheet = self.book.add_worksheet(name)
        self.text(sheet, 0, 0, table.caption, bold=True, font_color=NAVY)
        first = 2
        for placed in table.placed():
            self._heading(sheet, first, placed.row, placed.column, placed.cell)
        top = first + len(table.header)
        for place, row in enumerate(table.rows, top):
            self._cell(sheet, place, 0, row.head, table, total=row.total)
            for column, cell in enumerate(row.cells, 1):
                self._cell(sheet, place, column, cell, table, total=row.total)
        end = top + len(table.rows)
        for place, note in enumerate((*table.notes, self.document.footer), end + 1):
            self.text(sheet, place, 0, note, font_color=GREY, font_size=8)
        sheet.set_column(0, 0, NAMES_WIDTH)
        for column in range(1, len(table.columns)):
            numbers = table.columns[column].align == "right"
            sheet.set_column(column, column, WIDTH if numbers else LONG_WIDTH)
        sheet.freeze_panes(top, 1)
        _one_page_wide(sheet)
        sheet.repeat_rows(first, top - 1)

    def _heading(self, sheet: Any, first: int, row: int, column: int, cell: Any) -> None:
        look = {
            "bold": True,
            "font_color": NAVY,
            "bg_color": BAND,
            "align": "left" if column == 0 else "center",
            "border": 1,
            "border_color": LINE,
            "text_wrap": True,
        }
        if cell.text.startswith(_FORMULA):
            look["quote_prefix"] = True
        if cell.columns == cell.rows == 1:
            sheet.write_string(first + row, column, cell.text, self.look(**look))
            return
        bottom, right = first + row + cell.rows - 1, column + cell.columns - 1
        sheet.merge_range(first + row, column, bottom, right, "", self.look(**look))
        sheet.write_string(first + row, column, cell.text, self.look(**look))

    def _cell(
        self, sheet: Any, row: int, column: int, cell: Cell, table: Table, *, total: bool
    ) -> None:
        marked = cell.mark == "breach"
        look: dict[str, Any] = {
            "align": table.columns[column].align,
            "border": 1,
            "border_color": LINE,
            "bold": marked or total,
            "text_wrap": table.columns[column].align == "left",
        }
        if marked:
            look |= {"bg_color": BREACH_FILL, "font_color": BREACH_INK}
        shown = number_in(cell.text, self.document.language) if column else None
        if shown is None:
            self.text(sheet, row, column, cell.text, **look)
            return
        value, decimals = shown
        look["num_format"] = "#,##0" + ("." + "0" * decimals if decimals else "")
        sheet.write_number(row, column, value, self.look(**look))

    def figures(self) -> None:
        """Every figure behind the document, one a row."""
        sheet = self.book.add_worksheet(gettext("All figures", self.document.language))
        for column, name in enumerate(COLUMNS):
            self.text(sheet, 0, column, name, bold=True, font_color=NAVY, bg_color=BAND)
        for row, figure in enumerate(self.document.behind, 1):
            self._figure(sheet, row, figure)
        sheet.set_column(0, len(COLUMNS) - 1, 15)
        sheet.freeze_panes(1, 0)
        _one_page_wide(sheet)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, len(self.document.behind), len(COLUMNS) - 1)

    def _figure(self, sheet: Any, row: int, figure: Figure) -> None:
        language = self.document.language
        texts = [
            figure.area_kind,
            figure.area,
            area_name(figure.area_kind, figure.area, language),
            figure.measure,
            MEASURES[figure.measure].name(language),
            figure.statistic,
            figure.grp,
            ROWS[figure.grp].name(language),
            figure.visitation,
            figure.category,
            str(YearMonth.of(figure.month)),
            figure.shown(language),
            figure.status,
            figure.provenance,
            str(figure.published),
            figure.release,
        ]
        for column, text in enumerate(texts):
            if COLUMNS[column] == "value" and figure.value is not None:
                sheet.write_number(row, column, figure.value, self.look())
            else:
                self.text(sheet, row, column, text)


def _one_page_wide(sheet: Any) -> None:
    """A4 across, as many pages down as it takes."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
