"""From pseudonyms back to people: a municipality's own list, joined with the secret, and logged.

The store knows no names. Whoever is to telephone someone holds the list of the municipality's
cases (CPR number, case reference, name) and the secret the store was loaded with; the pseudonym of
each CPR number is reckoned anew and compared. Nothing is written back to the store, and each time
is noted in a log that is only added to, before the names are written.
"""

from __future__ import annotations

import csv
import datetime as dt
import fcntl
import getpass
import hashlib
import io
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tilsyn.errors import InputError
from tilsyn.register.outside import MINE
from tilsyn.register.pseudonyms import masked, pseudonym

LOG_VARIABLE: Final = "TILSYN_IDENTIFICATION_LOG"
PERSON: Final = "person"
PEOPLE: Final = ("cpr", "reference", "name")
"""The columns of the list of people."""

_START: Final = "0" * 64


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
    reader = csv.DictReader(
        io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    missing = [name for name in wanted if name not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"the column '{missing[0]}' is missing", file=file)
    for number, row in enumerate(reader, 2):
        if None in row or None in row.values():
            raise InputError("wrong number of columns", file=file, place=f"row {number}")
        yield row


def log_file(chosen: Path | None = None) -> Path:
    """Where identifications are logged: as chosen, else TILSYN_IDENTIFICATION_LOG, else at home."""
    if chosen is not None:
        return chosen
    if named := os.environ.get(LOG_VARIABLE):
        return Path(named)
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "tilsyn" / "identifications.jsonl"


def note(
    log: Path, *, now: dt.datetime, file: Path, into: Path, purpose: str, persons: int
) -> None:
    """Add a line to the log: who, when, why, which file, how many, and the line before it.

    Each line bears the SHA-256 of the line before, so that one taken out or changed is noticed.

    Raises:
        InputError: the log cannot be written; nobody is identified then.
    """
    try:
        line = {
            "at": now.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "by": getpass.getuser(),
            "purpose": masked(purpose),
            "file": str(file.absolute()),
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "into": str(into.absolute()),
            "persons": persons,
        }
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(log, os.O_RDWR | os.O_CREAT | os.O_APPEND, MINE)
        with os.fdopen(handle, "r+b") as stream:
            # Of two at once the second follows the first, else the chain would look broken.
            fcntl.flock(stream, fcntl.LOCK_EX)
            before = stream.read().splitlines()
            line["before"] = hashlib.sha256(before[-1]).hexdigest() if before else _START
            stream.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror}); nobody is identified", file=log
        ) from None


def broken_at(log: Path) -> int | None:
    """The first line of a log that does not follow from the line before; None where all do.

    Raises:
        InputError: the log cannot be read.
    """
    before = _START
    try:
        lines = log.read_bytes().splitlines()
        for number, line in enumerate(lines, 1):
            if json.loads(line)["before"] != before:
                return number
            before = hashlib.sha256(line).hexdigest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"cannot be read as a log ({error})", file=log) from None
    return None
