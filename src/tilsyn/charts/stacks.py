"""Lying bars of persons, parted by how many conversations or offers they had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from tilsyn.charts.style import CONFIG, GREY, INK, LETTER, RAMP, SMALL, WIDTH, counted, top_of

NAMES = 172
"""Room in points for the groups' names."""

RIGHT = 12
BAR = 15.5


@dataclass(frozen=True, slots=True)
class Stacks:
    """Bars to draw.

    Attributes:
        bars: by name, one number a category; None where it is hidden.
        categories: what the parts are called, from fewest to most.
        short: how many of the categories are too few; they take the warm colours.
        legend: the heading of the categories.
        unit: what the axis counts.
    """

    bars: tuple[tuple[str, tuple[float | None, ...]], ...]
    categories: tuple[str, ...]
    short: int
    legend: str
    unit: str

    @property
    def colours(self) -> list[str]:
        """A colour a category: warm and dark for too few, cool and light for enough."""
        warm = RAMP[:4]
        cool = RAMP[4:]
        few = [warm[round(i * (len(warm) - 1) / max(self.short - 1, 1))] for i in range(self.short)]
        enough = len(self.categories) - self.short
        return [*few, *cool[len(cool) - enough :]]

    def spec(self, language: str) -> dict[str, Any]:
        """The Vega-Lite specification."""
        field = WIDTH - NAMES - RIGHT
        highest, step = top_of([sum(v for v in values if v) for _, values in self.bars], steps=5)
        rows = []
        for name, values in self.bars:
            start = 0.0
            for place, (category, value) in enumerate(zip(self.categories, values, strict=True)):
                if not value:
                    continue
                # A number stands in its part only where there is room for it.
                fits = len(f"{value:.0f}") * SMALL * LETTER + 5 <= value / highest * field
                rows.append(
                    {
                        "name": name,
                        "category": category,
                        "order": place,
                        "from": start,
                        "to": start + value,
                        "text": f"{value:.0f}" if fits else "",
                        "middle": start + value / 2,
                        "dark": self.colours[place] in RAMP[:2],
                    }
                )
                start += value
        names = [name for name, _ in self.bars]
        y = alt.Y(
            "name:N",
            sort=None,
            scale=alt.Scale(domain=names, paddingInner=0.28, paddingOuter=0.15),
            axis=alt.Axis(labelLimit=NAMES, labelColor=INK, labelPadding=5, grid=False),
        )
        base = alt.Chart(alt.InlineData(rows)).encode(y=y)
        bars = base.mark_bar(stroke=GREY, strokeWidth=0.4).encode(
            x=alt.X(
                "from:Q",
                scale=alt.Scale(domain=[0, highest]),
                axis=alt.Axis(
                    **counted(highest, step),
                    grid=True,
                    domain=False,
                    title=self.unit,
                    titleAnchor="end",
                ),
            ),
            x2="to:Q",
            color=alt.Color(
                "category:N",
                sort=None,
                scale=alt.Scale(domain=list(self.categories), range=self.colours),
                legend=alt.Legend(title=self.legend, symbolStrokeColor=GREY, symbolStrokeWidth=0.4,
                                  symbolType="square"),
            ),
        )  # fmt: skip
        texts = base.mark_text(baseline="middle").encode(
            x="middle:Q",
            text="text:N",
            color=alt.condition("datum.dark", alt.value("#ffffff"), alt.value(INK)),
        )
        chart = alt.layer(bars, texts).properties(
            width=field,
            height=len(self.bars) * BAR,
            autosize=alt.AutoSizeParams(type="none"),
            padding={"left": NAMES, "right": RIGHT, "top": 20, "bottom": 28},
        )
        return {**chart.to_dict(validate=False), "config": CONFIG}
