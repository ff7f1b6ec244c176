"""The 98 municipalities as an inline SVG, coloured by how far a share is from its line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from tilsyn.figures.printing import ABSENT
from tilsyn.figures.series import MonthFigure
from tilsyn.rules.model import Threshold
from tilsyn.site.language import gettext, language
from tilsyn.vocabulary import MUNICIPALITIES, wording


@dataclass(frozen=True, slots=True)
class Shade:
    """A class of the map: its CSS class and its words in the key."""

    css: str
    words: str


@cache
def _outlines() -> dict[str, Any]:
    text = files("tilsyn.site").joinpath("data/map.json").read_text(encoding="utf-8")
    outlines: dict[str, Any] = json.loads(text)
    return outlines


def shade(figure: MonthFigure | None, line: Threshold) -> str:
    """The class of a month's share against a line."""
    if figure is None or figure.status == "not_available":
        return "absent"
    share = figure.exact
    if share is None:
        return "hidden"
    worst, _, near, half = _steps(line)
    if line.over(share):
        return "far-over" if share > worst else "over"
    return "near" if share >= near else "under" if share > half else "far-under"


def _steps(line: Threshold) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """The bounds of the classes; what is near the line is what the rule calls so."""
    at = Fraction(line.threshold)
    return at * Fraction(3, 2), at, at - Fraction(line.near_line), at / 2


OVER = ("far-over", "over")
"""The classes over the line."""


def near(line: Threshold) -> str:
    """What is near the line, in words: "19 % to 20 %"."""
    return key(line)[2].words


def key(line: Threshold, *, some: bool = False) -> list[Shade]:
    """The map's key, from the worst down.

    Args:
        line: the shares are shaded against.
        some: whether municipalities are left out of what is shown.
    """

    def share(value: Fraction) -> str:
        places = 0 if value.denominator == 1 else 1
        return wording.percent(value, language(), places)

    worst, at, close, half = _steps(line)
    over = gettext("over {share}", share=share(at))
    if not line.met_at_threshold:
        over = gettext("at least {share}", share=share(at))
    return [
        Shade("far-over", gettext("over {share}", share=share(worst))),
        Shade("over", over),
        Shade("near", gettext("{low} to {high}", low=share(close), high=share(at))),
        Shade("under", gettext("{low} to {high}", low=share(half), high=share(close))),
        Shade("far-under", gettext("at most {share}", share=share(half))),
        Shade("hidden", gettext("hidden")),
        Shade("absent", gettext("no figures")),
        *([Shade("outside", gettext("not among those chosen"))] if some else []),
    ]


def drawing(
    figures: Mapping[str, MonthFigure | None], line: Threshold, address: Callable[[str], str]
) -> str:
    """The map. It shows what the table beside it says, so it is hidden from screen readers.

    Args:
        figures: a month by municipality, of those that the table shows.
        line: the shares are shaded against.
        address: a municipality's page; a click on the map is a shortcut, the table has the links.
    """
    outlines = _outlines()
    parts = [f'<svg class="map" viewBox="{outlines["view_box"]}" aria-hidden="true">']
    for code, path in outlines["paths"].items():
        figure = figures.get(code)
        css = shade(figure, line) if code in figures else "outside"
        parts.append(
            f'<a href="{escape(address(code))}" tabindex="-1">'
            f'<path class="{css}" d="{path}"><title>'
            f"{escape(MUNICIPALITIES[code].name)}: {escape(shown(figure))}</title></path></a>"
        )
    # Bornholm lies in a frame of its own, where the sea is.
    parts.append('<path class="inset" d="M836 20H1008V215H836z"/></svg>')
    return "".join(parts)


def shown(figure: MonthFigure | None) -> str:
    """A month's share as tables print it."""
    return figure.shown(language()) if figure else ABSENT
