"""The cells of an answer: numbers in every form they were met in, and what stands for none."""

from __future__ import annotations

import json
import math
import re

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
