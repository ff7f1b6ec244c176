"""Tables in the notes' layouts: months across with the year over them, or categories across."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby

from tilsyn.documents.contents.phrasing import month as month_name
from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.model import Cell, Column, HeaderCell, Mark, Row, Table
from tilsyn.figures.grid import Grid
from tilsyn.figures.printing import ABSENT, HIDDEN
from tilsyn.vocabulary import (
    GROUPS,
    ROWS,
    TOTAL,
    VISITATION,
    MonthRange,
    YearMonth,
    categories_across,
)
from tilsyn.vocabulary.months import DANISH, ENGLISH
from tilsyn.vocabulary.wording import joined

NAMES = 4.6
"""Width of the first column, where a month's is 1."""


MOST_NAMED = 14
"""With more months than this across, their numbers stand for their names."""


@dataclass(frozen=True)
class Layout:
    """What stands around a table's numbers.

    Attributes:
        words: texts with the keys ``table.*``.
        marked: cells (row, column) to mark; `mark_note` says in words what they are.
    """

    caption: str
    words: Texts
    marked: Collection[tuple[str, Hashable]] = ()
    mark_note: str = ""

    @property
    def language(self) -> str:
        """The language of its words."""
        return self.words.language

    def row(self, grid: Grid, code: str, columns: Sequence[Hashable]) -> Row:
        """A row of the table, marked where the layout says."""

        def mark(column: Hashable) -> Mark:
            return "breach" if (code, column) in self.marked else "none"

        cells = [
            Cell(grid.at(code, column).shown(self.language), mark(column)) for column in columns
        ]
        anywhere: Mark = "breach" if any(cell.mark == "breach" for cell in cells) else "none"
        return Row(
            Cell(row_name(code, self.language), anywhere), tuple(cells), total=code == TOTAL.code
        )

    def notes(self, body: Sequence[Row], *more: str) -> tuple[str, ...]:
        """What the table's marks and signs mean, for those that stand in it."""
        printed = {cell.text for row in body for cell in row.cells}
        return tuple(
            note
            for note, needed in (
                (self.mark_note, bool(self.marked)),
                (self.words.fill("table.hidden"), HIDDEN in printed),
                (self.words.fill("table.absent"), ABSENT in printed),
                *((one, True) for one in more),
            )
            if needed and note
        )


def row_name(code: str, language: str) -> str:
    """What a row is called: a group, the total, or a visitation category."""
    if code in ROWS:
        return ROWS[code].name(language)
    if code in VISITATION:
        return VISITATION[code].da if language == "da" else VISITATION[code].en
    return code


def of_months(grid: Grid, months: MonthRange, layout: Layout) -> Table:
    """Rows by month; the years stand over their months, and a year begins a block."""
    language = layout.language
    years = [(year, len(list(group))) for year, group in groupby(months, lambda m: m.year)]
    body = tuple(layout.row(grid, code, list(months)) for code in grid.rows)
    split = any(code in VISITATION for code in grid.rows)
    first = layout.words.fill("table.visitation" if split else "table.group")
    return Table(
        caption=layout.caption,
        columns=(
            Column(NAMES, "left"),
            *(
                Column(1, "right", begins_block=month.month == 1 or month == months.first)
                for month in months
            ),
        ),
        header=(
            (HeaderCell(first, rows=2), *(HeaderCell(str(year), columns=n) for year, n in years)),
            tuple(HeaderCell(_head(month, language, len(months))) for month in months),
        ),
        rows=body,
        notes=layout.notes(body, *ceased(grid, months, layout.words)),
    )


def _head(month: YearMonth, language: str, columns: int) -> str:
    """A month under its year: "Sep", or "9" where many columns leave no room for more."""
    if columns > MOST_NAMED:
        return str(month.month)
    return (DANISH if language == "da" else ENGLISH)[month.month - 1][:3].capitalize()


def of_categories(grid: Grid, measure: str, layout: Layout, *, over: str) -> Table:
    """Rows by category, under one heading that says what the categories count."""
    categories = categories_across(measure, {str(column) for _, column in grid.entries})
    body = tuple(layout.row(grid, code, categories) for code in grid.rows)
    return Table(
        caption=layout.caption,
        columns=(
            Column(NAMES * 1.1, "left"),
            *(Column(1.3, "right", begins_block=n == 0) for n in range(len(categories))),
        ),
        header=(
            (
                HeaderCell(layout.words.fill("table.group"), rows=2),
                HeaderCell(over, columns=len(categories)),
            ),
            tuple(map(HeaderCell, categories)),
        ),
        rows=body,
        notes=layout.notes(body),
    )


def ceased(grid: Grid, months: MonthRange, words: Texts) -> list[str]:
    """The groups in a table that are no longer formed, in words."""
    gone: dict[str, list[str]] = {}
    for code in grid.groups:
        if code in GROUPS and not GROUPS[code].exists_in(months.last):
            end = next(month for month in months if not GROUPS[code].exists_in(month))
            gone.setdefault(month_name(end, words.language), []).append(
                ROWS[code].name(words.language)
            )
    return [
        words.fill("table.ceased", groups=joined(names, words.language), month=since)
        for since, names in gone.items()
    ]
