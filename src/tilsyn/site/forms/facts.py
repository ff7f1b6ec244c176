"""The facts of a course."""

from __future__ import annotations

from typing import Any

from django import forms
from pydantic import ValidationError

from tilsyn.documents.facts import CourseFacts
from tilsyn.errors import InputError
from tilsyn.site.forms.dates import MonthField, day, span
from tilsyn.site.language import said
from tilsyn.vocabulary import MonthRange, YearMonth


class FactsForm(forms.Form):
    """The facts of a course, proposed by the rule and fixed by the officer."""

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

    def __init__(self, *args: Any, proposed: CourseFacts | None = None, **kwargs: Any):
        self.proposed = proposed
        if proposed is not None:
            kwargs["initial"] = _initial(proposed)
        super().__init__(*args, **kwargs)
        for name, (da, en) in LABELS.items():
            self.fields[name].label = said(da, en)

    def facts(self) -> CourseFacts:
        """The facts as fixed.

        Raises:
            InputError: they do not fit together.
        """
        given = self.cleaned_data
        base = self.proposed.model_dump(mode="json", exclude_none=True) if self.proposed else {}
        return fitting(
            {
                **base,
                "date": given["date"],
                "reference": given["reference"],
                "addressee": given["addressee"],
                "follow_up": span(given["follow_up_first"], given["follow_up_last"]),
                "restore_by": given["restore_by"],
                "reply_by": given["reply_by"],
                "next_follow_up": span(given["next_first"], given["next_last"]),
                "contact": given["contact"] or None,
            }
        )


def fitting(given: dict[str, Any]) -> CourseFacts:
    """The facts, if they fit together."""
    try:
        return CourseFacts.model_validate(given)
    except ValidationError as error:
        raise InputError(error.errors()[0]["msg"].removeprefix("Value error, ")) from None
    except ValueError as error:
        raise InputError(str(error)) from None


def _ends(span: MonthRange | None) -> tuple[str, str]:
    return (str(span.first), str(span.last)) if span else ("", "")


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
