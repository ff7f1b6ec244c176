"""Room and what takes it, week by week: standing bars in parts, under a line of the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tilsyn.charts.style import (
    GREY,
    INK,
    LIMIT,
    NAVY,
    SHOWN,
    SMALL,
    WIDTH,
    channel,
    counted,
    labelled,
    layer,
    reading,
    top_of,
    whole,
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
        x = channel(
            "place",
            "nominal",
            scale={"paddingInner": 0.25, "paddingOuter": 0.12, "domain": self.domain},
            axis={
                "labelExpr": labelled(labels),
                "labelLimit": 0,
                "title": self.places_unit or None,
                "titleAnchor": "end",
                "ticks": False,
                "labelPadding": 4,
            },
        )
        colour = channel(
            "name",
            "nominal",
            scale={"domain": self.names, "range": [*COLOURS[: len(self.parts)], LIMIT]},
            legend={"title": None, "symbolType": "square", "offset": 6, "labelColor": INK},
        )
        where = {"x": x, "y": counted("value", highest, step), "color": colour}
        room = [
            {"place": place, "value": value, "name": self.room_name}
            for place, value in zip(self.places, self.room, strict=True)
        ]
        bar = {"type": "bar", "stroke": GREY, "strokeWidth": 0.4}
        tick = {
            "type": "tick", "thickness": 1.6, "opacity": 1, "size": each * 0.96,
            "orient": "horizontal",
        }  # fmt: skip
        return whole(
            (
                reading("place", self.places, x),
                layer(self._bars(), bar, {**where, "y2": {"field": "from"}}, SHOWN),
                layer(room, tick, where, SHOWN),
            ),
            (field, self.height),
            (LEFT, TOP, RIGHT, BOTTOM),
            self.unit,
        )

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
