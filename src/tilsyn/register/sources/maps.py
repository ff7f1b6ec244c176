"""Column names and code maps of the sources: shipped, and replaceable by the user's own.

None of them is verified against a municipality's delivery. ``sources`` in the folder of one's own may hold
``columns.csv``, ``benefits.csv``, ``interviews.csv`` and ``activities.csv``; each replaces the
shipped file of its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from tilsyn import own
from tilsyn.errors import InputError
from tilsyn.parsing import csv_rows
from tilsyn.vocabulary import GROUPS, VISITATION

OFFER_KINDS = (
    "virksomhedspraktik",
    "loentilskud",
    "nytteindsats",
    "ordinaer_uddannelse",
    "oevrig_vejledning_opkvalificering",
)
"""The kinds of offer a register's table may hold."""

NOT_MEASURED = ""
"""What a code is mapped to that is known and belongs to no measured group."""

_FILES = {
    "columns.csv": ("source", "column", "name"),
    "benefits.csv": ("benefit", "group", "visitation"),
    "interviews.csv": ("code", "type"),
    "activities.csv": ("code", "kind"),
}


@dataclass(frozen=True, slots=True)
class Maps:
    """What the sources' words mean here; keys are `plain_text`.

    Attributes:
        columns: (source, column) → the names it may have in a header.
        benefits: benefit → (group, visitation); group `NOT_MEASURED` where it is in no group.
        interviews: delivered code → conversation type.
        activities: delivered code → offer kind, or `NOT_MEASURED`.
    """

    columns: Mapping[tuple[str, str], tuple[str, ...]]
    benefits: Mapping[str, tuple[str, str]]
    interviews: Mapping[str, str]
    activities: Mapping[str, str]


def plain_text(text: str) -> str:
    """A word without what deliveries vary: case, full stops and repeated spaces."""
    return re.sub(r"\s+", " ", text.replace(".", "")).strip().lower()


def plain_expr(column: str) -> pl.Expr:
    """The same of a column of texts."""
    text = pl.col(column).str.replace_all(".", "", literal=True)
    return text.str.replace_all(r"\s+", " ").str.strip_chars().str.to_lowercase()


def maps(folder: Path | None = None) -> Maps:
    """The shipped maps, each replaced by the file of its name in `folder` (left out: one's own).

    Raises:
        InputError: a file is wrong; the line is named.
    """
    folder = folder or own.folder("sources")
    return Maps(**{name.removesuffix(".csv"): read(folder) for name, read in READERS.items()})


def _columns(folder: Path | None) -> dict[tuple[str, str], tuple[str, ...]]:
    columns: dict[tuple[str, str], tuple[str, ...]] = {}
    shipped = {cells[:2] for _, cells in _rows("columns.csv", None)}
    sources = tuple(dict.fromkeys(source for source, _ in sorted(shipped)))
    for place, (source, column, name) in _rows("columns.csv", folder):
        _must_be(source, sources, "source", place)
        _must_be(column, tuple(c for s, c in sorted(shipped) if s == source), "column", place)
        columns[source, column] = (*columns.get((source, column), ()), plain_text(name))
    told = {source for source, _ in columns}
    if unnamed := sorted(key for key in shipped - columns.keys() if key[0] in told):
        raise InputError(
            f"no name for the column {unnamed[0][1]} of {unnamed[0][0]}; the file stands in the place of "
            "the shipped one",
            file=f"{folder}/columns.csv",
        )
    return columns


def _benefits(folder: Path | None) -> dict[str, tuple[str, str]]:
    groups, visitations = (NOT_MEASURED, *GROUPS.codes), ("", *VISITATION.codes)
    benefits = {}
    for place, (benefit, group, visitation) in _rows("benefits.csv", folder):
        _must_be(group, groups, "group", place)
        _must_be(visitation, visitations, "visitation", place)
        benefits[plain_text(benefit)] = (group, visitation)
    return benefits


def _interviews(folder: Path | None) -> dict[str, str]:
    interviews = {}
    for place, (code, kind) in _rows("interviews.csv", folder):
        if not re.fullmatch(r"\d{1,4}", kind):
            raise InputError(f"'{kind}' is no conversation type (a number)", file=place)
        interviews[plain_text(code)] = kind
    return interviews


def _activities(folder: Path | None) -> dict[str, str]:
    activities = {}
    for place, (code, kind) in _rows("activities.csv", folder):
        _must_be(kind, (NOT_MEASURED, *OFFER_KINDS), "kind", place)
        activities[plain_text(code)] = kind
    return activities


READERS: dict[str, Callable[[Path | None], Any]] = {
    "columns.csv": _columns,
    "benefits.csv": _benefits,
    "interviews.csv": _interviews,
    "activities.csv": _activities,
}
"""What reads each file of a folder, or the shipped one."""


def _must_be(value: str, known: tuple[str, ...], what: str, place: str) -> None:
    if value not in known:
        names = ", ".join(name for name in known if name) + (", or nothing" if "" in known else "")
        raise InputError(f"no {what} '{value}'; there are: {names}", file=place)


def _rows(name: str, folder: Path | None) -> list[tuple[str, tuple[str, ...]]]:
    """Place and cells of each row of a map, in the order of its columns."""
    given = folder / name if folder is not None and (folder / name).is_file() else None
    try:
        text = (given or files(__package__).joinpath(name)).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read as UTF-8 text ({error})", file=given or name) from None
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    columns, rows = csv_rows(text, file=given or name, delimiter=delimiter)
    if missing := [c for c in _FILES[name] if c not in columns]:
        raise InputError(f"the column {missing[0]} is missing", file=given or name, place="line 1")
    found, seen = [], set()
    for number, row in enumerate(rows, 2):
        cells = tuple((row[column] or "").strip() for column in _FILES[name])
        key = cells if name == "columns.csv" else plain_text(cells[0])
        if key in seen or not cells[0]:
            problem = f"'{cells[0]}' stands twice" if cells[0] else "the code is missing"
            raise InputError(problem, file=given or name, place=f"line {number}")
        seen.add(key)
        found.append((f"{given or name}, line {number}", cells))
    return found
