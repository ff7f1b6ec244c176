"""The committee: the quarter's classification, the assistance offered and its answers, and the report."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tilsyn.cases import actions, drafting, knowledge
from tilsyn.cases.access import audience
from tilsyn.cases.actions.assistance import REPORT
from tilsyn.cases.clock import today
from tilsyn.cases.models import AssistanceEntry, Case, Document
from tilsyn.cases.models.assistance import quarter_of
from tilsyn.cases.roles import DRAFT, VIEW_DRAFTS
from tilsyn.cases.showing import shown
from tilsyn.documents.renderers import render as rendered
from tilsyn.errors import InputError, TilsynError
from tilsyn.parsing import whole_number
from tilsyn.protection import PUBLIC
from tilsyn.rules.finding import Finding
from tilsyn.site.attached import TYPES, attached
from tilsyn.site.board import board
from tilsyn.site.choices import known_on
from tilsyn.site.forms.dates import day
from tilsyn.site.language import gettext, language
from tilsyn.site.refusals import explained
from tilsyn.site.standings import TONES, kinds_in_words, status_in_words
from tilsyn.site.views.case import done
from tilsyn.vocabulary import COUNTRY, MUNICIPALITIES, YearMonth


class AssistanceForm(forms.Form):
    """What a municipality answered to the offer of assistance in a quarter."""

    contacted = day()
    status = forms.ChoiceField()
    accepted_on = day(required=False)
    kinds = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, entry: AssistanceEntry | None = None, **kwargs: Any):
        if entry is not None:
            names = ("contacted", "status", "accepted_on", "kinds")
            kwargs["initial"] = {name: getattr(entry, name) for name in names}
        super().__init__(*args, **kwargs)
        for name, words in (
            ("contacted", gettext("Contacted")),
            ("status", gettext("Answer")),
            ("accepted_on", gettext("Accepted on")),
            ("kinds", gettext("Assistance")),
            ("note", gettext("Remark")),
        ):
            self.fields[name].label = words
        self.fields["status"].choices = list(status_in_words().items())  # type: ignore[attr-defined]
        self.fields["kinds"].choices = list(kinds_in_words().items())  # type: ignore[attr-defined]


GOALS = ("focus_conversations", "focus_offers")
FORMS = ("pdf", "docx", "xlsx")
_MISSED = ("missed", "at_risk", "suspended")


def show(request: HttpRequest) -> HttpResponse:
    """The classification on a day, with the answers of its quarter."""
    on = known_on(request)
    user: Any = request.user
    quarter = quarter_of(YearMonth.of(on))
    standing = AssistanceEntry.objects.visible_to(user).standing(quarter)
    now = board(on, audience(user))
    cases = {
        case.area: case
        for case in Case.objects.visible_to(user).filter(course="focus_goals").order_by("pk")
    }
    lists = []
    for rule in GOALS:
        found = [f for f in now.findings if f.rule == rule and f.verdict in _MISSED]
        found.sort(key=lambda f: (f.gravity, MUNICIPALITIES[f.municipality].name))
        rows = [
            (
                f,
                _goal(f),
                cases.get(f.municipality),
                standing.get(f.municipality),
                user.may(DRAFT, f.municipality),
            )
            for f in found
        ]
        lists.append((rule, rows))
    named = {row[0].municipality for _, rows in lists for row in rows}
    reports = Case.objects.visible_to(user).filter(course=REPORT)
    context = {
        "on": on,
        "quarter": quarter,
        "quarters": _quarters(on),
        "lists": lists,
        "others": [entry for area, entry in standing.items() if area not in named],
        "reports": reports.prefetch_related("documents").order_by("-opened_on")[:8],
        "seen": user.may(VIEW_DRAFTS),
        "forms": FORMS,
        "drafts": user.may(DRAFT, COUNTRY),
        "counts": [
            (words, TONES[status], sum(1 for one in standing.values() if one.status == status))
            for status, words in status_in_words().items()
        ],
    }
    return render(request, "committee.html", context)


def _goal(finding: Finding) -> str:
    """Whether the result goal is missed too."""
    if finding.verdict == "at_risk":
        return gettext("missed")
    if finding.reason == "goal_met":
        return gettext("met")
    return "–"


def _quarters(on: dt.date) -> list[tuple[str, dt.date]]:
    """The last eight quarters, newest first, each with the last day that is known of it."""
    months = [YearMonth.of(today()) - 3 * back for back in range(8)]
    ends = [month + (-month.month % 3) for month in months]
    return [(quarter_of(end), min(end.last, today())) for end in ends]


def report(request: HttpRequest, form: str) -> HttpResponse:
    """The report as it would be written now, from what is known on a day; no case is touched."""
    on = known_on(request)
    if form not in FORMS:
        raise Http404
    try:
        document = drafting.report(
            shown(on, PUBLIC),
            on=on,
            dated=on,
            reference=None,
            language=language(),
            assistance=None,
            catalogue=knowledge.catalogue(),
            letterhead=drafting.office_letterhead(drafting.MINISTRY),
        )
    except TilsynError as error:
        raise Http404(explained(error)) from error
    return attached(rendered(document, form), f"committee-{on}.{form}", TYPES[form])


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Start the draft of the report, in its case."""
    user: Any = request.user
    made: list[Document] = []

    def drafted() -> str:
        made.append(actions.draft_report(by=user, on=today()))
        return gettext("The report is drafted. A colleague must approve it.")

    done(request, drafted)
    return redirect("document", number=made[0].pk) if made else redirect("committee")


def assistance(request: HttpRequest, quarter: str, area: str) -> HttpResponse:
    """One municipality's answer in a quarter: changed by a new entry, taken back by another."""
    user: Any = request.user
    if area not in MUNICIPALITIES or not user.may(DRAFT, area):
        raise Http404
    entries = list(AssistanceEntry.objects.filter(quarter=quarter, area=area).select_related("by"))
    form = AssistanceForm(
        request.POST if request.method == "POST" and "undo" not in request.POST else None,
        entry=entries[0] if entries else None,
    )
    if request.method == "POST" and done(request, lambda: _changed(request, form, quarter, area)):
        return redirect("assistance", quarter=quarter, area=area)
    context = {
        "place": MUNICIPALITIES[area],
        "quarter": quarter,
        "entries": entries,
        "form": form,
    }
    return render(request, "assistance.html", context)


def _changed(request: HttpRequest, form: AssistanceForm, quarter: str, area: str) -> str:
    user: Any = request.user
    if seen := request.POST.get("undo", ""):
        number = whole_number(seen) or 0
        actions.undo_assistance(area=area, quarter=quarter, seen=number, by=user)
        return gettext("The entry is taken back.")
    if not form.is_valid():
        raise InputError(gettext("Mend what is marked."))
    actions.record_assistance(area=area, quarter=quarter, by=user, **form.cleaned_data)
    return gettext("The assistance is noted.")
