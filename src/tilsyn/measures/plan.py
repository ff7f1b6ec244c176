"""From definitions to what the kernel works with: spans of months, rules as arrays, the counts' axes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from tilsyn.measures.definition import Dated, Definition, Seniority, in_force
from tilsyn.measures.definitions import Definitions
from tilsyn.measures.kernel.arrays import POPULATIONS, MeasureRules, SeniorityRules, Span
from tilsyn.measures.kernel.calendar import FIRST_DAY, day_number, month_number
from tilsyn.measures.kernel.placement import sizes
from tilsyn.register.coding import (
    ADDS_UP,
    DUTIES,
    GROUP_CODES,
    OFFER_KINDS,
    REASONS,
    SCOPES,
    TYPES,
    VISITATION_CODES,
)
from tilsyn.vocabulary import MonthRange, YearMonth

EVERYTHING_KNOWN = 2**31 - 1
"""The day on which every row is seen."""

CELLS = len(GROUP_CODES) * len(VISITATION_CODES)
"""Group x visitation cells of a municipality."""


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter of every cell: a category of a measure, or its unmet."""

    measure: str
    statistic: str
    category: str


@dataclass(frozen=True)
class Plan:
    """What is measured over which months of which municipalities.

    Attributes:
        municipalities: codes, the counts' first axis (with group and visitation).
        months: the counts' last axis.
        known_on: rows registered later are not seen; None: all are.
        since: by measure, the first month it is measured in; not named: the first of all.
        covered: municipalities that are told of in full; None: those there are. Areas are measured
            where all theirs are among them.
    """

    definitions: Definitions
    municipalities: tuple[int, ...]
    months: MonthRange
    known_on: dt.date | None = None
    since: Mapping[str, YearMonth] = field(default_factory=dict)
    covered: frozenset[int] | None = None

    @property
    def covers(self) -> frozenset[int]:
        """Municipalities that are told of in full."""
        return frozenset(self.municipalities) if self.covered is None else self.covered

    @cached_property
    def counters(self) -> tuple[Counter, ...]:
        """The counts' middle axis."""
        return tuple(
            counter for definition in self.definitions.measures for counter in _counters(definition)
        )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of the counts: municipality x group x visitation, counter, month."""
        return len(self.municipalities) * CELLS, len(self.counters), len(self.months)

    @cached_property
    def by_seniority(self) -> tuple[Definition, ...]:
        """The measures the kernel knows by number."""
        return tuple(d for d in self.definitions.measures if d.population != "placed")

    @cached_property
    def axis(self) -> Any:
        """Index of each municipality on the first axis, by code."""
        axis = np.zeros(1000, dtype=np.int32)
        axis[list(self.municipalities)] = np.arange(len(self.municipalities))
        return _frozen(axis)

    def of_cells(self, cell: Any) -> tuple[Any, Any, Any]:
        """What cells of the counts' first axis are of: indices of municipality, group and visitation."""
        visitations = len(VISITATION_CODES)
        return cell // CELLS, cell // visitations % len(GROUP_CODES), cell % visitations

    def slot(self, definition: Definition) -> int:
        """The first counter of a measure."""
        return next(i for i, c in enumerate(self.counters) if c.measure == definition.measure)

    def cut(self, months: MonthRange) -> Plan:
        """The same over other months."""
        return replace(self, months=months)

    def measured(self, definition: Definition, month: YearMonth) -> bool:
        """Whether a measure is measured in a month: it is covered, and there are figures of it."""
        covered = month >= self.since.get(definition.measure, month)
        return covered and (definition.valid_from is None or definition.valid_from <= month.last)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The months, cut where the shape of a measure changes.

        Numbers that are only compared (required events, hours) are looked up by month instead.
        """
        firsts = sorted({self.months.first, *self._changes()})
        lasts = [*(later - 1 for later in firsts[1:]), self.months.last]
        return tuple(
            self._span(MonthRange(first, last)) for first, last in zip(firsts, lasts, strict=True)
        )

    def _changes(self) -> Iterator[YearMonth]:
        records: list[Dated] = [*self.definitions.seniority]
        for definition in self.definitions.measures:
            records += definition.bands
            records += definition.events.counting if definition.events else ()
        begin = (
            *(record.since for record in records),
            *self.since.values(),
            *(YearMonth.of(d.valid_from) for d in self.definitions.measures if d.valid_from),
        )
        return (month for month in begin if self.months.first < month <= self.months.last)

    def _span(self, months: MonthRange) -> Span:
        known_on = EVERYTHING_KNOWN if self.known_on is None else day_number(self.known_on)
        placed = [d for d in self.definitions.measures if d.population == "placed"]
        weeks = in_force(placed[0].bands, months.first).weeks if placed else ()
        asked = sorted({d.seniority_months for d in self.by_seniority})
        return Span(
            first=month_number(months.first),
            last=month_number(months.last),
            offset=months.first.since(self.months.first),
            known_on=known_on,
            seniority=_seniority(in_force(self.definitions.seniority, months.first), asked),
            measures=self._rules(months, asked),
            sizes=sizes(len(GROUP_CODES), len(VISITATION_CODES)),
            bands=_frozen(np.array(weeks, dtype=np.int64)),
            bands_slot=self.slot(placed[0]) if placed else 0,
        )

    def _rules(self, months: MonthRange, asked: list[int]) -> MeasureRules:
        measures = self.by_seniority
        counting = [in_force(_events(d).counting, months.first).codes for d in measures]
        of_conversations = [_events(d).table == "conversations" for d in measures]
        types = np.zeros((len(measures), TYPES), dtype=np.bool_)
        kinds = np.zeros((len(measures), len(OFFER_KINDS)), dtype=np.bool_)
        for i, codes in enumerate(counting):
            if of_conversations[i]:
                types[i, list(codes)] = True
            else:
                kinds[i, [OFFER_KINDS.index(str(code)) for code in codes]] = True
        required = np.zeros((len(measures), len(GROUP_CODES), len(months)), dtype=np.int64)
        enough = np.zeros((len(measures), len(months)), dtype=np.int64)
        for i, definition in enumerate(measures):
            for m, month in enumerate(months):
                record = in_force(definition.required, month)
                required[i, :, m] = [record.groups.get(g, record.events) for g in GROUP_CODES]
                if definition.hours:
                    enough[i, m] = round(in_force(definition.hours, month).enough * 100)
        whole = {
            "population": [POPULATIONS.index(d.population) for d in measures],
            "seniority": [asked.index(d.seniority_months) for d in measures],
            "window": [d.window_months for d in measures],
            "rolling": [d.window == "rolling" for d in measures],
            "scope": [SCOPES.index(d.exemption) if d.exemption else -1 for d in measures],
            "conversations": of_conversations,
            "starting": [_events(d).counted == "starting" for d in measures],
            "categories": [len(d.categories) for d in measures],
            "slot": [self.slot(d) for d in measures],
            "begun_from": [
                day_number(d.valid_from)
                if d.valid_from and d.requirement_picked_by == "run_start"
                else FIRST_DAY
                for d in measures
            ],
            "under": [DUTIES.index(d.under_duty) if d.under_duty else -1 for d in measures],
            "not_under": [
                DUTIES.index(d.not_under_duty) if d.not_under_duty else -1 for d in measures
            ],
            "soon_back": [
                int(d.soon_back.under_weeks * 100) if d.soon_back else 0 for d in measures
            ],
        }
        return MeasureRules(
            placed_as=_table(
                measures,
                GROUP_CODES,
                VISITATION_CODES,
                holds=lambda d, g, v: self.measured(d, months.first) and _counts(d, g, v),
            ),
            takeover=_table(measures, GROUP_CODES, holds=lambda d, g: g in d.takeover),
            deadline=_table(
                measures, GROUP_CODES, holds=lambda d, g: d.deadline_days.get(g, -1), kind=np.int64
            ),
            exempted_by=_table(
                measures, REASONS, holds=lambda d, r: d.outcomes and r in d.outcomes.exempted_by
            ),
            types=_frozen(types),
            kinds=_frozen(kinds),
            required=_frozen(required),
            enough=_frozen(enough),
            **{key: _frozen(np.array(value, dtype=np.int64)) for key, value in whole.items()},
        )


def _counts(definition: Definition, group: str, visitation: str) -> bool:
    """Whether persons placed in a group with a visitation category are counted."""
    if definition.placed_as:
        of = definition.placed_as.get(group)
        return of is not None and (not of or visitation in of)
    return not definition.groups or group in definition.groups


def _table(*axes: Any, holds: Callable[..., Any], kind: Any = np.bool_) -> Any:
    """What holds of each combination of the axes' members."""
    values = [holds(*members) for members in product(*axes)]
    return _frozen(np.array([value or 0 for value in values], kind).reshape([*map(len, axes)]))


