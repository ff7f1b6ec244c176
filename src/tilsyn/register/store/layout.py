"""Where a store keeps what, and the records that say so.

A store is a folder of generations. A generation is written whole and never changed: buckets of
persons, in each bucket a Parquet file a table (rows sorted by person, then date) and the persons:
their pseudonyms and the last day of their spells, in the order of that day. Beside the buckets
lie the optional tables, where there are any. ``store.toml`` names the current generation and the
corrections laid over it; replacing that one small file is what makes a load take effect.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import tomli_w

from tilsyn.errors import InputError
from tilsyn.records import load_toml
from tilsyn.register.coding import NUMBERED, TABLES
from tilsyn.work.files import MINE, flush, put_whole

if TYPE_CHECKING:
    from tilsyn.figures.release import SetAside

FORMAT = 4
"""Version of the layout; a store of another version is made anew."""

STORE, GENERATION = "store.toml", "generation.toml"
PERSONS = "persons.parquet"
REPLACED = "replaced.parquet"

COLUMNS: dict[str, dict[str, pa.DataType]] = {
    table: {
        field.name: pa.int32() if field.name == "person" else field.type
        for field in schema
        if field.name == "person" or field.type != pa.string()
    }
    for table, schema in TABLES.items()
}
"""Columns of the stored tables that are measured: as admitted, with the person as index within the bucket."""

TEXTS: dict[str, tuple[str, ...]] = {
    table: tuple(f.name for f in schema if f.name != "person" and f.type == pa.string())
    for table, schema in TABLES.items()
}
"""Their columns of text, kept beside the others."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What a generation holds.

    Attributes:
        content: SHA-256 of everything in it; the same rows give the same.
        rows: by table.
        municipalities: codes that occur in spells, in order.
        lists: the code lists by which its numbers are to be read, by what they list.
        codes: SHA-256 of the code lists it was admitted with that were not the shipped ones.
        coverage: what the register says it covers (`tilsyn.register.coverage`); empty: it does not.
        set_aside: rows that were not loaded, by table and reason (`tilsyn.register.contract.FAULTS`).
        absent: optional tables that were not delivered: what they tell of is not known of anybody.
    """

    content: str
    buckets: int
    persons: int
    municipalities: tuple[int, ...]
    rows: dict[str, int]
    lists: dict[str, list[str]]
    codes: dict[str, str] = field(default_factory=dict)
    coverage: dict[str, Any] = field(default_factory=dict)
    set_aside: SetAside = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    format: int = FORMAT

    def check_lists(self, file: Path) -> None:
        """Refuse to read its numbers by other lists than they were written by.

        Raises:
            InputError: a list is another one now (codes may have been added at its end).
        """
        for what, codes in self.lists.items():
            if list(NUMBERED[what][: len(codes)]) != codes:
                raise InputError(
                    f"was loaded when the list of codes of {what} was another ({', '.join(codes)}"
                    "); name your own folder of then (--own DIR), or load the register again into a new folder",
                    file=file,
                )


@dataclass(frozen=True, slots=True)
class State:
    """What a store is made of now: folder names of a generation and of corrections over it."""

    generation: str
    corrections: str = ""
    format: int = FORMAT


def bucket_folder(generation: Path, bucket: int) -> Path:
    """The folder of a bucket."""
    return generation / f"{bucket:05d}"


def bucket_of(person: str, buckets: int) -> int:
    """The bucket a person lies in (as `clustering` says in SQL)."""
    return int.from_bytes(hashlib.md5(person.encode()).digest()[8:], "little") % buckets


def write_generation(generation: Generation, folder: Path) -> None:
    """Write the record of a generation into its folder."""
    record = {**asdict(generation), "municipalities": list(generation.municipalities)}
    (folder / GENERATION).write_text(tomli_w.dumps(record), encoding="utf-8")


def completed(generation: Generation, folder: Path, companions: str, **said: Any) -> Generation:
    """The generation with what else is known of it; its record is rewritten, its content is another.

    Args:
        generation: of the measured tables.
        folder: where it lies.
        companions: digest of the optional tables' rows in its folder; empty where there are none.
        said: `coverage`, `set_aside`, `codes` and `absent`; empty where there is nothing to say.
    """
    said = {key: value for key, value in said.items() if value}
    more = companions + (json.dumps(said, sort_keys=True) if said else "")
    if not more:
        return generation
    content = hashlib.sha256((generation.content + more).encode()).hexdigest()
    whole = replace(generation, content=content, **said)
    write_generation(whole, folder)
    return whole


def read_generation(folder: Path) -> Generation:
    """Read the record of a generation.

    Raises:
        InputError: there is none, or it is damaged.
    """
    record = _read(folder / GENERATION)
    try:
        known = Generation(**{**record, "municipalities": tuple(record["municipalities"])})
    except (KeyError, TypeError):
        raise InputError(
            "a damaged store: a key is missing or not known", file=folder / GENERATION
        ) from None
    known.check_lists(folder.parent)
    return known


def read_state(store: Path) -> State:
    """What the store is made of.

    Raises:
        InputError: there is no store, or it has another layout.
    """
    if not (store / STORE).is_file():
        raise InputError(
            "not a store (or one whose first load did not finish): load a register into it with "
            "'tilsyn register load'",
            file=store,
        )
    record = _read(store / STORE)
    if record.get("format") != FORMAT:
        raise InputError(
            f"a store of layout {record.get('format')}, this program reads {FORMAT}; "
            "load the register again into a new folder",
            file=store,
        )
    try:
        return State(**record)
    except TypeError:
        raise InputError(
            "a damaged store: a key is missing or not known", file=store / STORE
        ) from None


def write_state(state: State, store: Path) -> None:
    """Make a state the current one, in one step that survives a crash."""
    put_whole(store / STORE, tomli_w.dumps(asdict(state)).encode(), mode=MINE)
    flush(store)


def _read(file: Path) -> dict[str, Any]:
    try:
        return load_toml(file)
    except InputError as error:
        raise InputError(f"a damaged store: {error.message}", file=file) from None
