"""My cases by the next deadline, the overdue first; filters; one click to the step at hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tilsyn.cases.actions import open_cases
from tilsyn.cases.clock import today
from tilsyn.cases.models import Case, ReleaseRecord
from tilsyn.cases.roles import APPROVE, DRAFT
from tilsyn.errors import TilsynError
from tilsyn.rules.course import courses
from tilsyn.site.language import gettext, language
from tilsyn.site.refusals import explained
from tilsyn.vocabulary import AREAS, MUNICIPALITIES

PAGE = 50
SOON = dt.timedelta(days=14)


def show(request: HttpRequest) -> HttpResponse:
    """The list."""
    user: Any = request.user
    seen = Case.objects.visible_to(user)
    works = user.may(DRAFT)
    whose = request.GET.get("whose", "mine" if works else "all")
    state = request.GET.get("state", "open")
    cases = seen.filter(_whose(whose, user)) if works else seen
    states = _states(today())
    cases = cases.filter(states.get(state, states["open"]))
    if (course := request.GET.get("course", "")) in courses():
        cases = cases.filter(course=course)
    if (office := request.GET.get("office", "")) in AREAS["amk"]:
        cases = cases.filter(area__in=[m.code for m in MUNICIPALITIES if m.amk == office])
    if wanted := request.GET.get("q", "").strip():
        cases = cases.filter(area__in=_named(wanted))
    mine = seen.filter(_whose("mine", user)) if works else seen
    context = {
        "page": Paginator(cases.by_deadline().select_related("assignee"), PAGE).get_page(
            request.GET.get("page")
        ),
        "whose": whose,
        "state": state,
        "course": course,
        "office": office,
        "q": wanted,
        "works": works,
        "approves": user.may(APPROVE),
        "courses": list(courses().values()),
        "offices": [(one.code, one.name(language())) for one in AREAS["amk"]],
        "count": mine.aggregate(**{name: Count("pk", filter=one) for name, one in states.items()}),
        "newest": ReleaseRecord.objects.in_use().order_by("-published").first() if works else None,
    }
    return render(request, "cases/worklist.html", context)


def _states(on: dt.date) -> dict[str, Q]:
    """What a case may be asked to be, as the tiles count it and the list is filtered by it."""
    under_way = ~Q(status="closed")
    return {
        "open": under_way,
        "overdue": under_way & Q(due_on__lt=on),
        "soon": under_way & Q(due_on__gte=on, due_on__lte=on + SOON),
        "proposed": Q(status="proposed"),
        "closed": Q(status="closed"),
    }


def _whose(whose: str, user: Any) -> Q:
    if whose == "mine":
        # What nobody has taken is everybody's in the area.
        return Q(assignee=user) | Q(assignee__isnull=True)
    if whose == "nobody":
        return Q(assignee__isnull=True)
    return Q()


def _named(wanted: str) -> list[str]:
    found = [m.code for m in MUNICIPALITIES.matching(wanted)]
    return [*found, "dk"] if wanted.casefold() in ("hele landet", "denmark") else found


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose cases from the newest release in use; again is the same as once."""
    release = ReleaseRecord.objects.in_use().order_by("-published").first()
    user: Any = request.user
    if release is not None:
        try:
            opened = open_cases(release=release, on=today(), by=user)
        except TilsynError as error:
            messages.error(request, explained(error))
        else:
            messages.success(
                request,
                gettext(
                    "{count} new cases proposed from {release}.", count=len(opened), release=release
                ),
            )
    return redirect("worklist")
