"""The periods Jobindsats counts in, and the ids it writes them with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tilsyn.vocabulary import YearMonth

# Months a number of each type stands for: the fourth quarter ends with month 12.
MONTHS_OF = {"M": 1, "Q": 3, "QMAT": 3, "Y": 12, "MYTD": 1}

PERIOD_TYPES = tuple(MONTHS_OF)
"""Month, quarter, rolling year ending with a quarter, year, year to date ending with a month."""

_ID = re.compile(r"(\d{4})(M|QMAT|Q|Y|MYTD)(\d{1,2})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """One period: its type, its year and its number within the year.

    Attributes:
        type: one of `PERIOD_TYPES`.
        number: month 1–12, quarter 1–4, or 1 for a whole year.
    """

    type: str
    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read "2026M06", "2025Q04" (version 2: "2025Q4"), "2025Y01", "2022QMAT04" or "2026MYTD06".

        Raises:
            ValueError: the text is no period.
        """
        match = _ID.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"'{text}' is no period; periods look like 2026M06 or 2025QMAT04")
        kind, number = match[2].upper(), int(match[3] or 1)
        if not 1 <= number <= 12 // MONTHS_OF[kind]:
            raise ValueError(f"'{text}' is no period: a year has no number {number} of type {kind}")
        return cls(kind, int(match[1]), number)

    @property
    def month(self) -> YearMonth:
        """Its last month, which is the month its figures stand under."""
        return YearMonth(self.year, self.number * MONTHS_OF[self.type])

    def __str__(self) -> str:
        return f"{self.year:04d}{self.type}{self.number:02d}"
