"""The assistance offered to municipalities and their answers, from ``assistance.csv``.

Two forms are read, told apart by their columns: one row a municipality (municipality, quarter,
contacted, status, accepted_on, kinds), or only counts (status, count, and optionally the measure
whose goal the municipalities missed).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.parsing import whole_number
from tilsyn.tables.content import read_bytes, text_of
from tilsyn.tables.records import columns, lines_of, records
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, YearMonth

STATUSES = ("in_progress", "accepted_not_begun", "declined", "undecided")
"""The answers to an offer of assistance, as the reports tell them apart."""

KINDS = (
    "evaluation_of_conversations",
    "workflow_analysis",
    "data_analysis",
    "capacity_steering",
    "self_evaluation",
    "job_evidence",
    "case_review",
)
"""The kinds of assistance the reports name."""

_EACH = ("municipality", "quarter", "contacted", "status", "accepted_on", "kinds")
_COUNTS = ("status", "count")
_QUARTER = re.compile(r"(\d{4})-?[QK]([1-4])", re.IGNORECASE)
ACCEPTED = ("in_progress", "accepted_not_begun")
"""The answers that say yes."""


@dataclass(frozen=True)
class Assistance:
    """How many municipalities gave which answer.

    Attributes:
        counts: municipalities by status.
        measure: the measure whose goal they missed; empty where any goal may be meant.
        names: the municipalities' codes by status; empty where only counts are known.
        kinds: the kinds of assistance in progress, in the order of `KINDS`.
    """

    counts: Mapping[str, int]
    measure: str = ""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many municipalities."""
        return sum(self.counts.values())


def read_assistance(file: Path, on: dt.date) -> Assistance:
    """Read the assistance; of several quarters the latest that has begun on `on`.

    Raises:
        InputError: a column, or a value in a row, cannot be used; the row and the mend are named.
    """
    lines = lines_of(text_of(read_bytes(file), file), file)
    there = columns(lines)
    wanted = _EACH if "municipality" in there else _COUNTS
    if missing := [name for name in wanted if name not in there]:
        raise InputError(
            f"the column {missing[0]} is missing; the columns are {', '.join(_EACH)}, or only "
            f"{', '.join(_COUNTS)}",
            file=file,
        )
    found = records(lines, wanted, file)
    rows = [(one.place, {name: one.get(name) for name in one.values}) for one in found]
    return _of_each(rows, file, on) if wanted is _EACH else _of_counts(rows, file)


_Rows = list[tuple[str, dict[str, str]]]


def _of_counts(rows: _Rows, file: Path) -> Assistance:
    counts: dict[str, int] = {}
    measures: set[str] = set()
    for place, row in rows:
        status = _status(row, file, place)
        if status in counts:
            raise InputError(f"{status} stands twice; add the counts", file=file, place=place)
        counted = whole_number(row["count"])
        if counted is None:
            raise InputError(
                f"'{row['count']}' is no count of municipalities", file=file, place=place
            )
        counts[status] = counted
        measure = row.get("measure", "")
        if measure and measure not in MEASURES:
            raise InputError(
                f"no measure '{measure}'; leave it empty or write e.g. offers_12m",
                file=file,
                place=place,
            )
        measures.add(measure)
    if len(measures) > 1:
        raise InputError("the rows are about different measures; write one file each", file=file)
    return Assistance(counts, measures.pop())


def _of_each(rows: _Rows, file: Path, on: dt.date) -> Assistance:
    read = [(_quarter(row, file, place), place, row) for place, row in rows]
    begun = [quarter for quarter, _, _ in read if quarter.first <= on]
    if not begun:
        raise InputError(f"no quarter in it has begun on {on}", file=file)
    names: dict[str, list[str]] = {}
    kinds: set[str] = set()
    for quarter, place, row in read:
        code = _municipality(row, file, place)
        status = _status(row, file, place)
        _dates(row, status, on, file, place)
        if quarter != max(begun):
            continue
        if any(code in others for others in names.values()):
            raise InputError(
                f"{row['municipality']} stands twice in the quarter", file=file, place=place
            )
        names.setdefault(status, []).append(code)
        kinds |= _kinds(row, file, place)
    return Assistance(
        counts=Counter({status: len(codes) for status, codes in names.items()}),
        names={status: tuple(codes) for status, codes in names.items()},
        kinds=tuple(kind for kind in KINDS if kind in kinds),
    )


def _municipality(row: dict[str, str], file: Path, place: str) -> str:
    try:
        return MUNICIPALITIES.read(row["municipality"]).code
    except ValueError as error:
        raise InputError(str(error), file=file, place=f"{place}, municipality") from None


def _status(row: dict[str, str], file: Path, place: str) -> str:
    if row["status"] not in STATUSES:
        raise InputError(
            f"no status '{row['status']}'; there are {', '.join(STATUSES)}", file=file, place=place
        )
    return row["status"]


def _quarter(row: dict[str, str], file: Path, place: str) -> YearMonth:
    """The quarter's first month."""
    if (match := _QUARTER.fullmatch(row["quarter"])) is None:
        raise InputError(
            f"'{row['quarter']}' is no quarter; write it as 2021-Q3", file=file, place=place
        )
    return YearMonth(int(match[1]), 3 * int(match[2]) - 2)


def _dates(row: dict[str, str], status: str, on: dt.date, file: Path, place: str) -> None:
    for name in ("contacted", "accepted_on"):
        if not row[name] and name == "accepted_on":
            continue
        try:
            day = dt.date.fromisoformat(row[name])
        except ValueError:
            raise InputError(
                f"'{row[name]}' is no date; write it as 2021-08-15",
                file=file,
                place=f"{place}, {name}",
            ) from None
        if day > on:
            raise InputError(f"{day} is later than {on}", file=file, place=f"{place}, {name}")
    if row["accepted_on"] and status not in ACCEPTED:
        raise InputError(
            f"accepted_on is given, but the status is {status}", file=file, place=place
        )


def _kinds(row: dict[str, str], file: Path, place: str) -> set[str]:
    kinds = {part.strip() for part in row["kinds"].split(";") if part.strip()}
    if unknown := sorted(kinds - set(KINDS)):
        raise InputError(
            f"no kind of assistance '{unknown[0]}'; there are {', '.join(KINDS)}",
            file=file,
            place=place,
        )
    return kinds
