"""What is wished of a plan, and what it usually is: as last time, else the installation's capacity file."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from pydantic import Field

import tilsyn
from tilsyn.cases import knowledge
from tilsyn.cases.judgements import digest
from tilsyn.cases.models import CallInPlan
from tilsyn.planning.plans.capacity import Capacity, Unit, read_capacity
from tilsyn.planning.plans.weeks import MOST_WEEKS
from tilsyn.records import Record

USUAL_WEEKS, USUAL_GOAL = 26, "lines"
LESS, MORE = -50, 100
"""Per cent of capacity that may be tried beside a plan."""


class Wish(Record):
    """What a plan is to be.

    Attributes:
        first: its first day.
        weeks: how many.
        goal: the name of a goal that comes with the program.
        percent: beside it, so many per cent more (or fewer) capacity; 0: no such.
        other_goal: beside it, another goal; empty: no such.
    """

    first: dt.date
    weeks: int = Field(default=USUAL_WEEKS, ge=1, le=MOST_WEEKS)
    goal: str = USUAL_GOAL
    capacity: Capacity
    percent: int = Field(default=0, ge=LESS, le=MORE)
    other_goal: str = ""

    def beside(self) -> Iterator[str]:
        """The plans wished beside it, as `tilsyn plan --what-if` says them."""
        if self.percent:
            yield f"capacity{self.percent:+d}%"
        if self.other_goal and self.other_goal != self.goal:
            yield f"goal={self.other_goal}"


def key(area: str, content: str, wish: Wish) -> str:
    """The name of a plan: a hash of all it follows from.

    Args:
        content: of the register's store.
    """
    rules = digest(knowledge.catalogue())
    told = "\n".join([tilsyn.__version__, content, area, rules, as_json(wish)])
    return hashlib.sha256(told.encode()).hexdigest()


def as_json(wish: Wish) -> str:
    """A wish as text; the same wish is the same text."""
    return wish.model_dump_json(by_alias=True)


def capacity_file() -> Path:
    """The installation's own capacity file; it need not be there."""
    return Path(settings.DATA_DIR) / "capacity.toml"


def usual(area: str, today: dt.date) -> Wish | None:
    """What is usually wished in a municipality, from next Monday; None where nothing is known.

    The last plan says how much room there is; the capacity file, which teams there are, in which
    weeks the room is another, and which days are closed.

    Raises:
        InputError: the capacity file cannot be read.
    """
    monday = today + dt.timedelta(days=7 - today.weekday())
    file = capacity_file()
    given = read_capacity(file) if file.is_file() else None
    last = CallInPlan.objects.filter(area=area).first()
    if last is None:
        return Wish(first=monday, capacity=given) if given else None
    wish = Wish.model_validate(last.wish)
    capacity = _as_last(given, wish.capacity) if given else wish.capacity
    return wish.model_copy(update={"first": monday, "capacity": capacity})


def _as_last(given: Capacity, last: Capacity) -> Capacity:
    """A capacity file with the numbers that were wished last."""
    before = {(unit.team, unit.caseworker): unit for unit in last.unit}
    return given.model_copy(
        update={
            "least_spacing_days": last.least_spacing_days,
            "unit": tuple(
                with_room(unit, was.conversations_per_week, was.offers_per_week)
                for unit in given.unit
                for was in [before.get((unit.team, unit.caseworker), unit)]
            ),
        }
    )


def with_room(unit: Unit, conversations: int, offers: int) -> Unit:
    """A unit with other room a week."""
    return unit.model_copy(
        update={"conversations_per_week": conversations, "offers_per_week": offers}
    )
