"""The outlook: what the municipality's figures will be, from its own register."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tilsyn.cases import outlooks, trials
from tilsyn.cases.clock import today
from tilsyn.cases.outlooks import Ahead
from tilsyn.cases.roles import VIEW_PLANS
from tilsyn.errors import InputError
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
    subjects = list(dict.fromkeys((cell.measure, cell.group) for cell in ahead.cells))
    asked = (request.GET.get("measure", ""), request.GET.get("group", ""))
    first = (pressing[0].measure, pressing[0].group) if pressing else subjects[0]
    measure, group = asked if asked in subjects else first
    return context | {
        "month": month,
        "months": ahead.months,
        "pressing": pressing,
        "measure": measure,
        "group": group,
        "cells": ahead.of(measure, group),
        "chart": chart(ahead, measure, group),
        "verdicts": verdicts(ahead),
        "restorations": restorations(ahead),
        "trials": trials.trials(ahead),
    }
