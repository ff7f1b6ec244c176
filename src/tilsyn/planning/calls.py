"""Conversations and offers as events of persons on days, and what they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.outlook.situation import Projection
from tilsyn.vocabulary import MEASURES

CONVERSATIONS, OFFERS = 0, 1
"""Kinds, as `tilsyn.planning.capacity.KINDS` names them."""

_FAR = 1 << 32


@dataclass(frozen=True)
class Calls:
    """Events; arrays by event, sorted by person, kind and day.

    Attributes:
        person: index in the situation.
        kind: index into `KINDS`.
        day: day number on which it is held, or the offer begins.
        week: index into the weeks; -1 outside them.
        booked: whether it was booked already.
    """

    person: Any
    kind: Any
    day: Any
    week: Any
    booked: Any

    @classmethod
    def of(cls, person: Any, kind: Any, day: Any, week: Any, booked: Any) -> Calls:
        """Events in their order."""
        order = np.lexsort((day, kind, person))
        return cls(*(np.asarray(a)[order] for a in (person, kind, day, week, booked)))

    @classmethod
    def none(cls) -> Calls:
        """No events."""
        nothing = np.zeros(0, np.int64)
        return cls(nothing, nothing, nothing, nothing, np.zeros(0, np.bool_))

    def __len__(self) -> int:
        return len(self.person)

    def where(self, mask: Any) -> Calls:
        """Some of the events."""
        return Calls(
            self.person[mask], self.kind[mask], self.day[mask], self.week[mask], self.booked[mask]
        )

    def with_(self, other: Calls) -> Calls:
        """These events and others."""
        names = ("person", "kind", "day", "week", "booked")
        return Calls.of(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in names))


def kinds(projection: Projection) -> Any:
    """By place, the kind of event that counts for it."""
    by_measure = [
        CONVERSATIONS if MEASURES[code].event == "conversations" else OFFERS
        for code in projection.measures
    ]
    return np.array(by_measure, np.int64)[projection.measure]


def added(projection: Projection, calls: Calls) -> Any:
    """By place, how many of the events fall in its window."""
    key = (calls.person.astype(np.int64) * 2 + calls.kind) * _FAR + calls.day
    owner = (projection.person.astype(np.int64) * 2 + kinds(projection)) * _FAR
    first = np.searchsorted(key, owner + projection.opens)
    last = np.searchsorted(key, owner + projection.closes, "right")
    return np.maximum(last - first, 0)


def met(projection: Projection, calls: Calls) -> Any:
    """By place, whether it is met when these events happen too."""
    enough = projection.counted + added(projection, calls) >= projection.required
    return projection.met | enough
