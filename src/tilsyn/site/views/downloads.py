"""A municipality's figures and its status note, to take away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from tilsyn.cases import knowledge
from tilsyn.cases.access import audience
from tilsyn.cases.drafting import office_letterhead
from tilsyn.cases.showing import shown
from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.production import file_name, produce
from tilsyn.documents.renderers import render
from tilsyn.errors import TilsynError
from tilsyn.exports.files import danish_csv, workbook
from tilsyn.figures.printing import is_share
from tilsyn.figures.sources import provenance
from tilsyn.figures.table import rows
from tilsyn.protection import Shown
from tilsyn.site.attached import TYPES, attached
from tilsyn.site.board import board
from tilsyn.site.choices import known_on, place_of
from tilsyn.site.language import gettext, language, pgettext
from tilsyn.site.refusals import explained
from tilsyn.vocabulary import MEASURES, ROWS, STATISTIC_NAMES, YearMonth
from tilsyn.vocabulary.wording import decimal
from tilsyn.words import pgettext_noop

NOTES = ("pdf", "docx", "xlsx")
"""The forms of the status note."""
_WHAT = (
    pgettext_noop("column of figures", "Measure"),
    pgettext_noop("column of figures", "Statistic"),
    pgettext_noop("column of figures", "Benefit group"),
    pgettext_noop("column of figures", "Visitation"),
    pgettext_noop("column of figures", "Number"),
)
_MONTH = pgettext_noop("column of figures", "Month")
_VALUE = pgettext_noop("column of figures", "Value")
_ORIGIN = (
    pgettext_noop("column of figures", "Provenance"),
    pgettext_noop("column of figures", "Release"),
    pgettext_noop("column of figures", "Date"),
)


def municipality(request: HttpRequest, area: str, form: str) -> HttpResponse:
    """A municipality's figures as known on a day."""
    place, on = place_of(area), known_on(request)
    if form not in ("csv", "xlsx"):
        raise Http404
    figures = board(on, audience(request.user)).known.shown(("municipality", area))
    data = _csv(figures) if form == "csv" else _months_across(figures)
    return attached(data, f"{place.code}-{on}.{form}", TYPES[form])


def note(request: HttpRequest, area: str, form: str) -> HttpResponse:
    """The municipality's status note, as a document or as the numbers behind it."""
    place, on = place_of(area), known_on(request)
    if form not in NOTES:
        raise Http404
    try:
        document = produce(
            KINDS["note"],
            shown(on, audience(request.user), area=area),
            municipality=area,
            on=on,
            facts=CourseFacts(date=on),
            catalogue=knowledge.catalogue(),
            letterhead=office_letterhead(place.amk),
            language=language(),
        )
    except TilsynError as error:
        messages.warning(request, explained(error))
        return redirect("municipality", area=area)
    name = f"{file_name(KINDS['note'], area, on)}.{form}"
    return attached(render(document, form), name, TYPES[form])


def _csv(shown: Shown) -> bytes:
    """A line a figure, in words; programs ask the API, which has codes."""
    lines = (
        [*_what(figure), str(YearMonth.of(figure.month)), _value(figure), *_origin(figure)]
        for figure in rows(shown.figures)
    )
    heads = (*_WHAT, _MONTH, _VALUE, *_ORIGIN)
    return danish_csv([pgettext("column of figures", head) for head in heads], lines)


def _months_across(shown: Shown) -> bytes:
    """A line a row of figures with its months beside each other, and where they are from."""
    cells: dict[tuple[str, ...], dict[YearMonth, Any]] = {}
    origins: set[tuple[str, ...]] = set()
    for figure in rows(shown.figures):
        row = cells.setdefault(tuple(_what(figure)), {})
        row[YearMonth.of(figure.month)] = _value(figure)
        origins.add(tuple(_origin(figure)))
    months = sorted({month for row in cells.values() for month in row})
    heads = [pgettext("column of figures", head) for head in _WHAT]
    heads += [month.short(language()) for month in months]
    lines = ([*what, *(row.get(month) for month in months)] for what, row in cells.items())
    origin = [pgettext("column of figures", head) for head in _ORIGIN]
    return workbook(heads, lines, {gettext("Sources"): (origin, sorted(origins))})


def _what(figure: Any) -> list[str]:
    """What a figure is of, in words."""
    return [
        MEASURES[figure.measure].name(language()),
        STATISTIC_NAMES[figure.statistic].name(language()),
        ROWS[figure.grp].name(language()),
        figure.visitation,
        figure.category,
    ]


def _value(figure: Any) -> Any:
    """A number: a share with the one decimal it is shown with; else the sign that stands for it."""
    if figure.value is None:
        return figure.shown(language())
    return decimal(figure.value) if is_share(figure.statistic) else int(figure.value)


def _origin(figure: Any) -> list[str]:
    return [provenance(figure.provenance, language()), figure.release, str(figure.published)]
