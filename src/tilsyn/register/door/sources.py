"""Which extracts hold which table: a file or a folder of files a table, or what a mapping says."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from tilsyn.errors import InputError
from tilsyn.register.contract import TABLES, Table
from tilsyn.register.mapping import RegisterMapping, readings
from tilsyn.tables.database import BY_VARIABLE
from tilsyn.tables.formats import Format
from tilsyn.tables.mapping import TableMapping, found_files
from tilsyn.tables.reading import Batch, Place, Wanted, constant, kind_of_file, must_be_file, read
from tilsyn.tables.values import Reading
from tilsyn.vocabulary.names import plain as plain_word

FORMATS = ("csv", "parquet")
_AS_AGREED = Format()
_FIRST_ROWS = 20_000
"""So many rows of a file are looked at to know what persons are."""
_BY_VALUE = "rows by "
"""Begins the names of columns that only say which rows are read."""


@dataclass(frozen=True, slots=True)
class Extract:
    """Rows of one table in one place.

    Attributes:
        place: where they are.
        name: what the place is called in messages.
        mapping: how they are read; None: as the contract says.
    """

    place: Place
    name: str
    mapping: TableMapping | None = None

    def batches(self, table: Table) -> Iterator[tuple[Batch, int]]:
        """The rows, and of each batch how many more the mapping leaves out.

        Raises:
            InputError: as `tilsyn.tables.reading.read`.
        """
        mapping, plain = self.mapping, ("person",)
        if mapping is None:
            agreed = Wanted({name: (name,) for name in table.names}, plain)
            for batch in read(self.place, _AS_AGREED, agreed):
                yield batch, 0
            return
        chosen = {**mapping.keep, **mapping.leave_out}
        headings = mapping.columns | {
            _BY_VALUE + name: mapping.columns.get(name, (name,)) for name in chosen
        }
        wanted = Wanted(headings, plain, mapping.optional)
        for batch in read(self.place, mapping, wanted):
            if not batch.columns:
                yield batch, 0
                continue
            kept = batch.only(_kept(batch, mapping))
            for column in table.columns[1:]:
                if column.name not in kept.columns:
                    value = mapping.constants.get(column.name, "")
                    kept.columns[column.name] = constant(value, len(kept.numbers))
            yield kept, len(batch.numbers) - len(kept.numbers)

    def first_persons(self, table: Table) -> pa.Array:
        """The persons of the first rows; none where there are no rows.

        Raises:
            InputError: as `tilsyn.tables.reading.read`.
        """
        mapping = self.mapping
        called = mapping.columns["person"] if mapping else ("person",)
        should_be = () if mapping else table.names
        wanted = Wanted({"person": called}, ("person",), should_be=should_be, batch=_FIRST_ROWS)
        for batch in read(self.place, mapping or _AS_AGREED, wanted):
            if batch.columns:
                return batch.columns["person"][:_FIRST_ROWS]
        return pa.array([], pa.string())

    def readings(self, table: Table) -> Mapping[str, Reading]:
        """What is written in each column; nothing where it stands as the contract says."""
        return readings(self.mapping, table) if self.mapping else {}


def _kept(batch: Batch, mapping: TableMapping) -> pa.Array:
    """Which rows of a batch are read."""
    kept = np.ones(len(batch.numbers), bool)
    for said, wanted in ((mapping.keep, True), (mapping.leave_out, False)):
        for heading, values in said.items():
            column = batch.columns[_BY_VALUE + heading]
            named = {plain_word(value) for value in values}
            words = [plain_word(word) in named for word in column.dictionary.to_pylist()]
            kept &= np.array(words, bool)[column.indices.to_numpy()] == wanted
    return pa.array(kept)


@dataclass(frozen=True, slots=True)
class Source:
    """The extracts of one table; none where it is empty."""

    table: Table
    extracts: tuple[Extract, ...]

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(extract.place.size for extract in self.extracts)


def mapped(
    mapping: RegisterMapping, folder: Path, empty: Collection[str] = (), *, whole: bool = True
) -> list[Source]:
    """The source of each table, as a mapping says.

    Args:
        folder: files are named from there.
        empty: tables that may be absent because they have no rows, beside those the mapping names.
        whole: whether all others must be there.

    Raises:
        InputError: a file is missing or of no kind that is read, or a table is not mapped.
    """
    found: dict[str, list[Extract]] = {}
    for one in mapping.tables:
        found.setdefault(one.table, []).extend(_extracts(one, folder))
    absent = {*empty, *mapping.empty}
    _must_be_absent(absent)
    made = {TABLES[name].becomes for name in found}
    for name, table in TABLES.items():
        if name in found and name in absent:
            raise InputError(f"the table {name} is mapped although it was said to be empty")
        lacking = table.measured and name not in found and name not in made | absent
        if whole and lacking:
            advice = f", or say that it has no rows (--empty {name})" if table.may_be_absent else ""
            raise InputError(f"the mapping has no table {name}: add one{advice}", file=folder)
    return [Source(table, tuple(found.get(name, ()))) for name, table in TABLES.items()]


def _extracts(mapping: TableMapping, folder: Path) -> list[Extract]:
    if mapping.database:
        by_name = mapping.database.startswith(BY_VARIABLE)
        file = Path(mapping.database) if by_name else folder / mapping.database
        return [Extract(Place(file, "database", query=mapping.query), mapping.database, mapping)]
    files, missing = found_files(folder, mapping.files)
    if missing:
        raise InputError(f"no file {missing[0]} for the table {mapping.table}", file=folder)
    return [_extract(file, mapping, folder) for file in files]


def _extract(file: Path, mapping: TableMapping, folder: Path) -> Extract:
    name = os.path.relpath(file, folder)
    kind = kind_of_file(file)
    if kind == "sheet" and mapping.sheet:
        name += f", sheet {mapping.sheet}"
    return Extract(Place(file, kind, mapping.sheet), name, mapping)


def find(folder: Path, empty: Collection[str] = ()) -> list[Source]:
    """The source of each table in a register's folder.

    Args:
        folder: holds spells.csv, spells.parquet or a folder spells/ of such files, and so on.
        empty: tables that may be absent because they have no rows.

    Raises:
        InputError: the folder, a required table or its files are missing, one table comes in two
            ways or formats, or something stands there that is no file of a table.
    """
    if not folder.is_dir():
        raise InputError("is no folder; a register is a folder of tables", file=folder)
    _must_be_absent(empty)
    made = {table.becomes for table in TABLES.values() if _places(folder, table)}
    return [_source(folder, table, empty, made) for table in TABLES.values()]


def _places(folder: Path, table: Table) -> list[Path]:
    """What stands in a folder for a table."""
    places = [folder / table.name, *(folder / f"{table.name}.{format}" for format in FORMATS)]
    return [place for place in places if place.exists() or place.is_symlink()]


def _must_be_absent(empty: Collection[str]) -> None:
    for name in empty:
        if name not in TABLES or not TABLES[name].may_be_absent:
            possible = ", ".join(n for n, table in TABLES.items() if table.may_be_absent)
            raise InputError(f"the table '{name}' cannot be left out; only {possible} can")


def _source(folder: Path, table: Table, empty: Collection[str], made: Collection[str]) -> Source:
    found = _places(folder, table)
    if len(found) > 1:
        names = " and ".join(place.name for place in found)
        raise InputError(f"the table {table.name} comes twice, as {names}; keep one", file=folder)
    if not found:
        if table.measured and table.name not in {*empty, *made}:
            advice = f", or say that it has no rows (--empty {table.name})"
            raise InputError(
                f"the table {table.name} is missing: put {table.name}.csv, {table.name}.parquet or "
                f"a folder {table.name}/ there" + (advice if table.may_be_absent else ""),
                file=folder,
            )
        return Source(table, ())
    if table.name in empty:
        raise InputError("is there although the table was said to be empty", file=found[0])
    place = found[0]
    return _folder(table, place) if place.suffix == "" else _file(table, place)


def _file(table: Table, file: Path) -> Source:
    must_be_file(file)
    return Source(table, (_as_agreed(file, file.suffix, file.parent),))


def _as_agreed(file: Path, suffix: str, root: Path) -> Extract:
    kind: Literal["csv", "parquet"] = "parquet" if suffix.lower() == ".parquet" else "csv"
    return Extract(Place(file, kind), str(file.relative_to(root)))


def _folder(table: Table, folder: Path) -> Source:
    if not folder.is_dir():
        raise InputError("is no folder; a table's file ends in .csv or .parquet", file=folder)
    files = tuple(sorted(file for file in folder.iterdir() if file.name[0] not in "._"))
    if not files:
        raise InputError(
            f"is empty; it should hold the files of the table {table.name}", file=folder
        )
    formats = {file.suffix.lower().removeprefix(".") for file in files}
    for file in files:
        if file.suffix.lower().removeprefix(".") not in FORMATS:
            raise InputError("is neither .csv nor .parquet; take it out of the folder", file=file)
        must_be_file(file)
    if len(formats) > 1:
        raise InputError("holds both CSV and Parquet files of one table; keep one", file=folder)
    return Source(table, tuple(_as_agreed(file, file.suffix, folder.parent) for file in files))
