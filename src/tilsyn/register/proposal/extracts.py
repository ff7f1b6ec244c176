"""What tables files hold, how they are written, and what stands in their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow.compute as pc

from tilsyn.errors import InputError
from tilsyn.tables import database, reading, sheets
from tilsyn.tables.content import read_bytes
from tilsyn.tables.formats import Format
from tilsyn.tables.looking import LINES, header_row, text_format
from tilsyn.tables.reading import Place, Wanted, kind_of_file

MOST_VALUES: Final = 5000
"""Distinct values of a column that are counted; of a column with more the others are not."""


@dataclass(frozen=True, slots=True)
class ColumnFound:
    """What stands in a column.

    Attributes:
        heading: what it is called.
        counts: how many rows have each value, of the first `MOST_VALUES`; nothing is no value.
        many: whether there are more.
        empty: rows with nothing.
    """

    heading: str
    counts: Counter[str]
    many: bool
    empty: int


@dataclass(frozen=True, slots=True)
class Extract:
    """One table of a file.

    Attributes:
        name: the file and its sheet or table, as a user would name them.
        form: how it is written, as far as its cells are found by it.
        columns: in their order; those that are called like another are not among them.
        rows: how many there are.
        twice: headings that stand more than once.
    """

    place: Place
    name: str
    form: Format
    columns: tuple[ColumnFound, ...]
    rows: int
    twice: tuple[str, ...]


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named; each once.

    Raises:
        InputError: there are none.
    """
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(f for f in path.iterdir() if f.is_file()) if path.is_dir() else [path]
        found |= dict.fromkeys(f for f in inside if f == path or not _is_beside(f.name))
    if not found:
        raise InputError("no files there", file=next(iter(paths), None))
    return list(found)


def _is_beside(name: str) -> bool:
    """Whether a file stands beside a register's extracts without being one."""
    return name.startswith((".", "_")) or name.endswith(".toml") or name == "set_aside.csv"


def extracts_in(file: Path) -> Iterator[Extract]:
    """The tables of a file.

    Raises:
        InputError: it cannot be read, or is no table.
    """
    kind = kind_of_file(file)
    if kind == "csv":
        yield _extract(Place(file), file.name, text_format(file))
    elif kind == "parquet":
        yield _extract(Place(file, "parquet"), file.name, Format())
    elif kind == "database":
        for table in database.tables(file):
            query = 'SELECT * FROM "{}"'.format(table.replace('"', '""'))
            place = Place(file, "database", query=query)
            yield _extract(place, f"{file.name}, table {table}", Format())
    else:
        shown, _ = sheets.shown(read_bytes(file), file, wrong=reading.WRONG_CELL)
        for rows in shown:
            if not rows.filled:
                continue
            filled = [(n, line) for n, line in zip(rows.numbers, rows.lines, strict=False)]
            header = header_row([line.cells for _, line in filled[:LINES]])
            form = Format(header=filled[header][0], decimals=",")
            place = Place(file, "sheet", rows.name, shown=rows)
            yield _extract(place, f"{file.name}, sheet {rows.name}", form)


def _extract(place: Place, name: str, form: Format) -> Extract:
    called = [heading.strip() for heading in reading.headings(place, form)]
    plain = [heading.casefold() for heading in called]
    twice = tuple(dict.fromkeys(h for h in called if h and plain.count(h.casefold()) > 1))
    wanted = [h for h in called if h and h not in twice]
    counts: dict[str, Counter[str]] = {heading: Counter() for heading in wanted}
    many: set[str] = set()
    rows = 0
    for batch in reading.read(place, form, Wanted({h: (h,) for h in wanted})):
        rows += len(batch.numbers) + len(batch.faults)
        for heading, column in batch.columns.items():
            if heading in many:
                continue
            found = pc.value_counts(column.indices)
            words = column.dictionary.to_pylist()
            for one in found.to_pylist():
                word = words[one["values"]].strip()
                if word in counts[heading] or len(counts[heading]) < MOST_VALUES:
                    counts[heading][word] += one["counts"]
                else:
                    many.add(heading)
    columns = tuple(
        ColumnFound(heading, counts[heading], heading in many, counts[heading].pop("", 0))
        for heading in wanted
    )
    return Extract(place, name, form, columns, rows, twice)
