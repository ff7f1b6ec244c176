"""The outlook drawn: what has been, what is expected with its interval, the best and the worst case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tilsyn.charts.lines import Lines, Series
from tilsyn.charts.words import word
from tilsyn.rules.model import Threshold
from tilsyn.vocabulary import YearMonth


def outlook(
    past: Sequence[tuple[int, int]],
    coming: Sequence[Mapping[str, Any]],
    threshold: Threshold | None,
    unit: str,
    language: str,
) -> Lines:
    """One measure and group of a municipality.

    Args:
        past: population and unmet of the months before the coming ones, oldest first.
        coming: the months as `tilsyn.outlook.figures.Outlook.rows` has them.
        threshold: the rule's line.
        unit: what the axis counts.
    """
    been = [100 * unmet / persons if persons else None for persons, unmet in past]
    first = YearMonth.parse(coming[0]["month"])
    months = [first - n for n in range(len(been), 0, -1)]
    before: list[float | None] = [None] * len(been)
    if been:  # The cases part where the past ends.
        before[-1] = been[-1]

    def name(case: str) -> str:
        return word(language, f"outlook.{case}")

    def shares(case: str) -> tuple[float | None, ...]:
        return tuple(row[f"{case}_share"] for row in coming)

    return Lines(
        months=(*months, *(YearMonth.parse(row["month"]) for row in coming)),
        series=(
            Series(name("expected"), (*been, *shares("expected")), total=True),
            Series(name("nothing_more"), (*before, *shares("nothing_more"))),
            Series(name("best"), (*before, *shares("best"))),
        ),
        unit=unit,
        threshold=threshold,
        band=(*(None for _ in been), *map(_bounds, coming)),
    )


def _bounds(row: Mapping[str, Any]) -> tuple[float, float] | None:
    low, high = row["share_low"], row["share_high"]
    return None if low is None or high is None else (low, high)
