"""What a written value means: dates, months and numbers in the forms a mapping names.

What a form does not fit is left as it stands, so that whoever judges it can say what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from zoneinfo import ZoneInfo

Reading = Callable[[str], str]
"""A written value to the one it means."""

ISO = "yyyy-mm-dd"
DATES = (ISO, "dd-mm-yyyy", "dd/mm/yyyy", "dd.mm.yyyy", "yyyy/mm/dd", "yyyymmdd", "ddmmyyyy", "mm/dd/yyyy")  # fmt: skip
"""Forms of dates that are looked for, the likelier first: 03/04/2023 is April in Denmark."""
MONTHS = ("yyyy-mm", "mm-yyyy", "mm/yyyy", "mm.yyyy", "yyyymm", "yyyyMmm", "yyyy/mm")
"""Forms of months."""

_PARTS = {"yyyy": "year", "mm": "month", "dd": "day"}
_TOKEN = re.compile("yyyy|mm|dd")
_TIME = (
    r"(?:[T ](?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2}(?:[.,]\d+)?)?"
    r" ?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_HERE = ZoneInfo("Europe/Copenhagen")


@cache
def _form(form: str) -> re.Pattern[str]:
    """A form as a pattern; a day or month between marks may be written with one digit.

    Raises:
        ValueError: the form has no year or month, or one part twice.
    """
    found = _TOKEN.findall(form)
    if len(set(found)) != len(found) or not {"yyyy", "mm"} <= set(found):
        raise ValueError(f"'{form}' is no form of a date; write e.g. dd-mm-yyyy or mm-yyyy")
    pattern, end = "", 0
    for match in _TOKEN.finditer(form):
        before, after = form[: match.start()], form[match.end() :]
        marked = not _TOKEN.match(after) and not re.search(f"(?:{_TOKEN.pattern})$", before)
        digits = "{4}" if match[0] == "yyyy" else "{1,2}" if marked and form != ISO else "{2}"
        pattern += re.escape(form[end : match.start()]) + rf"(?P<{_PARTS[match[0]]}>\d{digits})"
        end = match.end()
    pattern += re.escape(form[end:])
    return re.compile(pattern + (_TIME if "dd" in found else ""), re.ASCII)


def checked_form(form: str) -> str:
    """The form, if it is one.

    Raises:
        ValueError: it is none.
    """
    _form(form)
    return form


def _day(match: re.Match[str]) -> str | None:
    try:
        day = dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
        if not match["zone"]:
            return day.isoformat()
        zone = match["zone"].replace("Z", "+00:00")
        zone = zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
        moment = dt.datetime.fromisoformat(
            f"{day}T{int(match['hour']):02d}:{match['minute']}{zone}"
        )
        return moment.astimezone(_HERE).date().isoformat()
    except (ValueError, OverflowError):
        return None


def day(forms: Iterable[str] = ()) -> Reading:
    """Dates in these forms, and ISO dates, as ISO dates: the day that a calendar in Denmark showed.

    A time may follow; one with a zone is turned into Danish time first.
    """
    patterns = [_form(form) for form in dict.fromkeys((*forms, ISO)) if "dd" in form]

    def read(text: str) -> str:
        for pattern in patterns:
            if (match := pattern.fullmatch(text)) and (found := _day(match)):
                return found
        return text

    return read


def month(forms: Iterable[str] = ()) -> Reading:
    """Months in these forms, or of dates in them, as YYYY-MM."""
    forms = tuple(forms)
    patterns = [_form(form) for form in forms if "dd" not in form]
    of_date = day(forms)

    def read(text: str) -> str:
        for pattern in patterns:
            if match := pattern.fullmatch(text):
                return f"{match['year']}-{int(match['month']):02d}"
        found = of_date(text)
        return found[:7] if len(found) == len("2023-12-31") else found

    return read


def number(decimals: str = ".", thousands: str = "") -> Reading:
    """Numbers as they are written with a decimal point and nothing between thousands."""
    mark = re.escape(decimals)
    plain = re.compile(rf"([+-]?)(\d*)(?:{mark}(\d+))?{mark}?", re.ASCII)
    between = r"[ \u00a0\u202f]" if thousands == " " else re.escape(thousands)
    grouped = re.compile(rf"[+-]?\d{{1,3}}(?:{between}\d{{3}})+(?:{mark}\d+)?", re.ASCII)

    def read(text: str) -> str:
        if thousands and grouped.fullmatch(text):
            text = re.sub(between, "", text)
        match = plain.fullmatch(text)
        if match is None or not (match[2] or match[3]):
            return text
        return f"{match[1]}{match[2]}.{match[3]}" if match[3] else f"{match[1]}{match[2]}"

    return read


def _fitting(forms: Iterable[str], counts: Mapping[str, int]) -> tuple[str, float]:
    """The form that most rows have, of two alike the first, and the share of rows that have it."""

    def rows(form: str) -> int:
        pattern = _form(form)
        return sum(
            number
            for value, number in counts.items()
            if (match := pattern.fullmatch(value)) and ("dd" not in form or _day(match))
        )

    best = max(forms, key=rows)
    return best, rows(best) / max(sum(counts.values()), 1)


def date_form(counts: Mapping[str, int]) -> tuple[str, float]:
    """The form of a date that most rows of a column have, and the share of rows that have it.

    Args:
        counts: how many rows have each value.
    """
    return _fitting(DATES, counts)


def month_form(counts: Mapping[str, int]) -> tuple[str, float]:
    """The same of a month; six digits are one only if they begin with a year of our time."""
    return _fitting(MONTHS, {v: n for v, n in counts.items() if not _NO_YEAR.match(v)})


_NO_YEAR = re.compile(r"(?!19[5-9]\d|20\d\d)\d{6}$", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d[\d.,' \u00a0\u202f]*", re.ASCII)


def number_form(values: Collection[str]) -> tuple[str, str] | None:
    """The decimal mark and the mark between thousands of values; None: fewer than half are numbers.

    A mark followed by another mark, or standing twice in a value, is between thousands; one followed by
    other than three digits is the decimal mark. Where no value says so, three digits are decimals of a
    comma, as Danes write, and a point is taken for what stands between thousands only beside a comma.
    """
    numbers = [value for value in values if _NUMBER.fullmatch(value)]
    if not numbers or 2 * len(numbers) <= len(values):
        return None
    decimals = thousands = ""
    for value in numbers:
        marks = re.sub(r"[\d+-]", "", value).replace("\u00a0", " ").replace("\u202f", " ")
        if len(set(marks)) == 2 or len(marks) > 1:
            thousands = marks[0]
            decimals = marks[-1] if marks[-1] != marks[0] else decimals
        elif marks and not re.search(rf"{re.escape(value[-4])}\d{{3}}$", value[-4:]):
            decimals = marks if marks in ".," else decimals
        elif marks == ",":
            decimals = decimals or ","
    if decimals == thousands:
        decimals = ""
    # Without any mark, Danish numbers have a comma.
    return decimals or ("." if thousands == "," else ","), thousands
