"""Rules: what holds on a date, what differs from another date, and where it stands written."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tilsyn.cases import knowledge
from tilsyn.cases.clock import today
from tilsyn.rules.catalogue import in_force
from tilsyn.rules.model import Version
from tilsyn.site.choices import asked_day
from tilsyn.site.language import language, said
from tilsyn.vocabulary import GROUPS, MEASURES, MonthRange, wording

_NAMES = {
    "threshold": ("Grænse", "Line"),
    "met_at_threshold": ("Opfyldt på selve grænsen", "Met exactly at the line"),
    "near_line": ("Tæt på grænsen: inden for", "Near the line: within"),
    "smallest_population": ("Mindst antal personer", "Smallest population"),
    "smallest_population_in": ("Antallet kræves i", "Population needed in"),
    "months": ("Antal måneder", "Months"),
    "level": ("Bedømmes", "Judged"),
    "not_counted": ("Måneder, der ikke tæller", "Months not counted"),
    "warning_months": ("Varsel efter måneder over", "Warning after months over"),
    "gate": ("Kun når dette mål heller ikke er nået", "Only where this goal is missed too"),
    "gate_max_age_months": (
        "Dets seneste tal må højst være",
        "Its latest figure may at most be",
    ),
    "ordinary_hours": ("Ordinære timer i stedet for tilbud", "Ordinary hours instead of an offer"),
    "conversations": ("Samtaler, der kræves", "Conversations required"),
    "offers": ("Tilbud, der kræves", "Offers required"),
    "offers_groups": ("Grupper, der kræver tilbud", "Groups that require an offer"),
}
_VALUES = {
    "group": ("hver ydelsesgruppe for sig", "each benefit group by itself"),
    "pooled": ("alle grupper under ét", "all groups together"),
    "every_month": ("hver måned", "every month"),
    "latest_month": ("den seneste måned", "the latest month"),
}
_CONFIDENCE = {
    "H": ("læst i en officiel kilde", "read in an official source"),
    "M": ("én sekundær kilde eller en slutning", "one secondary source or an inference"),
    "L": ("svagt belagt", "weakly founded"),
}


def index(request: HttpRequest) -> HttpResponse:
    """Every rule as it is on a date; beside another date, what differs."""
    on, other = asked_day(request, "date") or today(), asked_day(request, "other")
    rows = []
    for rule in knowledge.catalogue():
        now = in_force(rule, on)
        then = in_force(rule, other) if other else None
        rows.append(
            {
                "rule": rule,
                "version": now,
                "facts": _facts(now),
                "differs": _differences(now, then) if other else None,
            }
        )
    return render(request, "rules.html", {"on": on, "other": other, "rows": rows})


def show(request: HttpRequest, code: str) -> HttpResponse:
    """One rule with all its versions and their sources."""
    if code not in knowledge.catalogue():
        raise Http404(said("Der er ingen regel med det navn.", "There is no such rule."))
    rule = knowledge.catalogue()[code]
    versions = [
        {
            "version": version,
            "facts": _facts(version),
            "now": version.in_force(today()),
            "sources": [(s, said(*_CONFIDENCE[s.confidence])) for s in version.source],
        }
        for version in reversed(rule.version)
    ]
    return render(request, "rule.html", {"rule": rule, "versions": versions})


def _facts(version: Version | None) -> list[tuple[str, str]]:
    if version is None:
        return []
    given = (
        [
            (
                said("Mål", "Measures"),
                wording.joined(
                    (MEASURES[m].name(language()) for m in version.measures), language()
                ),
            )
        ]
        if version.measures
        else []
    )
    return given + [
        (said(*_NAMES[key]) if key in _NAMES else key, _value(key, value))
        for key, value in version.criterion
        if key != "kind" and value not in (None, ())
    ]


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return said("ja", "yes") if value else said("nej", "no")
    if key == "threshold":
        return wording.percent(value, language(), 0)
    if key == "near_line":
        places = 0 if value == int(value) else 1
        return said(
            f"{wording.number(value, 'da', places)} procentpoint",
            f"{wording.number(value, 'en', places)} percentage points",
        )
    if key == "gate":
        return knowledge.catalogue()[value].title[language()]
    if key == "gate_max_age_months":
        return said(f"{value} måneder gammel", f"{value} months old")
    if isinstance(value, dict):
        return _by_group(value)
    if isinstance(value, tuple):
        return wording.joined((_word(one) for one in value), language())
    return _word(value)


def _by_group(numbers: dict[str, int]) -> str:
    """A number for each group named, and for all others: "3 (A-dagpenge mv.), ellers 4"."""
    rest = numbers["default"]
    named = [f"{number} ({_word(code)})" for code, number in numbers.items() if code != "default"]
    return ", ".join([*named, said(f"ellers {rest}", f"otherwise {rest}")]) if named else str(rest)


def _word(one: Any) -> str:
    if isinstance(one, MonthRange):
        return wording.months(list(one), language())
    code = str(one)
    if code in _VALUES:
        return said(*_VALUES[code])
    return GROUPS[code].name(language()) if code in GROUPS else code


def _differences(now: Version | None, then: Version | None) -> list[tuple[str, str, str]]:
    """What the two versions say differently: name, then, now."""
    if now is then:
        return []
    old, new = dict(_facts(then)), dict(_facts(now))
    return [
        (name, old.get(name, "–"), new.get(name, "–"))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ] or [(said("Udgave", "Version"), then.name if then else "–", now.name if now else "–")]
