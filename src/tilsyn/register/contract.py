"""The contract of a register's tables: which there are, their columns, and what a value may be.

Six tables are measured, of which one may be absent; bookings and caseworkers are kept for planning. ``person`` is opaque text or
integer: a pseudonym, or a CPR number that becomes one at the door (`tilsyn.register.pseudonyms`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tilsyn.register.coding import ALWAYS_KNOWN, NO_WEEKS, OPEN_END
from tilsyn.register.limits import LATE_DAYS


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: as the header spells it.
        kind: how a value is judged (the names in `tilsyn.register.door.values`).
        description: what it holds, for people.
        empty: the coded value an empty field stands for; None where it may not be empty.
        optional: whether a file may be without it; all its fields are empty then.
        groups: the benefit groups of whose spells it is read; empty: of all.
    """

    name: str
    kind: str
    description: str
    empty: int | None = None
    optional: bool = False
    groups: tuple[str, ...] = ()

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
        optional: whether it accepts one without it untold; what it tells of is not known then.
        once: whether exactly identical rows are read once.
        begins, ends: the columns that say when what the row tells of begins and ends; the end
            may not lie before the beginning.
    """

    name: str
    da: str
    columns: tuple[Column, ...]
    measured: bool = True
    may_be_absent: bool = True
    optional: bool = False
    once: bool = True
    begins: str = ""
    ends: str = ""

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns that every file has."""
        return tuple(column.name for column in self.columns if not column.optional)


_PERSON = Column("person", "person", "pseudonym, opaque text or integer")
_START = Column("start", "date", "first day")
_END = Column("end", "date", "last day, inclusive; empty = ongoing", empty=OPEN_END)
_REGISTERED = Column(
    "registered", "date", "the day it was entered; empty = always seen", empty=ALWAYS_KNOWN
)
_TYPE = Column("type", "conversation_type", "conversation type, a code")

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        Table(
            "spells",
            "ydelsesforløb",
            (
                _PERSON,
                Column("municipality", "municipality", "three-digit code of residence"),
                Column("group", "group", "benefit group"),
                Column("visitation", "visitation", "visitation category", empty=0),
                _START,
                _END,
                Column(
                    "takeover",
                    "date",
                    "a_dagpenge: the day the municipality took over from the unemployment fund",
                    empty=ALWAYS_KNOWN,
                    optional=True,
                    groups=("a_dagpenge",),
                ),
                Column(
                    "has_job",
                    "answer",
                    "sygedagpenge: whether there is a job to return to, yes or no",
                    empty=0,
                    optional=True,
                    groups=("sygedagpenge",),
                ),
                Column(
                    "expected_weeks",
                    "weeks",
                    "sygedagpenge: weeks that employee and employer both expect it to last",
                    empty=NO_WEEKS,
                    optional=True,
                    groups=("sygedagpenge",),
                ),
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
            (
                _PERSON,
                Column("scope", "scope", "offers or conversations"),
                _START,
                _END,
                Column(
                    "reason",
                    "reason",
                    "flex25 (by decision, within the reform's 25 %) or statutory (empty)",
                    empty=0,
                    optional=True,
                ),
                Column(
                    "decided", "date", "the day of the decision", empty=ALWAYS_KNOWN, optional=True
                ),
                Column("decided_by", "text", "the team that decided", empty=0, optional=True),
            ),
            begins="start",
            ends="end",
        ),
        Table(
            "duties",
            "pligter",
            (_PERSON, Column("kind", "duty", "arbejdspligt"), _START, _END),
            optional=True,
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
    )
}
"""All tables, by name."""

FAULTS: Final[dict[str, str]] = {
    "too_long": "a line of more than 65,536 bytes",
    "nul": "a NUL byte in the line",
    "carriage_return": "a carriage return inside the line",
    "not_utf8": "not UTF-8 text",
    "quotes": "broken quotes",
    "columns": "wrong number of columns",
    "no_person": "missing person",
    "no_value": "missing value",
    "date": "unparsable date (write 2023-08-31)",
    "date_range": "date outside 1990-2100 (leave an ongoing end empty)",
    "month": "unparsable month (write 2023-08)",
    "month_range": "month outside 1990-2100",
    "municipality": "unknown municipality",
    "group": "unknown group",
    "type": "unknown conversation type",
    "kind": "unknown offer kind",
    "scope": "unknown scope (offers or conversations)",
    "reason": "unknown reason of an exemption (flex25 or statutory)",
    "duty": "unknown kind of duty (arbejdspligt)",
    "status": "unknown status (booked, held, cancelled or no_show)",
    "hours": "unparsable hours",
    "hours_decimals": "hours with more than two decimals",
    "hours_range": "hours of one row beyond 744",
    "end_before_start": "end before start",
}
"""Why a row is set aside: a code and the reason in words."""

REMARKS: Final[dict[str, str]] = {
    "visitation_unknown": "rows with an unknown visitation, read as uoplyst",
    "identical": "exactly identical rows, read once",
    "overlap": "spells that overlap another spell of the same person",
    "before_any_spell": "conversations held before the person's first spell",
    "late": f"rows registered more than {LATE_DAYS} days after they happened",
    "modulus_11": "persons whose CPR number fails modulus 11 (valid since 2007)",
    "group_closed": "spells that last beyond the end of their group, read as they stand",
    "unvisitated": "spells of a group with visitation categories that state none (never jobparat)",
    "takeover_unknown": "spells whose day of take-over is not known",
    "takeover_before": "take-overs before the spell (not known where they lie before the run)",
    "has_job_unknown": "spells of which it is not known whether there is a job (yes or no)",
    "expected_weeks_unknown": "spells whose expected weeks are not known",
    "decided_unknown": "exemptions by decision without its day, read as decided in time",
    "columns_left_out": "files without some of the columns that may be left out (not known)",
    "other_columns": "files with columns that are not in the contract (not read)",
}
"""What is worth knowing of rows that are read: a code and what is counted, in words."""
