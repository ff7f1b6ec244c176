"""How long outlooks take, and what they are worth on registers whose future is known.

Writes its section of ``docs/benchmarks.md``. Run: ``python -m bench.outlook WORK``. The folder gets a
municipality and a small country; with ``--country STORE`` (the store ``python -m bench`` makes) the
98 municipalities of a country of its size are timed too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.page import put
from tilsyn.register.door import admit
from tilsyn.register.store import load
from tilsyn.register.synthetic import make
from tilsyn.vocabulary import MEASURES, MonthRange

PERSONS, COUNTRY, SEED = 30_000, 450_000, 3
MONTHS = MonthRange.parse("2019-01..2024-12")
TODAY, LATE = "2023-12-31", "2024-12-31"
AHEAD = (1, 2, 3, 6, 9, 12)
SIMULATIONS = 1000


@dataclass(frozen=True)
class Run:
    """One command: seconds by the clock and of the processor, start-up included, and what it said."""

    clock: float
    processor: float
    peak: float
    said: str


def main() -> None:
    """Prepare, run, write the section."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("work", type=Path, help="folder for registers and stores (1 GB)")
    asked.add_argument("--country", type=Path, help="store of a country, to be timed")
    options = asked.parse_args()
    one = _store(options.work / "municipality", PERSONS, "183", 1)
    small = _store(options.work / "country", COUNTRY, None, SEED)
    of_one = ("--municipality", "183", "--on", TODAY)
    tilsyn("outlook", one, *of_one, "--simulations", 1)  # compiled, once
    timed = {"one municipality": tilsyn("outlook", one, *of_one)}
    if options.country:
        timed["98 municipalities"] = tilsyn("outlook", options.country, "--on", TODAY)
    trial = tilsyn("outlook", small, "--on", LATE, "--backtest", "--simulations", 200)
    put("Outlooks", [*_times(timed), "", *_worth(trial)])


def _store(folder: Path, persons: int, municipality: str | None, seed: int) -> Path:
    """A synthetic register as a store, made once."""
    store = folder / "store"
    if not store.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make(folder / "register", persons, MONTHS, seed, municipality=municipality)
        admit(folder / "register", folder / "admitted")
        load(folder / "admitted", store)
    return store


def tilsyn(*arguments: object) -> Run:
    """Run the command as a program does, in a process of its own."""
    text = [*map(str, arguments), "--format", "json"]
    command = [sys.executable, "-c", "from tilsyn.cli.main import run; run()", *text]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(clock, spent, after.ru_maxrss / 1e6, done.stdout)


def _recipients(run: Run) -> int:
    """Persons known to be in the last month's population of conversations: all recipients then."""
    rows = [
        row
        for row in json.loads(run.said)["outlook"]
        if row["measure"] == "conversations_12m" and row["group"] == "total"
    ]
    last = max(row["month"] for row in rows)
    return sum(row["known"] for row in rows if row["month"] == last)


def _times(timed: dict[str, Run]) -> list[str]:
    lines = [
        f"`python -m bench.outlook`: the whole command with its start-up, 12 months, four measures, "
        f"{SIMULATIONS} simulations. To reach: one municipality of 5,000 recipients 3 s, 98 "
        f"municipalities 90 s on two cores. {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}; load {os.getloadavg()[1]:.1f} while it ran, so the "
        "processor's seconds tell more than the clock's.",
        "",
        "| | recipients | clock, s | processor, s | peak memory, GB |",
        "|---|---|---|---|---|",
    ]
    for name, run in timed.items():
        lines.append(
            f"| {name} | {_recipients(run):,} | {run.clock:.1f} | {run.processor:.1f} | "
            f"{run.peak:.1f} |"
        )
    return lines


def _worth(trial: Run) -> list[str]:
    rows: list[dict[str, Any]] = json.loads(trial.said)["backtest"]
    lines = [
        f"Back-test on a made-up country of {COUNTRY:,} persons over six years: outlooks of every "
        "municipality on six days, all groups together, populations of ten and more; errors in "
        "percentage points. The interval should hold in 80 %.",
        "",
        "| measure | months ahead | trials | 80 % interval held | error | bias | error as last month "
        "| error as last year |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if row["ahead"] in AHEAD:
            numbers = [row[k] for k in ("error", "bias", "error_last_month", "error_last_year")]
            told = " | ".join("" if n is None else f"{n:.1f}" for n in numbers)
            lines.append(
                f"| {MEASURES[row['measure']].en} | {row['ahead']} | {row['trials']} | "
                f"{100 * row['coverage']:.0f} % | {told} |"
            )
    return lines


if __name__ == "__main__":
    main()
