"""How long the status notes take: one alone, and one for each municipality, on this machine.

    python -m bench.documents [--notes 98] [--processes 2] [--write]

Every municipality gets the figures of Ishøj's published note with the missing ones made up, its shares
moved a little, so that no picture is drawn twice. With --write the results go into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import polars as pl

from bench.page import put

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

FORMS = ("pdf", "docx", "xlsx")
LIMITS = {"one": 4.0, "all": 150.0}
"""Seconds, for one note and for 98 on two cores."""


def figures_of(code: str, place: int) -> pl.DataFrame:
    """A full note's figures for a municipality, a little different for each.

    Every count has `place` persons more and the population behind it too, so that shares and counts
    still agree and no picture is like another municipality's.
    """
    from tests.documents.ishoej_2023 import full

    from tilsyn.figures.table import rows, table
    from tilsyn.vocabulary import MUNICIPALITIES

    figures = list(rows(full()))
    printed = {f.cell: f.value for f in figures if f.statistic == "share"}
    moved = []
    for figure in figures:
        rar = figure.area_kind == "rar"
        area = MUNICIPALITIES[code].rar if rar else code
        value = figure.value
        share = printed.get(replace(figure, statistic="share").cell)
        counted = figure.statistic == "unmet" and value and share and not figure.visitation
        if counted and value and share:
            size = round(100 * value / share) + 3 * place
            moved.append(replace(figure, area=area, statistic="population", value=float(size)))
        if value and figure.statistic in ("unmet", "persons"):
            value += place
        elif value and figure.statistic == "share":
            value = min(value + place * 0.05, 100)
        moved.append(replace(figure, area=area, value=value, status=figure.status))
    return table(moved)


def made(place: int) -> dict[str, bytes]:
    """All forms of one municipality's note."""
    import datetime as dt

    from tilsyn.documents.contents.kinds import KINDS
    from tilsyn.documents.facts import CourseFacts
    from tilsyn.documents.production import produce
    from tilsyn.documents.renderers import render
    from tilsyn.protection import Audience, for_audience
    from tilsyn.rules import shipped
    from tilsyn.vocabulary import MUNICIPALITIES

    day = dt.date(2023, 12, 1)
    code = MUNICIPALITIES.codes[place % len(MUNICIPALITIES)]
    note = produce(
        KINDS["note"],
        for_audience(figures_of(code, place), Audience.of(code), on=day),
        municipality=code,
        on=day,
        facts=CourseFacts(date=day),
        catalogue=shipped(),
    )
    return {form: render(note, form) for form in FORMS}


def sizes(place: int) -> int:
    """The bytes of a note's forms (a process hands back no more than that)."""
    return sum(map(len, made(place).values()))


def one_command() -> float:
    """Seconds for `tilsyn note` on the published sample, from the shell's start to its end."""
    sample = ROOT / "src/tilsyn/samples/ishoej-2023-11"
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        subprocess.run(
            [
                Path(sys.executable).parent / "tilsyn", "note", "--source", sample / "tables.csv",
                "--source", sample / "statements.csv", "-m", "Ishøj", "--on", "2023-12-01",
                "--out", folder, "--format", ",".join(FORMS),
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        return time.perf_counter() - begun


def processor_seconds() -> float:
    """What the processes that have ended took of the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def machine() -> str:
    """What this machine is."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    name = found[1] if found else platform.processor() or platform.machine()
    return (
        f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    )


def main() -> None:
    """Measure, print, and write if asked to."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--notes", type=int, default=98)
    reader.add_argument("--processes", type=int, default=2)
    reader.add_argument("--write", action="store_true")
    asked = reader.parse_args()

    busy = os.getloadavg()[0]
    alone = min(one_command() for _ in range(3))
    alone_used = processor_seconds() / 3
    begun = time.perf_counter()
    with ProcessPoolExecutor(asked.processes) as pool:
        whole = sum(pool.map(sizes, range(asked.notes)))
    batch = time.perf_counter() - begun
    batch_used = processor_seconds() - 3 * alone_used
    same = made(0)["pdf"] == made(0)["pdf"]

    allowed = LIMITS["all"] * asked.notes / 98
    cores = min(asked.processes, os.cpu_count() or 1)
    lines = [
        "## Status notes",
        "",
        f"`python -m bench.documents`: {machine()}; load {busy:.1f} from other work when it began, so "
        "the processor's seconds tell more than the clock's: on an idle machine a batch takes about "
        "its processor seconds divided by the cores.",
        "",
        "| what | clock | processor | to reach | clock ÷ goal | processor per core ÷ goal |",
        "|---|---|---|---|---|---|",
        "| one status note by command: start, read, judge, 8 pictures, PDF + Word + Excel (best of 3) "
        f"| {alone:.1f} s | {alone_used:.1f} s | {LIMITS['one']:.0f} s | {alone / LIMITS['one']:.2f} "
        f"| {alone_used / LIMITS['one']:.2f} |",
        f"| {asked.notes} full status notes (14 figures, 12 pictures, PDF + Word + Excel), "
        f"{asked.processes} processes, {whole / 1e6:.0f} MB | {batch:.0f} s | {batch_used:.0f} s "
        f"| {allowed:.0f} s | {batch / allowed:.2f} | {batch_used / cores / allowed:.2f} |",
        "",
        f"A second PDF is the same byte for byte: {'yes' if same else 'no'}.",
        "",
    ]
    print("\n".join(lines))  # noqa: T201
    if asked.write:
        put(lines[0].removeprefix("## "), lines[2:])


if __name__ == "__main__":
    main()
