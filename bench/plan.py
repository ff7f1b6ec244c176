"""How long a call-in plan takes for a municipality of 5,000 recipients, and how good it is.

Writes its section of ``docs/benchmarks.md``. Run: ``python -m bench.plan``.
"""

from __future__ import annotations

import csv
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.page import put
from tilsyn.planning import record

PERSONS, TEAMS, BOOKED = 30_000, 6, 300
FIRST = "2023-07-03"
GOAL_SECONDS, GOAL_GAP = 15.0, 0.01

CASES = (
    ("one unit, plenty of room", 1, 400, 80),
    ("one unit, room for about half", 1, 150, 40),
    ("six teams, room for most", 6, 300, 60),
    ("six teams, too little room: what would help is looked for", 6, 60, 12),
)
"""What it is called, units, conversations and offers a week, all units together."""


@dataclass(frozen=True)
class Run:
    """One plan: seconds by the clock and of the processor, start-up and all files included."""

    clock: float
    processor: float
    made: record.PlanRecord


def store(folder: Path) -> Path:
    """A made-up municipality with teams and bookings, loaded."""
    register, target = folder / "register", folder / "store"
    tilsyn("register", "make", register, "--persons", PERSONS, "--from", "2021-01", "--to",
           "2023-12", "--seed", 7, "-m", "Ishøj", "--format", "csv")  # fmt: skip
    with (register / "spells.csv").open(encoding="utf-8") as file:
        persons = list(dict.fromkeys(row["person"] for row in csv.DictReader(file)))
    with (register / "caseworkers.csv").open("w", encoding="utf-8") as file:
        file.write("person,team,caseworker,start,end\n")
        file.writelines(
            f"{p},team {n % TEAMS + 1},A. A.,2020-01-01,\n" for n, p in enumerate(persons)
        )
    with (register / "bookings.csv").open("w", encoding="utf-8") as file:
        file.write("person,date,type,status\n")
        for n, person in enumerate(persons[-BOOKED:]):
            file.write(
                f"{person},2023-07-{5 + n % 20:02d},4,{'no_show' if n % 9 == 0 else 'booked'}\n"
            )
    tilsyn("register", "load", register, "--store", target, "--set-aside", folder / "aside.csv")
    return target


def tilsyn(*arguments: object) -> None:
    """Run the command as a user does."""
    command = [sys.executable, "-c", "from tilsyn.cli.main import run; run()", *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run(of: Path, folder: Path, units: int, conversations: int, offers: int) -> Run:
    """Make a plan by command."""
    capacity, out = folder / "capacity.toml", folder / "plan"
    names = [f'team = "team {n + 1}"\n' for n in range(units)] if units > 1 else [""]
    capacity.write_text(
        "".join(
            f"[[unit]]\n{name}conversations_per_week = {conversations // units}\n"
            f"offers_per_week = {offers // units}\n"
            for name in names
        )
    )
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    tilsyn("plan", of, "-m", "Ishøj", "--from", FIRST, "--weeks", 26, "--capacity", capacity,
           "--goal", "focus", "--out", out)  # fmt: skip
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(clock, used, record.read(out))


def section() -> list[str]:
    """The section's text."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        of = store(Path(name))
        for number, (what, units, conversations, offers) in enumerate(CASES):
            folder = Path(name) / str(number)
            folder.mkdir()
            found = run(of, folder, units, conversations, offers)
            plan = found.made.figures
            rows.append(
                f"| {what} | {found.clock:.1f} | {found.processor:.1f} | "
                f"{100 * plan.gap:.2f} % | {plan.conversations:,} | {plan.offers:,} | "
                f"{plan.over} |"
            )
    load = os.getloadavg()[0]
    return [
        f"`python -m bench.plan`: a made-up municipality, {PERSONS:,} persons over three years (about "
        f"5,000 of them recipients on the day), 26 weeks, goal `focus`, {BOOKED} bookings; the whole "
        f"command with start-up, charts and files, and what would help where a line is not held. To "
        f"reach: {GOAL_SECONDS:.0f} s with a gap of {100 * GOAL_GAP:.0f} %. {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}; load {load:.1f} as it ended, so "
        f"the processor's seconds tell more than the clock's.",
        "",
        "| room | clock, s | processor, s | gap | conversations | offers | persons over a line |",
        "|---|---|---|---|---|---|---|",
        *rows,
    ]


def main() -> None:
    """Write the section, beside those of others."""
    put("Call-in plans", section())


if __name__ == "__main__":
    main()
