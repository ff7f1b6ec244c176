"""Neighbouring categories told as one: "0-1", "2-3", "1+"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from tilsyn.vocabulary.measures import MEASURES

MANY = "+"
"""Ends the name of a category without an upper end."""


@cache
def ranges(measure: str) -> Mapping[str, tuple[str, ...]]:
    """Every range of two or more neighbouring categories of a measure, by name, with its categories.

    All categories together are no range: that is everybody.
    """
    every = MEASURES[measure].categories
    return {
        _name(part): part
        for first in range(len(every))
        for end in range(first + 2, len(every) + 1)
        if len(part := every[first:end]) < len(every)
    }


def range_of(measure: str, categories: Sequence[str]) -> str:
    """The name of the range that joins categories; empty where they are no neighbours, or all.

    Args:
        measure: its code.
        categories: two or more of the measure's, in order.
    """
    wanted = tuple(categories)
    return _name(wanted) if wanted and ranges(measure).get(_name(wanted)) == wanted else ""


def category_of(text: str, measure: str, *, whole: bool = False) -> str:
    """A category of a measure, or a range of them ("1+").

    Args:
        text: its name.
        measure: the measure's code.
        whole: whether a range is none.

    Raises:
        ValueError: the measure has no such category; the message lists those it has.
    """
    known, joined = MEASURES[measure].categories, () if whole else ranges(measure)
    if text not in known and text not in joined:
        such = f", and ranges of them, such as {range_of(measure, known[:2])}" if joined else ""
        listed = ", ".join(known) or "none"
        raise ValueError(f"{measure} has no category '{text}'; known are: {listed}{such}")
    return text


def _name(categories: Sequence[str]) -> str:
    """From the first one's lower end to the last one's upper end: of "0-8" and "9-13" "0-13"."""
    first, last = categories[0].partition("-")[0], categories[-1]
    return first + (MANY if last.endswith(MANY) else f"-{last.rpartition('-')[2]}")
