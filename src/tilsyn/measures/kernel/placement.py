"""Where a person is counted: the latest benefit day, and the spell that holds it."""

from __future__ import annotations

from typing import Any

from tilsyn.measures.kernel.arrays import Sizes, Spells
from tilsyn.measures.kernel.calendar import Calendar, month_of
from tilsyn.measures.kernel.compiled import compiled

_DAY_BITS, _MUNICIPALITY_BITS = 17, 10
_LAST_MUNICIPALITY = 2**_MUNICIPALITY_BITS - 1


def sizes(groups: int, visitations: int) -> Sizes:
    """The sizes of lists of so many codes (at most 127 each, so that a rank has room for them)."""
    municipality = (visitations - 1).bit_length()
    start = municipality + _MUNICIPALITY_BITS
    group = start + _DAY_BITS
    day = group + (groups - 1).bit_length()
    return Sizes(groups, visitations, municipality, start, group, day)


@compiled
def cell_of(spells: Spells, spell: int, axis: Any, sizes: Sizes) -> int:
    """Where a spell is counted: municipality x group x visitation, flat."""
    place = axis[spells.municipality[spell]] * sizes.groups + int(spells.grp[spell])
    return place * sizes.visitations + int(spells.visitation[spell])


@compiled
def rank(day: int, spell: int, spells: Spells, sizes: Sizes) -> int:
    """How good a claim a spell has on placing the person on `day`; the highest prevails.

    The latest day, then first in published order of groups, the latest start, the lowest
    municipality code, the first visitation code: packed into one number.
    """
    return (
        (int(day) << sizes.day)
        + ((sizes.groups - 1 - int(spells.grp[spell])) << sizes.group)
        + (int(spells.start[spell]) << sizes.start)
        + ((_LAST_MUNICIPALITY - int(spells.municipality[spell])) << sizes.municipality)
        + (sizes.visitations - 1 - int(spells.visitation[spell]))
    )


@compiled
def day_of(ranked: int, sizes: Sizes) -> int:
    """The day of a rank."""
    return ranked >> sizes.day


@compiled
def place(
    spells: Spells,
    low: int,
    used: int,
    first: int,
    last: int,
    calendar: Calendar,
    sizes: Sizes,
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
            ranked = rank(day, i, spells, sizes)
            if ranked > best[month - first]:
                best[month - first] = ranked
                holder[month - first] = i - low
        touched_first = min(touched_first, beginning - first)
        touched_last = max(touched_last, ending - first)
    return touched_first, touched_last
