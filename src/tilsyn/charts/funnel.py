"""A funnel: each municipality's share by its number of persons, between the limits of what is usual."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from tilsyn.charts.lines import dodged
from tilsyn.charts.style import (
    GREY,
    INK,
    LEADING,
    LETTER,
    LIMIT,
    LINE,
    NAVY,
    SMALL,
    WIDTH,
    Spec,
    channel,
    counted,
    layer,
    top_of,
    whole,
    wrapped,
)
from tilsyn.charts.words import limit, word
from tilsyn.rules.comparison import LIMITS, Comparison, Place
from tilsyn.rules.model import Threshold
from tilsyn.vocabulary import MUNICIPALITIES
from tilsyn.vocabulary.wording import number

LEFT, RIGHT, BOTTOM = 26, 52, 34
TOP = 14
POINTS = 24
"""So many places along the axis the limits are computed at."""
NAMED = 8
"""At most so many municipalities outside the widest limits are named."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel to draw.

    Attributes:
        compared: what is drawn.
        of: the municipality it is about, named; may be empty.
        peers: those drawn dark; all, where it is empty.
        unit: what the axis counts, printed above it.
        threshold: a rule's line to draw.
        height: of the field, in points.
    """

    compared: Comparison
    of: str
    peers: frozenset[str]
    unit: str
    threshold: Threshold | None = None
    height: int = 190

    @property
    def places(self) -> list[Place]:
        """The municipalities, by number of persons."""
        return sorted(self.compared.places, key=lambda one: (one.population, one.area))

    @property
    def domain(self) -> list[Any]:
        """What stands along the axis."""
        return [one.population for one in self.places]

    @property
    def names(self) -> list[str]:
        """What can be left out when the chart is read: nothing."""
        return []

    def drawn_height(self, width: float = WIDTH) -> int:
        """Of the whole chart, in points."""
        return self._top(width) + self.height + BOTTOM

    def _top(self, width: float) -> int:
        return round(TOP + len(wrapped(self.unit, width - LEFT)) * LEADING)

    def spec(self, language: str, width: float = WIDTH) -> dict[str, Any]:
        """The Vega-Lite specification.

        Args:
            width: of the whole chart, in points.
        """
        sizes = self._sizes()
        curves = {within: self.compared.curve(sizes, within) for within in LIMITS}
        level = float(self.threshold.threshold) if self.threshold else 0.0
        # A limit of the smallest may reach far over every share; what it says there is little.
        tops = [high for _, high in curves[LIMITS[0]]]
        highest, step = top_of([*(one.share for one in self.places), *tops, level])
        highest = min(highest, 100.0)
        field = width - LEFT - RIGHT
        y = counted("value", highest, step)
        x = channel(
            "population",
            scale={"type": "log", "domain": [sizes[0], sizes[-1]], "nice": False},
            axis={
                "title": word(language, "funnel.persons"),
                "titleAnchor": "end",
                "values": list(_round_numbers(sizes[0], sizes[-1], wide=field > 260)),
                "format": ",d",
                "labelOverlap": True,
            },
        )
        return whole(
            (
                *(self._limits(sizes, curves[one], one, highest, x, y) for one in LIMITS),
                self._level([{"value": self.compared.mean}], GREY, [1, 0], y),
                self._level([{"value": level}], LIMIT, [5, 3], y) if self.threshold else None,
                *self._drawn(x, y),
                self._read(x, y),
                *self._names(highest, field, sizes),
                self._ends(curves, level, field, highest, language),
            ),
            (field, self.height),
            (LEFT, self._top(width), RIGHT, BOTTOM),
            wrapped(self.unit, width - LEFT),
            offset=7,
        )

    def _sizes(self) -> list[int]:
        """Populations the limits are computed at, a little beyond the municipalities'."""
        least, most = self.places[0].population, self.places[-1].population
        low, high = math.log(max(least / 1.15, 1)), math.log(most * 1.15)
        told = (round(math.exp(low + (high - low) * n / (POINTS - 1))) for n in range(POINTS))
        sizes = sorted({max(one, 1) for one in told})
        return sizes if len(sizes) > 1 else [sizes[0], sizes[0] + 1]

    def _limits(
        self,
        sizes: list[int],
        curve: list[tuple[float, float]],
        within: float,
        highest: float,
        x: Spec,
        y: Spec,
    ) -> Spec:
        rows = [
            {"population": size, "value": low, "high": min(high, highest)}
            for size, (low, high) in zip(sizes, curve, strict=True)
        ]
        outer = within == LIMITS[-1]
        line = {
            "type": "line",
            "color": GREY,
            "strokeWidth": 0.8,
            "strokeDash": [1, 0] if outer else [3, 2],
        }
        area = {"type": "area", "color": LINE if outer else NAVY, "opacity": 0.25 if outer else 0.1}
        upper = {"x": x, "y": {**y, "field": "high"}}
        return {
            "layer": [
                layer(rows, area, {"x": x, "y": y, "y2": {"field": "high"}}),
                layer(rows, line, {"x": x, "y": y}),
                layer((row for row in rows if row["high"] < highest), line, upper),
            ]
        }

    def _ends(
        self,
        curves: Mapping[float, list[tuple[float, float]]],
        level: float,
        field: float,
        highest: float,
        language: str,
    ) -> Spec:
        """What the limits and levels are, at their right ends."""
        ends = [
            (
                f"{number(within, language, 0 if within == int(within) else 1)}\u00a0%",
                curve[-1][1],
                GREY,
            )
            for within, curve in curves.items()
        ]
        ends.append((word(language, "funnel.mean"), self.compared.mean, GREY))
        if self.threshold is not None:
            ends.append((word(language, "line").lower(), level, LIMIT))
        up = dodged(
            [value / highest * self.height for _, value, _ in ends],
            [LEADING + 1] * len(ends), 0, self.height,
        )  # fmt: skip
        rows = [
            {"x": field + 4, "y": self.height - place, "text": text, "colour": colour}
            for (text, _, colour), place in zip(ends, up, strict=True)
        ]
        mark = {"type": "text", "align": "left", "baseline": "middle"}
        where = {one: channel(one, scale=None, axis=None) for one in ("x", "y")}
        colour = channel("colour", "nominal", scale=None, legend=None)
        return layer(rows, mark, {**where, "text": {"field": "text"}, "color": colour})

    def _level(self, rows: list[Spec], colour: str, dash: list[int], y: Spec) -> Spec:
        return layer(
            rows, {"type": "rule", "color": colour, "strokeDash": dash, "strokeWidth": 1}, {"y": y}
        )

    def _dark(self, one: Place) -> bool:
        return not self.peers or one.area in self.peers

    def _drawn(self, x: Spec, y: Spec) -> tuple[Spec, ...]:
        rows = [
            {
                "population": one.population,
                "value": one.share,
                "name": MUNICIPALITIES[one.area].name,
                "kind": "own" if one.area == self.of else "dark" if self._dark(one) else "light",
                "out": one.outside == LIMITS[-1],
            }
            for one in self.places
        ]
        point = {
            "type": "point",
            "filled": True,
            "opacity": 1,
            "stroke": "white",
            "strokeWidth": 0.4,
        }
        looks = (
            ("light", {**point, "color": "#b9c4cd", "size": 20}),
            ("dark", {**point, "color": NAVY, "size": 24}),
            ("own", {**point, "color": LIMIT, "size": 70, "shape": "diamond"}),
        )
        ring = {"type": "point", "filled": False, "size": 62, "color": LIMIT, "strokeWidth": 1}
        return (
            *(
                layer([r for r in rows if r["kind"] == kind], mark, {"x": x, "y": y})
                for kind, mark in looks
            ),
            layer([r for r in rows if r["out"] and r["kind"] != "own"], ring, {"x": x, "y": y}),
        )

    def _read(self, x: Spec, y: Spec) -> Spec:
        """A ring about the municipality whose values are read."""
        rows = [{"population": one.population, "value": one.share} for one in self.places]
        ring = {"type": "point", "filled": False, "size": 110, "color": INK, "strokeWidth": 1.4}
        return layer(rows, ring, {"x": x, "y": y}, "datum.population === at")

    def _names(self, highest: float, field: float, sizes: list[int]) -> Iterator[Spec]:
        first, last = math.log(sizes[0]), math.log(sizes[-1])
        out = [one for one in self.places if one.outside == LIMITS[-1] and one.area != self.of]
        out.sort(key=lambda one: -abs(one.share - self.compared.mean))
        own = [one for one in self.places if one.area == self.of]
        taken: list[tuple[float, float, float]] = []
        rows = []
        for one in (*own, *out[:NAMED]):
            name = MUNICIPALITIES[one.area].name
            across = (math.log(one.population) - first) / (last - first) * field
            up = self.height * (1 - one.share / highest)
            long = len(name) * SMALL * LETTER
            right = across + 8 + long <= field
            begins = across + 7 if right else across - 7 - long
            if any(
                abs(up - y) < LEADING and begins < end + 2 and start - 2 < begins + long
                for start, end, y in taken
            ):
                continue
            taken.append((begins, begins + long, up))
            rows.append({"x": begins, "y": up, "text": name, "own": one.area == self.of})

        def placed(field: str) -> Spec:
            return channel(field, scale=None, axis=None)

        text = {"x": placed("x"), "y": placed("y"), "text": {"field": "text"}}
        for own_one, weight, colour in ((True, 600, LIMIT), (False, 400, INK)):
            mark = {
                "type": "text", "align": "left", "baseline": "middle", "fontWeight": weight,
                "color": colour,
            }  # fmt: skip
            yield layer([r for r in rows if r["own"] == own_one], mark, text)


