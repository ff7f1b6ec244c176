"""98 notices as PDF and Word: the wall time of the whole batch, with its processes started.

Run it with `python -m bench.notices [WORKERS]`. The figures are one municipality's published ones
under all 98 names, so that every municipality is flagged.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import time
from importlib.resources import as_file, files
from pathlib import Path

import polars as pl

from bench.documents import machine
from bench.page import put
from tilsyn.documents.batch import Order, batch
from tilsyn.figures.reading import read_published
from tilsyn.protection import Door
from tilsyn.vocabulary import MUNICIPALITIES
from tilsyn.work.spreading import Processes

LIMIT = 12.0
"""Seconds the batch may take."""

DAY = dt.date(2022, 5, 15)


def everywhere() -> pl.DataFrame:
    """One municipality's figures under all names."""
    with as_file(files("tilsyn.samples").joinpath("hedensted-2022-05", "tables.csv")) as file:
        one = read_published(file).figures
    return pl.concat(
        one.with_columns(pl.lit(municipality.code).alias("area")) for municipality in MUNICIPALITIES
    )


def main(workers: int) -> float:
    """The seconds the batch takes."""
    door = Door(everywhere())
    with tempfile.TemporaryDirectory() as folder:
        order = Order("notice", DAY, Path(folder))
        begun = time.perf_counter()
        outcomes = list(batch(order, door, MUNICIPALITIES.codes, engine=Processes(workers)))
        seconds = time.perf_counter() - begun
        assert {outcome.result for outcome in outcomes} == {"written"}
        assert len(list(Path(folder).iterdir())) == 2 * len(MUNICIPALITIES)
    return seconds


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else os.cpu_count() or 1
    taken = main(count)
    told = f"98 notices, PDF and Word, {count} processes: {taken:.1f} s (to reach: {LIMIT:.0f} s)."
    put("Notices", [f"{machine()}. {told}"])
    sys.stdout.write(f"{told}\n")
    sys.exit(taken > LIMIT)
