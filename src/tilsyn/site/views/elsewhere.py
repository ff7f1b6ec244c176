"""A course that began elsewhere: its letter, its months and its documents, brought in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tilsyn.cases import actions
from tilsyn.cases.clock import today
from tilsyn.cases.models import Case
from tilsyn.errors import InputError
from tilsyn.site.forms.elsewhere import ElsewhereForm
from tilsyn.site.language import said
from tilsyn.site.views.case import done


def show(request: HttpRequest) -> HttpResponse:
    """The form, and bringing the course in."""
    user: Any = request.user
    form = ElsewhereForm(request.POST if request.method == "POST" else None, user=user)
    made: list[Case] = []

    def brought_in() -> str:
        if not form.is_valid():
            raise InputError(said("Ret det, der er markeret.", "Mend what is marked."))
        # One byte more than allowed is enough to know; no more is read.
        files = [
            (file.name or "", file.read(settings.UPLOAD_MAX_BYTES + 1))
            for file in request.FILES.getlist("files")[: settings.UPLOADS_AT_ONCE]
        ]
        given = form.cleaned_data
        case = actions.bring_in(
            course=given["course"],
            area=given["area"],
            matters=form.matters(),
            facts=form.facts(),
            by=user,
            on=today(),
            documents=files,
        )
        made.append(case)
        return said(f"Sag {case.number} er oprettet.", f"Case {case.number} has been made.")

    if request.method == "POST" and done(request, brought_in):
        return redirect("case", number=made[0].pk)
    return render(request, "cases/elsewhere.html", {"form": form})
