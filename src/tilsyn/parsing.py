"""Text from outside, read within bounds: files, TOML, JSON, CSV and whole numbers.

A small file can hold a parser for minutes (a key of 60,000 parts), exhaust its stack (50,000 brackets)
or a memory (a number with an exponent of nine digits). What is larger, deeper or longer than anything
that is meant is refused in one line, before or as soon as it is parsed.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tilsyn.errors import InputError
from tilsyn.words import Message, gettext_noop

MOST_BYTES = 4 * 1024**2
"""The longest file that is written by hand or beside a table: rules, facts, manifests."""
DEEPEST = 32
"""Tables within tables, and lists within lists."""
KEY_PARTS = 16
"""Parts of a key: "version.criterion.months" has three."""
LONGEST_CELL = 128 * 1024
"""Signs of a cell of delimited text; more is a quotation mark without its pair."""
LONGEST_NUMBER = 18
"""Digits of a whole number, and the largest power of ten of a decimal one; a database counts so far."""

# Texts and remarks are skipped whole; what is left of a key is its dots, up to a sign that ends it.
# An unclosed text runs to the end, so that nothing is looked at twice.
_TOML = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?'
    r"|'''(?:[^']|'(?!''))*+(?:''')?"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|[.=,\n\[{]",
    re.DOTALL,
)


# Half of a character written as two; the other half makes it one.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


_TOML_FAULTS = {
    ("Expected '=' after a key",): gettext_noop("'=' is missing after a key"),
    (
        "Invalid value",
        "Invalid date",
    ): gettext_noop("the value cannot be read; text stands in quotation marks"),
    (
        "Cannot overwrite",
        "Duplicate inline",
    ): gettext_noop("the key stands twice"),
    (
        "Cannot declare",
        "Cannot redefine",
        "Cannot mutate",
    ): gettext_noop("the table stands twice"),
    (
        "Unterminated string",
        "Illegal character",
    ): gettext_noop("a text has no closing quotation mark on its line"),
    (
        "Unclosed",
        "Expected ']",
    ): gettext_noop("a list or table is not closed"),
    ("Expected newline",): gettext_noop("something more stands after the value"),
    (
        "Unescaped",
        "Invalid hex",
        "Escaped character",
    ): gettext_noop("a backslash in a text is written \\\\; or put the text in '…'"),
    ("",): gettext_noop("the line cannot be read"),
}
"""What is wrong in a TOML file, by how the parser's own message begins."""

NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Signs that no text holds: they cannot be printed, and neither XML nor Word takes them."""


def read_bytes(file: Path, most: int = MOST_BYTES) -> bytes:
    """A file's bytes.

    Raises:
        InputError: it is not there, a folder, cannot be read, or has more than `most` bytes.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(most + 1)
    except IsADirectoryError:
        raise InputError("is a folder; name a file", file=file) from None
    # A name with a NUL is a ValueError.
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot be read: {reason}", file=file) from None
    _bounded(data, most, file)
    return data


def parse_toml(data: bytes, *, file: Path | str) -> dict[str, Any]:
    """The contents of a TOML file; decimal numbers as `Decimal`.

    Args:
        file: what it is called.

    Raises:
        InputError: it is not TOML, too large, too deep, or a key or a number is too long.
    """
    _bounded(data, MOST_BYTES, file)
    text = _text(data, file)
    _check_keys(text, file)
    try:
        found = dict(shallow(tomllib.loads(text, parse_float=_decimal), file=file))
        if "\\" in text and (sign := NO_TEXT.search("".join(_texts(found)))):
            raise InputError(f"a text holds a sign that cannot be printed ({sign[0]!a})", file=file)
        return found
    except RecursionError:
        raise _too_deep(file) from None
    except tomllib.TOMLDecodeError as error:
        said, _, place = str(error).rpartition(" (at ")
        words = next(words for begins, words in _TOML_FAULTS.items() if said.startswith(begins))
        raise InputError(
            Message("not valid TOML: {fault}", fault=Message(words)),
            file=file,
            place=place.removesuffix(")") or None,
        ) from None
    except ValueError as error:
        # Python's own limit of digits, or ours.
        raise InputError(
            Message("not valid TOML: {fault}", fault=_number_fault(error)), file=file
        ) from None


