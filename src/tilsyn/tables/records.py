"""Small tables as records: a header line, then a record a line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.parsing import delimited
from tilsyn.tables.line import Line

DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a table, with what its errors need to say where it stands.

    Attributes:
        place: "row 12" (the header is row 1), "sheet Ark1, row 12".
    """

    file: Path
    place: str
    values: dict[str, str]

    def get(self, column: str) -> str:
        """The value of a column, "" where there is no such column."""
        return self.values.get(column, "").strip()

    def error(self, message: object, column: str = "") -> InputError:
        """An error that names the file, this row and the column."""
        place = f"{self.place}, column {column}" if column else self.place
        return InputError(str(message), file=self.file, place=place)


def _names(line: Line) -> tuple[str, ...]:
    names = [cell.strip().lower() for cell in line.cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def lines_of(
    text: str, file: Path, is_header: Callable[[Line], bool] = lambda _: True
) -> tuple[Line, ...]:
    """The lines of delimited text that hold something, the header first.

    Args:
        text: the delimiter is the first of `DELIMITERS` by which the first line is a header.
        file: for errors.
        is_header: whether a line is the header that is wanted; without it the delimiter is the
            commonest in the first line.

    Returns:
        none where no delimiter makes the first line a header.

    Raises:
        InputError: the text cannot be split.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in sorted(DELIMITERS, key=first.count, reverse=True):
        head = Line("row 1", tuple(n.strip().strip('"') for n in first.split(delimiter)), True)
        if is_header(head):
            found = [
                (n, c)
                for n, c in delimited(text, file=file, delimiter=delimiter)
                if any(map(str.strip, c))
            ]
            return (head, *(Line(f"row {n}", tuple(cells), True) for n, cells in found[1:]))
    return ()


def columns(lines: Sequence[Line]) -> tuple[str, ...]:
    """The column names of a table: small letters, none after the last."""
    return _names(lines[0])


def records(
    lines: Sequence[Line], needed: Collection[str], file: Path, *, least: int = 1
) -> list[Record]:
    """The records of a table.

    Args:
        lines: the header, then a record a line.
        needed: columns that must be there.
        file: for errors.
        least: how many there must be.

    Raises:
        InputError: a needed column is missing, a column stands twice, or a row has more or fewer
            cells than the header.
    """
    names, place = columns(lines), lines[0].place
    if missing := [name for name in needed if name not in names]:
        raise InputError(
            f"the column {missing[0]} is missing; there are: {', '.join(names)}",
            file=file,
            place=place,
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(f"the column {twice[0]} stands twice", file=file, place=place)
    found = []
    for line in lines[1:]:
        # Rows of a sheet are as long as its longest.
        cells = line.cells[: len(names)] if not any(line.cells[len(names) :]) else line.cells
        if len(cells) != len(names):
            raise InputError(
                f"{len(cells)} cells under a header of {len(names)}; "
                "a decimal comma needs quotation marks around its cell, or ';' between the cells",
                file=file,
                place=line.place,
            )
        found.append(Record(file, line.place, dict(zip(names, cells, strict=True))))
    if len(found) < least:
        raise InputError("the table has a header and no rows", file=file, place=place)
    return found
