"""Tables in the notes' layouts: months across with the year over them, or categories across."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from itertools import groupby
from typing import Any

from tilsyn.documents.contents.letters import Ceased, Placed, Written
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

NAMES = 4.6
"""Width of the first column, where a month's is 1."""

MOST_NAMED = 14
"""With more months than this across, their numbers stand for their names."""


def row_name(code: str, language: str) -> str:
    """What a row is called: a group, the total, or a visitation category."""
    if code in ROWS:
        return ROWS[code].name(language)
    if code in VISITATION:
        return VISITATION[code].da if language == "da" else VISITATION[code].en
    return code


def of_months(
    grid: Grid,
    months: MonthRange,
    language: str,
    marked: Collection[tuple[str, Hashable]] = (),
) -> Placed:
    """Rows by month; the years stand over their months, and a year begins a block.

    Args:
        grid: the numbers.
        months: the months across.
        language: "da" or "en".
        marked: cells (row, column) to mark; the template says what they are.
    """
    years = [(year, len(list(group))) for year, group in groupby(months, lambda m: m.year)]
    rows = tuple(_row(grid, code, list(months), language, marked) for code in grid.rows)

    def made(written: Written) -> Table:
        (first,) = written.headed(1)
        return Table(
            caption=written.caption,
            columns=(
                Column(NAMES, "left"),
                *(
                    Column(1, "right", begins_block=month.month == 1 or month == months.first)
                    for month in months
                ),
            ),
            header=(
                (HeaderCell(first, rows=2), *(HeaderCell(str(y), columns=n) for y, n in years)),
                tuple(HeaderCell(_head(month, language, len(months))) for month in months),
            ),
            rows=rows,
            notes=written.notes,
        )

    return placed(rows, made, marked=bool(marked), ceased=_ceased(grid, months, language))


def of_categories(grid: Grid, measure: str, language: str) -> Placed:
    """Rows by category, under one heading that says what the categories count."""
    categories = categories_across(measure, {str(column) for _, column in grid.entries})
    rows = tuple(_row(grid, code, categories, language) for code in grid.rows)

    def made(written: Written) -> Table:
        first, over = written.headed(2)
        return Table(
            caption=written.caption,
            columns=(
                Column(NAMES * 1.1, "left"),
                *(Column(1.3, "right", begins_block=n == 0) for n in range(len(categories))),
            ),
            header=(
                (HeaderCell(first, rows=2), HeaderCell(over, columns=len(categories))),
                tuple(map(HeaderCell, categories)),
            ),
            rows=rows,
            notes=written.notes,
        )

    return placed(rows, made)


def placed(rows: Sequence[Row], made: Callable[[Written], Table], **known: Any) -> Placed:
    """A table of these rows, with what the template asks about its cells; `known` as `Placed`."""
    shown = {cell.text for row in rows for cell in row.cells}
    return Placed(made, hidden=HIDDEN in shown, absent=ABSENT in shown, **known)


def _row(
    grid: Grid,
    code: str,
    columns: Sequence[Hashable],
    language: str,
    marked: Collection[tuple[str, Hashable]] = (),
) -> Row:
    def mark(column: Hashable) -> Mark:
        return "breach" if (code, column) in marked else "none"

    cells = [Cell(grid.at(code, column).shown(language), mark(column)) for column in columns]
    anywhere: Mark = "breach" if any(cell.mark == "breach" for cell in cells) else "none"
    return Row(Cell(row_name(code, language), anywhere), tuple(cells), total=code == TOTAL.code)


def _head(month: YearMonth, language: str, columns: int) -> str:
    """A month under its year: "Sep", or "9" where many columns leave no room for more."""
    if columns > MOST_NAMED:
        return str(month.month)
    return (DANISH if language == "da" else ENGLISH)[month.month - 1][:3].capitalize()


def _ceased(grid: Grid, months: MonthRange, language: str) -> tuple[Ceased, ...]:
    """The groups in a table that are no longer formed."""
    found: dict[YearMonth, list[str]] = {}
    for code in grid.groups:
        if code in GROUPS and not GROUPS[code].exists_in(months.last):
            end = next(month for month in months if not GROUPS[code].exists_in(month))
            found.setdefault(end, []).append(ROWS[code].name(language))
    return tuple(Ceased(tuple(names), since) for since, names in found.items())
