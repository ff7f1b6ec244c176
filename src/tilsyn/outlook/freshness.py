"""Freshness: the newest day a register tells of."""

from __future__ import annotations

import datetime as dt

from tilsyn.measures.bucket import bucket
from tilsyn.measures.kernel.calendar import day_date, day_number
from tilsyn.register.coding import ALWAYS_KNOWN
from tilsyn.register.store import Store


def newest(store: Store, on: dt.date) -> dt.date | None:
    """The newest day, at latest `on`, on which a conversation was held or an offer began, or either
    was registered; None where there is none.
    """
    last = day_number(on)
    found: list[int] = []
    for part in store.parts:
        rows = bucket(part.arrays())
        conversations, offers = rows.conversations, rows.offers
        days = (conversations.held, conversations.registered, offers.start, offers.registered)
        found += [int(one.max(where=one <= last, initial=ALWAYS_KNOWN)) for one in days]
    newest_day = max(found, default=ALWAYS_KNOWN)
    return day_date(newest_day) if newest_day != ALWAYS_KNOWN else None
