"""Reporting delay: how much of what happened is registered after so many days (right truncation)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from tilsyn.measures.kernel.calendar import day_number
from tilsyn.outlook.situation import Situation
from tilsyn.register.coding import ALWAYS_KNOWN
from tilsyn.vocabulary import MonthRange

TABLES = ("conversations", "offers")
LONGEST = 366
"""Days after which a row counts as never late."""

_COMPLETE, _BACK = 120, 485
"""Delays are read from what happened so many days ago: long enough to have been registered."""


def delays(situation: Situation) -> Any:
    """Rows by table and days from the event to its registration; those of buckets add up."""
    today = day_number(situation.on)
    counted = np.zeros((len(TABLES), LONGEST + 1), dtype=np.int64)
    rows = situation.rows
    happened: list[tuple[Any, Any]] = [
        (rows.conversations.registered, rows.conversations.held),
        (rows.offers.registered, rows.offers.start),
    ]
    for i, (registered, day) in enumerate(happened):
        complete = (day > today - _BACK) & (day <= today - _COMPLETE)
        known_at_once = registered[complete] == ALWAYS_KNOWN
        late = registered[complete].astype(np.int64) - day[complete]
        late = np.where(known_at_once, 0, np.clip(late, 0, LONGEST))
        counted[i] = np.bincount(late, minlength=LONGEST + 1)
    return counted


def reported(counted: Any, on: dt.date, months: MonthRange) -> Any:
    """Table x month: the share of what happened in the month that is registered by the day."""
    known = np.cumsum(counted, axis=1) / np.maximum(counted.sum(axis=1), 1)[:, None]
    known[counted.sum(axis=1) == 0] = 1.0
    shares = []
    for month in months:
        days = np.arange(day_number(month.first), min(day_number(month.last), day_number(on)) + 1)
        after = np.clip(day_number(on) - days, 0, LONGEST)
        shares.append(known[:, after].mean(axis=1) if len(days) else np.zeros(len(TABLES)))
    return np.stack(shares, axis=1)
