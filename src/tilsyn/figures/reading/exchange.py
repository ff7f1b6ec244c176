"""Figure tables as files: CSV or Parquet in the program's own columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tilsyn.figures.reading.model import Cell, Reading, reading
from tilsyn.figures.reading.numbers import plain_value
from tilsyn.figures.reading.tidy import Defaults, asked_of, published_of, release_of
from tilsyn.figures.table import (
    PROVENANCES,
    SCHEMA,
    STATUSES,
    Figure,
    checked,
    parquet_table,
    rows,
    status_of,
)
from tilsyn.tables.line import Line
from tilsyn.tables.records import Record, records
from tilsyn.vocabulary import AREA_KINDS, STATISTICS, YearMonth

NEEDED = ("measure", "statistic", "area", "grp", "month", "value")

MOST_ROWS = 20_000_000
"""The longest Parquet table read."""


def read_exchange(lines: Sequence[Line], file: Path, defaults: Defaults) -> Reading:
    """Read a figure table saved as CSV; what a row leaves out is taken from `defaults`.

    Raises:
        InputError: a column is missing, or a row is no sound figure.
    """
    return reading(file, [_cell(record, defaults) for record in records(lines, NEEDED, file)])


def _one_of(known: tuple[str, ...], text: str) -> str:
    if text not in known:
        raise ValueError(f"'{text}' is not known; known are: {', '.join(known)}")
    return text


def _cell(record: Record, defaults: Defaults) -> Cell:
    statistic = asked_of(record, "statistic", lambda text: _one_of(STATISTICS, text))
    value = asked_of(record, "value", lambda text: plain_value(text, statistic))
    stated = {
        "area_kind": (record.get("area_kind") or "municipality", AREA_KINDS),
        "status": (record.get("status") or status_of(value), STATUSES),
        "provenance": (record.get("provenance") or "published", PROVENANCES),
    }
    for column, (text, known) in stated.items():
        if text not in known:
            raise record.error(f"'{text}' is not known; known are: {', '.join(known)}", column)
    figure = Figure(
        record.get("measure"),
        statistic,
        stated["area_kind"][0],
        record.get("area"),
        record.get("grp"),
        record.get("visitation"),
        record.get("category"),
        asked_of(record, "month", YearMonth.parse).first,
        value,
        stated["status"][0],
        stated["provenance"][0],
        record.get("release") or release_of(record, defaults),
        published_of(record, defaults),
    )
    # All columns there are make a figure table as the program writes it, which is in per cent.
    return Cell(figure, record.get("value"), record.place, set(SCHEMA) <= set(record.values))


def read_parquet(data: bytes, file: Path, defaults: Defaults) -> Reading:
    """Read a figure table saved as Parquet; every column must be there.

    Raises:
        InputError: the file is damaged, too long or no figure table.
    """
    frame = parquet_table(file, data, most=MOST_ROWS)
    if defaults.published is not None and "published" not in frame.columns:
        frame = frame.with_columns(pl.lit(defaults.published).alias("published"))
    if "release" not in frame.columns:
        frame = frame.with_columns(pl.lit(defaults.release or file.stem).alias("release"))
    figures = checked(frame.select(pl.col(n) for n in SCHEMA if n in frame.columns), file=file)
    return reading(
        file,
        (
            Cell(f, "" if f.value is None else f"{f.value:.15g}", f"row {i}", per_cent=True)
            for i, f in enumerate(rows(figures), 1)
        ),
    )
