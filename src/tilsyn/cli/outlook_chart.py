"""The outlook drawn: what has been, what is expected with its interval, the best and the worst case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import vl_convert

from tilsyn.documents.charts import Lines, Series
from tilsyn.documents.charts import draw as drawn
from tilsyn.errors import InputError
from tilsyn.outlook.figures import Outlook
from tilsyn.rules import Catalogue
from tilsyn.rules.catalogue import in_force
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, TOTAL
from tilsyn.words import Language, gettext

PAST = 12
"""Months that have been, drawn before the coming ones."""


def chart(outlook: Outlook, measure: str, catalogue: Catalogue, language: Language) -> Lines:
    """One municipality's measure, all groups together, as a chart."""
    best = gettext("at best", language)
    expected = gettext("expected (80% interval)", language)
    nothing = gettext("if nothing more is done", language)
    rows = [r for r in outlook.rows([measure]) if r["group"] == TOTAL.code]
    past = outlook.past[outlook.measures.index(measure), 0][-PAST:]
    been = [100 * int(unmet) / int(persons) if persons else None for persons, unmet in past]
    months = tuple(outlook.months[0] - n for n in range(len(been), 0, -1)) + outlook.months
    before: list[Any] = [None] * len(been)
    if been:  # The cases part where the past ends.
        before[-1] = been[-1]
    bounds = [_bounds(row) for row in rows]
    threshold = _threshold(outlook, measure, catalogue)
    shown = "" if threshold is None else f"{threshold:g}"
    return Lines(
        months=months,
        series=(
            Series(expected, (*been, *(r["expected_share"] for r in rows)), total=True),
            Series(nothing, (*before, *(r["nothing_more_share"] for r in rows))),
            Series(best, (*before, *(r["best_share"] for r in rows))),
        ),
        unit=gettext(
            "{municipality}: {measure}, per cent without the requirement met",
            language,
            municipality=MUNICIPALITIES[f"{outlook.municipality:03d}"].name,
            measure=MEASURES[measure].name(language).lower(),
        ),
        threshold=threshold,
        threshold_name=gettext("the line, {threshold} per cent", language, threshold=shown)
        if threshold is not None
        else "",
        band=(*(None for _ in been), *bounds),
    )


def _bounds(row: dict[str, Any]) -> tuple[float, float] | None:
    low, high = row["share_low"], row["share_high"]
    return None if low is None else (low, high)


def _threshold(outlook: Outlook, measure: str, catalogue: Catalogue) -> float | None:
    """The line of the rule in force that judges the measure."""
    for rule in catalogue:
        version = in_force(rule, outlook.on)
        line = getattr(version.criterion, "threshold", None) if version else None
        if version and line is not None and measure in version.measures:
            return float(line)
    return None


def draw(
    outlook: Outlook, measure: str, catalogue: Catalogue, file: Path, language: Language
) -> None:
    """Draw the chart into a file.

    Raises:
        InputError: nobody is in the measure, or the file cannot be written.
    """
    if not any(row["group"] == TOTAL.code for row in outlook.rows([measure])):
        raise InputError("nobody is in this measure: there is nothing to draw", file=file)
    picture = drawn(chart(outlook, measure, catalogue, language).spec(language), language)
    content = {
        ".svg": lambda: picture.svg.encode(),
        ".png": lambda: picture.png,
        ".pdf": lambda: vl_convert.svg_to_pdf(picture.svg),
    }[file.suffix]()
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", file=file) from None
