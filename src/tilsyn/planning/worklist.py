"""The worklist: each planned and booked call-in with its week, its last day and its reason.

A conversation held on any working day from the first to the last day of its entry counts as the
plan says; the figures are reckoned with the first.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.planning.calls import kinds
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.people import NO_DAY
from tilsyn.planning.plan import Plan
from tilsyn.planning.weeks import day_number, day_of
from tilsyn.register.coding import GROUP_CODES
from tilsyn.vocabulary import MEASURES
from tilsyn.vocabulary.wording import date
from tilsyn.words import gettext, gettext_noop

ENTRY = ("person", "kind", "week", "first_day", "last_day", "status", "team", "caseworker",
         "measures", "reason")  # fmt: skip
"""The worklist's columns."""

DUTY = ("person", "measure", "group", "month", "lacking", "last_day", "weeks", "state",
        "on_goal_list")  # fmt: skip
"""The duty list's columns."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One call-in.

    Attributes:
        person: pseudonym.
        kind: "conversations" or "offers".
        week: as calendars number it, "2024-W27".
        first_day, last_day: between which it must be held to serve all it is planned for.
        status: "planned" or "booked".
        measures: what it serves; empty where it serves none.
        reason: why, in words.
    """

    person: str
    kind: str
    week: str
    first_day: dt.date
    last_day: dt.date
    status: str
    team: str
    caseworker: str
    measures: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """What is due to one person in one measure.

    Attributes:
        month: the first month in which the person counts as unmet.
        lacking: how many more conversations or offers, bookings counted.
        last_day: by when, for the first month that can still be met (else: when it was too late).
        weeks: the planned weeks.
        state: "planned", "partly", "no_room" or "too_late".
        on_goal_list: whether a line of the goal counts the person.
    """

    person: str
    measure: str
    group: str
    month: str
    lacking: int
    last_day: dt.date
    weeks: tuple[str, ...]
    state: str
    on_goal_list: bool


def entries(plan: Plan, persons: Sequence[str], language: str = "da") -> list[Entry]:
    """The worklist, by week, then team, then person.

    Args:
        persons: the situation's pseudonyms, by index.
    """
    places = _by_person(plan)
    made = []
    before: dict[tuple[int, int], list[int]] = defaultdict(list)
    calls, weeks, people = plan.calls, plan.weeks, plan.people
    for person, kind, day, week, booked in zip(
        *(getattr(calls, n).tolist() for n in ("person", "kind", "day", "week", "booked")),
        strict=True,
    ):
        served = [
            p
            for p in places.get((person, kind), ())
            if plan.projection.opens[p] <= day <= plan.projection.closes[p]
            and sum(d >= plan.projection.opens[p] for d in before[person, kind])
            < plan.projection.required[p] - plan.projection.counted[p]
        ]
        before[person, kind].append(day)
        held = day_of(day)
        first, last = (held, held) if booked else (weeks.working[week][0], weeks.working[week][-1])
        closes = [day_of(plan.projection.closes[p]) for p in served]
        made.append(
            Entry(
                persons[person],
                KINDS[kind],
                weeks.name(week),
                first,
                min([last, *closes]),
                "booked" if booked else "planned",
                people.team[person],
                people.caseworker[person],
                tuple(
                    sorted({plan.projection.measures[plan.projection.measure[p]] for p in served})
                ),
                _reason(plan, person, kind, served, language),
            )
        )
    return sorted(made, key=lambda e: (e.week, e.team, e.caseworker, e.person, e.kind))


CALLED_TO = {
    "conversations": gettext_noop("Conversation"),
    "offers": gettext_noop("Offer"),
}
"""What a person is called in to, by the kind of call-in."""

STATUS_NAMES = {
    "planned": gettext_noop("planned"),
    "booked": gettext_noop("booked"),
}
"""Where a call-in comes from."""

