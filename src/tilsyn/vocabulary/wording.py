"""How numbers, dates, months and lists are put in Danish and English sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from tilsyn.vocabulary.months import DANISH, ENGLISH, YearMonth
from tilsyn.words import LANGUAGES, date

__all__ = [
    "LANGUAGES", "Number", "counted", "date", "decimal", "in_words", "joined", "months", "months_short",
    "number", "percent",
]  # fmt: skip
Number = int | float | Decimal | Fraction


def decimal(value: Number, places: int = 1) -> Decimal:
    """Round half away from zero, as published tables do, to `places` decimals."""
    exact = (
        Decimal(value.numerator) / Decimal(value.denominator)
        if isinstance(value, Fraction)
        else Decimal(str(value))
    )
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number(value: Number, language: str = "da", places: int = 0) -> str:
    """A number as the language writes it: "1.234,5" (``da``), "1,234.5" (``en``)."""
    text = f"{decimal(value, places):,}"
    return text.translate(str.maketrans(",.", ".,")) if language == "da" else text


def percent(value: Number, language: str = "da", places: int = 1) -> str:
    """A share in per cent: "20,9 %" (``da``), "20.9%" (``en``); the space does not break."""
    return number(value, language, places) + ("\N{NO-BREAK SPACE}%" if language == "da" else "%")


def joined(
    words: Iterable[str], language: str = "da", last: str | None = None, most: int | None = None
) -> str:
    """A list in a sentence: "a, b og c", "a, b and c"; `last` replaces the last joining word.

    Of more words than `most` the others are counted: "a, b og 3 til".
    """
    parts = list(words)
    if most is not None and len(parts) > most:
        rest = "til" if language == "da" else "more"
        parts = [*parts[:most], f"{number(len(parts) - most, language)} {rest}"]
    if len(parts) < 2:
        return "".join(parts)
    last = last or ("og" if language == "da" else "and")
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def months(span: Sequence[YearMonth], language: str = "da") -> str:
    """Months in a sentence: "juli-september 2022", "december 2021-februar 2022", "maj og juli 2022".

    Consecutive months become a range; others a list.
    """
    if not span:
        return ""
    if len(span) == 1:
        return span[0].name(language)
    names = DANISH if language == "da" else ENGLISH
    first, last = span[0], span[-1]
    same_year = first.year == last.year
    if all(later.since(earlier) == 1 for earlier, later in pairwise(span)):
        dash = "-" if language == "da" else "–"
        start = names[first.month - 1] if same_year else first.name(language)
        return f"{start}{dash}{last.name(language)}"
    if all(month.year == first.year for month in span):
        return f"{joined((names[m.month - 1] for m in span), language)} {first.year}"
    return joined((m.name(language) for m in span), language)


def months_short(span: Sequence[YearMonth], language: str = "da") -> str:
    """The ends of a span as tables have room for: "mar.-aug. 2023", "dec. 2021-feb. 2022"."""
    if len(span) < 2:
        return "".join(month.short(language) for month in span)
    first, last = span[0].short(language), span[-1].short(language)
    return f"{first.partition(' ')[0] if span[0].year == span[-1].year else first}-{last}"


def counted(count: int, singular: str, plural: str, language: str = "da") -> str:
    """A count with its noun: "1 person", "1.234 personer"."""
    return f"{number(count, language)} {singular if count == 1 else plural}"


_WORDS = {
    "da": [
        "nul",
        "en",
        "to",
        "tre",
        "fire",
        "fem",
        "seks",
        "syv",
        "otte",
        "ni",
        "ti",
        "elleve",
        "tolv",
    ],
    "en": [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ],
}


def in_words(count: int, language: str = "da") -> str:
    """A small number in words (to twelve), a larger one in figures."""
    words = _WORDS[language]
    return words[count] if 0 <= count < len(words) else number(count, language)
