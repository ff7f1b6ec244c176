"""Counting a part of a store: the step every engine repeats."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from tilsyn.measures.kernel.arrays import (
    Bucket,
    Conversations,
    Duties,
    Exemptions,
    Hours,
    Offers,
    Places,
    Room,
    Spells,
)
from tilsyn.measures.kernel.calendar import BASE, CALENDAR
from tilsyn.measures.kernel.count import count, scratch
from tilsyn.measures.plan import Plan
from tilsyn.register.coding import GROUP_CODES, VISITATION_CODES
from tilsyn.register.store import Part
from tilsyn.register.store.reading import Arrays

PERSONS = pa.schema(
    [
        ("person", pa.string()),
        ("measure", pa.string()),
        ("month", pa.date32()),
        ("municipality", pa.string()),
        ("grp", pa.string()),
        ("visitation", pa.string()),
        ("category", pa.string()),
        ("outcome", pa.string()),
    ]
)
"""The persons behind the unmet counts; where decisions exempt, whether a person is exempted or missed."""

_OUTCOMES = ("unmet", "missed", "exempted")


def bucket(arrays: Arrays) -> Bucket:
    """The bucket of these arrays; months of hours are counted from the kernel's month 0."""
    month = arrays["hours"]["month"] - BASE.index
    month.flags.writeable = False
    return Bucket(
        Spells(**arrays["spells"]),
        Conversations(**arrays["conversations"]),
        Offers(**arrays["offers"]),
        Hours(**{**arrays["hours"], "month": month}),
        Exemptions(**arrays["exemptions"]),
        Duties(**arrays["duties"]),
    )


def zeros(plan: Plan) -> Any:
    """Counts of nobody."""
    return np.zeros(plan.shape, dtype=np.int32)


def add(plan: Plan, part: Part, counts: Any, *, only_replaced: bool = False) -> None:
    """Add a part's persons to `counts`.

    Args:
        only_replaced: count the persons that corrections replace, and only them.
    """
    skip = part.skipped()
    if only_replaced:
        skip = ~skip
        if skip.all():
            return
    _count(plan, bucket(part.arrays()), skip, counts, _room(0))


def places(plan: Plan, rows: Bucket, skip: Any) -> Places:
    """Every time a person of a bucket is counted.

    Args:
        plan: what is counted.
        rows: the bucket.
        skip: by person: leave the person out.
    """
    nowhere = zeros(plan)
    # Room for everybody in every month; what is not used takes no memory.
    room = _room(len(skip) * len(plan.months) * len(plan.definitions.measures))
    found = _count(plan, rows, skip, nowhere, room)
    if found > room.rows.shape[1]:
        room = _room(found)
        _count(plan, rows, skip, nowhere, room)
    return Places(*room.rows[:, :found])


def unmet_persons(plan: Plan, part: Part) -> pa.Table:
    """The persons of a part behind the unmet counts, one row a measure and month."""
    every = places(plan, bucket(part.arrays()), part.skipped())
    unmet = every.met == 0
    return _decoded(plan, part, Places(*(column[unmet] for column in every)))


def _room(rows: int) -> Room:
    return Room(np.zeros((len(Places._fields), rows), dtype=np.int32), np.zeros(1, dtype=np.int64))


def _count(plan: Plan, rows: Bucket, skip: Any, counts: Any, room: Room) -> int:
    for span in plan.spans:
        count(rows, skip, span, CALENDAR, plan.axis, counts, room, scratch(rows, span))
    return int(room.used[0])


def _decoded(plan: Plan, part: Part, places: Places) -> pa.Table:
    """Rows of places where less was counted than required, and so never as much as an open category."""
    measure = places.measure
    municipality, group, visitation = plan.of_cells(places.cell)
    outcome = np.array([1 if d.outcomes else 0 for d in plan.by_seniority])
    measures = plan.by_seniority
    categories = [d.categories for d in measures]
    longest = max((len(c) for c in categories), default=1)
    padded = [[*c, *[""] * (longest - len(c))] for c in categories]

    def named(names: list[Any], index: Any, kind: pa.DataType) -> pa.Array:
        return pa.array(names, kind).take(pa.array(index))

    return pa.table(
        [
            part.persons.take(pa.array(places.person)),
            named([d.measure for d in measures], measure, pa.string()),
            named([m.first for m in plan.months], places.month, pa.date32()),
            named([f"{c:03d}" for c in plan.municipalities], municipality, pa.string()),
            named([*GROUP_CODES], group, pa.string()),
            named([*VISITATION_CODES], visitation, pa.string()),
            named(
                [c for row in padded for c in row],
                measure * longest + places.counted,
                pa.string(),
            ),
            named([*_OUTCOMES], outcome[measure] + places.exempted, pa.string()),
        ],
        schema=PERSONS,
    )
