"""Counting: every person of a bucket, month by month, measure by measure."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tilsyn.measures.kernel.arrays import (
    POPULATIONS,
    Bucket,
    MeasureRules,
    Room,
    Sizes,
    Span,
    Spells,
)
from tilsyn.measures.kernel.calendar import Calendar, add_months, month_of
from tilsyn.measures.kernel.compiled import compiled
from tilsyn.measures.kernel.events import (
    by_month,
    exempted,
    exempted_by_decision,
    hours_by_month,
    hours_within,
    under_duty,
    within,
)
from tilsyn.measures.kernel.placement import cell_of, day_of, place, rank
from tilsyn.measures.kernel.runs import NEVER, Runs, follow, room
from tilsyn.register.coding import ANSWERS

HAS_JOB = ANSWERS.index("yes")

AT_LEAST, REACHING, DEADLINE = range(len(POPULATIONS))


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
        rows=np.zeros(10, np.int64),
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
    s = c = o = h = x = d = np.int64(0)
    while s < spells.person.size:
        person = spells.person[s]
        low = s
        s = _past(spells.person, s, person)
        c = _upto(bucket.conversations.person, c, person)
        o = _upto(bucket.offers.person, o, person)
        h = _upto(bucket.hours.person, h, person)
        x = _upto(bucket.exemptions.person, x, person)
        d = _upto(bucket.duties.person, d, person)
        rows[0], rows[2], rows[4], rows[6], rows[8] = c, o, h, x, d
        c = _past(bucket.conversations.person, c, person)
        o = _past(bucket.offers.person, o, person)
        h = _past(bucket.hours.person, h, person)
        x = _past(bucket.exemptions.person, x, person)
        d = _past(bucket.duties.person, d, person)
        rows[1], rows[3], rows[5], rows[7], rows[9] = c, o, h, x, d
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
                if span.measures.population[measure] == AT_LEAST:
                    _at_least(
                        bucket, low, rows, measure, span, calendar, axis, begin, end, best,
                        holder, runs, change, hours, counts, places, person,
                    )  # fmt: skip
            best[begin : end + 1] = 0
        for measure in range(span.measures.slot.size):
            if span.measures.population[measure] == REACHING:
                _reaching(
                    bucket, low, used, rows, measure, span, calendar, axis, runs, counts, places,
                    person,
                )  # fmt: skip
            elif span.measures.population[measure] == DEADLINE:
                _deadlines(
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
                False, origin, day,
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
    seniority = rules.seniority[measure]
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
        if not rules.placed_as[measure, group, bucket.spells.visitation[spell]]:
            continue
        if left_out(bucket, rows, rules, measure, day_of(best[m], span.sizes)):
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
        _count_one(
            bucket, rows, span, measure, at, m, events, required, missing, opens, closes, counts,
            places, person,
        )  # fmt: skip


@compiled
def rolling_from(day: int, start: int, window: int, calendar: Calendar) -> int:
    """First day of the months of a run that end with a day, never before the run's start."""
    if month_of(day, calendar) < window:
        return start
    return max(start, add_months(day, -window, calendar) + 1)


@compiled
def left_out(bucket: Bucket, rows: Any, rules: MeasureRules, measure: int, day: int) -> bool:
    """Whether the person is left out by what is known of the placement day."""
    scope, under, not_under = rules.scope[measure], rules.under[measure], rules.not_under[measure]
    if scope >= 0 and exempted(bucket.exemptions, rows[6], rows[7], scope, day):
        return True
    if under >= 0 and not under_duty(bucket.duties, rows[8], rows[9], under, day):
        return True
    return not_under >= 0 and under_duty(bucket.duties, rows[8], rows[9], not_under, day)


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
    seniority = span.measures.seniority[measure]
    opening, final = calendar.first[span.first], calendar.first[span.last + 1]
    for i in range(used):
        # A family is met first at its founder's first spell; its other spells come later.
        family = runs.family[runs.run[i]]
        reached = runs.reached[family, seniority]
        if reached < opening or reached >= final or _met_before(runs, family, i):
            continue
        _count_run(
            bucket, low, used, rows, measure, i, family, reached - 1,
            month_of(reached, calendar) - span.first, np.int64(-1), span, calendar, axis, runs, counts,
            places, person,
        )  # fmt: skip


