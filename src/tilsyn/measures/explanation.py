"""Explaining one person's month: the kernel's own steps, laid open.

Runs, placement, counting and the verdict come from the kernel; only the list of events with the
reason each one counts or not is written here, and its length must be what the kernel counted.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from tilsyn.measures import counting
from tilsyn.measures.bucket import bucket
from tilsyn.measures.definition import Definition
from tilsyn.measures.definitions import Definitions
from tilsyn.measures.kernel.arrays import Bucket, Span
from tilsyn.measures.kernel.calendar import CALENDAR, day_date, month_of
from tilsyn.measures.kernel.count import (
    Scratch,
    deadline_of,
    lasting_until,
    opens_of,
    rolling_from,
    scratch,
    soon_back,
)
from tilsyn.measures.kernel.events import exempted, under_duty
from tilsyn.measures.kernel.placement import cell_of, day_of, place
from tilsyn.measures.kernel.runs import NEVER, follow
from tilsyn.measures.measurement import plan_of
from tilsyn.measures.plan import Plan
from tilsyn.register.coding import (
    ALWAYS_KNOWN,
    GROUP_CODES,
    OFFER_KINDS,
    OPEN_END,
    VISITATION_CODES,
)
from tilsyn.register.store import Store
from tilsyn.register.store.reading import Arrays
from tilsyn.vocabulary import GROUPS, MEASURES, VISITATION, MonthRange, YearMonth, area_name
from tilsyn.vocabulary.wording import date, number

Told = dict[str, Any]
"""An explanation as plain data, for JSON."""


def explanation(
    store: Store,
    definitions: Definitions,
    person: str,
    month: YearMonth,
    known_on: dt.date | None = None,
) -> Told:
    """Explain how a person counts in a month.

    Raises:
        InputError: the person is not in the store, or the month cannot be measured.
    """
    part, index = store.find(person)
    rows = bucket(_only(part.arrays(), index))
    plan = plan_of(store, definitions, MonthRange(month, month), known_on)
    return {
        "person": person,
        "month": str(month),
        "known_on": known_on.isoformat() if known_on else None,
        **_Person(plan, rows).told(),
    }


def _only(arrays: Arrays, index: int) -> Arrays:
    """One person's rows; the person becomes number 0."""
    kept: Arrays = {}
    for table, columns in arrays.items():
        low, high = np.searchsorted(columns["person"], [index, index + 1])
        kept[table] = {name: values[low:high] for name, values in columns.items()}
        kept[table]["person"] = np.zeros(high - low, dtype=np.int32)
        kept[table]["person"].flags.writeable = False
    return kept


class _Claim(NamedTuple):
    """A claim on being counted: placed on a day by a spell, with a window; of a run's family, with its rank."""

    day: int
    spell: int
    opens: int
    closes: int
    family: int | None
    ranked: int


