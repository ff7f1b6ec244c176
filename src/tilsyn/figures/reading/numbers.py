"""How a printed cell becomes a value and a status."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from tilsyn.figures.printing import ABSENT, HIDDEN
from tilsyn.figures.table import status_of

NO_NUMBER = ("", ABSENT)
"""What stands where there is no number (the dash is what this program's own tables print)."""

_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE} "
_PLAIN = re.compile(r"-?\d+(?:,\d+)?")
_GROUPED = re.compile(rf"-?\d{{1,3}}(?:[.{_SPACES}]\d{{3}})+(?:,\d+)?")
_POINT = re.compile(r"-?\d+\.\d+")
# What stands where a number should, well formed or not: decides whether a line is a table row.
_LIKE = re.compile(r"-?[\d.,]*\d[\d.,]*\s?%?|\.|–")
_DECIMALS = re.compile(r"[.,](\d+)\s?%?")

SHARES = ("share", "actual_share", "expected_share")
COUNTS = ("population", "unmet", "persons")

MOST_PERSONS = 10_000_000
"""No count of persons in Denmark is larger; two numbers run together are."""


def looks_numeric(raw: str) -> bool:
    """Whether a printed cell looks like a number, a hidden one or a dash."""
    return _LIKE.fullmatch(raw.strip()) is not None


def has_decimals(raw: str) -> bool:
    """Whether a printed cell shows decimals, which only a share does."""
    return "," in raw and looks_numeric(raw)


def decimals(raw: str) -> int:
    """How many decimals a printed share has."""
    match = _DECIMALS.search(raw.strip())
    return len(match[1]) if match else 0


def printed_value(raw: str, statistic: str) -> tuple[float | None, str]:
    """The value and status of a printed cell.

    Args:
        raw: the cell: decimal comma, "." or a space between thousands, "." alone for hidden.
        statistic: what the cell is of; a share may carry a per cent sign and, where no thousands
            can be meant, a decimal point.

    Raises:
        ValueError: the text is no number, or no number the statistic can have; says how to mend it.
    """
    text = raw.strip()
    if text == HIDDEN:
        return None, "suppressed"
    if text in NO_NUMBER:
        return None, "not_available"
    share = statistic in SHARES
    if share:
        text = text.removesuffix("%").strip()
    if _PLAIN.fullmatch(text):
        exact = Decimal(text.replace(",", "."))
    elif _GROUPED.fullmatch(text):
        exact = Decimal(re.sub(rf"[.{_SPACES}]", "", text).replace(",", "."))
    elif _POINT.fullmatch(text):
        exact = Decimal(text)
    else:
        raise ValueError(
            f"'{raw.strip()}' is no number; write 25,8, or '.' where the number is hidden, "
            "or leave the cell blank where there is none"
        )
    return permitted(float(exact), statistic)


def plain_value(text: str, statistic: str) -> float | None:
    """The value of a cell of data: a decimal point (or comma), no thousands, blank for none.

    Raises:
        ValueError: the text is no number, or no number the statistic can have.
    """
    if not text:
        return None
    bare = text.removesuffix("%").rstrip() if statistic in SHARES else text
    try:
        value = float(bare.replace(",", "."))
    except ValueError:
        raise ValueError(f"'{text}' is no number; write 25.8") from None
    return permitted(value, statistic)[0]


def permitted(value: float, statistic: str) -> tuple[float, str]:
    """A value and its status, if the statistic can have it.

    Raises:
        ValueError: a share outside 0 to 100, a count that is negative, not whole or more than a
            country's persons, a ``met`` other than 0 and 1.
    """
    shown = f"{value:.15g}".replace(".", ",")
    if not math.isfinite(value):
        raise ValueError("not a number that can be counted; write 25,8")
    if statistic in SHARES and not 0 <= value <= 100:
        raise ValueError(f"a share lies between 0 and 100 per cent, not {shown}")
    if statistic in COUNTS and value < 0:
        raise ValueError(f"a count of persons is not negative ({shown})")
    if statistic in COUNTS and value > MOST_PERSONS:
        raise ValueError(f"a count of {shown} persons is more than there are in the country")
    if statistic in COUNTS and value != int(value):
        raise ValueError(f"a count of persons is a whole number, not {shown}")
    if statistic == "met" and value not in (0, 1):
        raise ValueError(f"met is 1 or 0, not {shown}")
    return value, status_of(value)
