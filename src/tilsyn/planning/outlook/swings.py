"""Swings: what is common to all persons of a municipality in one simulation."""

from __future__ import annotations

import numpy as np

from tilsyn.planning.arrays import Common, Odds


def drawn(odds: Odds, simulations: int, rng: np.random.Generator) -> Common:
    """Draw what is common, for each simulation.

    Args:
        odds: of one municipality and measure.
        simulations: how many times.
        rng: the source of chance.
    """
    groups, months = odds.required.shape
    shape = (groups, simulations, months)
    state = rng.standard_normal((simulations, months))
    for h in range(1, months):
        fresh = np.sqrt(1 - odds.lasting**2) * state[:, h]
        state[:, h] = odds.lasting * state[:, h - 1] + fresh
    # The mean of exp(x) is one.
    swing = odds.season * np.exp(odds.swing * state - odds.swing**2 / 2)
    more = np.maximum(0.0, 1 + odds.coming_swing * rng.standard_normal(shape))
    more[:, :, 0] *= odds.left
    return Common(
        pace=np.ascontiguousarray(np.broadcast_to(swing, shape)),
        leaving=np.ones(shape),
        coming=rng.poisson(odds.coming[:, None, None] * more),
    )
