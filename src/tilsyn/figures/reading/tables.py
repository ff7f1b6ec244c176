"""Where the tables of a file are: column heads, then rows of benefit groups under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.figures.reading.heads import Column, Head, head_of
from tilsyn.figures.reading.lines import Line
from tilsyn.figures.reading.rows import Row, is_remark, label_of, row_of, unknown_group

_LABEL_LINES = 3
"""A broken label spans this many lines at the most."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands in the file.

    Attributes:
        start, end: the lines from the heads (included) to the last row (excluded).
    """

    head: Head
    rows: tuple[Row, ...]
    start: int
    end: int
    place: str


def tables(lines: Sequence[Line], file: Path) -> tuple[Table, ...]:
    """The tables of a file, in order; a head without rows of known groups is none.

    Raises:
        InputError: a recognised table has a row or a column head that cannot be read; or no table
            is recognised and one looks like one but for its groups.
    """
    found: list[Table] = []
    foreign: InputError | None = None
    at = 0
    while at < len(lines):
        head = head_of(lines[at])
        if head is None:
            at += 1
            continue
        rows, end = _rows(lines, at, head, file)
        unknown = next((row for row in rows if row.label is None), None)
        if any(row.label is not None for row in rows):
            if unknown is not None:
                raise unknown_group(unknown, file)
            _refuse_unread(head, lines[at], file)
            found.append(Table(head, tuple(rows), at, end, lines[at].place))
            at = end
        else:
            # A table of something else: it is passed over as long as there is one of ours.
            if unknown is not None and foreign is None:
                foreign = unknown_group(unknown, file)
            at += 1
    if not found and foreign is not None:
        raise foreign
    return tuple(found)


def _refuse_unread(head: Head, line: Line, file: Path) -> None:
    for column in head.columns:
        if column.unread:
            raise InputError(
                f"'{column.text}' is no month; write it as 2023-03, 2023M03 or 'mar 2023'",
                file=file,
                place=f"{line.place}, column {_number(column, head)}",
            )


def _number(column: Column, head: Head) -> int:
    return column.index + (1 if head.grid else 2)


def column_place(row: Row, column: Column, head: Head) -> str:
    """Where a cell stands: "line 12, column 4 (Jul 2022)"; the labels are column 1."""
    return f"{row.place}, column {_number(column, head)} ({column.text})"


def _rows(lines: Sequence[Line], start: int, head: Head, file: Path) -> tuple[list[Row], int]:
    """The rows under the heads in line `start`, and the line after the last of them."""
    rows: list[Row] = []
    before: list[str] = []
    at, end, gap = start + 1, start + 1, False
    while at < len(lines):
        line = lines[at]
        if not line.text:
            gap, at = True, at + 1
            continue
        if head_of(line) is not None:
            break
        row = _row_if_sure(line, head, file, before, gap=gap)
        if row is not None and row.label is None and (joined := _label_below(lines, at, row)):
            row, at = joined, at + 1
        if row is not None:
            rows.append(row)
            before, gap, end = [], False, at + 1
        elif gap or len(before) == _LABEL_LINES or len(line.filled) != 1 or is_remark(line):
            break
        else:
            before.append(line.text)
        at += 1
    return rows, end


def _row_if_sure(line: Line, head: Head, file: Path, before: list[str], *, gap: bool) -> Row | None:
    """The row in a line; after a blank line only one that is beyond doubt.

    Raises:
        InputError: the line is a row and cannot be read.
    """
    if not gap:
        return row_of(line, head, file, before)
    try:
        row = row_of(line, head, file)
    except InputError:
        # The label is known or the line full of numbers: after a blank line this may be prose.
        if label_of(next(iter(line.cells), "")) is None:
            return None
        raise
    sure = row is not None and row.label is not None and any(row.cells)
    return row if sure else None


def _label_below(lines: Sequence[Line], at: int, row: Row) -> Row | None:
    """The row with its label completed by the line below, if that makes it a known one."""
    if at + 1 >= len(lines) or len(lines[at + 1].filled) != 1:
        return None
    printed = f"{row.printed} {lines[at + 1].text}"
    label = label_of(printed)
    return Row(row.place, printed, label, row.cells) if label else None
