"""What the simulation of one municipality and measure takes."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any, NamedTuple

import numpy as np

from tilsyn.measures.definition import in_force
from tilsyn.outlook.basis import Basis, by_hours
from tilsyn.outlook.hazards import BANDS, ENTRY_MONTHS
from tilsyn.outlook.history import GROUPS
from tilsyn.outlook.kernel.inputs import Inputs
from tilsyn.outlook.kernel.known import WEEKS_A_MONTH
from tilsyn.register.coding import GROUP_CODES

MOST_OF_A_WEEK = 1 + 1 / 14
"""Weeks beside the completed ones, at most (as the simulation draws them)."""

UNREPORTED_MONTHS = 6
"""Months back in which what is not registered yet may lie."""


def inputs(basis: Basis, municipality: int, measure: int) -> Inputs:
    """What may happen there.

    Args:
        basis: what is known and expected.
        municipality, measure: indices in the basis.
    """
    definition = basis.demanding[measure]
    reaching = definition.population == "reaching"
    seniority = definition.seniority_months * WEEKS_A_MONTH
    left = _left(basis.on)
    table = int(basis.tables[measure])
    reported = basis.reported[table]
    measured = np.array([not definition.groups or g in definition.groups for g in GROUP_CODES])
    come = _entrants(basis, municipality, measure, seniority, seniority if reaching else np.inf)
    rates = basis.rates
    seasons = rates.season[measure]
    calendar = np.array([m.month - 1 for m in basis.past])
    required = [in_force(definition.required, month) for month in basis.months]
    return Inputs(
        leaving=np.ascontiguousarray(basis.hazards.leaving[municipality]),
        bands=BANDS,
        rate=np.ascontiguousarray(rates.rate[measure, municipality]),
        frailty=rates.frailty[measure],
        usual=np.ascontiguousarray((seasons[calendar] * reported[:-1])[::-1]),
        season=seasons[[m.month - 1 for m in basis.months]],
        variance=rates.variance[measure, municipality],
        autocorrelation=float(rates.autocorrelation[measure]),
        overdispersion=float(rates.overdispersion[measure, municipality]),
        unreported=1 - reported[-2 : -2 - UNREPORTED_MONTHS : -1],
        left=left,
        unreported_now=float(1 - reported[-1]) if left < 1 else 0.0,
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
        coming=np.where(measured[:, None], come.coming, 0.0),
        entrant_first=come.first,
        entrant_upto=come.upto,
        entrant_weeks=come.weeks,
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
    """As `Inputs` has them."""

    first: Any
    upto: Any
    weeks: Any
    before: Any
    counted: Any
    coming: Any


def _entrants(
    basis: Basis, municipality: int, measure: int, seniority: float, most: float
) -> _Entrants:
    """Who came lately, and may be in the population.

    Args:
        seniority: weeks that are reached or had.
        most: weeks beyond which nobody is counted any more.
    """
    moved = basis.counted.movements
    mine = moved.of(municipality)
    place, weeks = moved.entrants[mine].T
    rows = np.flatnonzero(weeks < most)
    group = place[rows] % GROUPS
    order = np.lexsort((-weeks[rows], group))
    rows, group = rows[order], group[order]
    groups = np.arange(GROUPS)
    first, after = np.searchsorted(group, groups), np.searchsorted(group, groups, "right")
    # Who can reach the seniority by the end of the last month, coming in each.
    months = np.arange(len(basis.months))
    short = seniority - (len(basis.months) - 1 - months) * WEEKS_A_MONTH
    upto = np.stack(
        [
            np.searchsorted(-weeks[rows[low:high]], MOST_OF_A_WEEK - short, "left")
            for low, high in zip(first, after, strict=True)
        ]
    )
    return _Entrants(
        first,
        upto,
        weeks[rows],
        np.ascontiguousarray(moved.before[measure, mine][rows]),
        moved.since_start[measure, mine][rows],
        upto / max(1, min(ENTRY_MONTHS, len(basis.past) - 1)),
    )
