"""Lying bars of persons, parted by how many conversations or offers they had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tilsyn.charts.style import (
    GREY,
    INK,
    LETTER,
    RAMP,
    SMALL,
    WIDTH,
    channel,
    counted,
    layer,
    top_of,
    whole,
)

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
        y = channel(
            "name",
            "nominal",
            scale={"domain": names, "paddingInner": 0.28, "paddingOuter": 0.15},
            axis={"labelLimit": NAMES, "labelColor": INK, "labelPadding": 5, "grid": False},
        )
        x = counted(
            "from", highest, step, grid=True, domain=False, title=self.unit, titleAnchor="end"
        )
        colour = channel(
            "category",
            "nominal",
            scale={"domain": list(self.categories), "range": self.colours},
            legend={
                "title": self.legend, "symbolStrokeColor": GREY, "symbolStrokeWidth": 0.4,
                "symbolType": "square",
            },
        )  # fmt: skip
        bars = {"x": x, "x2": {"field": "to"}, "y": y, "color": colour}
        texts = {
            "x": channel("middle"),
            "y": y,
            "text": {"field": "text"},
            "color": {"condition": {"test": "datum.dark", "value": "#ffffff"}, "value": INK},
        }
        return whole(
            (
                layer(rows, {"type": "bar", "stroke": GREY, "strokeWidth": 0.4}, bars),
                layer(rows, {"type": "text", "baseline": "middle"}, texts),
            ),
            (field, len(self.bars) * BAR),
            (NAMES, 20, RIGHT, 28),
        )
