"""A municipality: the status note as a page, and one of its series with everything about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tilsyn.cases.access import audience
from tilsyn.cases.models import Case, Document, ReleaseRecord
from tilsyn.cases.roles import VIEW_CASES, VIEW_DRAFTS
from tilsyn.charts import Lines
from tilsyn.charts.months import shares, subject
from tilsyn.figures.printing import ABSENT
from tilsyn.figures.series import MonthFigure
from tilsyn.figures.table import rows
from tilsyn.protection import Audience
from tilsyn.rules.finding import Finding, distance
from tilsyn.rules.model import Threshold
from tilsyn.site.board import Board, Row, board, judged_measures, rule_of, wider
from tilsyn.site.charts import answered, embedded
from tilsyn.site.choices import known_on, line_of, place_of
from tilsyn.site.expectations import Expectation, expectations
from tilsyn.site.language import gettext, language
from tilsyn.site.map import shown
from tilsyn.site.own_register import own_area
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
MOST_MONTHS = 240
"""So many months a chart has at most."""


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
class Answer:
    """What is over a line, first on the page.

    Attributes:
        since: the first of the months without a break over the line, to the newest; None: none is.
        more: of so many persons more the effort would have held the line in the newest month; None
            where it is held, or not known in persons.
        cases: those under way about it.
    """

    finding: Finding
    since: YearMonth | None
    newest: YearMonth
    more: int | None
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A measure on the page: chart, table, verdicts.

    Attributes:
        months: those with anything to tell of any group; without: the others.
        groups: those with a number in any month; untold: the others, with nothing but dots and dashes.
        unmet: whom the measure counts as without the effort, in words.
    """

    measure: str
    line: Threshold
    months: tuple[YearMonth, ...]
    without: tuple[YearMonth, ...]
    groups: tuple[Group, ...]
    untold: tuple[str, ...]
    unmet: str
    rule: str
    chart: SafeString
    latest: MonthFigure | None
    compared: tuple[tuple[str, str], ...]
    expected: Expectation | None


