"""Counting: every person of a bucket, month by month, measure by measure."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tilsyn.measures.kernel.arrays import Bucket, Room, Sizes, Span, Spells
from tilsyn.measures.kernel.calendar import Calendar, add_months, month_of
from tilsyn.measures.kernel.compiled import compiled
from tilsyn.measures.kernel.events import (
    by_month,
    exempted,
    hours_by_month,
    hours_within,
    within,
)
from tilsyn.measures.kernel.placement import cell_of, day_of, place, rank
from tilsyn.measures.kernel.runs import Runs, follow, room


class Scratch(NamedTuple):
    """Room for one person at a time."""

    best: Any
    holder: Any
    change: Any
    hours: Any
    current: Any
    rows: Any
    runs: Runs


def scratch(bucket: Bucket, span: Span) -> Scratch:
    """Room for the persons of a bucket, one at a time."""
    months = span.last - span.first + 1
    person = bucket.spells.person
    most = int(np.bincount(person).max()) if person.size else 0
    return Scratch(
        best=np.zeros(months, np.int64),
        holder=np.zeros(months, np.int64),
        change=np.zeros(months + 1, np.int64),
        hours=np.zeros(months + 1, np.int64),
        current=np.zeros(span.sizes.groups, np.int64),
        rows=np.zeros(8, np.int64),
        runs=room(most, span.seniority.months.size),
    )


@compiled
def count(
    bucket: Bucket,
    skip: Any,
    span: Span,
    calendar: Calendar,
    axis: Any,
    counts: Any,
    places: Room,
    scratch: Scratch,
) -> None:
    """Add what a bucket's persons contribute to the counts of a span's months.

    Args:
        skip: by person: leave the person out.
        axis: index of a municipality on the counts' first axis, by code.
        counts: municipality x group x visitation (flat) x counter x month; added to.
        places: filled with the places behind the counts, as far as there is room.
    """
    spells = bucket.spells
    best, holder, change = scratch.best, scratch.holder, scratch.change
    hours, current, rows, runs = scratch.hours, scratch.current, scratch.rows, scratch.runs
    horizon = calendar.first[span.last + 1] - 1
    opening = calendar.first[span.first]
    # Typed, not literal: a literal would have every function compiled a second time for it.
    s = c = o = h = x = np.int64(0)
    while s < spells.person.size:
        person = spells.person[s]
        low = s
        s = _past(spells.person, s, person)
        c = _upto(bucket.conversations.person, c, person)
        o = _upto(bucket.offers.person, o, person)
        h = _upto(bucket.hours.person, h, person)
        x = _upto(bucket.exemptions.person, x, person)
        rows[0], rows[2], rows[4], rows[6] = c, o, h, x
        c = _past(bucket.conversations.person, c, person)
        o = _past(bucket.offers.person, o, person)
        h = _past(bucket.hours.person, h, person)
        x = _past(bucket.exemptions.person, x, person)
        rows[1], rows[3], rows[5], rows[7] = c, o, h, x
        if skip[person]:
            continue
        if _last_end(spells.end, low, s) < opening - 1:
            continue
        used = follow(spells, low, s, horizon, span.seniority, calendar, current, runs)
        begin, end = place(
            spells, low, used, span.first, span.last, calendar, span.sizes, best, holder
        )
        if begin <= end:
            if span.bands.size:
                _durations(
                    spells, low, span, axis, begin, end, best, holder, runs, counts, places, person
                )
            for measure in range(span.measures.slot.size):
                if not span.measures.reaching[measure]:
                    _at_least(
                        bucket, low, rows, measure, span, calendar, axis, begin, end, best,
                        holder, runs, change, hours, counts, places, person,
                    )  # fmt: skip
            best[begin : end + 1] = 0
        for measure in range(span.measures.slot.size):
            if span.measures.reaching[measure]:
                _reaching(
                    bucket, low, used, rows, measure, span, calendar, axis, runs, counts, places,
                    person,
                )  # fmt: skip


@compiled
def _upto(column: Any, row: int, person: int) -> int:
    while row < column.size and column[row] < person:
        row += 1
    return row


@compiled
def _past(column: Any, row: int, person: int) -> int:
    while row < column.size and column[row] == person:
        row += 1
    return row


@compiled
def _last_end(end: Any, low: int, high: int) -> int:
    """The last benefit day: nobody counts in months that begin later than the day after it."""
    last = end[low]
    for i in range(low + 1, high):
        last = max(last, end[i])
    return last


@compiled
def _durations(
    spells: Spells,
    low: int,
    span: Span,
    axis: Any,
    begin: int,
    end: int,
    best: Any,
    holder: Any,
    runs: Runs,
    counts: Any,
    places: Room,
    person: int,
) -> None:
    """Count the person in the band of completed weeks, in every month of placement."""
    for m in range(begin, end + 1):
        if best[m] == 0:
            continue
        origin, day = runs.origin[holder[m]], day_of(best[m], span.sizes)
        weeks = (day - origin) // 7
        band = span.bands.size - 1
        while span.bands[band] > weeks:
            band -= 1
        at = cell_of(spells, low + holder[m], axis, span.sizes)
        counts[at, span.bands_slot + band, span.offset + m] += 1
        row = _row(places)
        if row >= 0:
            durations = span.measures.slot.size
            _record(
                places.rows, row, person, durations, span.offset + m, at, weeks, 0, True,
                origin, day,
            )  # fmt: skip


@compiled
def _at_least(
    bucket: Bucket,
    low: int,
    rows: Any,
    measure: int,
    span: Span,
    calendar: Calendar,
    axis: Any,
    begin: int,
    end: int,
    best: Any,
    holder: Any,
    runs: Runs,
    change: Any,
    hours: Any,
    counts: Any,
    places: Room,
    person: int,
) -> None:
    """Count the person in every month of placement in which the seniority is reached."""
    rules = span.measures
    seniority, scope = rules.seniority[measure], rules.scope[measure]
    # Nothing can be reached before the earliest run of the months at hand has reached it.
    while begin <= end and (
        best[begin] == 0
        or runs.reached[runs.run[holder[begin]], seniority]
        >= calendar.first[span.first + begin + 1]
    ):
        begin += 1
    if begin > end:
        return
    rolling = rules.rolling[measure] > 0
    change[: end - begin + 2] = 0
    if not rolling:
        by_month(
            bucket, rows, rules, measure, span.known_on, span.first + begin, span.first + end,
            calendar, change,
        )  # fmt: skip
    by_hours = rules.enough[measure, begin] > 0 or rules.enough[measure, end] > 0
    hours[: end - begin + 2] = 0
    if by_hours and not rolling:
        hours_by_month(
            bucket.hours, rows[4], rows[5], rules.window[measure], span.first + begin,
            span.first + end, hours,
        )  # fmt: skip
    events = worked = 0
    for m in range(begin, end + 1):
        events += change[m - begin]
        worked += hours[m - begin]
        if best[m] == 0:
            continue
        if runs.reached[runs.run[holder[m]], seniority] >= calendar.first[span.first + m + 1]:
            continue
        spell = low + holder[m]
        group = bucket.spells.grp[spell]
        if not rules.groups[measure, group]:
            continue
        if scope >= 0 and exempted(
            bucket.exemptions, rows[6], rows[7], scope, day_of(best[m], span.sizes)
        ):
            continue
        month = span.first + m
        opens = calendar.first[max(month - rules.window[measure] + 1, 0)]
        closes = calendar.first[month + 1] - 1
        if rolling:
            closes = day_of(best[m], span.sizes)
            opens = rolling_from(
                closes, runs.start[runs.run[holder[m]]], rules.window[measure], calendar
            )
            events = within(bucket, rows, rules, measure, span.known_on, opens, closes)
            worked = hours_within(
                bucket.hours, rows[4], rows[5], month_of(opens, calendar), month
            )  # fmt: skip
        required = rules.required[measure, group, m]
        missing = events < required
        if missing and rules.enough[measure, m] > 0:
            missing = worked < rules.enough[measure, m]
        at = cell_of(bucket.spells, spell, axis, span.sizes)
        _tally(span, measure, at, m, events, missing, counts)
        row = _row(places)
        if row >= 0:
            _record(
                places.rows, row, person, measure, span.offset + m, at, events, required,
                not missing, opens, closes,
            )  # fmt: skip


@compiled
def rolling_from(day: int, start: int, window: int, calendar: Calendar) -> int:
    """First day of the months of a run that end with a day, never before the run's start."""
    if month_of(day, calendar) < window:
        return start
    return max(start, add_months(day, -window, calendar) + 1)


