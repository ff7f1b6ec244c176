"""Column heads: months, or the numbers 0, 1, … 5+ that persons are counted by."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from tilsyn.tables.line import Line
from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.months import DANISH, ENGLISH

_OFFICIAL = {n.lower() for n in (*DANISH, *ENGLISH)} | {n[:3].lower() for n in (*DANISH, *ENGLISH)}
_MONTH = r"(?:\d{4}[-Mm]\d{1,2}(?:-\d{2})?|[^\W\d_]{3,9}(?:[.,]?\s\d{4}|\.?-(?:\d{4}|\d{2})(?!\d)))"
_MONTHS = re.compile(rf"(?:[^\W\d_]\S*\s+){{0,3}}?({_MONTH}(?:\s+{_MONTH})*)")
_NUMBERS = re.compile(r"0(?:\s+\d{1,3}\+?)+")
# Anything that stands where a month should and means one, well spelled or not.
_MONTHLIKE = re.compile(r"\d{4}[-Mm]\d{1,2}(?:-\d{2})?|[^\W\d_]{2,9}[.,]?(?:\s+|-)\d{2,5}")

LONGEST_HEAD = 2000
"""Lines longer than this (in characters) are prose."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures.

    Attributes:
        index: the cell it stands in (grids), or its number from the left.
        text: its head as printed.
        month: the month it is about; None under a head that is a number or cannot be read.
        category: "0" … "5+", or empty.
        span: from which to which character its head stands (spaced lines only).
        doubt: whether the month had to be settled by the months beside it.
    """

    index: int
    text: str
    month: YearMonth | None = None
    category: str = ""
    span: tuple[int, int] | None = None
    doubt: bool = False

    @property
    def unread(self) -> bool:
        """Whether its head says neither month nor number."""
        return self.month is None and not self.category


@dataclass(frozen=True, slots=True)
class Head:
    """A line of column heads."""

    columns: tuple[Column, ...]
    grid: bool


def head_of(line: Line) -> Head | None:
    """The column heads a line holds, or None where it is no such line.

    A head that cannot be read is kept as an `unread` column: whether it matters is known only when
    rows follow.
    """
    columns = _grid_columns(line) if line.grid else _spaced_columns(line)
    if not columns:
        return None
    if columns[0].category:
        return Head(columns, line.grid) if _well_numbered(columns) else None
    columns = _settled(columns)
    read = sum(column.month is not None for column in columns)
    # One word and a year ("Ishøj 2023") is no head, but 2023M13 can be nothing else.
    means_months = read * 2 >= len(columns) or all(c.text[:1].isdigit() for c in columns)
    return Head(columns, line.grid) if means_months else None


def _spaced_columns(line: Line) -> tuple[Column, ...]:
    text = line.cells[0] if line.cells else ""
    if len(text) > LONGEST_HEAD:
        return ()
    start = len(text) - len(text.lstrip())
    if match := _NUMBERS.fullmatch(text.strip()):
        found = [(m[0], m.start() + start, m.end() + start) for m in re.finditer(r"\S+", match[0])]
        return tuple(Column(i, t, category=t, span=(a, b)) for i, (t, a, b) in enumerate(found))
    if not (match := _MONTHS.fullmatch(text.strip())):
        return ()
    offset = start + match.start(1)
    return tuple(
        _month_column(i, m[0], (m.start() + offset, m.end() + offset))
        for i, m in enumerate(re.finditer(_MONTH, match[1]))
    )


def _grid_columns(line: Line) -> tuple[Column, ...]:
    filled = line.filled
    if filled and not filled[0][1][0].isdigit() and not _MONTHLIKE.fullmatch(filled[0][1]):
        filled = filled[1:]  # the head of the column of labels
    if (
        len(filled) > 1
        and filled[0][1] == "0"
        and all(re.fullmatch(r"\d{1,3}\+?", t) for _, t in filled)
    ):
        return tuple(Column(i, text, category=text) for i, text in filled)
    monthlike = [bool(_MONTHLIKE.fullmatch(text)) for _, text in filled]
    if not monthlike or not monthlike[0] or sum(monthlike) * 2 <= len(filled):
        return ()
    return tuple(_month_column(i, text) for i, text in filled)


def _month_column(index: int, text: str, span: tuple[int, int] | None = None) -> Column:
    try:
        month = YearMonth.parse(text)
    except ValueError:
        return Column(index, text, span=span)
    word = re.sub(r"[\W\d_]+", "", text).lower()
    return Column(index, text, month, span=span, doubt=word not in {*_OFFICIAL, "", "m"})


def _well_numbered(columns: tuple[Column, ...]) -> bool:
    """0, 1, 2, … up to one with a plus; the same again for a block beside it."""
    expected, closed = 0, True
    for column in columns:
        number = int(column.category.rstrip("+"))
        if number != (0 if closed else expected):
            return False
        closed = column.category.endswith("+")
        expected = number + 1
    return closed


def _settled(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns, with each month that cannot be read taken from the two beside it, if it fits."""
    found = list(columns)
    for i in range(1, len(found) - 1):
        before, after = found[i - 1].month, found[i + 1].month
        if found[i].month or before is None or after is None or after.since(before) != 2:
            continue
        if _resembles(found[i].text, before + 1):
            found[i] = replace(found[i], month=before + 1, doubt=True)
    return tuple(found)


def _resembles(text: str, month: YearMonth) -> bool:
    forms = (str(month), f"{month.year}M{month.month:02d}", month.short(), month.name())
    return any(SequenceMatcher(None, text.lower(), f.lower()).ratio() >= 0.8 for f in forms)
