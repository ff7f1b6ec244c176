"""The table of the early effort: persons and shares by group and month, with the breaches marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from tilsyn.documents.model import Cell, Column, HeaderCell, Mark, Row, Table
from tilsyn.figures.table import Figure, rows
from tilsyn.vocabulary import ROWS, TOTAL, MonthRange, YearMonth
from tilsyn.vocabulary.wording import number

STATISTICS = ("population", "unmet", "share")

WHOLE_MONTHS = 4
"""Up to this many months a heading "Dec 2021" keeps to one line; more take two."""


@dataclass(frozen=True)
class Cells:
    """One measure's figures for one municipality: by group, month and statistic."""

    figures: dict[tuple[str, YearMonth, str], Figure]

    @classmethod
    def of(
        cls, table: pl.DataFrame, *, measure: str, municipality: str, months: MonthRange
    ) -> Cells:
        """The cells of a measure that is not split by visitation or category."""
        chosen = table.filter(
            (pl.col("measure") == measure)
            & (pl.col("area_kind") == "municipality")
            & (pl.col("area") == municipality)
            & (pl.col("visitation") == "")
            & (pl.col("category") == "")
            & pl.col("statistic").is_in(STATISTICS)
            & pl.col("month").is_between(months.first.first, months.last.first)
        )
        return cls({(f.grp, YearMonth.of(f.month), f.statistic): f for f in rows(chosen)})

    @property
    def groups(self) -> list[str]:
        """The groups that have a figure, in published order, the total first."""
        present = {grp for (grp, _, _), f in self.figures.items() if f.status != "not_available"}
        return [code for code in ROWS.codes if code in present]

    @property
    def blocks(self) -> tuple[str, ...]:
        """The statistics a table of them shows: shares beside persons, or beside those who lack it."""
        known = {s for (_, _, s), f in self.figures.items() if f.status != "not_available"}
        beside = next((s for s in ("population", "unmet") if s in known), None)
        return (beside, "share") if beside else ("share",)

    def share(self, grp: str, month: YearMonth) -> float | Fraction | None:
        """The share in per cent: of the counts where both are known, else as printed."""
        unmet, population = self._value(grp, month, "unmet"), self._value(grp, month, "population")
        if unmet is not None and population:
            return Fraction(100 * int(unmet), int(population))
        return self._value(grp, month, "share")

    def population(self, grp: str, month: YearMonth) -> int | None:
        """How many persons, where that is known."""
        value = self._value(grp, month, "population")
        return None if value is None else int(value)

    def shown(self, grp: str, month: YearMonth, statistic: str, language: str) -> str:
        """A cell as the table prints it: "64", "20,9", "." where hidden, "–" where absent."""
        value: float | Fraction | None
        value = (
            self.share(grp, month) if statistic == "share" else self._value(grp, month, statistic)
        )
        if value is not None:
            return number(value, language, 1 if statistic == "share" else 0)
        figure = self.figures.get((grp, month, statistic))
        return "." if figure and figure.status == "suppressed" else "–"

    def lacks(self, grp: str, month: YearMonth) -> bool:
        """Whether the share that a finding rests on is not known."""
        return self.share(grp, month) is None

    def _value(self, grp: str, month: YearMonth, statistic: str) -> float | None:
        figure = self.figures.get((grp, month, statistic))
        return figure.value if figure else None


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
    cells: Cells,
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
    for grp in cells.groups:
        mark: Mark = "breach" if grp in breaching else "none"
        texts = [
            cells.shown(grp, month, statistic, language)
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
            *([words.hidden] if "." in printed else []),
            *([words.absent] if "–" in printed else []),
        ),
    )
