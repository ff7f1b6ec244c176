"""Numbers, dates and codes in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import timezone

from tilsyn.cases.actions.receiving import KINDS as INCOMING
from tilsyn.cases.models import Event
from tilsyn.cases.models.audit import ACTIONS
from tilsyn.cases.state import KINDS
from tilsyn.figures.printing import ABSENT, printed, printed_change
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.site.language import gettext, language, of
from tilsyn.site.standings import TONES, listed, status_in_words
from tilsyn.vocabulary import AREAS, MEASURES, MUNICIPALITIES, ROWS, YearMonth, area_name, wording

register = template.Library()


@register.filter
def day(value: dt.date | dt.datetime | str | None) -> str:
    """A day in words: "29. august 2022"."""
    if isinstance(value, str) and value:
        value = dt.date.fromisoformat(value[:10])
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return wording.date(value, language()) if value else ""


@register.filter
def month(value: YearMonth | dt.date | str | None) -> str:
    """A month in words: "september 2022"."""
    return _month(value).name(language()) if value else ""


@register.filter
def month_short(value: YearMonth | dt.date | str | None) -> str:
    """A month as tables head it: "Sep 2022"."""
    return _month(value).short(language()) if value else ""


def _month(value: YearMonth | dt.date | str) -> YearMonth:
    if isinstance(value, YearMonth):
        return value
    return YearMonth.parse(value) if isinstance(value, str) else YearMonth.of(value)


@register.filter
def percent(value: Any, places: int = 1) -> str:
    """A share, "20,9 %"; a dash where there is no number."""
    return printed(None if value == "" else value, "share", language(), places=places)


@register.filter
def number(value: Any, places: int = 0) -> str:
    """A number, "1.234"; a dash where there is no number."""
    return printed(None if value == "" else value, language=language(), places=places)


@register.filter
def points(value: Any) -> str:
    """A distance in percentage points with its sign: "+3,4"."""
    if value in (None, ""):
        return ABSENT
    return printed_change(value, "share", language(), none="±")


@register.filter
def from_line(value: Any) -> str:
    """A distance from the line: "14,4 procentpoint over grænsen"."""
    if value in (None, ""):
        return ""
    far = printed(abs(value), "share", language(), unit=False)
    if value > 0:
        return gettext("{points} percentage points over the line", points=far)
    if value < 0:
        return gettext("{points} percentage points under the line", points=far)
    return gettext("exactly at the line")


@register.filter
def measure(code: str) -> str:
    """A measure's name."""
    return MEASURES[code].name(language()) if code in MEASURES else code


@register.filter
def group(code: str) -> str:
    """A benefit group's name."""
    return ROWS[code].name(language()) if code in ROWS else code


@register.filter
def municipality(code: str) -> str:
    """A municipality's name; the country's."""
    if code == "dk":
        return gettext("Denmark")
    return MUNICIPALITIES[code].name if code in MUNICIPALITIES else code


@register.filter
def authority(code: str) -> str:
    """A municipality by its official name: "Københavns Kommune"."""
    return MUNICIPALITIES[code].official(language())


@register.filter
def office(code: str) -> str:
    """The labour-market office's name."""
    return area_name("amk", code, language()) if code in AREAS["amk"] else code


@register.filter
def text(value: Mapping[str, str] | None) -> str:
    """The reader's language of a text that is data."""
    return (value or {}).get(language(), "")


@register.filter
def verdict(code: str) -> str:
    """A verdict in words."""
    return VERDICTS[code].name(language()) if code in VERDICTS else code


@register.filter
def tone(code: str) -> str:
    """How grave a verdict is, for its colour."""
    return VERDICTS[code].tone if code in VERDICTS else "none"


@register.filter
def happened(kind: str) -> str:
    """What an event is called."""
    return gettext(KINDS[kind]) if kind in KINDS else kind


@register.filter
def logged(action: str) -> str:
    """What was done, as the audit log's page tells it."""
    return gettext(ACTIONS[action]) if action in ACTIONS else action


@register.filter
def answer(status: str) -> str:
    """What was answered to an offer of assistance."""
    return status_in_words().get(status, gettext("nothing noted"))


@register.filter
def answer_tone(status: str) -> str:
    """How an answer looks."""
    return TONES.get(status, "none")


@register.filter
def kinds(codes: Iterable[str]) -> str:
    """Kinds of assistance, as a list."""
    return listed(codes)


@register.filter
def quarter(code: str) -> str:
    """A quarter in words: "4. kvartal 2023"."""
    year, _, number = code.partition("-Q")
    return gettext("quarter {number} of {year}", number=number, year=year)


@register.filter
def outcome_words(event: Event) -> str:
    """How a step ended, or is proposed to end, as its course calls it."""
    for outcome in event.case.version_data[event.step].outcome:
        if outcome.name == event.outcome:
            return of(outcome.title)
    return event.outcome


@register.filter
def incoming_words(kind: str) -> str:
    """What a received document is."""
    return gettext(INCOMING[kind]) if kind in INCOMING else kind


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """A mapping's value."""
    return mapping.get(key) if hasattr(mapping, "get") else mapping[key]


@register.simple_tag(takes_context=True)
def here(context: template.Context, **changes: Any) -> str:
    """This page's address with other choices: `{% here sort="share" %}`; None takes one away."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path


@register.simple_tag(takes_context=True)
def only(context: template.Context, choice: tuple[str, str]) -> str:
    """This page's address with one filter chosen, and no other than office and region."""
    key, value = choice
    return here(context, **{"band": None, "verdict": None, "q": None, "form": None, key: value})
