"""The worklist: each planned and booked call-in with its week, its last day and its reason.

A conversation held on any working day from the first to the last day of its entry counts as the
plan says; the figures are reckoned with the first. Rows are kept as Parquet.
"""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tilsyn.errors import InputError
from tilsyn.planning.calls import kinds
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.people import NO_DAY
from tilsyn.planning.weeks import day_number, day_of
from tilsyn.planning.words import words
from tilsyn.register.coding import GROUP_CODES
from tilsyn.vocabulary.wording import LANGUAGES, date

if TYPE_CHECKING:
    # Whoever reads a worklist does not wait for the solver.
    from tilsyn.planning.plan import Plan

REASONS = {language: f"reason_{language}" for language in LANGUAGES}
"""The columns of the reason, by language."""

_CALL_IN: dict[str, Any] = {
    "person": pl.String, "kind": pl.String, "week": pl.String, "first_day": pl.Date,
        "last_day": pl.Date, "status": pl.String, "team": pl.String, "caseworker": pl.String,
        "measures": pl.List(pl.String), **dict.fromkeys(REASONS.values(), pl.String()),
}  # fmt: skip
CALL_INS = pl.Schema(_CALL_IN)
"""The worklist; see `CallIn`."""

_DUTY: dict[str, Any] = {
        "person": pl.String, "measure": pl.String, "group": pl.String, "month": pl.String,
        "lacking": pl.Int64, "last_day": pl.Date, "weeks": pl.List(pl.String),
        "state": pl.String, "on_goal_list": pl.Boolean,
}  # fmt: skip
DUTIES = pl.Schema(_DUTY)
"""What is due to one person in one measure.

`month` is the first in which the person counts as unmet; `lacking` counts what is booked;
`last_day` is by when, for the first month that can still be met (else: when it was too late);
`state` is "planned", "partly", "no_room" or "too_late"; `on_goal_list` says whether a line of the
goal counts the person.
"""


@dataclass(frozen=True, slots=True)
class CallIn:
    """One call-in.

    Attributes:
        person: pseudonym.
        kind: "conversations" or "offers".
        week: as calendars number it, "2024-W27".
        first_day, last_day: between which it must be held to serve all it is planned for.
        status: "planned" or "booked".
        measures: what it serves; empty where it serves none.
        reason: why, in words.
    """

    person: str
    kind: str
    week: str
    first_day: dt.date
    last_day: dt.date
    status: str
    team: str
    caseworker: str
    measures: tuple[str, ...]
    reason: str


def table(plan: Plan, persons: Sequence[str]) -> pl.DataFrame:
    """The worklist, by week, then team, then person: `CALL_INS`.

    Args:
        persons: the situation's pseudonyms, by index.
    """
    places = _by_person(plan)
    made = []
    before: dict[tuple[int, int], list[int]] = defaultdict(list)
    calls, weeks, people, p = plan.calls, plan.weeks, plan.people, plan.projection
    for person, kind, day, week, booked in zip(
        *(getattr(calls, n).tolist() for n in ("person", "kind", "day", "week", "booked")),
        strict=True,
    ):
        served = [
            place
            for place in places.get((person, kind), ())
            if p.opens[place] <= day <= p.closes[place]
            and sum(d >= p.opens[place] for d in before[person, kind])
            < p.required[place] - p.counted[place]
        ]
        before[person, kind].append(day)
        held = day_of(day)
        first, last = (held, held) if booked else (weeks.working[week][0], weeks.working[week][-1])
        made.append(
            (
                persons[person],
                KINDS[kind],
                weeks.name(week),
                first,
                min([last, *(day_of(p.closes[place]) for place in served)]),
                "booked" if booked else "planned",
                people.team[person],
                people.caseworker[person],
                sorted({p.measures[p.measure[place]] for place in served}),
                *(_reason(plan, person, kind, served, language) for language in REASONS),
            )
        )
    by = ["week", "team", "caseworker", "person", "kind"]
    return pl.DataFrame(made, CALL_INS, orient="row").sort(by, maintain_order=True)


