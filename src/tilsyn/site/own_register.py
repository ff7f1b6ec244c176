"""A municipality's own installation: whose it is for a user, and the outlook on its register."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404

from tilsyn.cases import access, knowledge, outlooks
from tilsyn.cases.clock import today
from tilsyn.cases.models import User
from tilsyn.cases.outlooks import Ahead, Cell
from tilsyn.cases.roles import VIEW_PLANS
from tilsyn.charts import Lines
from tilsyn.charts.months import subject
from tilsyn.charts.outlook import outlook
from tilsyn.errors import InputError
from tilsyn.outlook.record import Chance
from tilsyn.site.language import language, said
from tilsyn.site.refusals import explained
from tilsyn.vocabulary import MUNICIPALITIES

STALE = dt.timedelta(days=14)
"""A register that tells of nothing newer than this is behind."""


def demand_own_installation() -> None:
    """Refuse the page elsewhere than in a municipality's own installation.

    Raises:
        Http404: this is the authority's.
    """
    if settings.INSTALLATION != "municipality":
        raise Http404(
            said(
                "Siden findes kun i en kommunes egen installation.",
                "Only a municipality's own installation has this page.",
            )
        )


def own_area(user: User, permission: str) -> str | None:
    """The one municipality for which the user may do this; None: there is none, or several."""
    own = access.areas(user, permission)
    area = min(own) if own and len(own) == 1 else None
    return area if area in MUNICIPALITIES else None


def own_register(user: User, area: str) -> dict[str, Any]:
    """What the home page tells of the register: what the nearest month lacks, or why nothing is told."""
    if not access.may(user, VIEW_PLANS, area):
        return {}
    try:
        ahead = outlooks.ahead(area, today())
    except InputError as error:
        return {"fault": explained(error)}
    if ahead is None or not ahead.cells:
        return {"ahead": ahead}
    by_month = ((month, _missing(ahead, month)) for month in ahead.months)
    month, missing = next(((m, found) for m, found in by_month if found), (ahead.months[-1], []))
    return {
        "ahead": ahead,
        "stale": is_stale(ahead, today()),
        "month": month,
        "missing": missing,
        "last_day": min((c.last_day for c in missing if c.last_day), default=None),
    }


def _missing(ahead: Ahead, month: str) -> list[Cell]:
    """The lines that are not held in a month if nothing more is done."""
    return [cell for cell in ahead.lines(month) if cell.holds and cell.persons]


def is_stale(ahead: Ahead, day: dt.date) -> bool:
    """Whether the register is behind the day."""
    return day - ahead.on > STALE


def most_pressing(ahead: Ahead, month: str) -> list[Cell]:
    """What a line judges in a month, the furthest over it first; what does not hold comes last."""

    def far(cell: Cell) -> tuple[bool, float]:
        if cell.expected_share is None or cell.threshold is None:
            return (True, 0.0)
        return (not cell.holds, cell.threshold - cell.expected_share)

    return sorted(ahead.lines(month), key=far)


RESTORED = "restored"
UNLIKELY = 0.01
"""What is less likely in every month is left out."""


def verdicts(ahead: Ahead) -> list[dict[str, Any]]:
    """How likely each rule flags or misses a measure and group by month, the likeliest first."""
    found: dict[tuple[str, str, str, str], dict[str, float]] = {}
    for one in ahead.verdicts:
        if one.verdict != RESTORED:
            key = (one.rule, one.verdict, one.measure, one.group)
            found.setdefault(key, {})[one.month] = 100 * one.probability
    rows = [
        {
            "rule": rule,
            "verdict": verdict,
            "measure": measure,
            "group": group,
            "months": [by_month.get(month) for month in ahead.months],
            "most": max(by_month.values()),
        }
        for (rule, verdict, measure, group), by_month in found.items()
        if max(by_month.values()) >= 100 * UNLIKELY
    ]
    return sorted(rows, key=lambda row: -float(row["most"]))


def restorations(ahead: Ahead) -> list[Chance]:
    """What a notice sent now would come to, where some rule may respond."""
    pressed = {(row["measure"], row["group"]) for row in verdicts(ahead)}
    return [
        one
        for one in ahead.verdicts
        if one.verdict == RESTORED and (one.measure, one.group) in pressed
    ]


def chart(ahead: Ahead, measure: str, group: str) -> Lines:
    """The outlook of one measure and group, drawn."""
    cells = ahead.of(measure, group)
    past = next((p for p in ahead.past if (p.measure, p.group) == (measure, group)), None)
    judged = cells[0].threshold is not None
    return outlook(
        list(zip(past.population, past.unmet, strict=True)) if past else [],
        [cell.model_dump() for cell in cells],
        knowledge.catalogue().line(measure, ahead.on) if judged else None,
        subject(measure, group, language()),
        language(),
    )
