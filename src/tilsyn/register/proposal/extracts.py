"""What tables files hold, how they are written, and what stands in their columns."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow.compute as pc

from tilsyn.errors import InputError
from tilsyn.tables import database, reading, sheets
from tilsyn.tables.content import encoding_of, read_bytes
from tilsyn.tables.formats import Format
from tilsyn.tables.lines import opened
from tilsyn.tables.reading import Place, Wanted, kind_of_file

MOST_VALUES: Final = 5000
"""Distinct values of a column that are counted; of a column with more the others are not."""

_START: Final = 1 << 20
"""Bytes by which it is found out how text is written."""
_LINES: Final = 200
_SEPARATORS: Final = (";", "\t", "|", ",")


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
            header = _header([line.cells for _, line in filled[:_LINES]])
            form = Format(header=filled[header][0], decimals=",")
            place = Place(file, "sheet", rows.name)
            yield _extract(place, f"{file.name}, sheet {rows.name}", form)


def text_format(file: Path) -> Format:
    """How delimited text is written, by its first lines.

    Raises:
        InputError: it is no text in an encoding that is known.
    """
    try:
        with file.open("rb") as stream:
            start = stream.read(_START)
            # What was cut off: a line, not a letter.
            start += (
                stream.readline(_START) if not start.startswith((b"\xff\xfe", b"\xfe\xff")) else b""
            )
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=file) from None
    encoding = encoding_of(start)
    if encoding is None:
        raise InputError(
            "is no text in UTF-8, UTF-16 or Windows-1252, and no other table that is known; "
            "save it as CSV in UTF-8, XLSX or Parquet",
            file=file,
        )
    form = Format.model_validate({"encoding": encoding})
    with opened(file, encoding) as stream:
        lines = [
            line.decode("utf-8", "replace").rstrip("\r\n")
            for _, line in zip(range(_LINES), stream, strict=False)
        ]
    separator, rows = max(
        ((mark, _split(lines, mark)) for mark in _SEPARATORS), key=lambda one: _regular(one[1])
    )
    return form.model_copy(update={"separator": separator, "header": _header(rows) + 1})


def _split(lines: list[str], separator: str) -> list[tuple[str, ...]]:
    """Lines as cells; a line whose quotes are broken as one."""
    rows = []
    for line in lines:
        try:
            rows.append(tuple(next(csv.reader([line], delimiter=separator), ())))
        except csv.Error:
            rows.append((line,))
    return rows


def _regular(rows: list[tuple[str, ...]]) -> tuple[float, int]:
    """How regular rows are: the share that has the commonest number of cells, if more than one."""
    widths = Counter(len(row) for row in rows if row)
    width, often = widths.most_common(1)[0] if widths else (1, 0)
    return (often / len(rows), width) if width > 1 else (0.0, 1)


def _header(rows: list[tuple[str, ...]]) -> int:
    """Which row holds the headings: the first that has as many cells filled as any after it."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    most = Counter(len(row) for row in rows).most_common(1)[0][0] if rows else 0
    widest = max((n for n, row in zip(filled, rows, strict=True) if len(row) == most), default=0)
    return next((at for at, number in enumerate(filled) if number >= widest), 0)


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
