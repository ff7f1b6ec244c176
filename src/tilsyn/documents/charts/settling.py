"""A revision triangle as a picture: a line for each release, so that one sees months settle."""

from __future__ import annotations

import polars as pl

from tilsyn.documents.charts.lines import Lines
from tilsyn.documents.charts.series import Series
from tilsyn.documents.charts.style import STROKES
from tilsyn.errors import InputError
from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.months import MonthRange
from tilsyn.vocabulary.wording import date

MONTHS = 18
RELEASES = len(STROKES) + 1


def settling(triangle: pl.DataFrame, language: str, unit: str) -> Lines:
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
    word = "udgivet" if language == "da" else "published"
    series = tuple(
        Series(
            f"{word} {date(day, language)}",
            tuple(told[day].get(month) for month in months),
            total=day == days[-1],
        )
        for day in days
        if any(month in told[day] for month in months)
    )
    return Lines(months, series, unit)
