"""What charts of shares have in common: the rule's line with its name, and how months are named."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tilsyn.site.language import gettext, language
from tilsyn.vocabulary import wording

HIGH = 16
"""The height of the name with the space around it."""


def across(threshold: float, y: Callable[[float], float], left: float, right: float) -> str:
    """The line.

    Args:
        threshold: in per cent.
        y: how far down a share is drawn.
    """
    at = f"{y(threshold):.1f}"
    return f'<line class="threshold" x1="{left}" x2="{right}" y1="{at}" y2="{at}"/>'


def anchor(place: int, places: int) -> str:
    """How a month's name stands to its place, so that the outermost ones stay within the chart."""
    return "middle" if 0 < place < places - 1 else "start" if place == 0 else "end"


def name(threshold: float, y: Callable[[float], float], right: float, ends: Iterable[float]) -> str:
    """Its name, to be drawn last: it stands on top of what crosses it.

    Args:
        ends: the shares at the right end of what is drawn; the name keeps to the other side.
    """
    at = y(threshold)
    near = [at - y(share) for share in ends if abs(at - y(share)) < HIGH]
    above = sum(distance >= 0 for distance in near)
    down = at + HIGH if 2 * above > len(near) else at - 5
    shown = wording.number(threshold, language(), 0 if threshold == int(threshold) else 1)
    label = gettext("line {shown}%", shown=shown)
    return (
        f'<text class="threshold-name" x="{right}" y="{down:.1f}" text-anchor="end">{label}</text>'
    )
