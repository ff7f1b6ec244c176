"""Shares by month as SVG: lines, an interval, and the line of the rule across."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tilsyn.site.language import language
from tilsyn.site.pictures.marks import across, anchor, name
from tilsyn.site.pictures.stretches import stretches
from tilsyn.vocabulary import YearMonth

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 30
_FEW = 8
"""So many months are named each; of more, each quarter's first."""

Points = list[tuple[int, float | None]]
"""A share in per cent by the month's place; None breaks the line."""
Band = list[tuple[int, float, float]]
"""An unbroken piece of an interval: place, low and high share."""


def graph(
    months: Sequence[str],
    lines: Sequence[tuple[str, Points]],
    *,
    threshold: float | None,
    title: str,
    band: Sequence[Band] = (),
) -> str:
    """A chart.

    Args:
        months: consecutive, oldest first.
        lines: each with its CSS class; the last one drawn is on top.
        threshold: the rule's line in per cent.
        title: what it shows, for those who do not see it; the numbers stand in a table beside it.
    """
    edges = [share for piece in band for _, _, share in piece]
    top = _top([*(share for _, points in lines for _, share in points), *edges], threshold)

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
        f'text-anchor="{anchor(place, len(months))}">'
        f"{YearMonth.parse(month).short(language())}</text>"
        for place, month in enumerate(months)
        if len(months) <= _FEW or YearMonth.parse(month).month in (1, 4, 7, 10)
    ]
    for piece in band:
        around = [at(k, high) for k, _, high in piece] + [at(k, low) for k, low, _ in piece[::-1]]
        parts.append(f'<polygon class="band" points="{" ".join(around)}"/>')
    if threshold is not None:
        parts.append(across(threshold, y, _LEFT, WIDTH - _RIGHT))
    for css, points in lines:
        for stretch in stretches(points):
            joined = " ".join(at(place, share) for place, share in stretch)
            parts.append(f'<g class="{css}"><polyline points="{joined}"/></g>')
    if threshold is not None:
        ends = [share for _, points in lines for _, share in points[-1:] if share is not None]
        parts.append(name(threshold, y, WIDTH - _RIGHT, ends))
    return "".join([*parts, "</svg>"])


def _top(shares: Sequence[float | None], threshold: float | None) -> int:
    known = [share for share in shares if share is not None]
    highest = max([*known, (threshold or 0) * 1.25, 10])
    return min(100, -(-int(highest + 3) // 10) * 10)
