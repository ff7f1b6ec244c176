"""A course that began elsewhere: its letter, its months and its documents, brought in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tilsyn.cases import actions
from tilsyn.cases.access import areas
from tilsyn.cases.clock import today
from tilsyn.cases.models import Case, User
from tilsyn.cases.roles import APPROVE
from tilsyn.documents.contents.phrasing import job_centre
from tilsyn.documents.facts import CourseFacts
from tilsyn.errors import InputError
from tilsyn.records import build
from tilsyn.rules.course import courses
from tilsyn.site.board import judged_measures
from tilsyn.site.forms.dates import MonthField, day, span
from tilsyn.site.forms.facts import label
from tilsyn.site.language import gettext, language, of
from tilsyn.site.views.case import done
from tilsyn.vocabulary import GROUPS, MEASURES, MUNICIPALITIES, ROWS, TOTAL, MonthRange


class ElsewhereForm(forms.Form):
    """A course whose first letter was sent elsewhere."""

    area = forms.ChoiceField()
    course = forms.ChoiceField()
    date = day()
    reference = forms.CharField(max_length=60)
    first = MonthField()
    last = MonthField()
    matters_chosen = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    follow_up_first = MonthField(required=False)
    follow_up_last = MonthField(required=False)
    restore_by = MonthField(required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        where = areas(user, APPROVE)
        places = [m for m in MUNICIPALITIES if where is None or m.code in where]
        key = language()
        begun = [
            c
            for c in courses().values()
            if c.version[-1].first.document and c.version[-1].opened_by.rule
        ]
        choices: dict[str, Any] = {
            "area": [(m.code, m.name) for m in places],
            "course": [(c.course, of(c.title)) for c in begun],
            "matters_chosen": [
                (
                    MEASURES[measure].name(key),
                    [(f"{measure} {r}", ROWS[r].name(key)) for r in (TOTAL.code, *GROUPS.codes)],
                )
                for measure in judged_measures()
            ],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        for name, words in (
            ("area", gettext("Municipality")),
            ("course", gettext("Course")),
            ("date", gettext("The letter was sent on")),
            ("reference", gettext("Reference there")),
            ("first", gettext("The letter's months from")),
            ("last", gettext("The letter's months to")),
            ("matters_chosen", gettext("What the letter was about")),
        ):
            self.fields[name].label = words
        for name in ("follow_up_first", "follow_up_last", "restore_by"):
            self.fields[name].label = label(name)

    def matters(self) -> list[tuple[str, str]]:
        """The measures and groups chosen."""
        pairs = (one.partition(" ") for one in self.cleaned_data["matters_chosen"])
        return [(measure, grp) for measure, _, grp in pairs]

    def facts(self) -> CourseFacts:
        """The facts of the letter.

        Raises:
            InputError: they do not fit together.
        """
        given = self.cleaned_data
        return build(
            CourseFacts,
            {
                "date": given["date"],
                "reference": given["reference"],
                "addressee": job_centre(given["area"]),
                "follow_up": span(given["follow_up_first"], given["follow_up_last"]),
                "restore_by": given["restore_by"],
                "notice": {
                    "months": MonthRange(given["first"], given["last"]),
                    "date": given["date"],
                    "subjects": [{"measure": m, "group": g} for m, g in self.matters()],
                },
            },
            file="",
        )


def show(request: HttpRequest) -> HttpResponse:
    """The form, and bringing the course in."""
    user: Any = request.user
    form = ElsewhereForm(request.POST if request.method == "POST" else None, user=user)
    made: list[Case] = []

    def brought_in() -> str:
        if not form.is_valid():
            raise InputError(gettext("Mend what is marked."))
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
        return gettext("Case {case} has been made.", case=case.number)

    if request.method == "POST" and done(request, brought_in):
        return redirect("case", number=made[0].pk)
    return render(request, "cases/elsewhere.html", {"form": form})
