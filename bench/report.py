"""What the section says: the machine, the ratios asked for, and the seconds behind them."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from tilsyn.register.store import open_store

Results = dict[str, dict[str, float]]


def report(results: Results, work: Path, persons: int, rounds: int) -> list[str]:
    """The section, in Markdown."""
    s = {name: result["seconds"] for name, result in results.items()}
    generation = open_store(work / "store").generation
    rows = ", ".join(f"{count / 1e6:.1f} M {table}" for table, count in generation.rows.items())
    per_person = {n: s[f"measure/{n}"] * n / persons for n in (4, 2)} | {1: s["measure"] / persons}
    growth = max(per_person[2] / per_person[4], per_person[1] / per_person[4])
    full = s["loading"] + s["measure"]
    ratios = [
        ("120 months, five measures, areas and visitation, against reading", s["measure"] / s["read"], "at most 6"),
        ("the same with the release written, against reading", s["release"] / s["read"], "-"),
        ("peak memory, GB", results["release"]["peak"] / 1e9, "at most 3"),
        ("from date-ordered Parquet, load included, against reading", full / s["read"], "at most 20"),
        ("Polars streaming against conversations_12m alone", s["polars"] / s["conversations"], "at least 2.5"),
        ("SQLite by month against conversations_12m alone", s["sqlite"] / s["sample"], "at least 10"),
        ("one municipality, CSV to release, seconds", s["municipality"], "at most 3"),
        ("time per person, whole country against a quarter", growth, "at most 1.15"),
        ("one new month against 120", s["month"] / s["measure"], "at most 0.2"),
        ("1 % corrected persons against load and measure", s["correct"] / full, "at most 0.25"),
    ]  # fmt: skip
    return [
        "Written by `make bench`. Ratios are of medians within one run on one machine; the peers in",
        "`bench/peers` answer an easier question than the measures do (no accumulated seniority, no",
        "continuation between benefits, no exemptions). Reading is pyarrow reading the same columns",
        "of the same files with all its threads.",
        "",
        f"- Machine: {_processor()}, {os.cpu_count()} cores, {_memory():.0f} GB; "
        f"{platform.system()} {platform.machine()}",
        f"- Python {platform.python_version()}, "
        + ", ".join(
            f"{name} {version(name)}" for name in ("numba", "numpy", "pyarrow", "duckdb", "polars")
        ),
        f"- Register: {persons:,} persons; {rows}; {generation.buckets} buckets",
        f"- Rounds: {rounds}",
        "",
        "| what | measured | asked for |",
        "|---|---|---|",
        *(f"| {what} | {value:.2f} | {asked} |" for what, value, asked in ratios),
        "",
        "| step | seconds (median) | peak memory, GB |",
        "|---|---|---|",
        *(
            f"| {name} | {r['seconds']:.2f} | {r['peak'] / 1e9:.2f} |"
            for name, r in results.items()
        ),
        "",
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
