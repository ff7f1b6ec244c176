"""How admitted rows are coded: what the door hands over and the store keeps.

Days are counted from 1 January 1970, months are 12·year + month, hours are hundredths, and codes
are small numbers. One folder a table, Parquet files in any order; persons are opaque text.
"""

from __future__ import annotations

import pyarrow as pa

from tilsyn.vocabulary import GROUPS, VISITATION, lists

OPEN_END = 2**31 - 1
"""The end of what is still going on."""

ALWAYS_KNOWN = -(2**31)
"""The registration day of a row without one: it is always seen."""

GROUP_CODES: tuple[str, ...] = GROUPS.codes
"""``grp`` is the index here: published order."""

ADDS_UP: tuple[bool, ...] = tuple(group.seniority == "accumulated" for group in GROUPS)
"""By group: whether days on the benefit add up, where others' time passes from the start."""

VISITATION_CODES: tuple[str, ...] = ("", *sorted(VISITATION.codes))
"""``visitation`` is the index here: empty first, then text order."""

OFFER_KINDS_FILE = "offer_kinds.csv"
OFFER_KINDS = lists.checked(
    list(dict.fromkeys((r.get("kind") or "") for r in lists.rows(OFFER_KINDS_FILE))),
    OFFER_KINDS_FILE,
)
"""``kind`` is the index here: the kinds of the code list, in its order."""

SCOPES: tuple[str, ...] = ("offers", "conversations")
"""``scope`` is the index here."""

TYPES = 2**15
"""Conversation types are numbers below this."""

NUMBERED: dict[str, tuple[str, ...]] = {
    "group": GROUP_CODES,
    "visitation": VISITATION_CODES,
    "offer_kind": OFFER_KINDS,
}
"""The lists that may be replaced, by what they list: what a stored number means."""

_PERSON = ("person", pa.string())
_SPAN = [("start", pa.int32()), ("end", pa.int32())]

TABLES: dict[str, pa.Schema] = {
    "spells": pa.schema(
        [
            _PERSON,
            ("municipality", pa.int16()),
            ("grp", pa.int8()),
            ("visitation", pa.int8()),
            *_SPAN,
        ]
    ),
    "conversations": pa.schema(
        [_PERSON, ("held", pa.int32()), ("type", pa.int16()), ("registered", pa.int32())]
    ),
    "offers": pa.schema([_PERSON, ("kind", pa.int8()), *_SPAN, ("registered", pa.int32())]),
    "hours": pa.schema([_PERSON, ("month", pa.int32()), ("hours", pa.int32())]),
    "exemptions": pa.schema([_PERSON, ("scope", pa.int8()), *_SPAN]),
}
"""The admitted tables and their columns."""

BOOKING_STATUSES: tuple[str, ...] = ("booked", "held", "cancelled", "no_show")
"""``status`` of a booking is the index here."""

COMPANIONS: dict[str, pa.Schema] = {
    "bookings": pa.schema(
        [_PERSON, ("date", pa.int32()), ("type", pa.int16()), ("status", pa.int8())]
    ),
    "caseworkers": pa.schema([_PERSON, ("team", pa.string()), ("caseworker", pa.string()), *_SPAN]),
}
"""The optional tables: admitted and kept as they stand, for planning; never measured."""

REPORTS: tuple[str, ...] = ("I", "T")
"""``report`` of a pay period is the index here: paid hours reported, or taken back."""

DELIVERIES: dict[str, pa.Schema] = {
    "payments": pa.schema(
        [
            _PERSON,
            ("municipality", pa.int16()),
            ("grp", pa.int8()),
            ("visitation", pa.int8()),
            ("benefit", pa.string()),
            ("week", pa.int32()),
            ("amount", pa.int64()),
        ]
    ),
    "pay_periods": pa.schema([_PERSON, ("report", pa.int8()), *_SPAN, ("hours", pa.int64())]),
}
"""Tables as other systems deliver them: spells and hours are made of them at the door."""
