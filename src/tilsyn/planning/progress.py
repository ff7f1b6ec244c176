"""How a plan is getting on: what was planned by a day against what was held."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from tilsyn.measures.definitions import Definitions
from tilsyn.outlook.situation import read
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.people import counting_types
from tilsyn.planning.record import WeekProgress
from tilsyn.planning.weeks import day_number, day_of
from tilsyn.planning.worklist import CallIn
from tilsyn.register.store import Store
from tilsyn.vocabulary import YearMonth


def weeks(
    planned: Iterable[CallIn],
    held: dict[str, dict[str, list[dt.date]]],
    on: dt.date,
    gone: set[str],
) -> Iterator[WeekProgress]:
    """Week by week what came of a plan.

    What a person was given is counted for the planned call-ins in their order, the earliest first.

    Args:
        held: by kind and person, the days of conversations held and offers begun.
        on: the day; later call-ins are not looked at.
        gone: persons on no benefit any more.
    """
    mine: dict[tuple[str, str], list[CallIn]] = defaultdict(list)
    for call in planned:
        if call.last_day <= on:
            mine[call.kind, call.person].append(call)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (kind, person), calls in mine.items():
        calls.sort(key=lambda call: call.first_day)
        days = sorted(d for d in held[kind].get(person, ()) if calls[0].first_day <= d <= on)
        for place, call in enumerate(calls):
            count = counts[call.week, kind]
            count["planned"] += 1
            if place < len(days):
                count["held" if days[place] <= call.last_day else "late"] += 1
            elif person in gone:
                count["left"] += 1
    for week, kind in sorted(counts, key=lambda key: (KINDS.index(key[1]), key[0])):
        count = counts[week, kind]
        yield WeekProgress(
            week=week,
            kind=kind,
            planned=count["planned"],
            held=count["held"],
            late=count["late"],
            left=count["left"],
        )


def held(
    store: Store, definitions: Definitions, first: dt.date, on: dt.date
) -> tuple[dict[str, dict[str, list[dt.date]]], set[str]]:
    """What persons were given since a plan began, and who is on no benefit any more.

    Returns:
        By kind and person the days of counting conversations held and of offers begun; and the
        persons whose last spell has ended.
    """
    situation = read(store, on, since=YearMonth.of(first))
    names = situation.persons.to_pylist()
    rows = situation.rows
    counting = np.isin(rows.conversations.type, counting_types(definitions, YearMonth.of(first)))
    found: dict[str, dict[str, list[dt.date]]] = {kind: {} for kind in KINDS}
    for kind, person, day in (
        (KINDS[0], rows.conversations.person[counting], rows.conversations.held[counting]),
        (KINDS[1], rows.offers.person, rows.offers.start),
    ):
        since = day >= day_number(first)
        for who, number in zip(person[since].tolist(), day[since].tolist(), strict=True):
            days = found[kind].setdefault(names[who], [])
            if day_of(number) not in days:
                days.append(day_of(number))
    still = set(np.unique(rows.spells.person[rows.spells.end >= day_number(on)]).tolist())
    return found, {name for index, name in enumerate(names) if index not in still}
