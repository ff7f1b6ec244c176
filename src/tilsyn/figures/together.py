"""Persons by number across a row: where hidden numbers are told together, one wide cell for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tilsyn.figures.table import Figure
from tilsyn.vocabulary import MEASURES, ranges


def across(measure: str, row: Mapping[str, Figure]) -> Iterator[tuple[str, int]]:
    """The categories that stand across a row, each with how many columns it takes.

    A range stands in place of the numbers it tells together where these are not there, or are hidden in
    the same publication; a later publication may show them, or tell them another way.

    Args:
        measure: its code.
        row: the row's figures by category, ranges among them.
    """
    starts = {
        parts[0]: name for name, parts in ranges(measure).items() if _stands(name, parts, row)
    }
    covered = 0
    for category in MEASURES[measure].categories:
        if covered:
            covered -= 1
            continue
        name = starts.get(category, category)
        width = len(ranges(measure).get(name, (category,)))
        covered = width - 1
        yield name, width


def _stands(name: str, parts: tuple[str, ...], row: Mapping[str, Figure]) -> bool:
    together = row.get(name)
    if together is None or together.value is None:
        return False
    return all(
        (one := row.get(part)) is None
        or (one.status, one.release, one.published)
        == ("suppressed", together.release, together.published)
        for part in parts
    )


def in_cell(category: str, number: str, width: int) -> str:
    """How a cell prints a number: "4", or "1+: 4" where it is told together."""
    return f"{category}: {number}" if width > 1 else number
