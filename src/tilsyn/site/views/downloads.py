"""Figures to take away: CSV for programs, Excel for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from tilsyn.cases import knowledge
from tilsyn.cases.access import audience
from tilsyn.cases.drafting import office_letterhead
from tilsyn.cases.showing import shown
from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.production import file_name, produce
from tilsyn.documents.renderers import render
from tilsyn.errors import TilsynError
from tilsyn.exports.files import neutral_csv, workbook
from tilsyn.figures.sources import provenance
from tilsyn.figures.table import rows
from tilsyn.protection import Shown
from tilsyn.site.board import board
from tilsyn.site.choices import known_on, place_of
from tilsyn.site.language import language
from tilsyn.site.refusals import explained
from tilsyn.vocabulary import MEASURES, ROWS, STATISTIC_NAMES, YearMonth

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The files that are handed out, by their ending."""
NOTES = ("pdf", "docx", "xlsx")
"""The forms of the status note."""
_HEADS = {
    "da": ["Mål", "Opgørelse", "Ydelsesgruppe", "Visitation", "Antal", "Måned", "Værdi", "Status", "Herkomst", "Udgivelse", "Dato"],
    "en": ["Measure", "Statistic", "Benefit group", "Visitation", "Number", "Month", "Value", "Status", "Provenance", "Release", "Date"],
}  # fmt: skip


def municipality(request: HttpRequest, area: str, form: str) -> HttpResponse:
    """A municipality's figures as known on a day."""
    place, on = place_of(area), known_on(request)
    if form not in ("csv", "xlsx"):
        raise Http404
    figures = board(on, audience(request.user)).known.shown(("municipality", area))
    data = csv(figures) if form == "csv" else workbook(_HEADS[language()], _words(figures))
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


def attached(data: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to be kept."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def csv(shown: Shown) -> bytes:
    """The figure table as it is, with codes: what `tilsyn` reads back."""
    return neutral_csv(shown.figures, mark=True).encode()


def _words(shown: Shown) -> Iterator[list[Any]]:
    """The figures with names instead of codes."""
    for figure in rows(shown.figures):
        yield [
            MEASURES[figure.measure].name(language()),
            STATISTIC_NAMES[figure.statistic].name(language()),
            ROWS[figure.grp].name(language()),
            figure.visitation,
            figure.category,
            str(YearMonth.of(figure.month)),
            figure.shown(language()) if figure.value is None else figure.value,
            figure.status,
            provenance(figure.provenance, language()),
            figure.release,
            str(figure.published),
        ]
