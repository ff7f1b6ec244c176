"""Where a person is counted: the latest benefit day, and the spell that holds it."""

from __future__ import annotations

from typing import Any

from tilsyn.measures.kernel.arrays import Spells
from tilsyn.measures.kernel.calendar import Calendar, month_of
from tilsyn.measures.kernel.compiled import compiled

_DAY_SHIFT = 34


@compiled
def rank(day: int, spell: int, spells: Spells) -> int:
    """How good a claim a spell has on placing the person on `day`; the highest prevails.

    The latest day, then first in published order of groups, the latest start, the lowest
    municipality code, the first visitation code: packed into one number (days fit in 17 bits).
    """
    return (
        (int(day) << _DAY_SHIFT)
        + ((15 - int(spells.grp[spell])) << 30)
        + (int(spells.start[spell]) << 13)
        + ((1023 - int(spells.municipality[spell])) << 3)
        + (7 - int(spells.visitation[spell]))
    )


@compiled
def day_of(ranked: int) -> int:
    """The day of a rank."""
    return ranked >> _DAY_SHIFT


@compiled
def place(
    spells: Spells,
    low: int,
    used: int,
    first: int,
    last: int,
    calendar: Calendar,
    best: Any,
    holder: Any,
) -> tuple[int, int]:
    """Place a person in each month of first..last.

    Args:
        low, used: the person's first row, and how many rows are used.
        best: by month of the span, zeroed: filled with the rank of the placing spell.
        holder: by month of the span: filled with the placing spell, counted from `low`.

    Returns:
        The first and the last month (from the span's first) that may have a placement.
    """
    touched_first, touched_last = last - first + 1, -1
    for i in range(low, low + used):
        start, end = int(spells.start[i]), int(spells.end[i])
        if end < calendar.first[first]:
            continue
        beginning = max(month_of(start, calendar), first)
        ending = last if end >= calendar.first[last] else month_of(end, calendar)
        for month in range(beginning, ending + 1):
            day = min(end, calendar.first[month + 1] - 1)
            ranked = rank(day, i, spells)
            if ranked > best[month - first]:
                best[month - first] = ranked
                holder[month - first] = i - low
        touched_first = min(touched_first, beginning - first)
        touched_last = max(touched_last, ending - first)
    return touched_first, touched_last
