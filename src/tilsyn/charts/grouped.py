"""Standing bars side by side: a municipality against its region, or what is against what should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tilsyn.charts.style import (
    GREY,
    LEADING,
    NAVY,
    SMALL,
    WIDTH,
    channel,
    counted,
    labelled,
    layer,
    top_of,
    whole,
    wrapped,
)
from tilsyn.vocabulary.wording import number

COLOURS = (NAVY, "#c2d1dc")
LEFT, RIGHT = 26, 6


@dataclass(frozen=True, slots=True)
class Grouped:
    """Bars to draw, in pairs or more.

    Attributes:
        names: what is compared, one colour each; dark first.
        places: by label, one value a name; None where it is not known.
        unit: what the axis counts.
        places_unit: what the labels are of ("uger"), under the axis.
    """

    names: tuple[str, ...]
    places: tuple[tuple[str, tuple[float | None, ...]], ...]
    unit: str
    places_unit: str = ""
    height: int = 105

    def spec(self, language: str) -> dict[str, Any]:
        """The Vega-Lite specification."""
        known = [v for _, values in self.places for v in values if v is not None]
        highest, step = top_of(known)
        rows = [
            {
                "place": place,
                "name": name,
                "value": value,
                "text": "" if value is None else number(value, language, 1),
            }
            for place, values in self.places
            for name, value in zip(self.names, values, strict=True)
        ]
        field = WIDTH - LEFT - RIGHT
        labels = {place: wrapped(place, field / len(self.places)) for place, _ in self.places}
        deepest = max(map(len, labels.values()))
        x = channel(
            "place",
            "nominal",
            scale={"paddingInner": 0.3, "paddingOuter": 0.15},
            axis={
                "labelExpr": labelled(labels),
                "labelLineHeight": LEADING,
                "labelLimit": 0,
                "title": self.places_unit or None,
                "titleAnchor": "end",
                "ticks": False,
                "labelPadding": 4,
            },
        )
        offset = {**channel("name", "nominal"), "sort": list(self.names)}
        where = {"x": x, "xOffset": offset, "y": counted("value", highest, step)}
        colour = channel(
            "name",
            "nominal",
            scale={"domain": list(self.names), "range": list(COLOURS[: len(self.names)])},
            legend={
                "title": None, "symbolType": "square", "symbolStrokeColor": GREY,
                "symbolStrokeWidth": 0.4, "offset": 12,
            },
        )  # fmt: skip
        bar = {"type": "bar", "stroke": GREY, "strokeWidth": 0.4}
        text = {"type": "text", "dy": -5, "fontSize": SMALL - 0.5}
        return whole(
            (
                layer(rows, bar, {**where, "color": colour}),
                layer(rows, text, {**where, "text": {"field": "text"}}),
            ),
            (field, self.height),
            (LEFT, 40, RIGHT, 10 + 9 * deepest + (10 if self.places_unit else 0)),
            self.unit,
        )
