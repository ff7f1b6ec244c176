"""The figures of the early effort: persons and shares by group and month."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from tilsyn.figures.table import Figure, rows
from tilsyn.vocabulary import ROWS, MonthRange, YearMonth
from tilsyn.vocabulary.wording import number

STATISTICS = ("population", "unmet", "share")


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
