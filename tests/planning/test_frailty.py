"""How persons differ is found where they do, and what is expected of them comes about on average."""

from __future__ import annotations

import numpy as np
import pytest

from tilsyn.outlook.frailty import Panel, fitted
from tilsyn.outlook.kernel.frailty import GAPS, NONE_YET, Fit, fit_months, posteriors
from tilsyn.outlook.kernel.random import draw_count
from tilsyn.outlook.simulation import count_table, gamma_quantiles

PERSONS, MONTHS = 3000, 36
STAYS, USUAL = np.array([0, 6, 12]), np.ones(MONTHS)
RATE = np.array([[0.5, 0.5, 0.5]])


def lived(own: np.ndarray, rng: np.random.Generator) -> Panel:
    """Persons who stay all the time in one place, each with an own factor on its pace."""
    shape = (PERSONS, MONTHS)
    stay = np.tile(np.arange(1, MONTHS + 1, dtype=np.int16), (PERSONS, 1))
    events = rng.poisson(0.5 * own[:, None], shape).astype(np.uint8)[None]
    whole = np.ones(shape, dtype=bool)
    whole[:, 0] = False
    return Panel(np.zeros(shape, np.int32), stay, whole, events)


@pytest.mark.parametrize("shape", [1.0, 4.0])
def test_a_lasting_difference_is_found(shape):
    rng = np.random.default_rng(1)
    found = fitted(lived(rng.gamma(shape, 1 / shape, PERSONS), rng), 0, RATE, STAYS, USUAL)
    assert shape / 1.5 < found.shape < shape * 1.5
    assert found.by_stay == pytest.approx(np.ones(3), abs=0.1)
    assert found.by_gap == pytest.approx(np.ones(GAPS), abs=0.15)


def test_chance_is_not_taken_for_a_difference():
    rng = np.random.default_rng(2)
    assert fitted(lived(np.ones(PERSONS), rng), 0, RATE, STAYS, USUAL).shape > 50


def test_what_is_expected_month_by_month_comes_on_average_whoever_the_persons_are():
    rng = np.random.default_rng(3)
    persons = lived(rng.gamma(1.5, 1 / 1.5, PERSONS), rng)
    found = fitted(persons, 0, RATE, STAYS, USUAL)
    made = Fit(np.zeros((GAPS, 2)), np.zeros((3, 2)), np.zeros(2), np.zeros(1))
    events = np.ascontiguousarray(persons.events[0])
    fit_months(persons.place, persons.stay, persons.whole, events, RATE, USUAL, found, 12, made)
    expected, came = made.by_gap[made.by_gap[:, 1] > 500].T
    assert came / expected == pytest.approx(np.ones(len(came)), abs=0.1)


def test_events_that_come_together_or_apart_are_told():
    rng = np.random.default_rng(4)
    persons = lived(np.ones(PERSONS), rng)
    apart = rng.random(persons.events.shape) < 0.5
    regular = Panel(persons.place, persons.stay, persons.whole, apart.astype(np.uint8))
    assert fitted(persons, 0, RATE, STAYS, USUAL).spread_out == pytest.approx(1, abs=0.03)
    assert fitted(regular, 0, RATE, STAYS, USUAL).spread_out > 1.15


def test_who_has_had_much_stands_above_and_a_new_stay_begins_anew():
    before = np.zeros((3, 12), dtype=np.uint8)
    before[0] = 2
    stay, posterior = np.array([12, 12, 0]), np.zeros((3, 3))
    found = fitted(lived(np.ones(PERSONS), np.random.default_rng(5)), 0, RATE, STAYS, USUAL)
    frailty = found._replace(shape=2.0)
    place = np.zeros(3, dtype=np.int64)
    posteriors(before, stay, place, RATE, np.ones(12), frailty, posterior)
    own = (2 + posterior[:, 0]) / (2 + posterior[:, 1])
    assert own[0] > 1.5 and own[1] < 0.5 and own[2] == 1
    assert posterior[0, 2] == 0 and posterior[2, 2] == NONE_YET


@pytest.mark.parametrize("spread_out", [0.8, 1.0, 1.1])
@pytest.mark.parametrize("mean", [0.05, 0.4, 0.9, 2.5])
def test_a_month_has_the_events_that_are_to_be_expected(mean, spread_out):
    bits = np.random.default_rng(6).integers(0, 2**64, 40_000, dtype=np.uint64)
    counts = count_table(spread_out)
    drawn = np.array([draw_count(one, mean, counts) for one in bits])
    error = 4 * np.sqrt(max(mean, drawn.var()) / len(bits))
    assert drawn.mean() == pytest.approx(mean, abs=error)
    some = min(spread_out * (1 - np.exp(-mean)), mean, 1)
    assert (drawn > 0).mean() == pytest.approx(some, abs=0.012)


def test_own_factors_are_one_on_average_and_differ_as_told():
    shapes, table = gamma_quantiles()
    assert table.mean(axis=1) == pytest.approx(np.ones(len(shapes)))
    assert table.var(axis=1) * shapes == pytest.approx(np.ones(len(shapes)), abs=0.05)
    assert (np.diff(table, axis=1) >= 0).all()
