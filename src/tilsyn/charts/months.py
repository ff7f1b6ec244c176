"""The shares of a municipality by month, with those of the areas it lies in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tilsyn.charts.lines import Lines, Series
from tilsyn.charts.words import word
from tilsyn.figures.printing import ABSENT
from tilsyn.figures.series import MonthFigure
from tilsyn.rules.model import Threshold
from tilsyn.vocabulary import MEASURES, ROWS, YearMonth


def subject(measure: str, group: str, language: str, place: str = "") -> str:
    """What a chart of shares counts, printed above its axis.

    Args:
        place: whose shares, where the lines do not say it.
    """
    names = (place, MEASURES[measure].name(language), ROWS[group].name(language).lower())
    return word(language, "share", subject=", ".join(filter(None, names)))


def shares(
    areas: Sequence[tuple[str, Mapping[YearMonth, MonthFigure]]],
    months: Sequence[YearMonth],
    threshold: Threshold | None,
    unit: str,
    language: str,
) -> Lines:
    """The shares of areas by month.

    Args:
        areas: name and figures; the first is the one it is about. Months they lack or hide break their lines.
        months: consecutive, oldest first.
        threshold: the rule's line.
        unit: what the axis counts.
    """

    def series(name: str, row: Mapping[YearMonth, MonthFigure], *, total: bool) -> Series:
        found = [row.get(month) for month in months]
        exact = [figure.exact if figure else None for figure in found]
        return Series(
            name,
            tuple(None if share is None else float(share) for share in exact),
            total,
            tuple(figure.shown(language, unit=False) if figure else ABSENT for figure in found),
        )

    drawn = tuple(series(*area, total=place == 0) for place, area in enumerate(areas))
    return Lines(tuple(months), drawn, unit, threshold)
