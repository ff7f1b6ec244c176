"""XLSX workbooks as lines of cells, refused when they would unpack to something absurd."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from decimal import Decimal
from pathlib import Path

import python_calamine

from tilsyn.errors import InputError
from tilsyn.figures.reading.lines import Line

MOST_CELLS = 2_000_000
"""The largest sheet read, counted as its last row times its last column."""

MOST_UNPACKED = 128 * 1024 * 1024
"""The most bytes a workbook may say it unpacks to."""

MOST_PARTS = 2000
_CHUNK = 1 << 20
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})?([0-9]{1,7})"')
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)


def workbook_lines(data: bytes, file: Path) -> tuple[Line, ...]:
    """The rows of every sheet, sheets parted by a blank line.

    Raises:
        InputError: the file is no workbook, damaged, protected or too large.
    """
    _refuse_absurd(data, file)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        lines: list[Line] = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
                lines.append(Line(f"sheet {name}, row {number}", tuple(map(printed, row)), True))
            lines.append(Line(f"sheet {name}, end", (), True))
    except python_calamine.PasswordError:
        raise InputError("protected by a password; save it without one", file=file) from None
    except (python_calamine.CalamineError, *_DAMAGED) as error:
        raise InputError(f"a damaged workbook ({error})", file=file) from None
    except BaseException as error:
        # Damaged bytes can make the reader panic, which Python sees as no ordinary exception.
        if type(error).__name__ == "PanicException":
            raise InputError("a damaged workbook", file=file) from None
        raise
    return tuple(lines)


def printed(value: object) -> str:
    """A workbook cell as a letter would print it: decimal comma, no thousands, months by day."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # Twelve places: beyond that stands only the error of binary fractions.
        exact = round(Decimal(repr(value)), 12)
        return f"{exact.normalize():f}".replace(".", ",")
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value).strip()


def _refuse_absurd(data: bytes, file: Path) -> None:
    """Read the directory before anything is unpacked, and the sheets' extent before they are opened."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        raise InputError(f"a damaged workbook ({error})", file=file) from None
    with archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if any(name.startswith("word/") for name in names):
            raise InputError(
                "a Word document; copy its text and tables into a .txt file", file=file
            )
        if "xl/workbook.xml" not in names:
            raise InputError("a packed file, not an XLSX workbook; unpack it first", file=file)
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
            raise InputError(
                f"would unpack to {unpacked // 2**20} MB in {len(parts)} parts, which is no "
                "published table; keep only the tables",
                file=file,
            )
        for part in parts:
            try:
                cells = _extent(archive, part)
            except (RuntimeError, *_DAMAGED) as error:
                raise InputError(f"a damaged workbook ({error})", file=file) from None
            if part.filename.startswith("xl/worksheets/") and cells > MOST_CELLS:
                raise InputError(
                    f"a sheet of {cells} cells (at most {MOST_CELLS} are read); "
                    "delete what lies outside the tables",
                    file=file,
                    place=part.filename,
                )


def _extent(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Last row times last column of a sheet; reading it through also proves the sizes stated."""
    last_row = last_column = 1
    kept = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            for column, row in _REFERENCE.findall(kept + chunk):
                last_row = max(last_row, int(row))
                if column:
                    last_column = max(last_column, _column_number(column))
            kept = chunk[-16:]
    return last_row * last_column


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