@compiled
def _reaching(
    bucket: Bucket,
    low: int,
    used: int,
    rows: Any,
    measure: int,
    span: Span,
    calendar: Calendar,
    axis: Any,
    runs: Runs,
    counts: Any,
    places: Room,
    person: int,
) -> None:
    """Count each beginning in the month in which its run reaches the seniority.

    Runs that share their beginning are one here: they have one family.
    """
    rules = span.measures
    seniority, scope = rules.seniority[measure], rules.scope[measure]
    spells = bucket.spells
    opening, final = calendar.first[span.first], calendar.first[span.last + 1]
    for i in range(used):
        # A family is met first at its founder's first spell; its other spells come later.
        family = runs.family[runs.run[i]]
        reached = runs.reached[family, seniority]
        if reached < opening or reached >= final or _met_before(runs, family, i):
            continue
        ranked, holder = lasting_until(
            spells, low, used, i, family, runs, reached, calendar, span.sizes
        )
        if holder < 0:
            continue
        group = spells.grp[holder]
        if not rules.groups[measure, group]:
            continue
        if scope >= 0 and exempted(
            bucket.exemptions, rows[6], rows[7], scope, day_of(ranked, span.sizes)
        ):
            continue
        events = within(
            bucket, rows, rules, measure, span.known_on, runs.start[family], reached - 1
        )
        m = month_of(reached, calendar) - span.first
        required = rules.required[measure, group, m]
        missing = events < required
        at = cell_of(spells, holder, axis, span.sizes)
        _tally(span, measure, at, m, events, missing, counts)
        row = _row(places)
        if row >= 0:
            _record(
                places.rows, row, person, measure, span.offset + m, at, events, required,
                not missing, runs.start[family], reached - 1,
            )  # fmt: skip


