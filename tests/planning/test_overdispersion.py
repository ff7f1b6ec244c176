"""What is common to all persons of a simulation: unbiased, and as wide as months were found to stray."""

from __future__ import annotations

import numpy as np
import pytest

from tilsyn.outlook.event_rates import overdispersion
from tilsyn.outlook.simulation import common_factors


def test_common_factors_are_one_on_average_in_every_month():
    drawn = common_factors(0.2, 0.5, 100_000, 6, np.random.default_rng(2))
    assert drawn.mean(axis=0) == pytest.approx(np.ones(6), abs=0.01)


def test_without_overdispersion_they_are_one():
    assert (common_factors(0.0, 0.0, 10, 6, np.random.default_rng(3)) == 1).all()


def test_overdispersion_of_the_past_is_found_and_chance_is_not_taken_for_it():
    rng = np.random.default_rng(4)
    expected = np.full((1, 40, 36), 400.0)
    by_chance, _ = overdispersion(rng.poisson(expected), expected)
    common = expected * np.exp(0.2 * rng.standard_normal(expected.shape))
    found, _ = overdispersion(rng.poisson(common), expected)
    assert by_chance.mean() < 0.03
    assert found.mean() == pytest.approx(0.2, abs=0.03)


def test_what_lasts_to_the_next_month_is_found():
    rng = np.random.default_rng(5)
    state = rng.standard_normal((1, 40, 36))
    for month in range(1, 36):
        state[..., month] = 0.6 * state[..., month - 1] + 0.8 * state[..., month]
    expected = np.full(state.shape, 1000.0)
    _, lasting = overdispersion(rng.poisson(expected * np.exp(0.2 * state)), expected)
    assert lasting == pytest.approx([0.55], abs=0.12)
