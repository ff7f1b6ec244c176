"""The kernel equals the day-by-day reference on every count of generated registers.

The usual suite tries a fixed few hundred registers. ``TILSYN_HUNT=100 pytest tests/measures/…``
tries a hundred times as many, and others each time.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

from tests.measures.reference import Register, counts, judged
from tests.measures.register_files import admitted
from tests.measures.registers import HUNT, Scene, examples, random_scene, scenes
from tilsyn.measures import counting, definitions
from tilsyn.measures.counting import bucket
from tilsyn.measures.plan import CELLS, Plan
from tilsyn.register.coding import GROUP_CODES, VISITATION_CODES
from tilsyn.vocabulary import MonthRange, YearMonth

SEEDS = 400
"""Registers of the plain random generator in the usual suite."""

ORDER = {
    "spells": ("person", "start", "end", "grp", "municipality", "visitation"),
    "conversations": ("person", "held", "type", "registered"),
    "offers": ("person", "start", "kind", "end", "registered"),
    "hours": ("person", "month", "hours"),
    "exemptions": ("person", "start", "scope", "end"),
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
            columns = {c: table[c].to_numpy() for c in table.column_names if c != "person"}
            persons = [number[p] for p in table["person"].to_pylist()]
            columns["person"] = np.array(persons, dtype=np.int32)
            order = np.lexsort([columns[key] for key in reversed(ORDER[name])])
            arrays[name] = {c: np.ascontiguousarray(v[order]) for c, v in columns.items()}
            for column in arrays[name].values():
                column.flags.writeable = False
        return arrays

    def skipped(self) -> Any:
        return np.zeros(len(self.persons), dtype=np.bool_)


def plan_of(scene: Scene) -> Plan:
    municipalities = tuple(sorted({int(s.municipality) for s in scene.register.spells}))
    months = MonthRange(YearMonth.of(scene.first), YearMonth.of(scene.last))
    return Plan(definitions.load(), municipalities or (101,), months, scene.known_on)


def decoded(plan: Plan, numbers: Any) -> tuple[Counter, Counter]:
    """The kernel's counts as the reference gives its own: persons by category, and the unmet."""
    months = [month.first for month in plan.months]
    persons: Counter = Counter()
    unmet: Counter = Counter()
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
            unmet[place] = value
    return persons, unmet


def engine_counts(scene: Scene) -> tuple[Counter, Counter]:
    plan = plan_of(scene)
    numbers = counting.zeros(plan)
    counting.add(plan, Held(scene.register), numbers)
    return decoded(plan, numbers)


def reference_counts(scene: Scene) -> tuple[Counter, Counter]:
    return counts(judged(scene.register, scene.first, scene.last, scene.known_on))


@examples(150)
@given(scenes())
def test_the_kernel_counts_as_the_reference(scene):
    assert engine_counts(scene) == reference_counts(scene)


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
        (c.person, c.measure, c.month, c.municipality, c.group, c.visitation, c.category)
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
        _, measure, month, cell, counted, _, met, *_ = map(int, place)
        definition = (*plan.by_seniority, plan.definitions.measures[-1])[measure]
        if definition.population == "placed":
            weeks = definition.bands[0].weeks
            category = sum(week <= counted for week in weeks) - 1
        else:
            category = min(counted, len(definition.categories) - 1)
            again[cell, plan.slot(definition) + len(definition.categories), month] += not met
        again[cell, plan.slot(definition) + category, month] += 1
    assert np.array_equal(again, numbers)
