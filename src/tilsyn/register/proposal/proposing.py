"""Which table an extract is, which column is which, and what its values mean; nothing is guessed silently.

A column is recognised by its heading and by what stands in it, a table by its columns and its name. A value
means the code of that name; one that has no such name waits for a human.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tilsyn import cpr
from tilsyn.errors import InputError
from tilsyn.register.contract import TABLES, Column, Table
from tilsyn.register.mapping import FORMS
from tilsyn.register.naming import SPELLINGS, names
from tilsyn.register.proposal.extracts import ColumnFound, Extract, extracts_in, files_of
from tilsyn.tables.mapping import UNPLACED, TableMapping
from tilsyn.tables.values import date_form, day, month_form, number_form
from tilsyn.vocabulary.names import plain

MOST_LISTED: Final = 200
"""Values of a column that are listed; a column of more is no column of codes."""

_BY_NAME: Final = ("municipality",)
"""Kinds of columns whose values, too many to be listed, are understood by their names."""
_LEAST_LIKE = 0.75
"""How alike a heading must be to one that is known."""
_OF_A_WORD = 0.8
"""How alike a heading is that has a known one among its words."""
_LEAST = 0.55
"""How well heading and values together must fit a column."""
_NEAR = 0.7
"""How alike a value and a known name must be to be told as the nearest."""
_LEAST_FIT = 0.3
"""The share of rows that must be dates in a column of dates, however much of it is wrong."""
_LAST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class Proposed:
    """Extracts that are read alike, and the mapping proposed for them.

    Attributes:
        unused: headings that no column of the register takes, fit to be printed.
        nearest: by column and value that waits for a meaning, what it might be.
        rows: by column and such value how many rows have it.
    """

    extracts: tuple[Extract, ...]
    mapping: TableMapping
    unused: tuple[str, ...]
    nearest: Mapping[tuple[str, str], str]
    rows: Mapping[tuple[str, str], int]

    @property
    def absent(self) -> tuple[str, ...]:
        """The columns of the register's table that nothing was found for."""
        said = {*self.mapping.columns, *self.mapping.constants}
        return tuple(n for n in TABLES[self.mapping.table].names if n not in said)

    @property
    def names(self) -> str:
        """What the extracts are called."""
        return ", ".join(extract.name for extract in self.extracts)

    @property
    def height(self) -> int:
        """How many rows they have."""
        return sum(extract.rows for extract in self.extracts)


@dataclass(slots=True)
class Proposal:
    """What is proposed for some files.

    Attributes:
        tables: the extracts that are recognised.
        strange: what was not, with the reason.
    """

    tables: list[Proposed] = field(default_factory=list)
    strange: list[tuple[str, str]] = field(default_factory=list)

    @property
    def missing(self) -> tuple[str, ...]:
        """The measured tables that nothing was found for."""
        there = {TABLES[one.mapping.table].becomes or one.mapping.table for one in self.tables}
        return tuple(n for n, t in TABLES.items() if t.measured and n not in there)


def propose(paths: Iterable[Path], folder: Path) -> Proposal:
    """A mapping for files.

    Args:
        paths: files, and folders of files.
        folder: where the mapping will lie; it names files from there.

    Raises:
        InputError: there are no files.
    """
    made = Proposal()
    for file in files_of(tuple(paths)):
        try:
            for extract in extracts_in(file):
                _add(extract, folder, made)
        except InputError as error:
            made.strange.append((file.name, error.message))
    made.tables.sort(key=lambda one: list(TABLES).index(one.mapping.table))
    return made


def _add(extract: Extract, folder: Path, made: Proposal) -> None:
    if not extract.rows:
        made.strange.append((extract.name, "has headings and no rows"))
        return
    table, columns = _recognised(extract)
    lacking = [c.name for c in table.columns if _is_needed(c) and c.name not in columns]
    if lacking:
        there = ", ".join(column.heading for column in extract.columns[:12])
        made.strange.append(
            (
                extract.name,
                f"is most like {table.name} ({table.da}), but no column is {lacking[0]} "
                f"({table.column(lacking[0]).description}); it has: {cpr.masked(there, near=True)}",
            )
        )
        return
    proposed = _proposed(extract, table, columns, folder)
    for at, other in enumerate(made.tables):
        if joined := _joined(other, proposed):
            made.tables[at] = joined
            return
    made.tables.append(proposed)


def _is_needed(column: Column) -> bool:
    """Whether an extract without a column is no such table; where it lives may be said once."""
    return column.empty is None and column.kind != "municipality"


def _bare(heading: str) -> str:
    """A heading without case, marks and spaces, in letters a to z and digits."""
    text = heading.casefold()
    for letter, letters in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        text = text.replace(letter, letters)
    return re.sub(r"[^a-z0-9]", "", text)


