"""Revisions: how a month's figure settles over later releases, and how much the newest months move.

Figures grow as conversations and offers are registered late. A release's age in a month is counted
in whole calendar months from the month to the day of publication: April published in September is
five months old.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from tilsyn.figures.table import CELL
from tilsyn.figures.vintages import known_on

ENOUGH = 20
"""Fewer past movements than this say nothing about the next ones."""

OLDEST = 24
"""Movements of months older than this are not told: a figure two years old has settled."""


def triangle(figures: pl.DataFrame) -> pl.DataFrame:
    """Every vintage of every cell, with what changed since the one before it.

    Args:
        figures: a figure table with several vintages.

    Returns:
        The cell columns, ``published``, ``release``, ``age`` (months), ``value``, ``status``,
        ``change`` (value less the value before; null for the first vintage and where one of them
        is no number) and ``moved`` (whether value or status differ from the vintage before).
    """
    # Of one cell and day the official figure is kept, as everywhere else.
    vintages = (
        figures.sort("published", "provenance", "release")
        .unique([*CELL, "published"], keep="first", maintain_order=True)
        .sort(*CELL, "published")
    )
    before = {name: pl.col(name).shift(1).over(CELL) for name in ("value", "status", "published")}
    return vintages.select(
        *CELL,
        "published",
        "release",
        _age().alias("age"),
        "value",
        "status",
        (pl.col("value") - before["value"]).alias("change"),
        (
            before["published"].is_not_null()
            & (
                pl.col("value").ne_missing(before["value"])
                | pl.col("status").ne_missing(before["status"])
            )
        ).alias("moved"),
    )


def _age() -> pl.Expr:
    day, month = pl.col("published").dt, pl.col("month").dt
    months = (day.year() - month.year()) * 12 + day.month().cast(pl.Int32) - month.month()
    return months.cast(pl.Int32)


@dataclass(frozen=True, slots=True)
class Movement:
    """How much figures of one age usually move until the last release that has them.

    Attributes:
        measure, statistic: of what.
        age: months between the month and the release.
        cells: how many past movements this rests on.
        enough: whether they are at least `ENOUGH`; else the numbers below are None.
        median, low, high: the middle movement and the interval that holds 80 per cent of them; in
            percentage points for shares, in per cent of the figure for counts.
        unit: "points" or "per cent".
    """

    measure: str
    statistic: str
    age: int
    cells: int
    enough: bool
    median: float | None
    low: float | None
    high: float | None
    unit: str

    def record(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return asdict(self)

    def expected(self, value: float) -> tuple[float, float, float]:
        """The value this one will probably settle at: middle, low and high.

        Raises:
            ValueError: there is too little history.
        """
        if self.median is None or self.low is None or self.high is None:
            raise ValueError("too little history")
        moves = (self.median, self.low, self.high)
        if self.unit == "points":
            middle, low, high = (min(100.0, max(0.0, value + move)) for move in moves)
        else:
            middle, low, high = (max(0.0, value * (1 + move / 100)) for move in moves)
        return middle, low, high


def movements(figures: pl.DataFrame) -> list[Movement]:
    """How much figures of each age have moved up to the last release that has them.

    Every pair of an earlier vintage and the last one of the same cell is one movement, those of
    nothing included. Cells that are no number in one of the two are left out.

    Args:
        figures: a figure table with several vintages.

    Returns:
        by measure, statistic and age; empty where no cell was published twice.
    """
    points = pl.col("statistic").str.ends_with("share")
    pairs = (
        triangle(figures)
        .with_columns(
            pl.col("value").last().over(CELL, order_by="published").alias("settled"),
            pl.col("published").max().over(CELL).alias("_last"),
        )
        .filter(
            (pl.col("published") < pl.col("_last"))
            & (pl.col("statistic") != "met")
            & pl.col("value").is_not_null()
            & pl.col("settled").is_not_null()
            & pl.col("age").is_between(0, OLDEST)
            & (points | (pl.col("value") > 0))
        )
        .with_columns(
            pl.when(points)
            .then(pl.col("settled") - pl.col("value"))
            .otherwise((pl.col("settled") / pl.col("value") - 1) * 100)
            .alias("move"),
            pl.when(points).then(pl.lit("points")).otherwise(pl.lit("per cent")).alias("unit"),
        )
    )
    told = (
        pairs.group_by("measure", "statistic", "age", "unit")
        .agg(
            pl.len().alias("cells"),
            pl.col("move").median().alias("median"),
            pl.col("move").quantile(0.1, "linear").alias("low"),
            pl.col("move").quantile(0.9, "linear").alias("high"),
        )
        .sort("measure", "statistic", "age")
    )
    found = []
    for row in told.iter_rows(named=True):
        enough = row["cells"] >= ENOUGH
        numbers = {name: row[name] if enough else None for name in ("median", "low", "high")}
        found.append(Movement(**{**row, **numbers}, enough=enough))
    return found


def newest(figures: pl.DataFrame, found: list[Movement]) -> pl.DataFrame:
    """The figures as last published, with where they will probably settle.

    Args:
        figures: a figure table with several vintages.
        found: from `movements`, of the same or of wider figures.

    Returns:
        The cell columns, ``value``, ``status``, ``published``, ``age``, and ``expected``, ``low``
        and ``high`` where history of that age is enough (else null), and ``cells`` behind it.
    """
    by_age = {(m.measure, m.statistic, m.age): m for m in found}
    last = known_on(figures, dt.date.max).with_columns(_age().alias("age")).sort(CELL)
    rows = []
    for row in last.iter_rows(named=True):
        movement = by_age.get((row["measure"], row["statistic"], row["age"]))
        usable = movement is not None and movement.enough and row["value"] is not None
        expected = movement.expected(row["value"]) if usable and movement else (None,) * 3
        rows.append((*expected, movement.cells if movement else 0))
    extra = pl.DataFrame(
        rows,
        schema={
            "expected": pl.Float64,
            "low": pl.Float64,
            "high": pl.Float64,
            "cells": pl.Int64,
        },
        orient="row",
    )
    shown = last.select(*CELL, "value", "status", "published", "age")
    return pl.concat([shown, extra], how="horizontal")


def summary(moved: pl.DataFrame) -> pl.DataFrame:
    """How much moved, by measure and statistic.

    Args:
        moved: from `tilsyn.figures.vintages.moved`.

    Returns:
        ``measure``, ``statistic``, ``cells``, ``up``, ``down``, ``median`` and ``largest`` (the
        middle and the largest change without its sign; null where no pair of numbers moved).
    """
    change = pl.col("value_new") - pl.col("value")
    return (
        moved.group_by("measure", "statistic")
        .agg(
            pl.len().alias("cells"),
            (change > 0).sum().alias("up"),
            (change < 0).sum().alias("down"),
            change.abs().median().alias("median"),
            change.abs().max().alias("largest"),
        )
        .sort("measure", "statistic")
    )
