"""Lines of delimited text: every line is one row, sound or not, with its line number.

A file is read in blocks of whole lines. The shape of all lines of a block is judged at once on its
bytes; only lines with quotes that matter are looked at one by one. A value never runs over a line's end, so a
quote that is not closed costs its own line and no other. Completely empty lines are no rows.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from tilsyn.errors import InputError
from tilsyn.parsing import delimited

BLOCK_BYTES: Final = 16 << 20
LONGEST_LINE: Final = 65_536
MOST_LINES: Final = 50
"""Over so many lines a cell in quotation marks may run, where it may at all."""
_NEWLINE, _BOM = 10, b"\xef\xbb\xbf"

Numbers = npt.NDArray[np.int64]


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


class _InUtf8(io.RawIOBase):
    """The bytes of a text in another encoding as UTF-8; what is none of its letters stays no UTF-8."""

    def __init__(self, raw: BinaryIO, encoding: str):
        self._raw, self._rest = raw, b""
        # Of UTF-16 a byte that is no letter leaves nothing whole after it.
        self._errors = "strict" if encoding.startswith("utf-16") else "surrogateescape"
        self._decoder = codecs.getincrementaldecoder(encoding)(self._errors)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = self._raw.read(len(buffer))
            text = self._decoder.decode(chunk, final=not chunk)
            self._rest = text.encode("utf-8", self._errors)
            if not chunk:
                break
        given, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


@contextmanager
def opened(file: Path, encoding: str = "utf-8") -> Iterator[BinaryIO]:
    """A file as UTF-8 without a byte-order mark, whatever it is written in.

    Raises:
        InputError: it cannot be read, or not in this encoding.
    """
    try:
        with file.open("rb") as raw:
            if encoding == "utf-8":
                if raw.read(len(_BOM)) != _BOM:
                    raw.seek(0)
                yield raw
            else:
                yield io.BufferedReader(_InUtf8(raw, encoding), BLOCK_BYTES)
    except UnicodeDecodeError as error:
        raise InputError(
            f"is not all {encoding} text ({error.reason}); name its encoding in the mapping",
            file=file,
        ) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=file) from None


def read_header(
    stream: BinaryIO, file: Path, separator: str = "", row: int = 1, like: Sequence[str] = ()
) -> tuple[str, tuple[str, ...]]:
    """The separator and the headings of delimited text; the stream stands at the first row then.

    Args:
        stream: as `opened` gives it.
        file: for errors.
        separator: between cells; where none is given, whichever of "," and ";" is the commoner.
        row: the number of the line; those before it are passed over.
        like: what headings might be, for the error.

    Raises:
        InputError: there is none, or it is no UTF-8 text.
    """
    line = b""
    for _ in range(row):
        line = stream.readline(LONGEST_LINE + 1)
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    text = text.rstrip("\r\n")
    if any(mark in text for mark in "\0\r") or len(line) > LONGEST_LINE:
        raise InputError(
            "is no CSV file: its first line is no line of UTF-8 text "
            "(tilsyn register look finds out how other files are to be read)",
            file=file,
        )
    if not text.strip():
        advice = f"; it should be {','.join(like)}" if like else ""
        raise InputError(f"has no header line{advice}", file=file)
    separator = separator or max(",;", key=text.count)
    _, fields = next(delimited(text, file=file, delimiter=separator))
    return separator, tuple(field.strip() for field in fields)


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


def joined(
    parts: Iterable[tuple[bytes, int]], delimiter: str, columns: int
) -> Iterator[tuple[bytes, Numbers]]:
    """Blocks in which each record is one line, each with the numbers of the lines they begin on.

    Lines are joined, by a space, where a quotation mark lacks its pair in one and another in a line soon
    after, if that gives a record of as many columns as there are; else they stay.

    Args:
        parts: as `blocks` gives them.
        delimiter: between the columns.
        columns: how many a row has.
    """
    rest: list[bytes] = []
    end = 0
    for block, before in parts:
        fresh = block.split(b"\n")[:-1]
        lines, first, end = [*rest, *fresh], before - len(rest) + 1, before + len(fresh)
        whole, at, last = records_of(lines, delimiter, columns)
        rest = lines[last:]
        if whole:
            yield b"\n".join([*whole, b""]), np.array(at, np.int64) + first
    if rest:
        yield b"\n".join([*rest, b""]), np.arange(end - len(rest) + 1, end + 1, dtype=np.int64)


def records_of(
    lines: list[bytes], delimiter: str, columns: int
) -> tuple[list[bytes], list[int], int]:
    """Lines as records, as `joined` makes them of a block.

    Returns:
        the records, the place of the line each begins on, and the place from which the lines are no
        records yet, because what comes after them decides.
    """
    records: list[bytes] = []
    begins: list[int] = []
    done, last = 0, len(lines)
    odd = [at for at, line in enumerate(lines) if line.count(b'"') % 2]
    while odd:
        at = odd.pop(0)
        if not odd:
            last = at if len(lines) - at < MOST_LINES else last
        elif odd[0] - at < MOST_LINES:
            record = b" ".join(lines[at : odd[0] + 1])
            if _has_columns(record, delimiter, columns):
                records += [*lines[done:at], record]
                begins += range(done, at + 1)
                done = odd.pop(0) + 1
    records += lines[done:last]
    begins += range(done, last)
    return records, begins, last


def _has_columns(line: bytes, delimiter: str, columns: int) -> bool:
    try:
        fields = _fields(line.decode(), delimiter)
    except UnicodeDecodeError:
        return False
    return fields is not None and len(fields) == columns


def shape(
    block: bytes, before: int, delimiter: str, columns: int, numbers: Numbers | None = None
) -> Shape:
    """Sort the lines of a block by shape.

    Args:
        block: whole lines that end in "\n".
        before: lines of the file before the block.
        delimiter: between the columns.
        columns: how many a row has.
        numbers: of its lines, where they do not simply follow each other.
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
    if numbers is None:
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
