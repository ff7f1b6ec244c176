"""How a table is written, found out by looking at its first lines."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Final

from tilsyn.errors import InputError
from tilsyn.tables.content import encoding_of
from tilsyn.tables.formats import Format
from tilsyn.tables.lines import opened, records_of

_START: Final = 1 << 20
"""Bytes by which it is found out how text is written."""
LINES: Final = 200
"""Lines by which it is found out how a table is written."""
_SEPARATORS: Final = (";", "\t", "|", ",")


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
    with opened(file, encoding) as stream:
        lines = [line.removesuffix(b"\r") for line in stream.read(_START).split(b"\n")]
    sample = [line.decode("utf-8", "replace") for line in lines[:LINES]]
    separator, rows = max(
        ((mark, _split(sample, mark)) for mark in _SEPARATORS), key=lambda one: _regular(one[1])
    )
    header = header_row(rows)
    records, _, seen = records_of(lines[header + 1 :], separator, len(rows[header]))
    return Format.model_validate(
        {
            "encoding": encoding,
            "separator": separator,
            "header": header + 1,
            "multiline": len(records) < seen,
        }
    )


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


def header_row(rows: list[tuple[str, ...]]) -> int:
    """Which row holds the headings: the first that has as many cells filled as any after it."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    most = Counter(len(row) for row in rows).most_common(1)[0][0] if rows else 0
    widest = max((n for n, row in zip(filled, rows, strict=True) if len(row) == most), default=0)
    return next((at for at, number in enumerate(filled) if number >= widest), 0)
