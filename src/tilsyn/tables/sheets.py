"""XLSX workbooks as lines of cells, refused when they would unpack to something absurd."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import python_calamine

from tilsyn.errors import InputError
from tilsyn.tables import unseen
from tilsyn.tables.line import Line
from tilsyn.tables.unseen import Sheet, column_number
from tilsyn.vocabulary.wording import joined

MOST_CELLS = 2_000_000
"""The largest sheet read, counted as its last row times its last column."""

MOST_UNPACKED = 128 * 1024 * 1024
"""The most bytes a workbook may say it unpacks to."""

MOST_PARTS = 2000
_CHUNK = 1 << 20
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})?([0-9]{1,7})"')
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    NotImplementedError,
    ParseError,
)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a sheet shows.

    Attributes:
        lines: its rows.
        numbers: their row numbers; an empty line after the last has none.
        hidden: how many rows hold something and are hidden.
    """

    name: str
    lines: tuple[Line, ...]
    numbers: tuple[int, ...] = ()
    hidden: int = 0

    @property
    def filled(self) -> tuple[Line, ...]:
        """The lines that hold something."""
        return tuple(line for line in self.lines if line.filled)


Remark = tuple[str, str]
"""What is worth knowing of a workbook, in Danish and in English."""


def shown(
    data: bytes, file: Path, *, wrong: str = "", decimal: str = ","
) -> tuple[tuple[Rows, ...], tuple[Remark, ...]]:
    """What the sheets of a workbook show, and remarks on what in them is not read.

    What is hidden is not read; a cell shown in per cent is printed so ("25,8%").

    Args:
        wrong: how a cell is printed that holds an error.
        decimal: the decimal mark of the numbers printed.

    Raises:
        InputError: the file is no workbook, damaged, protected or too large, or shows formulas that
            were never computed.
    """
    _refuse_absurd(data, file)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            looks = unseen.sheets(archive)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        read = {name: book.get_sheet_by_name(name).to_python(False) for name in looks}
    except python_calamine.PasswordError:
        raise InputError("protected by a password; save it without one", file=file) from None
    except (python_calamine.CalamineError, *_DAMAGED) as error:
        raise InputError(f"a damaged workbook ({error})", file=file) from None
    except BaseException as error:
        # Damaged bytes can make the reader panic, which Python sees as no ordinary exception.
        if type(error).__name__ == "PanicException":
            raise InputError("a damaged workbook", file=file) from None
        raise
    _refuse_uncomputed(looks.values(), file)
    rows = tuple(
        _rows(look, read[name], wrong, decimal) for name, look in looks.items() if not look.hidden
    )
    return rows, tuple(_remarks(looks, read))


def _rows(look: Sheet, values: list[list[Any]], wrong: str, decimal: str) -> Rows:
    errors = set(look.errors) if wrong else set()

    def cell(at: int, column: int, value: object) -> str:
        if not look.sees((at, column)):
            return ""
        if (at, column) in errors:
            return wrong
        return printed(value, per_cent=(at, column) in look.per_cent, decimal=decimal)

    lines, numbers, hidden = [], [], 0
    for at, row in enumerate(values, 1):
        if at in look.hidden_rows:
            hidden += any(value not in ("", None) for value in row)
            continue
        cells = tuple(cell(at, column, value) for column, value in enumerate(row, 1))
        lines.append(Line(f"sheet {look.name}, row {at}", cells, True))
        numbers.append(at)
    end = Line(f"sheet {look.name}, end", (), True)
    return Rows(look.name, (*lines, end), tuple(numbers), hidden)


def _refuse_uncomputed(looks: Iterable[Sheet], file: Path) -> None:
    found = [
        unseen.named(look, places, "en")
        for look in looks
        if not look.hidden and (places := [p for p in look.uncomputed if look.sees(p)])
    ]
    if found:
        raise InputError(
            f"formulas without a stored value ({'; '.join(found)}); open the file in a spreadsheet "
            "program and save it, or put values in their place",
            file=file,
        )


def _hidden(look: Sheet, values: list[list[Any]], language: str) -> str:
    """What is hidden in a sheet and holds something, in words; empty where nothing is."""
    filled = {
        (at, column)
        for at, row in enumerate(values, 1)
        for column, value in enumerate(row, 1)
        if value not in ("", None) and (look.hidden or not look.sees((at, column)))
    }
    if not filled:
        return ""
    sheet, *words = ("ark", "række", "kolonne") if language == "da" else ("sheet", "row", "column")
    rows = [str(row) for row in sorted({row for row, _ in filled} & look.hidden_rows)]
    columns = sorted({column for _, column in filled} & look.hidden_columns)
    letters = [unseen.reference((0, column)) for column in columns]
    parts = (
        f"{word} {joined(which, language, most=unseen.MOST_NAMED)}"
        for word, which in zip(words, (rows, letters), strict=True)
        if which and not look.hidden
    )
    return ": ".join(filter(None, (f"{sheet} {look.name}", ", ".join(parts))))


def _remarks(looks: dict[str, Sheet], read: dict[str, list[list[Any]]]) -> Iterator[Remark]:
    """What is hidden, and what holds an error."""
    hidden_da, hidden_en = (
        "; ".join(
            filter(None, (_hidden(look, read[name], language) for name, look in looks.items()))
        )
        for language in ("da", "en")
    )
    if hidden_da:
        yield (
            f"Skjult i regnearket og derfor ikke læst: {hidden_da}.",
            f"Hidden in the workbook and so not read: {hidden_en}.",
        )
    wrong_da, wrong_en = (
        "; ".join(
            unseen.named(look, places, language)
            for look in looks.values()
            if not look.hidden and (places := [p for p in look.errors if look.sees(p)])
        )
        for language in ("da", "en")
    )
    if wrong_da:
        yield (
            f"Celler med fejl i regnearket er læst som ikke tilgængelige: {wrong_da}.",
            f"Cells with errors in the workbook are read as not available: {wrong_en}.",
        )


def printed(value: object, *, per_cent: bool = False, decimal: str = ",") -> str:
    """A workbook cell as a letter would print it: no thousands, months by day.

    Args:
        value: what the cell holds.
        per_cent: whether the cell shows a number in per cent.
        decimal: the decimal mark.
    """
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int | float):
        # Twelve places: beyond that stands only the error of binary fractions.
        exact = Decimal(repr(value)) * (100 if per_cent else 1)
        exact = round(exact, 12) if abs(exact) < 10**15 else exact
        return f"{exact.normalize():f}".replace(".", decimal) + ("%" if per_cent else "")
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
        if "content.xml" in names:
            raise InputError("an OpenDocument file; save the sheet as XLSX or CSV", file=file)
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
                    last_column = max(last_column, column_number(column.decode()))
            kept = chunk[-16:]
    return last_row * last_column
