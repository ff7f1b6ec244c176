"""Correcting an event of a case: by a new event that says what is right and why; both stay."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tilsyn.cases import actions
from tilsyn.cases.actions.office import CORRECTABLE
from tilsyn.cases.clock import today
from tilsyn.cases.models import Event
from tilsyn.cases.roles import DRAFT
from tilsyn.errors import InputError
from tilsyn.site.forms.correction import CorrectionForm
from tilsyn.site.language import said
from tilsyn.site.views.case import done, seen


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
            raise InputError(said("Ret det, der er markeret.", "Mend what is marked."))
        actions.correct_event(event=event, by=user, on=today(), **form.changes())
        return said(
            "Rettelsen er skrevet som en ny hændelse.", "The correction is written as a new event."
        )

    if request.method == "POST" and done(request, corrected):
        return redirect("case", number=number)
    return render(request, "cases/correct.html", {"case": case, "event": event, "form": form})
