"""Lines of a CSV file: every line is one row, sound or not, with its line number.

A file is read in blocks of whole lines. The shape of all lines of a block is judged at once on its
bytes; only lines with quotes that matter are looked at one by one. A value never runs over a line's end, so a
quote that is not closed costs its own line and no other. Completely empty lines are no rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from tilsyn.cpr import masked
from tilsyn.errors import InputError
from tilsyn.parsing import delimited
from tilsyn.register.contract import Table

BLOCK_BYTES: Final = 16 << 20
LONGEST_LINE: Final = 65_536
_NEWLINE, _BOM = 10, b"\xef\xbb\xbf"

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a CSV file.

    Attributes:
        delimiter: "," or ";".
        columns: all names, in order.
        size: bytes up to the first row.
    """

    delimiter: str
    columns: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Shape:
    """The lines of one block, sorted by shape.

    Attributes:
        clean: whole lines without quotes that have the right number of columns.
        clean_lines: their line numbers.
        quoted: line number and fields of lines with quotes that have the right number of columns.
        faults: line number and fault of all other lines that are not empty.
    """

    clean: bytes
    clean_lines: Numbers
    quoted: list[tuple[int, list[str]]]
    faults: list[tuple[int, str]]


def read_header(file: Path, table: Table) -> Header:
    """The header of a CSV file.

    Raises:
        InputError: there is none, it is no UTF-8 text, or a column is missing or named twice.
    """
    try:
        with file.open("rb") as stream:
            line = stream.readline(LONGEST_LINE + 1)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=file) from None
    try:
        text = line.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    text = text.rstrip("\r\n")
    if any(mark in text for mark in "\0\r") or len(line) > LONGEST_LINE:
        raise InputError("is no CSV file: its first line is no line of UTF-8 text", file=file)
    if not text.strip():
        raise InputError(f"has no header line; it should be {','.join(table.required)}", file=file)
    delimiter = max(",;", key=text.count)
    _, fields = next(delimited(text, file=file, delimiter=delimiter))
    columns = tuple(field.strip().lower() for field in fields)
    must_have(columns, table, file)
    return Header(delimiter, columns, len(line))


def must_have(columns: tuple[str, ...], table: Table, file: Path) -> None:
    """Check that a file has the columns of its table.

    Raises:
        InputError: a column is missing or named twice.
    """
    for name in table.names:
        if name not in columns and name in table.required:
            there = masked(", ".join(columns[:12]), near=True)[:200]
            raise InputError(f"the column {name} is missing; it has: {there}", file=file)
        if columns.count(name) > 1:
            raise InputError(f"the column {name} stands twice", file=file)


def blocks(stream: BinaryIO, size: int = BLOCK_BYTES) -> Iterator[tuple[bytes, int]]:
    """Blocks of whole lines, each with the number of lines before it; "\\n" ends every line.

    A line that is too long is cut just behind the limit, so that memory stays bounded and it is
    still too long.
    """
    rest, before = b"", 0
    while chunk := stream.read(size):
        whole, newline, tail = chunk.rpartition(b"\n")
        if not newline:
            rest = (rest + chunk)[: LONGEST_LINE + 1]
            continue
        block = (rest + whole + newline).replace(b"\r\n", b"\n")
        yield block, before
        before += block.count(b"\n")
        rest = tail[: LONGEST_LINE + 1]
    if rest:
        yield rest.removesuffix(b"\r") + b"\n", before


def shape(block: bytes, before: int, delimiter: str, columns: int) -> Shape:
    """Sort the lines of a block by shape.

    Args:
        block: whole lines that end in "\\n".
        before: lines of the file before the block.
        delimiter: between the columns.
        columns: how many a row has.
    """
    if b'"' in block:
        block = _without_idle_quotes(block, delimiter)
    data = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)
    lengths = np.diff(ends, prepend=-1) - 1
    delimiters = np.searchsorted(np.flatnonzero(data == ord(delimiter)), ends)
    fits = np.diff(delimiters, prepend=0) == columns - 1
    quoted = _with_byte(block, data, ends, b'"')
    suspects = {
        "too_long": lengths > LONGEST_LINE,
        "nul": _with_byte(block, data, ends, b"\0"),
        "carriage_return": _with_byte(block, data, ends, b"\r"),
        "not_utf8": _undecodable(block, data, ends),
        "columns": ~fits & ~quoted,
    }
    odd = quoted | (lengths == 0)
    for suspect in suspects.values():
        odd |= suspect
    numbers = np.arange(before + 1, before + 1 + len(ends), dtype=np.int64)
    if not odd.any():
        return Shape(block, numbers, [], [])
    sound: list[tuple[int, list[str]]] = []
    faults: list[tuple[int, str]] = []
    for index in np.flatnonzero(odd & (lengths > 0)):
        number, end = int(numbers[index]), int(ends[index])
        fault = next((name for name, suspect in suspects.items() if suspect[index]), None)
        if fault is None:
            line = block[end - int(lengths[index]) : end].decode()
            fields = _fields(line, delimiter)
            if fields is not None and len(fields) == columns:
                sound.append((number, fields))
                continue
            fault = "quotes" if fields is None else "columns"
        faults.append((number, fault))
    clean = data[np.repeat(~odd, lengths + 1)].tobytes()
    return Shape(clean, numbers[~odd], sound, faults)


def _without_idle_quotes(block: bytes, delimiter: str) -> bytes:
    """The block without the quotes of lines where they only stand around whole, plain values.

    Many programs quote every value; such lines need no parsing. A line keeps its quotes when they
    enclose a delimiter or a quote, when one stands inside a value or is not closed.
    """
    data = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(data == _NEWLINE)
    quotes = np.flatnonzero(data == ord('"'))
    delimiters = np.flatnonzero(data == ord(delimiter))
    line = np.searchsorted(ends, quotes)
    # A line of one value would be nothing without its quotes.
    several = np.diff(np.searchsorted(delimiters, ends), prepend=0) > 0
    paired = (np.bincount(line, minlength=len(ends)) % 2 == 0) & several
    quotes, line = quotes[paired[line]], line[paired[line]]
    opening, closing = quotes[0::2], quotes[1::2]
    borders = (ord(delimiter), _NEWLINE)
    idle = (
        ((opening == 0) | np.isin(data[opening - 1], borders))
        & np.isin(data[closing + 1], borders)
        & (np.searchsorted(delimiters, opening) == np.searchsorted(delimiters, closing))
    )
    plain = np.ones(len(ends), bool)
    plain[line[0::2][~idle]] = False
    kept = np.ones(len(data), bool)
    kept[quotes[plain[line]]] = False
    return data[kept].tobytes()


def _with_byte(
    block: bytes, data: npt.NDArray[np.uint8], ends: Numbers, byte: bytes
) -> npt.NDArray[np.bool_]:
    """Which lines hold a byte; the block is searched first, as most have none."""
    lines = np.zeros(len(ends), bool)
    if byte in block:
        lines[np.searchsorted(ends, np.flatnonzero(data == byte[0]))] = True
    # A newline is its own line's end, never asked for here.
    return lines


def _undecodable(block: bytes, data: npt.NDArray[np.uint8], ends: Numbers) -> npt.NDArray[np.bool_]:
    lines = np.zeros(len(ends), bool)
    try:
        if not block.isascii():
            block.decode()
    except UnicodeDecodeError:
        for index in np.unique(np.searchsorted(ends, np.flatnonzero(data > 127))):
            start = int(ends[index - 1]) + 1 if index else 0
            try:
                block[start : int(ends[index])].decode()
            except UnicodeDecodeError:
                lines[index] = True
    return lines


def _fields(line: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
