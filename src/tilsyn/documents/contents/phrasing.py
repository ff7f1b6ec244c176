"""What letters say in fixed ways: months and deadlines in running text, shares, authorities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from tilsyn.documents.contents.templates import texts
from tilsyn.rules.model import Text
from tilsyn.vocabulary import MUNICIPALITIES, MonthRange, YearMonth
from tilsyn.vocabulary.months import DANISH, ENGLISH
from tilsyn.vocabulary.wording import Number, date, joined, number

UNIT = {"da": "\N{NO-BREAK SPACE}pct.", "en": "%"}
"""How running text writes per cent."""


def percent(value: Number, language: str) -> str:
    """A share in running text: "20 pct.", "23,5 pct."; whole limits without decimals."""
    whole = Decimal(str(value)) == Decimal(str(value)).to_integral_value()
    return number(value, language, 0 if whole else 1) + UNIT[language]


def percents(values: Sequence[Number], language: str) -> str:
    """Shares in a row: "23,5 pct., 29,2 pct. og 20,9 pct.", all with one decimal."""
    return joined((number(value, language, 1) + UNIT[language] for value in values), language)


def month(value: YearMonth, language: str) -> str:
    """A month in running text, never parted from its year."""
    return value.name(language).replace(" ", "\N{NO-BREAK SPACE}")


def day(value: dt.date, language: str) -> str:
    """A date in running text, never broken over two lines."""
    return date(value, language).replace(" ", "\N{NO-BREAK SPACE}")


def period(months: MonthRange, language: str) -> str:
    """Months as they are read aloud: "juli til september 2022", "december 2021 til februar 2022"."""
    first, last = months.first, months.last
    if first == last:
        return month(first, language)
    names = DANISH if language == "da" else ENGLISH
    start = names[first.month - 1] if first.year == last.year else month(first, language)
    return f"{start} {'til' if language == 'da' else 'to'} {month(last, language)}"


def authority(municipality: str, language: str) -> str:
    """A municipality's authority in running text, its words never parted by a line's end."""
    return MUNICIPALITIES[municipality].official(language).replace(" ", "\N{NO-BREAK SPACE}")


def job_centre(municipality: str, language: str = "da", templates: Path | None = None) -> str:
    """Who a document to a municipality is addressed to, where nothing else is said."""
    official = MUNICIPALITIES[municipality].official(language)
    frame = texts("frame", language, templates)
    return frame.fill("addressee.job_centre", authority=official)


def told(text: Text, language: str) -> str:
    """The language's half of a text that is data."""
    return text["da" if language == "da" else "en"]


def in_running_text(text: str) -> str:
    """The text without the capital it begins with by itself."""
    return text[:1].lower() + text[1:]


def capitalised(text: str) -> str:
    """The text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]
