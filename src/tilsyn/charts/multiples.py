"""Small multiples: one little field a group, all on the same scale, so that none hides another.

The fields are laid out here and drawn in one view: a view each would take many times as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tilsyn.charts.lines import Series
from tilsyn.charts.style import (
    GREY,
    LEADING,
    LIMIT,
    LINE,
    SMALL,
    STROKES,
    WIDTH,
    Spec,
    channel,
    layer,
    month_labels,
    top_of,
    whole,
    wrapped,
)
from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.wording import number

GAP, LEFT, RIGHT = 16, 22, 8
HEIGHT, HEADING, FOOT = 50, 24, 24
"""Of a field, in points: the drawing, the room for its name above, and for its months below."""


@dataclass(frozen=True, slots=True)
class Multiples:
    """Fields to draw, one a series.

    Attributes:
        unit: what the axes count.
        threshold: a level to draw in each.
    """

    months: tuple[YearMonth, ...]
    series: tuple[Series, ...]
    unit: str
    threshold: float | None = None

    def spec(self, language: str) -> dict[str, Any]:
        """The Vega-Lite specification."""
        values = [v for one in self.series for v in one.known]
        highest, step = top_of([*values, (self.threshold or 0) * 1.1], steps=2)
        fields = list(_fields(len(self.series)))
        levels = [n * step for n in range(round(highest / step) + 1)]
        rules: list[dict[str, Any]] = []
        texts: list[dict[str, Any]] = []
        points: list[dict[str, Any]] = []
        for series, field in zip(self.series, fields, strict=True):
            rules += [field.rule(level / highest, LINE) for level in levels[1:]]
            rules.append(field.rule(0, GREY))
            if self.threshold is not None:
                rules.append(field.rule(self.threshold / highest, LIMIT))
            texts += field.texts(series, levels, self.months, highest, language)
            points += field.points(series, highest)
        where = {"x": _placed("x"), "y": _placed("y")}
        rule = {"color": channel("colour", "nominal", scale=None), "x2": {"field": "x2"}}
        line = {"type": "line", "strokeWidth": 1.4, "invalid": "break-paths-show-domains"}
        point = {
            "type": "point", "filled": True, "size": 9, "opacity": 1, "shape": "circle",
            "invalid": "filter",
        }  # fmt: skip
        colour = {"color": STROKES[0].colour}
        return whole(
            (
                layer(rules, {"type": "rule", "strokeWidth": 0.5}, {**where, **rule}),
                layer(points, line | colour, {**where, "detail": channel("name", "nominal")}),
                layer(points, point | colour, where),
                *_texts(texts),
            ),
            (WIDTH, fields[-1].top + HEIGHT + FOOT),
        )


def _texts(rows: list[dict[str, Any]]) -> Iterator[Spec]:
    told = {
        "x": _placed("x"),
        "y": _placed("y"),
        "text": {"field": "text"},
        "color": channel("colour", "nominal", scale=None),
    }
    for align in ("left", "center", "right"):
        for bold in (True, False):
            chosen = [r for r in rows if r["align"] == align and r["bold"] is bold]
            weight = 600 if bold else 400
            mark = {"type": "text", "align": align, "baseline": "alphabetic", "fontWeight": weight}
            if chosen:
                yield layer(chosen, mark, told)


@dataclass(frozen=True, slots=True)
class _Field:
    """Where a field stands, in points from the picture's corner."""

    left: float
    top: float
    width: float
    first: bool

    def rule(self, height: float, colour: str) -> dict[str, Any]:
        y = self.top + HEIGHT * (1 - height)
        return {"x": self.left, "x2": self.left + self.width, "y": y, "colour": colour}

    def across(self, place: int, months: int) -> float:
        return self.left + (place + 0.5) / months * self.width

    def points(self, series: Series, highest: float) -> list[dict[str, Any]]:
        return [
            {
                "name": series.name,
                "x": self.across(place, len(series.values)),
                # A hidden value has a place and no height: it breaks the line.
                "y": None if value is None else self.top + HEIGHT * (1 - value / highest),
            }
            for place, value in enumerate(series.values)
        ]

    def texts(
        self,
        series: Series,
        levels: Sequence[float],
        months: Sequence[YearMonth],
        highest: float,
        language: str,
    ) -> Iterator[dict[str, Any]]:
        lines = wrapped(series.name, self.width)
        for n, line in enumerate(lines):
            y = self.top - 7 - (len(lines) - 1 - n) * LEADING
            yield _text(self.left, y, line, "left", "#1a1a1a", bold=True)
        if self.first:
            for level in levels:
                y = self.top + HEIGHT * (1 - level / highest) + SMALL * 0.35
                yield _text(self.left - 4, y, number(level, language), "right", GREY)
        every = max(1, len(months) // 4)
        for place, label in enumerate(month_labels(months, language, every=every).values()):
            for n, line in enumerate(label):
                y = self.top + HEIGHT + 3 + LEADING * (n + 1)
                if line:
                    yield _text(self.across(place, len(months)), y, line, "center", GREY)
        if series.last is not None:
            place, value = series.last
            x, y = self.across(place, len(months)), self.top + HEIGHT * (1 - value / highest) - 5
            yield _text(x, y, number(value, language), "center", STROKES[0].colour, bold=True)


def _fields(count: int) -> Iterator[_Field]:
    """The fields in rows that are about equally full."""
    rows = -(-count // 5)
    across = max(3, -(-count // rows))
    width = (WIDTH - LEFT - RIGHT - (across - 1) * GAP) / across
    for place in range(count):
        row, column = divmod(place, across)
        yield _Field(
            LEFT + column * (width + GAP),
            HEADING + row * (HEADING + HEIGHT + FOOT),
            width,
            column == 0,
        )


def _text(
    x: float, y: float, text: str, align: str, colour: str, *, bold: bool = False
) -> dict[str, Any]:
    return {"x": x, "y": y, "text": text, "align": align, "colour": colour, "bold": bold}


def _placed(field: str) -> Spec:
    """Points as they are. A scale all the same: without one, what is not known is drawn as nought."""
    scale = {"domain": [0, WIDTH], "range": [0, WIDTH], "nice": False, "zero": False}
    return channel(field, scale=scale, axis=None)
