"""The charts of a call-in plan: its load against the room, and the shares without and with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from tilsyn.charts.drawing import Picture, draw
from tilsyn.charts.lines import Lines, Series
from tilsyn.charts.load import Load
from tilsyn.charts.months import subject
from tilsyn.charts.words import word
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.record import Count, LineFigures, PlanRecord
from tilsyn.rules.model import Threshold
from tilsyn.vocabulary import MEASURES, TOTAL, YearMonth
from tilsyn.vocabulary.wording import decimal

MOST_SUBJECTS = 6
"""With more groups under lines than these, only the totals are drawn."""


def pictures(plan: PlanRecord, language: str) -> Iterator[tuple[str, Picture]]:
    """The charts, each with a file name without ending: the load by kind, then the shares."""
    for kind in KINDS:
        if chart := plan_load(plan, kind, language):
            yield f"load-{kind}", draw(chart.spec(language), language)
    for measure, group in _subjects(plan) if plan.forecast else ():
        counts = [one for one in plan.forecast if (one.measure, one.group) == (measure, group)]
        lines = (one for one in plan.lines if (one.measure, one.group) == (measure, group))
        unit = subject(measure, group, language)
        drawn = shares(counts, threshold(next(lines, None)), unit, language)
        name = measure if group == TOTAL.code else f"{measure}-{group}"
        yield f"outlook-{name}", draw(drawn.spec(language), language)


def _subjects(plan: PlanRecord) -> list[tuple[str, str]]:
    """The measures and groups worth a picture: those of the lines, else every measure's total."""
    named = list(dict.fromkeys((line.measure, line.group) for line in plan.lines if line.holds))
    if 0 < len(named) <= MOST_SUBJECTS:
        return named
    wanted = {measure for measure, _ in named} or {c.measure for c in plan.counts}
    return [(measure, TOTAL.code) for measure in MEASURES.codes if measure in wanted]


def threshold(line: LineFigures | None) -> Threshold | None:
    """A goal's line as charts draw it."""
    if line is None or line.threshold is None:
        return None
    return Threshold(
        threshold=Decimal(decimal(line.threshold, 6)), met_at_threshold=not line.strict
    )


def plan_load(plan: PlanRecord, kind: str, language: str) -> Load | None:
    """The weeks of all units together; None where there is nothing."""
    sums: dict[str, list[int]] = {}
    for row in plan.load:
        if row.kind == kind:
            week = sums.setdefault(row.week, [0, 0, 0])
            for place, number in enumerate((row.booked, row.planned, row.room)):
                week[place] += number
    booked, planned, room = zip(*sums.values(), strict=True) if sums else ((), (), ())
    return load(kind, list(sums), booked, planned, room, language)


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


def shares(counts: Sequence[Count], line: Threshold | None, unit: str, language: str) -> Lines:
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
        tuple(YearMonth.parse(one.month) for one in counts),
        (series("without"), series("planned", total=True), series("best")),
        unit,
        line,
    )
