"""Lines along months with a threshold, each named at its end, broken where a value is not shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import altair as alt

from tilsyn.charts.style import (
    CONFIG,
    GREY,
    LEADING,
    LETTER,
    LIMIT,
    SHOWN,
    SMALL,
    STROKES,
    TOTAL,
    WIDTH,
    Stroke,
    counted,
    labelled,
    month_labels,
    reading,
    top_of,
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
        axis_x = alt.Axis(
            values=self.domain[::every],
            labelExpr=labelled(month_labels(self.months, language, every=every)),
            labelLineHeight=LEADING,
        )
        # Named, so that a layer of some of the months does not put them first.
        months = alt.Scale(type="point", domain=self.domain, padding=0.5)
        x = alt.X("month:O", sort=None, axis=axis_x, scale=months)
        y = alt.Y(
            "value:Q",
            scale=alt.Scale(domain=[0, highest]),
            axis=alt.Axis(**counted(highest, step)),
        )
        layers = [
            self._expected(x, y),
            reading("month", self.domain, x),
            self._limit(y),
            *self._drawn(x, y),
            *self._names(highest, field, names, language),
        ]
        chart = alt.layer(*filter(None, layers)).properties(
            width=field,
            height=self.height,
            title=alt.TitleParams(
                wrapped(self.unit, width - LEFT),
                anchor="start",
                offset=7,
                fontWeight=400,
                color=GREY,
                lineHeight=LEADING,
            ),
            autosize=alt.AutoSizeParams(type="none"),
            padding={"left": LEFT, "right": names, "top": self._top(width), "bottom": BOTTOM},
        )
        return {**chart.to_dict(validate=False), "config": CONFIG}

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

    def _expected(self, x: alt.X, y: alt.Y) -> Any:
        bounds = zip(self.months, self.band, strict=True) if self.band else ()
        name = next((one.name for one in self.series if one.total), "")
        rows = [
            {"month": str(m), "value": b[0], "high": b[1], "name": name} for m, b in bounds if b
        ]
        if not rows:
            return None
        area = alt.Chart(alt.InlineData(rows)).mark_area(color=TOTAL.colour, opacity=0.15)
        return area.transform_filter(SHOWN).encode(x=x, y=y, y2="high:Q")

    def _limit(self, y: alt.Y) -> Any:
        if self.threshold is None:
            return None
        data = alt.InlineData([{"value": self._level}])
        return alt.Chart(data).mark_rule(color=LIMIT, strokeDash=[5, 3], strokeWidth=1).encode(y=y)

    def _drawn(self, x: alt.X, y: alt.Y) -> list[Any]:
        # The total is drawn last, over the others.
        series = sorted(self.series, key=lambda one: one.total)
        rows = [
            {"month": str(month), "value": value, "name": one.name, "total": one.total}
            for one in series
            for month, value in zip(self.months, one.values, strict=True)
        ]
        names = [one.name for one in series]
        strokes = [self.stroke(one) for one in series]

        def told_by(values: list[Any]) -> alt.Scale:
            return alt.Scale(domain=names, range=values)

        colour = alt.Color(
            "name:N", sort=None, legend=None, scale=told_by([s.colour for s in strokes])
        )
        dash = alt.StrokeDash(
            "name:N",
            sort=None,
            legend=None,
            scale=told_by([list(s.dash) or [1, 0] for s in strokes]),
        )
        shape = alt.Shape(
            "name:N", sort=None, legend=None, scale=told_by([s.shape for s in strokes])
        )
        lines, points = (
            alt.Chart(alt.InlineData(data)).transform_filter(SHOWN).encode(x=x, y=y, color=colour)
            for data in (rows, list(self._points(series)))
        )
        return [
            lines.mark_line(invalid="break-paths-show-domains").encode(
                strokeDash=dash,
                strokeWidth=alt.condition("datum.total", alt.value(2.2), alt.value(1.3)),
            ),
            points.mark_point(filled=True, opacity=1, invalid="filter").encode(
                shape=shape, size=alt.condition("datum.total", alt.value(22), alt.value(16))
            ),
        ]

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

    def _names(self, highest: float, field: float, room: float, language: str) -> list[Any]:
        ends = []
        for series in self.series:
            if series.last is not None:
                place, value = series.last
                ends.append(_End(series.name, value, place, self.stroke(series), series.total))
        if self.threshold is not None:
            last = len(self.months) - 1
            ends.append(
                _End(
                    self._limit_name(language), self._level, last, Stroke(LIMIT, (5, 3), ""), False
                )
            )
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
        base = (
            alt.Chart(alt.InlineData(rows))
            .transform_filter(SHOWN)
            .encode(color=alt.Color("colour:N", scale=None, legend=None))
        )
        texts = base.encode(
            x=alt.value(field + 11), y=alt.Y("first:Q", scale=None, axis=None), text="text:N"
        )
        # To a line that ends before the others no thread is drawn: it would look like one of them.
        thread = base.transform_filter("!datum.early").mark_rule(strokeWidth=0.5, opacity=0.6)
        key = base.transform_filter("datum.early").mark_point(filled=True, opacity=1, size=16)
        return [
            thread.encode(
                x=alt.X("x:Q", scale=None, axis=None),
                x2="x2:Q",
                y=alt.Y("y:Q", scale=None, axis=None),
                y2="y2:Q",
            ),
            key.encode(
                x=alt.value(field + 5),
                y=alt.Y("y2:Q", scale=None, axis=None),
                shape=alt.Shape("shape:N", scale=None, legend=None),
            ),
            _named(texts.transform_filter("datum.total"), weight=600),
            _named(texts.transform_filter("!datum.total"), weight=400),
        ]


def _named(chart: alt.Chart, weight: Literal[400, 600]) -> Any:
    """The names at the lines' ends, broken where they were wrapped."""
    return chart.mark_text(
        align="left", baseline="middle", lineBreak="\n", lineHeight=LEADING, fontWeight=weight
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