@compiled
def _met_before(runs: Runs, family: int, spell: int) -> bool:
    for j in range(spell):  # noqa: SIM110 (a generator does not compile)
        if runs.family[runs.run[j]] == family:
            return True
    return False


@compiled
def lasting_until(
    spells: Spells,
    low: int,
    used: int,
    begin: int,
    family: int,
    runs: Runs,
    reached: int,
    calendar: Calendar,
    sizes: Sizes,
) -> tuple[int, int]:
    """The best claim on placing a family of runs on its last day before `reached`.

    Only spells that start by the end of that month are looked at.

    Returns:
        The rank and the spell's row; row -1 where the family did not last that long.
    """
    month_end = calendar.first[month_of(reached, calendar) + 1] - 1
    best, holder = 0, -1
    lasted = False
    for i in range(begin, used):
        row = low + i
        start = int(spells.start[row])
        if start > month_end:
            break
        if runs.family[runs.run[i]] != family:
            continue
        lasted = lasted or spells.end[row] >= reached - 1
        if start < reached:
            ranked = rank(min(int(spells.end[row]), reached - 1), row, spells, sizes)
            if ranked > best:
                best, holder = ranked, row
    return best, (holder if lasted else -1)


@compiled
def _tally(
    span: Span, measure: int, cell: int, m: int, events: int, missing: bool, counts: Any
) -> None:
    rules = span.measures
    category = min(events, rules.categories[measure] - 1)
    slot = rules.slot[measure]
    counts[cell, slot + category, span.offset + m] += 1
    if missing:
        counts[cell, slot + rules.categories[measure], span.offset + m] += 1


@compiled
def _row(places: Room) -> int:
    """The next free row; -1 where there is no room."""
    row = places.used[0]
    places.used[0] += 1
    return row if row < places.rows.shape[1] else -1


@compiled
def _record(
    rows: Any,
    row: int,
    person: int,
    measure: int,
    month: int,
    cell: int,
    counted: int,
    required: int,
    met: bool,
    opens: int,
    closes: int,
) -> None:
    """Fill a row, in the order of the fields of `Places`."""
    rows[0, row] = person
    rows[1, row] = measure
    rows[2, row] = month
    rows[3, row] = cell
    rows[4, row] = counted
    rows[5, row] = required
    rows[6, row] = met
    rows[7, row] = opens
    rows[8, row] = closes
