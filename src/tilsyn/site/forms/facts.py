"""The facts of a course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from tilsyn.documents.contents.kinds import Kind
from tilsyn.documents.facts import NAMES, CourseFacts, Subject
from tilsyn.records import build
from tilsyn.site.forms.dates import MonthField, day, span
from tilsyn.site.language import gettext
from tilsyn.vocabulary import MonthRange, YearMonth

ASKED = {
    "date": ("date",),
    "reference": ("reference",),
    "addressee": ("addressee",),
    "salutation": ("salutation",),
    "notice": ("notice_first", "notice_last"),
    "notice.date": ("notice_date",),
    "follow_up": ("follow_up_first", "follow_up_last"),
    "restore_by": ("restore_by",),
    "reply_by": ("reply_by",),
    "next_follow_up": ("next_first", "next_last"),
    "contact": ("contact",),
}
"""The fields that ask for each fact."""

ALWAYS = ("date", "reference", "addressee")
"""The facts of every letter."""

OFFERED = ("salutation",)
"""Facts that every letter may have."""


def label(name: str) -> str:
    """What a field is called: as its fact, and which end of it."""
    fact, names = next((fact, names) for fact, names in ASKED.items() if name in names)
    ends = (gettext("{fact} from"), gettext("{fact} to"))
    template = "{fact}" if len(names) == 1 else ends[names.index(name)]
    return template.format(fact=gettext(NAMES[fact]))


class FactsForm(forms.Form):
    """The facts of a course, proposed by the rule and fixed by the officer.

    Args:
        proposed: what the rule proposes, and what else is fixed already and stays.
        known: where nothing can be proposed: what is known anyway.
        kind: the kind of letter at hand; the form asks for the facts it tells.
        needed: the facts it cannot do without.
        subjects: what the case's notice is about.
    """

    date = day()
    reference = forms.CharField(max_length=60)
    addressee = forms.CharField(max_length=200)
    salutation = forms.CharField(max_length=200)
    notice_date = day()
    notice_first = MonthField()
    notice_last = MonthField()
    follow_up_first = MonthField()
    follow_up_last = MonthField()
    restore_by = MonthField()
    reply_by = day()
    next_first = MonthField()
    next_last = MonthField()
    contact = forms.CharField(max_length=200)

    def __init__(
        self,
        data: Any = None,
        *,
        proposed: CourseFacts | None = None,
        known: dict[str, Any] | None = None,
        kind: Kind | None = None,
        needed: Sequence[str] = (),
        subjects: Sequence[Subject] = (),
    ):
        self.proposed, self.subjects = proposed, subjects
        super().__init__(data, initial=_initial(proposed) if proposed else known)
        told = {*ALWAYS, *OFFERED, *needed, *(kind.tells if kind else ())}
        for fact, names in ASKED.items():
            for name in names:
                if fact not in told:
                    del self.fields[name]
                    continue
                self.fields[name].label = label(name)
                self.fields[name].required = fact in ALWAYS or fact in needed

    def facts(self) -> CourseFacts:
        """The facts as fixed.

        Raises:
            InputError: they do not fit together.
        """
        given = self.cleaned_data
        facts = self.proposed.model_dump(mode="json", exclude_none=True) if self.proposed else {}
        notice = facts.get("notice") or {"subjects": self.subjects}
        for fact, names in ASKED.items():
            match [given[name] for name in names if name in given]:
                case [first, last]:
                    value: Any = span(first, last)
                case [one]:
                    value = one or None
                case _:
                    continue
            if fact == "notice":
                facts["notice"] = {**notice, "months": value}
            elif fact == "notice.date":
                facts["notice"]["date"] = value
            else:
                facts[fact] = value
        return build(CourseFacts, facts, file="")


def _initial(facts: CourseFacts) -> dict[str, Any]:
    by, notice = facts.restore_by, facts.notice
    if by is not None and not isinstance(by, YearMonth):
        by = YearMonth.of(by)
    found: dict[str, Any] = {
        "date": facts.date,
        "reference": facts.reference,
        "addressee": facts.addressee,
        "salutation": facts.salutation or "",
        "notice_date": notice and notice.date,
        "restore_by": str(by or ""),
        "reply_by": facts.reply_by,
        "contact": facts.contact or "",
    }
    for fact, months in (
        ("notice", notice.months if notice else None),
        ("follow_up", facts.follow_up),
        ("next_follow_up", facts.next_follow_up),
    ):
        found |= dict(zip(ASKED[fact], _ends(months), strict=True))
    return found


def _ends(span: MonthRange | None) -> tuple[str, str]:
    return (str(span.first), str(span.last)) if span else ("", "")
