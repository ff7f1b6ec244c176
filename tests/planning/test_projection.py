"""The projection is the kernel's own measure of the coming months on what is known today."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tests.measures.reference import DAY, Conversation, add_months, counts, judged
from tests.measures.register_files import write_admitted
from tests.measures.registers import Scene, random_scene
from tests.planning.freezing import frozen
from tilsyn.measures import definitions
from tilsyn.measures.kernel.calendar import day_date
from tilsyn.outlook.situation import Projection, coming, project, read
from tilsyn.register.coding import GROUP_CODES, VISITATION_CODES
from tilsyn.register.store import load
from tilsyn.vocabulary import MonthRange, YearMonth

PERSONS = (40,)


def days(scene: Scene) -> tuple[dt.date, ...]:
    """Days on which the scene's situation may be looked at: in and after the months it is about."""
    return (scene.first + 13 * DAY, scene.last, add_months(scene.last, 1) + 20 * DAY)


def cells(projection: Projection) -> tuple[Counter, Counter]:
    """Persons by category and the unmet, as the reference gives its own."""
    persons: Counter = Counter()
    unmet: Counter = Counter()
    categories = [d.categories for d in projection.plan.by_seniority]
    for i in range(len(projection)):
        measure = int(projection.measure[i])
        place = (
            projection.measures[measure],
            projection.months[projection.month[i]].first,
            str(projection.municipality[i]),
            GROUP_CODES[projection.group[i]],
            VISITATION_CODES[projection.visitation[i]],
        )
        names = categories[measure]
        persons[(*place, names[min(int(projection.counted[i]), len(names) - 1)])] += 1
        unmet[place] += int(not projection.met[i])
    return persons, +unmet


def expected(register, first: dt.date, last: dt.date) -> tuple[Counter, Counter]:
    """The reference's counts of the measures that require something."""
    persons, unmet = counts(judged(register, first, last, None))
    return Counter({c: n for c, n in persons.items() if c[0] != "durations"}), +unmet


@pytest.mark.parametrize("seed", range(12))
def test_coming_months_are_measured_as_on_the_frozen_register(seed, tmp_path):
    scene = random_scene(seed, PERSONS)
    store = load(write_admitted(scene.register, tmp_path / "rows"), tmp_path / "store", buckets=3)
    for on in days(scene):
        months = coming(on, 5)
        projection = project(read(store, on), definitions.load(), months)
        assert cells(projection) == expected(
            frozen(scene.register, on), months.first.first, months.last.first
        )


@pytest.mark.parametrize("seed", range(20, 26))
def test_past_months_are_measured_as_they_were(seed, tmp_path):
    scene = random_scene(seed, PERSONS)
    known = replace(scene.register, conversations=())
    store = load(write_admitted(known, tmp_path / "rows"), tmp_path / "store")
    months = MonthRange(YearMonth.of(scene.first), YearMonth.of(scene.last))
    situation = read(store, months.last.last, since=months.first)
    projection = project(situation, definitions.load(), months)
    assert cells(projection) == expected(frozen(known, months.last.last), scene.first, scene.last)


@pytest.mark.parametrize("seed", range(30, 34))
def test_an_earlier_day_is_seen_as_if_it_had_been_read_then(seed, tmp_path):
    scene = random_scene(seed, PERSONS)
    store = load(write_admitted(scene.register, tmp_path / "rows"), tmp_path / "store")
    earlier, later = scene.first + 13 * DAY, add_months(scene.last, 1)
    since = coming(earlier, 1).first
    then, now = read(store, earlier), read(store, later, since=since).at(earlier)
    months = coming(earlier, 4)
    projected = [project(s, definitions.load(), months) for s in (then, now)]
    assert cells(projected[0]) == cells(projected[1])
    assert then.persons.to_pylist() == now.persons.to_pylist()


@pytest.mark.parametrize("seed", range(40, 46))
def test_one_municipality_is_the_countrys_part_of_it(seed, tmp_path):
    scene = random_scene(seed, PERSONS)
    store = load(write_admitted(scene.register, tmp_path / "rows"), tmp_path / "store")
    on = scene.first + 13 * DAY
    whole = project(read(store, on), definitions.load(), coming(on, 3))
    for code in store.municipalities:
        alone = project(read(store, on, municipality=code), definitions.load(), coming(on, 3))
        assert cells(alone.where(alone.municipality == code)) == cells(
            whole.where(whole.municipality == code)
        )


@pytest.mark.parametrize("seed", range(50, 56))
def test_a_conversation_counts_from_the_first_to_the_last_day_and_no_other(seed, tmp_path):
    scene = random_scene(seed, PERSONS)
    on = scene.last
    register = frozen(scene.register, on)
    rows = write_admitted(register, tmp_path / "rows")
    situation = read(load(rows, tmp_path / "store"), on)
    months = coming(on, 4)
    measures = definitions.load().only("conversations_12m", "conversations_6m")
    projection = project(situation, measures, months)
    tried = 0
    for i in np.random.default_rng(seed).permutation(len(projection))[:6]:
        opens, closes = day_date(int(projection.opens[i])), day_date(int(projection.closes[i]))
        name = situation.persons[int(projection.person[i])].as_py()
        held = {c.held for c in register.conversations if c.person == name}
        for day, more in ((opens, 1), (closes, 1), (opens - DAY, 0), (closes + DAY, 0)):
            if day in held:  # two conversations on one day count once
                continue
            tried += 1
            added = replace(
                register, conversations=(*register.conversations, Conversation(name, day, 4, None))
            )
            folder = tmp_path / f"{i}-{day}"
            again = read(load(write_admitted(added, folder / "rows"), folder / "store"), closes)
            place = project(replace(again, since=situation.since), measures, months)
            mine = (
                (place.measure == projection.measure[i])
                & (place.month == projection.month[i])
                & (np.array(again.persons.to_pylist())[place.person] == name)
            )
            assert projection.counted[i] + more in place.counted[mine]
    assert tried or not len(projection)
