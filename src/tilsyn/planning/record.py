"""What a plan's folder says of itself: ``plan.toml``, for people, programs and its own progress."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import Field

from tilsyn.planning.advice import Advice
from tilsyn.planning.calls import CONVERSATIONS, OFFERS
from tilsyn.planning.plan import Line, Plan
from tilsyn.planning.whatif import Setting
from tilsyn.records import Record, read_toml

FILE, WORKLIST, MILESTONES = "plan.toml", "worklist.csv", "milestones.toml"


class Made(Record):
    """The record, as far as it is read again.

    Attributes:
        first: the plan's first day.
        content: of the store it was made from.
    """

    municipality: str
    first: dt.date
    weeks: int
    goal: str
    content: str
    plan: dict[str, Any]
    line: tuple[dict[str, Any], ...] = ()
    advice: dict[str, Any] = Field(default_factory=dict)
    what_if: tuple[dict[str, Any], ...] = ()


def read(folder: Path) -> Made:
    """The record of a plan's folder.

    Raises:
        InputError: it is none.
    """
    return read_toml(folder / FILE, Made)


class Figures(Record):
    """What a plan comes to; `lacking` counts persons who lack something in some month, gap is a share."""

    conversations: int
    offers: int
    booked: int
    persons: int
    over: int
    lost: int
    lacking_without: int
    lacking: int
    lacking_at_best: int
    gap: float
    ended_by_clock: bool


class LineFigures(Record):
    """What becomes of a line in a month.

    Attributes:
        threshold: in per cent.
        strict: whether exactly the threshold is too much.
    """

    measure: str
    group: str
    month: str
    threshold: float
    strict: bool = False
    population: int
    holds: bool
    without: int
    planned: int
    allowed: int
    over: int
    lost: int


def figures(plan: Plan) -> Figures:
    """What a plan comes to."""
    planned = plan.planned
    return Figures(
        conversations=int((planned.kind == CONVERSATIONS).sum()),
        offers=int((planned.kind == OFFERS).sum()),
        booked=int(plan.calls.booked.sum()),
        persons=len({*planned.person.tolist()}),
        over=plan.over,
        lost=sum(line.lost for line in plan.lines),
        lacking_without=plan.persons(plan.before),
        lacking=plan.persons(plan.after),
        lacking_at_best=plan.persons(plan.can),
        gap=round(plan.choice.gap, 5),
        ended_by_clock=plan.choice.late,
    )


def line(of: Line) -> LineFigures:
    """What becomes of a line."""
    target = of.held.target
    return LineFigures(
        measure=target.measure,
        group=target.group,
        month=str(target.month),
        threshold=float(target.threshold),
        strict=target.strict,
        population=of.held.population,
        holds=of.held.holds,
        without=of.held.before,
        planned=of.after,
        allowed=of.held.allowed,
        over=of.over,
        lost=of.lost,
    )


def helps(found: Advice) -> dict[str, Any]:
    """What would help, as far as something was found."""
    told = {
        "least_capacity_percent": found.least,
        "capacity_percent": found.percent,
        "margin": None if found.margin is None else float(found.margin),
        "first_month": None if found.first is None else str(found.first),
    }
    return {key: value for key, value in told.items() if value is not None}


def record(
    plan: Plan,
    *,
    municipality: str,
    setting: Setting,
    content: str,
    found: Advice | None,
    others: list[tuple[Setting, Plan]],
) -> dict[str, Any]:
    """The record as plain values.

    Args:
        content: of the store.
        others: the plans asked for by "what if".
    """
    return {
        "municipality": municipality,
        "first": plan.weeks.first,
        "weeks": len(plan.weeks),
        "goal": setting.goal.name,
        "content": content,
        "plan": figures(plan).model_dump(),
        "line": [line(of).model_dump(exclude={"threshold"}) for of in plan.lines],
        "advice": helps(found) if found else {},
        "what_if": [{"name": other.name, **figures(made).model_dump()} for other, made in others],
    }


def to_toml(values: dict[str, Any]) -> str:
    """The file's text."""
    return tomli_w.dumps(values)
