"""Search from anywhere: a municipality by name, old spelling or code, an area's municipalities, a case by number."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tilsyn.cases.models import Case
from tilsyn.parsing import whole_number
from tilsyn.site.language import language
from tilsyn.vocabulary import AREAS, MUNICIPALITIES
from tilsyn.vocabulary.areas import Municipality
from tilsyn.vocabulary.names import plain

AROUND = ("region", "rar", "amk")
"""The kinds of area a municipality is found by."""
_NUMBER = re.compile(r"(?:(?P<year>\d{4})-)?(?P<case>\d{1,9})")


def show(request: HttpRequest) -> HttpResponse:
    """What is found; where it is but one thing, that itself."""
    wanted = " ".join(request.GET.get("q", "").split())[:100]
    found = _municipalities(wanted)
    areas = _areas(wanted)
    case = _case(request, wanted)
    if case is not None and not found:
        return redirect("case", number=case.pk)
    exact = MUNICIPALITIES.find(wanted) if wanted else None
    if case is None and not areas and (exact or len(found) == 1):
        return redirect("municipality", area=(exact or found[0]).code)
    context = {"q": wanted, "found": found, "areas": areas, "case": case}
    return render(request, "search.html", context)


def _municipalities(wanted: str) -> list[Municipality]:
    return sorted(MUNICIPALITIES.matching(wanted), key=lambda one: one.name) if wanted else []


def _areas(wanted: str) -> list[tuple[str, list[Municipality]]]:
    """The areas of such a name, each with its municipalities."""
    if not wanted:
        return []
    return [
        (area.name(language()), [one for one in MUNICIPALITIES if one.area(kind) == area.code])
        for kind in AROUND
        for area in AREAS[kind]
        if plain(wanted) in {plain(area.code), *_words(area.da), *_words(area.en)}
        or (len(wanted) > 3 and plain(wanted) in plain(area.da))
    ]


def _words(name: str) -> set[str]:
    return {plain(name), plain(name.removeprefix("Region "))}


def _case(request: HttpRequest, wanted: str) -> Case | None:
    """The case of a number, if the reader may see it: "2023-46", or its last part alone."""
    told = _NUMBER.fullmatch(wanted)
    number = whole_number(told["case"]) if told else None
    if told is None or number is None:
        return None
    user: Any = request.user
    case = Case.objects.visible_to(user).filter(pk=number).first()
    if case is None or told["year"] not in (None, str(case.opened_on.year)):
        return None
    return case