def _likeness(name: str, called: Iterable[str]) -> float:
    """How alike a name is to the likest of some others, from 0 to 1."""
    bare = _bare(name)
    others = [_bare(one) for one in called]
    if not bare:
        return 0.0
    if bare in others:
        return 1.0
    words = {_bare(word) for word in re.split(r"[^\w]+|_|(?<=[a-zæøå])(?=[A-ZÆØÅ])", name)}
    word = _OF_A_WORD if words & set(others) else 0.0
    within = max((len(o) / len(bare) for o in others if len(o) > 3 and o in bare), default=0.0)
    ratio = max((difflib.SequenceMatcher(None, bare, o).ratio() for o in others), default=0.0)
    return min(max(ratio, word, 0.6 + within * 0.35 if within else 0.0), 0.95)


def _is_nothing(value: str) -> bool:
    return value in SPELLINGS["nothing"]


def _fit(column: Column, found: ColumnFound) -> float | None:
    """How well what stands in a column fits what should, from 0 to 1; None where nothing stands there."""
    counts = {value: n for value, n in found.counts.items() if not _is_nothing(value)}
    values = list(counts)
    if not values:
        return None
    form = FORMS.get(column.kind, "")
    share_of_dates = date_form(counts)[1]
    if column.kind == "person":
        numbers = sum(cpr.read(value) is not None for value in values)
        if 2 * numbers > len(values):
            return 1.0
        return 0.0 if share_of_dates > 0.5 else 0.5
    if form == "date":
        return share_of_dates
    if form == "month":
        return max(month_form(counts)[1], share_of_dates / 2)
    if form == "number":
        return 0.8 if number_form(values) else 0.0
    if known := names(column.kind):
        rows = sum(counts.values())
        return sum(n for value, n in counts.items() if plain(value) in known) / rows
    return 0.4


def _score(column: Column, found: ColumnFound) -> float:
    """How well a column of an extract fits one of a register's, from 0 to 1."""
    like = _likeness(found.heading, (column.name, *SPELLINGS["columns"].get(column.name, ())))
    fit = _fit(column, found)
    if fit is None:
        # Nothing stands there: its heading alone must say what it is.
        return like if like == 1 and column.empty is not None else 0.0
    if fit < _LEAST_FIT and like < 1 and (column.kind in FORMS or column.kind == "person"):
        return 0.0
    if like < _LEAST_LIKE and not (fit > 0.9 and names(column.kind)):
        return 0.0
    return 0.6 * like + 0.4 * fit


def _recognised(extract: Extract) -> tuple[Table, dict[str, ColumnFound]]:
    """The table an extract is most like, and its columns."""
    best: tuple[float, Table, dict[str, ColumnFound]] | None = None
    for table in TABLES.values():
        columns, score = _columns(extract, table)
        name = re.sub(r"[\d_-]+", " ", extract.name.rpartition(".")[0] or extract.name)
        parts = (name, extract.place.sheet, *extract.name.rpartition("table ")[2:])
        called = (table.name, *SPELLINGS["tables"].get(table.name, ()))
        score += 0.3 * max(_likeness(part, called) for part in parts)
        if table.name == "bookings" and not _books(columns.get("status")):
            score -= 1
        if best is None or score > best[0]:
            best = score, table, columns
    assert best is not None  # there are tables
    return best[1], best[2]


def _books(status: ColumnFound | None) -> bool:
    """Whether some conversation is still to be held; else a list of them tells of those that were."""
    known = names("booking_status")
    return status is None or any(known.get(plain(value)) == "booked" for value in status.counts)


def _columns(extract: Extract, table: Table) -> tuple[dict[str, ColumnFound], float]:
    """The columns of an extract as those of a table, best first, and how well they fit."""
    pairs = sorted(
        (
            (score, column.name, found)
            for column in table.columns
            for found in extract.columns
            if (score := _score(column, found)) >= _LEAST
        ),
        key=lambda pair: -pair[0],
    )
    taken: dict[str, ColumnFound] = {}
    total = 0.0
    for score, name, found in pairs:
        if name not in taken and found not in taken.values():
            taken[name] = found
            total += score
    for column in table.columns:
        if column.name not in taken and column.same_as in taken:
            taken[column.name] = taken[column.same_as]
    needed = sum(_is_needed(column) for column in table.columns)
    lacking = sum(_is_needed(c) and c.name not in taken for c in table.columns)
    # A table must have what it needs; of two that have it the one that explains more of the extract.
    return taken, (total / max(len(extract.columns), needed)) - lacking


