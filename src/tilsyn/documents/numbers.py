"""The numbers a text states, in Danish and English as people write them.

Dates, references (to the law, cases, tables, weeks, telephones) and ordinals are no numbers of this kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tilsyn.vocabulary import wording
from tilsyn.vocabulary.months import DANISH, ENGLISH


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands.

    Attributes:
        start, end: its place in the text, with its sign of per cent.
        places: with how many decimals it is written.
        unit: "%", or how the word after it begins ("per", "mån"); empty where none follows.
        of: what it is a part of, where it is one: "seks ud af ti" is 6 of 10.
    """

    start: int
    end: int
    value: Decimal
    places: int
    unit: str
    of: Decimal | None = None


def numbers(text: str, language: str) -> list[Number]:
    """The numbers of a text, from left to right."""
    # Blanks keep every place; what is no number is not looked at again.
    bare = _NO_NUMBER.sub(lambda match: " " * len(match[0]), text)
    found: list[Number] = []
    for match in _NUMBER[language].finditer(bare):
        value, places = _value(match[0], language)
        percent = _PERCENT.match(bare, match.end())
        after = _NEXT.match(bare, match.end())
        unit = "%" if percent else after[1][:3].lower() if after else ""
        end = percent.end() if percent else match.end()
        found.append(Number(match.start(), end, value, places, unit))
    return _together(found, bare)


def _together(found: list[Number], text: str) -> list[Number]:
    """Numbers in a row share the last one's unit; two with "ud af" between them are one part of a whole."""
    joined: list[Number] = []
    for one in reversed(found):
        between = text[one.end : joined[-1].start] if joined else ""
        if joined and one.unit != "%" and _ROW.fullmatch(between):
            one = _with(one, unit=joined[-1].unit)
        elif joined and one.unit != "%" and _PART.fullmatch(between):
            whole = joined.pop()
            one = _with(one, end=whole.end, unit=whole.unit, of=whole.value)
        joined.append(one)
    return joined[::-1]


def _with(one: Number, *, unit: str, end: int | None = None, of: Decimal | None = None) -> Number:
    return Number(one.start, end or one.end, one.value, one.places, unit, of)


def _value(written: str, language: str) -> tuple[Decimal, int]:
    """A number as written, and its decimals: thousands by the language's sign, the other sign a decimal one."""
    if (word := written.lower()) in _WORDS[language]:
        return Decimal(_WORDS[language][word]), 0
    if _GROUPED[language].fullmatch(written):
        written = re.sub(_THOUSANDS[language], "", written)
    value = Decimal(written.replace(",", "."))
    return value, max(0, -int(value.as_tuple().exponent))


def _spelled() -> dict[str, dict[str, int]]:
    """Numbers in words to a hundred; not "en", "et", "one", which are articles and pronouns oftener."""
    small = {
        language: {wording.in_words(count, language): count for count in range(2, 13)}
        for language in wording.LANGUAGES
    }
    teens = {
        "da": "tretten fjorten femten seksten sytten atten nitten".split(),
        "en": "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
    }
    tens = {
        "da": "tyve tredive fyrre halvtreds tres halvfjerds firs halvfems hundrede".split(),
        "en": "twenty thirty forty fifty sixty seventy eighty ninety hundred".split(),
    }
    for language, words in small.items():
        words |= {word: 13 + more for more, word in enumerate(teens[language])}
        units = {wording.in_words(count, language): count for count in range(1, 10)}
        for place, ten in enumerate(tens[language], 2):
            words[ten] = 10 * place
            for unit, count in units.items() if place < 10 else ():
                words[f"{unit}og{ten}" if language == "da" else f"{ten}-{unit}"] = (
                    10 * place + count
                )
    small["da"] |= {"én": 1, "ét": 1, "nul": 0}
    small["en"]["zero"] = 0
    return small


_WORDS = _spelled()
_THOUSANDS = {"da": r"[.\u00a0\u202f ]", "en": r"[,\u00a0\u202f ]"}
_GROUPED = {
    language: re.compile(rf"\d{{1,3}}(?:{_THOUSANDS[language]}\d{{3}})+(?:{sign}\d+)?")
    for language, sign in (("da", ","), ("en", r"\."))
}
_PERCENT_WORDS = r"%|(?:pct\b\.?|procent\w*|per\s?cent\b|percentage\s+points?\b|pp\b)"
_PERCENT = re.compile(rf"[\s-]*(?:{_PERCENT_WORDS})", re.I)
_NUMBER = {
    language: re.compile(
        rf"(?<![\w])(?<!\d[.,])(?:{_GROUPED[language].pattern}(?!\d|[.,]\d)|\d+(?:[.,]\d+)?"
        rf"|(?:{'|'.join(sorted(words, key=len, reverse=True))}))(?=pct|procent|%|(?![\w]))",
        re.I,
    )
    for language, words in _WORDS.items()
}
_NEXT = re.compile(r"[\s-]*([^\W\d_]+)")
_ROW = re.compile(r"\s*(?:,|-|–|/|,?\s*\b(?:og|eller|til|and|or|to)\b)\s*", re.I)
_PART = re.compile(r"\s+(?:ud\s+af(?:\s+hver)?|out\s+of|in(?:\s+every)?)\s+", re.I)

