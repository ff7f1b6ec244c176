"""Rows of a table in batches, whatever it is written in: columns of text, each row with its number.

Columns come dictionary-encoded, but those asked for plain, so that each distinct value is judged once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tilsyn.cpr import masked
from tilsyn.errors import InputError
from tilsyn.tables import database, sheets
from tilsyn.tables.content import kind_of, read_bytes, refuse_other
from tilsyn.tables.formats import Format
from tilsyn.tables.lines import Numbers, Shape, blocks, joined, opened, read_header, shape

BATCH_ROWS: Final = 1 << 18
WRONG_CELL: Final = "#"
"""How a cell of a sheet reads that holds an error: it is no value of any column."""
_CODED: Final = pa.dictionary(pa.int32(), pa.string())
_MOST_SHOWN = 12
"""Headings named in an error."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table's rows are.

    Attributes:
        file: the file; for a database perhaps "env:NAME".
        kind: what it is.
        sheet: of a workbook; empty: the first that has the columns.
        query: of a database.
        shown: what the sheet shows, where it was read already.
    """

    file: Path
    kind: Literal["csv", "parquet", "sheet", "database"] = "csv"
    sheet: str = ""
    query: str = ""
    shown: sheets.Rows | None = field(default=None, compare=False, repr=False)

    @property
    def size(self) -> int:
        """Bytes to read, as far as they can be told."""
        return self.file.stat().st_size if self.file.is_file() else 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one table.

    Attributes:
        columns: by name; empty if `numbers` is.
        numbers: their row numbers: the line of delimited text, the row of a sheet, else counted from 1.
        faults: row number and fault of rows that could not be taken apart.
        size: bytes of the file read for it.
        other_columns: whether the table has columns that were not asked for.
        hidden: rows of a sheet that are hidden, and not read.
    """

    columns: dict[str, pa.Array]
    numbers: Numbers
    faults: list[tuple[int, str]] = field(default_factory=list)
    size: int = 0
    other_columns: bool = False
    hidden: int = 0

    def only(self, kept: pa.Array) -> Batch:
        """The rows for which `kept` is true; those that could not be taken apart stay."""
        columns = {name: column.filter(kept) for name, column in self.columns.items()}
        numbers = self.numbers[kept.to_numpy(zero_copy_only=False)]
        return Batch(columns, numbers, self.faults, self.size, self.other_columns, self.hidden)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns asked for.

    Attributes:
        headings: by name, what the column may be called in the table; the first that is there counts.
        plain: the names of columns that have about as many values as rows.
        optional: names of columns that may be missing; they are empty then.
        should_be: the headings a table should have, for the error where it has none; left out: these.
        batch: rows at a time, where the table does not come in blocks of text.
    """

    headings: Mapping[str, Sequence[str]]
    plain: Collection[str] = ()
    optional: Collection[str] = ()
    should_be: Sequence[str] = ()
    batch: int = BATCH_ROWS

    def places(self, headings: Sequence[str], file: Path | str) -> dict[str, int]:
        """Where each column stands among a table's headings.

        Raises:
            InputError: one is missing or stands twice.
        """
        there = [_plain(heading) for heading in headings]
        found = {}
        for name, called in self.headings.items():
            heading = next((_plain(one) for one in called if _plain(one) in there), None)
            if heading is None:
                if name in self.optional:
                    continue
                shown = masked(", ".join(headings[:_MOST_SHOWN]), near=True)[:200]
                names = " or ".join(called)
                raise InputError(f"the column {names} is missing; it has: {shown}", file=file)
            if there.count(heading) > 1:
                raise InputError(f"the column {called[0]} stands twice", file=file)
            found[name] = there.index(heading)
        return found


def read(place: Place, form: Format, wanted: Wanted) -> Iterator[Batch]:
    """The rows of a table, in batches of bounded size.

    Raises:
        InputError: it cannot be read, or a column is missing or of a type without meaning.
    """
    readers = {"csv": _csv, "parquet": _parquet, "sheet": _sheet, "database": _database}
    try:
        for batch in readers[place.kind](place, form, wanted):
            yield _whole(batch, wanted)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"cannot be read ({_first_line(error)})", file=place.file) from None


def must_be_file(file: Path) -> None:
    """Refuse what cannot be read as a file.

    Raises:
        InputError: it is a folder, a device, a broken link.
    """
    try:
        regular = file.is_file()
    except OSError:
        regular = False
    if not regular:
        raise InputError("is no file that can be read (a folder, a broken link?)", file=file)


def kind_of_file(file: Path) -> Literal["csv", "parquet", "sheet", "database"]:
    """How a file is read, by its first bytes.

    Raises:
        InputError: it cannot be read, is empty, or holds something else than a table.
    """
    must_be_file(file)
    try:
        with file.open("rb") as stream:
            start = stream.read(64)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=file) from None
    if not start.strip():
        raise InputError("the file is empty", file=file)
    refuse_other(start, file)
    kind = kind_of(start)
    if kind == "parquet":
        return "parquet"
    return "sheet" if kind == "archive" else "database" if kind == "sqlite" else "csv"


def headings(place: Place, form: Format) -> tuple[str, ...]:
    """The headings of a table.

    Raises:
        InputError: it cannot be read, or has none.
    """
    if place.kind == "csv":
        with opened(place.file, form.encoding) as stream:
            return read_header(stream, place.file, form.separator, form.header)[1]
    if place.kind == "parquet":
        try:
            return tuple(pq.read_schema(place.file).names)
        except (OSError, pa.ArrowException) as error:
            raise InputError(f"cannot be read ({_first_line(error)})", file=place.file) from None
    if place.kind == "database":
        return database.rows(place.file, place.query, 1)[0]
    (rows,) = _sheets(place, form)
    return _sheet_header(rows, form)


def _plain(heading: str) -> str:
    return " ".join(heading.split()).casefold()


def _whole(batch: Batch, wanted: Wanted) -> Batch:
    """The batch with a column of nothing for each optional one that is missing."""
    if batch.columns:
        for name in wanted.headings:
            if name not in batch.columns:
                batch.columns[name] = constant("", len(batch.numbers), name in wanted.plain)
    return batch


def constant(value: str, rows: int, plain: bool = False) -> pa.Array:
    """A column of one value."""
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([value]))
    return column.dictionary_decode() if plain else column


def _first_line(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]


def _csv(place: Place, form: Format, wanted: Wanted) -> Iterator[Batch]:
    file = place.file
    like = wanted.should_be or [names[0] for names in wanted.headings.values()]
    with opened(file, form.encoding) as stream:
        separator, columns = read_header(stream, file, form.separator, form.header, like)
        places = wanted.places(columns, file)
        other = len(columns) > len(set(places.values()))
        width = len(columns)
        for block, before, numbers in _blocks(stream, form, separator, width):
            found = shape(block, before + form.header, separator, width, numbers)
            taken = _parsed(found, separator, width, places, wanted)
            yield Batch(taken, found.clean_lines, found.faults, len(block), other)
            if found.quoted:
                cells = [fields for _, fields in found.quoted]
                numbers = np.array([number for number, _ in found.quoted], np.int64)
                yield Batch(_columns(cells, places, wanted), numbers, other_columns=other)


def _blocks(
    stream: BinaryIO, form: Format, separator: str, width: int
) -> Iterator[tuple[bytes, int, Numbers | None]]:
    """Blocks of lines; where cells run over lines, with the number of each that is left."""
    if not form.multiline:
        yield from ((block, before, None) for block, before in blocks(stream))
        return
    for block, numbers in joined(blocks(stream), separator, width):
        yield block, 0, numbers + form.header


def _parsed(
    found: Shape, separator: str, width: int, places: Mapping[str, int], wanted: Wanted
) -> dict[str, pa.Array]:
    if not len(found.clean_lines):
        return {}
    # Named by position: names that were not asked for may repeat.
    plain = {places[name] for name in wanted.plain if name in places}
    parsed = pacsv.read_csv(
        pa.BufferReader(found.clean),
        read_options=pacsv.ReadOptions(
            column_names=[f"{i}" for i in range(width)],
            block_size=len(found.clean) + 1,
            use_threads=False,
        ),
        parse_options=pacsv.ParseOptions(delimiter=separator, quote_char=False),
        convert_options=pacsv.ConvertOptions(
            column_types={
                f"{at}": pa.string() if at in plain else _CODED for at in places.values()
            },
            include_columns=[f"{at}" for at in dict.fromkeys(places.values())],
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
            null_values=[],
            check_utf8=False,
        ),
    )
    taken = {name: parsed[f"{at}"].combine_chunks() for name, at in places.items()}
    return {
        name: pc.utf8_trim_whitespace(column) if pa.types.is_string(column.type) else column
        for name, column in taken.items()
    }


def _columns(
    cells: Sequence[Sequence[str]], places: Mapping[str, int], wanted: Wanted
) -> dict[str, pa.Array]:
    """Columns of rows that came as cells of text; a row that is too short has nothing in its last."""

    def column(name: str, at: int) -> pa.Array:
        texts = pa.array([row[at].strip() if at < len(row) else "" for row in cells], pa.string())
        return texts if name in wanted.plain else texts.dictionary_encode()

    return {name: column(name, at) for name, at in places.items()}


def _sheets(place: Place, form: Format) -> list[sheets.Rows]:
    """The sheet that was named; else all that show something.

    Raises:
        InputError: the workbook cannot be read, or there is no such sheet.
    """
    if place.shown:
        return [place.shown]
    data = read_bytes(place.file)
    shown, _ = sheets.shown(data, place.file, wrong=WRONG_CELL, decimal=form.decimals)
    if place.sheet:
        if named := [rows for rows in shown if rows.name == place.sheet]:
            return named
        there = ", ".join(rows.name for rows in shown)
        raise InputError(f"shows no sheet '{place.sheet}'; there are: {there}", file=place.file)
    return [rows for rows in shown if rows.filled]


def _sheet_header(rows: sheets.Rows, form: Format) -> tuple[str, ...]:
    at = rows.numbers.index(form.header) if form.header in rows.numbers else None
    return rows.lines[at].cells if at is not None else ()


def _sheet(place: Place, form: Format, wanted: Wanted) -> Iterator[Batch]:
    found = _sheets(place, form)
    if not found:
        raise InputError("shows nothing", file=place.file)
    fitting = []
    for rows in found:
        try:
            fitting.append((rows, wanted.places(_sheet_header(rows, form), place.file)))
        except InputError:
            if len(found) == 1:
                raise
    if len(fitting) != 1:
        many = "no sheet has" if not fitting else "several sheets have"
        raise InputError(f"{many} the columns wanted; name the sheet", file=place.file)
    rows, places = fitting[0]
    columns = [heading for heading in _sheet_header(rows, form) if heading]
    filled = [
        (number, line.cells)
        for number, line in zip(rows.numbers, rows.lines, strict=False)
        if number > form.header and line.filled
    ]
    numbers = np.array([number for number, _ in filled], np.int64)
    taken = _columns([cells for _, cells in filled], places, wanted) if filled else {}
    other = len(columns) > len(set(places.values()))
    yield Batch(taken, numbers, [], place.size, other, rows.hidden)


def _database(place: Place, form: Format, wanted: Wanted) -> Iterator[Batch]:
    columns, parts = database.rows(place.file, place.query, wanted.batch)
    places, before = wanted.places(columns, place.file), 0
    for rows in parts:
        cells = [[text(value, form.decimals) for value in row] for row in rows]
        numbers = np.arange(before + 1, before + 1 + len(rows), dtype=np.int64)
        other = len(columns) > len(set(places.values()))
        yield Batch(_columns(cells, places, wanted), numbers, other_columns=other)
        before += len(rows)


def _parquet(place: Place, form: Format, wanted: Wanted) -> Iterator[Batch]:
    with pq.ParquetFile(place.file) as parquet:
        columns = tuple(parquet.schema_arrow.names)
        places = wanted.places(columns, place.file)
        for name, at in places.items():
            plain = name in wanted.plain
            _must_have_meaning(parquet.schema_arrow.field(at).type, name, plain, place.file)
        before = 0
        per_row = place.file.stat().st_size / max(parquet.metadata.num_rows, 1)
        other = len(columns) > len(set(places.values()))
        chosen = list(dict.fromkeys(columns[at] for at in places.values()))
        for batch in parquet.iter_batches(wanted.batch, columns=chosen):
            taken = {
                name: _plain_texts(batch.column(columns[at]))
                if name in wanted.plain
                else _coded(batch.column(columns[at]), form.decimals)
                for name, at in places.items()
            }
            numbers = np.arange(before + 1, before + 1 + len(batch), dtype=np.int64)
            yield Batch(taken, numbers, size=round(per_row * len(batch)), other_columns=other)
            before += len(batch)


def _must_have_meaning(type_: pa.DataType, name: str, as_text: bool, file: Path) -> None:
    inner = type_.value_type if pa.types.is_dictionary(type_) else type_
    plain = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_null)
    valued = (pa.types.is_floating, pa.types.is_decimal, pa.types.is_date, pa.types.is_timestamp)
    views = (pa.types.is_string_view,)
    known = (*plain, *views) if as_text else (*plain, *views, *valued)
    if not any(test(inner) for test in known):
        raise InputError(f"the column {name} is of type {type_}; write it as text", file=file)


def _plain_texts(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return pc.utf8_trim_whitespace(pc.fill_null(column.cast(pa.string()), ""))


def _coded(column: pa.Array, decimals: str) -> pa.DictionaryArray:
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    indices = pc.fill_null(coded.indices.cast(pa.int32()), len(coded.dictionary))
    words = [*(text(value, decimals) for value in coded.dictionary.to_pylist()), ""]
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def text(value: Any, decimals: str = ".") -> str:
    """A typed value as it would be written in delimited text: ISO dates, no thousands."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return (value.date() if value.time() == dt.time() else value).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", decimals)
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", decimals)
    return str(value).strip()
