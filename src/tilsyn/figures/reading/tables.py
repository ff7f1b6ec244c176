"""Where the tables of a file are: column heads, then rows of benefit groups under them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.figures.reading.heads import Column, Head, head_of
from tilsyn.figures.reading.numbers import looks_numeric
from tilsyn.tables.line import Line
from tilsyn.vocabulary import ROWS, VISITATION

# Lines under a table that end in a number without being a row of it.
_REMARK = re.compile(
    r"(kilde|note|anm|figur|tabel|fig|side|tlf|j\.?nr|dato)\b|[•*\-–] |\d+[.)] ", re.I
)


@dataclass(frozen=True, slots=True)
class Label:
    """Whom a row is about: a benefit group (or the total), or a visitation category."""

    grp: str = ""
    visitation: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its label as printed, and its cells in the order of the columns.

    Attributes:
        label: None where the printed label is no known group.
    """

    place: str
    printed: str
    label: Label | None
    cells: tuple[str, ...]


def label_of(text: str) -> Label | None:
    """Whom a printed label is about; None if it is no known group or visitation category."""
    if group := ROWS.find(text):
        return Label(grp=group.code)
    if visitation := VISITATION.find(text):
        return Label(visitation=visitation.code)
    return None


def is_remark(line: Line) -> bool:
    """Whether a line is a source, note, caption or list item, which no row is."""
    return _REMARK.match(line.text) is not None


def row_of(line: Line, head: Head, file: Path, before: Sequence[str] = ()) -> Row | None:
    """The row a line under a head holds, or None where it is no row.

    Args:
        line: a line that is not blank.
        head: the column heads above it.
        file: for errors.
        before: the lines of text just above, of which the last may begin this row's label.

    Raises:
        InputError: a row with more cells than columns, too few to tell which are missing, or text
            among its numbers.
    """
    if is_remark(line):
        return None
    if line.grid and head.grid:
        return _grid_row(line, head, file, before)
    return _spaced_row(line, head, file, before)


def _whole(text: str, before: Sequence[str]) -> tuple[str, Label | None]:
    """A label with as many of the lines above it as make it a known one."""
    for count in range(len(before), -1, -1):
        whole = " ".join([*before[len(before) - count :], text]).strip()
        if label := label_of(whole):
            return whole, label
    return text, None


def _grid_row(line: Line, head: Head, file: Path, before: Sequence[str]) -> Row | None:
    positions = [column.index for column in head.columns]
    cells = tuple(line.cells[i] if i < len(line.cells) else "" for i in positions)
    own = " ".join(cell for i, cell in line.filled if i < positions[0])
    printed, label = _whole(own, before)
    numeric = sum(looks_numeric(cell) for cell in cells if cell)
    if label is None and (not numeric or not own):
        if numeric > 1:
            raise InputError(
                "a row of numbers without a label; write the group's name before them",
                file=file,
                place=line.place,
            )
        return None
    if (
        label is not None
        and len(before)
        and printed == own
        and not any(cells)
        and not line.cells[1:]
    ):
        return None
    extra = [(i, cell) for i, cell in line.filled if i > positions[0] and i not in positions]
    if extra and (label is not None or numeric):
        raise InputError(
            f"'{extra[0][1]}' stands under no column head; write its month above it, or remove it",
            file=file,
            place=f"{line.place}, column {extra[0][0] + 1}",
        )
    return Row(line.place, printed, label, cells)


def _spaced_row(line: Line, head: Head, file: Path, before: Sequence[str]) -> Row | None:
    text = " ".join(line.cells) if line.grid else line.cells[0]
    text = re.sub(r"(?<=\d)\s+%", "%", text)
    tokens = [(m[0], m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    width = len(head.columns)
    printed, label, taken = _known_start([token for token, _, _ in tokens], before)
    if label is None:
        taken = len(tokens)
        while taken and looks_numeric(tokens[taken - 1][0]):
            taken -= 1
        printed = " ".join(token for token, _, _ in tokens[:taken])
    values = tokens[taken:]
    numeric = sum(looks_numeric(token) for token, _, _ in values)
    if label is None:
        # A line of prose may end in a number or two; a row ends in (nearly) one for each column.
        if not _row_like(printed, numeric, width):
            return None
    elif values and numeric * 2 < len(values):
        return None
    for number, (token, _, _) in enumerate(values, 1):
        if not looks_numeric(token):
            raise InputError(
                f"'{token}' is no number; write 25,8, or '.' where there is none",
                file=file,
                place=f"{line.place}, column {number + 1}",
            )
    cells = _placed(values, head, text)
    if cells is None and (label is not None or len(values) != 1):
        mend = (
            "remove what is too much"
            if len(values) > width
            else "write '.' for each that is missing"
        )
        raise InputError(
            f"{len(values)} numbers under {width} column heads; {mend}, or put tabs between the cells",
            file=file,
            place=f"{line.place}, column {min(len(values), width) + 1}",
        )
    return Row(line.place, printed, label, cells or ("",) * width)


def _known_start(tokens: list[str], before: Sequence[str]) -> tuple[str, Label | None, int]:
    """The longest known label that a line begins with (or ends, begun above it)."""
    for count in range(min(len(tokens), 16), 0, -1):
        if looks_numeric(tokens[count - 1]):
            continue  # a label's spelling does not mind full stops, but "." is a cell
        printed, label = _whole(" ".join(tokens[:count]), before)
        if label is not None:
            return printed, label, count
    return "", None, 0


def _row_like(printed: str, numeric: int, width: int) -> bool:
    if not numeric:
        return False
    if width == 1:
        return bool(printed) and numeric == 1 and len(printed.split()) <= 6 and ":" not in printed
    return numeric >= max(2, width // 2)


def _placed(values: list[tuple[str, int, int]], head: Head, text: str) -> tuple[str, ...] | None:
    """The cells in column order; None where it cannot be told which column a number is in."""
    columns = head.columns
    if len(values) == len(columns):
        return tuple(token for token, _, _ in values)
    if not values:
        return ("",) * len(columns)
    if len(values) > len(columns) or any(column.span is None for column in columns):
        return None
    cells = [""] * len(columns)
    if "  " not in text.strip():
        return None
    for token, start, end in values:
        under = [i for i, column in enumerate(columns) if _overlaps(column, start, end)]
        if len(under) != 1 or cells[under[0]]:
            return None
        cells[under[0]] = token
    return tuple(cells)


def _overlaps(column: Column, start: int, end: int) -> bool:
    return column.span is not None and start < column.span[1] and column.span[0] < end


def unknown_group(row: Row, file: Path) -> InputError:
    """The error for a row whose label is no known group."""
    names = [group.da for group in ROWS] + [category.da for category in VISITATION]
    near = get_close_matches(row.printed, names, n=1, cutoff=0.6)
    mend = (
        f"is {near[0]} meant?" if near else "write the group as Jobindsats does, or remove the row"
    )
    return InputError(
        f"'{row.printed}' is no known benefit group; {mend}", file=file, place=row.place
    )


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