def _proposed(
    extract: Extract, table: Table, columns: Mapping[str, ColumnFound], folder: Path
) -> Proposed:
    by_name, constants = [], {}
    values: dict[str, dict[str, str]] = {}
    nearest: dict[tuple[str, str], str] = {}
    rows: dict[tuple[str, str], int] = {}
    no_end: dict[str, None] = {}
    forms, numbers = _forms(table, columns)
    to_day = day(forms)
    for column in table.columns[1:]:
        found = columns.get(column.name)
        if found is None:
            if column.empty is None:
                constants[column.name] = UNPLACED
            continue
        meant: dict[str, str] = {}
        if known := names(column.kind):
            if column.kind in _BY_NAME:
                by_name.append(column.name)
            for value, number in _listed(found):
                code = _code(value, known)
                by_itself = column.kind in _BY_NAME and plain(value) in known
                if by_itself or code == value:
                    continue
                meant[value] = UNPLACED if code is None else code
                if code is None:
                    rows[column.name, value] = number
                    if near := difflib.get_close_matches(plain(value), known, n=1, cutoff=_NEAR):
                        nearest[column.name, value] = f"{known[near[0]]} ({near[0]})"
        elif column.empty is not None:
            far = {v for v in found.counts if _year(to_day(v)) > _LAST_YEAR}
            no_end |= dict.fromkeys(sorted(far))
            meant = {value: "" for value in found.counts if _is_nothing(value)}
        if meant:
            values[column.name] = meant
    decimals, thousands = numbers or (extract.form.decimals, "")
    said: dict[str, Any] = {
        **extract.form.model_dump(),
        **_where(extract, folder),
        "table": table.name,
        "columns": {n: columns[n].heading for n in table.names if n in columns},
        "dates": forms,
        "decimals": decimals,
        "thousands": thousands,
        "constants": constants,
        "by_name": by_name,
        "values": values,
        "no_end": tuple(no_end),
        "keep": _kept(extract, table, columns),
    }
    used = {found.heading for found in columns.values()} | set(said["keep"])
    unused = tuple(
        cpr.masked(c.heading, near=True) for c in extract.columns if c.heading not in used
    )
    return Proposed((extract,), TableMapping.model_validate(said), unused, nearest, rows)


def _code(value: str, known: Mapping[str, str]) -> str | None:
    """The code of a value: of its name, or of a code and its name ("183 Ishøj", "7 - Jobsamtale")."""
    if (code := known.get(plain(value))) is not None:
        return code
    parts = re.split(r"\s*[-:;]\s*|\s+", value.strip(), maxsplit=1)
    codes = {known.get(plain(part)) for part in parts}
    return codes.pop() if len(parts) > 1 and len(codes) == 1 else None


def _listed(found: ColumnFound) -> list[tuple[str, int]]:
    """The values of a column of codes, the commonest first; none that may name a person."""
    return [
        (value, number)
        for value, number in found.counts.most_common(MOST_LISTED)
        if cpr.masked(value, near=True) == value
    ]


def _year(text: str) -> int:
    return int(text[:4]) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else 0


def _forms(
    table: Table, columns: Mapping[str, ColumnFound]
) -> tuple[tuple[str, ...], tuple[str, str] | None]:
    """The forms of dates and months in an extract, and of its numbers."""
    dates: dict[str, None] = {}
    numbers = None
    for column in table.columns:
        found = columns.get(column.name)
        form = FORMS.get(column.kind, "")
        if found is None or not found.counts:
            continue
        date, of_dates = date_form(found.counts)
        month, of_months = month_form(found.counts)
        if form == "date" and of_dates:
            dates[date] = None
        if form == "month" and (of_months or of_dates):
            dates[month if of_months >= of_dates else date] = None
        if form == "number":
            numbers = number_form(list(found.counts))
    return tuple(dates), numbers


def _where(extract: Extract, folder: Path) -> dict[str, Any]:
    place = extract.place
    name = _from(place.file, folder)
    if place.kind == "database":
        return {"database": name, "query": place.query}
    return {"files": (name,), "sheet": place.sheet}


def _from(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file, folder)).as_posix()


def _kept(
    extract: Extract, table: Table, columns: Mapping[str, ColumnFound]
) -> dict[str, tuple[str, ...]]:
    """Of conversations only those that were held, where a column says which were."""
    if table.name != "conversations":
        return {}
    known = names("booking_status")
    for found in extract.columns:
        if found in columns.values() or not found.counts or found.many:
            continue
        codes = {value: known.get(plain(value)) for value in found.counts}
        held = tuple(value for value, code in codes.items() if code == "held")
        if held and None not in codes.values() and len(set(codes.values())) > 1:
            return {found.heading: held}
    return {}


def _joined(one: Proposed, other: Proposed) -> Proposed | None:
    """Two extracts as one table of the mapping, where they are read alike; else None."""
    alike = {"files", "values", "no_end", "dates"}
    mine, theirs = (p.mapping.model_dump(exclude=alike) for p in (one, other))
    if mine != theirs or not one.mapping.files:
        return None
    values = {
        name: one.mapping.values.get(name, {}) | other.mapping.values.get(name, {})
        for name in {**one.mapping.values, **other.mapping.values}
    }
    said = one.mapping.model_dump() | {
        "files": (*one.mapping.files, *other.mapping.files),
        "values": values,
        "no_end": tuple(dict.fromkeys((*one.mapping.no_end, *other.mapping.no_end))),
        "dates": tuple(dict.fromkeys((*one.mapping.dates, *other.mapping.dates))),
    }
    rows = {
        key: one.rows.get(key, 0) + other.rows.get(key, 0) for key in {**one.rows, **other.rows}
    }
    unused = tuple(dict.fromkeys((*one.unused, *other.unused)))
    nearest = {**one.nearest, **other.nearest}
    extracts = (*one.extracts, *other.extracts)
    return Proposed(extracts, TableMapping.model_validate(said), unused, nearest, rows)
