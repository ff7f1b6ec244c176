"""The named places in a rule file's sentences."""

from __future__ import annotations

import string

SLOTS = frozenset(
    {
        "municipality",
        "group",  # "Sygedagpenge"
        "persons",  # "sygedagpengemodtagere"
        "unmet",  # "færre end 4 samtaler ..."
        "on",  # the day of the judgement
        "when",  # the latest month, or the period whose months are added up
        "months",  # "december 2021-februar 2022"
        "month",  # the latest month
        "share",  # its share
        "shares",  # the shares of all months: "23,5 %, 29,2 % og 20,9 %"
        "threshold",
        "distance",  # percentage points to the line, without sign
        "mean",
        "over",  # how many months are over, in words
        "of",  # how many months the rule looks at, in words
        "over_months",  # which months are over
        "smallest",  # smallest population
        "population",  # the smallest population met
        "small_months",  # the months with too few persons
        "unknown_months",  # the months whose population is not known
        "missing",  # the months without figures
        "stale",  # how many months old figures may be
        "goal_month",  # the month of the result goal used
        "actual",
        "expected",
        "warning",  # how many latest months warn, in words
        "suspended_because",  # the sentence of the version that suspends
        "exempted_share",  # the share exempted by decision
        "missed_persons",  # those who missed the effort without a decision: "to borgere"
        "period_end",  # the last month of the first whole period
        "restoring",  # the month that restored the effort
    }
)


def slots_of(sentence: str) -> set[str]:
    """The slots a sentence uses.

    Raises:
        ValueError: a brace has no pair, or a slot says more than its name.
    """
    try:
        parts = list(string.Formatter().parse(sentence))
    except ValueError:
        raise ValueError("a brace has no pair; a slot is written {month}") from None
    if more := [name for _, name, form, conversion in parts if form or conversion]:
        raise ValueError(f"the slot {{{more[0]}}} says more than its name")
    return {name for _, name, _, _ in parts if name is not None}
