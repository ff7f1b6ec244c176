"""The forms, with labels in both languages."""

from __future__ import annotations

from typing import Any

from django import forms
from pydantic import ValidationError

from tilsyn.cases.access import areas
from tilsyn.cases.models import AssistanceEntry, Event, User
from tilsyn.cases.roles import APPROVE, ROLES
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead
from tilsyn.errors import InputError
from tilsyn.rules.course import courses
from tilsyn.site.language import language, of, said
from tilsyn.site.standings import kinds_in_words, status_in_words
from tilsyn.vocabulary import (
    AREAS,
    GROUPS,
    MEASURES,
    MUNICIPALITIES,
    ROWS,
    TOTAL,
    MonthRange,
    YearMonth,
)

ROLE_NAMES = {
    "reader": ("læser", "reader"),
    "officer": ("sagsbehandler", "officer"),
    "approver": ("godkender", "approver"),
    "administrator": ("administrator", "administrator"),
}


class MonthField(forms.CharField):
    """A month, chosen in the browser's month field or written 2023-09."""

    widget = forms.DateInput(attrs={"type": "month", "placeholder": "2023-09"})

    def clean(self, value: Any) -> YearMonth | None:
        """The month."""
        text = super().clean(value)
        try:
            return YearMonth.parse(text) if text else None
        except ValueError:
            raise forms.ValidationError(
                said("Skriv måneden som 2023-09.", "Write the month as 2023-09.")
            ) from None


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


class FactsForm(forms.Form):
    """The facts of a course, proposed by the rule and fixed by the officer."""

    date = _day()
    reference = forms.CharField(max_length=60)
    addressee = forms.CharField(max_length=200)
    follow_up_first = MonthField(required=False)
    follow_up_last = MonthField(required=False)
    restore_by = MonthField(required=False)
    reply_by = _day(required=False)
    next_first = MonthField(required=False)
    next_last = MonthField(required=False)
    contact = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, proposed: CourseFacts | None = None, **kwargs: Any):
        self.proposed = proposed
        if proposed is not None:
            kwargs["initial"] = _initial(proposed)
        super().__init__(*args, **kwargs)
        for name, (da, en) in _LABELS.items():
            self.fields[name].label = said(da, en)

    def facts(self) -> CourseFacts:
        """The facts as fixed.

        Raises:
            InputError: they do not fit together.
        """
        given = self.cleaned_data
        base = self.proposed.model_dump(mode="json", exclude_none=True) if self.proposed else {}
        return _fitting(
            {
                **base,
                "date": given["date"],
                "reference": given["reference"],
                "addressee": given["addressee"],
                "follow_up": _span(given["follow_up_first"], given["follow_up_last"]),
                "restore_by": given["restore_by"],
                "reply_by": given["reply_by"],
                "next_follow_up": _span(given["next_first"], given["next_last"]),
                "contact": given["contact"] or None,
            }
        )


def _fitting(given: dict[str, Any]) -> CourseFacts:
    """The facts, if they fit together."""
    try:
        return CourseFacts.model_validate(given)
    except ValidationError as error:
        raise InputError(error.errors()[0]["msg"].removeprefix("Value error, ")) from None
    except ValueError as error:
        raise InputError(str(error)) from None


def _span(first: YearMonth | None, last: YearMonth | None) -> MonthRange | None:
    """Both ends, or neither: no months."""
    return MonthRange(first, last) if first and last else None


def _ends(span: MonthRange | None) -> tuple[str, str]:
    return (str(span.first), str(span.last)) if span else ("", "")


_LABELS = {
    "date": ("Brevets dato", "The letter's date"),
    "reference": ("Sagsnummer", "Reference"),
    "addressee": ("Modtager (stilling og myndighed)", "Addressee (role and authority)"),
    "follow_up_first": ("Opfølgning fra", "Follow-up from"),
    "follow_up_last": ("Opfølgning til og med", "Follow-up to"),
    "restore_by": ("Genoprettet senest", "Restored by"),
    "reply_by": ("Svarfrist", "Reply by"),
    "next_first": ("Ny opfølgning fra", "New follow-up from"),
    "next_last": ("Ny opfølgning til og med", "New follow-up to"),
    "contact": ("Kontakt (kontor, telefon, e-mail)", "Contact (office, telephone, e-mail)"),
}


def _initial(facts: CourseFacts) -> dict[str, Any]:
    by = facts.restore_by
    if by is not None and not isinstance(by, YearMonth):
        by = YearMonth.of(by)
    first, last = _ends(facts.follow_up)
    next_first, next_last = _ends(facts.next_follow_up)
    return {
        "date": facts.date,
        "reference": facts.reference,
        "addressee": facts.addressee,
        "follow_up_first": first,
        "follow_up_last": last,
        "restore_by": str(by or ""),
        "reply_by": facts.reply_by,
        "contact": facts.contact or "",
        "next_first": next_first,
        "next_last": next_last,
    }


