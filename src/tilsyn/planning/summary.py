"""From a plan to its record: its figures, lines, load and counts, without a pseudonym."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from tilsyn.planning import record
from tilsyn.planning.advice import Advice
from tilsyn.planning.calls import CONVERSATIONS, OFFERS
from tilsyn.planning.capacity import KINDS, lane
from tilsyn.planning.plan import Ground, Plan
from tilsyn.planning.record import Count, DueCount, Figures, Load, PlanRecord
from tilsyn.planning.tasks import LineOutcome
from tilsyn.planning.whatif import Setting
from tilsyn.register.coding import GROUP_CODES
from tilsyn.vocabulary import TOTAL


def summary(
    ground: Ground,
    setting: Setting,
    plan: Plan,
    duties: pl.DataFrame,
    *,
    found: Advice | None,
    others: Sequence[tuple[Setting, Plan]],
) -> PlanRecord:
    """A plan's record.

    Args:
        duties: the plan's duty list.
        found: what would help, where a line is not held.
        others: the plans asked for by "what if".
    """
    values = {
        "municipality": ground.municipality,
        "first": plan.weeks.first,
        "weeks": len(plan.weeks),
        "goal": setting.goal.name,
        "content": ground.store.content,
        "persons": ground.persons,
        "plan": figures(plan),
        "line": [_line(one) for one in plan.lines],
        "advice": _help(found) if found else record.Help(),
        "what_if": [{"name": other.name, **dict(figures(made))} for other, made in others],
        "load": list(_load(plan)),
        "counts": list(counts(plan)),
        "due": list(_due(duties)),
        "teams": sorted({plan.people.team[one] for one in plan.calls.person.tolist()}),
    }
    return PlanRecord.model_validate(values)


def figures(plan: Plan) -> Figures:
    """What a plan comes to."""
    planned = plan.calls.where(~plan.calls.booked)
    whole = np.isin(plan.projection.month, range(len(plan.whole_months)))

    def lacking(met: Any) -> int:
        return len(np.unique(plan.projection.person[~met & whole]))

    return Figures(
        conversations=int((planned.kind == CONVERSATIONS).sum()),
        offers=int((planned.kind == OFFERS).sum()),
        booked=int(plan.calls.booked.sum()),
        persons=len({*planned.person.tolist()}),
        over=plan.over,
        lost=sum(line.lost for line in plan.lines),
        lacking_without=lacking(plan.before),
        lacking=lacking(plan.after),
        lacking_at_best=lacking(plan.can),
        gap=round(plan.solution.gap, 5),
        ended_by_clock=plan.solution.late,
    )


def _line(of: LineOutcome) -> record.LineFigures:
    return record.LineFigures(
        measure=of.target.measure,
        group=of.target.group,
        month=str(of.target.month),
        threshold=float(of.target.threshold),
        strict=of.target.strict,
        population=of.population,
        smallest=of.target.smallest,
        holds=of.holds,
        without=of.without,
        planned=of.planned,
        allowed=of.allowed,
        over=of.over,
        lost=of.lost,
    )


def _help(found: Advice) -> record.Help:
    return record.Help(
        least_capacity_percent=found.least,
        capacity_percent=found.percent,
        margin=None if found.margin is None else float(found.margin),
        first_month=None if found.first is None else str(found.first),
    )


def _load(plan: Plan) -> Iterator[Load]:
    units = plan.capacity.unit
    both, booked = plan.load(plan.calls), plan.load(plan.calls.where(plan.calls.booked))
    for kind, code in enumerate(KINDS):
        for place, unit in enumerate(units):
            row = lane(place, kind, len(units))
            for week in range(len(plan.weeks)):
                yield Load(
                    unit=unit.name,
                    kind=code,
                    week=plan.weeks.name(week),
                    monday=plan.weeks.mondays[week],
                    room=int(plan.room[row, week]),
                    planned=int(both[row, week] - booked[row, week]),
                    booked=int(booked[row, week]),
                )


def counts(plan: Plan) -> Iterator[Count]:
    """All figures: by measure, group (the total first) and month."""
    p = plan.projection
    for m, measure in enumerate(p.measures):
        here = p.measure == m
        for group in (TOTAL.code, *GROUP_CODES):
            of = here if group == TOTAL.code else here & (p.group == GROUP_CODES.index(group))
            if not of.any():
                continue
            for k, month in enumerate(p.months):
                at = of & (p.month == k)
                without, planned, best = (
                    int((at & ~met).sum()) for met in (plan.before, plan.after, plan.can)
                )
                yield Count(
                    measure=measure, group=group, month=str(month),
                    whole=month in plan.whole_months, population=int(at.sum()),
                    without=without, planned=planned, best=best,
                )  # fmt: skip


def _due(duties: pl.DataFrame) -> Iterator[DueCount]:
    """The duty list added up."""
    outside = (~pl.col("on_goal_list")).sum().alias("outside")
    rows = duties.group_by("measure", "state").agg(pl.len().alias("persons"), outside)
    yield from map(DueCount.model_validate, rows.sort("measure", "state").iter_rows(named=True))
