"""The charts of a call-in plan: its load against the room, and the shares without and with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from tilsyn.charts.drawing import Picture, draw
from tilsyn.charts.lines import Lines, Series
from tilsyn.charts.load import Load
from tilsyn.charts.months import subject
from tilsyn.charts.words import word
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.plan import Plan
from tilsyn.rules.model import Threshold
from tilsyn.vocabulary import TOTAL, YearMonth
from tilsyn.vocabulary.wording import decimal

MOST_SUBJECTS = 6
"""With more groups under lines than these, only the totals are drawn."""


class Persons(Protocol):
    """Persons of a month who lack something: without the plan, with it, and at best."""

    @property
    def month(self) -> Any: ...  # noqa: D102
    @property
    def population(self) -> int: ...  # noqa: D102
    @property
    def without(self) -> int: ...  # noqa: D102
    @property
    def planned(self) -> int: ...  # noqa: D102
    @property
    def best(self) -> int: ...  # noqa: D102


def pictures(plan: Plan, language: str) -> Iterator[tuple[str, Picture]]:
    """The charts, each with a file name without ending: the load by kind, then the shares."""
    units = len(plan.capacity.unit)
    names = [plan.weeks.name(week) for week in range(len(plan.weeks))]
    for place, kind in enumerate(KINDS):
        rows = slice(place * units, (place + 1) * units)
        booked, both, room = (
            a[rows].sum(axis=0).tolist() for a in (plan.load_booked, plan.load, plan.room)
        )
        planned = [used - kept for used, kept in zip(both, booked, strict=True)]
        if chart := load(kind, names, booked, planned, room, language):
            yield f"load-{kind}", draw(chart.spec(language), language)
    for measure, group in _subjects(plan) if plan.whole_months else ():
        counts = [
            one
            for one in plan.counts()
            if (one.measure, one.group) == (measure, group) and one.month in plan.whole_months
        ]
        targets = (line.held.target for line in plan.lines)
        line = next((t for t in targets if (t.measure, t.group) == (measure, group)), None)
        level = threshold(line.threshold, strict=line.strict) if line else None
        drawn = shares(counts, level, subject(measure, group, language), language)
        name = measure if group == TOTAL.code else f"{measure}-{group}"
        yield f"outlook-{name}", draw(drawn.spec(language), language)


def _subjects(plan: Plan) -> list[tuple[str, str]]:
    """The measures and groups worth a picture: those of the lines, else every measure's total."""
    asked = [
        (line.held.target.measure, line.held.target.group) for line in plan.lines if line.held.holds
    ]
    named = list(dict.fromkeys(asked))
    if 0 < len(named) <= MOST_SUBJECTS:
        return named
    wanted = {measure for measure, _ in named} or {c.measure for c in plan.counts()}
    return [(measure, TOTAL.code) for measure in plan.projection.measures if measure in wanted]


def threshold(level: Fraction | float, *, strict: bool) -> Threshold:
    """A goal's line; strict: exactly the line is too much."""
    return Threshold(threshold=Decimal(decimal(level, 6)), met_at_threshold=not strict)


def load(
    kind: str,
    weeks: Sequence[str],
    booked: Sequence[int],
    planned: Sequence[int],
    room: Sequence[int],
    language: str,
) -> Load | None:
    """What is planned and booked against the room, all units together; None where there is neither.

    Args:
        kind: of `KINDS`.
        weeks: their names ("2024-W27").
        booked, planned, room: by week.
    """
    if not any((*booked, *planned, *room)):
        return None
    return Load(
        tuple(week.partition("-W")[2].lstrip("0") for week in weeks),
        (
            (word(language, "load.booked"), tuple(map(float, booked))),
            (word(language, "load.planned"), tuple(map(float, planned))),
        ),
        tuple(map(float, room)),
        word(language, "load.room"),
        word(language, f"load.{kind}"),
        word(language, "load.weeks"),
    )


def shares(counts: Sequence[Persons], line: Threshold | None, unit: str, language: str) -> Lines:
    """One measure and group month by month, without and with the plan.

    Args:
        counts: one a month, in order.
        line: the goal's.
        unit: what the axis counts.
    """

    def series(case: str, *, total: bool = False) -> Series:
        values = (
            100 * getattr(one, case) / one.population if one.population else None for one in counts
        )
        return Series(word(language, f"plan.{case}"), tuple(values), total)

    return Lines(
        tuple(YearMonth.parse(str(one.month)) for one in counts),
        (series("without"), series("planned", total=True), series("best")),
        unit,
        line,
    )
