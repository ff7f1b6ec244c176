"""The situation: the persons who can matter for the coming months, as they are known on a day.

And its projection: every time one of them will be counted, if nothing more is done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from tilsyn.measures import counting
from tilsyn.measures.counting import bucket
from tilsyn.measures.definitions import Definitions
from tilsyn.measures.kernel.arrays import Bucket, Spells
from tilsyn.measures.kernel.calendar import day_date, day_number, month_number
from tilsyn.measures.plan import Plan
from tilsyn.register.coding import ALWAYS_KNOWN, OPEN_END
from tilsyn.register.store import Part, Store
from tilsyn.vocabulary import MonthRange, YearMonth
from tilsyn.work.spreading import Done, Threads, nothing

READERS = 2
"""Threads that read; each holds one bucket."""


@dataclass(frozen=True)
class Situation:
    """Some persons with all that is known of them on a day.

    Attributes:
        on: the day. Nothing later is seen: what began, was held or was registered later is not
            there, and what ended later goes on.
        since: persons on no benefit since the day before this month are left out.
        persons: their pseudonyms (unless read without them: empty); a person's index here is
            `person` in the rows.
        rows: what the kernel takes.
    """

    on: dt.date
    since: YearMonth
    persons: pa.Array
    rows: Bucket

    @property
    def municipalities(self) -> tuple[int, ...]:
        """Codes that occur in the spells, in order."""
        return tuple(np.unique(self.rows.spells.municipality).tolist())

    def at(self, on: dt.date) -> Situation:
        """The situation on an earlier day: what was known then, of the persons who mattered then.

        This situation's `since` may not lie later than that day's first coming month.
        """
        since = first_coming(on)
        rows = known(self.rows, on)
        kept = _living(rows.spells, len(self.persons), since)
        return Situation(on, since, self.persons.filter(pa.array(kept)), _only(rows, kept))


def first_coming(on: dt.date) -> YearMonth:
    """The first month that is not over on the evening of a day."""
    return YearMonth.of(on + dt.timedelta(days=1))


def coming(on: dt.date, months: int) -> MonthRange:
    """So many months from the first that is not over."""
    first = first_coming(on)
    return MonthRange(first, first + (months - 1))


def parts(
    store: Store,
    on: dt.date,
    *,
    municipality: int | None = None,
    since: YearMonth | None = None,
    named: bool = True,
) -> Iterator[Situation]:
    """The situation on a day bucket by bucket, so that a country need not fit in memory.

    Args:
        store: the register.
        on: the day; see `Situation.on`.
        municipality: only persons on a benefit there since `since`; None: everybody.
        since: persons on no benefit since the day before this month are left out; the first
            coming month where none is given, so that only persons who go on are read.
        named: whether pseudonyms are read, which counting does not need.
    """
    since = since or first_coming(on)
    work = partial(_of, on=on, municipality=municipality, since=since, named=named)
    return Threads(READERS).over(store.parts, work)


def read(
    store: Store,
    on: dt.date,
    *,
    municipality: int | None = None,
    since: YearMonth | None = None,
    done: Done = nothing,
) -> Situation:
    """Read the situation on a day from a store, in one pass over its buckets.

    Args:
        store: the register.
        on: the day; see `Situation.on`.
        municipality, since: as `parts` takes them.
        done: called after each bucket.
    """
    found = []
    for part in parts(store, on, municipality=municipality, since=since):
        found.append(part)
        done()
    return joined(found)


def joined(situations: Sequence[Situation]) -> Situation:
    """One situation of several of the same day, with other persons each."""
    firsts = np.cumsum([0, *(len(s.persons) for s in situations)])
    buckets = [_shifted(s.rows, int(by)) for s, by in zip(situations, firsts, strict=False)]
    persons = pa.chunked_array([s.persons for s in situations], pa.string()).combine_chunks()
    return Situation(situations[0].on, situations[0].since, persons, _joined(buckets))


def _of(
    part: Part, on: dt.date, municipality: int | None, since: YearMonth, named: bool
) -> Situation:
    part = replace(part, since=_last_day_before(since))
    rows = known(bucket(part.arrays()), on)
    kept = _living(rows.spells, len(part.last_days), since, municipality) & ~part.skipped()
    persons = part.persons.filter(pa.array(kept)) if named else pa.nulls(kept.sum(), pa.string())
    return Situation(on, since, persons, _only(rows, kept))


def known(rows: Bucket, on: dt.date) -> Bucket:
    """What is known of these rows on the evening of a day.

    Spells, exemptions and duties have no day of registration: they are known from their beginning, their
    end from the day itself. Hours are known when their month is over.
    """
    day = day_number(on)
    over = month_number(first_coming(on))
    spells, conversations, offers, hours, exemptions, duties = rows
    return Bucket(
        _sorted(_open(_where(spells, spells.start <= day), day)),
        _where(conversations, (conversations.held <= day) & (conversations.registered <= day)),
        _open(_where(offers, (offers.start <= day) & (offers.registered <= day)), day),
        _where(hours, hours.month < over),
        _open(_where(exemptions, exemptions.start <= day), day),
        _open(_where(duties, duties.start <= day), day),
    )


def _open(table: Any, day: int) -> Any:
    """What ends after the day goes on, as far as is known."""
    return table._replace(end=_frozen(np.where(table.end > day, OPEN_END, table.end)))


def _sorted(spells: Spells) -> Any:
    """In the store's order again: spells that both go on stand in the order of their groups."""
    start, end = spells.start[1:], spells.end[1:]
    again = (spells.person[1:] == spells.person[:-1]) & (start == spells.start[:-1])
    if not (again & (end == OPEN_END)).any():
        return spells
    keys = (spells.visitation, spells.municipality, spells.grp, spells.end, spells.start)
    return _where(spells, np.lexsort((*keys, spells.person)))


