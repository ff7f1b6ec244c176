"""How long disclosure control takes for a country: one month, all supervisory tables, all areas.

Writes its section of ``docs/benchmarks.md``. Run: ``python -m bench.disclosure``.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import polars as pl

from bench.country import country
from bench.page import put
from tilsyn.protection import Discretion, audit, known_by_neighbours, protected

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


def section() -> list[str]:
    """The section's text."""
    figures = country()
    printed = as_the_agency_prints(figures)
    found, printed_seconds = timed(lambda: audit(printed, discretion=Discretion(3, "shown")))
    made, protect_seconds = timed(lambda: protected(figures))
    open_, own_seconds = timed(lambda: audit(made.figures))
    inside, inside_seconds = timed(lambda: known_by_neighbours(made.figures, figures), runs=1)
    counts = [one for one in found if one.figure.statistic != "share"]
    known = sum(one.exact for one in counts)
    hidden = made.hidden
    return [
        f"A made-up country, one month, four measures, 98 municipalities and 17 areas: "
        f"{figures.height} figures. {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; medians of {RUNS}, seconds. Two threads; where other work "
        f"shares the machine (load {os.getloadavg()[0]:.1f} when it ended), half the processor's seconds tell more.",
        "",
        "| | clock | processor | |",
        "|---|---|---|---|",
        f"| audit, small counts hidden and nothing else | {printed_seconds} | "
        f"{known} of {len(counts)} hidden counts computed |",
        f"| protect (fast) | {protect_seconds} | {hidden['primary']} small counts, "
        f"{hidden['complementary']} more ({hidden['complementary'] / hidden['primary']:.2f} each), "
        f"{hidden['share']} shares |",
        f"| audit of what was protected | {own_seconds} | "
        f"{sum(one.exact for one in open_)} of {len(open_)} hidden cells computed |",
        f"| the same with the eyes of each municipality (once) | {inside_seconds} | "
        f"{len(inside)} hidden counts computed |",
    ]


def main() -> None:
    """Write the section, beside those of others."""
    put("Disclosure control", section())


if __name__ == "__main__":
    main()
