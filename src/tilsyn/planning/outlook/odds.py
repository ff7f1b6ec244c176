"""The odds of one municipality and measure, as the simulation takes them."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

import numpy as np

from tilsyn.measures.definition import in_force
from tilsyn.planning.arrays import Odds
from tilsyn.planning.outlook.basis import Basis
from tilsyn.planning.outlook.hazards import BANDS, ENTRY_MONTHS, WEEKS_A_MONTH
from tilsyn.planning.outlook.history import GROUPS
from tilsyn.planning.outlook.hours import by_hours
from tilsyn.planning.outlook.pace import TENURES
from tilsyn.register.coding import GROUP_CODES

HIDDEN_MONTHS = 6
"""Months back in which what is not registered yet may lie."""


def odds(basis: Basis, municipality: int, measure: int) -> Odds:
    """The odds.

    Args:
        basis: what is known and expected.
        municipality, measure: indices in the basis.
    """
    definition = basis.demanding[measure]
    months = len(basis.months)
    reaching = definition.population == "reaching"
    seniority = definition.seniority_months * WEEKS_A_MONTH
    left = _left(basis.on)
    table = int(basis.tables[measure])
    known = basis.seen[table]
    measured = np.array([not definition.groups or g in definition.groups for g in GROUP_CODES])
    first, weeks, before, counted, coming = _entrants(
        basis, municipality, measure, seniority - months * WEEKS_A_MONTH,
        seniority if reaching else np.inf,
    )  # fmt: skip
    required = [in_force(definition.required, month) for month in basis.months]
    return Odds(
        leaving=np.ascontiguousarray(basis.hazards.leaving[municipality]),
        bands=BANDS,
        slipping=basis.hazards.slipping,
        chance=np.ascontiguousarray(basis.pace.chance[measure, municipality]),
        tenures=TENURES,
        second=np.ascontiguousarray(basis.pace.second[measure]),
        season=basis.pace.season[measure][[m.month - 1 for m in basis.months]],
        swing=float(basis.pace.swing[measure, municipality]),
        lasting=float(basis.pace.lasting[measure, municipality]),
        doubt=basis.pace.doubt[measure, municipality],
        leaving_swing=float(basis.hazards.leaving_swing[municipality]),
        leaving_lasting=float(basis.hazards.leaving_lasting[municipality]),
        leaving_doubt=basis.hazards.doubt[municipality],
        coming_doubt=basis.hazards.coming_doubt[municipality],
        hidden=1 - known[-2 : -2 - HIDDEN_MONTHS : -1],
        left=left,
        unseen_now=float(1 - known[-1]) if left < 1 else 0.0,
        enough=np.array(
            [
                round(in_force(definition.hours, m).enough * 100) if definition.hours else 0
                for m in basis.months
            ]
        ),
        usual_hours=basis.usual_hours[measure],
        by_hours=np.ascontiguousarray(
            by_hours(basis.counted.without_events, municipality)[measure]
        ),
        coming=np.where(measured, coming, 0.0),
        coming_swing=float(basis.hazards.swing[municipality]),
        entrant_first=first,
        entrant_weeks=weeks,
        entrant_before=before,
        entrant_counted=counted,
        required=np.array([[r.groups.get(g, r.events) for r in required] for g in GROUP_CODES]),
        seniority=float(seniority),
        reaching=reaching,
        window=definition.window_months,
    )


def _left(on: dt.date) -> float:
    """The part of the first coming month that is still to come on the evening of a day."""
    days = calendar.monthrange(on.year, on.month)[1]
    return 1.0 if on.day == days else (days - on.day) / days


def _entrants(
    basis: Basis, municipality: int, measure: int, least: float, most: float
) -> tuple[Any, Any, Any, Any, Any]:
    """Who came lately with so many weeks that they may be in the population, group by group.

    Returns:
        Where each group begins, weeks, events before, those since the run began, and how many come
        a month by group.
    """
    moved = basis.counted.movements
    place, weeks = moved.entrants[:, 0], moved.entrants[:, 1]
    mine = (place // GROUPS == municipality) & (weeks >= least) & (weeks < most)
    rows = np.flatnonzero(mine)
    rows = rows[np.argsort(place[rows], kind="stable")]
    group = place[rows] % GROUPS
    first = np.searchsorted(group, np.arange(GROUPS + 1))
    months = max(1, min(ENTRY_MONTHS, len(basis.past) - 1))
    coming = np.diff(first) / months
    before = np.ascontiguousarray(moved.before[measure, rows])
    return first, weeks[rows], before, moved.since_start[measure, rows], coming
