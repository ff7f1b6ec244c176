"""Transcribed tables: one printed cell a row, with the cell as printed beside its value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tilsyn.errors import InputError
from tilsyn.figures.reading.model import Cell, Reading, reading
from tilsyn.figures.reading.numbers import permitted, plain_value, printed_value
from tilsyn.figures.table import Figure
from tilsyn.tables.line import Line
from tilsyn.tables.records import Record, columns, records
from tilsyn.vocabulary import (
    MEASURES,
    MUNICIPALITIES,
    ROWS,
    STATISTICS,
    VISITATION,
    YearMonth,
    category_of,
    parse_published,
)

NEEDED = ("measure", "statistic", "group", "month")

_STATISTICS = {name: name for name in STATISTICS} | {
    "share_pct": "share",
    "count": "unmet",
    "persons_by_number": "persons",
}

_COLUMNS = {"measure", "statistic", "month", "published", "group", "grp", "value", "raw"}
_ENOUGH = 3
"""How many columns of a tidy table make a line its header, whatever else is missing."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a file does not say itself.

    Attributes:
        published: the day its content was published.
        release: the release's name.
        municipality, seniority: for tables whose titles name none.
    """

    published: dt.date | None = None
    release: str | None = None
    municipality: str | None = None
    seniority: int | None = None


def is_header(line: Line) -> bool:
    """Whether a line is the header of a tidy table."""
    return len(_COLUMNS & set(columns([line]))) >= _ENOUGH


def asked_of(record: Record, column: str, read: Callable[[str], T]) -> T:
    """A column's value as `read` understands it.

    Raises:
        InputError: it does not; the row and column are named.
    """
    try:
        return read(record.get(column))
    except ValueError as error:
        raise record.error(error, column) from None


def area_of(record: Record, defaults: Defaults) -> str:
    """The code of the row's municipality.

    Raises:
        InputError: neither row nor option names one, or it is unknown.
    """
    name = record.get("municipality") or defaults.municipality
    if not name:
        raise record.error("which municipality? Fill the column or give --municipality Ishøj")
    try:
        return MUNICIPALITIES.read(name).code
    except ValueError as error:
        raise record.error(error, "municipality") from None


def published_of(record: Record, defaults: Defaults) -> dt.date:
    """The day the row was published; its own before the option.

    Raises:
        InputError: neither row nor option says it, or it is no date.
    """
    if record.get("published"):
        return asked_of(record, "published", parse_published)
    if defaults.published is None:
        raise record.error("when was it published? Fill the column or give --published 2023-02-20")
    return defaults.published


def release_of(record: Record, defaults: Defaults) -> str:
    """The release the row belongs to: its document, the option, or the file's name."""
    return record.get("document") or record.get("release") or defaults.release or record.file.stem


def read_tidy(lines: Sequence[Line], file: Path, defaults: Defaults) -> Reading:
    """Read a table of transcribed cells.

    Raises:
        InputError: a column is missing, a value unknown, or ``raw`` and ``value`` disagree.
    """
    found = records(lines, NEEDED, file)
    if not {"raw", "value"} & set(columns(lines)):
        raise InputError(
            "the columns raw and value are both missing", file=file, place=lines[0].place
        )
    return reading(file, [_cell(record, defaults) for record in found])


def _cell(record: Record, defaults: Defaults) -> Cell:
    measure = asked_of(record, "measure", MEASURES.read).code
    statistic = asked_of(record, "statistic", _statistic)
    group = asked_of(record, "group", ROWS.read).code
    category, visitation = record.get("category"), record.get("visitation")
    if statistic == "persons":
        category = asked_of(record, "category", lambda text: category_of(text, measure))
    elif category:
        # The transcriptions keep the visitation category in the same column.
        category, visitation = "", asked_of(record, "category", VISITATION.read).code
    elif visitation:
        visitation = asked_of(record, "visitation", VISITATION.read).code
    value, status, raw = _value(record, statistic)
    figure = Figure(
        measure,
        statistic,
        "municipality",
        area_of(record, defaults),
        group,
        visitation,
        category,
        asked_of(record, "month", YearMonth.parse).first,
        value,
        status,
        "published",
        release_of(record, defaults),
        published_of(record, defaults),
    )
    return Cell(figure, raw, record.place)


def _statistic(text: str) -> str:
    if text not in _STATISTICS:
        raise ValueError(f"'{text}' is no known statistic; known are: {', '.join(_STATISTICS)}")
    return _STATISTICS[text]


def _value(record: Record, statistic: str) -> tuple[float | None, str, str]:
    has_raw, has_value = "raw" in record.values, "value" in record.values
    value = asked_of(record, "value", lambda text: plain_value(text, statistic))
    if not has_raw:
        status = "not_available" if value is None else permitted(value, statistic)[1]
        return value, status, record.get("value")
    raw = record.get("raw")
    printed, status = asked_of(record, "raw", lambda text: printed_value(text, statistic))
    if has_value and printed != value:
        raise record.error(
            f"raw '{raw}' and value '{record.get('value')}' disagree; mend the one that is wrong"
        )
    return printed, status, raw
