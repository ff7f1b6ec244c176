"""The offices' letterheads: names and lines, a logo, and how a letter looks with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tilsyn.cases import actions
from tilsyn.cases.clock import today
from tilsyn.cases.drafting import MINISTRY, office_letterhead
from tilsyn.documents.contents.occasion import letter
from tilsyn.documents.contents.templates import texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.logo import LARGEST
from tilsyn.documents.model import Paragraph, Stamp
from tilsyn.documents.renderers import pages
from tilsyn.errors import InputError
from tilsyn.site.language import gettext, language
from tilsyn.site.views.case import done
from tilsyn.vocabulary import area_name


class LetterheadForm(forms.Form):
    """An office's letterhead in both languages."""

    bare = forms.BooleanField(required=False)

    def __init__(self, *args: Any, letterhead: Letterhead, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["bare"].label = gettext("No logo")
        for which in ("da", "en"):
            names = letterhead.names(which)
            for name, words in (
                ("office", gettext("Name of the office")),
                ("agency", gettext("Agency")),
                ("role", gettext("Role of the one who signs")),
                (
                    "lines",
                    gettext("Address, telephone and web, a line each"),
                ),
                ("email", gettext("E-mail")),
            ):
                value = getattr(names, name)
                many = name == "lines"
                self.fields[f"{which}_{name}"] = forms.CharField(
                    max_length=1000,
                    required=name in ("office", "agency", "role"),
                    label=words,
                    initial="\n".join(value) if many else value,
                    widget=forms.Textarea(attrs={"rows": 5, "lang": which})
                    if many
                    else forms.TextInput(attrs={"lang": which}),
                )

    def of(self, which: str) -> list[Any]:
        """The fields of a language."""
        return [self[name] for name in self.fields if name.startswith(f"{which}_")]

    @property
    def danish(self) -> list[Any]:
        """The Danish fields."""
        return self.of("da")

    @property
    def english(self) -> list[Any]:
        """The English fields."""
        return self.of("en")

    def letterhead(self) -> Letterhead:
        """The letterhead as given; no longer a sample."""

        def names(which: str) -> dict[str, Any]:
            given = {
                n: self.cleaned_data[f"{which}_{n}"] for n in ("office", "agency", "role", "email")
            }
            lines = self.cleaned_data[f"{which}_lines"].splitlines()
            return {**given, "lines": [line.strip() for line in lines if line.strip()]}

        return Letterhead.model_validate({"da": names("da"), "en": names("en")})


PPI = 72
"""Of the preview: a page about 600 pixels wide."""


def index(request: HttpRequest) -> HttpResponse:
    """The offices whose letterhead one may change."""
    user: Any = request.user
    offices = [(office, _name(office), office_letterhead(office)) for office in _own(user)]
    rows = [(office, name, bool(one.da.sample)) for office, name, one in offices]
    return render(request, "administration/letterheads.html", {"offices": rows})


def show(request: HttpRequest, office: str) -> HttpResponse:
    """One letterhead: changed by a form, seen as it looks."""
    user: Any = request.user
    if office not in _own(user):
        raise Http404
    current = office_letterhead(office)
    form = LetterheadForm(request.POST if request.method == "POST" else None, letterhead=current)

    def kept() -> str:
        if not form.is_valid():
            raise InputError(gettext("Mend what is marked."))
        logo = request.FILES.get("logo")
        actions.set_letterhead(
            office=office,
            letterhead=form.letterhead(),
            by=user,
            logo=logo.read(LARGEST + 1) if logo else None,
            bare=form.cleaned_data["bare"],
        )
        return gettext("The letterhead is kept.")

    if request.method == "POST" and done(request, kept):
        return redirect("letterhead", office=office)
    context = {"office": office, "name": _name(office), "form": form, "current": current}
    return render(request, "administration/letterhead.html", context)


def preview(request: HttpRequest, office: str) -> HttpResponse:
    """The head of a letter as a picture."""
    user: Any = request.user
    if office not in _own(user):
        raise Http404
    current, frame = office_letterhead(office), texts("frame", language())
    words = gettext("This is how a letter from the office looks. The text is only an example.")
    document = letter(
        title=gettext("A sample letter"),
        blocks=[Paragraph(words)],
        facts=CourseFacts(date=today(), reference="2023-1", addressee="Jobcenterchefen"),
        letterhead=current,
        frame=frame,
        stamp=Stamp((), "–", "tilsyn"),
    )
    return HttpResponse(pages(document, ppi=PPI)[0], content_type="image/png")


def _own(user: Any) -> list[str]:
    own = actions.own_offices(user)
    if not own:
        raise Http404
    return own


def _name(office: str) -> str:
    if office == MINISTRY:
        return gettext("The ministry")
    return area_name("amk", office, language())