def scopes() -> list[tuple[str, Any]]:
    """The areas a role may be held for, to choose from."""
    key = language()
    return [
        ("country:dk", said("Hele landet", "Denmark")),
        (
            said("Arbejdsmarkedskontorer", "Labour-market offices"),
            [(f"amk:{one.code}", one.name(key)) for one in AREAS["amk"]],
        ),
        (
            said("Kommuner", "Municipalities"),
            [(f"municipality:{one.code}", one.name) for one in MUNICIPALITIES],
        ),
    ]


class RoleForm(forms.Form):
    """A role for an area."""

    role = forms.ChoiceField()
    scope = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        role, scope = self.fields["role"], self.fields["scope"]
        role.label, scope.label = said("Rolle", "Role"), said("Område", "Area")
        role.choices = [(code, said(*ROLE_NAMES[code])) for code in ROLES]  # type: ignore[attr-defined]
        scope.choices = scopes()  # type: ignore[attr-defined]


class UserForm(RoleForm):
    """A new user with a first role."""

    email = forms.EmailField()
    name = forms.CharField(max_length=120)
    password = forms.CharField(
        required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    field_order = ("email", "name", "password", "role", "scope")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = said("E-mail", "E-mail")
        self.fields["name"].label = said("Funktion og kontor", "Function and office")
        self.fields["password"].label = said(
            "Adgangskode (tom: logger på gennem organisationen)",
            "Password (empty: signs in by the organisation)",
        )


class AssistanceForm(forms.Form):
    """What a municipality answered to the offer of assistance in a quarter."""

    contacted = _day()
    status = forms.ChoiceField()
    accepted_on = _day(required=False)
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


class CorrectionForm(forms.Form):
    """What is right about an event: its day, its outcome or its text; or that it never happened."""

    on_date = _day(required=False)
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


class ElsewhereForm(forms.Form):
    """A course whose first letter was sent elsewhere."""

    area = forms.ChoiceField()
    course = forms.ChoiceField()
    date = _day()
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
        measures = ("conversations_6m", "offers_6m", "conversations_12m", "offers_12m")
        choices: dict[str, Any] = {
            "area": [(m.code, m.name) for m in places],
            "course": [(c.course, of(c.title)) for c in begun],
            "matters_chosen": [
                (
                    MEASURES[measure].name(key),
                    [(f"{measure} {r}", ROWS[r].name(key)) for r in (TOTAL.code, *GROUPS.codes)],
                )
                for measure in measures
            ],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        for name, da, en in (
            ("area", "Kommune", "Municipality"),
            ("course", "Forløb", "Course"),
            ("date", "Brevet er sendt den", "The letter was sent on"),
            ("reference", "Sagsnummer dér", "Reference there"),
            ("first", "Brevets måneder fra", "The letter's months from"),
            ("last", "Brevets måneder til og med", "The letter's months to"),
            ("matters_chosen", "Hvad brevet handlede om", "What the letter was about"),
            *(
                (name, *_LABELS[name])
                for name in ("follow_up_first", "follow_up_last", "restore_by")
            ),
        ):
            self.fields[name].label = said(da, en)

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
        place = MUNICIPALITIES[given["area"]].name
        return _fitting(
            {
                "date": given["date"],
                "reference": given["reference"],
                "addressee": f"Jobcenterchefen, {place} Kommune",
                "follow_up": _span(given["follow_up_first"], given["follow_up_last"]),
                "restore_by": given["restore_by"],
                "notice": {
                    "months": MonthRange(given["first"], given["last"]),
                    "date": given["date"],
                    "subjects": [{"measure": m, "group": g} for m, g in self.matters()],
                },
            }
        )


class LetterheadForm(forms.Form):
    """An office's letterhead in both languages."""

    bare = forms.BooleanField(required=False)

    def __init__(self, *args: Any, letterhead: Letterhead, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["bare"].label = said("Intet logo", "No logo")
        for which in ("da", "en"):
            names = letterhead.names(which)
            for name, da, en in (
                ("office", "Kontorets navn", "Name of the office"),
                ("agency", "Myndighed", "Agency"),
                ("role", "Underskriverens stilling", "Role of the one who signs"),
                (
                    "lines",
                    "Adresse, telefon og web, én linje ad gangen",
                    "Address, telephone and web, a line each",
                ),
                ("email", "E-mail", "E-mail"),
            ):
                value = getattr(names, name)
                many = name == "lines"
                self.fields[f"{which}_{name}"] = forms.CharField(
                    max_length=1000,
                    required=name in ("office", "agency", "role"),
                    label=said(da, en),
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