def call_ins(rows: pl.DataFrame, language: str) -> list[CallIn]:
    """The rows of a worklist, their reasons in a language."""
    others = [column for one, column in REASONS.items() if one != language]
    mine = rows.drop(others).rename({REASONS[language]: "reason"})
    return [
        CallIn(**row | {"measures": tuple(row["measures"])}) for row in mine.iter_rows(named=True)
    ]


def as_parquet(rows: pl.DataFrame) -> bytes:
    """Rows as a file."""
    stream = io.BytesIO()
    rows.write_parquet(stream)
    return stream.getvalue()


def read(file: Path, schema: pl.Schema) -> pl.DataFrame:
    """The rows of a file, with these columns.

    Raises:
        InputError: they cannot be read, or the file is another.
    """
    try:
        rows = pl.read_parquet(file, glob=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"cannot be read ({error})", file=file) from None
    if rows.schema != schema:
        raise InputError(f"is no such list; its columns are {', '.join(schema)}", file=file)
    return rows


def _by_person(plan: Plan) -> dict[tuple[int, int], list[int]]:
    """The places that conversations or offers make met, by person and kind."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    kind = kinds(plan.projection)
    for place in np.flatnonzero(plan.after & ~plan.projection.met).tolist():
        found[int(plan.projection.person[place]), int(kind[place])].append(place)
    return found


def _reason(plan: Plan, person: int, kind: int, served: list[int], language: str) -> str:
    told = words(language)
    p = plan.projection
    parts = []
    away = int(plan.people.stayed_away[person])
    if away > NO_DAY and not kind:
        parts.append(told["again"].format(day=date(day_of(away), language)))
    if served:
        first = min(served, key=lambda place: (int(p.closes[place]), int(p.measure[place])))
        parts.append(
            told[p.measures[p.measure[first]]].format(
                counted=int(p.counted[first]),
                required=int(p.required[first]),
                day=date(day_of(p.closes[first]), language),
                month=p.months[p.month[first]].name(language),
            )
        )
    return " ".join(parts) or told["spare"]


def duties(plan: Plan, persons: Sequence[str]) -> pl.DataFrame:
    """The duty list: everybody to whom something is due in these weeks, planned or not: `DUTIES`.

    What can still be done after the weeks stands there only where the plan does it already.
    """
    p = plan.projection
    now = (p.closes <= day_number(plan.weeks.last)) | plan.after
    on_lines = np.zeros(len(p), np.bool_)
    for line in plan.lines:
        if line.wanted:
            on_lines |= line.places
    kind = kinds(p)
    planned: dict[tuple[int, int], list[str]] = defaultdict(list)
    for person, of, week in zip(
        *(getattr(plan.calls, n).tolist() for n in ("person", "kind", "week")), strict=True
    ):
        planned[person, of].append(plan.weeks.name(week))
    unmet: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place in np.flatnonzero(~plan.before & now).tolist():
        unmet[int(p.person[place]), int(p.measure[place])].append(place)
    made = []
    for (person, measure), places in unmet.items():
        at = np.array(places)
        reachable = at[plan.can[at]]
        looked = reachable if len(reachable) else at
        first = int(looked[np.argmin(p.closes[looked])])
        made.append(
            (
                persons[person],
                p.measures[measure],
                GROUP_CODES[p.group[first]],
                str(p.months[p.month[int(at[np.argmin(p.month[at])])]]),
                int((p.required[looked] - p.counted[looked] - plan.booked[looked]).max()),
                day_of(p.closes[first]),
                planned[person, int(kind[first])],
                _state(reachable, plan.after),
                bool(on_lines[at].any()),
            )
        )
    return pl.DataFrame(made, DUTIES, orient="row").sort("last_day", "person", "measure")


def _state(reachable: Any, after: Any) -> str:
    if not len(reachable):
        return "too_late"
    met = int(after[reachable].sum())
    return "planned" if met == len(reachable) else "partly" if met else "no_room"
