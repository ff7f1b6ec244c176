"""Run the benchmarks and write ``docs/benchmarks.md``.

Steps take turns in rounds, each in a process of its own; medians are compared.

``python -m bench WORK [--persons N] [--rounds N] [--out FILE]``
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

from bench.page import PAGE, put
from bench.registers import prepare, smaller
from bench.report import report

ORDER = (
    "read", "measure", "release", "month", "loading", "correct", "conversations", "polars",
    "sample", "sqlite", "municipality",
)  # fmt: skip
Results = dict[str, dict[str, float]]


def timed(name: str, work: Path) -> dict[str, float]:
    """Run a step in a process of its own."""
    command = [sys.executable, "-m", "bench.steps", name, str(work)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    sys.stderr.write(f"{name:16}{found['seconds']:9.2f} s {found['peak'] / 1e9:6.2f} GB\n")
    return found


def main() -> None:
    """Prepare, run in rounds, report."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("work", type=Path, help="folder for registers and stores (20 GB)")
    asked.add_argument("--persons", type=int, default=2_200_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--out", type=Path, default=PAGE)
    options = asked.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    prepare(options.work, options.persons)
    sizes = {n: smaller(options.work, options.persons // n) for n in (4, 2)}
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for _ in range(options.rounds):
        for name in ORDER:
            found[name].append(timed(name, options.work))
        for n, work in sizes.items():
            found[f"measure/{n}"].append(timed("measure", work))
    results: Results = {
        name: {key: median(run[key] for run in runs) for key in ("seconds", "peak")}
        for name, runs in found.items()
    }
    lines = report(results, options.work, options.persons, options.rounds)
    sys.stdout.write("\n".join([*lines, ""]))
    put("From a register to figures", lines, page=options.out)


if __name__ == "__main__":
    main()
