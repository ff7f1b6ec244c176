"""Small synthetic registers as stores, for tests of the outlook."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tilsyn.register.door import admit
from tilsyn.register.store import Store, load
from tilsyn.register.synthetic import make
from tilsyn.vocabulary import MonthRange

MONTHS = MonthRange.parse("2022-01..2023-12")


@cache
def synthetic(persons: int, municipality: str | None, seed: int = 1) -> Store:
    """A register's store, made once a run of the tests."""
    folder = Path(mkdtemp(prefix="tilsyn-outlook-"))
    make(folder / "register", persons, MONTHS, seed, municipality=municipality)
    admit(folder / "register", folder / "admitted")
    return load(folder / "admitted", folder / "store")
