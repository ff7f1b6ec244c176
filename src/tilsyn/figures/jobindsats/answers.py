"""Answers of the API as tables: column labels and rows, from JSON and CSV of versions 2 and 3."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tilsyn.errors import InputError
from tilsyn.parsing import delimited, parse_json
from tilsyn.vocabulary.names import plain

Cell = str | int | float | None

# What was met where there is no number; "." is also how letters print a hidden one.
_NONE = {"", "-", "–", ".", "..", "null"}
_DANISH = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")


def number(cell: Cell, *, comma: bool = True) -> float | None:
    """The number a cell holds, or None where it holds none.

    Args:
        cell: a JSON number, or text with a decimal comma ("1.234,5") or point ("2.9").
        comma: whether text follows Danish writing, so that "1.234" is more than a thousand.

    Raises:
        ValueError: the cell is neither.
    """
    if cell is None:
        return None
    if isinstance(cell, bool) or (isinstance(cell, float) and not math.isfinite(cell)):
        raise ValueError(f"'{cell}' is no number")
    if isinstance(cell, int | float):
        return float(cell)
    text = _SPACES.sub("", cell)
    if text in _NONE:
        return None
    if (comma or "," in text) and len(text) < 40 and _DANISH.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    if len(text) < 40 and _PLAIN.fullmatch(text):
        return float(text)
    raise ValueError(f"'{cell[:40]}' is no number")


def printed(cell: Cell) -> str:
    """A cell as it stood in the answer: "null", "2.9", "2,8"."""
    return cell if isinstance(cell, str) else json.dumps(cell)


MOST_ROWS = 2_000_000
"""The longest answer read; a call asks for some ten thousand cells."""

MOST_BYTES = 256 * 1024**2
"""The largest answer read."""

PERIOD_LABELS = ("Periode", "Period")
AREA_LABELS = ("Område", "Area")


@dataclass(frozen=True, slots=True)
class Answer:
    """A table of figures as it was answered.

    Attributes:
        name: the file or call it came from, for messages.
        columns: the labels, as answered.
        rows: one tuple a row, as long as `columns`.
        comma: whether numbers given as text have a decimal comma.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    comma: bool

    def index(self, *labels: str) -> int | None:
        """Where the column with one of these labels stands; None where there is none.

        A label may carry its group before a colon ("Forventet og faktisk andel: Faktisk andel").
        """
        for label in labels:
            wanted = plain(label)
            for at, column in enumerate(map(plain, self.columns)):
                if column == wanted or column.endswith(f": {wanted}"):
                    return at
        return None

    def divided(self, *labels: str) -> dict[str, int]:
        """The columns that divide what one of these labels counts ("… : 3+"), by what they hold."""
        wanted = set(map(plain, labels))
        parts = ((at, *column.rpartition(":")) for at, column in enumerate(self.columns))
        return {part.strip(): at for at, label, _, part in parts if plain(label) in wanted}


def parsed(data: bytes, *, name: str) -> Any:
    """The JSON value of an answer.

    Raises:
        InputError: the bytes are no JSON, or nested deeper than any answer is.
    """
    if _is_page(data):
        raise InputError(
            "a web page, not data: the address is not the API's, or the API is being "
            "maintained; open the address in a browser to see what it says",
            file=name,
        )
    return parse_json(data, file=name, most=MOST_BYTES)


def _is_page(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def answer(data: bytes, *, name: str) -> Answer:
    """An answer's table, whichever version and format it is in.

    Raises:
        InputError: the bytes hold no such table; the place and what was expected are named.
    """
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start in (b"{", b"[", b"<"):
        return _of_json(parsed(data, name=name), name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text", file=name) from None
    return of_csv(text, name=name)


def is_answer_header(line: str) -> bool:
    """Whether a first line is the header of an answer in CSV."""
    labels = {plain(cell.strip().strip('"')) for cell in line.split(";")}
    return any(plain(p) in labels for p in PERIOD_LABELS) and any(
        plain(a) in labels for a in AREA_LABELS
    )


def of_csv(text: str, *, name: str) -> Answer:
    """The table of an answer in CSV (";" between cells, labels as header, decimal comma).

    Raises:
        InputError: a row is longer or shorter than the header.
    """
    lines = [line for _, line in delimited(text, file=name, delimiter=";") if line]
    if not lines:
        raise InputError("the answer is empty", file=name)
    columns, *rows = lines
    return Answer(name, tuple(columns), tuple(_checked(columns, rows, name)), comma=True)


def _of_json(value: Any, name: str) -> Answer:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict) and {"columns", "rows"} <= value.keys():
        return _table(value["columns"], value["rows"], name, comma=False)
    if isinstance(value, dict) and {"Variables", "Data"} <= value.keys():
        variables = value["Variables"]
        if not isinstance(variables, list) or not all(isinstance(v, dict) for v in variables):
            raise InputError("'Variables' is not a list of objects", file=name)
        labels = [v.get("Label") or v.get("Name") for v in variables]
        return _table(labels, value["Data"], name, comma=True)
    raise InputError(
        "no table of Jobindsats: expected an object with columns and rows (version 3) or a list of "
        "one object with Variables and Data (version 2)",
        file=name,
    )


def _table(columns: Any, rows: Any, name: str, *, comma: bool) -> Answer:
    if not isinstance(columns, list) or not all(isinstance(label, str) for label in columns):
        raise InputError("the columns are not a list of labels", file=name)
    if not isinstance(rows, list):
        raise InputError("the rows are not a list", file=name)
    return Answer(name, tuple(columns), tuple(_checked(columns, rows, name)), comma)


def _checked(columns: list[str], rows: list[Any], name: str) -> Iterator[tuple[Cell, ...]]:
    if len(rows) > MOST_ROWS:
        raise InputError(f"more than {MOST_ROWS} rows; ask for fewer periods", file=name)
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != len(columns):
            found = len(row) if isinstance(row, list) else "no"
            raise InputError(
                f"{found} cells under {len(columns)} labels", file=name, place=f"row {number}"
            )
        if not all(isinstance(cell, str | int | float | None) for cell in row):
            raise InputError("a cell is neither text nor number", file=name, place=f"row {number}")
        yield tuple(row)
