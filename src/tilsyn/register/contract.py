"""The contract of a register's tables: which there are, their columns, and what a value may be.

Five tables are measured; bookings and caseworkers are kept for planning; of payments and pay periods, as
other systems deliver them, spells and hours are made. ``person`` is opaque text or
integer: a pseudonym, or a CPR number that becomes one at the door (`tilsyn.register.pseudonyms`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tilsyn.register.coding import (
    ALWAYS_KNOWN,
    BOOKING_STATUSES,
    GROUP_CODES,
    OFFER_KINDS,
    OPEN_END,
    REPORTS,
    SCOPES,
)
from tilsyn.register.limits import LATE_DAYS
from tilsyn.vocabulary import lists
from tilsyn.vocabulary.wording import joined


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: as the header spells it.
        kind: how a value is judged (the names in `tilsyn.register.door.values`).
        description: what it holds, for people.
        empty: the coded value an empty field stands for; None where it may not be empty.
        same_as: the column that usually stands under the same heading, in deliveries.
    """

    name: str
    kind: str
    description: str
    empty: int | None = None
    same_as: str = ""

    @property
    def stored(self) -> str:
        """What it is called once coded: ``group`` is a word of SQL."""
        return "grp" if self.name == "group" else self.name


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a register.

    Attributes:
        da: what its rows tell of, in Danish.
        columns: in the order faults are looked for; `person` comes first.
        measured: whether its rows are measured; the others are kept for planning.
        may_be_absent: whether `admit` accepts a register without it when told that it is empty.
        once: whether exactly identical rows are read once.
        begins, ends: the columns that say when what the row tells of begins and ends; the end
            may not lie before the beginning.
        becomes: the table that is made of its rows, where they are not yet those of a register.
        longest: days from beginning to end at most; 0: any number.
        daily: the column of hours of which there can be no more than its days have.
    """

    name: str
    da: str
    columns: tuple[Column, ...]
    measured: bool = True
    may_be_absent: bool = True
    once: bool = True
    begins: str = ""
    ends: str = ""
    becomes: str = ""
    longest: int = 0
    daily: str = ""

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)


_PERSON = Column("person", "person", "pseudonym, opaque text or integer")
_START = Column("start", "date", "first day")
_END = Column("end", "date", "last day, inclusive; empty = ongoing", empty=OPEN_END)
_REGISTERED = Column(
    "registered", "date", "the day it was entered; empty = always seen", empty=ALWAYS_KNOWN
)
_MUNICIPALITY = Column("municipality", "municipality", "three-digit code of residence")
_GROUP = Column("group", "group", "benefit group")
_VISITATION = Column("visitation", "visitation", "visitation category", empty=0)
_TYPE = Column("type", "conversation_type", "conversation type, a code")

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        Table(
            "spells",
            "ydelsesforløb",
            (
                _PERSON,
                _MUNICIPALITY,
                _GROUP,
                _VISITATION,
                _START,
                _END,
            ),
            may_be_absent=False,
            begins="start",
            ends="end",
        ),
        Table(
            "conversations",
            "samtaler",
            (_PERSON, Column("held", "date", "the day it was held"), _TYPE, _REGISTERED),
            may_be_absent=False,
            begins="held",
        ),
        Table(
            "offers",
            "tilbud",
            (
                _PERSON,
                Column("kind", "offer_kind", "kind of offer, a code"),
                _START,
                _END,
                _REGISTERED,
            ),
            begins="start",
            ends="end",
        ),
        Table(
            "hours",
            "ordinære timer",
            (
                _PERSON,
                Column("month", "month", "calendar month, YYYY-MM"),
                Column("hours", "hours", "ordinary hours; corrections are negative rows"),
            ),
            once=False,
        ),
        Table(
            "exemptions",
            "fritagelser",
            (_PERSON, Column("scope", "scope", "offers or conversations"), _START, _END),
            begins="start",
            ends="end",
        ),
        Table(
            "bookings",
            "bookede samtaler",
            (
                _PERSON,
                Column("date", "date", "the day it is booked for"),
                _TYPE,
                Column("status", "booking_status", "booked, held, cancelled or no_show"),
            ),
            measured=False,
        ),
        Table(
            "caseworkers",
            "sagsbehandlere",
            (
                _PERSON,
                Column("team", "text", "team"),
                Column("caseworker", "text", "case worker"),
                _START,
                _END,
            ),
            measured=False,
            begins="start",
            ends="end",
        ),
        Table(
            "payments",
            "udbetalte ydelser",
            (
                _PERSON,
                _MUNICIPALITY,
                _GROUP,
                _VISITATION,
                Column("benefit", "text", "the benefit paid, as delivered", same_as="group"),
                Column("week", "monday", "the Monday of the week it was paid for"),
                Column("amount", "amount", "what was paid; corrections are further rows"),
            ),
            measured=False,
            once=False,
            begins="week",
            becomes="spells",
        ),
        Table(
            "pay_periods",
            "lønperioder",
            (
                _PERSON,
                Column("report", "report", "I: hours are reported, T: they are taken back"),
                Column("start", "date", "first day of the pay period"),
                Column("end", "date", "last day of the pay period"),
                Column("hours", "amount", "paid hours"),
            ),
            measured=False,
            once=False,
            begins="start",
            ends="end",
            becomes="hours",
            longest=366,
            daily="hours",
        ),
    )
}
"""All tables, by name."""


def _one_of(codes: Sequence[str]) -> str:
    return joined(codes, "en", "or")


FAULTS: Final[dict[str, str]] = {
    "too_long": "a line of more than 65,536 bytes",
    "nul": "a NUL byte in the line",
    "carriage_return": "a carriage return inside the line",
    "not_utf8": "not UTF-8 text",
    "quotes": "broken quotes (a mapping says whether a cell may run over lines: multiline)",
    "columns": "wrong number of columns",
    "no_person": "missing person",
    "no_value": "missing value",
    "unplaced": "a value that the mapping gives no meaning yet",
    "date": "unparsable date (write 2023-08-31)",
    "date_range": "date outside 1990-2100 (leave an ongoing end empty)",
    "month": "unparsable month (write 2023-08)",
    "month_range": "month outside 1990-2100",
    "municipality": "unknown municipality (write its three-digit code, as 183)",
    "group": f"unknown group (write {_one_of(GROUP_CODES)})",
    "type": f"unknown conversation type (write {_one_of(lists.codes('conversation_types.csv'))})",
    "kind": f"unknown offer kind (write {_one_of(OFFER_KINDS)})",
    "scope": f"unknown scope (write {_one_of(SCOPES)})",
    "status": f"unknown status (write {_one_of(BOOKING_STATUSES)})",
    "report": f"unknown kind of report (write {_one_of(REPORTS)})",
    "monday": "a week that does not begin on a Monday (write the Monday)",
    "amount": "unparsable amount (write 1234.50)",
    "hours": "unparsable hours",
    "hours_decimals": "hours with more than two decimals",
    "hours_range": "hours of one row beyond 744",
    "end_before_start": "end before start",
    "too_long_span": "a period longer than a year",
    "more_than_days": "more hours than the days of the period have",
}
"""Why a row is set aside: a code and the reason in words."""

REMARKS: Final[dict[str, str]] = {
    "visitation_unknown": "rows with an unknown visitation, read as uoplyst",
    "identical": "exactly identical rows, read once",
    "overlap": "spells that overlap another spell of the same person",
    "before_any_spell": "conversations held before the person's first spell",
    "late": f"rows registered more than {LATE_DAYS} days after they happened",
    "modulus_11": "persons whose CPR number fails modulus 11 (valid since 2007)",
    "group_closed": "spells that begin after their group was closed",
    "hidden": "rows that are hidden in their sheet (not read)",
    "negative_weeks": "weeks whose payments add up to less than nothing, not counted",
    "negative_months": "months of a person where more hours are taken back than were reported",
    "other_columns": "files with columns that are not in the contract (not read)",
}
"""What is worth knowing of rows that are read: a code and what is counted, in words."""
