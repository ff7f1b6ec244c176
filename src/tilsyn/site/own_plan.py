"""What the home page tells of the plan in use: this week's call-ins, free room, and planned against held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tilsyn.cases import access
from tilsyn.cases.clock import today
from tilsyn.cases.models import CallInPlan, User
from tilsyn.cases.plans.standing import Standing, standing, week_of
from tilsyn.cases.roles import VIEW_PLANS
from tilsyn.errors import InputError
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.record import PlanRecord, WeekProgress
from tilsyn.site.plan_tables import kind_words

PAST_WEEKS = 6
"""So many weeks that are over are told, the newest first."""


@dataclass(frozen=True)
class Sum:
    """Call-ins added up: those of a team this week, or of a week that is over."""

    name: str
    planned: int
    done: int
    left: int
    missing: int

    @classmethod
    def of(cls, name: str, rows: Iterable[WeekProgress]) -> Sum:
        """The sum of rows; held late is held, too."""
        found = list(rows)
        return cls(
            name,
            sum(row.planned for row in found),
            sum(row.held + row.late for row in found),
            sum(row.left for row in found),
            sum(row.missing for row in found),
        )


def own_plan(user: User, area: str) -> dict[str, Any]:
    """How the plan in use stands today; nothing where the user may not see plans.

    A register that cannot be read is told of elsewhere on the page, a plan whose files are gone on its own.
    """
    if not access.may(user, VIEW_PLANS, area):
        return {}
    plan = CallInPlan.objects.in_use(area)
    if plan is None:
        return {"sees_plans": True}
    try:
        page = plan.read()
    except InputError:
        return {"sees_plans": True}
    try:
        stands = standing(plan, today())
    except InputError:
        stands = Standing(rows=())
    week = week_of(today())
    before = dict.fromkeys(row.week for row in stands.rows if row.week != week)
    return {
        "sees_plans": True,
        "plan": plan,
        "plan_page": page,
        "plan_over": today() > page.last,
        "week": week,
        "calls": _teams(stands.of(week)),
        "free": _free(page, today()),
        "past": [Sum.of(one, stands.of(one)) for one in sorted(before, reverse=True)[:PAST_WEEKS]],
        "whole": Sum.of("", (row for row in stands.rows if row.week != week)),
    }


def _teams(rows: tuple[WeekProgress, ...]) -> list[Sum]:
    """This week's call-ins by team."""
    return [
        Sum.of(team, (row for row in rows if row.team == team))
        for team in dict.fromkeys(row.team for row in rows)
    ]


def _free(page: PlanRecord, day: dt.date) -> list[dict[str, Any]]:
    """Room, and what of it is free, this week and next."""
    found = []
    for ahead in (0, 1):
        week = week_of(day + dt.timedelta(weeks=ahead))
        for kind in KINDS:
            rows = [row for row in page.load if (row.week, row.kind) == (week, kind)]
            room = sum(row.room for row in rows)
            if room:
                free = sum(row.free for row in rows)
                found.append({"week": week, "kind": kind_words(kind), "room": room, "free": free})
    return found
