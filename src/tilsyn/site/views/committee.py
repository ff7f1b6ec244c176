"""The committee: the quarter's classification of the municipalities, and the assistance they were offered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tilsyn.cases.access import audience
from tilsyn.cases.actions.outcomes import ASSISTANCE
from tilsyn.cases.models import Case, Event
from tilsyn.rules.finding import Finding
from tilsyn.site.board import board
from tilsyn.site.choices import known_on
from tilsyn.site.language import language, said
from tilsyn.vocabulary import MUNICIPALITIES

GOALS = ("focus_conversations", "focus_offers")
STANDINGS = {
    "in_progress": ("i gang", "in progress", "good"),
    "accepted": ("accepteret, ikke begyndt", "accepted, not begun", "good"),
    "declined": ("afslået", "declined", "bad"),
    "undecided": ("endnu ikke besluttet", "undecided", "warn"),
}
_MISSED = ("missed", "at_risk", "suspended")


def show(request: HttpRequest) -> HttpResponse:
    """The classification on a day."""
    on = known_on(request)
    user: Any = request.user
    now = board(on, audience(user))
    lists = {}
    for rule in GOALS:
        findings = [f for f in now.findings if f.rule == rule and f.verdict in _MISSED]
        findings.sort(key=lambda f: (f.gravity, MUNICIPALITIES[f.municipality].name))
        lists[rule] = findings
    cases = {
        case.area: case
        for case in Case.objects.visible_to(user).filter(course="focus_goals").order_by("pk")
    }
    standings = _standings(user, cases)
    context = {
        "on": on,
        "lists": [
            (
                rule,
                [
                    (f, _goal(f), cases.get(f.municipality), standings.get(f.municipality))
                    for f in found
                ],
            )
            for rule, found in lists.items()
        ],
        "reports": Case.objects.visible_to(user).filter(course="committee_report"),
        "counts": [
            (said(da, en), tone, sum(1 for one in standings.values() if one["code"] == code))
            for code, (da, en, tone) in STANDINGS.items()
        ],
    }
    return render(request, "committee.html", context)


def _goal(finding: Finding) -> str:
    """Whether the result goal is missed too."""
    if finding.verdict == "at_risk":
        return said("ikke nået", "missed")
    if finding.reason == "goal_met":
        return said("nået", "met")
    return "–"


def _standings(user: Any, cases: dict[str, Case]) -> dict[str, dict[str, Any]]:
    """What each municipality answered to the offer of assistance: the latest word on it."""
    found: dict[str, dict[str, Any]] = {}
    events = Event.objects.visible_to(user).filter(
        kind="concluded", case__in=list(cases.values()), outcome__in=list(STANDINGS)
    )
    for event in events.order_by("pk").select_related("case"):
        da, en, tone = STANDINGS[event.outcome]
        kinds = [ASSISTANCE[kind][language()] for kind in event.payload.get("assistance", [])]
        found[event.case.area] = {
            "code": event.outcome,
            "words": said(da, en),
            "tone": tone,
            "kinds": ", ".join(kinds),
        }
    return found
