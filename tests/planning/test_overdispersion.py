"""What is common to all persons of a simulation: unbiased, and as wide as months were found to stray."""

from __future__ import annotations

import numpy as np
import pytest

from tilsyn.outlook.event_rates import overdispersion
from tilsyn.outlook.simulation import common_factors


def test_common_factors_are_one_on_average_in_every_month():
    drawn = common_factors(0.2, 100_000, 6, np.random.default_rng(2))
    assert drawn.mean(axis=0) == pytest.approx(np.ones(6), abs=0.01)


def test_without_overdispersion_they_are_one():
    assert (common_factors(0.0, 10, 6, np.random.default_rng(3)) == 1).all()


def test_overdispersion_of_the_past_is_found_and_chance_is_not_taken_for_it():
    rng = np.random.default_rng(4)
    expected = np.full((1, 40, 36), 400.0)
    by_chance = overdispersion(rng.poisson(expected), expected)
    common = expected * np.exp(0.2 * rng.standard_normal(expected.shape))
    found = overdispersion(rng.poisson(common), expected)
    assert by_chance.mean() < 0.03
    assert found.mean() == pytest.approx(0.2, abs=0.03)
