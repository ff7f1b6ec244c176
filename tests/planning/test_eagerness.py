"""How persons differ is found where they do, and what is foretold of them comes about on average."""

from __future__ import annotations

import numpy as np
import pytest

from tilsyn.outlook.eagerness import Followed, eagerness
from tilsyn.outlook.kernel.chance import happening, slip
from tilsyn.outlook.kernel.eager import NONE_YET, QUIET, Tally, follow, stand
from tilsyn.outlook.swings import happenings, quantiles

PERSONS, MONTHS = 3000, 36
STAYS, USUAL = np.array([0, 6, 12]), np.ones(MONTHS)
RATE = np.array([[0.5, 0.5, 0.5]])


def lived(own: np.ndarray, rng: np.random.Generator) -> Followed:
    """Persons who stay all the time in one place, each with an own factor on its pace."""
    shape = (PERSONS, MONTHS)
    stay = np.tile(np.arange(1, MONTHS + 1, dtype=np.int16), (PERSONS, 1))
    events = rng.poisson(0.5 * own[:, None], shape).astype(np.uint8)[None]
    whole = np.ones(shape, dtype=bool)
    whole[:, 0] = False
    return Followed(np.zeros(shape, np.int32), stay, (stay - 1).astype(np.int64), whole, events)


@pytest.mark.parametrize("alike", [1.0, 4.0])
def test_a_lasting_difference_is_found(alike):
    rng = np.random.default_rng(1)
    found = eagerness(lived(rng.gamma(alike, 1 / alike, PERSONS), rng), 0, RATE, STAYS, USUAL)
    assert alike / 1.5 < found.alike < alike * 1.5
    assert found.by_stay == pytest.approx(np.ones(3), abs=0.1)
    assert found.by_quiet == pytest.approx(np.ones(QUIET), abs=0.12)


def test_chance_is_not_taken_for_a_difference():
    rng = np.random.default_rng(2)
    assert eagerness(lived(np.ones(PERSONS), rng), 0, RATE, STAYS, USUAL).alike > 50


def test_what_is_foretold_month_by_month_comes_on_average_whoever_the_persons_are():
    rng = np.random.default_rng(3)
    persons = lived(rng.gamma(1.5, 1 / 1.5, PERSONS), rng)
    found = eagerness(persons, 0, RATE, STAYS, USUAL)
    tally = Tally(np.zeros((QUIET, 2)), np.zeros((3, 2)), np.zeros(2), np.zeros(2), np.zeros(1))
    events = np.ascontiguousarray(persons.events[0])
    follow(
        persons.place, persons.stay, persons.served, persons.whole, events, RATE, USUAL,
        found.traits(STAYS), 12, tally,
    )  # fmt: skip
    foretold, came = tally.by_quiet[tally.by_quiet[:, 1] > 500].T
    assert came / foretold == pytest.approx(np.ones(len(came)), abs=0.1)


def test_events_that_come_together_or_apart_are_told():
    rng = np.random.default_rng(4)
    persons = lived(np.ones(PERSONS), rng)
    apart = rng.random(persons.events.shape) < 0.5
    regular = Followed(
        persons.place, persons.stay, persons.served, persons.whole, apart.astype(np.uint8)
    )
    assert eagerness(persons, 0, RATE, STAYS, USUAL).together == pytest.approx(1, abs=0.03)
    assert eagerness(regular, 0, RATE, STAYS, USUAL).together > 1.15


def test_who_has_had_much_stands_above_and_a_new_stay_begins_anew():
    before = np.zeros((3, 12), dtype=np.uint8)
    before[0] = 2
    stay, standing = np.array([12, 12, 0]), np.zeros((3, 3))
    found = eagerness(lived(np.ones(PERSONS), np.random.default_rng(5)), 0, RATE, STAYS, USUAL)
    traits = found._replace(alike=2.0).traits(STAYS)
    place = np.zeros(3, dtype=np.int64)
    stand(before, stay, stay, place, RATE, np.ones(12), traits, standing)
    pace = (2 + standing[:, 0]) / (2 + standing[:, 1])
    assert pace[0] > 1.5 and pace[1] < 0.5 and pace[2] == 1
    assert standing[0, 2] == 0 and standing[2, 2] == NONE_YET


@pytest.mark.parametrize("together", [0.8, 1.0, 1.1])
@pytest.mark.parametrize("mean", [0.05, 0.4, 0.9, 2.5])
def test_a_month_has_the_events_that_are_to_be_expected(mean, together):
    bits = np.random.default_rng(6).integers(0, 2**64, 40_000, dtype=np.uint64)
    odds = happenings(together)
    drawn = np.array([happening(one, mean, odds) for one in bits])
    error = 4 * np.sqrt(max(mean, drawn.var()) / len(bits))
    assert drawn.mean() == pytest.approx(mean, abs=error)
    some = min(together * (1 - np.exp(-mean)), mean, 1)
    assert (drawn > 0).mean() == pytest.approx(some, abs=0.012)


@pytest.mark.parametrize(("chance", "months"), [(0.05, 0.85), (0.3, 0.2), (0.5, 1.0)])
def test_a_month_loses_what_is_to_be_expected(chance, months):
    bits = np.random.default_rng(7).integers(0, 2**64, 40_000, dtype=np.uint64)
    drawn = np.array([slip(one, chance, months) for one in bits])
    error = 4 * drawn.std() / np.sqrt(len(bits))
    assert drawn.mean() == pytest.approx(chance * months, abs=error)


def test_own_factors_are_one_on_average_and_differ_as_told():
    shapes, table = quantiles()
    assert table.mean(axis=1) == pytest.approx(np.ones(len(shapes)))
    assert table.var(axis=1) * shapes == pytest.approx(np.ones(len(shapes)), abs=0.05)
    assert (np.diff(table, axis=1) >= 0).all()
