"""Rows of a table's file in batches, whatever the format: columns of text, each with its row number.

Columns other than `person` come dictionary-encoded, so that each distinct value is judged once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tilsyn.errors import InputError
from tilsyn.register.contract import Table
from tilsyn.register.door.lines import Numbers, Shape, blocks, must_have, read_header, shape

BATCH_ROWS: Final = 1 << 18
_CODED: Final = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one file.

    Attributes:
        columns: by name; `person` as strings, the others dictionary-encoded; empty if `numbers` is.
        numbers: their row numbers: the line in a CSV file, counted from 1 in a Parquet file.
        faults: row number and fault of rows that could not be taken apart.
        size: bytes of the file read for it.
        other_columns: whether the file has columns that are not in the contract.
        left_out: whether it has not all that are.
    """

    columns: dict[str, pa.Array]
    numbers: Numbers
    faults: list[tuple[int, str]] = field(default_factory=list)
    size: int = 0
    other_columns: bool = False
    left_out: bool = False


def read(file: Path, format: str, table: Table) -> Iterator[Batch]:
    """The rows of a file, in batches of bounded size.

    Raises:
        InputError: the file cannot be read, or a column is missing or of a type without meaning.
    """
    try:
        yield from (_csv if format == "csv" else _parquet)(file, table)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"cannot be read ({_first_line(error)})", file=file) from None


def _first_line(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]


def _csv(file: Path, table: Table) -> Iterator[Batch]:
    header = read_header(file, table)
    there = _there(header.columns, table)
    other, left_out = len(header.columns) > len(there), len(there) < len(table.columns)
    with file.open("rb") as stream:
        stream.seek(header.size)
        for block, before in blocks(stream):
            found = shape(block, before + 1, header.delimiter, len(header.columns))
            columns = _parsed(found, header.delimiter, header.columns, there)
            yield Batch(columns, found.clean_lines, found.faults, len(block), other, left_out)
            if found.quoted:
                yield _from_fields(found, header.columns, there, other)


def _there(columns: tuple[str, ...], table: Table) -> tuple[str, ...]:
    """The table's columns that a file has."""
    return tuple(name for name in table.names if name in columns)


def _parsed(
    found: Shape, delimiter: str, columns: tuple[str, ...], there: tuple[str, ...]
) -> dict[str, pa.Array]:
    if not len(found.clean_lines):
        return {}
    # Named by position: names outside the contract may repeat.
    positions = {f"{columns.index(name)}": name for name in there}
    parsed = pacsv.read_csv(
        pa.BufferReader(found.clean),
        read_options=pacsv.ReadOptions(
            column_names=[f"{i}" for i in range(len(columns))],
            block_size=len(found.clean) + 1,
            use_threads=False,
        ),
        parse_options=pacsv.ParseOptions(delimiter=delimiter, quote_char=False),
        convert_options=pacsv.ConvertOptions(
            column_types={
                position: pa.string() if name == "person" else _CODED
                for position, name in positions.items()
            },
            include_columns=list(positions),
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
            null_values=[],
            check_utf8=False,
        ),
    )
    taken = {name: parsed[position].combine_chunks() for position, name in positions.items()}
    taken["person"] = pc.utf8_trim_whitespace(taken["person"])
    return taken


def _from_fields(
    found: Shape, columns: tuple[str, ...], there: tuple[str, ...], other: bool
) -> Batch:
    def values(name: str) -> pa.Array:
        place = columns.index(name)
        return pa.array([fields[place].strip() for _, fields in found.quoted], pa.string())

    taken = {name: values(name) for name in there}
    coded = {name: array.dictionary_encode() for name, array in taken.items()}
    return Batch(
        {**coded, "person": taken["person"]},
        np.array([number for number, _ in found.quoted], np.int64),
        other_columns=other,
    )


def _parquet(file: Path, table: Table) -> Iterator[Batch]:
    with pq.ParquetFile(file) as parquet:
        columns = tuple(parquet.schema_arrow.names)
        must_have(columns, table, file)
        there = _there(columns, table)
        for name in there:
            _must_have_meaning(parquet.schema_arrow.field(name).type, name, file)
        before = 0
        per_row = file.stat().st_size / max(parquet.metadata.num_rows, 1)
        for batch in parquet.iter_batches(BATCH_ROWS, columns=list(there)):
            taken = {
                name: _persons(batch.column(name))
                if name == "person"
                else _coded(batch.column(name))
                for name in there
            }
            numbers = np.arange(before + 1, before + 1 + len(batch), dtype=np.int64)
            yield Batch(
                taken,
                numbers,
                size=round(per_row * len(batch)),
                other_columns=len(columns) > len(there),
                left_out=len(there) < len(table.columns),
            )
            before += len(batch)


def _must_have_meaning(type_: pa.DataType, name: str, file: Path) -> None:
    inner = type_.value_type if pa.types.is_dictionary(type_) else type_
    plain = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_null)
    valued = (pa.types.is_floating, pa.types.is_decimal, pa.types.is_date, pa.types.is_timestamp)
    views = (pa.types.is_string_view,)
    known = (*plain, *views) if name == "person" else (*plain, *views, *valued)
    if not any(test(inner) for test in known):
        raise InputError(f"the column {name} is of type {type_}; write it as text", file=file)


def _persons(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return pc.utf8_trim_whitespace(pc.fill_null(column.cast(pa.string()), ""))


def _coded(column: pa.Array) -> pa.DictionaryArray:
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    indices = pc.fill_null(coded.indices.cast(pa.int32()), len(coded.dictionary))
    words = [*map(_text, coded.dictionary.to_pylist()), ""]
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def _text(value: Any) -> str:
    """A typed value as the contract would write it in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return (value.date() if value.time() == dt.time() else value).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value).strip()