class _Person:
    """One person's month, followed with the kernel's functions."""

    def __init__(self, plan: Plan, rows: Bucket):
        self.plan, self.rows = plan, rows
        self.span: Span = plan.spans[0]
        self.room: Scratch = scratch(rows, self.span)
        spells = rows.spells
        horizon = int(CALENDAR.first[self.span.last + 1]) - 1
        self.used: int = follow(
            spells, 0, spells.start.size, horizon, self.span.seniority, CALENDAR,
            self.room.current, self.room.runs,
        )  # fmt: skip
        place(
            spells, 0, self.used, self.span.first, self.span.last, CALENDAR, self.span.sizes,
            self.room.best, self.room.holder,
        )  # fmt: skip
        self.day = int(day_of(self.room.best[0], self.span.sizes)) if self.room.best[0] else None
        self.spell = int(self.room.holder[0])

    def told(self) -> Told:
        return {
            "runs": list(self._runs()),
            "placement": self._placement(),
            "measures": [
                self._measure(number, definition)
                for number, definition in enumerate(self.plan.by_seniority)
            ],
        }

    def _runs(self) -> Iterator[Told]:
        runs, spells = self.room.runs, self.rows.spells
        months = [int(k) for k in self.span.seniority.months]
        for run in dict.fromkeys(int(r) for r in runs.run[: self.used]):
            held = [i for i in range(self.used) if runs.run[i] == run]
            yield {
                "group": GROUP_CODES[spells.grp[held[0]]],
                "start": _iso(runs.start[run]),
                "last": _iso(runs.last[run]),
                "continues": int(runs.family[run]) != run,
                "reached": {
                    str(k): _iso(runs.reached[run, j]) if runs.reached[run, j] != NEVER else None
                    for j, k in enumerate(months)
                    if k
                },
            }

    def _placement(self) -> Told | None:
        if self.day is None:
            return None
        return {
            "day": _iso(self.day),
            **self._cell(self.spell),
            "weeks": (self.day - int(self.room.runs.origin[self.spell])) // 7,
        }

    def _cell(self, spell: int) -> Told:
        spells = self.rows.spells
        return {
            "municipality": f"{spells.municipality[spell]:03d}",
            "group": GROUP_CODES[spells.grp[spell]],
            "visitation": VISITATION_CODES[spells.visitation[spell]],
        }

    def _measure(self, number: int, definition: Definition) -> Told:
        told: Told = {"measure": definition.measure, "counted": []}
        if not self.plan.measured(definition, month := self.plan.months.first):
            begun = definition.valid_from is None or definition.valid_from <= month.last
            return told | {"reason": "coverage" if begun else "not_in_force"}
        claims = {
            "at_least": self._holding,
            "reaching": self._reaching,
            "deadline": self._deadlines,
        }[definition.population]
        outcomes = self._outcomes(number)
        empty = True
        for claim in claims(number):
            empty = False
            if reason := self._left_out(number, claim):
                told["reason"] = reason
            else:
                told["counted"].append(self._count(number, definition, claim, outcomes))
        if empty:
            none = "seniority" if self.day else "not_placed"
            why = {"reaching": "not_reached_now", "deadline": "no_deadline_now"}
            told["reason"] = why.get(definition.population, none)
        return told

    def _holding(self, number: int) -> Iterator[_Claim]:
        rules, runs = self.span.measures, self.room.runs
        final = int(CALENDAR.first[self.span.last + 1])
        if self.day is not None:
            run = int(runs.run[self.spell])
            if runs.reached[run, rules.seniority[number]] < final:
                window = int(rules.window[number])
                opens = int(CALENDAR.first[max(self.span.first - window + 1, 0)])
                closes = final - 1
                if rules.rolling[number]:
                    opens = int(rolling_from(self.day, int(runs.start[run]), window, CALENDAR))
                    closes = self.day
                yield _Claim(self.day, self.spell, opens, closes, None, 0)

    def _reaching(self, number: int) -> Iterator[_Claim]:
        rules, runs = self.span.measures, self.room.runs
        opening, final = CALENDAR.first[self.span.first], CALENDAR.first[self.span.last + 1]
        for family in dict.fromkeys(int(runs.family[runs.run[i]]) for i in range(self.used)):
            reached = int(runs.reached[family, rules.seniority[number]])
            if opening <= reached < final:
                yield from self._claims(number, family, reached - 1)

    def _deadlines(self, number: int) -> Iterator[_Claim]:
        rules, runs, spells = self.span.measures, self.room.runs, self.rows.spells
        opening, final = CALENDAR.first[self.span.first], CALENDAR.first[self.span.last + 1]
        for i in range(self.used):
            day = int(deadline_of(spells, 0, self.used, i, number, rules, runs, CALENDAR))
            if opening <= day < final:
                for claim in self._claims(number, int(runs.family[runs.run[i]]), day):
                    if spells.grp[claim.spell] == spells.grp[i]:
                        yield claim

    def _claims(self, number: int, family: int, closes: int) -> Iterator[_Claim]:
        """A family's claim on being counted; none where it did not last to `closes`."""
        rules, runs, spells = self.span.measures, self.room.runs, self.rows.spells
        month_end = int(CALENDAR.first[self.span.last + 1]) - 1
        ranked, holder = lasting_until(
            spells, 0, self.used, 0, family, runs, closes, month_end, self.span.sizes
        )
        if holder >= 0:
            opens = opens_of(
                spells,
                0,
                self.used,
                family,
                int(spells.grp[holder]),
                number,
                rules,
                runs,
                month_end,
            )
            day = int(day_of(ranked, self.span.sizes))
            yield _Claim(day, int(holder), int(opens), closes, family, int(ranked))

    def _left_out(self, number: int, claim: _Claim) -> str:
        """Why a claim is not counted; empty where it is."""
        rules, spells, runs = self.span.measures, self.rows.spells, self.room.runs
        x, duties, day, family = self.rows.exemptions, self.rows.duties, claim.day, claim.family
        cell = int(spells.grp[claim.spell]), int(spells.visitation[claim.spell])
        scope, weeks = int(rules.scope[number]), int(rules.soon_back[number])
        under, not_under = int(rules.under[number]), int(rules.not_under[number])

        def bound(kind: int) -> bool:
            return bool(under_duty(duties, 0, duties.kind.size, kind, day))

        begun_before = family is not None and runs.start[family] < rules.begun_from[number]
        reasons = {
            "run_start": begun_before,
            "group": not rules.placed_as[number, cell[0], cell[1]],
            "exempted": scope >= 0 and exempted(x, 0, x.scope.size, scope, day),
            "no_duty": under >= 0 and not bound(under),
            "duty": not_under >= 0 and bound(not_under),
            "soon_back": weeks > 0
            and family is not None
            and soon_back(
                spells, 0, self.used, family, runs, claim.ranked, claim.closes, weeks,
                self.span.sizes,
            ),
            "takeover": claim.opens > claim.closes,
        }  # fmt: skip
        return next((reason for reason, applies in reasons.items() if applies), "")

    def _outcomes(self, number: int) -> dict[tuple[int, int], bool]:
        """Cells and numbers of events with which the kernel finds the person unmet: whether exempted."""
        found = counting.places(self.plan, self.rows, np.zeros(1, dtype=np.bool_))
        mine = (found.measure == number) & (found.met == 0)
        places = zip(found.cell[mine].tolist(), found.counted[mine].tolist(), strict=True)
        return dict(zip(places, (found.exempted[mine] > 0).tolist(), strict=True))

    def _count(
        self,
        number: int,
        definition: Definition,
        claim: _Claim,
        outcomes: dict[tuple[int, int], bool],
    ) -> Told:
        day, spell, first, last, *_ = claim
        rules, cell = self.span.measures, self._cell(spell)
        group = int(self.rows.spells.grp[spell])
        events = [*self._events(number, first, last)]
        counted = sum(event["counts"] for event in events)
        required = int(rules.required[number, group, 0])
        place = int(cell_of(self.rows.spells, spell, self.plan.axis, self.span.sizes))
        category = min(counted, len(definition.categories) - 1)
        told: Told = {
            "day": _iso(day),
            **cell,
            "window": [_iso(first), _iso(last)],
            "events": events,
            "number": counted,
            "category": definition.categories[category],
            "required": required,
            "unmet": (place, counted) in outcomes,
            "exempted": outcomes.get((place, counted), False),
            "missing": max(0, required - counted),
        }
        if rules.enough[number, 0]:
            hours, opens = self.rows.hours, int(month_of(first, CALENDAR))
            within = (hours.month >= opens) & (hours.month <= self.span.first)
            told["hours"] = int(hours.hours[within].sum(dtype=np.int64)) / 100
            told["hours_enough"] = int(rules.enough[number, 0]) / 100
        return told

    def _events(self, number: int, first: int, last: int) -> Iterator[Told]:
        rules, previous = self.span.measures, None
        if rules.conversations[number]:
            c = self.rows.conversations
            for i in range(c.held.size):
                held, code = int(c.held[i]), int(c.type[i])
                reasons = {
                    "window": not first <= held <= last,
                    "type": not rules.types[number, code],
                    "known_on": c.registered[i] > self.span.known_on,
                    "same_day": held == previous,
                }
                why = next((reason for reason, applies in reasons.items() if applies), None)
                previous = held if why is None else previous
                yield _event(why, held=held, type=code, registered=int(c.registered[i]))
            return
        o = self.rows.offers
        for i in range(o.start.size):
            start, end = int(o.start[i]), int(o.end[i])
            begun = start if rules.starting[number] else end
            reasons = {
                "window": start > last or begun < first,
                "type": not rules.kinds[number, int(o.kind[i])],
                "known_on": o.registered[i] > self.span.known_on,
            }
            why = next((reason for reason, applies in reasons.items() if applies), None)
            yield _event(
                why, kind=OFFER_KINDS[o.kind[i]], start=start, end=end,
                registered=int(o.registered[i]),
            )  # fmt: skip


