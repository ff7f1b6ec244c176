"""What is common to all persons of a simulation: unbiased, and as wide as what it is known from."""

from __future__ import annotations

import numpy as np
import pytest

from tilsyn.outlook.regions import local_doubt
from tilsyn.outlook.swings import levels, strayed, swung


@pytest.mark.parametrize("variance", [0.0, 0.001, 0.05, 0.5])
def test_levels_are_one_on_average_and_vary_as_told(variance):
    drawn = levels(np.array([variance]), 200_000, np.random.default_rng(1))[0]
    assert drawn.mean() == pytest.approx(1, abs=0.01)
    assert drawn.var() == pytest.approx(variance, rel=0.05, abs=1e-6)


def test_swings_are_one_on_average_in_every_month():
    drawn = swung(0.2, 0.5, 12, 100_000, 6, np.random.default_rng(2))
    assert drawn.mean(axis=0) == pytest.approx(np.ones(6), abs=0.01)


def test_without_a_swing_nothing_swings():
    assert (swung(0.0, 0.0, 12, 10, 6, np.random.default_rng(3)) == 1).all()


def test_a_swing_of_the_past_is_found_and_chance_is_not_taken_for_one():
    rng = np.random.default_rng(4)
    expected = np.full((1, 40, 36), 400.0)
    by_chance, _ = strayed(rng.poisson(expected), expected)
    swinging = expected * np.exp(0.2 * rng.standard_normal(expected.shape))
    found, _ = strayed(rng.poisson(swinging), expected)
    assert by_chance.mean() < 0.03
    assert found.mean() == pytest.approx(0.2, abs=0.03)


def test_a_municipality_that_is_the_whole_register_has_no_doubt_of_its_own():
    regions = np.array([0])
    cases = np.array([[100.0, 5.0]])
    assert local_doubt(cases, cases, regions) == pytest.approx(np.zeros((1, 2)), abs=1e-9)


def test_fewer_cases_leave_more_doubt():
    cases = np.array([[1000.0], [10.0], [500.0]])
    large, small, _ = local_doubt(cases, cases, np.array([0, 0, 1]))[:, 0]
    assert large < small
