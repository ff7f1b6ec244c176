"""A revision triangle drawn: a line for each release, so that one sees how months are revised."""

from __future__ import annotations

import polars as pl

from tilsyn.charts.lines import Lines, Series
from tilsyn.charts.style import STROKES
from tilsyn.charts.words import word
from tilsyn.errors import InputError
from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.months import MonthRange
from tilsyn.vocabulary.wording import date

MONTHS = 18
RELEASES = len(STROKES) + 1


def revisions(triangle: pl.DataFrame, language: str, unit: str) -> Lines:
    """The newest months of one cell's series as each of the latest releases told them.

    Args:
        triangle: from `tilsyn.figures.revisions.triangle`, of one area, group, measure and statistic.
        language: "da" or "en".
        unit: what the axis counts.

    Returns:
        the last release as the heavy line, those before it under their day of publication.

    Raises:
        InputError: there is no number to draw.
    """
    days = triangle["published"].unique().sort().to_list()[-RELEASES:]
    known = triangle.filter(pl.col("published").is_in(days) & pl.col("value").is_not_null())
    if known.is_empty():
        raise InputError("no number to draw: everything is hidden or missing")
    newest = YearMonth.of(known["month"].max())  # type: ignore[arg-type]
    oldest = YearMonth.of(known["month"].min())  # type: ignore[arg-type]
    months = tuple(MonthRange(max(oldest, newest - (MONTHS - 1)), newest))
    told: dict[object, dict[YearMonth, float]] = {day: {} for day in days}
    for day, month, value in known.select("published", "month", "value").iter_rows():
        told[day][YearMonth.of(month)] = value
    series = tuple(
        Series(
            word(language, "revisions.published", day=date(day, language)),
            tuple(told[day].get(month) for month in months),
            total=day == days[-1],
        )
        for day in days
        if any(month in told[day] for month in months)
    )
    return Lines(months, series, unit)
