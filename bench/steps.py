"""The timed steps. Each runs in a process of its own and prints its seconds and peak memory.

``python -m bench.steps NAME WORK [ARGUMENTS]``
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from bench.peers import polars_streaming, sqlite_monthly
from tilsyn.measures import definitions, measurement
from tilsyn.measures.earlier import Earlier, earlier
from tilsyn.measures.plan import Plan
from tilsyn.measures.tabulation import Counts, blocks
from tilsyn.register.coding import TABLES
from tilsyn.register.store import Store, load, open_store
from tilsyn.vocabulary import MonthRange, YearMonth

MONTHS = MonthRange(YearMonth(2015, 1), YearMonth(2024, 12))
LAST = MonthRange(YearMonth(2024, 12), YearMonth(2024, 12))
YEAR = MonthRange(YearMonth(2024, 1), YearMonth(2024, 12))
DAY = dt.date(2025, 2, 1)


def plan(store: Store, months: MonthRange = MONTHS, *only: str) -> Plan:
    """What is measured: everything, or some measures."""
    defined = definitions.load()
    return measurement.plan_of(store, defined.only(*only) if only else defined, months)


def _tabulated(counts: Counts) -> int:
    return sum(block.num_rows for block in blocks(counts, release="bench", published=DAY))


def read(work: Path) -> Callable[[], object]:
    """The floor: pyarrow reads every column the measures read, with all its threads."""
    folder = open_store(work / "store").folder

    def run() -> None:
        for table in TABLES:
            pq.read_table(sorted(str(f) for f in folder.glob(f"*/{table}.parquet")))

    return run


def measure(work: Path) -> Callable[[], object]:
    """All five measures, 120 months, with visitation and areas."""
    store = open_store(work / "store")
    return lambda: _tabulated(measurement.measure(store, plan(store)))


def release(work: Path) -> Callable[[], object]:
    """The same, written as a release."""
    store, folder = open_store(work / "store"), work / "release"
    shutil.rmtree(folder, ignore_errors=True)

    def run() -> None:
        counts = measurement.measure(store, plan(store))
        measurement.write(counts, store, folder, published=DAY)

    return run


def month(work: Path) -> Callable[[], object]:
    """One new month."""
    store = open_store(work / "store")
    return lambda: _tabulated(measurement.measure(store, plan(store, LAST)))


def loading(work: Path) -> Callable[[], object]:
    """Date-ordered admitted Parquet becomes a store."""
    target = work / "loaded"
    shutil.rmtree(target, ignore_errors=True)
    return lambda: load(work / "admitted", target)


def correct(work: Path) -> Callable[[], object]:
    """One per cent of the persons are corrected and the release is updated."""
    target = work / "corrected"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(work / "store", target)

    def run() -> None:
        store = load(work / "corrections", target, update=True)
        wanted = plan(store)
        begun = earlier(work / "release", store, wanted)
        assert isinstance(begun, Earlier), begun
        _tabulated(measurement.measure(store, wanted, earlier=begun))

    return run


def conversations(work: Path) -> Callable[[], object]:
    """conversations_12m alone."""
    store = open_store(work / "store")
    return lambda: measurement.measure(store, plan(store, MONTHS, "conversations_12m"))


def polars(work: Path) -> Callable[[], object]:
    """The Polars peer."""
    folder = open_store(work / "store").folder
    return lambda: polars_streaming.counts(folder, MONTHS.first.index, MONTHS.last.index)


def sample(work: Path) -> Callable[[], object]:
    """conversations_12m alone, of the sample SQLite is asked about, over a year."""
    store = open_store(work / "sample")
    return lambda: measurement.measure(store, plan(store, YEAR, "conversations_12m"))


def sqlite(work: Path) -> Callable[[], object]:
    """The SQLite peer, on the sample, over a year; making the database is not timed."""
    con = sqlite_monthly.database(open_store(work / "sample").folder, work / "sample.sqlite")
    return lambda: sqlite_monthly.counts(con, YEAR.first.index, YEAR.last.index)


def municipality(work: Path) -> Callable[[], object]:
    """The command, from one municipality's CSV files to a release."""
    tilsyn = str(Path(sys.executable).parent / "tilsyn")
    shutil.rmtree(work / "one-release", ignore_errors=True)
    command = [
        tilsyn, "measure", str(work / "one"), "--from", "2022-01", "--to", "2024-12",
        "--out", str(work / "one-release"),
    ]  # fmt: skip
    return lambda: subprocess.run(command, check=True, capture_output=True, cwd=work)


STEPS = {
    step.__name__: step
    for step in (
        read, measure, release, month, loading, correct, conversations, polars, sample, sqlite,
        municipality,
    )
}  # fmt: skip


def _peak() -> int:
    """Bytes of memory this process has held at most (a child's maximum begins with its parent's)."""
    (line,) = (
        row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM")
    )
    return int(line.split()[1]) * 1024


def main() -> None:
    """Run one step."""
    name, work = sys.argv[1], Path(sys.argv[2])
    run = STEPS[name](work)
    if name not in ("loading", "polars", "sqlite", "municipality", "read"):
        measurement.measure(
            store := open_store(work / "warm"), plan(store, LAST)
        )  # load the kernel
    begin = time.perf_counter()
    run()
    seconds = time.perf_counter() - begin
    peak = _peak()
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": peak}) + "\n")


if __name__ == "__main__":
    main()
