"""Where the newest months will probably settle, from how much figures of their age usually move."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tilsyn.cases.settling import usual_movements
from tilsyn.figures.revisions import newest
from tilsyn.site.board import Board
from tilsyn.vocabulary import YearMonth

NEWEST = 6
"""Months for which it is told; older ones hardly move."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """Where a month's share will probably settle, per cent.

    Attributes:
        middle: the most likely; low, high: between them 8 in 10 have settled.
        cells: how many past movements this rests on.
    """

    middle: float
    low: float
    high: float
    cells: int


def expectations(shown: Board, area: str, grp: str) -> dict[str, dict[YearMonth, Expectation]]:
    """By measure and month; nothing where history says too little, or that the share will stay as it is."""
    newest_months = pl.col("month") > pl.col("month").max().over("measure").dt.offset_by(
        f"-{NEWEST}mo"
    )
    own = shown.part("municipality", area).filter(
        (pl.col("grp") == grp) & (pl.col("statistic") == "share")
    )
    found: dict[str, dict[YearMonth, Expectation]] = {}
    told = newest(own.filter(newest_months), list(usual_movements(shown.on)))
    for row in told.sort("month").iter_rows(named=True):
        if row["expected"] is None or row["low"] == row["high"] == row["value"]:
            continue
        found.setdefault(row["measure"], {})[YearMonth.of(row["month"])] = Expectation(
            row["expected"], row["low"], row["high"], row["cells"]
        )
    return found
