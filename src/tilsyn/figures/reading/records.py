"""Tidy tables as records: a header line, then one figure a line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.figures.reading.lines import delimited

DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a tidy table, with what its errors need to say where it stands."""

    file: Path
    number: int
    values: dict[str, str]

    @property
    def place(self) -> str:
        """Where it stands: "row 12" (the header is row 1)."""
        return f"row {self.number}"

    def get(self, column: str) -> str:
        """The value of a column, "" where there is no such column."""
        return self.values.get(column, "").strip()

    def error(self, message: object, column: str = "") -> InputError:
        """An error that names the file, this row and the column."""
        place = f"{self.place}, column {column}" if column else self.place
        return InputError(str(message), file=self.file, place=place)


def header(text: str) -> tuple[str, tuple[str, ...]]:
    """The delimiter and the column names of a tidy table; ("", ()) where the text is none."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in DELIMITERS:
        names = tuple(name.strip().strip('"').strip().lower() for name in first.split(delimiter))
        if {"measure", "statistic"} <= set(names):
            return delimiter, names
    return "", ()


def records(
    text: str, delimiter: str, names: tuple[str, ...], needed: Collection[str], file: Path
) -> list[Record]:
    """The records of a tidy table.

    Raises:
        InputError: a needed column is missing, a column stands twice, or a row has more or fewer
            cells than the header.
    """
    if missing := [name for name in needed if name not in names]:
        raise InputError(
            f"the column {missing[0]} is missing; there are: {', '.join(names)}",
            file=file,
            place="row 1",
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(f"the column {twice[0]} stands twice", file=file, place="row 1")
    lines = [
        (n, cells) for n, cells in delimited(text, delimiter, file) if any(map(str.strip, cells))
    ]
    found = []
    for number, cells in lines[1:]:
        if len(cells) != len(names):
            raise InputError(
                f"{len(cells)} cells under a header of {len(names)}; "
                "a decimal comma needs quotation marks around its cell, or ';' between the cells",
                file=file,
                place=f"row {number}",
            )
        found.append(Record(file, number, dict(zip(names, cells, strict=True))))
    if not found:
        raise InputError("the table has a header and no rows", file=file)
    return found
