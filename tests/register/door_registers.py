"""Small registers as files, for the tests of the door."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl

from tilsyn.register.contract import TABLES

SOUND: dict[str, list[str]] = {
    "spells": [
        "p1,183,kontanthjaelp,jobparat,2020-01-01,",
        "p2,101,a_dagpenge,,2021-02-15,2021-12-31",
    ],
    "conversations": [
        "p1,2020-02-01,4,2020-02-03",
        "p1,2020-05-01,7,",
        "p2,2021-03-01,17,2021-03-01",
    ],
    "offers": [
        "p1,virksomhedspraktik,2020-03-01,,2020-03-02",
        "p2,loentilskud,2021-04-01,2021-05-01,",
    ],
    "hours": ["p1,2020-03,37.5", "p2,2021-04,-3.25"],
    "exemptions": ["p1,offers,2020-06-01,", "p2,conversations,2021-06-01,2021-07-01"],
}
"""Sound rows of each table, as CSV lines."""


def header(table: str) -> str:
    return ",".join(TABLES[table].required)


def write(folder: Path, **lines: list[str]) -> Path:
    """A register of CSV files: the sound rows, with other lines for the tables named."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in (SOUND | lines).items():
        text = "\n".join([header(table), *rows]) + "\n"
        (folder / f"{table}.csv").write_bytes(text.encode())
    return folder


def rows_of(folder: Path, table: str) -> list[tuple[Any, ...]]:
    """The admitted rows of a table, sorted."""
    return sorted(pl.read_parquet(folder / table / "*.parquet").rows())


def everything(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All admitted rows."""
    return {table: rows_of(folder, table) for table in SOUND}


def set_aside(file: Path) -> list[dict[str, str]]:
    """The rows of set_aside.csv."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
