"""What planning needs of persons beside the figures: their unit, bookings, and who stayed away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tilsyn.measures.definition import in_force
from tilsyn.measures.definitions import Definitions
from tilsyn.outlook.situation import Situation
from tilsyn.planning.calls import CONVERSATIONS, Calls
from tilsyn.planning.weeks import Weeks, day_number, day_of
from tilsyn.register.coding import BOOKING_STATUSES
from tilsyn.register.store import Store
from tilsyn.vocabulary import YearMonth

NO_DAY = -(2**31)
"""No conversation yet."""


@dataclass(frozen=True)
class People:
    """Arrays by person of a situation.

    Attributes:
        team, caseworker: names; empty where none is known.
        last_held: day number of the latest counting conversation; `NO_DAY` where there is none.
        stayed_away: day number of a conversation the person did not come to, when nothing was
            held or booked since; `NO_DAY` else.
        booked: counting conversations that are booked from the plan's first day on.
    """

    team: list[str]
    caseworker: list[str]
    last_held: Any
    stayed_away: Any
    booked: Calls

    @classmethod
    def unknown(cls, persons: int) -> People:
        """Nothing is known of anybody."""
        no_day = np.full(persons, NO_DAY, np.int64)
        return cls([""] * persons, [""] * persons, no_day, no_day.copy(), Calls.none())


def read(store: Store, situation: Situation, definitions: Definitions, weeks: Weeks) -> People:
    """Read it from the store's optional tables and the situation's conversations."""
    types = counting_types(definitions, weeks.months[0])
    persons = len(situation.persons)
    team, caseworker = _units(store.companion("caseworkers"), situation, weeks)
    held = situation.rows.conversations
    counting = np.isin(held.type, types)
    last_held = np.full(persons, NO_DAY, np.int64)
    np.maximum.at(last_held, held.person[counting], held.held[counting])
    rows, person = _of(store.companion("bookings"), situation)
    day, type_ = (rows.column(n).to_numpy().astype(np.int64) for n in ("date", "type"))
    status = rows.column("status").to_numpy()
    coming = (
        (status == BOOKING_STATUSES.index("booked"))
        & (day >= day_number(weeks.first))
        & np.isin(type_, types)
    )
    pairs = np.unique(np.column_stack([person[coming], day[coming]]), axis=0)
    booked = Calls.of(
        pairs[:, 0],
        np.full(len(pairs), CONVERSATIONS),
        pairs[:, 1],
        np.array([_week(weeks, number) for number in pairs[:, 1]], np.int64),
        np.ones(len(pairs), np.bool_),
    )
    away = (status == BOOKING_STATUSES.index("no_show")) & (day < day_number(weeks.first))
    stayed = np.full(persons, NO_DAY, np.int64)
    np.maximum.at(stayed, person[away], day[away])
    stayed[stayed <= last_held] = NO_DAY
    stayed[booked.person] = NO_DAY
    spells = situation.rows.spells
    here = np.zeros(persons, np.bool_)
    here[spells.person[spells.end >= day_number(weeks.first)]] = True
    stayed[~here] = NO_DAY
    return People(team, caseworker, last_held, stayed, booked)


def counting_types(definitions: Definitions, month: YearMonth) -> Any:
    """The conversation types that count in a month."""
    found: set[int | str] = set()
    for definition in definitions.measures:
        if definition.events and definition.events.table == "conversations":
            found |= set(in_force(definition.events.counting, month).codes)
    return np.array(sorted(int(code) for code in found), np.int64)


def _week(weeks: Weeks, number: int) -> int:
    week = weeks.week_of(day_of(number))
    return -1 if week is None else week


def _of(rows: pa.Table, situation: Situation) -> tuple[pa.Table, Any]:
    """The rows of persons in the situation, and whose they are."""
    index = pc.index_in(rows.column("person"), value_set=situation.persons)
    here = pc.is_valid(index)
    person = index.filter(here).to_numpy().astype(np.int64)
    return rows.filter(here), person


def _units(rows: pa.Table, situation: Situation, weeks: Weeks) -> tuple[list[str], list[str]]:
    """Team and caseworker of each person on the plan's first day; the latest where several are."""
    day = day_number(weeks.first)
    team = [""] * len(situation.persons)
    caseworker = list(team)
    now = pc.and_(
        pc.less_equal(rows.column("start"), day), pc.greater_equal(rows.column("end"), day)
    )
    mine, person = _of(rows.filter(now).sort_by("start"), situation)
    names = (mine.column("team").to_pylist(), mine.column("caseworker").to_pylist())
    for index, of, who in zip(person.tolist(), *names, strict=True):
        team[index], caseworker[index] = of, who
    return team, caseworker
