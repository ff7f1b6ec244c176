"""Small multiples: one little field a group, all on the same scale, so that none hides another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from tilsyn.documents.charts.series import Series
from tilsyn.documents.charts.style import (
    CONFIG,
    LIMIT,
    NAVY,
    SMALL,
    STROKES,
    WIDTH,
    month_labels,
    top_of,
    wrapped,
)
from tilsyn.vocabulary import YearMonth

GAP, LEFT, RIGHT = 16, 24, 6
BETWEEN = 34
"""Room between the rows, for the headings."""

HEIGHT = 52
LEADING = SMALL * 1.16


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
        across = _across(len(self.series))
        width = (WIDTH - LEFT - RIGHT - (across - 1) * GAP) / across
        fields = [
            self._field(series, place, across, width, highest, step, language)
            for place, series in enumerate(self.series)
        ]
        chart = alt.concat(
            *fields, columns=across, spacing={"row": BETWEEN, "column": GAP}, bounds="flush"
        ).properties(padding={"left": 0, "right": RIGHT, "top": 2, "bottom": 2})
        return {**chart.to_dict(validate=False), "config": CONFIG}

    def _field(
        self,
        series: Series,
        place: int,
        across: int,
        width: float,
        highest: float,
        step: float,
        language: str,
    ) -> Any:
        first_across = place % across == 0
        ends = range(round(highest / step) + 1)
        last_row = place + across >= len(self.series)
        rows = [
            {"month": str(month), "value": value}
            for month, value in zip(self.months, series.values, strict=True)
        ]
        every = max(1, len(self.months) // 4)
        axis_x = (
            alt.Axis(labelExpr=month_labels(self.months, language, every=every), ticks=False,
                     labelLineHeight=LEADING, labelOverlap=False)
            if last_row
            else alt.Axis(labels=False, ticks=False)
        )  # fmt: skip
        x = alt.X("month:O", sort=None, axis=axis_x, scale=alt.Scale(padding=0.4))
        y = alt.Y(
            "value:Q",
            scale=alt.Scale(domain=[0, highest]),
            axis=alt.Axis(values=[n * step for n in ends], labels=first_across),
        )
        base = alt.Chart(alt.InlineData(rows)).encode(x=x, y=y)
        colour = NAVY if series.total else STROKES[0].colour
        layers: list[Any] = []
        if self.threshold is not None:
            level = alt.Chart(alt.InlineData([{"value": self.threshold}]))
            layers.append(
                level.mark_rule(color=LIMIT, strokeDash=[4, 3], strokeWidth=0.8).encode(y=y)
            )
        layers += [
            base.mark_line(color=colour, strokeWidth=1.4, invalid="break-paths-show-domains"),
            base.mark_point(
                color=colour, fill=colour, size=9, opacity=1, strokeWidth=0, invalid="filter"
            ),
        ]
        if series.last is not None:
            at, value = series.last
            text = {"month": str(self.months[at]), "value": value, "text": f"{value:.0f}"}
            layers.append(
                alt.Chart(alt.InlineData([text]))
                .mark_text(dy=-7, align="center", color=colour, fontWeight=600, clip=False)
                .encode(x=x, y=y, text="text:N")
            )
        # A title of the field would stand higher where the axis has a label; a text does not.
        lines = wrapped(series.name, width)
        layers.append(
            alt.Chart(alt.InlineData([{}]))
            .mark_text(
                align="left",
                baseline="bottom",
                fontWeight=600,
                lineHeight=LEADING,
                dy=-(len(lines) - 1) * LEADING,
            )
            .encode(text=alt.value(lines), x=alt.value(0), y=alt.value(-7))
        )
        return alt.layer(*layers).properties(width=width, height=HEIGHT)


def _across(fields: int) -> int:
    """How many fields stand beside each other, such that the rows are about equally full."""
    rows = -(-fields // 5)
    return max(3, -(-fields // rows))
