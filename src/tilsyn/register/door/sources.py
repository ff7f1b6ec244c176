"""Which files hold which table: one file or a folder of files, CSV or Parquet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.register.contract import TABLES, Table

FORMATS = ("csv", "parquet")


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one table, all of one format, by name; none where the table is empty or absent.

    Attributes:
        nothing: whether it is said to be empty.
    """

    table: Table
    format: str
    files: tuple[Path, ...]
    nothing: bool = False

    @property
    def delivered(self) -> bool:
        """Whether the table is there, with rows or without."""
        return bool(self.files) or self.nothing

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(file.stat().st_size for file in self.files)


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
    for name in empty:
        if name not in TABLES or not TABLES[name].may_be_absent:
            possible = ", ".join(n for n, table in TABLES.items() if table.may_be_absent)
            raise InputError(f"the table '{name}' cannot be left out; only {possible} can")
    return [_source(folder, table, empty) for table in TABLES.values()]


def _source(folder: Path, table: Table, empty: Collection[str]) -> Source:
    places = [folder / table.name, *(folder / f"{table.name}.{format}" for format in FORMATS)]
    found = [place for place in places if place.exists() or place.is_symlink()]
    if len(found) > 1:
        names = " and ".join(place.name for place in found)
        raise InputError(f"the table {table.name} comes twice, as {names}; keep one", file=folder)
    if not found:
        if table.measured and not table.optional and table.name not in empty:
            advice = f", or say that it has no rows (--empty {table.name})"
            raise InputError(
                f"the table {table.name} is missing: put {table.name}.csv, {table.name}.parquet or "
                f"a folder {table.name}/ there" + (advice if table.may_be_absent else ""),
                file=folder,
            )
        return Source(table, "csv", (), nothing=table.measured and table.name in empty)
    if table.name in empty:
        raise InputError("is there although the table was said to be empty", file=found[0])
    place = found[0]
    return _folder(table, place) if place.suffix == "" else _file(table, place)


def _file(table: Table, file: Path) -> Source:
    _must_be_file(file)
    return Source(table, file.suffix[1:], (file,))


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
        _must_be_file(file)
    if len(formats) > 1:
        raise InputError("holds both CSV and Parquet files of one table; keep one", file=folder)
    return Source(table, formats.pop(), files)


def _must_be_file(file: Path) -> None:
    try:
        regular = file.is_file()
    except OSError:
        regular = False
    if not regular:
        raise InputError("is no file that can be read (a folder, a broken link?)", file=file)
