"""What is odd in published figures: reported beside the figure, never mended in silence."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from tilsyn.figures.anomalies.model import Anomaly
from tilsyn.figures.anomalies.shares import share_anomalies
from tilsyn.figures.anomalies.sheets import Sheet, sheets
from tilsyn.figures.anomalies.shifts import slip_anomalies
from tilsyn.figures.anomalies.totals import total_anomalies
from tilsyn.figures.anomalies.validity import validity_anomalies
from tilsyn.figures.anomalies.vintages import comparable, vintage_anomalies

__all__ = ["Anomaly", "find"]


def find(figures: pl.DataFrame, *, against: pl.DataFrame | None = None) -> tuple[Anomaly, ...]:
    """What is odd in a figure table.

    Args:
        figures: figures of one or more documents; each is checked by itself.
        against: other releases of the same figures, to find rows that stand one off.

    Returns:
        the anomalies by document, area and measure; within these totals, shares, slipped rows, each
        by month and group; last what is outside its validity. The same figures give the same anomalies, in whatever order their rows.
    """
    others = [] if against is None else sheets(against)
    found = (anomaly for sheet in sheets(figures) for anomaly in _of_sheet(sheet, others))
    return (*found, *validity_anomalies(figures))


def _of_sheet(sheet: Sheet, others: list[Sheet]) -> Iterator[Anomaly]:
    yield from total_anomalies(sheet)
    yield from share_anomalies(sheet)
    yield from slip_anomalies(sheet)
    for other in others:
        if comparable(sheet, other):
            yield from vintage_anomalies(sheet, other)
