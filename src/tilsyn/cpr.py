"""CPR numbers (Danish personal identification numbers): known in one place, however they are written.

A number is a birthday ddmmyy and four signs. The seventh digit and the year tell the century, so it is
known whether there was such a day; replacement numbers have 60 added to the day and may hold letters in
the last three places. Modulus 11 proves nothing: numbers that fail it have been given out since 2007.

Sources: CPR-kontoret, "Personnummeret i CPR" (centuries) and "Personnumre uden kontrolciffer".
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

MASK: Final = "xxxxxx-xxxx"

_BORN = (
    r"(?:(?:[06][1-9]|[17][0-9]|[28][0-8])(?:0[1-9]|1[0-2])[0-9]{3}"
    r"|(?:[28]9|[39]0)(?:0[13-9]|1[0-2])[0-9]{3}"
    r"|[39]1(?:0[13578]|1[02])[0-9]{3}"
    # 29 February: the year 00 had one where the seventh digit makes it 2000, and none in 1900.
    r"|[28]902(?:(?:0[48]|[2468][048]|[13579][26])[0-9]|00[4-9]))"
)
TEN: Final = rf"^{_BORN}[0-9]{{3}}$"
"""Ten digits that begin with a day there was; for Python, Arrow and DuckDB alike."""
NINE: Final = r"^[1-9](?:0[1-9]|1[0-2])[0-9]{6}$"
"""The same with its leading nought lost, as spreadsheets do."""
CHANCE: Final = {10: 0.0730492, 9: 0.12}
"""The part of all numbers of so many digits that pass `TEN` or `NINE`."""
SHAPE: Final = (
    r"^[\W_]*(?i:dk|cpr|nr|no|nummer){0,2}[\W_]*[0-9]{1,2}[\W_]?[0-9]{2}[\W_]?[0-9]{2,4}"
    r"[\W_]{0,3}[0-9][0-9A-Za-z]{3}[\W_0]*$"
)
"""All ASCII values that `read` makes something of, and a few more; for Arrow and DuckDB."""
LONGEST: Final = 28
"""Signs of the longest such value: with spaces, a prefix and a spreadsheet's ``.00``."""

_KNOWN = re.compile(rf"{_BORN}[0-9]{{3}}|(?=[6-9]){_BORN}[0-9A-Z]{{3}}")
_WRITTEN = (
    r"(?:(?:dk|cpr|(?:cpr)?(?:nr|no|nummer))[ ._:-]{0,3})?"
    r"(?P<day>[0-9]{1,2})(?P<one>[ ./_-]?)(?P<month>[0-9]{2})(?P<two>[ ./_-]?)"
    r"(?P<century>1[89]|20)?(?P<year>[0-9]{2})(?P<gap>[\s./_'-]{0,3})(?P<serial>[0-9][0-9a-z]{3})"
)
_VALUE = re.compile(rf"{_WRITTEN}(?:[.,]0+)?", re.ASCII | re.IGNORECASE)
# Every place is looked at, for a number may begin within what only looks like one.
_IN_TEXT = re.compile(rf"(?<![0-9])(?=({_WRITTEN})(?![0-9]))", re.ASCII | re.IGNORECASE)
_WORD = re.compile(r"[^\W_]*$")
_HEX = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_FRACTION = re.compile(r"[.,](?!0+(?![0-9]))[0-9]", re.ASCII)
# Nine digits or more with up to three other marks between, or six digits and four digits or letters.
_NEAR = re.compile(
    r"(?:[0-9][\W_]{0,3}){8,}[0-9]|(?<![^\W_])[0-9]{6}[\W_]{0,3}[^\W_]{4}(?![^\W_])", re.ASCII
)
_AROUND = " \t\r\n'\"`´=_"


class Number(NamedTuple):
    """What has the shape of a CPR number.

    Attributes:
        number: its ten signs.
        digits: how many were written; nine where the leading nought was lost.
        parted: whether it was written with a mark between birthday and serial, or within.
    """

    number: str
    digits: int
    parted: bool

    @property
    def known(self) -> bool:
        """Whether it begins with a day there was, so that it may be somebody's."""
        return bool(_KNOWN.fullmatch(self.number))