@compiled
def _deadlines(
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
    """Count each beginning in the month of its deadline."""
    spells = bucket.spells
    opening, final = calendar.first[span.first], calendar.first[span.last + 1]
    for i in range(used):
        day = deadline_of(spells, low, used, i, measure, span.measures, runs, calendar)
        if opening <= day < final:
            _count_run(
                bucket, low, used, rows, measure, np.int64(0), runs.family[runs.run[i]], day,
                month_of(day, calendar) - span.first, np.int64(spells.grp[low + i]), span, calendar, axis,
                runs, counts, places, person,
            )  # fmt: skip


@compiled
def deadline_of(
    spells: Spells,
    low: int,
    used: int,
    spell: int,
    measure: int,
    rules: MeasureRules,
    runs: Runs,
    calendar: Calendar,
) -> int:
    """The deadline that a spell (counted from `low`) gives its run; `NEVER` where none, or one before it gives it.

    A take-over gives one where it is the earliest that is known in the deadline's month.
    """
    group, family = spells.grp[low + spell], runs.family[runs.run[spell]]
    days, by_takeover = rules.deadline[measure, group], rules.takeover[measure, group]
    begins = int(spells.takeover[low + spell]) if by_takeover else int(runs.start[family])
    if days < 0 or begins < runs.start[family]:
        return NEVER
    for j in range(spell):
        same = runs.family[runs.run[j]] == family and spells.grp[low + j] == group
        if same and (not by_takeover or spells.takeover[low + j] == begins):
            return NEVER
    deadline = begins + days
    month_end = calendar.first[month_of(deadline, calendar) + 1] - 1
    if spells.start[low + spell] > month_end:
        return NEVER
    if by_takeover and begins != taken_over(
        spells, low, used, family, measure, rules, runs, month_end
    ):
        return NEVER
    return deadline


@compiled
def taken_over(
    spells: Spells,
    low: int,
    used: int,
    family: int,
    measure: int,
    rules: MeasureRules,
    runs: Runs,
    month_end: int,
) -> int:
    """The earliest take-over of a family's spells that is not before its start; `NEVER`: not known.

    Only spells that start by the month's end are looked at.
    """
    earliest = NEVER
    for i in range(used):
        row = low + i
        if spells.start[row] > month_end:
            break
        if runs.family[runs.run[i]] == family and rules.takeover[measure, spells.grp[row]]:
            day = int(spells.takeover[row])
            if runs.start[family] <= day < earliest:
                earliest = day
    return earliest


@compiled
def opens_of(
    spells: Spells,
    low: int,
    used: int,
    family: int,
    group: int,
    measure: int,
    rules: MeasureRules,
    runs: Runs,
    month_end: int,
) -> int:
    """The first day of a family's window, as it is placed in a group."""
    if rules.takeover[measure, group]:
        day = taken_over(spells, low, used, family, measure, rules, runs, month_end)
        if day != NEVER:
            return day
    return int(runs.start[family])


@compiled
def _count_run(
    bucket: Bucket,
    low: int,
    used: int,
    rows: Any,
    measure: int,
    begin: int,
    family: int,
    closes: int,
    m: int,
    asked: int,
    span: Span,
    calendar: Calendar,
    axis: Any,
    runs: Runs,
    counts: Any,
    places: Room,
    person: int,
) -> None:
    """Count a family of runs that lasts to a day in a month, where it belongs to the population.

    Args:
        begin: no spell of the family stands before it (counted from `low`).
        closes: the last day of its window.
        m: the month, from the span's first.
        asked: the group it has to be placed in; -1: in any that is counted.
    """
    rules, spells = span.measures, bucket.spells
    if runs.start[family] < rules.begun_from[measure]:
        return
    month_end = calendar.first[span.first + m + 1] - 1
    ranked, holder = lasting_until(
        spells, low, used, begin, family, runs, closes, month_end, span.sizes
    )
    if holder < 0:
        return
    group = spells.grp[holder]
    if not rules.placed_as[measure, group, spells.visitation[holder]]:
        return
    if asked >= 0 and asked != group:
        return
    if left_out(bucket, rows, rules, measure, day_of(ranked, span.sizes)):
        return
    weeks = rules.soon_back[measure]
    if weeks > 0 and soon_back(spells, low, used, family, runs, ranked, closes, weeks, span.sizes):
        return
    opens = opens_of(spells, low, used, family, group, measure, rules, runs, month_end)
    if opens > closes:
        return
    events = within(bucket, rows, rules, measure, span.known_on, opens, closes)
    required = rules.required[measure, group, m]
    at = cell_of(spells, holder, axis, span.sizes)
    _count_one(
        bucket, rows, span, measure, at, m, events, required, events < required, opens, closes,
        counts, places, person,
    )  # fmt: skip


@compiled
def soon_back(
    spells: Spells,
    low: int,
    used: int,
    family: int,
    runs: Runs,
    ranked: int,
    closes: int,
    weeks: int,
    sizes: Sizes,
) -> bool:
    """Whether all spells with the best claim say that there is a job and fewer weeks are expected."""
    for i in range(used):
        row = low + i
        if runs.family[runs.run[i]] != family or spells.start[row] > closes:
            continue
        if rank(min(int(spells.end[row]), closes), row, spells, sizes) != ranked:
            continue
        if spells.has_job[row] != HAS_JOB or not 0 <= spells.expected_weeks[row] < weeks:
            return False
    return True


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
    closes: int,
    month_end: int,
    sizes: Sizes,
) -> tuple[int, int]:
    """The best claim on placing a family of runs on its last day up to `closes`.

    Only spells that start by the month's end are looked at.

    Returns:
        The rank and the spell's row; row -1 where the family did not last that long.
    """
    best, holder = 0, -1
    lasted = False
    for i in range(begin, used):
        row = low + i
        start = int(spells.start[row])
        if start > month_end:
            break
        if runs.family[runs.run[i]] != family:
            continue
        lasted = lasted or spells.end[row] >= closes
        if start <= closes:
            ranked = rank(min(int(spells.end[row]), closes), row, spells, sizes)
            if ranked > best:
                best, holder = ranked, row
    return best, (holder if lasted else -1)


@compiled
def _count_one(
    bucket: Bucket,
    rows: Any,
    span: Span,
    measure: int,
    cell: int,
    m: int,
    events: int,
    required: int,
    missing: bool,
    opens: int,
    closes: int,
    counts: Any,
    places: Room,
    person: int,
) -> None:
    """Count the person in a cell: by number, as unmet, and as exempted by decision."""
    rules = span.measures
    category = min(events, rules.categories[measure] - 1)
    slot, month = rules.slot[measure], span.offset + m
    counts[cell, slot + category, month] += 1
    exempt = missing and exempted_by_decision(
        bucket.exemptions, rows[6], rows[7], rules.scope[measure], rules.exempted_by, measure,
        opens, closes,
    )  # fmt: skip
    if missing:
        counts[cell, slot + rules.categories[measure], month] += 1
    if exempt:
        counts[cell, slot + rules.categories[measure] + 1, month] += 1
    row = _row(places)
    if row >= 0:
        _record(
            places.rows, row, person, measure, month, cell, events, required, not missing, exempt,
            opens, closes,
        )  # fmt: skip


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
    exempt: bool,
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
    rows[7, row] = exempt
    rows[8, row] = opens
    rows[9, row] = closes