def _events(definition: Definition) -> Any:
    return definition.events


def _counters(definition: Definition) -> Iterator[Counter]:
    for category in definition.categories:
        yield Counter(definition.measure, "persons", category)
    for statistic in definition.statistics:
        yield Counter(definition.measure, statistic, "")


def _seniority(rule: Seniority, asked: list[int]) -> SeniorityRules:
    parent = rule.elapsed.continues
    return SeniorityRules(
        accumulated=_frozen(np.array(ADDS_UP, dtype=np.bool_)),
        broken_by=_frozen(
            np.array(
                [
                    rule.accumulated.broken_by if adds_up else rule.elapsed.broken_by
                    for adds_up in ADDS_UP
                ],
                dtype=np.int64,
            )
        ),
        adjoining=_frozen(
            np.array([rule.gap.get(g) == "adjoining" for g in GROUP_CODES], dtype=np.bool_)
        ),
        continues=_frozen(
            np.array(
                [GROUP_CODES.index(parent[g]) if g in parent else -1 for g in GROUP_CODES],
                dtype=np.int64,
            )
        ),
        months=_frozen(np.array(asked, dtype=np.int64)),
        days=_frozen(np.array([rule.accumulated.days_of(k) for k in asked], dtype=np.int64)),
    )


def _frozen(array: Any) -> Any:
    """The array, read-only: one kind of array is one compilation of the kernel."""
    array.flags.writeable = False
    return array