def read(value: str) -> Number | None:
    """A whole value as a number, whatever day it begins with; None where it has another shape.

    Dashes, spaces, quotes and full-width signs of every kind, a spreadsheet's ``.0`` and a leading
    ``DK`` make no difference.
    """
    plain = _plain(value)[0].strip(_AROUND)
    match = _VALUE.fullmatch(plain) if len(plain) <= LONGEST else None
    return _number(match) if match else None


def names_cpr(text: str) -> bool:
    """Whether a CPR number is written somewhere in a text."""
    return next(_found(_plain(text)[0]), None) is not None


def masked(text: str, *, near: bool = False) -> str:
    """The text with crosses for every CPR number; mask a text before it is cut.

    Args:
        text: any.
        near: also whatever is nearly one: any nine digits and more, for samples of faulty values.
    """
    plain, places = _plain(text)
    spans = [match.span() for match in _NEAR.finditer(plain)] if near else _found(plain)
    done, parts = 0, []
    for begin, end in spans:
        parts += [text[done : places[begin]], MASK]
        done = places[end - 1] + 1
    return "".join([*parts, text[done:]]) if parts else text


class MaskedFormatter(logging.Formatter):
    """Lines of a log, tracebacks too, without CPR numbers."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return masked(super().format(record))


def _found(plain: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of a text begin and end."""
    done = 0
    for match in _IN_TEXT.finditer(plain):
        begin, end = match.span(1)
        number = _number(match)
        if begin < done or number is None or not number.known:
            continue
        before = plain[max(begin - 36, 0) : begin]
        word, after = _WORD.search(before), plain[end : end + 1].isalnum()
        if (word and word[0]) or after:
            # "Hansen010190-1234kopi" names one; an identifier of hexadecimal digits does not.
            loose = match["gap"] and not (match["one"] or match["two"])
            if not loose or not number.number.isdecimal() or (word and _HEX.fullmatch(word[0])):
                continue
        if number.parted:
            # "2023-11-14 1234" is a date and a number.
            mark = match["one"] or match["two"]
            if mark and re.search(rf"(?:19|20)[0-9]{{2}}{re.escape(mark)}$", before):
                continue
        elif re.search(r"[0-9][.,]$", before) or _FRACTION.match(plain, end):
            # Decimals, and an amount that has some.
            continue
        yield begin, end
        done = end


def _number(match: re.Match[str]) -> Number | None:
    day, one, two, gap = match["day"], match["one"], match["two"], match["gap"]
    if one and two and one != two:
        return None
    if len(day) == 1 and (day == "0" or one or two):
        return None
    # "2010-01..2010-03" is a span of months.
    if two and not one and two != " " and day in ("19", "20"):
        return None
    if match["century"] and (one or two or "-" not in gap or len(day) == 1):
        return None
    number = f"{day:0>2}{match['month']}{match['year']}{match['serial']}".upper()
    if not number.isdecimal() and number[0] not in "6789":
        return None
    return Number(number, 8 + len(day), bool(one or two or gap))


def _plain(text: str) -> tuple[str, range | list[int]]:
    """The text in plain signs, and where each of them stands in it."""
    if text.isascii():
        return text, range(len(text))
    signs, places = [], []
    for place, sign in enumerate(text):
        plain = sign if sign.isascii() else _sign(sign)
        signs.append(plain)
        places += [place] * len(plain)
    return "".join(signs), places


@lru_cache(maxsize=4096)
def _sign(sign: str) -> str:
    plain = []
    for one in unicodedata.normalize("NFKC", sign):
        kind = unicodedata.category(one)
        if kind == "Nd":
            plain.append(str(unicodedata.decimal(one)))
        elif (
            kind == "Pd" or one in "\u2212\u02d7\u2043"
        ):  # a minus and others that look like a dash
            plain.append("-")
        elif kind[0] == "Z":
            plain.append(" ")
        elif kind in ("Pi", "Pf"):
            plain.append("'")
        elif kind not in ("Cf", "Mn", "Me"):  # what is not seen, or stands on another sign
            plain.append(one)
    return "".join(plain)