def parse_json(data: bytes, *, file: Path | str, most: int = MOST_BYTES) -> Any:
    """The value of a JSON text.

    Raises:
        InputError: it is not JSON, too large, too deep, or a number is too long or none.
    """
    _bounded(data, most, file)
    text = _text(data, file)
    try:
        value = shallow(json.loads(text, parse_constant=_no_number), file=file)
        if _HALF.search(text):
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except RecursionError:
        raise _too_deep(file) from None
    except json.JSONDecodeError as error:
        raise InputError(
            "not valid JSON; is it whole?",
            file=file,
            place=f"line {error.lineno}, column {error.colno}",
        ) from None
    except UnicodeEncodeError:
        raise InputError(
            "not valid JSON: half a character (\\ud800 to \\udfff)", file=file
        ) from None
    except ValueError as error:
        raise InputError(
            Message("not valid JSON: {fault}", fault=_number_fault(error)), file=file
        ) from None


def read_text(file: Path, most: int = MOST_BYTES) -> str:
    """The text of a file in UTF-8.

    Raises:
        InputError: as `read_bytes`, or it is no UTF-8.
    """
    return _text(read_bytes(file, most), file)


def csv_rows(
    text: str, *, file: Path | str | None, delimiter: str = ","
) -> tuple[tuple[str, ...], list[dict[str | None, Any]]]:
    """The columns and the rows of a CSV text, as `csv.DictReader` has them.

    Raises:
        InputError: it cannot be split into cells.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    csv.field_size_limit(LONGEST_CELL)  # of the process: a library may have raised it
    try:
        return tuple(reader.fieldnames or ()), list(reader)
    except csv.Error as error:
        raise _not_split(error, file, reader.line_num + 1) from None


def delimited(
    text: str, *, file: Path | str | None, delimiter: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """The records of delimited text, with the number of the line each begins on.

    Raises:
        InputError: it cannot be split into cells (one is longer than any table's).
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    csv.field_size_limit(LONGEST_CELL)
    try:
        for record in reader:
            yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _not_split(error, file, begins) from None


def _not_split(error: csv.Error, file: Path | str | None, line: int) -> InputError:
    return InputError(
        f"cannot be split into cells ({error}); look for a quotation mark without its pair",
        file=file,
        place=f"line {line}",
    )


def whole_number(text: str) -> int | None:
    """A whole number written in plain digits; None for anything else, and for what nothing counts to.

    `str.isdigit` says yes to "²", and `int` refuses 5,000 digits.
    """
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if plain else None


def shallow(value: Any, *, file: Path | str) -> Any:
    """The same value, of lists and dictionaries.

    Raises:
        InputError: they are nested deeper than what walks through them can follow.
    """
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return value
    raise _too_deep(file)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value that is not too deep, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        if isinstance(value, dict):
            yield from value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _check_keys(text: str, file: Path | str) -> None:
    dots = 0
    for found in _TOML.finditer(text):
        sign = found[0]
        if sign == ".":
            dots += 1
            if dots >= KEY_PARTS:
                line = text.count("\n", 0, found.start()) + 1
                raise InputError(
                    Message(
                        "a key of more than {limit} parts; is it the right file?", limit=KEY_PARTS
                    ),
                    file=file,
                    place=f"line {line}",
                )
        elif sign in "=,\n[{":
            dots = 0


def _bounded(data: bytes, most: int, file: Path | str) -> None:
    if len(data) > most:
        raise InputError(
            Message("larger than {limit} MB; is it the right file?", limit=most // 1024**2),
            file=file,
        )


def _text(data: bytes, file: Path | str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            Message("not UTF-8; save it as UTF-8"), file=file, place=f"line {line}"
        ) from None


def _decimal(text: str) -> Decimal:
    number = Decimal(text.replace("_", ""))
    if number and number.is_finite() and abs(number.adjusted()) > LONGEST_NUMBER:
        raise ValueError(f"the number {text[:20]} is too large or too small")
    return number


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _number_fault(error: ValueError) -> Message | str:
    own = str(error)
    return Message("a number has too many digits") if own.startswith("Exceeds the limit") else own


def _too_deep(file: Path | str) -> InputError:
    return InputError(Message("nested more than {limit} deep", limit=DEEPEST), file=file)
