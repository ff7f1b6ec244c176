"""A user's own matters: language, API token, calendar; and the home of a municipality's installation."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tilsyn.cases import access, calendar
from tilsyn.cases.clock import today
from tilsyn.cases.models import Case, User
from tilsyn.cases.roles import DRAFT, VIEW_CASES
from tilsyn.site.board import board, judged_measures
from tilsyn.site.choices import line_of
from tilsyn.site.language import gettext
from tilsyn.site.map import shown
from tilsyn.site.models import ApiToken, new_token
from tilsyn.site.own_plan import own_plan
from tilsyn.site.own_register import own_area, own_register
from tilsyn.vocabulary import MUNICIPALITIES, TOTAL


def profile(request: HttpRequest) -> HttpResponse:
    """What one may do, and the keys one has."""
    user: Any = request.user
    fresh = ""
    if request.method == "POST":
        if "token" in request.POST:
            fresh = new_token(user)
        elif "calendar" in request.POST:
            user.renew_calendar()
            words = gettext("The calendar has a new address.")
            messages.success(request, words)
            return redirect("profile")
        elif request.POST.get("language", "-") in ("", "da", "en"):
            user.language = request.POST["language"]
            user.save(update_fields=["language"])
            messages.success(request, gettext("Kept."))
            return redirect("profile")
    token = ApiToken.objects.filter(user=user).first()
    feed = request.build_absolute_uri(reverse("calendar", args=[user.feed_token]))
    return render(request, "account/profile.html", {"token": token, "fresh": fresh, "feed": feed})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language, and go on where one was."""
    back = request.POST.get("next", "/")
    own = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(back, own, require_https=request.is_secure())
    # Not `redirect`: that takes a word for the name of a page.
    response = HttpResponseRedirect(back if safe and back.startswith("/") else "/")
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A user's deadlines as a calendar, opened by the token in its address alone."""
    user: User = get_object_or_404(User.objects.get_queryset(), feed_token=token, is_active=True)
    address = request.build_absolute_uri(reverse("case", args=[0])).replace("/0/", "/{id}/")
    text = calendar.feed(user, now=timezone.now(), address=address)
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def home(request: HttpRequest) -> HttpResponse:
    """Where one's work begins: a municipality's own page, an office's cases, else the overview."""
    user: Any = request.user
    area = own_area(user, VIEW_CASES)
    if settings.INSTALLATION != "municipality":
        if area is not None:
            return redirect("municipality", area=area)
        return redirect("worklist" if user.may(DRAFT) else "overview")
    if area is None:
        return render(request, "home.html", {"place": None})
    now = board(today(), access.audience(user))
    groups = []
    for measure in judged_measures():
        line = line_of(measure, today())
        for (code, grp), row in now.rows("municipality", area).items():
            if code != measure or not row:
                continue
            newest = row[max(row)]
            share = newest.exact
            if grp != TOTAL.code and share is not None and line.over(share):
                distance = share - Fraction(line.threshold)
                groups.append((measure, newest, grp, shown(newest), distance))
    newest_months = [months[0] for months in now.months.values()]
    context = {
        "place": MUNICIPALITIES[area],
        "groups": sorted(groups, key=lambda one: -one[4]),
        "newest": max(newest_months, default=None),
        "case": Case.objects.visible_to(user)
        .under_way()
        .filter(due_on__isnull=False)
        .by_deadline()
        .first(),
        **own_register(user, area),
        **own_plan(user, area),
    }
    return render(request, "home.html", context)
