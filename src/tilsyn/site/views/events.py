"""Correcting an event of a case: by a new event that says what is right and why; both stay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tilsyn.cases import actions
from tilsyn.cases.actions.office import CORRECTABLE
from tilsyn.cases.clock import today
from tilsyn.cases.models import Event
from tilsyn.cases.roles import DRAFT
from tilsyn.errors import InputError
from tilsyn.site.forms.dates import day
from tilsyn.site.language import gettext, of
from tilsyn.site.views.case import done, seen


class CorrectionForm(forms.Form):
    """What is right about an event: its day, its outcome or its text; or that it never happened."""

    on_date = day(required=False)
    outcome = forms.ChoiceField(required=False)
    text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    struck = forms.BooleanField(required=False)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, event: Event, **kwargs: Any):
        self.event = event
        kwargs["initial"] = {
            "on_date": event.on_date,
            "outcome": event.outcome,
            "text": event.payload.get("text", ""),
        }
        super().__init__(*args, **kwargs)
        only_the_day = event.kind in ("sent", "received")
        for name, words, there in (
            ("on_date", gettext("Right day"), True),
            ("outcome", gettext("Right outcome"), event.kind == "concluded"),
            ("text", gettext("Right text"), event.kind == "noted"),
            (
                "struck",
                gettext("It did not happen at all"),
                not only_the_day,
            ),
            ("reason", gettext("Why is it corrected?"), True),
        ):
            if there:
                self.fields[name].label = words
            else:
                del self.fields[name]
        if "outcome" in self.fields:
            step = event.case.version_data[event.step]
            self.fields["outcome"].choices = [  # type: ignore[attr-defined]
                (one.name, of(one.title)) for one in step.outcome
            ]

    def changes(self) -> dict[str, Any]:
        """What `correct_event` is asked for: the reason, and only what differs."""
        given, was = self.cleaned_data, self.initial
        changed = {
            name: given[name]
            for name in ("on_date", "outcome", "text")
            if given.get(name) and given[name] != was[name]
        }
        return {**changed, "struck": given.get("struck", False), "reason": given["reason"]}


def correct(request: HttpRequest, number: int, sequence: int) -> HttpResponse:
    """The event as it was written, and a form for what is right."""
    case = seen(request, number)
    user: Any = request.user
    event: Event = get_object_or_404(Event.objects.visible_to(user), case=case, sequence=sequence)
    if event.kind not in CORRECTABLE or not user.may(DRAFT, case.area):
        raise Http404
    # An action adds its event to the case as it has just been read.
    event.case = case
    form = CorrectionForm(request.POST if request.method == "POST" else None, event=event)

    def corrected() -> str:
        if not form.is_valid():
            raise InputError(gettext("Mend what is marked."))
        actions.correct_event(event=event, by=user, on=today(), **form.changes())
        return gettext("The correction is written as a new event.")

    if request.method == "POST" and done(request, corrected):
        return redirect("case", number=number)
    return render(request, "cases/correct.html", {"case": case, "event": event, "form": form})
