"""Correction of an event."""

from __future__ import annotations

from typing import Any

from django import forms

from tilsyn.cases.models import Event
from tilsyn.site.forms.dates import day
from tilsyn.site.language import of, said


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
        for name, da, en, there in (
            ("on_date", "Rigtig dag", "Right day", True),
            ("outcome", "Rigtigt udfald", "Right outcome", event.kind == "concluded"),
            ("text", "Rigtig tekst", "Right text", event.kind == "noted"),
            (
                "struck",
                "Hændelsen fandt slet ikke sted",
                "It did not happen at all",
                not only_the_day,
            ),
            ("reason", "Hvorfor rettes det?", "Why is it corrected?", True),
        ):
            if there:
                self.fields[name].label = said(da, en)
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
