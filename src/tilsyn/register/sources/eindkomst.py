"""Paid hours (eIndkomst, field 096) by calendar month.

A report (field 011 = I) adds hours, a reversal (T) takes them back whatever its sign is. The hours of
a pay period that crosses months are shared out by days, to the hundredth, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tilsyn.register.sources import tables
from tilsyn.register.sources.delivery import buckets, of_bucket, parts
from tilsyn.register.sources.maps import Maps
from tilsyn.register.sources.tables import Report
from tilsyn.register.sources.values import day, hundredths

NAME = "eindkomst"
LONGEST_PERIOD = 366
"""Days; a longer pay period is a mistake."""

MOST_HOURS = 74_400
"""Hundredths of an hour in one month of 31 days; the register takes no more in a row."""


def read(files: Sequence[Path], folder: Path, maps: Maps) -> Report:
    """Write ``hours.csv`` from delivered pay periods.

    Args:
        files: CSV; the same row twice counts twice, so no delivery may be named twice.
        folder: where the table is written; the caller makes it.
        maps: column names.

    Raises:
        InputError: a file is no such delivery.
    """
    report = Report()
    rows = (_judged(part) for part in parts(files, NAME, maps))
    kept = ["person", "first", "last", "hundredths"]
    good = tables.sort_out(rows, kept, NAME, folder, report)
    count = buckets(files)
    for bucket in range(count):
        months = by_month(of_bucket(good, bucket, count)).collect(engine="streaming")
        if negative := months.filter(pl.col("hundredths") < 0).height:
            key = "months where more hours are taken back than were reported"
            report.remarks[key] = report.remarks.get(key, 0) + negative
        tables.append(_table(months), "hours", folder, report)
    return report


def _judged(rows: pl.LazyFrame) -> pl.LazyFrame:
    kind = pl.col("kind").str.to_uppercase()
    known = rows.with_columns(
        day("start").alias("first"),
        day("end").alias("last"),
        pl.when(kind == "T")
        .then(-hundredths("hours").abs())
        .otherwise(hundredths("hours"))
        .alias("hundredths"),
    )
    days = (pl.col("last") - pl.col("first")).dt.total_days() + 1
    fault = (
        pl.when(pl.col("person") == "")
        .then(pl.lit("missing person"))
        .when(~kind.is_in(["I", "T"]))
        .then(pl.lit("unknown kind of report (I or T)"))
        .when(pl.col("hours") == "")
        .then(pl.lit("outside: no hours reported"))
        .when(pl.col("hundredths").is_null())
        .then(pl.lit("unparsable hours (write 37,50)"))
        .when(pl.col("first").is_null() | pl.col("last").is_null())
        .then(pl.lit("unparsable date of the pay period (write 2024-01-31)"))
        .when(days < 1)
        .then(pl.lit("pay period that ends before it starts"))
        .when(days > LONGEST_PERIOD)
        .then(pl.lit("pay period longer than a year"))
        .when(pl.col("hundredths").abs() > days * 2400)
        .then(pl.lit("more hours than the pay period has"))
    )
    code = pl.when(pl.col("fault").str.contains("kind of report")).then(pl.col("kind"))
    return known.with_columns(fault.alias("fault")).with_columns(
        code.otherwise(pl.lit("")).alias("code")
    )


def by_month(good: pl.LazyFrame) -> pl.LazyFrame:
    """Hundredths of an hour by person and month; months that net to nothing are left out.

    Args:
        good: ``person``, ``first``, ``last`` (dates, inclusive) and ``hundredths``.
    """
    first_of_month = pl.col("first").dt.month_start()
    days = (pl.col("last") - pl.col("first")).dt.total_days() + 1
    shared = (
        good.with_columns(
            pl.date_ranges(first_of_month, pl.col("last"), "1mo").alias("month"),
            days.alias("days"),
        )
        .explode("month")
        .with_columns(
            # Days of the pay period up to the end of this month, and up to its beginning.
            (pl.min_horizontal(pl.col("month").dt.month_end(), pl.col("last")) - pl.col("first"))
            .dt.total_days()
            .alias("until"),
            (pl.max_horizontal(pl.col("month"), pl.col("first")) - pl.col("first"))
            .dt.total_days()
            .alias("before"),
        )
    )
    # The share of a month is the rounded hours up to its end less those up to its beginning, so
    # that the months add up to the hundredth.
    total, sign = pl.col("hundredths").abs(), pl.col("hundredths").sign()
    part = total * (pl.col("until") + 1) // pl.col("days") - total * pl.col("before") // pl.col(
        "days"
    )
    return (
        shared.group_by("person", "month")
        .agg((sign * part).sum().alias("hundredths"))
        .filter(pl.col("hundredths") != 0)
    )


def _table(months: pl.DataFrame) -> pl.DataFrame:
    """The register's table ``hours``; a sum beyond one row's bounds is split over several."""
    rows = [
        (person, f"{month:%Y-%m}", part)
        for person, month, hundredth in months.sort("person", "month").iter_rows()
        for part in _parts(hundredth)
    ]
    texts = [(person, month, _text(part)) for person, month, part in rows]
    schema = {"person": pl.String, "month": pl.String, "hours": pl.String}
    return pl.DataFrame(texts, schema=schema, orient="row")


def _parts(hundredth: int) -> list[int]:
    sign, left, parts = (1 if hundredth > 0 else -1), abs(hundredth), []
    while left:
        parts.append(sign * min(left, MOST_HOURS))
        left -= min(left, MOST_HOURS)
    return parts


def _text(hundredth: int) -> str:
    sign, size = ("-" if hundredth < 0 else ""), abs(hundredth)
    return f"{sign}{size // 100}.{size % 100:02d}"
