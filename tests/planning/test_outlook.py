"""What holds of every outlook, whatever the register."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from tests.measures.reference import counts, judged
from tests.measures.register_files import write_admitted
from tests.measures.registers import random_scene
from tests.planning.freezing import frozen
from tests.planning.stores import synthetic
from tilsyn.measures import definitions
from tilsyn.outlook.basis import Basis, gather
from tilsyn.outlook.figures import ROWS, outlook, outlooks
from tilsyn.register.store import load

ON = dt.date(2022, 11, 17)
ISHOEJ, LAESOE = 183, 825


@pytest.fixture(scope="module")
def basis() -> Basis:
    return gather(synthetic(2500, "183"), ON, 12, definitions.load())


@pytest.fixture(scope="module")
def ishoej(basis):
    return outlook(basis, ISHOEJ, simulations=200)


def test_best_is_at_most_expected_is_at_most_nothing_more_in_every_simulation(ishoej):
    for expected in ishoej.expected:
        assert expected.population.sum() > 0
        assert (expected.best <= expected.unmet).all()
        assert (expected.unmet <= expected.nothing_more).all()
        assert (expected.nothing_more <= expected.population).all()


def test_something_is_done_in_the_meantime(ishoej):
    for expected in ishoej.expected:
        assert expected.unmet.sum() < expected.nothing_more.sum()


def test_the_total_is_the_sum_of_the_groups(ishoej):
    for known, expected in zip(ishoej.known, ishoej.expected, strict=True):
        for table in (known.persons, known.met, known.open, known.lost):
            assert (table[0] == table[1:].sum(axis=0)).all()
        assert (expected.unmet[:, 0] == expected.unmet[:, 1:].sum(axis=1)).all()


def test_the_known_are_met_open_or_lost(ishoej):
    for known in ishoej.known:
        assert (known.met + known.open + known.lost == known.persons).all()
        assert ((known.last_day > 0) == (known.open > 0)).all()


@pytest.mark.parametrize("seed", range(60, 66))
def test_nothing_more_is_the_measure_of_the_frozen_register(seed, tmp_path):
    scene = random_scene(seed, (40,))
    on = scene.last
    rows = write_admitted(scene.register, tmp_path / "rows")
    basis = gather(load(rows, tmp_path / "store"), on, 5, definitions.load())
    months = basis.months
    _, unmet, _ = counts(
        judged(frozen(scene.register, on), months.first.first, months.last.first, None)
    )
    for one in outlooks(basis, basis.municipalities, lambda one: one, simulations=1):
        found = {
            (measure, month.first, str(one.municipality), ROWS[g]): int(
                one.known[k].nothing_more[g, h]
            )
            for k, measure in enumerate(one.measures)
            for h, month in enumerate(one.months)
            for g in range(1, len(ROWS))
        }
        expected: dict = {}
        for (measure, month, municipality, group, _), number in unmet.items():
            if municipality == str(one.municipality) and measure in one.measures:
                key = (measure, month, municipality, group)
                expected[key] = expected.get(key, 0) + number
        assert {key: n for key, n in found.items() if n} == {k: n for k, n in expected.items() if n}


def nobody_comes(basis: Basis) -> Basis:
    """Only those known now."""
    moved = basis.counted.movements
    none = replace(
        moved,
        entrants=moved.entrants[:0],
        before=moved.before[:, :0],
        since_start=moved.since_start[:, :0],
    )
    return replace(basis, counted=replace(basis.counted, movements=none))


def test_who_stays_and_gets_nothing_is_counted_as_known(basis):
    """Without exits, entries, events, late registration and hours, nothing is left to chance."""
    only = nobody_comes(basis)
    idle = basis.persons._replace(worked=np.zeros_like(basis.persons.worked))
    nothing = replace(
        only,
        hazards=replace(
            basis.hazards,
            leaving=np.zeros_like(basis.hazards.leaving),
        ),
        rates=replace(basis.rates, rate=np.zeros_like(basis.rates.rate)),
        reported=np.ones_like(basis.reported),
        persons=idle,
        usual_hours=np.zeros_like(basis.usual_hours),
    )
    one = outlook(nothing, ISHOEJ, simulations=3)
    for known, expected in zip(one.known, one.expected, strict=True):
        for drawn in expected.unmet, expected.nothing_more:
            assert (drawn == known.nothing_more).all()
        assert (expected.population == known.persons).all()
        assert (expected.best == known.lost).all()


def test_the_same_seed_gives_the_same_numbers(basis):
    first, again = (list(outlook(basis, ISHOEJ, simulations=50, seed=3).rows()) for _ in range(2))
    other = list(outlook(basis, ISHOEJ, simulations=50, seed=4).rows())
    assert first == again
    assert first != other


def test_more_persons_make_a_narrower_interval(ishoej):
    country = gather(synthetic(250, "183"), ON, 12, definitions.load())
    few = outlook(country, ISHOEJ, simulations=200)

    def width(one):
        shares = one.expected[0].shares[:, 0]
        return np.nanpercentile(shares, 90, axis=0) - np.nanpercentile(shares, 10, axis=0)

    assert width(ishoej).mean() < width(few).mean()


@pytest.mark.parametrize("persons", [1, 5, 40])
def test_a_few_persons_give_an_outlook(persons):
    """As on Læsø: groups are empty, and in some months nobody is there."""
    basis = gather(synthetic(persons, "825"), ON, 12, definitions.load())
    one = outlook(basis, LAESOE, simulations=30)
    rows = list(one.rows())
    for row in rows:
        for key in ("expected_share", "share_low", "share_high", "best_share"):
            assert row[key] is None or 0 <= row[key] <= 100
        if row["expected_share"] is not None:
            assert row["share_low"] <= row["expected_share"] <= row["share_high"]


def test_a_municipality_without_persons_has_an_empty_outlook(basis):
    assert list(outlook(basis, LAESOE, simulations=5).rows()) == []


def test_an_outlook_on_the_first_day_of_a_register_stands_on_nothing():
    basis = gather(synthetic(40, "825"), dt.date(2021, 1, 31), 12, definitions.load())
    assert outlook(basis, LAESOE, simulations=5).months[0].month == 2


def test_where_everybody_is_met_nobody_is_unmet(basis):
    everybody = basis.persons._replace(
        met=basis.persons.due.copy(), lost=np.zeros_like(basis.persons.lost)
    )
    one = outlook(nobody_comes(replace(basis, persons=everybody)), ISHOEJ, simulations=20)
    for known, expected in zip(one.known, one.expected, strict=True):
        assert not known.nothing_more.any()
        assert expected.population.any() and not expected.unmet.any()


def test_where_nobody_can_be_met_any_more_everybody_known_is_lost(basis):
    persons = basis.persons
    lost = persons._replace(lost=persons.due.copy(), met=np.zeros_like(persons.met))
    lost = lost._replace(counted=np.zeros_like(persons.counted))
    only = nobody_comes(replace(basis, persons=lost))
    one = outlook(only, ISHOEJ, simulations=20)
    for known, expected in zip(one.known, one.expected, strict=True):
        assert (known.lost == known.persons).all()
        assert not known.last_day.any()
        assert expected.unmet.any() and (expected.best == expected.unmet).all()


def test_several_municipalities_are_as_each_alone():
    store = synthetic(3000, None, 2)
    basis = gather(store, ON, 6, definitions.load())
    codes = basis.municipalities[:4]
    together = list(outlooks(basis, codes, lambda one: list(one.rows()), simulations=20))
    assert together == [list(outlook(basis, code, simulations=20).rows()) for code in codes]


def test_what_is_left_out_once_enough_is_done_changes_nothing(basis):
    # Further ahead than a window is long nothing is left out.
    further = gather(synthetic(2500, "183"), ON, 24, definitions.load())
    nearer, whole = (outlook(one, ISHOEJ, simulations=400) for one in (basis, further))
    for one, other in zip(nearer.expected, whole.expected, strict=True):
        a, b = one.shares[:, 0], other.shares[:, 0, :12]
        error = np.sqrt((a.var(axis=0) + b.var(axis=0)) / len(a))
        assert (np.abs(a.mean(axis=0) - b.mean(axis=0)) <= 4 * error + 1e-9).all()


def test_the_numbers_do_not_depend_on_how_many_work_at_once(basis):
    alone, together = (
        list(outlook(basis, ISHOEJ, simulations=600, threads=threads).rows()) for threads in (1, 3)
    )
    assert alone == together
