"""What is wished of a plan, and what it usually is: as last time, else the installation's capacity file."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from django.conf import settings
from pydantic import BeforeValidator, Field

import tilsyn
from tilsyn.cases import knowledge
from tilsyn.cases.judgements import digest
from tilsyn.cases.models import CallInPlan
from tilsyn.planning import goals
from tilsyn.planning.capacity import Capacity, Unit, read_capacity
from tilsyn.planning.goals import Goal
from tilsyn.planning.weeks import MOST_WEEKS, Weeks
from tilsyn.planning.whatif import Setting, changed
from tilsyn.records import Record
from tilsyn.register.coding import GROUP_CODES

USUAL_WEEKS, USUAL_GOAL = 26, "lines"
LESS, MORE = -50, 100
"""Per cent of capacity that may be tried beside a plan."""


def _goal(value: Any) -> Any:
    """A goal that comes with the program may be said by its name; plans once were asked for so."""
    if isinstance(value, str):
        return goals.at_hand().get(value, value) if value else None
    return value


AnyGoal = Annotated[Goal, BeforeValidator(_goal)]


class Wish(Record):
    """What a plan is to be.

    Attributes:
        first: its first day.
        weeks: how many.
        goal: what it is to reach; whole, so that it stays what it was when goals change.
        percent: beside it, so many per cent more (or fewer) capacity; 0: no such.
        other_goal: beside it, another goal.
        other_margin: beside it, another margin.
    """

    first: dt.date
    weeks: int = Field(default=USUAL_WEEKS, ge=1, le=MOST_WEEKS)
    goal: AnyGoal
    capacity: Capacity
    percent: int = Field(default=0, ge=LESS, le=MORE)
    other_goal: Annotated[Goal | None, BeforeValidator(_goal)] = None
    other_margin: Decimal | None = None

    def setting(self) -> Setting:
        """What the plan is made with."""
        return Setting("", self.goal, self.capacity)

    def beside(self) -> Iterator[Setting]:
        """What the plans beside it are made with, each named as `tilsyn plan --what-if` says it."""
        own = self.setting()
        if self.percent:
            yield changed(own, f"capacity{self.percent:+d}%")
        if self.other_goal and self.other_goal != self.goal:
            yield replace(own, name=f"goal={self.other_goal.name}", goal=self.other_goal)
        if self.other_margin not in (None, self.goal.margin):
            yield changed(own, f"margin={self.other_margin}")


def demand_lines(goal: Goal, first: dt.date, weeks: int) -> None:
    """Refuse a goal whose lines cannot be held in the weeks.

    Raises:
        InputError, NoRuleError, UsageError: a line names no rule in force, or other months.
    """
    months = Weeks.beginning(first, weeks).lined
    goals.targets(goal, knowledge.catalogue(), first, months, GROUP_CODES)


def goal_key(goal: Goal) -> str:
    """What tells goals apart, the margin aside: the name of one that comes with the program, else a hash."""
    bare = _bare(goal)
    known = (name for name, one in goals.at_hand().items() if _bare(one) == bare)
    text = bare.model_dump_json()
    return next(known, "own-" + hashlib.sha256(text.encode()).hexdigest()[:12])


def _bare(goal: Goal) -> Goal:
    return goal.model_copy(update={"margin": Decimal(0)})


def known_goals(area: str) -> dict[str, Goal]:
    """The goals to choose from: those of the program, and the municipality's own of its plans, newest first."""
    found = goals.at_hand()
    for plan in CallInPlan.objects.filter(area=area):
        wish = Wish.model_validate(plan.wish)
        for goal in (wish.goal, wish.other_goal):
            if goal is not None:
                found.setdefault(goal_key(goal), goal)
    return found


def key(area: str, content: str, wish: Wish) -> str:
    """The name of a plan: a hash of all it follows from.

    Args:
        content: of the register's store.
    """
    rules = digest(knowledge.catalogue())
    text = "\n".join([tilsyn.__version__, content, area, rules, as_json(wish)])
    return hashlib.sha256(text.encode()).hexdigest()


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
        usual_goal = goals.shipped()[USUAL_GOAL]
        return Wish(first=monday, goal=usual_goal, capacity=given) if given else None
    wish = Wish.model_validate(last.wish)
    capacity = _as_last(given, wish.capacity) if given else wish.capacity
    goal = _today(wish.goal)
    return wish.model_copy(update={"first": monday, "goal": goal, "capacity": capacity})


def _today(goal: Goal) -> Goal:
    """A goal of the program as it is today: the rules that its lines name come and go."""
    now = goals.shipped().get(goal.name)
    if now is None or now.title != goal.title:
        return goal
    return now.model_copy(update={"margin": goal.margin})


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
