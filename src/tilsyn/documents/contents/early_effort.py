"""The table of the early effort: persons and shares by group and month, with the breaches marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tilsyn.documents.model import Cell, Column, HeaderCell, Mark, Row, Table
from tilsyn.figures.grid import Grid
from tilsyn.figures.printing import ABSENT, HIDDEN
from tilsyn.vocabulary import ROWS, TOTAL, MonthRange

WHOLE_MONTHS = 4
"""Up to this many months a heading "Dec 2021" keeps to one line; more take two."""


@dataclass(frozen=True)
class TableWords:
    """The table's words, ready: caption, headings and notes.

    Attributes:
        heads: the heading over each statistic's columns.
        marked: what the marks mean; empty where nothing is marked.
    """

    caption: str
    group: str
    heads: Mapping[str, str]
    marked: str
    hidden: str
    absent: str


def table(
    cells: Grid,
    *,
    months: MonthRange,
    breaching: Collection[str],
    words: TableWords,
    language: str,
) -> Table:
    """Blocks of months side by side under spanning headings: persons, then shares.

    Args:
        cells: the figures.
        months: the months shown.
        breaching: the groups the judge flagged; their rows are marked, no others.
        words: caption, headings and notes.
        language: "da" or "en".
    """
    body = []
    for grp in cells.rows:
        mark: Mark = "breach" if grp in breaching else "none"
        texts = [
            cells.at(grp, month, statistic).shown(language)
            for statistic in cells.blocks
            for month in months
        ]
        body.append(
            Row(
                Cell(ROWS[grp].name(language), mark),
                tuple(Cell(text, mark) for text in texts),
                total=grp == TOTAL.code,
            )
        )
    printed = {cell.text for row in body for cell in row.cells}
    space = "\N{NO-BREAK SPACE}" if len(months) <= WHOLE_MONTHS else " "
    heads = tuple(HeaderCell(month.short(language).replace(" ", space)) for month in months)
    return Table(
        caption=words.caption,
        columns=(
            # Smaller type, as many months take, needs a larger part of the width for long names.
            Column(3.7 if len(months) <= WHOLE_MONTHS else 5.0, "left"),
            *(
                Column(1.45, "right", begins_block=month == months.first)
                for _ in cells.blocks
                for month in months
            ),
        ),
        header=(
            (
                HeaderCell(words.group, rows=2),
                *(HeaderCell(words.heads[s], columns=len(months)) for s in cells.blocks),
            ),
            tuple(head for _ in cells.blocks for head in heads),
        ),
        rows=tuple(body),
        notes=(
            *([words.marked] if words.marked else []),
            *([words.hidden] if HIDDEN in printed else []),
            *([words.absent] if ABSENT in printed else []),
        ),
    )