def _round_numbers(least: float, most: float, *, wide: bool) -> Iterator[int]:
    steps = (1, 2, 5) if wide else (1,)
    powers = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
    for one in chain.from_iterable((step * 10**power for step in steps) for power in powers):
        if least <= one <= most:
            yield int(one)


def words(chart: Funnel, language: str, places: int) -> Iterator[str]:
    """What the funnel shows, in sentences."""
    held = chart.compared
    yield word(
        language,
        "funnel.what",
        count=str(len(held.places)),
        month=held.month.name(language),
        unit=chart.unit,
        mean=number(held.mean, language, places),
    )
    if chart.threshold is not None:
        yield word(language, "funnel.limit", limit=limit(chart.threshold, language))
    if chart.of in held.by_area:
        own = held.by_area[chart.of]
        slots = {
            "name": MUNICIPALITIES[own.area].name,
            "share": number(own.share, language, places),
            "persons": number(own.population, language),
        }
        yield word(language, f"funnel.own.{standing(own)}", **slots)
    for high in (True, False):
        out = [p for p in held.places if p.outside == LIMITS[-1] and p.high == high]
        names = ", ".join(MUNICIPALITIES[one.area].name for one in out)
        if names:
            yield word(language, "funnel.over" if high else "funnel.under", names=names)


def table(chart: Funnel, language: str) -> list[list[str]]:
    """The funnel as a table of texts: the heads, then a row a municipality by number of persons."""
    heads = ("place", "population", "unmet", "own_share", "percentile", "ranks", "standing")
    return [
        [word(language, f"funnel.{head}") for head in heads],
        *(
            [
                MUNICIPALITIES[one.area].name,
                number(one.population, language),
                number(one.unmet, language),
                number(one.share, language, 1),
                number(one.percentile, language),
                "–".join(number(rank, language) for rank in one.ranks),
                standing_name(one, language),
            ]
            for one in chart.places
        ),
    ]


def standing(place: Place) -> str:
    """Where a municipality stands in the funnel, as `words.toml` has it: "within", "over_95" ..."""
    if place.outside is None:
        return "within"
    return f"{'over' if place.high else 'under'}_{'998' if place.outside == LIMITS[-1] else '95'}"


def standing_name(place: Place, language: str) -> str:
    """Where a municipality stands in the funnel, in words."""
    return word(language, f"funnel.stands.{standing(place)}")
