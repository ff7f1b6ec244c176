"""How long outlooks take, and what they are worth on registers whose future is known.

Writes its section of ``docs/benchmarks.md``. Run: ``python -m bench.outlook WORK``. The folder gets
municipalities' registers; with ``--country STORE`` (the store ``python -m bench`` makes) the 98
municipalities of a country are timed too.
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

PERSONS, REGISTERS = 30_000, 3
"""Persons of a municipality over six years, and how many such registers the back-test has."""

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
    asked.add_argument("--registers", type=int, default=REGISTERS)
    options = asked.parse_args()
    asked_for = [options.work / f"municipality-{seed + 1}" for seed in range(options.registers)]
    stores = [_store(folder, seed + 1) for seed, folder in enumerate(asked_for)]
    one = stores[0]
    of_one = ("--municipality", "183", "--on", TODAY)
    tilsyn("outlook", one, *of_one, "--simulations", 1)  # compiled, once
    runs = sorted((tilsyn("outlook", one, *of_one) for _ in range(5)), key=lambda run: run.clock)
    timed = {"one municipality (median of 5)": runs[2]}
    if options.country:
        timed["98 municipalities"] = tilsyn("outlook", options.country, "--on", TODAY)
    lately = ("--municipality", "183", "--on", LATE, "--backtest", "--simulations", 200)
    trials = [json.loads(tilsyn("outlook", of, *lately).said)["backtest"] for of in stores]
    put("Outlooks", [*_times(timed), "", *_worth(trials)])


def _store(folder: Path, seed: int) -> Path:
    """A synthetic register as a store, made once."""
    store = folder / "store"
    if not store.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make(folder / "register", PERSONS, MONTHS, seed, municipality="183")
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


def _worth(trials: list[list[dict[str, Any]]]) -> list[str]:
    lines = [
        f"Back-test on {len(trials)} made-up register{'s' if len(trials) > 1 else ''} of a "
        f"municipality of {PERSONS:,} persons over six years, six outlooks each, all groups "
        "together; errors in percentage points. The interval should hold in 80 %.",
        "",
        "| measure | months ahead | trials | interval held | error | bias | error as last month "
        "| error as last year |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for rows in zip(*trials, strict=True):
        first = rows[0]
        if first["ahead"] not in AHEAD:
            continue
        count = sum(row["trials"] for row in rows)
        told = [
            sum(row[key] * row["trials"] for row in rows) / count
            for key in ("coverage", "error", "bias", "error_last_month", "error_last_year")
        ]
        lines.append(
            f"| {MEASURES[first['measure']].en} | {first['ahead']} | {count} | "
            f"{100 * told[0]:.0f} % | " + " | ".join(f"{n:.1f}" for n in told[1:]) + " |"
        )
    return lines


if __name__ == "__main__":
    main()
