"""Calendar months: arithmetic, ranges and the many ways the field writes them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

DANISH = (
    "januar februar marts april maj juni juli august september oktober november december".split()
)
UNCUT = 4
"""Letters of the longest Danish month's name that is not abbreviated."""
ENGLISH = (
    "January February March April May June July August September October November December".split()
)

# Beside full names and their first three letters: spellings met in letters (scanning noise included).
_MET_IN_LETTERS = {"mår": 3, "sept": 9}
_BY_NAME = (
    {name.lower(): number for names in (DANISH, ENGLISH) for number, name in enumerate(names, 1)}
    | {
        name[:3].lower(): number
        for names in (DANISH, ENGLISH)
        for number, name in enumerate(names, 1)
    }
    | _MET_IN_LETTERS
)
_NUMERIC = re.compile(r"(\d{4})(?:-|M)(\d{1,2})(?:-01)?", re.IGNORECASE)
# A year of two digits only after a hyphen, as Danish Excel shows dates ("jan-23").
_NAMED = re.compile(r"([^\W\d_]{3,})(?:\.?,?\s+(\d{4})|\.?-(\d{4}|\d{2}))")


@dataclass(frozen=True, order=True, slots=True)
class YearMonth:
    """One calendar month; ``YearMonth(2022, 11) + 2 == YearMonth(2023, 1)``."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"there is no month {self.month}; months run from 1 to 12")
        if not 1900 <= self.year <= 2200:
            raise ValueError(f"the year {self.year} is outside 1900 to 2200")

    @classmethod
    def parse(cls, text: str) -> YearMonth:
        """Read "2023-03", "2023M03", "2023-03-01", "Mar 2023", "mar-23", "mår 2023" or "September 2022".

        Raises:
            ValueError: the text is no month; the message says which forms are.
        """
        text = text.strip()
        if match := _NUMERIC.fullmatch(text):
            return cls(int(match[1]), int(match[2]))
        if (match := _NAMED.fullmatch(text)) and (number := _BY_NAME.get(match[1].lower())):
            year = match[2] or match[3]
            return cls(int(year) + (2000 if len(year) == 2 else 0), number)
        raise ValueError(f"'{text}' is no month; write it as 2023-03, 2023M03 or 'mar 2023'")

    @classmethod
    def of(cls, day: dt.date) -> YearMonth:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def from_index(cls, index: int) -> YearMonth:
        """The month with this `index`."""
        return cls((index - 1) // 12, (index - 1) % 12 + 1)

    @property
    def index(self) -> int:
        """12·year + month: consecutive months have consecutive indices."""
        return 12 * self.year + self.month

    @property
    def first(self) -> dt.date:
        """The month's first day."""
        return dt.date(self.year, self.month, 1)

    @property
    def last(self) -> dt.date:
        """The month's last day."""
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def __add__(self, months: int) -> YearMonth:
        return YearMonth.from_index(self.index + months)

    def __sub__(self, months: int) -> YearMonth:
        return YearMonth.from_index(self.index - months)

    def since(self, earlier: YearMonth) -> int:
        """How many months lie between `earlier` and this one; negative when this one is earlier."""
        return self.index - earlier.index

    def name(self, language: str = "da") -> str:
        """The month in words: "september 2022" (``da``) or "September 2022" (``en``)."""
        return f"{(DANISH if language == 'da' else ENGLISH)[self.month - 1]} {self.year}"

    def short(self, language: str = "da") -> str:
        """The month as tables head it: "sep. 2022", "maj 2023"; in English "Sep 2022"."""
        if language != "da":
            return f"{ENGLISH[self.month - 1][:3].capitalize()} {self.year}"
        name = DANISH[self.month - 1]
        return f"{name if len(name) <= UNCUT else name[:3] + '.'} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class MonthRange:
    """Consecutive months, both ends included."""

    first: YearMonth
    last: YearMonth

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the range {self.first}..{self.last} ends before it begins")

    @classmethod
    def parse(cls, text: str) -> MonthRange:
        """Read "2022-09..2022-11", or one month as a range of one.

        Raises:
            ValueError: an end is no month, or the range runs backwards.
        """
        first, dots, last = text.partition("..")
        return cls(YearMonth.parse(first), YearMonth.parse(last if dots else first))

    @classmethod
    def ending(cls, last: YearMonth, months: int) -> MonthRange:
        """The `months` months that end with `last`."""
        return cls(last - (months - 1), last)

    def __iter__(self) -> Iterator[YearMonth]:
        return (YearMonth.from_index(i) for i in range(self.first.index, self.last.index + 1))

    def __len__(self) -> int:
        return self.last.since(self.first) + 1

    def __contains__(self, month: YearMonth) -> bool:
        return self.first <= month <= self.last

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month `months` later, clipped to that month's last day."""
    month = YearMonth.of(day) + months
    return dt.date(month.year, month.month, min(day.day, month.last.day))


def parse_published(text: str) -> dt.date:
    """Read a publication date; a month ("2022-05") counts from its first day.

    Raises:
        ValueError: the text is neither a date nor a month.
    """
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        try:
            return YearMonth.parse(text).first
        except ValueError:
            raise ValueError(f"'{text}' is no date; write it as 2023-02-20 (or 2023-02)") from None
