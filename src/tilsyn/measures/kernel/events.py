"""What a person got: conversations, offers and hours in a window."""

from __future__ import annotations

from typing import Any

from tilsyn.measures.kernel.arrays import (
    Bucket,
    Conversations,
    Duties,
    Exemptions,
    Hours,
    MeasureRules,
    Offers,
)
from tilsyn.measures.kernel.calendar import Calendar, month_of
from tilsyn.measures.kernel.compiled import compiled

NO_DAY = -(2**31)

STATUTORY = 0
"""The reason of an exemption that leaves a person out."""


@compiled
def counts_conversation(
    conversations: Conversations, row: int, types: Any, known_on: int, previous: int
) -> bool:
    """Whether a conversation counts: of a counting type, seen, and not on the `previous` day."""
    return (
        types[conversations.type[row]]
        and conversations.held[row] != previous
        and conversations.registered[row] <= known_on
    )


@compiled
def counts_offer(offers: Offers, row: int, kinds: Any, known_on: int) -> bool:
    """Whether an offer counts: of a counting kind, and seen."""
    return kinds[offers.kind[row]] and offers.registered[row] <= known_on


@compiled
def exempted(exemptions: Exemptions, low: int, high: int, scope: int, day: int) -> bool:
    """Whether the person has a statutory exemption on a day."""
    for i in range(low, high):
        if (
            exemptions.reason[i] == STATUTORY
            and exemptions.scope[i] == scope
            and exemptions.start[i] <= day
            and exemptions.end[i] >= day
        ):
            return True
    return False


@compiled
def exempted_by_decision(
    exemptions: Exemptions,
    low: int,
    high: int,
    scope: int,
    exempted_by: Any,
    measure: int,
    opens: int,
    closes: int,
) -> bool:
    """Whether a decision that overlaps a window was made on its last day or earlier."""
    for i in range(low, high):
        if (
            exempted_by[measure, exemptions.reason[i]]
            and exemptions.scope[i] == scope
            and exemptions.start[i] <= closes
            and exemptions.end[i] >= opens
            and exemptions.decided[i] <= closes
        ):
            return True
    return False


@compiled
def under_duty(duties: Duties, low: int, high: int, kind: int, day: int) -> bool:
    """Whether the person is under a duty on a day."""
    for i in range(low, high):
        if duties.kind[i] == kind and duties.start[i] <= day and duties.end[i] >= day:
            return True
    return False


@compiled
def within(
    bucket: Bucket,
    rows: Any,
    rules: MeasureRules,
    measure: int,
    known_on: int,
    first: int,
    last: int,
) -> int:
    """How many counting events lie between two days, both included.

    Args:
        rows: the person's rows: first and end of conversations, first and end of offers.
    """
    count = 0
    if rules.conversations[measure]:
        previous = NO_DAY
        held = bucket.conversations.held
        for i in range(rows[0], rows[1]):
            if held[i] > last:
                break
            if held[i] >= first and counts_conversation(
                bucket.conversations, i, rules.types[measure], known_on, previous
            ):
                previous = held[i]
                count += 1
        return count
    offers = bucket.offers
    for i in range(rows[2], rows[3]):
        if offers.start[i] > last:
            break
        begun = offers.start[i] if rules.starting[measure] else offers.end[i]
        if begun >= first and counts_offer(offers, i, rules.kinds[measure], known_on):
            count += 1
    return count


@compiled
def _add(change: Any, low: int, high: int, first: int, last: int, value: int) -> None:
    """Add `value` to the months low..high of a series of changes over first..last."""
    low, high = max(low, first), min(high, last)
    if low <= high:
        change[low - first] += value
        change[high + 1 - first] -= value


@compiled
def by_month(
    bucket: Bucket,
    rows: Any,
    rules: MeasureRules,
    measure: int,
    known_on: int,
    first: int,
    last: int,
    calendar: Calendar,
    change: Any,
) -> None:
    """In `change`: how the number of events in the window changes from month to month.

    An event of month e is in the windows of the months e .. e + window - 1; an offer that is
    counted while it overlaps is in the windows from its first month on.

    Args:
        first, last: months since January 1990.
        change: zeroed; one longer than the months.
    """
    back = rules.window[measure] - 1
    if rules.conversations[measure]:
        previous = NO_DAY
        held = bucket.conversations.held
        final = calendar.first[last + 1]
        opening = calendar.first[max(first - back, 0)]
        for i in range(rows[0], rows[1]):
            if held[i] >= final:
                break
            if held[i] >= opening and counts_conversation(
                bucket.conversations, i, rules.types[measure], known_on, previous
            ):
                previous = held[i]
                month = month_of(held[i], calendar)
                _add(change, month, month + back, first, last, 1)
        return
    offers = bucket.offers
    final = calendar.first[last + 1]
    opening = calendar.first[max(first - back, 0)]
    for i in range(rows[2], rows[3]):
        start = int(offers.start[i])
        if start >= final:
            break
        ending = start if rules.starting[measure] else min(int(offers.end[i]), final - 1)
        if ending >= opening and counts_offer(offers, i, rules.kinds[measure], known_on):
            _add(
                change,
                month_of(start, calendar),
                month_of(ending, calendar) + back,
                first,
                last,
                1,
            )


@compiled
def hours_within(hours: Hours, low: int, high: int, first: int, last: int) -> int:
    """Hundredths of hours in the months first..last."""
    worked = 0
    for i in range(low, high):
        if first <= hours.month[i] <= last:
            worked += int(hours.hours[i])
    return worked


@compiled
def hours_by_month(
    hours: Hours, low: int, high: int, window: int, first: int, last: int, change: Any
) -> None:
    """In `change`: how the hundredths of hours in the window change from month to month."""
    for i in range(low, high):
        month = int(hours.month[i])
        _add(change, month, month + window - 1, first, last, int(hours.hours[i]))
