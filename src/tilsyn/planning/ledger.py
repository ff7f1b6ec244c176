"""The ledger of exemptions by decision: who is exempted, who misses the effort without one, and what room is left.

Source: `measures-2026.md`; what is open in the law is open here too (docs/explanation/law.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl

from tilsyn.measures import counting
from tilsyn.measures.definitions import Definitions
from tilsyn.measures.kernel.calendar import day_date, day_number
from tilsyn.measures.plan import Plan
from tilsyn.outlook.situation import Situation, coming, parts
from tilsyn.register.coding import ALWAYS_KNOWN, GROUP_CODES, OPEN_END, REASONS
from tilsyn.register.store import Part, Store
from tilsyn.rules import Catalogue
from tilsyn.vocabulary import TOTAL, MonthRange, YearMonth
from tilsyn.work.spreading import Done, nothing

PACE = 3
"""Months that are over, from which it is read how large a part is exempted at the present pace."""

_OUTCOMES = ("met", "exempted", "open", "missed")


@dataclass(frozen=True)
class Ledger:
    """A municipality's ledger on a day.

    Attributes:
        on: the day; what is known on its evening is seen.
        municipality: its code.
        months: the coming ones.
        limits: by measure, how many per cent at most may be exempted.
        persons: one row a person, measure and month, the latest `PACE` months among them: `person`
            (pseudonym), `measure`, `month`, `grp`, `outcome` ("met"; "exempted" by decision; "open": still to be
            met or decided; "missed": without a decision, and too late), `lacking` (events), `last_day` (on
            which it can be mended), and of who is exempted `decided`, `decided_by` and `until`.
    """

    on: dt.date
    municipality: int
    months: MonthRange
    limits: Mapping[str, Decimal]
    persons: pl.DataFrame

    def rows(self) -> pl.DataFrame:
        """By measure, month and group ("total": pooled): how many of each outcome, and the room left.

        Columns: `measure`, `month`, `grp`, `population`, `met`, `exempted`, `open`, `missed`, `room` (how many
        more may be exempted of those known; less than nought: so many too many).
        """
        keys = ["measure", "month", "grp"]
        both = pl.concat(
            [
                self.persons,
                self.persons.with_columns(grp=pl.lit(TOTAL.code, self.persons["grp"].dtype)),
            ]
        )
        counts = both.group_by(keys).agg(
            pl.len().cast(pl.Int64).alias("population"),
            *(
                (pl.col("outcome") == outcome).sum().cast(pl.Int64).alias(outcome)
                for outcome in _OUTCOMES
            ),
        )
        room = [
            int(Fraction(self.limits[measure]) * population // 100) - exempted
            for measure, population, exempted in counts.select(
                "measure", "population", "exempted"
            ).iter_rows()
        ]
        order = {TOTAL.code: -1} | {code: place for place, code in enumerate(GROUP_CODES)}
        return counts.with_columns(pl.Series("room", room, pl.Int64)).sort(
            "measure", "month", pl.col("grp").replace_strict(order, return_dtype=pl.Int64)
        )

    def pace(self, measure: str) -> Fraction | None:
        """The part exempted of those counted in the `PACE` months before; None where there were none."""
        before = self.persons.filter(
            pl.col("measure") == measure, pl.col("month") < self.months.first.first
        )
        if before.is_empty():
            return None
        return Fraction(int((before["outcome"] == "exempted").sum()), before.height)

    def overrun(self, measure: str) -> YearMonth | None:
        """The first coming month in which more than the limit is exempted, at the present pace.

        A month's exempted are those known, or as large a part as in the months before, if that is more.
        """
        pace, limit = self.pace(measure) or Fraction(0), Fraction(self.limits[measure])
        whole = self.rows().filter(
            pl.col("measure") == measure,
            pl.col("grp") == TOTAL.code,
            pl.col("month") >= self.months.first.first,
        )
        for month, population, exempted in whole.select(
            "month", "population", "exempted"
        ).iter_rows():
            if 100 * max(Fraction(exempted), pace * population) > limit * population:
                return YearMonth.of(month)
        return None


def ledger(
    store: Store,
    on: dt.date,
    municipality: int,
    months: int,
    definitions: Definitions,
    catalogue: Catalogue,
    *,
    done: Done = nothing,
) -> Ledger:
    """The ledger of the measures of which a rule in force on the day says how many may be exempted.

    Args:
        store: the register.
        on: the day; nothing later is seen.
        municipality: its code.
        months: how many coming months.
        definitions: what is measured; measures without decisions are left out.
        catalogue: the rules at hand.
        done: called after each bucket.
    """
    limits = {
        d.measure: line.threshold
        for d in definitions.measures
        if d.outcomes
        and d.outcomes.exempted_by
        and (line := catalogue.line(d.measure, on)) is not None
    }
    ahead = coming(on, months)
    span = MonthRange(ahead.first - PACE, ahead.last)
    counted = definitions.only(*limits)
    outcomes = (d.outcomes for d in counted.measures if d.outcomes)
    reasons = {reason for one in outcomes for reason in one.exempted_by}
    found = [_nobody()]
    for situation in parts(store, on, municipality=municipality, since=span.first):
        found.append(_places(situation, counted, span, municipality))
        done()
    places = pl.concat(found)
    made = pl.concat(_decisions(part, on, reasons) for part in store.parts)
    latest = made.sort("decided", nulls_last=False).group_by("person").last()
    exempted = pl.col("outcome") == "exempted"
    together = places.join(latest, on="person", how="left").with_columns(
        pl.when(exempted).then(pl.col(name)).alias(name)
        for name in ("decided", "decided_by", "until")
    )
    order = ["measure", "month", "last_day", "person"]
    return Ledger(on, municipality, ahead, limits, together.sort(order))


_PLACES = {
    "person": pl.String,
    "measure": pl.String,
    "month": pl.Date,
    "grp": pl.String,
    "outcome": pl.String,
    "lacking": pl.Int64,
    "last_day": pl.Date,
}


def _nobody() -> pl.DataFrame:
    return pl.DataFrame(schema=_PLACES)


def _places(
    situation: Situation, definitions: Definitions, span: MonthRange, municipality: int
) -> pl.DataFrame:
    """Who of a bucket is counted in the municipality, and how it stands with them on the day."""
    if municipality not in situation.municipalities:
        return _nobody()
    plan = Plan(definitions, situation.municipalities, span)
    nobody = np.zeros(len(situation.persons), dtype=np.bool_)
    every = counting.places(plan, situation.rows, nobody)
    of, groups, _ = plan.of_cells(every.cell)
    here = of == plan.municipalities.index(municipality)
    person, measure, month, _, count, required, met, exempted, _, closes = (
        column[here] for column in every
    )
    outcome = np.select(
        [met == 1, exempted == 1, closes >= day_number(situation.on)], [0, 1, 2], default=3
    )
    codes, firsts = [d.measure for d in plan.by_seniority], [m.first for m in span]
    return pl.DataFrame(
        {
            "person": situation.persons.take(person).to_pylist(),
            "measure": [codes[i] for i in measure],
            "month": [firsts[i] for i in month],
            "grp": [GROUP_CODES[i] for i in groups[here]],
            "outcome": [_OUTCOMES[i] for i in outcome],
            "lacking": np.where(met == 1, 0, np.maximum(required - count, 0)).astype(np.int64),
            "last_day": [day_date(int(day)) for day in closes],
        },
        schema=_PLACES,
    )


_DECISIONS = {
    "person": pl.String,
    "decided": pl.Date,
    "decided_by": pl.String,
    "until": pl.Date,
}


def _decisions(part: Part, on: dt.date, reasons: Collection[str]) -> pl.DataFrame:
    """The decisions of a bucket that exempt for these reasons, made by a day and begun by it."""
    rows, day = part.table("exemptions"), day_number(on)
    by_decision = np.isin(rows["reason"], [REASONS.index(reason) for reason in reasons])
    kept = by_decision & (rows["start"] <= day) & (rows["decided"] <= day)
    kept &= ~part.skipped()[rows["person"]]
    by = part.texts("exemptions").column("decided_by").to_pylist()
    chosen = np.flatnonzero(kept)
    return pl.DataFrame(
        {
            "person": part.persons.take(rows["person"][chosen]).to_pylist(),
            "decided": list(_days(rows["decided"][chosen])),
            "decided_by": [by[i] or None for i in chosen],
            "until": list(_days(rows["end"][chosen])),
        },
        schema=_DECISIONS,
    )


def _days(numbers: np.ndarray) -> Iterator[dt.date | None]:
    """Days; None where one is not known or has not come."""
    for number in numbers:
        yield None if number in (ALWAYS_KNOWN, OPEN_END) else day_date(int(number))