def _event(why: str | None, **columns: Any) -> Told:
    days = ("held", "start", "end", "registered")
    told = {k: _iso(v) if k in days else v for k, v in columns.items()}
    return {**told, "counts": why is None, **({"reason": why} if why else {})}


def _iso(day: Any) -> str | None:
    empty = int(day) in (OPEN_END, ALWAYS_KNOWN)
    return None if empty else day_date(int(day)).isoformat()


@cache
def _words() -> dict[str, Any]:
    text = files(__package__).joinpath("explanation.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def in_words(told: Told, language: str = "da") -> Iterator[str]:
    """The explanation as lines of text, in Danish or English."""
    words = _words()[language]

    def day(iso: str | None) -> str:
        return date(dt.date.fromisoformat(iso), language) if iso else "…"

    month = YearMonth.parse(told["month"]).name(language)
    yield words["person"].format(person=told["person"], month=month)
    yield words["runs"] if told["runs"] else words["no_runs"]
    for run in told["runs"]:
        reached = {
            f"reached_{k}": day(v) if v else words["never"] for k, v in run["reached"].items()
        }
        reached = {"reached_6": "–", "reached_12": "–"} | reached
        line = words["run"].format(
            group=GROUPS[run["group"]].name(language), start=day(run["start"]),
            last=day(run["last"]), **reached,
        )  # fmt: skip
        yield words["run_continues"].format(run=line) if run["continues"] else line
    if placement := told["placement"]:
        yield words["placed"].format(
            **{**placement, "day": day(placement["day"])} | _named(placement, language)
        )
    else:
        yield words["not_placed"]
    for measure in told["measures"]:
        name = MEASURES[measure["measure"]].name(language)
        if "reason" in measure:
            yield words["not_counted"].format(
                measure=name, reason=words["reason"][measure["reason"]]
            )
        for counted in measure["counted"]:
            yield from _counted(name, counted, words, language)


def _named(cell: Told, language: str) -> dict[str, str]:
    visitation = ""
    if cell["visitation"]:
        term = VISITATION[cell["visitation"]]
        visitation = ", " + (term.da if language == "da" else term.en)
    return {
        "municipality": area_name("municipality", cell["municipality"], language),
        "group": GROUPS[cell["group"]].name(language),
        "visitation": visitation,
    }


def _counted(name: str, counted: Told, words: dict[str, Any], language: str) -> Iterator[str]:
    first, last = (date(dt.date.fromisoformat(d), language) for d in counted["window"])
    verdict = words["met"]
    if counted["exempted"]:
        verdict = words["exempted"]
    elif counted["unmet"]:
        verdict = words["unmet"].format(missing=counted["missing"])
    elif counted["missing"]:
        verdict = words["met_by_hours"]
    yield words["counted"].format(
        measure=name, number=counted["number"], first=first, last=last,
        required=counted["required"], verdict=verdict,
    )  # fmt: skip
    for event in counted["events"]:
        if event.get("reason") == "window":
            continue
        shown = " ".join(str(v) for k, v in event.items() if k not in ("counts", "reason") and v)
        yield (
            words["event_counts"].format(event=shown)
            if event["counts"]
            else words["event_not"].format(event=shown, reason=words["reason"][event["reason"]])
        )
    if "hours" in counted:
        yield words["hours"].format(
            hours=number(counted["hours"], language, 2),
            enough=number(counted["hours_enough"], language),
        )
