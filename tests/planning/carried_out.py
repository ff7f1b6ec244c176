"""A plan carried out to the letter: its conversations and offers as rows of the register."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from tests.measures.reference import Conversation, Offer, Register
from tilsyn.measures import definitions
from tilsyn.outlook.situation import coming, project, read
from tilsyn.planning import people, plan
from tilsyn.planning.calls import CONVERSATIONS
from tilsyn.planning.capacity import Capacity
from tilsyn.planning.goals import Goal, targets
from tilsyn.planning.plan import Plan
from tilsyn.planning.weeks import Weeks, day_of
from tilsyn.register.coding import GROUP_CODES
from tilsyn.rules import shipped


def planned(
    store: Path,
    municipality: int,
    first: dt.date,
    goal: Goal,
    capacity: Capacity,
    *,
    weeks: int = 12,
    factor: Fraction = Fraction(1),
) -> tuple[Plan, list[str]]:
    """A plan on a store from a day on, and the persons' names."""
    of = Weeks.beginning(first, weeks, capacity.closed)
    rules = definitions.load()
    situation = read(store, first - dt.timedelta(days=1), municipality=municipality)
    whole = project(situation, rules, coming(situation.on, len(of.months)))
    projection = whole.where(whole.municipality == municipality)
    groups = {GROUP_CODES[g] for g in np.unique(projection.group)}
    made = plan.make(
        projection,
        people.read(store, situation, rules, of),
        of,
        capacity,
        targets(goal, shipped(), first, of.months, groups),
        duty=goal.duty,
        factor=factor,
    )
    return made, situation.persons.to_pylist()


def carried_out(register: Register, made: Plan, names: list[str]) -> Register:
    """The register with everything planned and booked held on its day."""
    conversations, offers = [], []
    everything = made.calls.with_(made.people.booked.where(made.people.booked.week < 0))
    for person, kind, number in zip(
        everything.person, everything.kind, everything.day, strict=True
    ):
        day, name = day_of(number), names[person]
        if kind == CONVERSATIONS:
            conversations.append(Conversation(name, day, 4, None))
        else:
            offers.append(Offer(name, "virksomhedspraktik", day, None, None))
    return replace(
        register,
        conversations=(*register.conversations, *conversations),
        offers=(*register.offers, *offers),
    )
