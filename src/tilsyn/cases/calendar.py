"""An officer's deadlines as a calendar feed (iCalendar, RFC 5545)."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from django.db.models import Q

from tilsyn.cases import access
from tilsyn.cases.models import Case, User
from tilsyn.cases.roles import DRAFT
from tilsyn.vocabulary import COUNTRY
from tilsyn.vocabulary.icalendar import escaped, folded


def feed(user: User, *, now: dt.datetime, address: str = "") -> str:
    """The next deadline of every case that is the user's, or nobody's in his area.

    Args:
        user: whose calendar.
        now: stamped on the entries.
        address: where a case is on the web, with "{id}" for its number; empty for none.
    """
    language = user.language or "da"
    mine = Q(assignee=user) | (
        Q(assignee__isnull=True) & access.within("area", access.areas(user, DRAFT))
    )
    cases = (
        Case.objects.visible_to(user).under_way().filter(mine, due_on__isnull=False).by_deadline()
    )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//tilsyn//cases//DA",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped('Tilsyn: frister' if language == 'da' else 'Supervision: deadlines')}",
    ]
    for case in cases:
        lines += _entry(case, language, now, address)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _entry(case: Case, language: str, now: dt.datetime, address: str) -> list[str]:
    step, due = case.step_data, case.due_on
    assert step is not None and due is not None
    key: Literal["da", "en"] = "da" if language == "da" else "en"
    place = case.place if case.area != COUNTRY or key == "da" else "Denmark"
    entry = [
        "BEGIN:VEVENT",
        # One entry a step: when its deadline moves, the calendar moves it too.
        f"UID:case-{case.pk}-{case.step}@tilsyn",
        f"DTSTAMP:{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{case.sequence}",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(f'{place}: {step.title[key]}')}",
        f"DESCRIPTION:{escaped(f'{case.number}, {case.course_data.title[key]}')}",
        "TRANSP:TRANSPARENT",
    ]
    if address:
        entry.append(f"URL:{address.format(id=case.pk)}")
    return [*entry, "END:VEVENT"]
