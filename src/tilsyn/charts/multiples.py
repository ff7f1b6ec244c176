"""Small multiples: one little field a group, all on the same scale, so that none hides another.

The fields are laid out here and drawn in one view: a view each would take many times as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from tilsyn.charts.lines import Series
from tilsyn.charts.style import (
    CONFIG,
    GREY,
    LEADING,
    LIMIT,
    LINE,
    SMALL,
    STROKES,
    WIDTH,
    month_labels,
    top_of,
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
        chart = alt.layer(self._rules(rules), *self._lines(points), *self._texts(texts)).properties(
            width=WIDTH,
            height=fields[-1].top + HEIGHT + FOOT,
            autosize=alt.AutoSizeParams(type="none"),
            padding=0,
        )
        return {**chart.to_dict(validate=False), "config": CONFIG}

    def _rules(self, rows: list[dict[str, Any]]) -> Any:
        return (
            alt.Chart(alt.InlineData(rows))
            .mark_rule(strokeWidth=0.5)
            .encode(
                x=_placed_x("x"),
                x2="x2:Q",
                y=_placed_y("y"),
                color=alt.Color("colour:N", scale=None),
            )
        )

    def _lines(self, rows: list[dict[str, Any]]) -> list[Any]:
        colour = STROKES[0].colour
        base = alt.Chart(alt.InlineData(rows)).encode(x=_placed_x("x"), y=_placed_y("y"))
        return [
            base.mark_line(
                color=colour, strokeWidth=1.4, invalid="break-paths-show-domains"
            ).encode(detail="name:N"),
            base.mark_point(
                color=colour, filled=True, size=9, opacity=1, shape="circle", invalid="filter"
            ),
        ]

    def _texts(self, rows: list[dict[str, Any]]) -> list[Any]:
        made = []
        for align in ("left", "center", "right"):
            for bold in (True, False):
                chosen = [r for r in rows if r["align"] == align and r["bold"] is bold]
                if chosen:
                    base = alt.Chart(alt.InlineData(chosen)).mark_text(
                        align=align, baseline="alphabetic", fontWeight=600 if bold else 400
                    )
                    made.append(
                        base.encode(
                            x=_placed_x("x"),
                            y=_placed_y("y"),
                            text="text:N",
                            color=alt.Color("colour:N", scale=None),
                        )
                    )
        return made


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


def _placed_x(field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=_POINTS, axis=None)


def _placed_y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=_POINTS, axis=None)


# Points as they are. A scale all the same: without one, what is not known is drawn as nought.
_POINTS = alt.Scale(domain=[0, WIDTH], range=[0, WIDTH], nice=False, zero=False)