STATES = {
    "planned": gettext_noop("planned"),
    "partly": gettext_noop("partly planned"),
    "no_room": gettext_noop("no room"),
    "too_late": gettext_noop("too late"),
}
"""What has become of a duty."""

REASONS = {
    "conversations_6m": gettext_noop(
        "Early effort: {counted} of {required} conversations held; they must be held by {day}."
    ),
    "conversations_12m": gettext_noop(
        "Long-term: {counted} of {required} conversations in the 12 months up to {month}."
    ),
    "offers_6m": gettext_noop("Early effort: no offer has begun; one must begin by {day}."),
    "offers_12m": gettext_noop(
        "Long-term: neither an offer nor hours enough in the 12 months up to {month}."
    ),
}
"""Why a person is called in, by the measure that asks for it."""


def _by_person(plan: Plan) -> dict[tuple[int, int], list[int]]:
    """The places that conversations or offers make met, by person and kind."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    kind = kinds(plan.projection)
    for place in np.flatnonzero(plan.after & ~plan.projection.met).tolist():
        found[int(plan.projection.person[place]), int(kind[place])].append(place)
    return found


def _reason(plan: Plan, person: int, kind: int, served: list[int], language: str) -> str:
    p = plan.projection
    parts = []
    away = int(plan.people.stayed_away[person])
    if away > NO_DAY and not kind:
        parts.append(
            gettext(
                "Did not come on {day}: called in anew.", language, day=date(day_of(away), language)
            )
        )
    if served:
        first = min(served, key=lambda place: (int(p.closes[place]), int(p.measure[place])))
        parts.append(
            gettext(
                REASONS[p.measures[p.measure[first]]],
                language,
                counted=int(p.counted[first]),
                required=int(p.required[first]),
                day=date(day_of(p.closes[first]), language),
                month=p.months[p.month[first]].name(language),
            )
        )
    return " ".join(parts) or gettext("Is booked; no measure asks for it.", language)


def duties(plan: Plan, persons: Sequence[str]) -> list[Due]:
    """The duty list: everybody to whom something is due in these weeks, planned or not, by last day.

    What can still be done after the weeks stands there only where the plan does it already.
    """
    p = plan.projection
    now = (p.closes <= day_number(plan.weeks.last)) | plan.after
    on_lines = np.zeros(len(p), np.bool_)
    for line in plan.lines:
        if line.held.wanted:
            on_lines |= line.held.places
    kind = kinds(p)
    planned: dict[tuple[int, int], list[str]] = defaultdict(list)
    for person, of, week in zip(
        *(getattr(plan.calls, n).tolist() for n in ("person", "kind", "week")), strict=True
    ):
        planned[person, of].append(plan.weeks.name(week))
    unmet: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place in np.flatnonzero(~plan.before & now).tolist():
        unmet[int(p.person[place]), int(p.measure[place])].append(place)
    made = []
    for (person, measure), places in unmet.items():
        at = np.array(places)
        reachable = at[plan.can[at]]
        looked = reachable if len(reachable) else at
        first = int(looked[np.argmin(p.closes[looked])])
        made.append(
            Due(
                persons[person],
                p.measures[measure],
                GROUP_CODES[p.group[first]],
                str(p.months[p.month[int(at[np.argmin(p.month[at])])]]),
                int((p.required[looked] - p.counted[looked] - plan.booked[looked]).max()),
                day_of(p.closes[first]),
                tuple(planned[person, int(kind[first])]),
                _state(reachable, plan.after),
                bool(on_lines[at].any()),
            )
        )
    return sorted(made, key=lambda d: (d.last_day, d.person, d.measure))


def _state(reachable: Any, after: Any) -> str:
    if not len(reachable):
        return "too_late"
    met = int(after[reachable].sum())
    return "planned" if met == len(reachable) else "partly" if met else "no_room"


def measure_names(codes: Sequence[str], language: str) -> str:
    """Measures as a list for people."""
    return "; ".join(MEASURES[code].name(language) for code in codes)
