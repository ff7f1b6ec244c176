"""Which months and measures of a register can be measured: what is over, and what it covers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tilsyn.errors import InputError
from tilsyn.measures.definition import Definition
from tilsyn.measures.plan import Plan
from tilsyn.register.coverage import COVERAGE, Coverage
from tilsyn.vocabulary import MUNICIPALITIES, MonthRange, YearMonth

_DAY = dt.timedelta(days=1)


def must_be_over(months: MonthRange, known_on: dt.date | None) -> None:
    """Refuse months that had not ended on the day the figures are known on; the day counts to its end.

    Raises:
        InputError: with the last month that is over.
    """
    on = known_on or dt.date.today()
    if (over := _last_whole(on)) < months.last:
        raise InputError(
            f"{months.last} had not ended on {on}; the last month that can be measured is {over}"
        )


def covered(plan: Plan, covers: Coverage | None) -> Plan:
    """The plan over the months, measures and municipalities that a register covers.

    A month that ends after the last day covered is left out; a measure begins with the first month
    whose window is covered. A window's beginning is reckoned in calendar months: of a person whose
    benefit days add up over breaks it may lie earlier.

    Raises:
        InputError: nothing asked for is covered.
    """
    if covers is None:
        return plan
    asked, last = plan.months, min(plan.months.last, _last_whole(covers.last))
    since = {d.measure: _first_month(d, covers.first) for d in plan.definitions.measures}
    first = min(since.values())
    if last < max(asked.first, first):
        raise InputError(
            f"the register covers {covers.first} to {covers.last} ({COVERAGE}): none of {asked} can "
            f"be measured; the last month that can is {_last_whole(covers.last)}"
            + (f", the first {first}" if first > asked.first else "")
        )
    return replace(
        plan,
        months=MonthRange(asked.first, last),
        since={
            d.measure: since[d.measure]
            for d in plan.definitions.measures
            if since[d.measure] > max(asked.first, YearMonth.of(d.valid_from or asked.first.first))
        },
        covered=covers.codes,
    )


def left_out(
    plan: Plan, covers: Coverage | None, asked: MonthRange, absent: Iterable[str] = ()
) -> Iterator[str]:
    """What was asked for and is not measured, in words.

    Args:
        absent: optional tables that the register is without.
    """
    if covers is None:
        yield (
            f"the register does not state its coverage ({COVERAGE}): it is taken to cover the "
            "municipalities that have spells in it, and every month"
        )
    else:
        if plan.months.last < asked.last:
            yield f"{plan.months.last + 1}..{asked.last} not measured: the register covers days to {covers.last}"
        for measure, first in plan.since.items():
            until = min(first - 1, plan.months.last)
            yield (
                f"{measure}, {asked.first}..{until} not measured: its window begins before "
                f"{covers.first}, the first day the register covers"
            )
        if others := [f"{c:03d}" for c in plan.municipalities if c not in covers.codes]:
            names = ", ".join(MUNICIPALITIES[code].name for code in others[:5])
            more = f" and {len(others) - 5} more" if len(others) > 5 else ""
            yield f"not measured, as the register does not cover them: {names}{more}"
    if len(plan.covers) < len(MUNICIPALITIES.codes):
        yield "an area is measured where all its municipalities are covered: the whole country is not"
    for table in absent:
        yield (
            f"the register has no table {table}: nobody is known to be under a duty, and a measure of "
            "those who are is not measured"
        )


def _last_whole(day: dt.date) -> YearMonth:
    """The last month that is over at the end of a day."""
    return YearMonth.of(day + _DAY) - 1


def _first_month(definition: Definition, day: dt.date) -> YearMonth:
    """The first month whose window begins on `day` or later; who is merely placed has no window."""
    if definition.window_reach is None:
        return YearMonth(1990, 1)
    return YearMonth.of(day - _DAY) + 1 + definition.window_reach
