"""The history: where each person was placed in past months, how long for, and what happened then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.measures import counting
from tilsyn.measures.definition import Definition
from tilsyn.measures.definitions import Definitions
from tilsyn.measures.kernel.calendar import day_number
from tilsyn.measures.plan import Plan
from tilsyn.outlook.kernel.frailty import LEFT_OUT
from tilsyn.outlook.kernel.known import WEEKS_A_MONTH
from tilsyn.outlook.situation import Situation
from tilsyn.register.coding import ADDS_UP, GROUP_CODES, VISITATION_CODES
from tilsyn.vocabulary import MonthRange

GROUPS = len(GROUP_CODES)
NOWHERE = -1
"""The place of a person who is on no benefit in a month."""


@dataclass(frozen=True)
class History:
    """Persons x months; the months are over.

    Attributes:
        months: the second axis of persons' arrays.
        measures: the measures that require something.
        municipalities: codes, by index.
        place: municipality index x group, flat; `NOWHERE` without a benefit.
        weeks: completed weeks of seniority at the end of the month, had the person stayed on the
            benefit from their last day there; 0 without a benefit. (By their last day itself, who
            leaves would look newer than who stays, and every chance to leave come out too low.)
        stay: months in the same place that end with it; 0 without a benefit.
        whole: whether the person neither came nor left in the month: was in the same place the
            month before and the month after (in the last month: on its last day).
        accumulates: group: whether only days on the benefit add to the seniority.
        events: measure x person x month: counting events held or begun in the month; `LEFT_OUT`
            where the person is not measured.
    """

    months: MonthRange
    measures: tuple[str, ...]
    municipalities: tuple[int, ...]
    place: Any
    weeks: Any
    stay: Any
    whole: Any
    accumulates: Any
    events: Any


def history(
    situation: Situation,
    definitions: Definitions,
    municipalities: tuple[int, ...],
    months: MonthRange,
) -> History:
    """Follow a situation's persons through months that are over, with the measuring kernel.

    Args:
        situation: read since the first of the months.
        definitions: the measures.
        municipalities: codes of the whole register, in order.
        months: past ones.
    """
    plan = Plan(monthly(definitions), municipalities, months)
    nobody = np.zeros(len(situation.persons), dtype=np.bool_)
    places = counting.places(plan, situation.rows, nobody)
    shape = (len(situation.persons), len(months))
    place = np.full(shape, NOWHERE, dtype=np.int32)
    weeks = np.zeros(shape, dtype=np.int16)
    measures = plan.by_seniority
    events = np.full((len(measures), *shape), LEFT_OUT, dtype=np.uint8)
    placed = places.measure == len(measures)
    at = places.person[placed], places.month[placed]
    place[at] = places.cell[placed] // len(VISITATION_CODES)
    ends = np.array([day_number(m.last) for m in months])
    to_come = (ends[places.month[placed]] - places.closes[placed]) // 7
    weeks[at] = np.minimum(places.counted[placed] + to_come, 2**15 - 1)
    on_last_day = np.zeros(shape, dtype=np.bool_)
    on_last_day[at] = places.closes[placed] == day_number(months.last.last)
    whole = np.zeros(shape, dtype=np.bool_)
    stayed = (place[:, 1:] == place[:, :-1]) & (place[:, 1:] != NOWHERE)
    whole[:, 1:-1] = stayed[:, :-1] & stayed[:, 1:]
    whole[:, -1] = on_last_day[:, -1]
    whole[:, 1:] &= stayed
    whole[:, 0] = False
    counted = ~placed
    events[places.measure[counted], places.person[counted], places.month[counted]] = np.minimum(
        places.counted[counted], LEFT_OUT - 1
    )
    return History(
        months,
        tuple(d.measure for d in measures),
        municipalities,
        place,
        weeks,
        _stays(place, weeks),
        whole,
        np.array(ADDS_UP),
        events,
    )


def _stays(place: Any, weeks: Any) -> Any:
    """Person x month: months in the same place that end with it.

    What was before the first month of all is not known: who is there then is taken to have been
    since their seniority began.
    """
    stay = np.zeros(place.shape, dtype=np.int16)
    stay[:, 0] = np.where(
        place[:, 0] == NOWHERE, 0, np.maximum(1, np.ceil(weeks[:, 0] / WEEKS_A_MONTH))
    )
    for month in range(1, place.shape[1]):
        now = place[:, month]
        longer = np.where(now == place[:, month - 1], stay[:, month - 1] + 1, 1)
        stay[:, month] = np.where(now == NOWHERE, 0, longer)
    return stay


def monthly(definitions: Definitions) -> Definitions:
    """The same events counted in each month by itself, of everybody on a benefit."""
    return Definitions(
        tuple(_monthly(d) for d in definitions.measures),
        definitions.seniority,
        {},
    )


def _monthly(definition: Definition) -> Definition:
    if definition.events is None:
        return definition
    changes = {"population": "at_least", "seniority_months": 0, "window_months": 1, "hours": ()}
    if definition.events.counted == "overlapping":
        changes["events"] = definition.events.model_copy(update={"counted": "starting"})
    return definition.model_copy(update=changes)
