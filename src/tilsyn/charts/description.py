"""What a chart shows in words, for those who cannot see it, and as a table: from the data it is drawn from."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import chain

from tilsyn.charts import funnel
from tilsyn.charts.funnel import Funnel
from tilsyn.charts.grouped import Grouped
from tilsyn.charts.lines import Lines, Series
from tilsyn.charts.load import Load
from tilsyn.charts.multiples import Multiples
from tilsyn.charts.stacks import Stacks
from tilsyn.charts.words import limit, word
from tilsyn.figures.formulas import neutral
from tilsyn.figures.printing import printed
from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.wording import joined, months, number

Chart = Lines | Multiples | Stacks | Grouped | Load | Funnel

Tabular = Lines | Load | Funnel
"""Charts that a page shows, whose numbers are read one place at a time."""


def described(chart: Chart, language: str, *, places: int = 0) -> str:
    """The picture's alternative text.

    Args:
        chart: what is drawn.
        language: "da" or "en".
        places: decimals of its numbers.
    """
    match chart:
        case Lines():
            return " ".join(_lines(chart, language, places))
        case Multiples():
            return " ".join(_multiples(chart, language, places))
        case Stacks():
            return " ".join(_stacks(chart, language, places))
        case Grouped():
            return " ".join(_grouped(chart, language, places))
        case Load():
            return " ".join(_load(chart, language))
        case Funnel():
            return " ".join(funnel.words(chart, language, places))


def tabulated(chart: Tabular, language: str) -> list[list[str]]:
    """The chart as a table of texts: the heads, then a row a month, week or municipality."""
    match chart:
        case Lines():
            line = chart.threshold
            heads = [word(language, "month"), *(one.name for one in chart.series)]
            rows = [
                [month.name(language), *(one.shown(place, language) for one in chart.series)]
                for place, month in enumerate(chart.months)
            ]
            if line is None:
                return [heads, *rows]
            level = limit(line, language)
            return [[*heads, word(language, "line")], *([*r, level] for r in rows)]
        case Load():
            columns = [*chart.parts, (chart.room_name, chart.room)]
            return [
                [word(language, "week"), *(name for name, _ in columns)],
                *(
                    [week, *(printed(values[place], language=language) for _, values in columns)]
                    for place, week in enumerate(chart.places)
                ),
            ]
        case Funnel():
            return funnel.table(chart, language)


def as_csv(chart: Tabular, language: str) -> bytes:
    """The table as spreadsheets in Denmark read it: UTF-8 with its mark, semicolons, decimal commas."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerows([neutral(text) for text in row] for row in tabulated(chart, language))
    return stream.getvalue().encode("utf-8-sig")


def _lines(chart: Lines, language: str, places: int) -> list[str]:
    said = [word(language, "lines.what", **_ends(chart.months, chart.unit, language))]
    if chart.threshold is not None:
        said.append(word(language, "lines.limit", limit=limit(chart.threshold, language)))
    for series in chart.series:
        said += _row(series, chart.months, language, places)
        if chart.threshold is not None and series.total:
            over = [
                month
                for month, value in zip(chart.months, series.values, strict=True)
                if value is not None and chart.threshold.over(value)
            ]
            if over:
                runs = _runs(over, language)
                said.append(word(language, "lines.over", name=series.name, months=runs))
    return said


def _multiples(chart: Multiples, language: str, places: int) -> list[str]:
    what = word(language, "multiples.what", **_ends(chart.months, chart.unit, language))
    return [what, *chain(*(_row(one, chart.months, language, places) for one in chart.series))]


def _ends(span: Sequence[YearMonth], unit: str, language: str) -> dict[str, str]:
    return {
        "unit": unit,
        "first": span[0].name(language),
        "last": span[-1].name(language),
    }


def _runs(found: Sequence[YearMonth], language: str) -> str:
    """Months in words, those that follow each other as a span: "oktober 2022 og februar-maj 2023"."""
    runs: list[list[YearMonth]] = []
    for month in found:
        if runs and month.since(runs[-1][-1]) == 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return joined((months(run, language) for run in runs), language)


def _row(series: Series, span: Sequence[YearMonth], language: str, places: int) -> list[str]:
    known = [(m, v) for m, v in zip(span, series.values, strict=True) if v is not None]
    if not known:
        return [word(language, "lines.none", name=series.name)]
    (first, start), (last, end) = known[0], known[-1]
    top_month, top = max(known, key=lambda pair: pair[1])
    said = []
    if len(known) == 1:
        said.append(
            word(
                language,
                "lines.single",
                name=series.name,
                value=number(start, language, places),
                month=first.name(language),
            )
        )
    else:
        slots = {
            "name": series.name,
            "from": number(start, language, places),
            "from_month": first.name(language),
            "to": number(end, language, places),
            "to_month": last.name(language),
            "top": number(top, language, places),
            "top_month": top_month.name(language),
        }
        said.append(word(language, "lines.row", **slots))
    missing = [m for m, v in zip(span, series.values, strict=True) if v is None]
    if missing:
        runs = _runs(missing, language)
        said.append(word(language, "lines.broken", name=series.name, months=runs))
    return said


def _stacks(chart: Stacks, language: str, places: int) -> list[str]:
    said = [word(language, "stacks.what", unit=chart.unit, legend=chart.legend.lower())]
    for name, values in chart.bars:
        pairs = list(zip(chart.categories, values, strict=True))
        parts = [
            word(language, "stacks.part", value=number(v, language, places), category=category)
            for category, v in pairs
            if v is not None
        ]
        if hidden := [category for category, v in pairs if v is None]:
            parts.append(word(language, "stacks.hidden", categories=joined(hidden, language)))
        said.append(word(language, "stacks.row", name=name, parts=", ".join(parts)))
    return said


def _grouped(chart: Grouped, language: str, places: int) -> list[str]:
    against = word(language, "grouped.against")
    names = joined(chart.names, language)
    said = [word(language, "grouped.what", unit=chart.unit, names=names)]
    for place, values in chart.places:
        shown = [
            word(language, "grouped.unknown") if v is None else number(v, language, places)
            for v in values
        ]
        label = f"{place} {chart.places_unit}".strip()
        said.append(word(language, "grouped.row", place=label, values=f" {against} ".join(shown)))
    return said


def _load(chart: Load, language: str) -> list[str]:
    first, last = chart.places[0], chart.places[-1]
    said = [word(language, "load.what", unit=chart.unit, first=first, last=last)]
    both = [sum(values) for values in zip(*(v for _, v in chart.parts), strict=True)]
    most = max(range(len(both)), key=lambda place: both[place])
    level = {"value": number(both[most], language), "room": number(chart.room[most], language)}
    said.append(word(language, "load.most", week=chart.places[most], **level))
    over = [w for w, used, room in zip(chart.places, both, chart.room, strict=True) if used > room]
    if over:
        said.append(word(language, "load.over", weeks=joined(over, language)))
    return said
