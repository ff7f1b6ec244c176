"""What a picture shows in words, for those who cannot see it: written from the same data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from tilsyn.documents.charts.grouped import Grouped
from tilsyn.documents.charts.lines import Lines
from tilsyn.documents.charts.multiples import Multiples
from tilsyn.documents.charts.series import Series
from tilsyn.documents.charts.stacks import Stacks
from tilsyn.documents.contents.templates import Texts, texts
from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.wording import joined, months, number

Chart = Lines | Multiples | Stacks | Grouped


def described(chart: Chart, language: str, *, places: int = 0) -> str:
    """The picture's alternative text.

    Args:
        chart: what is drawn.
        language: "da" or "en".
        places: decimals of its numbers.
    """
    words = texts("charts", language)
    match chart:
        case Lines():
            return " ".join(_lines(chart, words, places))
        case Multiples():
            return " ".join(_multiples(chart, words, places))
        case Stacks():
            return " ".join(_stacks(chart, words, places))
        case Grouped():
            return " ".join(_grouped(chart, words, places))


def _lines(chart: Lines, words: Texts, places: int) -> list[str]:
    language = words.language
    said = [words.fill("lines.what", **_ends(chart.months, chart.unit, language))]
    if chart.threshold is not None:
        said.append(words.fill("lines.limit", limit=number(chart.threshold, language)))
    for series in chart.series:
        said += _row(series, chart.months, words, places)
        if chart.threshold is not None and series.total:
            over = [
                month
                for month, value in zip(chart.months, series.values, strict=True)
                if value is not None
                and (
                    value > chart.threshold
                    or (value == chart.threshold and not chart.met_at_threshold)
                )
            ]
            if over:
                said.append(
                    words.fill("lines.over", name=series.name, months=_runs(over, language))
                )
    return said


def _multiples(chart: Multiples, words: Texts, places: int) -> list[str]:
    what = words.fill("multiples.what", **_ends(chart.months, chart.unit, words.language))
    return [what, *chain(*(_row(one, chart.months, words, places) for one in chart.series))]


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


def _row(series: Series, span: Sequence[YearMonth], words: Texts, places: int) -> list[str]:
    language = words.language
    known = [(m, v) for m, v in zip(span, series.values, strict=True) if v is not None]
    if not known:
        return [words.fill("lines.none", name=series.name)]
    (first, start), (last, end) = known[0], known[-1]
    top_month, top = max(known, key=lambda pair: pair[1])
    said = []
    if len(known) == 1:
        said.append(
            words.fill(
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
        said.append(words.fill("lines.row", **slots))
    missing = [m for m, v in zip(span, series.values, strict=True) if v is None]
    if missing:
        said.append(words.fill("lines.broken", name=series.name, months=_runs(missing, language)))
    return said


def _stacks(chart: Stacks, words: Texts, places: int) -> list[str]:
    language = words.language
    said = [words.fill("stacks.what", unit=chart.unit, legend=chart.legend.lower())]
    for name, values in chart.bars:
        pairs = list(zip(chart.categories, values, strict=True))
        parts = [
            words.fill("stacks.part", value=number(v, language, places), category=category)
            for category, v in pairs
            if v is not None
        ]
        if hidden := [category for category, v in pairs if v is None]:
            parts.append(words.fill("stacks.hidden", categories=joined(hidden, language)))
        said.append(words.fill("stacks.row", name=name, parts=", ".join(parts)))
    return said


def _grouped(chart: Grouped, words: Texts, places: int) -> list[str]:
    language = words.language
    against = words.fill("grouped.against")
    said = [words.fill("grouped.what", unit=chart.unit, names=joined(chart.names, language))]
    for place, values in chart.places:
        shown = [
            words.fill("grouped.unknown") if v is None else number(v, language, places)
            for v in values
        ]
        label = f"{place} {chart.places_unit}".strip()
        said.append(words.fill("grouped.row", place=label, values=f" {against} ".join(shown)))
    return said
