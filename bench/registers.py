"""The registers that are measured: made once in a work folder, and used again."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from tilsyn.register.coding import TABLES
from tilsyn.register.door import admit
from tilsyn.register.store import load
from tilsyn.register.synthetic import make
from tilsyn.vocabulary import MonthRange, YearMonth

MONTHS = MonthRange(YearMonth(2015, 1), YearMonth(2024, 12))
SAMPLE, ONE = 20, 25_000
"""SQLite is asked about one in so many persons; a municipality has so many persons."""


def prepare(work: Path, persons: int) -> None:
    """Make the country's register, store and corrections, the sample and one municipality."""
    _country(work, persons)
    if not (work / "corrections").exists():
        _some(work / "admitted", work / "corrections", 100)
    for name, one_in in (("sample", SAMPLE), ("warm", 5000)):
        if not (work / name).exists():
            _some(work / "admitted", work / f"{name}-rows", one_in)
            load(work / f"{name}-rows", work / name)
    if not (work / "one").exists():
        months = MonthRange(YearMonth(2022, 1), YearMonth(2024, 12))
        make(work / "one", ONE, months, format="csv", municipality="183")


def _country(work: Path, persons: int) -> None:
    if not (work / "register").exists():
        make(work / "register", persons, MONTHS, format="parquet")
    if not (work / "admitted").exists():
        admit(work / "register", work / "admitted")
    if not (work / "store").exists():
        load(work / "admitted", work / "store")


def smaller(work: Path, persons: int) -> Path:
    """A country of fewer persons, for growth; returns its work folder."""
    folder = work / f"of-{persons}"
    folder.mkdir(exist_ok=True)
    _country(folder, persons)
    if not (folder / "warm").exists():
        (folder / "warm").symlink_to((work / "warm").resolve())
    return folder


def _some(admitted: Path, into: Path, one_in: int) -> None:
    """The rows of one in so many persons."""
    spells = pq.read_table(admitted / "spells", columns=["person"])
    chosen = pc.unique(spells.column("person"))[::one_in]
    for table in TABLES:
        (into / table).mkdir(parents=True, exist_ok=True)
        rows = pq.read_table(admitted / table)
        pq.write_table(
            rows.filter(pc.is_in(rows.column("person"), chosen)), into / table / "0.parquet"
        )
