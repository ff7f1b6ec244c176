"""A plan's tables and charts as its page shows them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tilsyn.charts import Load
from tilsyn.charts import plan as charts
from tilsyn.charts.months import subject
from tilsyn.figures.printing import printed
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.record import Count, LineFigures, PlanRecord
from tilsyn.site.language import language, said

Subject = tuple[str, str]
"""A measure and a group."""


def kind_words(kind: str) -> str:
    """What a week's numbers are of."""
    return said("Samtaler", "Conversations") if kind == KINDS[0] else said("Tilbud", "Offers")


def lines(page: PlanRecord) -> tuple[list[str], list[tuple[Subject, list[LineFigures | None]]]]:
    """The months, and each measure and group that a line holds for in any, month by month."""
    months = sorted({line.month for line in page.lines})
    found: dict[Subject, dict[str, LineFigures]] = defaultdict(dict)
    for line in page.lines:
        found[line.measure, line.group][line.month] = line
    return months, [
        (subject, [by_month.get(month) for month in months])
        for subject, by_month in found.items()
        if any(line.holds for line in by_month.values())
    ]


def small(page: PlanRecord) -> list[Subject]:
    """The measures and groups that are too small for a line to hold in any month."""
    holds: dict[Subject, bool] = {}
    for line in page.lines:
        subject = (line.measure, line.group)
        holds[subject] = holds.get(subject, False) or line.holds or not line.population
    return [subject for subject, held in holds.items() if not held]


STATES = ("planned", "partly", "no_room", "too_late")
"""What becomes of what is due, the best first."""


def dues(page: PlanRecord) -> list[tuple[str, list[int], int]]:
    """By measure, how many persons something is due to by what becomes of it; and of all of them,
    whom no line of the goal counts.
    """
    found = []
    for measure in dict.fromkeys(due.measure for due in page.due):
        mine = {due.state: due for due in page.due if due.measure == measure}
        numbers = [mine[state].persons if state in mine else 0 for state in STATES]
        found.append((measure, numbers, sum(due.outside for due in mine.values())))
    return found


def loads(page: PlanRecord) -> list[dict[str, Any]]:
    """For conversations and offers, where there are any: the chart of all units together, and each unit's weeks."""
    found = []
    for kind in KINDS:
        if chart := load_chart(page, kind):
            rows = [row for row in page.load if row.kind == kind]
            several = len({row.unit for row in rows}) > 1
            found.append({"kind": kind, "chart": chart, "rows": rows, "units": several})
    return found


def load_chart(page: PlanRecord, kind: str) -> Load | None:
    """The weeks of all units together, drawn; None where there is nothing."""
    return charts.plan_load(page, kind, language())


def subjects(page: PlanRecord) -> list[Subject]:
    """What may be drawn, the subjects of lines first."""
    drawn = list(dict.fromkeys((one.measure, one.group) for one in page.forecast))
    judged = [subject for subject, _ in lines(page)[1]]
    return [*(one for one in judged if one in drawn), *(one for one in drawn if one not in judged)]


def shares(page: PlanRecord, measure: str, group: str) -> dict[str, Any]:
    """One measure and group month by month, without and with the plan: table rows and chart."""
    rows = [one for one in page.forecast if (one.measure, one.group) == (measure, group)]
    line = next(
        (o for o in page.lines if (o.measure, o.group) == (measure, group) and o.holds), None
    )
    level = charts.threshold(line)
    unit = subject(measure, group, language())
    return {
        "rows": [(row, share(row, "without"), share(row, "planned"), share(row, "best")) for row in rows],
        "chart": charts.shares(rows, level, unit, language()),
        "line": line,
    }  # fmt: skip


def share(row: Count | LineFigures, part: str) -> float | None:
    """A share in per cent; None where nobody is in the population."""
    return 100 * float(getattr(row, part)) / row.population if row.population else None


def in_words(percent: float | None) -> str:
    """A share as a cell shows it."""
    return printed(percent, "share", language())
