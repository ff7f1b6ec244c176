"""Follow one datum through the program and count the modules it passes: `python -m docs.walk`.

A module is passed where one of its functions returns the datum, in whatever shape. Three
walks: a spell to the sentence of a letter, a printed cell to a verdict, a person to a planned week.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import FrameType
from typing import Any

os.environ["NUMBA_DISABLE_JIT"] = "1"  # compiled functions are not seen

import numpy as np
import polars as pl
import pyarrow as pa
from pydantic import BaseModel

import tilsyn
from tilsyn.cli.main import program
from tilsyn.protection.keys import TEST_KEY, VARIABLE

PACKAGE = str(Path(tilsyn.__file__).parent)
LARGEST = 5000
"""Larger tables and arrays are not looked into."""
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>")
"""Functions in Python 3.11 only; they are part of the function they stand in."""


class Walk:
    """The modules whose functions return any of some values, in the order in which they first do."""

    def __init__(self, *datum: object) -> None:
        self.numbers = {Fraction(str(v)) for v in datum if isinstance(v, int | float)}
        self.others = {v for v in datum if not isinstance(v, int | float)}
        self.modules: list[str] = []

    def __enter__(self) -> Walk:
        threading.setprofile(self._seen)
        sys.setprofile(self._seen)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def _seen(self, frame: FrameType, event: str, returned: Any) -> None:
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        if event != "return" or not file.startswith(PACKAGE) or name in COMPREHENSIONS:
            return
        module = file.removeprefix(PACKAGE + "/").removesuffix(".py")
        if module not in self.modules and self._holds(returned):
            self.modules.append(module)

    def _holds(self, thing: Any, depth: int = 5) -> bool:
        if isinstance(thing, bool) or thing is None:
            return False
        if isinstance(thing, float | np.floating):
            # As printed: 23.7 is no binary fraction, and so equals no exact one.
            return math.isfinite(thing) and Fraction(str(float(thing))) in self.numbers
        if isinstance(thing, int | Fraction | Decimal | np.integer):
            return thing in self.numbers
        if isinstance(thing, str | dt.date):
            return thing in self.others
        return depth > 0 and any(self._holds(part, depth - 1) for part in _parts(thing))


def _parts(thing: Any) -> Iterator[Any]:
    """What a thing is made of, as far as it is looked into."""
    match thing:
        case np.ndarray():
            yield from thing.ravel().tolist() if thing.size <= LARGEST else ()
        case pl.DataFrame():
            yield from (v for row in thing.rows() for v in row) if thing.height <= LARGEST else ()
        case pa.Table():
            yield from _parts(pl.DataFrame(thing)) if thing.num_rows <= LARGEST else ()
        case dict():
            yield from (*thing.keys(), *thing.values())
        case list() | tuple() | set() | frozenset():
            yield from thing
        case BaseModel():
            yield from thing.__dict__.values()
        case _ if is_dataclass(thing) and not isinstance(thing, type):
            yield from (getattr(thing, f.name, None) for f in fields(thing))


def run(*words: str | Path) -> None:
    """The command, in this process."""
    program(str(words[0]))([str(word) for word in words], standalone_mode=False)


START, PERSONS = dt.date(2022, 8, 17), 37


NOTHING_ELSE = ("--empty", "offers", "--empty", "hours", "--empty", "exemptions")


def _register(folder: Path, people: Sequence[tuple[str, dt.date]]) -> Path:
    """Persons on sygedagpenge in Ishøj since a day, without a conversation."""
    register = folder / "register"
    register.mkdir()
    _write(
        register / "spells.csv",
        ["person", "municipality", "group", "visitation", "start", "end"],
        [(person, "183", "sygedagpenge", "", start, "") for person, start in people],
    )
    _write(register / "conversations.csv", ["person", "held", "type", "registered"], [])
    return register


def spell_to_sentence(folder: Path) -> Walk:
    """37 persons of one beginning, on sygedagpenge without a conversation, to the notice about them."""
    cohorts = {dt.date(2022, 6, 3): 31, dt.date(2022, 7, 5): 29, START: PERSONS}
    people = [start for start, size in cohorts.items() for _ in range(size)]
    register = _register(folder, [(f"p{n}", start) for n, start in enumerate(people)])
    days = (START - dt.date(1970, 1, 1)).days
    facts = folder / "facts.toml"
    facts.write_text(
        'date = 2023-04-15\nreference = "23/1"\naddressee = "Jobcenterchefen"\n'
        'follow_up = "2023-07..2023-09"\nrestore_by = "2023-10"\n'
    )
    with Walk(START, str(START), days, PERSONS) as walk:
        run(
            *("measure", register, "--from", "2022-12", "--to", "2023-02"),
            *("--known-on", "2023-04-15", "--published", "2023-04-15", "--out", folder / "release"),
            *NOTHING_ELSE,
        )
        run(
            *("letter", "notice", "--source", folder / "release", "-m", "Ishøj"),
            *(
                "--on",
                "2023-04-15",
                "--facts",
                facts,
                "--format",
                "html",
                "--out",
                folder / "letters",
            ),
        )
    return walk


def cell_to_verdict(folder: Path) -> Walk:
    """The share 23,7 of a letter's table to the judgement on it."""
    table = folder / "table.txt"
    table.write_text(
        "Hedensted\nAndel personer (6 mdr. på ydelse), som har fået færre end 4 samtaler\n"
        "\tDecember 2021\tJanuar 2022\tFebruar 2022\nSygedagpenge\t23,7\t25,0\t30,0\n\n"
        "Antal personer (6 mdr. på ydelse), som har fået færre end 4 samtaler\n"
        "\tDecember 2021\tJanuar 2022\tFebruar 2022\nSygedagpenge\t18\t20\t27\n"
    )
    with Walk("23,7", "23.7", 23.7) as walk:
        run("figures", "read", table, "--published", "2022-05-01", "--into", folder / "release")
        run(
            "judge", folder / "release", "--on", "2022-05-15", "-m", "Hedensted", "--format", "json"
        )
    return walk


def person_to_week(folder: Path) -> Walk:
    """A person who is on sygedagpenge since a day to the week they are called in."""
    register = _register(folder, [("the-person", START)])
    capacity = folder / "capacity.toml"
    capacity.write_text("[[unit]]\nconversations_per_week = 5\noffers_per_week = 1\n")
    days = (START - dt.date(1970, 1, 1)).days
    with Walk("the-person", START, days) as walk:
        run(
            *("register", "load", register, "--store", folder / "store"),
            *NOTHING_ELSE,
        )
        run(
            *("plan", folder / "store", "-m", "Ishøj", "--from", "2022-11-07", "--weeks", "14"),
            *("--capacity", capacity, "--goal", "early", "--out", folder / "plan"),
        )
    return walk


def _write(file: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([head, *rows])


WALKS: dict[str, Callable[[Path], Walk]] = {
    "a spell to a letter's sentence": spell_to_sentence,
    "a printed cell to a verdict": cell_to_verdict,
    "a person to a planned week": person_to_week,
}

if __name__ == "__main__":
    for title, walk in WALKS.items():
        with tempfile.TemporaryDirectory() as folder:
            # Nothing is kept ready of an earlier walk.
            os.environ["DATA_DIR"] = str(Path(folder) / "data")
            os.environ[VARIABLE] = str(TEST_KEY)
            passed = walk(Path(folder)).modules
        sys.stdout.write(
            f"{title}: {len(passed)} modules\n" + "".join(f"  {name}\n" for name in passed)
        )
