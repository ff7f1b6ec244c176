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
from typing import Any

import numpy as np

from tilsyn.measures import counting
from tilsyn.measures.counting import bucket
from tilsyn.measures.definition import Definition
from tilsyn.measures.definitions import Definitions
from tilsyn.measures.kernel.arrays import Bucket, Span
from tilsyn.measures.kernel.calendar import CALENDAR, day_date
from tilsyn.measures.kernel.count import Scratch, lasting_until, scratch
from tilsyn.measures.kernel.events import exempted
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
        if not self.plan.measured(definition, self.plan.months.first):
            return told | {"reason": "coverage"}
        reaching = definition.population == "reaching"
        claims = [*self._reaching(number)] if reaching else [*self._holding(number)]
        if not claims:
            why = "not_reached_now" if reaching else "seniority" if self.day else "not_placed"
            return told | {"reason": why}
        verdicts = self._verdicts(number)
        for day, spell, first, last in claims:
            group = int(self.rows.spells.grp[spell])
            scope = self.span.measures.scope[number]
            x = self.rows.exemptions
            if not self.span.measures.groups[number, group]:
                told["reason"] = "group"
            elif scope >= 0 and exempted(x, 0, x.scope.size, scope, day):
                told["reason"] = "exempted"
            else:
                told["counted"].append(
                    self._count(number, definition, day, spell, first, last, verdicts)
                )
        return told

    def _holding(self, number: int) -> Iterator[tuple[int, int, int, int]]:
        rules, runs = self.span.measures, self.room.runs
        final = int(CALENDAR.first[self.span.last + 1])
        if self.day is not None:
            reached = runs.reached[runs.run[self.spell], rules.seniority[number]]
            if reached < final:
                opening = max(self.span.first - int(rules.window[number]) + 1, 0)
                yield self.day, self.spell, int(CALENDAR.first[opening]), final - 1

    def _reaching(self, number: int) -> Iterator[tuple[int, int, int, int]]:
        rules, runs = self.span.measures, self.room.runs
        opening, final = CALENDAR.first[self.span.first], CALENDAR.first[self.span.last + 1]
        families = [int(runs.family[runs.run[i]]) for i in range(self.used)]
        for family in dict.fromkeys(families):
            reached = int(runs.reached[family, rules.seniority[number]])
            if opening <= reached < final:
                ranked, holder = lasting_until(
                    self.rows.spells, 0, self.used, families.index(family), family, runs, reached,
                    CALENDAR, self.span.sizes,
                )  # fmt: skip
                if holder >= 0:
                    yield (
                        int(day_of(ranked, self.span.sizes)),
                        int(holder),
                        int(runs.start[family]),
                        reached - 1,
                    )

    def _verdicts(self, number: int) -> set[tuple[int, int]]:
        """Cells and numbers of events with which the kernel finds the person unmet."""
        found = counting.places(self.plan, self.rows, np.zeros(1, dtype=np.bool_))
        mine = (found.measure == number) & (found.met == 0)
        return set(zip(found.cell[mine].tolist(), found.counted[mine].tolist(), strict=True))

    def _count(
        self,
        number: int,
        definition: Definition,
        day: int,
        spell: int,
        first: int,
        last: int,
        verdicts: set[tuple[int, int]],
    ) -> Told:
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
            "unmet": (place, counted) in verdicts,
            "missing": max(0, required - counted),
        }
        if rules.enough[number, 0]:
            hours, window = self.rows.hours, int(rules.window[number])
            within = (hours.month > self.span.first - window) & (hours.month <= self.span.first)
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
    if counted["unmet"]:
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
