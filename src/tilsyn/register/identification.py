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

from tilsyn.register.pseudonyms import pseudonym
from tilsyn.tables.content import read_bytes, text_of
from tilsyn.tables.records import Record, lines_of, records

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
    for row in _records(file, PEOPLE):
        if not (cpr := row.get("cpr")):
            raise row.error("the CPR number is missing")
        person = pseudonym(secret, cpr)
        who = (row.get("reference"), row.get("name"))
        if found.setdefault(person, who) != who:
            raise row.error("the CPR number stands there twice with different references or names")
    return found


def identified(file: Path, known: dict[str, tuple[str, str]]) -> Identified:
    """The rows of a list with a column `person`, with case reference and name in its place.

    Raises:
        InputError: the list cannot be read or has no such column.
    """
    rows = _records(file, (PERSON,))
    others = [name for name in (rows[0].values if rows else ()) if name != PERSON]
    made, persons, unknown = [], set(), 0
    for row in rows:
        if (who := known.get(row.get(PERSON))) is None:
            unknown += 1
            who = ("", "")
        else:
            persons.add(row.get(PERSON))
        made.append([*who, *(row.values[name] for name in others)])
    return Identified(("reference", "name", *others), made, len(persons), unknown)


def _records(file: Path, wanted: Iterable[str]) -> list[Record]:
    """The records of a list.

    Raises:
        InputError: it cannot be read, or a column is missing.
    """
    lines = lines_of(text_of(read_bytes(file), file), file)
    return records(lines, tuple(wanted), file, least=0)
