"""A plan carried out and measured gives what was planned; and what every plan keeps to."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pytest

from tests.measures.reference import counts, judged
from tests.measures.register_files import write_admitted
from tests.measures.registers import random_scene
from tests.planning.carried_out import carried_out, planned
from tests.planning.freezing import frozen
from tilsyn.planning.calls import kinds
from tilsyn.planning.capacity import Capacity
from tilsyn.planning.goals import Goal
from tilsyn.planning.summary import counts as counts_of
from tilsyn.register.store import load
from tilsyn.vocabulary import YearMonth

GOAL = Goal.model_validate(
    {
        "name": "test",
        "title": {"da": "prøve", "en": "test"},
        "duty": True,
        "line": [
            {
                "measures": ["conversations_12m", "conversations_6m", "offers_6m", "offers_12m"],
                "threshold": 20,
            }
        ],
    }
)


def capacity(number: int, spacing: int = 14) -> Capacity:
    return Capacity.model_validate(
        {
            "least_spacing_days": spacing,
            "unit": [{"conversations_per_week": number, "offers_per_week": number}],
        }
    )


@pytest.fixture(params=range(100, 110))
def scene_and_store(request, tmp_path):
    scene = random_scene(request.param, (60,))
    return scene, load(write_admitted(scene.register, tmp_path / "rows"), tmp_path / "store")


@pytest.mark.parametrize("number", [0, 2, 40])
def test_what_is_measured_after_a_plan_is_what_was_planned(scene_and_store, number):
    scene, store = scene_and_store
    first = scene.first + dt.timedelta(days=17)
    for municipality in store.municipalities:
        made, names = planned(store, municipality, first, GOAL, capacity(number))
        register = carried_out(frozen(scene.register, first - dt.timedelta(days=1)), made, names)
        months = made.projection.months
        persons, unmet = counts(judged(register, months[0].first, months[-1].first, None))
        measured_unmet: Counter = Counter()
        for (measure, month, area, group, _), n in unmet.items():
            if area == str(municipality):
                measured_unmet[measure, month, group] += n
                measured_unmet[measure, month, "total"] += n
        measured: Counter = Counter()
        for (measure, month, area, group, _, _), n in persons.items():
            if area == str(municipality) and measure != "durations":
                measured[measure, month, group] += n
                measured[measure, month, "total"] += n
        told = list(counts_of(made))
        assert Counter(
            {(c.measure, YearMonth.parse(c.month).first, c.group): c.planned for c in told}
        ) == (measured_unmet)
        assert +Counter(
            {(c.measure, YearMonth.parse(c.month).first, c.group): c.population for c in told}
        ) == (+measured)


def test_every_plan_keeps_to_room_spacing_working_days_and_last_days(scene_and_store):
    scene, store = scene_and_store
    first = scene.first + dt.timedelta(days=5)
    seen = 0
    for municipality in store.municipalities:
        of = capacity(3, spacing=20)
        made, _ = planned(store, municipality, first, GOAL, of)
        assert (made.load(made.calls) <= made.room).all()
        assert (made.calls.day == made.weeks.held[made.calls.week]).all()
        p, calls = made.projection, made.calls
        talks = calls.where(calls.kind == 0)
        same = talks.person[1:] == talks.person[:-1]
        assert (np.diff(talks.day)[same] >= 20).all()
        last = made.people.last_held[talks.person]
        assert (talks.day - last >= 20).all()
        for person, kind, day in zip(calls.person, calls.kind, calls.day, strict=True):
            mine = (p.person == person) & (kinds(p) == kind) & made.after & ~made.before
            assert (p.closes[mine] >= day).any(), "nothing is gained by it"
            seen += 1
        assert all(count.best <= count.planned <= count.without for count in counts_of(made))
    assert seen or not len(store.municipalities)


def test_the_same_store_gives_the_same_plan(scene_and_store):
    scene, store = scene_and_store
    for municipality in store.municipalities:
        one, _ = planned(store, municipality, scene.first, GOAL, capacity(2))
        other, _ = planned(store, municipality, scene.first, GOAL, capacity(2))
        for name in ("person", "kind", "day"):
            assert (getattr(one.calls, name) == getattr(other.calls, name)).all()


def test_more_capacity_never_makes_the_lines_worse(scene_and_store):
    scene, store = scene_and_store
    for municipality in store.municipalities:
        over = [
            planned(store, municipality, scene.first, GOAL, capacity(number))[0].over
            for number in (0, 1, 2, 4, 8)
        ]
        assert over == sorted(over, reverse=True)
