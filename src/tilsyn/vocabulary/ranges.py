"""Categories with an open end that others publish: of "4" and "5+" together "4+"."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from tilsyn.vocabulary.measures import MEASURES


@cache
def ranges(measure: str) -> Mapping[str, tuple[str, ...]]:
    """What a measure's last categories are called together, with these: "4+" is "4" and "5+".

    All categories together are none: that is everybody.
    """
    every = MEASURES[measure].categories
    return {f"{every[i].partition('-')[0]}+": every[i:] for i in range(1, len(every) - 1)}


def categories_across(measure: str, there: Collection[str]) -> tuple[str, ...]:
    """The heads of a table by category: the measure's own, or those of a table that has an open end.

    Args:
        measure: its code.
        there: the categories there are figures of.
    """
    every, ends = MEASURES[measure].categories, ranges(measure)
    if not any(category in ends for category in there):
        return every
    known = [*every, *ends]
    order = sorted(known, key=lambda name: every.index(ends.get(name, (name,))[0]))
    return tuple(category for category in order if category in there)


def category_of(text: str, measure: str, *, whole: bool = False) -> str:
    """A category of a measure, or its last ones together ("4+").

    Args:
        text: its name.
        measure: the measure's code.
        whole: whether the last ones together are none.

    Raises:
        ValueError: the measure has no such category; the message lists those it has.
    """
    known, joined = MEASURES[measure].categories, () if whole else tuple(ranges(measure))
    if text not in known and text not in joined:
        such = f", and with an open end {', '.join(joined)}" if joined else ""
        listed = ", ".join(known) or "none"
        raise ValueError(f"{measure} has no category '{text}'; known are: {listed}{such}")
    return text
