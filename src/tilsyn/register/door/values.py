"""What one value means: text in, a coded number or the fault out.

Each judge is an ordinary function of one text (stripped, not empty). The door asks it once per
distinct value of a block of rows, so clarity costs nothing here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tilsyn.register.codes import Codes
from tilsyn.register.coding import BOOKING_STATUSES, GROUP_CODES, REPORTS, SCOPES, VISITATION_CODES
from tilsyn.vocabulary import MUNICIPALITIES
from tilsyn.vocabulary.groups import NOT_STATED

Judge = Callable[[str], "int | str"]
"""A value's coded number, or the code of its fault (`tilsyn.register.contract.FAULTS`)."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_HOURS = re.compile(r"([+-]?)(\d*)(?:[.,](\d*))?", re.ASCII)
_AMOUNT = re.compile(r"([+-]?)(\d{1,9})(?:[.,](\d{1,2}0*))?", re.ASCII)
_MONDAY = 4
_EPOCH = dt.date(1970, 1, 1).toordinal()
_YEARS = range(1990, 2101)
MOST_HOURS = 744
"""Hours in a month of 31 days."""

_UNKNOWN_VISITATION = VISITATION_CODES.index(NOT_STATED)


def date(text: str) -> int | str:
    """An ISO date as days since 1970-01-01."""
    if not _DATE.fullmatch(text):
        return "date"
    if int(text[:4]) not in _YEARS:
        return "date_range"
    try:
        return dt.date.fromisoformat(text).toordinal() - _EPOCH
    except ValueError:
        return "date"


def month(text: str) -> int | str:
    """A month YYYY-MM as 12·year + month."""
    match = _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12:
        return "month"
    return 12 * int(match[1]) + int(match[2]) if int(match[1]) in _YEARS else "month_range"


def hours(text: str) -> int | str:
    """Hours with decimal point or comma as hundredths; never rounded."""
    match = _HOURS.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return "hours"
    whole, decimals = match[2] or "0", (match[3] or "").rstrip("0")
    if len(whole.lstrip("0")) > 3:
        return "hours_range"
    if len(decimals) > 2:
        return "hours_decimals"
    hundredths = 100 * int(whole) + int(decimals.ljust(2, "0"))
    if hundredths > 100 * MOST_HOURS:
        return "hours_range"
    return -hundredths if match[1] == "-" else hundredths


def monday(text: str) -> int | str:
    """The Monday a week begins on, as days since 1970-01-01, which was a Thursday."""
    day = date(text)
    return day if isinstance(day, str) or day % 7 == _MONDAY else "monday"


def amount(text: str) -> int | str:
    """A number with at most two decimals that say anything, as hundredths."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return "amount"
    hundredths = 100 * int(match[2]) + int((match[3] or "").rstrip("0").ljust(2, "0"))
    return -hundredths if match[1] == "-" else hundredths


def report(text: str) -> int | str:
    """Whether hours are reported or taken back."""
    return REPORTS.index(text.upper()) if text.upper() in REPORTS else "report"


def visitation(text: str) -> int | str:
    """A visitation category; an unknown one is read as not stated."""
    known = text in VISITATION_CODES
    return VISITATION_CODES.index(text) if known else _UNKNOWN_VISITATION


def is_unknown_visitation(text: str) -> bool:
    """Whether a visitation is read as not stated because nobody knows it (it is remarked)."""
    return text not in VISITATION_CODES


def _listed(codes: Mapping[str, int], fault: str) -> Judge:
    return lambda text: codes.get(text, fault)


def _numbered(codes: tuple[str, ...]) -> dict[str, int]:
    return {code: index for index, code in enumerate(codes)}


@dataclass(frozen=True, slots=True)
class Judges:
    """How the values of each kind of column are judged."""

    of: Mapping[str, Judge]

    @classmethod
    def with_codes(cls, codes: Codes) -> Judges:
        """The judges, with these code lists."""
        return cls(
            {
                "date": date,
                "month": month,
                "hours": hours,
                "monday": monday,
                "amount": amount,
                "report": report,
                "visitation": visitation,
                "municipality": _listed({c: int(c) for c in MUNICIPALITIES.codes}, "municipality"),
                "group": _listed(_numbered(GROUP_CODES), "group"),
                "conversation_type": _listed(codes.conversation_types, "type"),
                "offer_kind": _listed(codes.offer_kinds, "kind"),
                "scope": _listed(_numbered(SCOPES), "scope"),
                "booking_status": _listed(_numbered(BOOKING_STATUSES), "status"),
                "text": lambda _text: 0,
            }
        )
