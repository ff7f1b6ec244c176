"""Lines along months with a threshold, each named at its end, broken where a value is not shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tilsyn.charts.style import (
    LEADING,
    LETTER,
    LIMIT,
    SHOWN,
    SMALL,
    STROKES,
    TOTAL,
    WIDTH,
    Spec,
    Stroke,
    channel,
    counted,
    labelled,
    layer,
    month_labels,
    reading,
    top_of,
    whole,
    wrapped,
)
from tilsyn.charts.words import limit, word
from tilsyn.figures.printing import ABSENT
from tilsyn.rules.model import Threshold
from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.wording import number

LEFT, TOP, BOTTOM = 26, 12, 26
NAMES = 128
"""Room in points for the names at the lines' ends, where the chart is wide."""
NAMES_SHARE = 0.36
"""What of a narrow chart's width the names have, or what their longest word takes."""
ENDS = 16
"""Room in points from the field to a name, and beyond it."""
LABEL = 22
"""Room in points for a month's label."""
MANY = 24
"""With more months than these, only a value between two hidden ones has a point."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one group or area by month.

    Attributes:
        values: one a month; None where it is hidden or absent, which breaks the line.
        total: whether it is what the chart is about, drawn heavier.
        printed: the values as tables print them, which tells hidden from absent; by default with one decimal.
    """

    name: str
    values: tuple[float | None, ...]
    total: bool = False
    printed: tuple[str, ...] = ()

    @property
    def known(self) -> list[float]:
        """The values there are."""
        return [value for value in self.values if value is not None]

    @property
    def last(self) -> tuple[int, float] | None:
        """The last known value with its place; None where nothing is known."""
        known = [(place, value) for place, value in enumerate(self.values) if value is not None]
        return known[-1] if known else None

    def shown(self, place: int, language: str) -> str:
        """A value as tables print it."""
        if self.printed:
            return self.printed[place]
        value = self.values[place]
        return ABSENT if value is None else number(value, language, 1)

    def alone(self, place: int) -> bool:
        """Whether a value is known and both its neighbours are not."""
        around = (self.values[k] for k in (place - 1, place + 1) if 0 <= k < len(self.values))
        return self.values[place] is not None and all(value is None for value in around)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to draw.

    Attributes:
        series: at most one more than there are strokes; the total may be among them.
        unit: what the axis counts, printed above it.
        threshold: a level to draw.
        height: of the field, in points.
        band: by month the bounds between which the total is expected; None: no bounds.
    """

    months: tuple[YearMonth, ...]
    series: tuple[Series, ...]
    unit: str
    threshold: Threshold | None = None
    height: int = 150
    band: tuple[tuple[float, float] | None, ...] = ()

    @property
    def domain(self) -> list[str]:
        """What stands along the axis."""
        return [str(month) for month in self.months]

    @property
    def names(self) -> list[str]:
        """What can be left out when the chart is read."""
        return [one.name for one in self.series]

    def drawn_height(self, width: float = WIDTH) -> int:
        """Of the whole chart, in points."""
        return self._top(width) + self.height + BOTTOM

    def spec(self, language: str, width: float = WIDTH) -> dict[str, Any]:
        """The Vega-Lite specification.

        Args:
            width: of the whole chart, in points.
        """
        values = [v for one in self.series for v in one.known]
        bounds = [high for _, high in filter(None, self.band)]
        highest, step = top_of([*values, *bounds, self._level * 1.1])
        names = self._room(width, language)
        field = width - LEFT - names
        least = LABEL * len(self.months) / field
        every = next((n for n in (1, 2, 3, 4, 6) if n >= least), 12)
        x = channel(
            "month",
            "ordinal",
            # Named, so that a layer of some of the months does not put them first.
            scale={"type": "point", "domain": self.domain, "padding": 0.5},
            axis={
                "values": self.domain[::every],
                "labelExpr": labelled(month_labels(self.months, language, every=every)),
                "labelLineHeight": LEADING,
            },
        )
        y = counted("value", highest, step)
        return whole(
            (
                self._expected(x, y),
                reading("month", self.domain, x),
                self._limit(y),
                *self._drawn(x, y),
                *self._names(highest, field, names, language),
            ),
            (field, self.height),
            (LEFT, self._top(width), names, BOTTOM),
            wrapped(self.unit, width - LEFT),
            offset=7,
        )

    @property
    def _level(self) -> float:
        return float(self.threshold.threshold) if self.threshold else 0

    def _room(self, width: float, language: str) -> float:
        """For the names at the ends: where the chart is narrow, what their longest word takes."""
        named = " ".join(one.name for one in self.series if one.known)
        longest = max(map(len, [*named.split(), *self._limit_name(language).split()]), default=0)
        return min(NAMES, max(NAMES_SHARE * width, longest * SMALL * LETTER + ENDS))

    def _limit_name(self, language: str) -> str:
        if self.threshold is None:
            return ""
        return word(language, "limit", limit=limit(self.threshold, language))

    def _top(self, width: float) -> int:
        return round(TOP + len(wrapped(self.unit, width - LEFT)) * LEADING)

    def stroke(self, series: Series) -> Stroke:
        """How a series is drawn."""
        if series.total:
            return TOTAL
        others = [one for one in self.series if not one.total]
        return STROKES[others.index(series) % len(STROKES)]

    def _expected(self, x: Spec, y: Spec) -> Spec | None:
        bounds = zip(self.months, self.band, strict=True) if self.band else ()
        name = next((one.name for one in self.series if one.total), "")
        rows = [
            {"month": str(m), "value": b[0], "high": b[1], "name": name} for m, b in bounds if b
        ]
        area = {"type": "area", "color": TOTAL.colour, "opacity": 0.15}
        told = {"x": x, "y": y, "y2": {"field": "high"}}
        return layer(rows, area, told, SHOWN) if rows else None

    def _limit(self, y: Spec) -> Spec | None:
        if self.threshold is None:
            return None
        rule = {"type": "rule", "color": LIMIT, "strokeDash": [5, 3], "strokeWidth": 1}
        return layer([{"value": self._level}], rule, {"y": y})

    def _drawn(self, x: Spec, y: Spec) -> tuple[Spec, Spec]:
        # The total is drawn last, over the others.
        series = sorted(self.series, key=lambda one: one.total)
        rows = [
            {"month": str(month), "value": value, "name": one.name, "total": one.total}
            for one in series
            for month, value in zip(self.months, one.values, strict=True)
        ]
        names = [one.name for one in series]
        strokes = [self.stroke(one) for one in series]

        def told_by(values: list[Any]) -> Spec:
            return channel("name", "nominal", legend=None, scale={"domain": names, "range": values})

        def heavier(total: float, other: float) -> Spec:
            return {"condition": {"test": "datum.total", "value": total}, "value": other}

        where = {"x": x, "y": y, "color": told_by([one.colour for one in strokes])}
        line = {"type": "line", "invalid": "break-paths-show-domains"}
        dashes = told_by([list(one.dash) or [1, 0] for one in strokes])
        point = {"type": "point", "filled": True, "opacity": 1, "invalid": "filter"}
        shapes = told_by([one.shape for one in strokes])
        return (
            layer(
                rows, line, {**where, "strokeDash": dashes, "strokeWidth": heavier(2.2, 1.3)}, SHOWN
            ),
            layer(
                self._points(series),
                point,
                {**where, "shape": shapes, "size": heavier(22, 16)},
                SHOWN,
            ),
        )

    def _points(self, series: Sequence[Series]) -> Iterator[dict[str, Any]]:
        # A value between two hidden ones is no line; its point still shows it.
        for one in series:
            for place, (month, value) in enumerate(zip(self.months, one.values, strict=True)):
                if value is not None and (len(self.months) <= MANY or one.alone(place)):
                    yield {
                        "month": str(month),
                        "value": value,
                        "name": one.name,
                        "total": one.total,
                    }

    def _names(self, highest: float, field: float, room: float, language: str) -> tuple[Spec, ...]:
        ends = []
        for series in self.series:
            if series.last is not None:
                place, value = series.last
                ends.append(_End(series.name, value, place, self.stroke(series), series.total))
        if self.threshold is not None:
            last = len(self.months) - 1
            name, stroke = self._limit_name(language), Stroke(LIMIT, (5, 3), "")
            ends.append(_End(name, self._level, last, stroke, total=False))
        per_point = highest / self.height
        lines = [wrapped(end.name, room - ENDS) for end in ends]
        places = dodged(
            [end.value / per_point for end in ends],
            [len(text) * LEADING + 1.5 for text in lines],
            0,
            self.height,
        )
        rows = [
            {
                "x": (end.place + 0.5) / len(self.months) * field + 4,
                "x2": field + 8,
                "y": self.height - end.value / per_point,
                "y2": self.height - height,
                "name": end.name,
                "text": "\n".join(text),
                "first": self.height - height - (len(text) - 1) * LEADING / 2,
                "colour": end.stroke.colour,
                "shape": end.stroke.shape,
                "total": end.total,
                "early": end.place < len(self.months) - 1,
            }
            for end, text, height in zip(ends, lines, places, strict=True)
        ]

        def placed(field: str) -> Spec:
            return channel(field, scale=None, axis=None)

        colour = channel("colour", "nominal", scale=None, legend=None)
        thread = {
            "color": colour,
            "x": placed("x"),
            "x2": {"field": "x2"},
            "y": placed("y"),
            "y2": {"field": "y2"},
        }
        key = {
            "color": colour,
            "x": {"value": field + 5},
            "y": placed("y2"),
            "shape": channel("shape", "nominal", scale=None, legend=None),
        }
        text = {
            "color": colour,
            "x": {"value": field + 11},
            "y": placed("first"),
            "text": {"field": "text"},
        }

        def written(weight: int) -> Spec:
            return {
                "type": "text", "align": "left", "baseline": "middle", "lineBreak": "\n",
                "lineHeight": LEADING, "fontWeight": weight,
            }  # fmt: skip

        point = {"type": "point", "filled": True, "opacity": 1, "size": 16}
        return (
            # To a line that ends before the others no thread is drawn: it would look like one of them.
            layer(
                rows,
                {"type": "rule", "strokeWidth": 0.5, "opacity": 0.6},
                thread,
                SHOWN,
                "!datum.early",
            ),
            layer(rows, point, key, SHOWN, "datum.early"),
            layer(rows, written(600), text, SHOWN, "datum.total"),
            layer(rows, written(400), text, SHOWN, "!datum.total"),
        )


@dataclass(frozen=True, slots=True)
class _End:
    name: str
    value: float
    place: int
    stroke: Stroke
    total: bool


def dodged(
    wanted: Sequence[float], sizes: Sequence[float], least: float, most: float
) -> list[float]:
    """Places as near as can be to those wanted, such that nothing of these sizes overlaps.

    Args:
        wanted: where each thing's middle wants to be.
        sizes: how much room each takes.
        least: where the room begins.
        most: where it ends; things leave it only when it is too small for all.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    places = [min(max(w, least), most) for w in wanted]
    gaps = {(a, b): (sizes[a] + sizes[b]) / 2 for a, b in pairwise(order)}
    for _ in range(200):
        moved = 0.0
        for (a, b), gap in gaps.items():
            short = gap - (places[b] - places[a])
            if short > 1e-6:
                places[a] -= short / 2
                places[b] += short / 2
                moved = max(moved, short)
        if moved < 0.01:
            break
    # Pushed out at an end: slide the neighbours along, from that end.
    if order:
        places[order[0]] = max(places[order[0]], least - sizes[order[0]] / 4)
        for (a, b), gap in gaps.items():
            places[b] = max(places[b], places[a] + gap)
        places[order[-1]] = min(places[order[-1]], most + sizes[order[-1]] / 4)
        for (a, b), gap in reversed(gaps.items()):
            places[a] = min(places[a], places[b] - gap)
    return places
