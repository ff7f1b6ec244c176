"""Figures laid out as a table prints them: by row and column, each a number or the reason for none."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import polars as pl

from tilsyn.figures.table import Figure, rows
from tilsyn.rules.series import HIDDEN_AT_MOST
from tilsyn.vocabulary import ROWS, TOTAL, VISITATION, MonthRange, YearMonth
from tilsyn.vocabulary.wording import number

HIDDEN, ABSENT = ".", "–"
"""How a table prints a number that is not shown, and one that is not there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell: its value, or why there is none; and the figures it comes from."""

    value: float | Fraction | None
    status: str
    places: int = 0
    figures: tuple[Figure, ...] = ()

    def shown(self, language: str) -> str:
        """The cell as printed."""
        if self.value is not None:
            return number(self.value, language, self.places)
        return HIDDEN if self.status == "suppressed" else ABSENT

    @property
    def most(self) -> float | Fraction | None:
        """The largest count it can be: a hidden one is at most two where a publisher hid it."""
        if self.status != "suppressed":
            return self.value
        ours = any(figure.provenance == "register" for figure in self.figures)
        return None if ours else HIDDEN_AT_MOST


_NOTHING = Entry(None, "not_available")


@dataclass(frozen=True)
class Grid:
    """Entries by row (a group or category of persons) and column (a month or category)."""

    entries: Mapping[tuple[str, Hashable], Entry] = field(default_factory=dict)

    def at(self, row: str, column: Hashable) -> Entry:
        """A cell; one there is no figure for is absent."""
        return self.entries.get((row, column), _NOTHING)

    def value(self, row: str, column: Hashable) -> float | Fraction | None:
        """A cell's number, None where there is none."""
        return self.at(row, column).value

    def values(self, row: str, columns: Iterable[Hashable]) -> tuple[float | None, ...]:
        """A row's numbers, for a picture."""
        found = (self.value(row, column) for column in columns)
        return tuple(None if value is None else float(value) for value in found)

    @property
    def rows(self) -> list[str]:
        """The rows that have a cell which is not merely absent."""
        present = {row for (row, _), e in self.entries.items() if e.status != "not_available"}
        order = (*ROWS.codes, *VISITATION.codes)
        return [code for code in order if code in present]

    @property
    def groups(self) -> list[str]:
        """The rows without the total."""
        return [row for row in self.rows if row != TOTAL.code]

    @property
    def months(self) -> list[YearMonth]:
        """The months there is something for, in order."""
        return sorted(
            {
                column
                for (_, column), entry in self.entries.items()
                if isinstance(column, YearMonth) and entry.status != "not_available"
            }
        )

    @property
    def figures(self) -> list[Figure]:
        """The figures behind it."""
        return [figure for entry in self.entries.values() for figure in entry.figures]

    def within(self, months: MonthRange) -> Grid:
        """The same with these months only."""
        return Grid(
            {
                (row, column): entry
                for (row, column), entry in self.entries.items()
                if isinstance(column, YearMonth) and column in months
            }
        )


def of_municipality(figures: pl.DataFrame, municipality: str) -> pl.DataFrame:
    """A municipality's figures."""
    return figures.filter(
        (pl.col("area_kind") == "municipality") & (pl.col("area") == municipality)
    )


def by_month(figures: pl.DataFrame, measure: str, statistic: str) -> Grid:
    """Groups by month, not split; a share is of the counts where both are known, else as printed.

    Args:
        figures: one area's figures, one vintage a cell.
        measure: its code.
        statistic: "share", "unmet" or "population".
    """
    wanted = ["share", "unmet", "population"] if statistic == "share" else [statistic]
    chosen = figures.filter(
        (pl.col("measure") == measure)
        & pl.col("statistic").is_in(wanted)
        & (pl.col("visitation") == "")
        & (pl.col("category") == "")
    )
    found: dict[tuple[str, Hashable], dict[str, Figure]] = {}
    for figure in rows(chosen):
        found.setdefault((figure.grp, YearMonth.of(figure.month)), {})[figure.statistic] = figure
    if statistic != "share":
        return Grid({key: _entry(cell[statistic]) for key, cell in found.items()})
    return Grid(
        {
            key: _share(cell.get("unmet"), cell.get("population"), cell.get("share"))
            for key, cell in found.items()
        }
    )


def by_visitation(figures: pl.DataFrame, measure: str, statistic: str, grp: str) -> Grid:
    """One group's visitation categories by month."""
    chosen = figures.filter(
        (pl.col("measure") == measure)
        & (pl.col("statistic") == statistic)
        & (pl.col("grp") == grp)
        & (pl.col("visitation") != "")
        & (pl.col("category") == "")
    )
    return Grid({(f.visitation, YearMonth.of(f.month)): _entry(f) for f in rows(chosen)})


def by_category(figures: pl.DataFrame, measure: str, statistic: str, month: YearMonth) -> Grid:
    """Groups by category ("persons by number", durations) in one month; a share as in `by_month`."""
    wanted = ["share", "persons", "population"] if statistic == "share" else [statistic]
    chosen = figures.filter(
        (pl.col("measure") == measure)
        & pl.col("statistic").is_in(wanted)
        & (pl.col("visitation") == "")
        & (pl.col("month") == month.first)
    )
    found: dict[tuple[str, Hashable], dict[str, Figure]] = {}
    for figure in rows(chosen):
        found.setdefault((figure.grp, figure.category), {})[figure.statistic] = figure
    split = {key: cell for key, cell in found.items() if key[1]}
    if statistic != "share":
        return Grid({key: _entry(cell[statistic]) for key, cell in split.items()})
    everybody = {grp: cell for (grp, category), cell in found.items() if not category}
    return Grid(
        {
            (grp, category): _share(
                cell.get("persons"), everybody.get(grp, {}).get("population"), cell.get("share")
            )
            for (grp, category), cell in split.items()
        }
    )


def latest_categories(figures: pl.DataFrame, measure: str, statistics: Sequence[str]) -> Grid:
    """Groups by category in the latest month there is, by the first of the statistics there is."""
    for statistic in statistics:
        chosen = figures.filter(
            (pl.col("measure") == measure)
            & (pl.col("statistic") == statistic)
            & (pl.col("category") != "")
            & (pl.col("status") != "not_available")
        )
        latest = next(iter(chosen["month"].sort(descending=True)), None)
        if latest is not None:
            return by_category(figures, measure, statistic, YearMonth.of(latest))
    return Grid()


def _entry(figure: Figure) -> Entry:
    places = 1 if figure.statistic.endswith("share") else 0
    return Entry(figure.value, figure.status, places, (figure,))


def _share(part: Figure | None, population: Figure | None, printed: Figure | None) -> Entry:
    behind = tuple(figure for figure in (part, population, printed) if figure)
    if part and population and part.value is not None and population.value:
        share = Fraction(100 * int(part.value), int(population.value))
        return Entry(share, "value" if share else "zero", 1, behind)
    if printed is None:
        hidden = any(figure.status == "suppressed" for figure in behind)
        # A bare count says nothing of its share: only a hidden one makes the share hidden.
        return Entry(None, "suppressed" if hidden and population else "not_available", 1, behind)
    return Entry(printed.value, printed.status, 1, behind)
