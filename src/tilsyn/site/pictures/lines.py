"""Line charts as SVG: months across, shares up, the rule's line across; a hidden month breaks the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape

from tilsyn.figures.series import MonthFigure
from tilsyn.site.language import language
from tilsyn.site.pictures.marks import across, anchor, name
from tilsyn.site.pictures.stretches import stretches
from tilsyn.vocabulary import YearMonth, wording

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 30


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, its CSS class, and a share by month."""

    name: str
    css: str
    months: Mapping[YearMonth, MonthFigure]


def drawing(
    lines: Sequence[Line], months: Sequence[YearMonth], threshold: Decimal | None, title: str
) -> str:
    """A chart.

    Args:
        lines: the first is the one it is about; months it lacks or hides break it.
        months: consecutive, oldest first.
        threshold: the rule's line in per cent.
        title: what it shows, for those who do not see it; the numbers stand in a table beside it.
    """
    if not months:
        return ""
    top = _top(lines, months, threshold)

    def x(place: int) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * place / max(1, len(months) - 1)

    def y(share: Fraction | float) -> float:
        return float(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - share / top))

    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">'
    ]
    step = 5 if top <= 30 else 10 if top <= 60 else 20
    for mark in range(0, int(top) + 1, step):
        at = y(Fraction(mark))
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
            f'<text class="tick" x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{mark}</text>'
        )
    for place, month in enumerate(months):
        if month.month in (1, 4, 7, 10) or len(months) <= 8:
            parts.append(
                f'<text class="tick" x="{x(place):.1f}" y="{HEIGHT - 8}" '
                f'text-anchor="{anchor(place, len(months))}">'
                f"{month.short(language())}</text>"
            )
    if threshold is not None:
        parts.append(across(float(threshold), y, _LEFT, WIDTH - _RIGHT))
    for line in reversed(lines):
        parts.append(f'<g class="{line.css}">')
        for stretch in stretches(_shares(line.months, months)):
            points = " ".join(f"{x(place):.1f},{y(share):.1f}" for place, share in stretch)
            parts.append(f'<polyline points="{points}"/>')
            parts += [
                f'<circle cx="{x(place):.1f}" cy="{y(share):.1f}" r="3"><title>{escape(line.name)}, '
                f"{months[place].name(language())}: {wording.percent(share, language())}</title></circle>"
                for place, share in stretch
                if line is lines[0] or len(stretch) == 1
            ]
        parts.append("</g>")
    if threshold is not None:
        ends = (dict(_shares(line.months, months))[len(months) - 1] for line in lines)
        known = [float(share) for share in ends if share is not None]
        parts.append(name(float(threshold), y, WIDTH - _RIGHT, known))
    return "".join([*parts, "</svg>"])


def _top(lines: Sequence[Line], months: Sequence[YearMonth], threshold: Decimal | None) -> int:
    shares = [
        share
        for line in lines
        for month in months
        if month in line.months and (share := line.months[month].exact) is not None
    ]
    highest = max([*shares, Fraction(threshold or 0) * Fraction(5, 4), Fraction(10)])
    return min(100, -(-int(highest + 3) // 10) * 10)


def _shares(
    row: Mapping[YearMonth, MonthFigure], months: Sequence[YearMonth]
) -> Iterator[tuple[int, Fraction | None]]:
    for place, month in enumerate(months):
        yield place, row[month].exact if month in row else None
