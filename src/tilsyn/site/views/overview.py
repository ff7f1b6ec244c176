"""The country at a glance: a map, the same numbers as a table, and what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from tilsyn.cases.models import Case, Event, ReleaseRecord
from tilsyn.figures.series import MonthFigure
from tilsyn.rules.finding import Finding, distance
from tilsyn.site import map as country
from tilsyn.site.board import before_latest, judged_measures, turned
from tilsyn.site.choices import Choice, chosen, groups_of
from tilsyn.vocabulary import MUNICIPALITIES
from tilsyn.vocabulary.areas import Municipality


@dataclass(frozen=True, slots=True)
class Line:
    """A municipality in the table: its month and the gravest judgement on it."""

    place: Municipality
    figure: MonthFigure | None
    finding: Finding | None
    distance: Fraction | None
    over: bool

    @property
    def shown(self) -> str:
        """The share as printed."""
        return country.shown(self.figure)


_SORTS: dict[str, Callable[[Line], Any]] = {
    "name": lambda line: line.place.name,
    "population": lambda line: -1 if line.figure is None else line.figure.population or -1,
    "unmet": lambda line: -1 if line.figure is None else line.figure.unmet or -1,
    "share": lambda line: -1 if line.distance is None else line.distance + 100,
    "verdict": lambda line: -line.finding.gravity if line.finding else -99,
}


def show(request: HttpRequest) -> HttpResponse:
    """The overview."""
    choice = chosen(request)
    lines = _lines(choice)
    sort = request.GET.get("sort", "-share")
    by = _SORTS.get(sort.lstrip("-"), _SORTS["share"])
    lines.sort(key=lambda line: line.place.name)
    lines.sort(key=by, reverse=sort.startswith("-"))
    figures = {line.place.code: line.figure for line in lines if line.figure}
    before = before_latest(choice.board)
    changed = turned(before, choice.board) if before else ()
    counts = Counter(line.finding.verdict for line in lines if line.finding)
    cases = Case.objects.visible_to(request.user)
    restored = Event.objects.visible_to(request.user).filter(kind="concluded", outcome="restored")
    context = {
        "choice": choice,
        "lines": lines,
        "sort": sort,
        "measures": [m for m in judged_measures() if m in choice.board.months],
        "groups": groups_of(choice.board, choice.measure),
        "months": choice.board.months.get(choice.measure, []),
        "map": mark_safe(  # drawn from codes and numbers only
            country.drawing(figures, choice.line, lambda code: reverse("municipality", args=[code]))
        ),
        "key": country.key(choice.line),
        "counts": counts,
        "over": sum(line.over for line in lines),
        "under_way": cases.under_way().count(),
        "restored": restored.values("case").distinct().count(),
        "changed": changed[:12],
        "more_changed": max(0, len(changed) - 12),
        "latest": choice.board.releases and _latest(choice),
    }
    return render(request, "overview.html", context)


def _lines(choice: Choice) -> list[Line]:
    if choice.month is None:
        return [Line(place, None, None, None, over=False) for place in MUNICIPALITIES]
    across = choice.board.across(choice.measure, choice.grp, choice.month)
    lines = []
    for place in MUNICIPALITIES:
        figure = across.get(place.code)
        share = figure.exact if figure else None
        lines.append(
            Line(
                place,
                figure,
                _gravest(choice, place.code),
                distance(share, choice.line.threshold),
                over=bool(figure and figure.over(choice.line)),
            )
        )
    return lines


def _gravest(choice: Choice, area: str) -> Finding | None:
    """The gravest judgement by the measure's rule; for one group, where one is chosen, on that."""
    found = [
        finding
        for finding in choice.board.by_area[area]
        if finding.rule == choice.rule
        and finding.measure == choice.measure
        and (choice.grp == "total" or finding.grp in (choice.grp, "total"))
    ]
    return min(found, key=lambda finding: finding.gravity, default=None)


def _latest(choice: Choice) -> ReleaseRecord | None:
    return ReleaseRecord.objects.filter(
        name__in=choice.board.releases, published__lte=choice.on
    ).first()
