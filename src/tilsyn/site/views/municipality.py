"""A municipality: the status note as a page, and one of its series with everything about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from tilsyn.cases.access import audience
from tilsyn.cases.models import Case, Document, ReleaseRecord
from tilsyn.figures.printing import ABSENT
from tilsyn.figures.series import MonthFigure
from tilsyn.figures.table import rows
from tilsyn.protection import Audience
from tilsyn.rules.finding import Finding, distance
from tilsyn.rules.model import Threshold
from tilsyn.site.board import Board, Row, board, judged_measures, rule_of, wider
from tilsyn.site.choices import known_on, line_of
from tilsyn.site.expectations import Expectation, expectations
from tilsyn.site.language import gettext, language
from tilsyn.site.pictures.lines import Line, drawing
from tilsyn.site.pictures.map import shown
from tilsyn.vocabulary import (
    MEASURES,
    MUNICIPALITIES,
    ROWS,
    TOTAL,
    MonthRange,
    YearMonth,
    area_name,
    categories_across,
)

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A share in a table."""

    shown: str
    over: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A row of a measure's table."""

    code: str
    cells: tuple[Cell, ...]
    persons: str
    verdict: str
    total: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A measure on the page: chart, table, verdicts."""

    measure: str
    line: Threshold
    months: tuple[YearMonth, ...]
    groups: tuple[Group, ...]
    chart: str
    lines: tuple[Line, ...]
    latest: MonthFigure | None
    compared: tuple[tuple[str, str], ...]
    expected: Expectation | None


def place_of(area: str) -> Any:
    """The municipality of an address.

    Raises:
        Http404: there is none.
    """
    if area not in MUNICIPALITIES:
        raise Http404(gettext("There is no such municipality."))
    return MUNICIPALITIES[area]


def show(request: HttpRequest, area: str) -> HttpResponse:
    """The municipality's page."""
    place, on = place_of(area), known_on(request)
    user: Any = request.user
    shown_board = board(on, audience(user))
    findings = [f for f in shown_board.by_area[area] if f.verdict != "not_judged"]
    unjudged = [f for f in shown_board.by_area[area] if f.verdict == "not_judged"]
    findings.sort(key=lambda finding: finding.gravity)
    cases = Case.objects.visible_to(user).filter(area=area)
    context = {
        "place": place,
        "on": on,
        "findings": findings,
        "unjudged": unjudged,
        "measures": _measures(shown_board, area, on, language()),
        "cases": cases.by_deadline(),
        "documents": Document.objects.visible_to(user)
        .filter(case__area=area)
        .exclude(status="withdrawn")
        .select_related("case"),
        "notes": (("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel")),
        "vintages": ReleaseRecord.objects.in_use().order_by("-published"),
        "goal": _goal(shown_board.row("municipality", area, "result_goal", TOTAL.code)),
    }
    return render(request, "municipality.html", context)


# A board is the same for as long as nothing comes in; the language is in the words. What is kept is
# the text, some forty kilobytes a place.
@lru_cache(maxsize=256)
def _measures(shown_board: Board, area: str, on: dt.date, _language: str) -> str:
    """Chart and table of each judged measure, as HTML; empty where there are no figures."""
    since = _first_shown(shown_board, area)
    if since is None:
        return ""
    expected = expectations(shown_board, area, TOTAL.code)
    found = (
        _section(shown_board, area, measure, on, since, expected.get(measure, {}))
        for measure in judged_measures()
    )
    context = {"place": MUNICIPALITIES[area], "sections": list(filter(None, found))}
    return render_to_string("parts/measures.html", context)


def _first_shown(shown_board: Board, area: str) -> YearMonth | None:
    """The first month that any of the tables shows; None where there are no figures."""
    newest = (
        shown_board.part("municipality", area)
        .filter(pl.col("measure").is_in(judged_measures()))
        .group_by("measure")
        .agg(pl.col("month").max())["month"]
    )
    return None if newest.is_empty() else YearMonth.of(min(newest)) - (MONTHS_SHOWN - 1)


