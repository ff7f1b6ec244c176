"""The outlook of a municipality, from its own register; and whom its plan calls in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tilsyn.cases import actions, outlooks, trials
from tilsyn.cases.access import demand
from tilsyn.cases.actions.plans import Form
from tilsyn.cases.clock import today
from tilsyn.cases.outlooks import Ahead
from tilsyn.cases.roles import VIEW_PERSONS, VIEW_PLANS
from tilsyn.errors import InputError
from tilsyn.planning.record import PlanRecord
from tilsyn.site.attached import TYPES, attached
from tilsyn.site.charts import answered, embedded
from tilsyn.site.forms.plan import PurposeForm
from tilsyn.site.language import gettext, language
from tilsyn.site.own_register import (
    chart,
    demand_own_installation,
    is_stale,
    most_pressing,
    own_area,
    restorations,
    verdicts,
)
from tilsyn.site.refusals import explained
from tilsyn.site.views.plans import seen
from tilsyn.vocabulary import MUNICIPALITIES


def show(request: HttpRequest) -> HttpResponse:
    """The outlook of the user's municipality."""
    demand_own_installation()
    user: Any = request.user
    area = own_area(user, VIEW_PLANS)
    context: dict[str, Any] = {"place": MUNICIPALITIES[area] if area else None}
    if area:
        try:
            ahead = outlooks.ahead(area, today())
        except InputError as error:
            context["fault"] = explained(error)
        else:
            context |= _shown(request, ahead) if ahead else {}
    return render(request, "planning/outlook.html", context)


def _shown(request: HttpRequest, ahead: Ahead) -> dict[str, Any]:
    """What the address asks for; what it does not say, or says wrongly, is as usual."""
    context: dict[str, Any] = {"ahead": ahead, "stale": is_stale(ahead, today())}
    if not ahead.cells:
        return context
    month = request.GET.get("month", "")
    if month not in ahead.months:
        month = ahead.months[0]
    pressing = most_pressing(ahead, month)
    first = pressing[0] if pressing else ahead.cells[0]
    measure, group = _asked(request, ahead) or (first.measure, first.group)
    return context | {
        "month": month,
        "months": ahead.months,
        "pressing": pressing,
        "measure": measure,
        "group": group,
        "cells": ahead.of(measure, group),
        "chart": embedded(
            chart(ahead, measure, group), "half", "outlook-chart", measure=measure, group=group
        ),
        "verdicts": verdicts(ahead),
        "restorations": restorations(ahead),
        "trials": trials.trials(ahead),
    }


def _asked(request: HttpRequest, ahead: Ahead) -> tuple[str, str] | None:
    """The measure and group that the address names, if the outlook has them."""
    asked = (request.GET.get("measure", ""), request.GET.get("group", ""))
    return asked if asked in {(cell.measure, cell.group) for cell in ahead.cells} else None


def outlook_chart(request: HttpRequest, form: str) -> HttpResponse:
    """The chart of the outlook of the user's municipality, for the measure and group of the address."""
    demand_own_installation()
    user: Any = request.user
    area = own_area(user, VIEW_PLANS)
    try:
        ahead = outlooks.ahead(area, today()) if area else None
    except InputError as error:
        # The page says what is the matter.
        raise Http404 from error
    asked = _asked(request, ahead) if ahead else None
    if ahead is None or asked is None:
        raise Http404
    name = f"{area}-{'-'.join(asked)}-{ahead.on}"
    return answered(request, chart(ahead, *asked), form, name)


FORMS: dict[str, Form] = {"page": "page", "csv": "csv", "xlsx": "xlsx", "ics": "ics"}


def call_ins(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for the purpose; then, and not before, show the call-ins that are chosen, or hand them out."""
    plan = seen(request, number)
    user: Any = request.user
    demand(user, VIEW_PERSONS, plan.area)
    if plan.stage != "made":
        raise Http404
    try:
        page = plan.read()
    except InputError:
        # The plan's own page says what is the matter.
        return redirect("plan", number=plan.pk)
    weeks = _weeks(page)
    now = today().isocalendar()
    this = f"{now.year}-W{now.week:02d}"
    week = this if this in dict(weeks) else weeks[0][0]
    form = PurposeForm(
        request.POST if request.method == "POST" else None,
        weeks=weeks,
        week=week,
        teams=page.teams,
    )
    context: dict[str, Any] = {"plan": plan, "place": MUNICIPALITIES[plan.area], "form": form}
    if request.method == "POST" and form.is_valid():
        wanted = FORMS.get(request.POST.get("form", "page"))
        if wanted is None:
            raise Http404
        selection = form.selection()
        look = actions.look_at_worklist(
            plan=plan,
            by=user,
            form=wanted,
            language=language(),
            purpose=form.cleaned_data["purpose"],
            selection=selection,
        )
        if wanted != "page":
            name = gettext("call-ins") + f"{selection.slug}.{wanted}"
            return attached(look.data, name, TYPES[wanted])
        context |= {"looked": selection.in_words(language()), "entries": look.entries}
    return render(request, "planning/call_ins.html", context)


def _weeks(page: PlanRecord) -> list[tuple[str, str]]:
    """The plan's weeks with their Mondays, to choose from."""
    mondays = {row.week: row.monday for row in page.load}
    return [
        (name, gettext("{week} (from {day})", week=int(name[-2:]), day=monday))
        for name, monday in mondays.items()
    ]
