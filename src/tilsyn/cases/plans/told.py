"""What a plan's page tells, kept beside its lists; no pseudonym is in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings

from tilsyn.cases.models import CallInPlan
from tilsyn.cases.refusals import refused
from tilsyn.errors import InputError
from tilsyn.planning.record import Figures, LineFigures
from tilsyn.records import Record

FILE = "plan.json"
WORKLIST, MILESTONES = "da/worklist.csv", "da/milestones.toml"
"""Files that say the same in both languages, but for the reasons of the call-ins."""


class Load(Record):
    """Room for a kind in a unit and week, and what takes it; the unit of everybody else has no name."""

    unit: str
    kind: str
    week: str
    monday: dt.date
    room: int
    planned: int
    booked: int

    @property
    def free(self) -> int:
        """What is left; bookings may go beyond the room."""
        return max(0, self.room - self.planned - self.booked)


class Forecast(Record):
    """Persons of a measure, group and whole month who lack something: without the plan, with it, at best."""

    measure: str
    group: str
    month: str
    population: int
    without: int
    planned: int
    best: int


class Due(Record):
    """How many persons something is due to in a measure, by what becomes of it.

    Attributes:
        state: "planned", "partly", "no_room" or "too_late".
        persons: how many.
        outside: of these, whom no line of the goal counts.
    """

    measure: str
    state: str
    persons: int
    outside: int


class Beside(Record):
    """Another plan beside it, by the change that was asked for ("capacity+20%")."""

    name: str
    figures: Figures


class Told(Record):
    """What a plan comes to.

    Attributes:
        persons: on a benefit as it begins.
        due: what is due to everybody, also those whom no line counts.
        teams: that have call-ins; persons without one have an empty name.
        enough: so many per cent more capacity hold every line that can be reached; None: the lines
            hold already, or no such number was found.
        remarks, advice: sentences by language; advice where a line is not held.
    """

    first: dt.date
    last: dt.date
    persons: int
    figures: Figures
    lines: tuple[LineFigures, ...]
    load: tuple[Load, ...]
    forecast: tuple[Forecast, ...]
    due: tuple[Due, ...]
    teams: tuple[str, ...]
    enough: int | None
    remarks: dict[str, tuple[str, ...]]
    advice: dict[str, tuple[str, ...]]
    beside: tuple[Beside, ...]


def folder_of(plan: CallInPlan) -> Path:
    """Where a plan's files are; only the installation reads them."""
    return Path(settings.DATA_DIR) / "plans" / plan.key


def read(plan: CallInPlan) -> Told:
    """What a plan that is made tells.

    Raises:
        InputError: its folder is gone, or another version wrote it.
    """
    try:
        return Told.model_validate_json((folder_of(plan) / FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise refused(InputError, "plan_gone") from error


def is_gone(plan: CallInPlan) -> bool:
    """Whether a plan was made and cannot be read any more."""
    try:
        return plan.made_at is not None and not read(plan)
    except InputError:
        return True
