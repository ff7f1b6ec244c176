"""What stands around every page: navigation by what the user may do, language, the day."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from tilsyn.cases.access import may
from tilsyn.cases.clock import today
from tilsyn.cases.roles import ADMINISTER, DRAFT, VIEW_AUDIT, VIEW_CASES, VIEW_FIGURES, VIEW_PLANS
from tilsyn.site.language import gettext, language
from tilsyn.vocabulary import MUNICIPALITIES


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the base template."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "navigation": _navigation(request) if signed_in else [],
        "places": sorted(place.name for place in MUNICIPALITIES),
        "language": language(),
        "today": today(),
        "trial": settings.TODAY is not None,
        "agency": settings.INSTALLATION == "agency",
    }


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    user = request.user
    entries = [
        ("overview", gettext("Overview"), may(user, VIEW_FIGURES)),
        (
            "worklist",
            gettext("My cases") if may(user, DRAFT) else gettext("Cases"),
            may(user, VIEW_CASES),
        ),
        ("releases", gettext("Releases"), may(user, VIEW_FIGURES)),
        ("committee", gettext("Committee"), may(user, VIEW_FIGURES)),
        ("rules", gettext("Rules"), may(user, VIEW_FIGURES)),
        (
            "administration",
            gettext("Administration"),
            may(user, ADMINISTER) or may(user, VIEW_AUDIT),
        ),
    ]
    if settings.INSTALLATION == "municipality":
        entries[:0] = [
            ("home", gettext("Our municipality"), True),
            ("planning", gettext("Outlook and plan"), may(user, VIEW_PLANS)),
        ]
    here = request.resolver_match.url_name if request.resolver_match else ""
    section = _SECTIONS.get(here or "", here)
    return [
        {"address": reverse(name), "words": words, "current": name == section}
        for name, words, open_to in entries
        if open_to
    ]


_SECTIONS = {
    "municipality": "overview",
    "series": "overview",
    "comparison": "overview",
    "case": "worklist",
    "document": "worklist",
    "release": "releases",
    "rule": "rules",
    "assistance": "committee",
    "plans": "planning",
    "plan": "planning",
    "call-ins": "planning",
    "user": "administration",
    "audit": "administration",
    "letterheads": "administration",
    "letterhead": "administration",
    "elsewhere": "worklist",
    "event-correct": "worklist",
}
"""The page of the navigation that other pages belong to."""
