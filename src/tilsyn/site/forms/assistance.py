"""Assistance offered in a quarter."""

from __future__ import annotations

from typing import Any

from django import forms

from tilsyn.cases.models import AssistanceEntry
from tilsyn.site.forms.dates import day
from tilsyn.site.language import said
from tilsyn.site.standings import kinds_in_words, status_in_words


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
        for name, da, en in (
            ("contacted", "Kontaktet", "Contacted"),
            ("status", "Svar", "Answer"),
            ("accepted_on", "Accepteret den", "Accepted on"),
            ("kinds", "Bistand", "Assistance"),
            ("note", "Bemærkning", "Remark"),
        ):
            self.fields[name].label = said(da, en)
        self.fields["status"].choices = list(status_in_words().items())  # type: ignore[attr-defined]
        self.fields["kinds"].choices = list(kinds_in_words().items())  # type: ignore[attr-defined]
