"""How many conversations and offers there is room for: a TOML file of units, laid out by week.

As rows of the program that plans it stands in `tilsyn.planning.optimum.problem`.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, model_validator

from tilsyn.errors import InputError
from tilsyn.planning.weeks import FULL_WEEK, Weeks
from tilsyn.records import Record, read_toml

KINDS = ("conversations", "offers")
"""What capacity is of, in the order of the lanes."""


class _Room(Record):
    """Room in a week of five working days; a shorter week has its part, rounded down."""

    conversations_per_week: int = Field(ge=0, le=100_000)
    offers_per_week: int = Field(default=0, ge=0, le=100_000)


class Change(_Room):
    """Other numbers in the weeks that begin between two days, both included: a summer, a vacancy."""

    from_: dt.date = Field(alias="from")
    to: dt.date

    @model_validator(mode="after")
    def _forwards(self) -> Change:
        if self.to < self.from_:
            raise ValueError(f"'to' {self.to} lies before 'from' {self.from_}")
        return self


class Unit(_Room):
    """A team or a caseworker; without either: everybody who has no unit of their own.

    Attributes:
        offers_per_week: offers that can be begun; left out, none are planned.
    """

    team: str = ""
    caseworker: str = ""
    change: tuple[Change, ...] = ()

    @property
    def name(self) -> str:
        """What it is called; empty for the unit of everybody else."""
        return self.caseworker or self.team

    def on(self, monday: dt.date) -> _Room:
        """The room in the week of that Monday; of several changes the last one written."""
        within = [
            c for c in self.change if c.from_ <= monday + dt.timedelta(days=6) and monday <= c.to
        ]
        return within[-1] if within else self


class Capacity(Record):
    """A capacity file.

    Attributes:
        least_spacing_days: at least so many days between two conversations with a person.
        closed: days without conversations of the centre's own, beside weekends, holidays and the like.
    """

    least_spacing_days: int = Field(default=14, ge=1, le=92)
    closed: tuple[dt.date, ...] = ()
    unit: tuple[Unit, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Capacity:
        names = [(unit.team, unit.caseworker) for unit in self.unit]
        for team, caseworker in names:
            if team and caseworker:
                raise ValueError(
                    f"a unit is a team or a caseworker, not both ('{team}', '{caseworker}')"
                )
            if names.count((team, caseworker)) > 1:
                raise ValueError(f"the unit '{team or caseworker}' stands twice")
        return self

    def unit_of(self, team: str, caseworker: str) -> int:
        """The place of a person's unit: the caseworker's own, else the team's, else the common one.

        Raises:
            InputError: there is none.
        """
        places = {(unit.team, unit.caseworker): place for place, unit in enumerate(self.unit)}
        for wanted in (("", caseworker), (team, "")):
            if any(wanted) and wanted in places:
                return places[wanted]
        if ("", "") in places:
            return places["", ""]
        whom = f"the team '{team}'" if team else "persons without a team"
        raise InputError(
            f"the capacity has no unit for {whom}; add a [[unit]], one without 'team' is for "
            "everybody else"
        )

    def by_week(self, weeks: Weeks, factor: Fraction = Fraction(1)) -> Any:
        """Room by lane and week; the lanes are conversations by unit, then offers by unit.

        Args:
            factor: all numbers times this, rounded down.
        """
        room = np.zeros((len(KINDS) * len(self.unit), len(weeks)), np.int64)
        for week, monday in enumerate(weeks.mondays):
            part = factor * len(weeks.working[week]) / FULL_WEEK
            for place, unit in enumerate(self.unit):
                of = unit.on(monday)
                for kind, number in enumerate((of.conversations_per_week, of.offers_per_week)):
                    room[lane(place, kind, len(self.unit)), week] = int(number * part)
        return room


def lane(unit: int, kind: int, units: int) -> int:
    """The row of `Capacity.by_week` for a unit and a kind (index into `KINDS`)."""
    return kind * units + unit


def read_capacity(file: Path) -> Capacity:
    """A capacity file.

    Raises:
        InputError: names the file, the key and the mend.
    """
    return read_toml(file, Capacity)
