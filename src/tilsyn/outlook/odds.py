"""The odds of one municipality and measure, as the simulation takes them."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any, NamedTuple

import numpy as np

from tilsyn.measures.definition import in_force
from tilsyn.outlook.basis import Basis
from tilsyn.outlook.hazards import BANDS, ENTRY_MONTHS
from tilsyn.outlook.history import GROUPS
from tilsyn.outlook.hours import by_hours
from tilsyn.outlook.kernel.arrays import Odds
from tilsyn.outlook.kernel.known import WEEKS_A_MONTH
from tilsyn.outlook.pace import STAYS
from tilsyn.register.coding import GROUP_CODES

MOST_OF_A_WEEK = 1 + 1 / 14
"""Weeks beside the completed ones, at most (as the simulation draws them)."""

HIDDEN_MONTHS = 6
"""Months back in which what is not registered yet may lie."""


def odds(basis: Basis, municipality: int, measure: int) -> Odds:
    """The odds.

    Args:
        basis: what is known and expected.
        municipality, measure: indices in the basis.
    """
    definition = basis.demanding[measure]
    reaching = definition.population == "reaching"
    seniority = definition.seniority_months * WEEKS_A_MONTH
    left = _left(basis.on)
    table = int(basis.tables[measure])
    known = basis.seen[table]
    measured = np.array([not definition.groups or g in definition.groups for g in GROUP_CODES])
    come = _entrants(basis, municipality, measure, seniority, seniority if reaching else np.inf)
    eager = basis.pace.eagerness[measure]
    seasons = basis.pace.season[measure]
    calendar = np.array([m.month - 1 for m in basis.past])
    required = [in_force(definition.required, month) for month in basis.months]
    return Odds(
        leaving=np.ascontiguousarray(basis.hazards.leaving[municipality]),
        bands=BANDS,
        moving=basis.hazards.moving,
        slipping=basis.hazards.slipping,
        rate=np.ascontiguousarray(basis.pace.rate[measure, municipality]),
        traits=eager.traits(STAYS),
        together=eager.together,
        usual=np.ascontiguousarray((seasons[calendar] * known[:-1])[::-1]),
        season=seasons[[m.month - 1 for m in basis.months]],
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
        coming=np.where(np.tile(measured, 2)[:, None], come.coming, 0.0),
        coming_swing=float(basis.hazards.swing[municipality]),
        entrant_first=come.first,
        entrant_upto=come.upto,
        entrant_weeks=come.weeks,
        entrant_served=come.served,
        entrant_before=come.before,
        entrant_counted=come.counted,
        required=np.array([[r.groups.get(g, r.events) for r in required] for g in GROUP_CODES]),
        seniority=float(seniority),
        reaching=reaching,
        window=definition.window_months,
    )


def _left(on: dt.date) -> float:
    """The part of the first coming month that is still to come on the evening of a day."""
    days = calendar.monthrange(on.year, on.month)[1]
    return 1.0 if on.day == days else (days - on.day) / days


class _Entrants(NamedTuple):
    """As `Odds` has them."""

    first: Any
    upto: Any
    weeks: Any
    served: Any
    before: Any
    counted: Any
    coming: Any


def _entrants(
    basis: Basis, municipality: int, measure: int, seniority: float, most: float
) -> _Entrants:
    """Who came lately, or paused now, and may be in the population.

    Args:
        seniority: weeks that are reached or had.
        most: weeks beyond which nobody is counted any more.
    """
    moved = basis.counted.movements
    mine = moved.of(municipality)
    place, weeks, served = moved.entrants[mine].T
    paused = served >= 0
    # Who comes back in the first month is a month further by its end.
    weeks = weeks + np.where(paused, round(WEEKS_A_MONTH), 0)
    most_now = np.where(paused, most + WEEKS_A_MONTH, most)
    rows = np.flatnonzero(weeks < most_now)
    kind = place[rows] % GROUPS + np.where(paused[rows], GROUPS, 0)
    order = np.lexsort((-weeks[rows], kind))
    rows, kind = rows[order], kind[order]
    kinds = np.arange(2 * GROUPS)
    first, after = np.searchsorted(kind, kinds), np.searchsorted(kind, kinds, "right")
    # Who can reach the seniority by the end of the last month, coming in each.
    months = np.arange(len(basis.months))
    short = seniority - (len(basis.months) - 1 - months) * WEEKS_A_MONTH
    upto = np.stack(
        [
            np.searchsorted(-weeks[rows[low:high]], MOST_OF_A_WEEK - short, "left")
            for low, high in zip(first, after, strict=True)
        ]
    )
    coming = upto / max(1, min(ENTRY_MONTHS, len(basis.past) - 1))
    # Who paused comes back in the first month, or comes anew.
    coming[GROUPS:] = np.where(months == 0, upto[GROUPS:] * basis.hazards.returning[:, None], 0.0)
    return _Entrants(
        first,
        upto,
        weeks[rows],
        np.maximum(served[rows], 0),
        np.ascontiguousarray(moved.before[measure, mine][rows]),
        moved.since_start[measure, mine][rows],
        coming,
    )
