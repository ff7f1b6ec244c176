"""Runs of one person: spells of a benefit without a break, and when they reach a seniority."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tilsyn.measures.kernel.arrays import SeniorityRules, Spells
from tilsyn.measures.kernel.calendar import Calendar, add_months, month_of
from tilsyn.measures.kernel.compiled import compiled

NEVER = 2**31 - 1
"""A seniority that is not reached."""


class Runs(NamedTuple):
    """A person's runs; the first arrays are by run, the others by spell.

    Attributes:
        start, last: first and last day so far.
        family: the run that founded the beginning it shares; itself where it shares none.
        days: benefit days so far, each once.
        reached: the day each seniority is reached (by seniority); `NEVER` where it is not.
        run: the run of the spell's own group the spell belongs to.
        origin: seniority days on a day d of the spell are d - origin: days since the run's start,
            or benefit days up to and including d where they add up.
    """

    start: Any
    last: Any
    family: Any
    days: Any
    reached: Any
    run: Any
    origin: Any


def room(spells: int, seniorities: int) -> Runs:
    """Room for a person with so many spells."""
    n = spells + 1
    return Runs(
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros((n, max(seniorities, 1)), np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
    )


@compiled
def follow(
    spells: Spells,
    low: int,
    high: int,
    horizon: int,
    rules: SeniorityRules,
    calendar: Calendar,
    current: Any,
    runs: Runs,
) -> int:
    """Follow a person's spells into runs.

    Args:
        low, high: the person's rows, `high` excluded.
        horizon: last day that counts; later spells are not used and open ones end there.
        current: room for the current run of each group.
        runs: filled.

    Returns:
        How many of the spells were used.
    """
    current[:] = -1
    count = 0
    for i in range(low, high):
        start = int(spells.start[i])
        if start > horizon:
            return i - low
        end = min(int(spells.end[i]), horizon)
        group = spells.grp[i]
        run = current[group]
        if run < 0 or not _goes_on(runs.last[run], start, group, rules, calendar):
            run = count
            count += 1
            parent = rules.continues[group]
            founder = current[parent] if parent >= 0 else -1
            if founder >= 0 and _goes_on(runs.last[founder], start, group, rules, calendar):
                runs.start[run] = runs.start[founder]
                runs.last[run] = runs.last[founder]
                runs.family[run] = runs.family[founder]
                for k in range(rules.months.size):
                    runs.reached[run, k] = runs.reached[founder, k]
            else:
                runs.start[run] = start
                runs.last[run] = start - 1
                runs.family[run] = run
                for k in range(rules.months.size):
                    runs.reached[run, k] = (
                        NEVER
                        if rules.accumulated[group]
                        else add_months(start, rules.months[k], calendar)
                    )
            runs.days[run] = 0
            current[group] = run
        runs.run[i - low] = run
        if rules.accumulated[group]:
            runs.origin[i - low] = _accumulate(runs, run, start, end, rules)
        else:
            runs.origin[i - low] = runs.start[run]
        runs.last[run] = max(runs.last[run], end)
    return high - low


@compiled
def _goes_on(last: int, start: int, group: int, rules: SeniorityRules, calendar: Calendar) -> bool:
    """Whether a spell of a group that starts on a day continues what has come to its last day so far."""
    if rules.adjoining[group]:
        return start <= last + 1
    return month_of(start, calendar) - month_of(last, calendar) <= rules.broken_by[group]


@compiled
def _accumulate(runs: Runs, run: int, start: int, end: int, rules: SeniorityRules) -> int:
    """Add a spell's benefit days that the run has not counted; returns the spell's origin.

    Spells come in the order of their start, so the run's days from `start` to its last day, if it
    has come that far, are all counted already.
    """
    fresh = max(start, runs.last[run] + 1)
    origin = fresh - 1 - runs.days[run]
    added = max(0, end - fresh + 1)
    for k in range(rules.months.size):
        if runs.reached[run, k] == NEVER and runs.days[run] + added >= rules.days[k]:
            runs.reached[run, k] = origin + rules.days[k] + 1
    runs.days[run] += added
    return origin
