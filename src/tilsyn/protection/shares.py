"""Shares beside hidden counts: a share follows its counts, and says no more than they do."""

from __future__ import annotations

import polars as pl

from tilsyn.figures.anomalies.arithmetic import share_of
from tilsyn.figures.table import CELL
from tilsyn.protection.model import Parameters
from tilsyn.protection.relations import is_counted

_ROW = ["measure", "area_kind", "area", "grp", "visitation", "month"]


def _with_counts(figures: pl.DataFrame) -> pl.DataFrame:
    """Each figure with ``unmet`` and ``population`` of its row and their statuses."""
    for statistic in ("unmet", "population"):
        counts = figures.filter(pl.col("statistic") == statistic).select(
            *_ROW,
            pl.col("value").alias(statistic),
            pl.col("status").alias(f"{statistic}_status"),
        )
        figures = figures.join(counts, on=_ROW, how="left", maintain_order="left")
    return figures


def without_shares(ours: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """The figures without those shares that say nothing beside their counts, or will be hidden.

    A share stays in the system only where one of its counts is not in the table.
    """
    joined = _with_counts(ours)
    known = pl.col("unmet_status").is_not_null() & pl.col("population_status").is_not_null()
    gone = (pl.col("statistic") == "share") & (known | _gives_away(parameters))
    return joined.filter(~gone.fill_null(False)).select(ours.columns)


def _gives_away(parameters: Parameters) -> pl.Expr:
    """Whether a share with the count beside it gives a count that must be hidden."""
    count = (
        pl.col("unmet").fill_null((pl.col("value") * pl.col("population") / 100).round()).round()
    )
    least = 0 if parameters.hide_zeros else 1
    small = count.is_between(least, parameters.smallest - 1)
    few = pl.col("population").is_between(least, parameters.smallest - 1)
    few &= (pl.col("unmet_status") != "zero").fill_null(True) | parameters.hide_zeros
    return (small.fill_null(False) | few.fill_null(False)) & pl.col("value").is_not_null()


def with_shares(
    hidden: pl.DataFrame, ours: pl.DataFrame, parameters: Parameters
) -> tuple[pl.DataFrame, int]:
    """The figures with shares hidden beside hidden counts, the others rounded to one decimal.

    Args:
        hidden: the figures, counts hidden already.
        ours: the same figures exact.
        parameters: what must be hidden.

    Returns:
        The figures, and how many shares were hidden.
    """
    exact = _with_counts(ours).select(
        *CELL,
        (pl.col("statistic") == "share").alias("_share"),
        _gives_away(parameters).alias("_away"),
    )
    joined = _with_counts(hidden).join(exact, on=list(CELL), how="left", maintain_order="left")
    # Of nobody unmet the share is nought whatever the population is.
    beside = (pl.col("unmet_status") == "suppressed").fill_null(False) | (
        (pl.col("population_status") == "suppressed") & (pl.col("unmet_status") != "zero")
    ).fill_null(False)
    gone = (
        pl.col("_share")
        & is_counted()
        & (beside | pl.col("_away"))
        & (pl.col("status") != "not_available")
    )
    rounded = pl.struct("value", "unmet", "population").map_elements(
        _printed, return_dtype=pl.Float64
    )
    joined = joined.with_columns(gone.alias("_gone")).with_columns(
        pl.when(pl.col("_gone"))
        .then(None)
        .when(pl.col("_share") & pl.col("value").is_not_null())
        .then(rounded)
        .otherwise(pl.col("value"))
        .alias("value"),
    )
    joined = joined.with_columns(
        pl.when(pl.col("_gone"))
        .then(pl.lit("suppressed"))
        .when(pl.col("_share") & (pl.col("value") == 0))
        .then(pl.lit("zero"))
        .otherwise(pl.col("status"))
        .alias("status")
    )
    return joined.select(hidden.columns), int(joined["_gone"].sum())


def _printed(row: dict[str, float | None]) -> float | None:
    """A share as tables print it."""
    value, unmet, population = row["value"], row["unmet"], row["population"]
    if value is None:
        return None
    if unmet is not None and population:
        return share_of(int(unmet), int(population)) / 10
    return int(value * 10 + 0.5) / 10
