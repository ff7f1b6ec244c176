"""What a register may be short of, as ``limits.toml`` says; the command line shows it before it reads."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from typing import Final

_LIMITS = tomllib.loads(
    files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"), parse_float=Decimal
)

MOST_SET_ASIDE: Final[Decimal] = _LIMITS["most_set_aside"]
"""The share of a table's rows that may be set aside."""

LATE_DAYS: Final[int] = _LIMITS["late_days"]
"""A row registered more days than this after it happened is remarked as late."""


def too_many(aside: int, rows: int, most: Decimal) -> bool:
    """Whether more rows are set aside than the share `most` of them."""
    return aside > most * rows
