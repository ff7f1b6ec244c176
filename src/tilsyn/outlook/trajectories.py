"""Trajectories: the persons behind the coming places, as the simulation follows them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tilsyn.measures.kernel.arrays import Hours
from tilsyn.measures.kernel.calendar import day_number, month_number
from tilsyn.outlook.history import NOWHERE, History
from tilsyn.outlook.kernel.frailty import LEFT_OUT
from tilsyn.outlook.kernel.known import KEPT_MONTHS
from tilsyn.outlook.situation import Projection, Situation
from tilsyn.register.coding import GROUP_CODES
from tilsyn.vocabulary import YearMonth

FOLLOWED = 36
"""Months of the past that a person's events are kept of."""

SAMPLE = 2000
"""Person-months that a group's usual hours are told by."""


class Trajectories(NamedTuple):
    """One row a person (or, where reaching a seniority counts, a place), in the order of measures,
    then of municipalities. H coming months.

    Attributes:
        measure, municipality, group: index in the measures, code, index in the groups.
        weeks: completed weeks of seniority at the end of the last month that is over.
        stay: months in the same place that end with it.
        before: events in each month before the first coming one, the latest first; `LEFT_OUT`
            where the person was not measured.
        due: person x H: whether the person is in the population of the month.
        counted, required: person x H: events in the month's window so far, and those required.
        met: person x H: whether the requirement is met as things stand, also through hours.
        until: person x H: the part of the month that is in the window; 1 but for the month in
            which a seniority is reached.
        last_day: person x H: the last day on which what is missing can be begun (day number).
        lost: person x H: whether that day is over, with something missing.
        worked: hundredths of hours in each of the same months; nought where they do not count.
    """

    measure: Any
    municipality: Any
    group: Any
    weeks: Any
    stay: Any
    before: Any
    due: Any
    counted: Any
    required: Any
    met: Any
    until: Any
    last_day: Any
    lost: Any
    worked: Any

    def of(self, municipality: int, measure: int) -> Trajectories:
        """The rows of one municipality (code) and measure (index)."""
        low, high = np.searchsorted(self.measure, [measure, measure + 1])
        mine = self.municipality[low:high]
        first, last = np.searchsorted(mine, [municipality, municipality + 1])
        return self.where(slice(low + first, low + last))

    def where(self, mask: Any) -> Trajectories:
        """Some of the rows: a mask, indices or a slice."""
        return Trajectories(*(column[mask] for column in self))


def joined(parts: list[Trajectories]) -> Trajectories:
    """The rows of several buckets, in order."""
    together = Trajectories(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    return together.where(np.lexsort((together.municipality, together.measure)))


def usual_hours(rows: Trajectories, measures: int) -> Any:
    """Measure x group x sample: hundredths of hours of some months of some persons.

    Nought where hours do not count.
    """
    found = np.zeros((measures, len(GROUP_CODES), SAMPLE), dtype=np.int32)
    draw = np.random.default_rng(0)
    for measure in range(measures):
        low, high = np.searchsorted(rows.measure, [measure, measure + 1])
        for group in range(len(GROUP_CODES)):
            mine = slice(low, high)
            of_group = rows.group[mine] == group
            hours, stay = rows.worked[mine][of_group], rows.stay[mine][of_group]
            hours = hours[np.arange(hours.shape[1]) < stay[:, None]]
            if hours.any():
                found[measure, group] = draw.choice(hours, SAMPLE)
    return found


def trajectories(places: Projection, past: History, situation: Situation) -> Trajectories:
    """The persons behind coming places.

    Args:
        places: of the coming months.
        past: the same persons' history, up to the month before them.
        situation: the same persons.
    """
    months = len(places.months)
    measured = places.plan.by_seniority
    reaching = np.array([d.population == "reaching" for d in measured])
    cell = places.municipality.astype(np.int64) * len(GROUP_CODES) + places.group
    # A person is followed in one municipality and group; a seniority reached is a row by itself.
    key = (places.person.astype(np.int64) * 1000 * len(GROUP_CODES) + cell) * len(reaching)
    key = (key + places.measure) * (months + 1) + np.where(
        reaching[places.measure], places.month + 1, 0
    )
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    count, at = len(first), (row, places.month)
    # Conversations count once a day; offers may begin together.
    daily = np.array([d.events.table == "conversations" for d in measured if d.events])
    missing = np.maximum(places.required - places.counted, 1)
    last_day = places.closes - np.where(daily[places.measure], missing - 1, 0)

    def spread(values: Any, kind: Any, otherwise: Any = 0) -> Any:
        table = np.full((count, months), otherwise, dtype=kind)
        table[at] = values
        return table

    person, measure = places.person[first], places.measure[first]
    here = np.searchsorted(np.array(past.municipalities), places.municipality[first])
    place = here * len(GROUP_CODES) + places.group[first]
    stay = np.where(past.place[person, -1] == place, past.stay[person, -1], 0).astype(np.int64)
    weeks = np.where(past.place[person, -1] == NOWHERE, 0, past.weeks[person, -1])
    begins = np.array([day_number(m.first) for m in places.months])
    lasts = np.array([day_number(m.last) for m in places.months])
    length = lasts - begins + 1
    part = (places.closes - begins[places.month] + 1) / length[places.month]
    before = np.full((count, FOLLOWED), LEFT_OUT, dtype=np.uint8)
    before[:, -past.events.shape[2] :] = past.events[measure, person][:, -FOLLOWED:]
    before = before[:, ::-1]
    hours = worked(situation.rows.hours, len(past.place), past.months.last, KEPT_MONTHS)
    count_hours = np.array([bool(d.hours) for d in measured])
    return Trajectories(
        measure=measure.astype(np.int16),
        municipality=places.municipality[first].astype(np.int16),
        group=places.group[first].astype(np.int8),
        weeks=weeks,
        stay=stay,
        before=before,
        due=spread(True, np.bool_, False),
        counted=spread(np.minimum(places.counted, 127), np.int8),
        required=spread(places.required, np.int8),
        met=spread(places.met, np.bool_, False),
        until=spread(np.clip(part, 0.0, 1.0), np.float32, 1.0),
        last_day=spread(last_day, np.int32),
        lost=spread(~places.met & (last_day <= day_number(situation.on)), np.bool_, False),
        worked=np.where(count_hours[measure][:, None], hours[person], 0),
    )


def worked(hours: Hours, persons: int, last: YearMonth, months: int) -> Any:
    """Person x month, the latest first: hundredths of hours in the months that end with `last`."""
    back = month_number(last) - hours.month
    inside = (back >= 0) & (back < months)
    table = np.zeros((persons, months), dtype=np.int32)
    np.add.at(table, (hours.person[inside], back[inside]), hours.hours[inside])
    return table
