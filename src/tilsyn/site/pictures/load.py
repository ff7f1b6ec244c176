"""A plan's load as SVG: what is booked and planned in each week, against the room there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 14, 30
_FEW = 14
"""So many weeks are named each; of more, every other."""


@dataclass(frozen=True)
class Week:
    """One week: its name ("2024-W27"), what takes room, and the room."""

    name: str
    booked: int
    planned: int
    room: int

    @property
    def number(self) -> str:
        """As people say it: "27"."""
        return self.name.partition("-W")[2].lstrip("0")


def drawing(weeks: Sequence[Week], title: str) -> str:
    """A chart.

    Args:
        weeks: in order.
        title: what it shows, for those who do not see it; the numbers stand in a table beside it.
    """
    highest = max([max(w.room, w.booked + w.planned) for w in weeks] or [0])
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**6) if highest / s <= 5)
    top = max(step, -(-highest // step) * step)
    wide = (WIDTH - _LEFT - _RIGHT) / max(1, len(weeks))

    def y(number: int) -> float:
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - number / top)

    def bar(css: str, place: int, low: int, high: int) -> str:
        return (
            f'<rect class="{css}" x="{_LEFT + wide * (place + 0.15):.1f}" y="{y(high):.1f}" '
            f'width="{wide * 0.7:.1f}" height="{y(low) - y(high):.1f}"/>'
        )

    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">'
    ]
    for mark in range(0, top + 1, step):
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}"/>'
            f'<text class="tick" x="{_LEFT - 6}" y="{y(mark) + 4:.1f}" text-anchor="end">{mark}</text>'
        )
    room = []
    for place, week in enumerate(weeks):
        both = week.booked + week.planned
        parts += [bar("booked", place, 0, week.booked)] if week.booked else []
        parts += [bar("planned", place, week.booked, both)] if week.planned else []
        room += [f"{_LEFT + wide * (place + k):.1f},{y(week.room):.1f}" for k in (0, 1)]
        if len(weeks) <= _FEW or place % 2 == 0:
            parts.append(
                f'<text class="tick" x="{_LEFT + wide * (place + 0.5):.1f}" y="{HEIGHT - 8}" '
                f'text-anchor="middle">{week.number}</text>'
            )
    parts.append(f'<g class="room"><polyline points="{" ".join(room)}"/></g>')
    return "".join([*parts, "</svg>"])
