"""The look all charts share: sizes in points of the printed page, colours, dashes, months and numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.months import DANISH, ENGLISH

FONT = "IBM Plex Sans"
WIDTH = 465
"""A chart's whole width in points: the text's width on A4, so that its type is printed in true size."""

SMALL, LETTER = 7.5, 0.54
"""Size of the type in points, and the mean width of a letter as a share of it."""

LEADING = SMALL * 1.16
"""From line to line."""

INK, NAVY, GREY, LINE = "#1a1a1a", "#14395b", "#55606b", "#dbe1e6"
LIMIT = "#8a1409"


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is told from the others without its colour: dashes and the shape of its points."""

    colour: str
    dash: tuple[int, ...]
    shape: str


STROKES = (
    Stroke("#b3501f", (), "square"),
    Stroke("#1f7a72", (6, 2), "triangle-up"),
    Stroke("#7a4b8c", (2, 2), "diamond"),
    Stroke("#8a6d12", (7, 2, 1, 2), "cross"),
    Stroke("#3f6fa8", (4, 3), "triangle-down"),
)
"""For groups, in their order; the total has `TOTAL`."""

TOTAL = Stroke(NAVY, (), "circle")

RAMP = ("#6b160c", "#a4402c", "#cb7556", "#e2a98f", "#c2d1dc", "#e4ebf0")
"""From none to many: dark to light, so that it reads in grey; warm for what is too few."""

LOCALES: dict[str, dict[str, Any]] = {
    "da": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " kr."]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
}
"""How axes write numbers."""

CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelColor": GREY,
        "labelFontSize": SMALL,
        "titleColor": GREY,
        "titleFontSize": SMALL,
        "titleFontWeight": 400,
        "gridColor": LINE,
        "gridWidth": 0.5,
        "domainColor": GREY,
        "domainWidth": 0.5,
        "tickColor": GREY,
        "tickWidth": 0.5,
        "tickSize": 3,
    },
    "axisX": {"grid": False, "title": None, "labelAngle": 0},
    "axisY": {"domain": False, "ticks": False, "title": None},
    "legend": {
        "labelColor": INK,
        "labelFontSize": SMALL,
        "titleColor": INK,
        "titleFontSize": SMALL,
        "titleFontWeight": 400,
        "symbolSize": 55,
        "orient": "top",
        "direction": "horizontal",
        "titleOrient": "left",
        "offset": 4,
        "columnPadding": 8,
    },
    "title": {"font": FONT, "fontSize": SMALL, "color": INK, "fontWeight": 600},
    "text": {"font": FONT, "fontSize": SMALL, "color": INK},
}


def month_labels(
    months: Sequence[YearMonth], language: str, *, every: int = 1
) -> dict[str, list[str]]:
    """What stands under months: ["sep", "2022"], the year under its first labelled month only.

    Args:
        months: the axis's months.
        language: "da" or "en".
        every: label each month, or only every second, third …
    """
    names = DANISH if language == "da" else ENGLISH
    labels: dict[str, list[str]] = {}
    named = 0
    for place, month in enumerate(months):
        labelled = place % every == 0
        labels[str(month)] = [
            names[month.month - 1][:3] if labelled else "",
            str(month.year) if labelled and month.year != named else "",
        ]
        named = month.year if labelled else named
    return labels


def labelled(labels: dict[str, list[str]]) -> str:
    """The expression that writes an axis's values with these labels."""
    return f"{json.dumps(labels)}[datum.value]"


Spec = dict[str, Any]
"""A part of a Vega-Lite specification."""

SHOWN = "indexof(off, datum.name) < 0"
"""What is drawn of rows with a name: those that the reader has not left out."""


def channel(
    field: str, kind: Literal["quantitative", "ordinal", "nominal"] = "quantitative", **more: Any
) -> Spec:
    """What a field of the rows is told by, in the order of the rows."""
    order = {} if kind == "quantitative" else {"sort": None}
    return {"field": field, "type": kind, **order, **more}


def layer(rows: Iterable[Spec], mark: Spec, encoding: Spec, *only: str) -> Spec:
    """Marks, one a row or one for all.

    Args:
        only: what must hold for a row to be drawn.
    """
    filters = [{"filter": one} for one in only]
    return {
        "data": {"values": list(rows)},
        "transform": filters,
        "mark": mark,
        "encoding": encoding,
    }


def reading(field: str, domain: Sequence[str], x: Spec) -> Spec:
    """The stroke over the place whose values are read; nothing where none is.

    Args:
        field: what stands along the axis.
        domain: its values.
        x: their axis.
    """
    rows = [{field: one} for one in domain]
    mark = {"type": "rule", "color": GREY, "strokeWidth": 0.8}
    return layer(rows, mark, {"x": x}, f"datum.{field} === at")


def whole(
    layers: Iterable[Spec | None],
    size: tuple[float, float],
    around: tuple[float, float, float, float] = (0, 0, 0, 0),
    unit: str | list[str] = "",
    offset: float = 4,
) -> Spec:
    """A specification of layers over each other.

    Args:
        layers: from the ground up; those that are None are left out.
        size: of the field, in points.
        around: room beside it: left, top, right and bottom.
        unit: what its axis counts, printed above it.
        offset: between the two.

    Returns:
        with two parameters that a reader sets in the browser: `at`, the place along the axis whose values
        are read, and `off`, names that are not drawn.
    """
    title = {
        "text": unit, "anchor": "start", "offset": offset, "fontWeight": 400, "color": GREY,
        "lineHeight": LEADING,
    }  # fmt: skip
    return {
        "config": CONFIG,
        "params": [{"name": "at", "value": None}, {"name": "off", "value": []}],
        "layer": [one for one in layers if one is not None],
        "width": size[0],
        "height": size[1],
        "title": title if unit else None,
        "autosize": {"type": "none"},
        "padding": dict(zip(("left", "top", "right", "bottom"), around, strict=True)),
    }


def counted(field: str, highest: float, step: float, **more: Any) -> Spec:
    """A number along an axis from 0, which says each step without decimals that say nothing.

    Args:
        highest, step: from `top_of`.
        more: of the axis.
    """
    values = [n * step for n in range(round(highest / step) + 1)]
    axis = {"values": values, "format": ",~f", **more}
    return channel(field, scale={"domain": [0, highest]}, axis=axis)


def top_of(values: Sequence[float], *, steps: int = 4) -> tuple[float, float]:
    """A round end for an axis from 0 that holds the values, and the step between its lines."""
    highest = max([*values, 1])
    rough = highest / steps
    scale = 10 ** math.floor(math.log10(rough))
    step = next(s * scale for s in (1, 2, 2.5, 5, 10) if s * scale >= rough)
    step = max(step, 1)
    if step > 2 and step != round(step):
        step = math.ceil(step)
    return math.ceil(highest / step - 1e-9) * step, step


def wrapped(text: str, width: float) -> list[str]:
    """A text broken into lines of about a width in points, at spaces only."""
    most = max(1, int(width / (SMALL * LETTER)))
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= most or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
