"""Standing bars side by side: a municipality against its region, or what is against what should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from tilsyn.charts.style import (
    CONFIG,
    GREY,
    NAVY,
    SMALL,
    WIDTH,
    counted,
    labelled,
    top_of,
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
        base = alt.Chart(alt.InlineData(rows)).encode(
            x=alt.X(
                "place:N",
                sort=None,
                scale=alt.Scale(paddingInner=0.3, paddingOuter=0.15),
                axis=alt.Axis(
                    labelExpr=labelled(labels),
                    labelLineHeight=SMALL * 1.16,
                    labelLimit=0,
                    title=self.places_unit or None,
                    titleAnchor="end",
                    ticks=False,
                    labelPadding=4,
                ),
            ),
            xOffset=alt.XOffset("name:N", sort=list(self.names)),
            y=alt.Y(
                "value:Q",
                scale=alt.Scale(domain=[0, highest]),
                axis=alt.Axis(**counted(highest, step)),
            ),
        )
        bars = base.mark_bar(stroke=GREY, strokeWidth=0.4).encode(
            color=alt.Color(
                "name:N",
                sort=None,
                scale=alt.Scale(domain=list(self.names), range=list(COLOURS[: len(self.names)])),
                legend=alt.Legend(title=None, symbolType="square", symbolStrokeColor=GREY,
                                  symbolStrokeWidth=0.4, offset=12),
            )
        )  # fmt: skip
        texts = base.mark_text(dy=-5, fontSize=SMALL - 0.5).encode(text="text:N")
        chart = alt.layer(bars, texts).properties(
            width=field,
            height=self.height,
            title=alt.TitleParams(self.unit, anchor="start", offset=4, fontWeight=400, color=GREY),
            autosize=alt.AutoSizeParams(type="none"),
            padding={"left": LEFT, "right": RIGHT, "top": 40,
                     "bottom": 10 + 9 * deepest + (10 if self.places_unit else 0)},
        )  # fmt: skip
        return {**chart.to_dict(validate=False), "config": CONFIG}
