"""A plan's shares, weeks and times in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone

from tilsyn.site.language import gettext, language
from tilsyn.site.plan_tables import in_words
from tilsyn.site.plan_tables import share as share_in
from tilsyn.vocabulary import wording

register = template.Library()


@register.filter
def share_of(line: Any, part: str) -> str:
    """A line's share, "without" or "planned": "19,0 %"."""
    return in_words(share_in(line, part))


@register.filter
def share(value: float, places: int = 1) -> str:
    """A share of one as per cent."""
    return wording.percent(100 * value, language(), places)


@register.filter
def off_by(value: float) -> str:
    """Percentage points: "1,9"."""
    return wording.number(value, language(), 1)


@register.filter
def week(name: str) -> str:
    """A week: "2024-W27" as "uge 27, 2024"."""
    year, _, number = name.partition("-W")
    return gettext("week {week}, {year}", week=int(number), year=year)


@register.filter
def clock(at: dt.datetime) -> str:
    """A time of day: "14.05"."""
    return (
        f"{timezone.localtime(at):%H.%M}"
        if language() == "da"
        else f"{timezone.localtime(at):%H:%M}"
    )
