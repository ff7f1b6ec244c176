"""The outlook as SVG: what has been, the expected share with its interval, the best and the worst case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tilsyn.cases.outlooks import Cell, Past
from tilsyn.site.pictures.shares import Band, Points, graph
from tilsyn.site.pictures.stretches import stretches


def drawing(past: Past | None, cells: Sequence[Cell], title: str) -> str:
    """A chart of one measure and group.

    Args:
        past: the months that are over.
        cells: the coming months, in order.
        title: what it shows, for those who do not see it; the numbers stand in a table beside it.
    """
    if not cells:
        return ""
    been = _been(past)
    months = [*(past.months if past else ()), *(cell.month for cell in cells)]
    first = len(months) - len(cells)
    lines: list[tuple[str, Points]] = [
        ("best", [(first + k, cell.best_share) for k, cell in enumerate(cells)]),
        ("nothing", [(first + k, cell.nothing_more_share) for k, cell in enumerate(cells)]),
        ("expected", [(first + k, cell.expected_share) for k, cell in enumerate(cells)]),
        ("own", been),
    ]
    if been:  # The cases part where the past ends.
        lines[:3] = [(css, [been[-1], *points]) for css, points in lines[:3]]
    band = list(_band(cells, first))
    return graph(months, lines, threshold=cells[0].threshold, title=title, band=band)


def _been(past: Past | None) -> Points:
    if past is None:
        return []
    both = zip(past.population, past.unmet, strict=True)
    return [
        (k, 100 * unmet / persons if persons else None) for k, (persons, unmet) in enumerate(both)
    ]


def _band(cells: Sequence[Cell], first: int) -> Iterator[Band]:
    """The unbroken pieces of the interval."""
    ends = (
        (k, None)
        if cell.share_low is None or cell.share_high is None
        else (k, (cell.share_low, cell.share_high))
        for k, cell in enumerate(cells, first)
    )
    for piece in stretches(ends):
        yield [(k, low, high) for k, (low, high) in piece]
