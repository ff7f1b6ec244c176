"""Figures laid out as a table prints them: series of one area by row, months or categories across."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import polars as pl

from tilsyn.figures.series import MonthFigure, series
from tilsyn.figures.table import SCHEMA, Figure, rows
from tilsyn.vocabulary import ROWS, TOTAL, VISITATION, MonthRange, YearMonth

EFFORT = ("population", "unmet", "share")
"""What is known of an effort: the persons, those who lack it, and their share."""

_NOTHING = MonthFigure(YearMonth(1900, 1))


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell: a statistic of a month's figures."""

    figure: MonthFigure
    statistic: str

    @property
    def value(self) -> int | Fraction | None:
        """Its number; None where it is hidden or absent."""
        return self.figure.value(self.statistic)

    @property
    def status(self) -> str:
        """How it is known: value, zero, suppressed or not_available."""
        return self.figure.status_of(self.statistic)

    @property
    def most(self) -> int | Fraction | None:
        """The largest it can be; None where that is not known."""
        return self.figure.most(self.statistic)

    def shown(self, language: str) -> str:
        """The cell as printed, a share without its sign."""
        return self.figure.shown(language, self.statistic, unit=False)


@dataclass(frozen=True)
class Grid:
    """Figures by row (a group or category of persons) and column (a month or category).

    Attributes:
        statistics: what is told of each; the last where nothing else is asked for.
        table: the figures behind it.
    """

    entries: Mapping[tuple[str, Hashable], MonthFigure] = field(default_factory=dict)
    statistics: tuple[str, ...] = EFFORT
    table: pl.DataFrame = field(default_factory=SCHEMA.to_frame, compare=False, repr=False)

    def at(self, row: str, column: Hashable, statistic: str = "") -> Entry:
        """A cell; one there is no figure for is absent."""
        return Entry(self.entries.get((row, column), _NOTHING), statistic or self.statistics[-1])

    def value(self, row: str, column: Hashable, statistic: str = "") -> int | Fraction | None:
        """A cell's number, None where there is none."""
        return self.at(row, column, statistic).value

    def values(self, row: str, columns: Iterable[Hashable]) -> tuple[float | None, ...]:
        """A row's numbers, for a picture."""
        found = (self.value(row, column) for column in columns)
        return tuple(None if value is None else float(value) for value in found)

    @property
    def rows(self) -> list[str]:
        """The rows that have a cell which is not merely absent, as published, the total first."""
        present = {row for (row, _), figure in self.entries.items() if self._told(figure)}
        return [code for code in (*ROWS.codes, *VISITATION.codes) if code in present]

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
                for (_, column), figure in self.entries.items()
                if isinstance(column, YearMonth) and self._told(figure)
            }
        )

    @property
    def blocks(self) -> tuple[str, ...]:
        """What a table of an effort shows: shares beside persons, or beside those who lack it."""
        beside = (
            statistic
            for statistic in ("population", "unmet")
            if any(f.status_of(statistic) != "not_available" for f in self.entries.values())
        )
        return (*list(beside)[:1], "share")

    @property
    def figures(self) -> list[Figure]:
        """The figures behind it."""
        return list(rows(self.table))

    def within(self, months: MonthRange) -> Grid:
        """The same with these months only."""
        kept: dict[tuple[str, Hashable], MonthFigure] = {
            (row, column): figure
            for (row, column), figure in self.entries.items()
            if isinstance(column, YearMonth) and column in months
        }
        span = pl.col("month").is_between(months.first.first, months.last.first)
        return replace(self, entries=kept, table=self.table.filter(span))

    def _told(self, figure: MonthFigure) -> bool:
        return any(figure.status_of(one) != "not_available" for one in self.statistics)


def of_municipality(figures: pl.DataFrame, municipality: str) -> pl.DataFrame:
    """A municipality's figures."""
    return figures.filter(
        (pl.col("area_kind") == "municipality") & (pl.col("area") == municipality)
    )


def by_month(figures: pl.DataFrame, measure: str, *statistics: str) -> Grid:
    """Groups by month, not split; a share is of the counts where both are known, else as printed.

    Args:
        figures: one area's figures, one vintage a cell.
        measure: its code.
        statistics: what is told; by default all that is known of an effort.
    """
    wanted = list(EFFORT if "share" in statistics else statistics or EFFORT)
    chosen = figures.filter(
        (pl.col("measure") == measure)
        & pl.col("statistic").is_in(wanted)
        & (pl.col("visitation") == "")
        & (pl.col("category") == "")
    )
    return Grid(
        {(s.grp, month): f for s in series(chosen, kind=None) for month, f in s.months.items()},
        statistics or EFFORT,
        chosen,
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
    found = series(chosen, kind=None, split=True)
    return Grid(
        {(one.visitation, month): f for one in found for month, f in one.months.items()},
        (statistic,),
        chosen,
    )


def by_category(figures: pl.DataFrame, measure: str, statistic: str, month: YearMonth) -> Grid:
    """Groups by category ("persons by number", durations) in one month; a share as in `by_month`."""
    wanted = ["share", "persons", "population"] if statistic == "share" else [statistic]
    chosen = figures.filter(
        (pl.col("measure") == measure)
        & pl.col("statistic").is_in(wanted)
        & (pl.col("visitation") == "")
        & (pl.col("month") == month.first)
        & ((pl.col("category") != "") | (pl.col("statistic") == "population"))
    )
    found = {
        (one.grp, one.category): figure
        for one in series(chosen, kind=None, split=True)
        for figure in one.months.values()
    }
    split: dict[tuple[str, Hashable], MonthFigure] = {k: f for k, f in found.items() if k[1]}
    if statistic == "share":
        split = {(grp, c): _part(f, found.get((grp, ""))) for (grp, c), f in split.items()}
    return Grid(split, (statistic,), chosen)


def _part(part: MonthFigure, whole: MonthFigure | None) -> MonthFigure:
    """The persons of a category as those counted among all of their group."""
    if whole is None:
        return part
    return replace(
        part,
        unmet=part.persons,
        population=whole.population,
        hidden=frozenset("unmet" if one == "persons" else one for one in part.hidden)
        | whole.hidden,
        releases=part.releases | whole.releases,
    )