def _last_day_before(month: YearMonth) -> int:
    return day_number(month.first) - 1


def _living(spells: Spells, persons: int, since: YearMonth, municipality: int | None = None) -> Any:
    """By person: whether they are on a benefit on the day before a month or later."""
    kept = np.zeros(persons, dtype=np.bool_)
    kept[spells.person[spells.end >= _last_day_before(since)]] = True
    if municipality is not None:
        # Whoever has moved away may still be placed here: a run that reaches six months in a gap
        # is placed by its latest benefit day before.
        there = np.zeros(persons, dtype=np.bool_)
        there[spells.person[spells.municipality == municipality]] = True
        kept &= there
    return kept


def _only(rows: Bucket, kept: Any) -> Bucket:
    """The rows of some persons, who are numbered anew."""
    number = np.cumsum(kept, dtype=np.int32) - 1
    return _each(
        rows, lambda t: _numbered(_where(t, kept[t.person]), lambda person: number[person])
    )


def _shifted(rows: Bucket, by: int) -> Bucket:
    return _each(rows, lambda t: _numbered(t, lambda person: person + np.int32(by)))


def _joined(buckets: list[Bucket]) -> Bucket:
    tables: list[Any] = [_stacked(tables) for tables in zip(*buckets, strict=True)]
    return Bucket(*tables)


def _each(rows: Bucket, change: Callable[[Any], Any]) -> Bucket:
    tables: list[Any] = [change(table) for table in rows]
    return Bucket(*tables)


def _numbered(table: Any, number: Callable[[Any], Any]) -> Any:
    return table._replace(person=_frozen(number(table.person)))


def _stacked(tables: Any) -> Any:
    columns = (np.concatenate(parts) for parts in zip(*tables, strict=True))
    return type(tables[0])(*map(_frozen, columns))


def _where(table: Any, mask: Any) -> Any:
    return type(table)(*(_frozen(column[mask]) for column in table))


def _frozen(array: Any) -> Any:
    """The array, read-only: the only kind the kernel is compiled for."""
    array.flags.writeable = False
    return array


@dataclass(frozen=True)
class Projection:
    """Places: person x measure x month in a population, as the kernel counts them.

    Ongoing spells go on to the last month; nothing is added to what is known. Arrays by place:

    Attributes:
        plan: what was measured; `measures` and `months` name what the indices mean.
        person: index in the situation.
        measure: index in `measures`.
        month: index in `months`.
        municipality: code.
        group, visitation: indices as `tilsyn.register.coding` has them.
        counted: events in the window so far.
        required: events required.
        met: whether enough is done, also through hours.
        opens, closes: day numbers: the first and the last day on which one more counting event
            counts for this place. `opens` may lie in the past.
    """

    plan: Plan
    person: Any
    measure: Any
    month: Any
    municipality: Any
    group: Any
    visitation: Any
    counted: Any
    required: Any
    met: Any
    opens: Any
    closes: Any

    def __len__(self) -> int:
        return len(self.person)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures, by index."""
        return tuple(d.measure for d in self.plan.by_seniority)

    @property
    def months(self) -> tuple[Any, ...]:
        """The months (`YearMonth`), by index."""
        return tuple(self.plan.months)

    def where(self, mask: Any) -> Projection:
        """Some of the places, by mask or index."""
        columns = {n: getattr(self, n)[mask] for n in self.__dataclass_fields__ if n != "plan"}
        return Projection(self.plan, **columns)


def project(situation: Situation, definitions: Definitions, months: MonthRange) -> Projection:
    """Measure a situation over some months with the measuring kernel.

    Args:
        situation: the persons; months before its `since` lack persons who have left.
        definitions: what is measured; who is merely placed (durations) is left out.
        months: coming ones, as a rule (`situation.coming`).
    """
    counted = [d.measure for d in definitions.measures if d.by_seniority_alone]
    plan = Plan(definitions.only(*counted), situation.municipalities, months)
    nobody = np.zeros(len(situation.persons), dtype=np.bool_)
    places = counting.places(plan, situation.rows, nobody)
    codes = np.array(plan.municipalities, dtype=np.int16)
    municipality, group, visitation = plan.of_cells(places.cell)
    return Projection(
        plan,
        person=places.person,
        measure=places.measure,
        month=places.month,
        municipality=codes[municipality],
        group=group,
        visitation=visitation,
        counted=places.counted,
        required=places.required,
        met=places.met.astype(np.bool_),
        opens=places.opens,
        closes=places.closes,
    )


def newest(store: Store, on: dt.date) -> dt.date | None:
    """The newest day, at latest `on`, on which a conversation was held or an offer began, or either
    was registered; None where there is none.
    """
    last = day_number(on)
    found: list[int] = []
    for part in store.parts:
        rows = bucket(part.arrays())
        conversations, offers = rows.conversations, rows.offers
        days = (conversations.held, conversations.registered, offers.start, offers.registered)
        found += [int(one.max(where=one <= last, initial=ALWAYS_KNOWN)) for one in days]
    newest_day = max(found, default=ALWAYS_KNOWN)
    return day_date(newest_day) if newest_day != ALWAYS_KNOWN else None