_MONTH = "|".join(
    dict.fromkeys([*DANISH, *ENGLISH, *(name[:3] for name in (*DANISH, *ENGLISH)), "sept"])
)
_COUNTED = r"\w*(?:person|borger|ledig|modtager|samtale|tilbud|people|citizen|recipient|conversation|offer)"
_NAMED = (
    "stk nr kap kapitel chapter pkt punkt artikel article bilag annex tabel table figur figure side page "
    "afsnit section uge uger week weeks trin step fase phase sagsnummer sagsnr sag case jnr journalnr "
    "reference ref version act lov lbk bek bekendtgørelse model"
)
"""Words before a number that names a thing and counts nothing."""
_DAY = r"\d{1,2}(?:\.|st|nd|rd|th)?"
_ANY_CASE = (
    r"\S+@\S+|https?://\S+|www\.\S+",
    rf"(?:{_DAY}\s*(?:-|–|til|to|og|and)\s*)?{_DAY}\s+(?:of\s+)?(?:{_MONTH})\b\.?(?:,?\s+\d{{4}}\b)?",
    rf"\b(?:{_MONTH})\b\.?\s+(?:{_DAY},\s*)?\d{{4}}\b",
    r"\b\d{4}-\d{2}(?:-\d{2})?\b",
    r"\b\d{1,2}[./-]\d{1,2}[./ -]\d{4}\b|\b\d{1,2}[.-]\d{1,2}[.-]\d{2}\b",
    r"\b\d{2,4}/\d{3,}(?:-\d+)?\b",
    rf"\b(?:20)?\d{{2}}-\d{{4,}}(?:-\d+)*\b(?!\s*(?:{_PERCENT_WORDS}|{_COUNTED}))",
    r"\b(?:tlf|telefon|tel|telephone|phone|mobil)\b\.?:?\s*\+?\d[\d ]*",
    r"(?<![\d.,])\d{1,2}/\d{1,2}(?:[ -]\d{2,4})?\b(?![.,]\d)",
    rf"\bden\s+\d{{1,2}}\.?(?![\d,])(?!\s*(?:{_PERCENT_WORDS}|{_COUNTED}))",
    r"\bkl\b\.?\s*\d{1,2}(?:[.:]\d{2})?\b|\b\d{1,2}:\d{2}\b",
    r"§\s*\d+\w*(?:\s+[a-z]\b)?(?:\s*[-–]\s*\d+\w*)?(?:\s*,?\s*(?:stk|nr|pkt)\.\s*\d+)*",
    r"§§\s*\d+\w*(?:\s*(?:,|-|–|og|eller|and|or)\s*(?:§\s*)?\d+\w*"
    rf"(?![.,]?\d|\s*(?:{_PERCENT_WORDS}|{_COUNTED})))*",
    rf"\b(?:{'|'.join(_NAMED.split())}|j\.?\s?nr|no(?=\.))\b\.?:?\s*(?:nr\b\.?|no\.)?:?\s*"
    r"(?:§\s*)?\d[\d/()]*(?:[.-]\d+)*(?:\s+(?:og|eller|and|or)\s+\d+(?![.,]?\d|\s*\w))?",
    r"(?<![\d.,])\+\d{2}\s?\d[\d ]{6,}\d|\b\d{2}(?: \d{2}){3}\b|\b\d{4} \d{4}\b|(?<![\d.,])\b\d{8}\b(?![.,]\d)",
    r"(?<![\d.,])\b(?:19|20)\d{2}(?:\s?[-–/]\s?(?:(?:19|20)\d{2}|\d{2}))?\b(?![.,]\d)"
    rf"(?!\s*(?:{_PERCENT_WORDS}|{_COUNTED}))",
)
_AS_WRITTEN = (
    r"\b[A-ZÆØÅ]\w*(?:vej|gade|plads|allé|torv|boulevard|stræde|vænget|parken)\s+\d+(?:\s?[A-Z]\b)?",
    r"(?<![\d.,])\b\d{4}\s+(?=[A-ZÆØÅ])",
    r"(?<![\d.,])\b\d{1,2}\.(?=\s+[a-zæøå])(?!\s+(?:pct|procent))|\b\d+(?:st|nd|rd|th)\b",
)
_NO_NUMBER = re.compile(f"(?i:{'|'.join(_ANY_CASE)})|{'|'.join(_AS_WRITTEN)}")
"""What is written in figures and is no number: addresses, dates, times, references, telephones, ordinals."""
