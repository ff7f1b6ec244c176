"""From pseudonyms back to people: a municipality's own list, joined with the secret.

The store knows no names. Whoever is to telephone someone holds the list of the municipality's
cases (CPR number, case reference, name) and the secret the store was loaded with; the pseudonym of
each CPR number is reckoned anew and compared. Nothing is written back to the store.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tilsyn.errors import InputError
from tilsyn.parsing import csv_rows
from tilsyn.register.pseudonyms import pseudonym

PERSON: Final = "person"
PEOPLE: Final = ("cpr", "reference", "name")
"""The columns of the list of people."""


@dataclass(frozen=True, slots=True)
class Identified:
    """A list with people in it.

    Attributes:
        columns, rows: the list's own, the pseudonym replaced by reference and name.
        persons: how many different persons were found.
        unknown: how many rows have a pseudonym that is nobody's on the list of people.
    """

    columns: tuple[str, ...]
    rows: list[list[str]]
    persons: int
    unknown: int

    def as_csv(self) -> bytes:
        """As CSV, UTF-8."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return stream.getvalue().encode()


def people(file: Path, secret: bytes) -> dict[str, tuple[str, str]]:
    """Case reference and name by pseudonym, from a list with the columns of `PEOPLE`.

    Raises:
        InputError: the list cannot be read, or two cases have one number.
    """
    found: dict[str, tuple[str, str]] = {}
    for number, row in enumerate(_rows(file, PEOPLE), 2):
        if not (cpr := row["cpr"].strip()):
            raise InputError("the CPR number is missing", file=file, place=f"row {number}")
        person = pseudonym(secret, cpr)
        who = (row["reference"].strip(), row["name"].strip())
        if found.setdefault(person, who) != who:
            raise InputError(
                "the CPR number stands there twice with different references or names",
                file=file,
                place=f"row {number}",
            )
    return found


def identified(file: Path, known: dict[str, tuple[str, str]]) -> Identified:
    """The rows of a list with a column `person`, with case reference and name in its place.

    Raises:
        InputError: the list cannot be read or has no such column.
    """
    rows = list(_rows(file, (PERSON,)))
    others = [name for name in (rows[0] if rows else {}) if name != PERSON]
    made, persons, unknown = [], set(), 0
    for row in rows:
        if (who := known.get(row[PERSON])) is None:
            unknown += 1
            who = ("", "")
        else:
            persons.add(row[PERSON])
        made.append([*who, *(row[name] for name in others)])
    return Identified(("reference", "name", *others), made, len(persons), unknown)


def _rows(file: Path, wanted: Iterable[str]) -> Iterable[dict[str, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", file=file) from None
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    columns, rows = csv_rows(text, file=file, delimiter=delimiter)
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise InputError(f"the column '{missing[0]}' is missing", file=file)
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise InputError("wrong number of columns", file=file, place=f"row {number}")
        yield {str(name): cell for name, cell in row.items()}
