"""How long disclosure control takes for a country, and what attackers who know the program find.

Writes its section of ``docs/benchmarks.md``. Run: ``python -m bench.disclosure [STORE]``; with a store (the one
``python -m bench`` makes) a month measured from it is protected, else a made-up table. The replay attack takes hours:
``--tables 500`` is the whole run, ten are the default.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import polars as pl

from bench.country import country
from bench.page import put
from tilsyn.figures.release import read
from tilsyn.protection import (
    Discretion,
    Parameters,
    audit,
    known_by_neighbours,
    protected,
)
from tilsyn.protection.keys import TEST_KEY

RUNS = 3
T = TypeVar("T")


def as_the_agency_prints(figures: pl.DataFrame) -> pl.DataFrame:
    """Counts of 1 and 2 as ".", shares to one decimal, nothing else hidden."""
    share = pl.col("statistic") == "share"
    gone = ~share & pl.col("value").is_between(1, 2)
    printed = pl.when(share).then((pl.col("value") * 10 + 0.5).floor() / 10)
    figures = figures.with_columns(
        pl.when(gone).then(None).otherwise(printed.otherwise(pl.col("value"))).alias("value"),
        pl.when(gone).then(pl.lit("suppressed")).otherwise(pl.col("status")).alias("status"),
    )
    zero = pl.col("value") == 0
    return figures.with_columns(
        pl.when(zero).then(pl.lit("zero")).otherwise(pl.col("status")).alias("status")
    )


def timed(work: Callable[[], T], runs: int = RUNS) -> tuple[T, str]:
    """The result, and the medians of a few runs: seconds of the clock, and of the processor."""
    clock, processor = [], []
    for _ in range(runs):
        start, busy = time.perf_counter(), time.process_time()
        result = work()
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - busy)
    return result, f"{statistics.median(clock):.1f} | {statistics.median(processor):.1f}"


def measured(store: Path, month: str) -> pl.DataFrame:
    """A month measured from a store, exact."""
    with TemporaryDirectory() as folder:
        into = Path(folder) / "measured"
        told = ["measure", str(store), "--from", month, "--to", month, "--out", str(into)]
        run = "from tilsyn.cli.main import run; run()"
        subprocess.run([sys.executable, "-c", run, *told], check=True)
        return read(into).figures


def section(figures: pl.DataFrame, tables: int) -> list[str]:
    """The section's text."""
    key = Parameters(key=TEST_KEY)
    printed = as_the_agency_prints(figures)
    found, printed_seconds = timed(lambda: audit(printed, discretion=Discretion(3, "shown")), 1)
    protected(figures.head(0), parameters=key)
    made, protect_seconds = timed(lambda: protected(figures, parameters=key))
    failing = frozenset(made.broken)
    open_, own_seconds = timed(lambda: audit(made.figures, failing=failing), 1)
    inside, inside_seconds = timed(lambda: known_by_neighbours(made.figures, figures), runs=1)
    counts = [one for one in found if one.figure.statistic != "share"]
    known = sum(one.exact for one in counts)
    small = [
        one for one in open_ if one.exact and one.figure.statistic != "share" and 0 < one.low < 3
    ]
    hidden = made.hidden
    lines = [
        f"One month, {figures['measure'].n_unique()} measures, {figures.height:,} figures. "
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; medians of {RUNS} "
        f"(audits once), seconds; where other work shares the machine (load {os.getloadavg()[0]:.1f} when it "
        "ended), the processor's seconds tell more.",
        "",
        "| | clock | processor | |",
        "|---|---|---|---|",
        f"| audit, small counts hidden and nothing else | {printed_seconds} | "
        f"{known} of {len(counts)} hidden counts computed |",
        f"| protect | {protect_seconds} | {hidden['primary']} small counts, "
        f"{hidden['complementary']} more, {hidden['share']} shares; {hidden['already_public']} open to nobody, "
        f"{hidden['known_to_neighbours']} not seen to be open to every municipality |",
        f"| audit of what was protected | {own_seconds} | "
        f"{len(small)} small counts computed, of {len(open_)} hidden cells |",
        f"| the same with the eyes of each municipality | {inside_seconds} | "
        f"{len(inside)} small counts computed |",
        "",
        f"Replay: {tables} random tables of each kind, protected under one of 256 keys; every table that fits (up to 2,000, "
        "else met on a walk) is protected under all of them.",
        "",
        "| tables | secrets | one value alone | true value likelier than nine to one |",
        "|---|---|---|---|",
    ]
    attacks = import_module("tests.protection.attacks")
    for name in attacks.FRAMES:
        one = attacks.replayed(name, tables)
        lines.append(f"| {name} | {one.secrets} | {one.alone} | {one.likely} |")
    return lines


def main() -> None:
    """Write the section, beside those of others."""
    told = argparse.ArgumentParser()
    told.add_argument("store", nargs="?", type=Path)
    told.add_argument("--month", default="2023-08")
    told.add_argument("--tables", type=int, default=10)
    asked = told.parse_args()
    figures = measured(asked.store, asked.month) if asked.store else country()
    put("Disclosure control", section(figures, asked.tables))


if __name__ == "__main__":
    main()
