"""Room and what takes it, week by week: standing bars in parts, under a line of the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from tilsyn.charts.style import (
    CONFIG,
    GREY,
    INK,
    LIMIT,
    NAVY,
    SHOWN,
    SMALL,
    WIDTH,
    counted,
    labelled,
    reading,
    top_of,
)

LEFT, RIGHT, TOP, BOTTOM = 30, 8, 34, 30
COLOURS = (NAVY, "#9db8cc")
"""Of the parts, from the foot: what stands fast is dark."""


@dataclass(frozen=True, slots=True)
class Load:
    """Bars to draw.

    Attributes:
        places: labels under the bars; every so many are written that they have room.
        parts: by name, from the foot, one value a place.
        room: by place, the level of the line.
        room_name: what the line is called.
        unit: what the axis counts.
        places_unit: what the labels are of ("uge").
    """

    places: tuple[str, ...]
    parts: tuple[tuple[str, tuple[float, ...]], ...]
    room: tuple[float, ...]
    room_name: str
    unit: str
    places_unit: str = ""
    height: int = 110

    @property
    def domain(self) -> list[str]:
        """What stands along the axis."""
        return list(self.places)

    @property
    def names(self) -> list[str]:
        """What can be left out when the chart is read."""
        return [*(name for name, _ in self.parts), self.room_name]

    def drawn_height(self, width: float = WIDTH) -> int:
        """Of the whole chart, in points."""
        return TOP + self.height + BOTTOM

    def spec(self, language: str, width: float = WIDTH) -> dict[str, Any]:
        """The Vega-Lite specification.

        Args:
            width: of the whole chart, in points.
        """
        sums = [sum(values) for values in zip(*(v for _, v in self.parts), strict=True)]
        highest, step = top_of([*sums, *self.room])
        field = width - LEFT - RIGHT
        each = field / max(len(self.places), 1)
        every = max(1, -(-int(SMALL * 3) // max(int(each), 1)))
        labels = {p: [p if n % every == 0 else ""] for n, p in enumerate(self.places)}
        x = alt.X(
            "place:N",
            sort=None,
            scale=alt.Scale(paddingInner=0.25, paddingOuter=0.12, domain=list(self.places)),
            axis=alt.Axis(
                labelExpr=labelled(labels),
                labelLimit=0,
                title=self.places_unit or None,
                titleAnchor="end",
                ticks=False,
                labelPadding=4,
            ),
        )
        y = alt.Y(
            "value:Q",
            scale=alt.Scale(domain=[0, highest]),
            axis=alt.Axis(**counted(highest, step)),
        )
        colour = alt.Color(
            "name:N",
            sort=None,
            scale=alt.Scale(domain=self.names, range=[*COLOURS[: len(self.parts)], LIMIT]),
            legend=alt.Legend(title=None, symbolType="square", offset=6, labelColor=INK),
        )
        bars = (
            alt.Chart(alt.InlineData(self._bars()))
            .transform_filter(SHOWN)
            .mark_bar(stroke=GREY, strokeWidth=0.4)
            .encode(x=x, y=y, y2="from:Q", color=colour)
        )
        ticks = (
            alt.Chart(
                alt.InlineData(
                    [
                        {"place": p, "value": v, "name": self.room_name}
                        for p, v in zip(self.places, self.room, strict=True)
                    ]
                )
            )
            .transform_filter(SHOWN)
            .mark_tick(thickness=1.6, opacity=1, size=each * 0.96, orient="horizontal")
            .encode(x=x, y=y, color=colour)
        )
        chart = alt.layer(reading("place", self.places, x), bars, ticks).properties(
            width=field,
            height=self.height,
            title=alt.TitleParams(self.unit, anchor="start", offset=4, fontWeight=400, color=GREY),
            autosize=alt.AutoSizeParams(type="none"),
            padding={"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
        )
        return {**chart.to_dict(validate=False), "config": CONFIG}

    def _bars(self) -> list[dict[str, Any]]:
        rows = []
        for n, place in enumerate(self.places):
            foot = 0.0
            for name, values in self.parts:
                if values[n]:
                    rows.append(
                        {"place": place, "name": name, "from": foot, "value": foot + values[n]}
                    )
                foot += values[n]
        return rows
