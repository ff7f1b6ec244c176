"""Synthetic registers: Denmark as it might be, from a seed; the same seed gives the same files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from tilsyn.errors import InputError
from tilsyn.register import coverage
from tilsyn.register.coding import ALWAYS_KNOWN, OPEN_END
from tilsyn.register.synthetic import events, reform
from tilsyn.register.synthetic.faults import Planted, plant
from tilsyn.register.synthetic.model import Ints, Model, load
from tilsyn.register.synthetic.spells import draw
from tilsyn.register.writing import Format, RegisterWriter
from tilsyn.vocabulary import MonthRange

CHUNK_PERSONS = 50_000
"""Persons made at a time; bounds the memory. Each chunk has its own source of chance."""

LEAD_MONTHS = 12
"""The register begins so many months before the first that is measured."""

_ORDER = {
    "spells": "start",
    "conversations": "held",
    "offers": "start",
    "hours": "month",
    "exemptions": "start",
    "duties": "start",
}


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: rows by table, and the bad rows planted by table and reason."""

    rows: dict[str, int]
    planted: Planted = field(default_factory=dict)


def make(
    folder: Path,
    persons: int,
    months: MonthRange,
    seed: int = 1,
    *,
    format: Format = "parquet",
    municipality: str | None = None,
    faults: int = 0,
    progress: Callable[[int], None] = lambda _persons: None,
) -> Made:
    """Make a register.

    Args:
        folder: to be made; must not exist or be empty.
        persons: how many may have a spell (some of them have none in these months).
        months: what can be measured of it; the register begins `LEAD_MONTHS` before and ends with
            the last.
        seed: of all chance; the same seed and numbers give the same files, byte for byte.
        format: of the files.
        municipality: a code, if everyone shall live there.
        faults: bad rows of every kind to plant.
        progress: told the persons made, again and again.

    Raises:
        InputError: `folder` is not empty or cannot be written; a number is out of bounds.
    """
    if persons < 1 or faults < 0 or seed < 0:
        raise InputError("persons must be at least 1, seed and faults at least 0")
    model = load()
    # The windows of the first month's measures reach this far back.
    begin_on = (months.first - LEAD_MONTHS).first
    first, last = _day(begin_on), _day(months.last.last)
    habits = np.random.default_rng([seed, 0])
    spread = len(model.municipalities)
    talks = habits.lognormal(0, model.one["local_conversations"], spread)
    given = habits.lognormal(0, model.one["local_offers"], spread)
    teams = habits.lognormal(
        0, model.reform["spread"], (2, spread, int(model.reform["teams"]))
    )  # how many they exempt, how often the first conversation is late
    rows: dict[str, int] = {}
    try:
        with RegisterWriter(folder, format) as writer:
            for begin in range(0, persons, CHUNK_PERSONS):
                numbers = np.arange(begin, min(begin + CHUNK_PERSONS, persons))
                rng = np.random.default_rng([seed, 1 + begin // CHUNK_PERSONS])
                home = int(municipality) if municipality else None
                tables = _chunk(rng, numbers, first, last, (talks, given, teams), model, home)
                writer.write(tables, _names(numbers, seed))
                for name, columns in tables.items():
                    rows[name] = rows.get(name, 0) + len(columns["person"])
                progress(len(numbers))
        covered = [municipality] if municipality else "all"
        coverage.write(folder, covered, begin_on, months.last.last)
        planted = plant(folder, format, faults) if faults else {}
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror or error})", file=folder) from None
    return Made(rows, planted)


def _day(day: object) -> int:
    return int((np.datetime64(str(day)) - np.datetime64("1970-01-01")).astype(int))


def _names(numbers: Ints, seed: int) -> pa.Array:
    """Twelve hexadecimal digits that tell nothing: a one-to-one scramble of the numbers."""
    mixed = ((numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4B)) & np.uint64(
        (1 << 48) - 1
    )
    mixed ^= np.uint64(seed * 0x5DEECE66D & ((1 << 48) - 1))
    return pa.array([f"{name:012x}" for name in mixed.tolist()], pa.string())


def _chunk(
    rng: np.random.Generator,
    numbers: Ints,
    first: int,
    last: int,
    habits: tuple[np.ndarray, np.ndarray, np.ndarray],
    model: Model,
    home: int | None,
) -> dict[str, events.Columns]:
    spells = draw(rng, numbers, first, last, model, home)
    seen = replace(spells, end=np.minimum(spells.end, last), person=spells.person - numbers[0])
    place = np.searchsorted(model.municipalities, seen.municipality)
    talks, given = (habit[place] for habit in habits[:2])
    tables: dict[str, events.Columns] = {
        "spells": {
            "person": seen.person,
            "municipality": seen.municipality,
            "grp": seen.grp,
            "visitation": seen.visitation,
            "start": seen.start,
            "end": np.where(spells.end > last, OPEN_END, spells.end),
        },
        "conversations": events.conversations(rng, seen, last, talks, model),
        "offers": events.offers(rng, seen, last, given, model),
        "hours": events.hours(rng, seen, model),
        "exemptions": events.exemptions(rng, seen, last, model),
    }
    # Drawn last, so that what was there before the reform stays as it was.
    team = rng.integers(0, habits[2].shape[2], len(seen))
    exempt, late = habits[2][:, place, team]
    more = reform.of_spells(rng, seen, model)
    tables["spells"] = {**tables["spells"], **more}
    tables["duties"] = reform.duties(rng, seen, last, model)
    tables["exemptions"] = _joined(
        {
            **tables["exemptions"],
            **_nothing_decided(len(tables["exemptions"]["person"])),
        },
        reform.decided(rng, seen, last, model.reform["exempted"] * exempt, team, model),
    )
    tables["conversations"] = _joined(
        tables["conversations"],
        reform.first_conversations(
            rng, seen, more["takeover"], last, 1 - (1 - model.reform["first_in_time"]) * late, model
        ),
    )
    return {name: _sorted(columns, _ORDER[name]) for name, columns in tables.items()}


def _nothing_decided(rows: int) -> events.Columns:
    """The optional columns of statutory exemptions."""
    return {
        "reason": np.zeros(rows, np.int64),
        "decided": np.full(rows, ALWAYS_KNOWN),
        "decided_by": np.full(rows, "", dtype=object),
    }


def _joined(some: events.Columns, more: events.Columns) -> events.Columns:
    return {name: np.concatenate([some[name], more[name]]) for name in some}


def _sorted(columns: events.Columns, by: str) -> events.Columns:
    order = np.argsort(columns[by], kind="stable")
    return {name: values[order] for name, values in columns.items()}
