"""Sheets: the figures of one measure, area and release, laid out to be checked against each other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import polars as pl

from tilsyn.figures.anomalies.model import Anomaly
from tilsyn.figures.table import Figure, is_range, ordered, rows
from tilsyn.vocabulary import GROUPS, MEASURES, YearMonth, area_name

Place = tuple[str, str, str, dt.date]
"""Statistic, group, category and month."""


@dataclass(frozen=True)
class Sheet:
    """The figures of one measure, area and release; those of visitation categories left out, and of
    categories that join others, which are persons counted elsewhere.
    """

    measure: str
    area_kind: str
    area: str
    release: str
    published: dt.date
    cells: dict[Place, Figure] = field(default_factory=dict)

    def get(self, statistic: str, grp: str, month: dt.date, category: str = "") -> Figure | None:
        """The figure of a cell, None where the sheet has no such cell."""
        return self.cells.get((statistic, grp, category, month))

    def value(self, statistic: str, grp: str, month: dt.date) -> float | None:
        """The number in a cell, None where there is none."""
        figure = self.get(statistic, grp, month)
        return figure.value if figure else None

    def count(self, statistic: str, grp: str, month: dt.date) -> int | None:
        """The number in a cell of counts."""
        value = self.value(statistic, grp, month)
        return None if value is None else int(value)

    def months(self, statistic: str) -> list[dt.date]:
        """The months a statistic has cells for, in order."""
        return sorted({month for kind, _, _, month in self.cells if kind == statistic})

    def groups(self, statistic: str) -> list[str]:
        """The benefit groups (not the total) a statistic has rows for, in published order."""
        present = {grp for kind, grp, _, _ in self.cells if kind == statistic}
        return [code for code in GROUPS.codes if code in present]

    def heading(self, language: str, month: dt.date | None = None) -> str:
        """How a sentence about it begins: "Ishøj, Samtaler, langvarige, april 2023: "."""
        parts = [
            area_name(self.area_kind, self.area, language),
            MEASURES[self.measure].name(language),
        ]
        if month:
            parts.append(YearMonth.of(month).name(language))
        return ", ".join(parts) + ": "

    def anomaly(
        self,
        kind: str,
        da: str,
        en: str,
        *,
        statistic: str,
        grp: str = "",
        month: dt.date | None = None,
    ) -> Anomaly:
        """An anomaly of this sheet; the sentences are put after its heading."""
        return Anomaly(
            kind,
            self.heading("da", month) + da,
            self.heading("en", month) + en,
            measure=self.measure,
            statistic=statistic,
            area_kind=self.area_kind,
            area=self.area,
            grp=grp,
            month=month,
        )


def sheets(figures: pl.DataFrame) -> list[Sheet]:
    """The sheets of a figure table, by publication date, release, area and measure."""
    found: dict[tuple[dt.date, str, str, str, str, str], Sheet] = {}
    for figure in rows(ordered(figures.filter((pl.col("visitation") == "") & ~is_range()))):
        key = (
            figure.published,
            figure.release,
            figure.provenance,
            figure.area_kind,
            figure.area,
            figure.measure,
        )
        sheet = found.get(key)
        if sheet is None:
            sheet = found[key] = Sheet(
                figure.measure, figure.area_kind, figure.area, figure.release, figure.published
            )
        sheet.cells[(figure.statistic, figure.grp, figure.category, figure.month)] = figure
    return [found[key] for key in sorted(found)]


def expected_groups(measure: str, month: dt.date) -> list[str]:
    """The groups a measure's total is over in a month."""
    asked = MEASURES[measure].groups
    return [
        g.code
        for g in GROUPS
        if (not asked or g.code in asked) and g.exists_in(YearMonth.of(month))
    ]
