"""Weekly benefit payments (ydelsesrefusion) as spells on a benefit.

A delivery holds a row a week, person and benefit, and corrections as further rows with the difference.
Rows of one week, person, benefit and municipality add up; what adds up to nothing was not paid. A
week paid counts from Monday to Sunday; weeks without a gap are one spell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tilsyn.register.sources import tables
from tilsyn.register.sources.delivery import buckets, of_bucket, parts
from tilsyn.register.sources.maps import NOT_MEASURED, Maps, plain_expr
from tilsyn.register.sources.tables import Report
from tilsyn.register.sources.values import day, hundredths, municipality

NAME = "ydelsesrefusion"
_MONDAY = 1
_SERIES = ("person", "municipality_code", "group", "visitation")
_WEEK = dt.timedelta(days=7)


def read(files: Sequence[Path], folder: Path, maps: Maps) -> Report:
    """Write ``spells.csv`` from weekly deliveries.

    Args:
        files: CSV; the same row twice is two payments, so no delivery may be named twice.
        folder: where the tables are written; the caller makes it.
        maps: column names and benefits.

    Raises:
        InputError: a file is no such delivery.
    """
    report = Report()
    rows = (_judged(part, maps) for part in parts(files, NAME, maps))
    good = tables.sort_out(rows, [*_SERIES, "monday", "plain", "hundredths"], NAME, folder, report)
    count = buckets(files)
    for bucket in range(count):
        paid = _paid(of_bucket(good, bucket, count)).collect(engine="streaming")
        negative = paid.filter(pl.col("amount") < 0).height
        if negative:
            key = "weeks that add up to less than nothing, not counted"
            report.remarks[key] = report.remarks.get(key, 0) + negative
        tables.append(spells(paid.filter(pl.col("amount") > 0)), "spells", folder, report)
    return report


def _judged(rows: pl.LazyFrame, maps: Maps) -> pl.LazyFrame:
    groups = {benefit: group for benefit, (group, _) in maps.benefits.items()}
    visitation = {benefit: code for benefit, (_, code) in maps.benefits.items()}
    benefit = pl.col("plain")
    known = rows.with_columns(plain_expr("benefit").alias("plain")).with_columns(
        day("week").alias("monday"),
        hundredths("amount").alias("hundredths"),
        municipality("municipality").alias("municipality_code"),
        benefit.replace_strict(groups, default=None, return_dtype=pl.String).alias("group"),
        benefit.replace_strict(visitation, default=None, return_dtype=pl.String).alias(
            "visitation"
        ),
    )
    fault = (
        pl.when(pl.col("person") == "")
        .then(pl.lit("missing person"))
        .when(pl.col("monday").is_null())
        .then(pl.lit("unparsable week (write the Monday, 2024-01-01)"))
        .when(pl.col("monday").dt.weekday() != _MONDAY)
        .then(pl.lit("a week that does not begin on a Monday"))
        .when(pl.col("hundredths").is_null())
        .then(pl.lit("unparsable amount (write 1234,50)"))
        .when(pl.col("municipality_code").is_null())
        .then(pl.lit("unknown municipality"))
        .when(pl.col("group").is_null())
        .then(pl.lit("unknown benefit"))
        .when(pl.col("group") == NOT_MEASURED)
        .then(pl.lit("outside: benefit that is not measured"))
    )
    code = (
        pl.when(pl.col("fault").str.contains("benefit"))
        .then(pl.col("benefit"))
        .when(pl.col("fault") == "unknown municipality")
        .then(pl.col("municipality"))
        .otherwise(pl.lit(""))
    )
    return known.with_columns(fault.alias("fault")).with_columns(code.alias("code"))


def _paid(good: pl.LazyFrame) -> pl.LazyFrame:
    """Hundredths paid by person, group, municipality and week; nothing paid is left out."""
    keys = (*_SERIES, "monday")
    by_benefit = good.group_by(*keys, "plain").agg(pl.col("hundredths").sum().alias("amount"))
    # Of two benefits of one group in a week, one paid is enough.
    return by_benefit.filter(pl.col("amount") != 0).group_by(keys).agg(pl.col("amount").max())


def spells(weeks: pl.DataFrame) -> pl.DataFrame:
    """Weeks as spells.

    Args:
        weeks: ``person``, ``municipality_code``, ``group``, ``visitation``, ``monday``; no week
            twice.

    Returns:
        the columns of the register's table ``spells``, by person and start.
    """
    in_order = weeks.sort(*_SERIES, "monday")
    begins = (
        pl.any_horizontal(pl.col(name) != pl.col(name).shift(1) for name in _SERIES)
        | (pl.col("monday").diff() > _WEEK)
    ).fill_null(True)
    return (
        in_order.with_columns(begins.cum_sum().alias("spell"))
        .group_by("spell", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in _SERIES),
            pl.col("monday").min().alias("start"),
            (pl.col("monday").max() + dt.timedelta(days=6)).alias("end"),
        )
        .select(
            "person",
            pl.col("municipality_code").alias("municipality"),
            "group",
            "visitation",
            "start",
            "end",
        )
        .sort("person", "start", "group", "municipality", "visitation")
    )