def show(request: HttpRequest, area: str) -> HttpResponse:
    """The municipality's page."""
    place, on = place_of(area), known_on(request)
    user: Any = request.user
    shown_board = board(on, audience(user))
    findings = [f for f in shown_board.by_area[area] if f.verdict != "not_judged"]
    unjudged = [f for f in shown_board.by_area[area] if f.verdict == "not_judged"]
    findings.sort(key=lambda finding: finding.gravity)
    cases = list(
        Case.objects.visible_to(user).filter(area=area).by_deadline().prefetch_related("matters")
    )
    context = {
        "place": place,
        "on": on,
        "findings": findings,
        "unjudged": unjudged,
        "measures": _measures(shown_board, area, on, language()),
        "cases": cases,
        "answers": _answers(shown_board, area, findings, cases),
        # Of a case it does not see, a municipality is not told that there is none.
        "sees_all": user.may(VIEW_DRAFTS, area),
        "theirs": own_area(user, VIEW_CASES) == area,
        "asked": [
            case for case in cases if case.step_data and case.step_data.actor == "municipality"
        ],
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
    context = {"place": MUNICIPALITIES[area], "sections": list(filter(None, found)), "on": on}
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
    codes = [code for code in (*ROWS.codes[1:], TOTAL.code) if (measure, code) in own]
    told = {code: _told(own[measure, code], months) for code in codes}
    columns = tuple(month for month in months if any(month in found for found in told.values()))
    groups = tuple(
        _group(code, own[measure, code], columns, line, verdicts.get(code, ""))
        for code in codes
        if told[code]
    )
    areas = _areas(shown_board, area, measure, TOTAL.code, since)
    return Section(
        measure,
        line,
        columns,
        tuple(month for month in months if month not in columns),
        groups,
        tuple(code for code in codes if not told[code]),
        MEASURES[measure].unmet(language()),
        rule_of(measure),
        _embedded(
            _chart(shown_board, area, measure, TOTAL.code, months), area, measure, TOTAL.code, on
        ),
        total.get(newest),
        tuple((name, shown(row.get(newest))) for name, row in areas),
        expected.get(newest),
    )


def _told(row: Row, months: Sequence[YearMonth]) -> set[YearMonth]:
    """The months of a row that tell a number: a share, or how many persons there were."""
    return {
        month
        for month in months
        if (figure := row.get(month)) and (figure.exact, figure.population) != (None, None)
    }


def _answers(
    shown_board: Board, area: str, findings: Sequence[Finding], cases: Sequence[Case]
) -> list[Answer]:
    """What is over its line by the rules, gravest first, each measure and group once."""
    answers: dict[tuple[str, str], Answer] = {}
    for finding in findings:
        key = finding.measure, finding.grp
        line = finding.version.criterion
        if finding.distance is None or not isinstance(line, Threshold):
            continue
        if not line.over(Fraction(line.threshold) + finding.distance):
            continue
        row = shown_board.row("municipality", area, *key)
        if key in answers or not row:
            continue
        newest = max(row)
        about = tuple(
            case
            for case in cases
            if case.status != "closed"
            and key in {(one.measure, one.grp) for one in case.matters.all()}
        )
        answers[key] = Answer(finding, _since(row, line), newest, _more(row[newest], line), about)
    return list(answers.values())


def _since(row: Row, line: Threshold) -> YearMonth | None:
    month, since = max(row), None
    while (figure := row.get(month)) and figure.over(line):
        since, month = month, month - 1
    return since


def _more(figure: MonthFigure, line: Threshold) -> int | None:
    """Of how many persons more the effort would have held the line that month."""
    if figure.unmet is None or not figure.population or not figure.over(line):
        return None
    return next(
        more
        for more in range(1, figure.unmet + 1)
        if not line.over(Fraction(100 * (figure.unmet - more), figure.population))
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


def _areas(
    shown_board: Board, area: str, measure: str, grp: str, since: YearMonth | None = None
) -> list[tuple[str, Row]]:
    """The municipality's row and those of the areas it lies in, where they have figures, by name."""
    own = shown_board.row("municipality", area, measure, grp, since)
    found = [(MUNICIPALITIES[area].name, own)]
    for kind, code in wider(area):
        if row := shown_board.row(kind, code, measure, grp, since):
            found.append((area_name(kind, code, language()), row))
    return found


def _chart(
    shown_board: Board, area: str, measure: str, grp: str, months: Sequence[YearMonth]
) -> Lines:
    areas = _areas(shown_board, area, measure, grp)
    line = line_of(measure, shown_board.on)
    return shares(areas, months, line, subject(measure, grp, language()), language())


def _embedded(chart: Lines, area: str, measure: str, grp: str, on: dt.date) -> SafeString:
    span = MonthRange(chart.months[0], chart.months[-1])
    return embedded(chart, "wide", "series-chart", area, measure, grp, on=on, months=span)


def series_chart(
    request: HttpRequest, area: str, measure: str, group: str, form: str
) -> HttpResponse:
    """The chart of a series: all its months, or those the address asks for."""
    place_of(area)
    on = known_on(request)
    shown_board = board(on, audience(request.user))
    months = _span(_series(shown_board, area, measure, group))
    with suppress(ValueError):
        asked = MonthRange.parse(request.GET.get("months", ""))
        # One that goes beyond the figures, or very far back, is as none.
        if asked.last in months and months.last.since(asked.first) < MOST_MONTHS:
            months = asked
    chart = _chart(shown_board, area, measure, group, tuple(months))
    return answered(request, chart, form, f"{area}-{measure}-{group}-{on}")


def _series(shown_board: Board, area: str, measure: str, group: str) -> Row:
    """The months of a series.

    Raises:
        Http404: there are no figures, or no line is held against the measure.
    """
    row = shown_board.row("municipality", area, measure, group)
    if measure not in judged_measures() or group not in ROWS or not row:
        raise Http404(gettext("There are no figures for this."))
    return row


def _span(row: Row) -> MonthRange:
    return MonthRange(min(row), max(row))


def _goal(row: Row) -> MonthFigure | None:
    """The latest month with both shares, or with the bare statement that it is met or missed."""
    told = [m for m, f in row.items() if f.met is not None or None not in (f.actual, f.expected)]
    return row[max(told)] if told else None


def series(request: HttpRequest, area: str, measure: str, group: str) -> HttpResponse:
    """One series: every month, the rule's word on it, and where it stands written."""
    place, on = place_of(area), known_on(request)
    shown_board = board(on, audience(request.user))
    row = _series(shown_board, area, measure, group)
    line = line_of(measure, on)
    findings: list[Finding] = [
        f
        for f in shown_board.by_area[area]
        if f.measure == measure and f.grp in (group, TOTAL.code) and f.rule == rule_of(measure)
    ]
    span = tuple(_span(row))
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
        "chart": _embedded(
            _chart(shown_board, area, measure, group, span), area, measure, group, on
        ),
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
