"""Charts on pages: each has an address beside its page's, is drawn when it is asked for, and is kept.

A chart is made of what its reader may see, as the page that shows it is, and kept by what it shows: so
nobody sees another's, and no page waits for drawing.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from tilsyn.cases.storage import derived_folder
from tilsyn.charts import Load, Tabular, as_csv, compiled, described, draw, drawn_as, tabulated
from tilsyn.charts.style import WIDTH
from tilsyn.site.attached import attached
from tilsyn.site.language import language
from tilsyn.work.kept import code, kept

WIDTHS = {"wide": WIDTH, "half": 350, "narrow": 230}
"""In points, by where a chart stands: across a page's column, in half of it, on a phone."""

TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
"""The forms a chart is had in, by their ending."""

SEVERAL = 4
"""What is read of more columns than these has two rows under the chart."""

KEPT = 4000
"""So many drawn charts stay: a country's, in three widths and two languages."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'"
"""A drawn chart brings its letters with it, and asks for nothing."""


def embedded(chart: Tabular, size: str, name: str, *where: object, **query: object) -> SafeString:
    """The chart in a page, in its full size before it has come.

    Args:
        chart: what its address draws.
        size: of `WIDTHS`.
        name, where: of its address, the form left out.
        query: what else the address says.
    """

    def address(form: str, **more: str) -> str:
        return f"{reverse(name, args=[*where, form])}?{urlencode({**query, **more})}"

    pictures = {
        one: {
            "address": address("svg", size=one),
            "width": WIDTHS[one],
            "height": chart.drawn_height(WIDTHS[one]),
        }
        for one in (size, "narrow")
    }
    context = {
        "picture": pictures[size],
        "narrow": pictures["narrow"],
        "several": len(tabulated(chart, language())[0]) > SEVERAL,
        "words": described(chart, language(), places=0 if isinstance(chart, Load) else 1),
        "png": address("png"),
        "csv": address("csv"),
        "language": language(),
    }
    return SafeString(render_to_string("parts/chart.html", context))


def answered(request: HttpRequest, chart: Tabular | None, form: str, name: str) -> HttpResponse:
    """The answer to a chart's address.

    Args:
        chart: what the reader may see; None where there is nothing.
        form: the ending asked for.
        name: of the file that is taken away.

    Raises:
        Http404: there is no such chart, or no such form.
    """
    if chart is None or form not in TYPES:
        raise Http404
    width = WIDTHS.get(request.GET.get("size", ""), WIDTH)
    data, kind = _bytes(chart, form, width), TYPES[form]
    if form in ("png", "csv"):
        return attached(data, f"{name}.{form}", kind)
    response = HttpResponse(data, content_type=kind)
    if form == "svg":
        response["Content-Security-Policy"] = POLICY
    return response


def _bytes(chart: Tabular, form: str, width: float) -> bytes:
    spoken = language()
    if form == "csv":
        return as_csv(chart, spoken)

    def drawn() -> bytes:
        if form == "json":
            alive = compiled(chart.spec(spoken, width), spoken)
            read = {"table": tabulated(chart, spoken), "at": chart.domain, "names": chart.names}
            return json.dumps({**alive, **read}).encode()
        return drawn_as(form, draw(chart.spec(spoken, width), spoken))

    made_by = [code("tilsyn.charts", "tilsyn.vocabulary"), version("vl-convert-python")]
    rests_on = [repr(chart), form, width, spoken, made_by]
    return kept(derived_folder("charts"), rests_on, drawn, keep=KEPT)
