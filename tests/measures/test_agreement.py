"""The kernel equals the day-by-day reference on every count of generated registers.

The usual suite tries a fixed few hundred registers. ``TILSYN_HUNT=100 pytest tests/measures/…``
tries a hundred times as many, and others each time.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

from tests.measures import reference
from tests.measures.reference import ABOUT, Register, counts, judged
from tests.measures.register_files import admitted
from tests.measures.registers import HUNT, Scene, examples, random_scene, scenes
from tilsyn.measures import counting, definitions
from tilsyn.measures.bucket import bucket
from tilsyn.measures.definitions import Definitions
from tilsyn.measures.plan import CELLS, Plan
from tilsyn.register.coding import GROUP_CODES, VISITATION_CODES
from tilsyn.vocabulary import MonthRange, YearMonth

SEEDS = 400
"""Registers of the plain random generator in the usual suite."""

ORDER = {
    "spells": ("person", "start", "end", "grp", "municipality", "visitation", "takeover"),
    "conversations": ("person", "held", "type", "registered"),
    "offers": ("person", "start", "kind", "end", "registered"),
    "hours": ("person", "month", "hours"),
    "exemptions": ("person", "start", "scope", "end"),
    "duties": ("person", "start", "kind", "end"),
}
"""What the store sorts the rows of a bucket by."""


class Held:
    """A register as one bucket of a store, held in memory instead of in files."""

    def __init__(self, register: Register):
        self._tables = admitted(register)
        named = {p for table in self._tables.values() for p in table["person"].to_pylist()}
        self.persons = pa.array(sorted(named), pa.string())

    def arrays(self) -> dict[str, dict[str, Any]]:
        number = {name: i for i, name in enumerate(self.persons.to_pylist())}
        arrays = {}
        for name, table in self._tables.items():
            numbers = {*table.column_names} - {"person", "decided_by"}
            columns = {c: table[c].to_numpy() for c in numbers}
            persons = [number[p] for p in table["person"].to_pylist()]
            columns["person"] = np.array(persons, dtype=np.int32)
            order = np.lexsort([columns[key] for key in reversed(ORDER[name])])
            arrays[name] = {c: np.ascontiguousarray(v[order]) for c, v in columns.items()}
            for column in arrays[name].values():
                column.flags.writeable = False
        return arrays

    def skipped(self) -> Any:
        return np.zeros(len(self.persons), dtype=np.bool_)


def plan_of(scene: Scene, by: Definitions | None = None) -> Plan:
    municipalities = tuple(sorted({int(s.municipality) for s in scene.register.spells}))
    months = MonthRange(YearMonth.of(scene.first), YearMonth.of(scene.last))
    return Plan(by or definitions.load(), municipalities or (101,), months, scene.known_on)


def decoded(plan: Plan, numbers: Any) -> tuple[Counter, Counter, Counter]:
    """The kernel's counts as the reference gives its own: persons by category, the unmet, the exempted."""
    months = [month.first for month in plan.months]
    persons: Counter = Counter()
    others: dict[str, Counter] = {"unmet": Counter(), "exempted": Counter()}
    for cell, slot, month in zip(*np.nonzero(numbers), strict=True):
        municipality, rest = divmod(int(cell), CELLS)
        grp, visitation = divmod(rest, len(VISITATION_CODES))
        counter = plan.counters[slot]
        place = (
            counter.measure,
            months[month],
            str(plan.municipalities[municipality]),
            GROUP_CODES[grp],
            VISITATION_CODES[visitation],
        )
        value = int(numbers[cell, slot, month])
        if counter.statistic == "persons":
            persons[(*place, counter.category)] = value
        else:
            others[counter.statistic][place] = value
    return persons, others["unmet"], others["exempted"]


def engine_counts(scene: Scene, by: Definitions | None = None) -> tuple[Counter, ...]:
    plan = plan_of(scene, by)
    numbers = counting.zeros(plan)
    counting.add(plan, Held(scene.register), numbers)
    return decoded(plan, numbers)


def reference_counts(scene: Scene) -> tuple[Counter, ...]:
    return counts(judged(scene.register, scene.first, scene.last, scene.known_on))


@examples(150)
@given(scenes())
def test_the_kernel_counts_as_the_reference(scene):
    assert engine_counts(scene) == reference_counts(scene)


def test_rolling_windows_and_gaps_of_a_month_count_as_the_reference(monkeypatch):
    """The alternatives that stay possible: a window to the latest benefit day, sickness as others."""
    shipped = definitions.load()
    measures = [
        d.model_copy(update={"window": "rolling"}) if d.window_months == 12 else d
        for d in shipped.measures
    ]
    [rule] = shipped.seniority
    month = rule.model_copy(update={"gap": {"sygedagpenge": "calendar_month"}})
    other = replace(shipped, measures=tuple(measures), seniority=(month,))
    monkeypatch.setattr(reference, "ADJOINING", set())
    monkeypatch.setattr(
        reference, "ROLLING", {d.measure for d in measures if d.window_months == 12}
    )
    different = 0
    for seed in range(SEEDS * HUNT // 2):
        scene = random_scene(seed)
        found = engine_counts(scene, other)
        assert found == reference_counts(scene), f"random_scene({seed})"
        different += found != engine_counts(scene)
    assert different > 0


@pytest.mark.parametrize("part", range(4))
def test_the_kernel_counts_as_the_reference_on_many_registers(part):
    number = SEEDS * HUNT // 4
    start = random.SystemRandom().randrange(10**12) if HUNT > 1 else part * number
    start = int(os.environ.get("TILSYN_SEED", start))
    for seed in range(start, start + number):
        scene = random_scene(seed)
        assert engine_counts(scene) == reference_counts(scene), f"random_scene({seed})"


@examples(30)
@given(scenes())
def test_the_persons_behind_the_unmet_are_the_references(scene):
    plan = plan_of(scene)
    rows = counting.unmet_persons(plan, Held(scene.register)).to_pylist()
    everyone = judged(scene.register, scene.first, scene.last, scene.known_on)
    assert Counter(tuple(row.values()) for row in rows) == Counter(
        (
            *(c.person, c.measure, c.month, c.municipality, c.group, c.visitation, c.category),
            "unmet" if c.measure not in ABOUT else "exempted" if c.exempted else "missed",
        )
        for c in everyone
        if c.unmet
    )


@examples(60)
@given(scenes())
def test_the_places_are_what_the_counts_count(scene):
    plan, held = plan_of(scene), Held(scene.register)
    numbers = counting.zeros(plan)
    counting.add(plan, held, numbers)
    again = counting.zeros(plan)
    places = counting.places(plan, bucket(held.arrays()), held.skipped())
    for place in zip(*places, strict=True):
        _, measure, month, cell, counted, _, met, exempted, *_ = map(int, place)
        definition = (*plan.by_seniority, plan.definitions.measures[-1])[measure]
        if definition.population == "placed":
            weeks = definition.bands[0].weeks
            category = sum(week <= counted for week in weeks) - 1
        else:
            category = min(counted, len(definition.categories) - 1)
            slot = plan.slot(definition) + len(definition.categories)
            again[cell, slot, month] += not met
            if exempted:
                again[cell, slot + 1, month] += 1
        again[cell, plan.slot(definition) + category, month] += 1
    assert np.array_equal(again, numbers)
