"""conversations_12m by one lazy Polars query over the store's own files, on the streaming engine."""

from __future__ import annotations

from pathlib import Path

import polars as pl

FIRST_DAY = 7305
TYPES = [4, 7, 17, 19]


def _month(day: pl.Expr) -> pl.Expr:
    date = day.cast(pl.Date)
    return date.dt.year().cast(pl.Int64) * 12 + date.dt.month()


def _table(store: Path, name: str) -> pl.LazyFrame:
    files = sorted(store.glob(f"*/{name}.parquet"))
    bucket = pl.col("file").str.extract(r"/(\d+)/[^/]+$").cast(pl.Int64)
    frame = pl.scan_parquet(files, include_file_paths="file")
    return frame.with_columns(person=bucket * 2**24 + pl.col("person")).drop("file")


def counts(store: Path, first: int, last: int, known_on: int = 2**31 - 1) -> pl.DataFrame:
    """Persons by month, municipality, group, visitation and number (5 = five or more).

    Args:
        store: folder of a generation.
        first, last: months, 12 x year + month.
    """
    horizon = pl.date(last // 12, last % 12, 1) if last % 12 else pl.date(last // 12 - 1, 12, 1)
    horizon = horizon.dt.month_end().to_physical()
    pg = pl.col("person").cast(pl.Int64) * 16 + pl.col("grp")
    before = (pl.col("pg") * 2**18 + pl.col("end")).cum_max().shift(1)
    new = (before // 2**18 != pl.col("pg")).fill_null(True) | (
        _month((before % 2**18).cast(pl.Int32)) + 1 < pl.col("begins")
    )
    spells = (
        _table(store, "spells")
        .with_columns(end=pl.min_horizontal(pl.col("end"), horizon).cast(pl.Int32))
        .filter(pl.col("start") <= pl.col("end"))
        .with_columns(pg=pg, begins=_month(pl.col("start")))
        .sort(pl.col("pg") * 2**18 + pl.col("start"))
        .with_columns(run=pl.when(new).then(pl.col("start")).forward_fill())
        .with_columns(
            reached=_month(pl.col("run").cast(pl.Date).dt.offset_by("12mo").to_physical()),
            ends=_month(pl.col("end")),
            state=(15 - pl.col("grp").cast(pl.Int64)) * 2**44
            + pl.col("start").cast(pl.Int64) * 2**26
            + (1023 - pl.col("municipality").cast(pl.Int64)) * 2**16
            + (7 - pl.col("visitation").cast(pl.Int64)) * 2**13,
        )
        .with_columns(
            month=pl.int_ranges(
                pl.max_horizontal(pl.col("begins"), first),
                pl.min_horizontal(pl.col("ends"), last) + 1,
            )
        )
        .select("person", "month", "end", "state", "ends", "reached")
        .explode("month", empty_as_null=False)
    )
    day = (
        pl.when(pl.col("ends") > pl.col("month"))
        .then(31)
        .otherwise(pl.col("end").cast(pl.Date).dt.day())
    )
    placed = (
        spells.with_columns(
            rank=day.cast(pl.Int64) * 2**49
            + pl.col("state")
            + (pl.col("reached") <= pl.col("month")).cast(pl.Int64)
        )
        .group_by(key=pl.col("person") * 2**16 + pl.col("month"))
        .agg(pl.col("rank").max())
        .filter(pl.col("rank") % 2 == 1)
        .select(key=pl.col("key") * 4 + 2, rank="rank", change=pl.lit(0, pl.Int64))
    )
    held = (
        _table(store, "conversations")
        .filter(pl.col("type").is_in(TYPES), pl.col("registered") <= known_on)
        .select("person", "held")
        .unique()
        .select("person", month=_month(pl.col("held")))
    )
    begun, over = (
        held.select(
            key=(pl.col("person") * 2**16 + pl.col("month") + later) * 4,
            rank=pl.lit(None, pl.Int64),
            change=pl.lit(change, pl.Int64),
        )
        for later, change in ((0, 1), (12, -1))
    )
    return (
        pl.concat([placed, begun, over])
        .sort("key")
        # Every +1 has its -1 in the same person, so one running sum serves all.
        .with_columns(number=pl.col("change").cum_sum().clip(0, 5))
        .filter(pl.col("rank").is_not_null())
        .group_by(
            month=pl.col("key") // 4 % 2**16,
            municipality=1023 - pl.col("rank") // 2**16 % 2**10,
            grp=15 - pl.col("rank") // 2**44 % 2**5,
            visitation=7 - pl.col("rank") // 2**13 % 2**3,
            number="number",
        )
        .len()
        .collect(engine="streaming")
    )
