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
from tilsyn.site.language import gettext, language, pgettext
from tilsyn.vocabulary import GROUPS, MEASURES, MonthRange, wording
from tilsyn.words import gettext_noop

_NAMES = {
    "threshold": gettext_noop("Line"),
    "met_at_threshold": gettext_noop("Met exactly at the line"),
    "near_line": gettext_noop("Near the line: within"),
    "smallest_population": gettext_noop("Smallest population"),
    "smallest_population_in": gettext_noop("Population needed in"),
    "months": gettext_noop("Months"),
    "level": gettext_noop("Judged"),
    "not_counted": gettext_noop("Months not counted"),
    "warning_months": gettext_noop("Warning after months over"),
    "gate": gettext_noop("Only where this goal is missed too"),
    "gate_max_age_months": gettext_noop("Its latest figure may at most be"),
    "ordinary_hours": gettext_noop("Ordinary hours instead of an offer"),
    "conversations": gettext_noop("Conversations required"),
    "offers": gettext_noop("Offers required"),
    "offers_groups": gettext_noop("Groups that require an offer"),
}
_VALUES = {
    "group": gettext_noop("each benefit group by itself"),
    "pooled": gettext_noop("all groups together"),
    "every_month": gettext_noop("every month"),
    "latest_month": gettext_noop("the latest month"),
}
_CONFIDENCE = {
    "H": gettext_noop("read in an official source"),
    "M": gettext_noop("one secondary source or an inference"),
    "L": gettext_noop("weakly founded"),
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
        raise Http404(gettext("There is no such rule."))
    rule = knowledge.catalogue()[code]
    versions = [
        {
            "version": version,
            "facts": _facts(version),
            "now": version.in_force(today()),
            "sources": [(s, gettext(_CONFIDENCE[s.confidence])) for s in version.source],
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
                pgettext("of a rule", "Measures"),
                wording.joined(
                    (MEASURES[m].name(language()) for m in version.measures), language()
                ),
            )
        ]
        if version.measures
        else []
    )
    return given + [
        (gettext(_NAMES[key]) if key in _NAMES else key, _value(key, value))
        for key, value in version.criterion
        if key != "kind" and value not in (None, ())
    ]


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if key == "threshold":
        return wording.percent(value, language(), 0)
    if key == "near_line":
        places = 0 if value == int(value) else 1
        return gettext(
            "{number} percentage points", number=wording.number(value, language(), places)
        )
    if key == "gate":
        return knowledge.catalogue()[value].title[language()]
    if key == "gate_max_age_months":
        return gettext("{value} months old", value=value)
    if isinstance(value, dict):
        return _by_group(value)
    if isinstance(value, tuple):
        return wording.joined((_word(one) for one in value), language())
    return _word(value)


def _by_group(numbers: dict[str, int]) -> str:
    """A number for each group named, and for all others: "3 (A-dagpenge mv.), ellers 4"."""
    rest = numbers["default"]
    named = [f"{number} ({_word(code)})" for code, number in numbers.items() if code != "default"]
    return ", ".join([*named, gettext("otherwise {rest}", rest=rest)]) if named else str(rest)


def _word(one: Any) -> str:
    if isinstance(one, MonthRange):
        return wording.months(list(one), language())
    code = str(one)
    if code in _VALUES:
        return gettext(_VALUES[code])
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
    ] or [(gettext("Version"), then.name if then else "–", now.name if now else "–")]