def _section(
    shown_board: Board,
    area: str,
    measure: str,
    on: dt.date,
    since: YearMonth,
    expected: dict[YearMonth, Expectation],
) -> Section | None:
    own = shown_board.rows("municipality", area, since)
    total = own.get((measure, TOTAL.code), {})
    newest = max((max(row) for (m, _), row in own.items() if m == measure and row), default=None)
    if newest is None:
        return None
    months = tuple(MonthRange.ending(newest, MONTHS_SHOWN))
    line = line_of(measure, on)
    verdicts = {
        f.grp: f.verdict
        for f in sorted(shown_board.by_area[area], key=lambda f: -f.gravity)
        if f.rule == rule_of(measure) and f.measure == measure
    }
    groups = tuple(
        _group(code, own[measure, code], months, line, verdicts.get(code, ""))
        for code in (*ROWS.codes[1:], TOTAL.code)
        if (measure, code) in own
    )
    lines = lines_of(shown_board, area, measure, TOTAL.code, since)
    compared = tuple((one.name, shown(one.months.get(newest))) for one in lines)
    title = gettext(
        "{measure} in {place}, month by month",
        measure=MEASURES[measure].name(language()),
        place=MUNICIPALITIES[area].name,
    )
    return Section(
        measure,
        line,
        months,
        groups,
        mark_safe(drawing(lines, months, line.threshold, title)),  # numbers and escaped names
        tuple(lines),
        total.get(newest),
        compared,
        expected.get(newest),
    )


def _group(
    code: str, row: Row, months: tuple[YearMonth, ...], line: Threshold, verdict: str
) -> Group:
    cells = []
    for month in months:
        figure = row.get(month)
        share = figure.shown(language(), unit=False) if figure else ABSENT
        cells.append(Cell(share, bool(figure and figure.over(line))))
    last = row.get(months[-1])
    persons = last.shown(language(), "population") if last else ABSENT
    return Group(code, tuple(cells), persons, verdict, code == TOTAL.code)


def lines_of(
    shown_board: Board, area: str, measure: str, grp: str, since: YearMonth | None = None
) -> list[Line]:
    """The municipality's line and those of the areas it lies in, where they have figures."""
    place = MUNICIPALITIES[area].name
    lines = [Line(place, "own", shown_board.row("municipality", area, measure, grp, since))]
    for kind, code in wider(area):
        if row := shown_board.row(kind, code, measure, grp, since):
            lines.append(Line(area_name(kind, code, language()), kind, row))
    return lines


def _goal(row: Row) -> MonthFigure | None:
    """The latest month with both shares, or with the bare statement that it is met or missed."""
    told = [m for m, f in row.items() if f.met is not None or None not in (f.actual, f.expected)]
    return row[max(told)] if told else None


def series(request: HttpRequest, area: str, measure: str, group: str) -> HttpResponse:
    """One series: every month, the rule's word on it, and where it stands written."""
    place, on = place_of(area), known_on(request)
    shown_board = board(on, audience(request.user))
    row = shown_board.row("municipality", area, measure, group)
    if measure not in judged_measures() or group not in ROWS or not row:
        raise Http404(gettext("There are no figures for this."))
    months = sorted(row)
    line = line_of(measure, on)
    lines = lines_of(shown_board, area, measure, group)
    findings: list[Finding] = [
        f
        for f in shown_board.by_area[area]
        if f.measure == measure and f.grp in (group, TOTAL.code) and f.rule == rule_of(measure)
    ]
    title = f"{MEASURES[measure].name(language())}, {ROWS[group].name(language())}, {place.name}"
    span = tuple(MonthRange(months[0], months[-1]))
    expected = expectations(shown_board, area, group).get(measure, {})
    context = {
        "place": place,
        "on": on,
        "measure": measure,
        "grp": group,
        "line": line,
        "months": [
            (
                figure := row.get(month, MonthFigure(month)),
                shown(figure),
                figure.over(line),
                distance(figure.exact, line.threshold),
                expected.get(month),
            )
            for month in reversed(span)
        ],
        "chart": mark_safe(drawing(lines, span, line.threshold, title)),
        "lines": lines,
        "expected": expected,
        "findings": findings,
        "categories": _categories(area, measure, group, on, audience(request.user)),
    }
    return render(request, "series.html", context)


def _categories(
    area: str, measure: str, group: str, on: dt.date, readers: Audience
) -> dict[str, Any] | None:
    """Persons by number of conversations or offers, newest months, where they are published."""
    cut = (
        board(on, readers)
        .known.area("municipality", area, split=True)
        .filter(
            (pl.col("measure") == measure)
            & (pl.col("grp") == group)
            & (pl.col("statistic") == "persons")
            & (pl.col("visitation") == "")
        )
    )
    if cut.is_empty():
        return None
    cells = {(figure.month, figure.category): figure.shown(language()) for figure in rows(cut)}
    months = sorted({month for month, _ in cells}, reverse=True)[:MONTHS_SHOWN]
    names = categories_across(measure, {name for month, name in cells if month in months})
    return {
        "names": names,
        "rows": [(month, [cells.get((month, name), ABSENT) for name in names]) for month in months],
    }
