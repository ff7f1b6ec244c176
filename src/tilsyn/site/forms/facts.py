"""The facts of a course."""

from __future__ import annotations

from typing import Any

from django import forms

from tilsyn.documents.contents.kinds import Kind
from tilsyn.documents.facts import CourseFacts
from tilsyn.records import build
from tilsyn.site.forms.dates import MonthField, day, span
from tilsyn.site.language import said
from tilsyn.vocabulary import MonthRange, YearMonth


class FactsForm(forms.Form):
    """The facts of a course, proposed by the rule and fixed by the officer.

    Args:
        proposed: what the rule proposes, and what else is fixed already and stays.
        kind: the kind of letter at hand; the form asks for the facts it tells.
    """

    date = day()
    reference = forms.CharField(max_length=60)
    addressee = forms.CharField(max_length=200)
    follow_up_first = MonthField(required=False)
    follow_up_last = MonthField(required=False)
    restore_by = MonthField(required=False)
    reply_by = day(required=False)
    next_first = MonthField(required=False)
    next_last = MonthField(required=False)
    contact = forms.CharField(max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        proposed: CourseFacts | None = None,
        kind: Kind | None = None,
        **kwargs: Any,
    ):
        self.proposed = proposed
        if proposed is not None:
            kwargs["initial"] = _initial(proposed)
        super().__init__(*args, **kwargs)
        told = {*kind.facts, *kind.tells} if kind else set()
        for fact, names in ASKED.items():
            for name in names if fact not in told else ():
                del self.fields[name]
        for name, field in self.fields.items():
            field.label = said(*LABELS[name])

    def facts(self) -> CourseFacts:
        """The facts as fixed.

        Raises:
            InputError: they do not fit together.
        """
        given = self.cleaned_data
        facts = self.proposed.model_dump(mode="json", exclude_none=True) if self.proposed else {}
        facts |= {name: given[name] for name in ("date", "reference", "addressee")}
        for fact, names in ASKED.items():
            match [given[name] for name in names if name in given]:
                case [first, last]:
                    facts[fact] = span(first, last)
                case [one]:
                    facts[fact] = one or None
        return fitting(facts)


def fitting(given: dict[str, Any]) -> CourseFacts:
    """The facts, if they fit together."""
    return build(CourseFacts, given, file="")


def _ends(span: MonthRange | None) -> tuple[str, str]:
    return (str(span.first), str(span.last)) if span else ("", "")


ASKED = {
    "follow_up": ("follow_up_first", "follow_up_last"),
    "restore_by": ("restore_by",),
    "reply_by": ("reply_by",),
    "next_follow_up": ("next_first", "next_last"),
    "contact": ("contact",),
}
"""The fields that ask for each fact; beside the date, the reference and the addressee of every letter."""

LABELS = {
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
