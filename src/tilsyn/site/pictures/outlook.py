"""The outlook as SVG: what has been, the expected share with its interval, the best and the worst case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from tilsyn.cases.outlooks import Cell, Past
from tilsyn.site.language import language, said
from tilsyn.vocabulary import YearMonth, wording

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 30

Points = list[tuple[int, float | None]]
"""A share in per cent by the month's place; None breaks the line."""


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
    threshold = cells[0].threshold
    top = _top([share for _, points in lines for _, share in points], cells, threshold)

    def x(place: int) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * place / max(1, len(months) - 1)

    def y(share: float) -> float:
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - share / top)

    def at(place: int, share: float) -> str:
        return f"{x(place):.1f},{y(share):.1f}"

    parts = [
        f'<svg class="chart outlook" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">'
    ]
    step = 5 if top <= 30 else 10 if top <= 60 else 20
    for mark in range(0, top + 1, step):
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}"/>'
            f'<text class="tick" x="{_LEFT - 6}" y="{y(mark) + 4:.1f}" text-anchor="end">{mark}</text>'
        )
    parts += [
        f'<text class="tick" x="{x(place):.1f}" y="{HEIGHT - 8}" '
        f'text-anchor="{"end" if place == len(months) - 1 else "middle"}">'
        f"{YearMonth.parse(month).short(language())}</text>"
        for place, month in enumerate(months)
        if YearMonth.parse(month).month in (1, 4, 7, 10)
    ]
    for piece in _band(cells, first):
        around = [at(k, high) for k, _, high in piece] + [at(k, low) for k, low, _ in piece[::-1]]
        parts.append(f'<polygon class="band" points="{" ".join(around)}"/>')
    if threshold is not None:
        label = said("grænse {} %", "line {}%").format(wording.number(threshold, language(), 0))
        parts.append(
            f'<line class="threshold" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(threshold):.1f}" '
            f'y2="{y(threshold):.1f}"/><text class="threshold-name" x="{WIDTH - _RIGHT}" '
            f'y="{y(threshold) - 5:.1f}" text-anchor="end">{label}</text>'
        )
    for css, points in lines:
        for stretch in _stretches(points):
            joined = " ".join(at(place, share) for place, share in stretch)
            parts.append(f'<g class="{css}"><polyline points="{joined}"/></g>')
    return "".join([*parts, "</svg>"])


def _been(past: Past | None) -> Points:
    if past is None:
        return []
    both = zip(past.population, past.unmet, strict=True)
    return [
        (k, 100 * unmet / persons if persons else None) for k, (persons, unmet) in enumerate(both)
    ]


def _band(cells: Sequence[Cell], first: int) -> Iterator[list[tuple[int, float, float]]]:
    """The unbroken pieces of the interval."""
    piece: list[tuple[int, float, float]] = []
    for k, cell in enumerate(cells, first):
        if cell.share_low is not None and cell.share_high is not None:
            piece.append((k, cell.share_low, cell.share_high))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _stretches(points: Points) -> Iterator[list[tuple[int, float]]]:
    """The unbroken pieces of a line; where nobody is in the population there is no share."""
    piece: list[tuple[int, float]] = []
    for place, share in points:
        if share is not None:
            piece.append((place, share))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _top(shares: Sequence[float | None], cells: Sequence[Cell], threshold: float | None) -> int:
    known = [
        share for share in (*shares, *(cell.share_high for cell in cells)) if share is not None
    ]
    highest = max([*known, (threshold or 0) * 1.25, 10])
    return min(100, -(-int(highest + 3) // 10) * 10)
