"""How a plan is getting on: what was planned by a day against what was held."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tilsyn.errors import InputError
from tilsyn.measures.definitions import Definitions
from tilsyn.planning.plans.capacity import KINDS
from tilsyn.planning.plans.people import counting_types
from tilsyn.planning.plans.weeks import day_number, day_of
from tilsyn.planning.plans.worklist import ENTRY
from tilsyn.planning.situation import read
from tilsyn.register.store import Store
from tilsyn.vocabulary import YearMonth


@dataclass(frozen=True, slots=True)
class Planned:
    """A call-in of a worklist file, as far as its progress goes."""

    person: str
    kind: str
    week: str
    first_day: dt.date
    last_day: dt.date
    team: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """A week's progress.

    Attributes:
        planned: call-ins whose last day has passed.
        held: of these, held (or begun) by their last day.
        late: held after it.
        left: not held, and the person is on no benefit any more.
        missing: neither.
    """

    week: str
    kind: str
    planned: int
    held: int
    late: int
    left: int

    @property
    def missing(self) -> int:
        """Neither held nor given up."""
        return self.planned - self.held - self.late - self.left


def read_worklist(file: Path) -> list[Planned]:
    """The call-ins of a worklist (CSV).

    Raises:
        InputError: it is no worklist.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", file=file) from None
    reader = csv.DictReader(io.StringIO(text))
    if set(ENTRY) - set(reader.fieldnames or ()):
        raise InputError(f"is no worklist; its columns are {', '.join(ENTRY)}", file=file)
    return [_planned(row, number, file) for number, row in enumerate(reader, 2)]


def _planned(row: dict[str, Any], number: int, file: Path) -> Planned:
    try:
        first, last = (dt.date.fromisoformat(row[name]) for name in ("first_day", "last_day"))
        return Planned(row["person"], row["kind"], row["week"], first, last, row["team"])
    except (TypeError, ValueError) as error:
        raise InputError(f"a damaged row ({error})", file=file, place=f"row {number}") from None


def weeks(
    planned: Iterable[Planned],
    held: dict[str, dict[str, list[dt.date]]],
    on: dt.date,
    gone: set[str],
) -> Iterator[Week]:
    """Week by week what came of a plan.

    What a person was given is counted for the planned call-ins in their order, the earliest first.

    Args:
        held: by kind and person, the days of conversations held and offers begun.
        on: the day; later call-ins are not looked at.
        gone: persons on no benefit any more.
    """
    mine: dict[tuple[str, str], list[Planned]] = defaultdict(list)
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
        yield Week(week, kind, count["planned"], count["held"], count["late"], count["left"])


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
