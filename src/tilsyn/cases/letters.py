"""How many letters a municipality gets: some courses write at most so often within a year."""

from __future__ import annotations

import datetime as dt

from tilsyn.cases.models import Case, Event
from tilsyn.cases.refusals import refused
from tilsyn.errors import ConflictError
from tilsyn.vocabulary import add_months


def sent_within_a_year(case: Case, on: dt.date) -> list[dt.date]:
    """The days of the letters sent to the case's municipality in the year to a day, by its version.

    Letters of an earlier version are not counted: the limit was given with the version that has it.
    """
    sent = Event.objects.filter(
        case__course=case.course,
        case__version=case.version,
        case__area=case.area,
        outcome="sent",
        kind__in=("sent", "concluded"),
        on_date__gt=add_months(on, -12),
        on_date__lte=on,
    )
    return sorted(sent.values_list("on_date", flat=True))


def check_limit(case: Case, on: dt.date) -> None:
    """Refuse one letter more than the course allows.

    Raises:
        ConflictError: the municipality has had its letters of the year; says from when it may get one.
    """
    limit = case.version_data.letters_a_year
    if limit is None:
        return
    days = sent_within_a_year(case, on)
    if len(days) >= limit:
        raise refused(
            ConflictError,
            "letters_of_the_year",
            place=case.place,
            count=len(days),
            limit=limit,
            day=add_months(days[-limit], 12),
        )
