"""What the law requires of each group: the number stands in the measure definitions and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any

from tilsyn.vocabulary import YearMonth


@cache
def _definitions() -> dict[str, Any]:
    # Measuring takes libraries of tables, which reading a rule that requires nothing need not wait for.
    from tilsyn.measures.definitions import load

    return {definition.measure: definition for definition in load().measures}


def _measured(measures: Any) -> Iterator[Any]:
    """The definitions of those of a rule's measures that have one; a rule that is read may name anything."""
    named = measures if isinstance(measures, list | tuple) else ()
    for code in named:
        if isinstance(code, str) and code in _definitions():
            yield _definitions()[code]


def counted(measures: Any, on: dt.date) -> dict[str, Any]:
    """How the measures count it in the month of a day, as a rule's requirement has it.

    Returns:
        By the events' table ("conversations", "offers") the number by group with its "default";
        "offers_groups", the groups an offer is required for.
    """
    from tilsyn.measures.definition import in_force

    found: dict[str, Any] = {}
    for definition in _measured(measures):
        required = in_force(definition.required, YearMonth.of(on))
        found[definition.events.table] = {"default": required.events, **required.groups}
        if definition.events.table == "offers":
            found["offers_groups"] = definition.groups
    return found


def ordinary_hours(measures: Any, on: dt.date) -> int | None:
    """The ordinary hours that the measures take for an event in the month of a day; None for none."""
    from tilsyn.measures.definition import in_force

    for definition in _measured(measures):
        if definition.hours:
            return int(in_force(definition.hours, YearMonth.of(on)).enough)
    return None
