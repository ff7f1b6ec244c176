"""A file as lines of cells: text with tabs or runs of spaces, delimited text, pasted tables."""

from __future__ import annotations

import re
from pathlib import Path

from tilsyn.parsing import delimited
from tilsyn.tables.line import Line

# The line that parts heads from rows in a table pasted as Markdown.
_RULE = re.compile(r"\|[-:| ]+\|")
_MARKS = re.compile(r"</?b>|\*\*|__")
# "1 234" with a space that does not break is one number, not two.
_JOINED_THOUSANDS = re.compile(
    r"(?<=\d)[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}](?=\d{3}(?!\d))"
)


def in_danish(place: str) -> str:
    """A line's place in Danish: "linje 12", "ark Tal, række 3"."""
    if match := re.fullmatch(r"sheet (.*), row (\d+)", place):
        return f"ark {match[1]}, række {match[2]}"
    return re.sub(r"^line ", "linje ", place)


def text_lines(text: str) -> tuple[Line, ...]:
    """The lines of a letter or a pasted table; a line with tabs or "|" at both ends is a grid."""
    return tuple(
        _text_line(f"line {number}", _MARKS.sub("", line))
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1)
    )


def _text_line(place: str, line: str) -> Line:
    if "\t" in line:
        return Line(place, tuple(cell.strip() for cell in line.split("\t")), True)
    stripped = line.strip()
    if _RULE.fullmatch(stripped):
        return Line(place, (), True)
    if len(stripped) > 2 and stripped[0] == stripped[-1] == "|":
        return Line(place, tuple(cell.strip() for cell in stripped[1:-1].split("|")), True)
    # Leading spaces stay: the columns of a spaced table are found by where they stand.
    return Line(place, (_JOINED_THOUSANDS.sub(".", line.expandtabs().rstrip()),), False)


def delimited_lines(text: str, delimiter: str, file: Path) -> tuple[Line, ...]:
    """The lines of delimited text, quoted cells respected.

    Raises:
        InputError: a cell is longer than any table's.
    """
    return tuple(
        Line(f"line {number}", tuple(_MARKS.sub("", cell).strip() for cell in record), True)
        for number, record in delimited(text, file=file, delimiter=delimiter)
    )
