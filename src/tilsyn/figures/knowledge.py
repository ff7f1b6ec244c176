"""What was known on a day: of every cell the latest publication on or before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from tilsyn.figures.table import CELL, SCHEMA, agreeing


def combined(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Figure tables laid together; every vintage stays.

    Raises:
        InputError: two of them give one cell different values under one publication date.
    """
    return agreeing(pl.concat([SCHEMA.to_frame(), *tables]))


def known_on(figures: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Of every cell the vintage that was the latest on `day`; one row a cell.

    A figure measured from a register and one published that day stand in the same cell; the
    published one is official and goes first.
    """
    return (
        figures.filter(pl.col("published") <= day)
        .sort("published", "provenance", "release", descending=[True, False, False])
        .unique(CELL, keep="first", maintain_order=True)
    )
