"""Swings: what is common to all persons of a municipality in one simulation, and strays from others."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from tilsyn.outlook.kernel.arrays import Common, Odds
from tilsyn.outlook.kernel.chance import STEPS, Happenings

WORTH = 12
"""Months' worth by which a municipality's swing is drawn towards that of all."""

SHAPES, QUANTILES = (0.1, 2000.0), 256
"""Bounds of the shapes of the gammas that persons' paces differ by, and parts of each."""

MOST_EXPECTED = 8
"""Events to be expected of a month, at most."""

PACE_MONTHS, LEAVING_MONTHS = 12, 24
"""Months that the levels are read from (those of `pace` and `hazards`)."""


def strayed(observed: Any, expected: Any) -> tuple[Any, Any]:
    """How something strays from month to month beyond chance, and how much of that lasts a month.

    What a municipality's own months show is drawn towards what all municipalities' do.

    Args:
        observed, expected: kind x municipality x month: counts.

    Returns:
        Kind x municipality: the spread (standard deviation) as a share, and the part that lasts.
    """
    level = np.where(expected > 0, observed, 0).sum(-1) / np.maximum(expected.sum(-1), 1e-9)
    usual = np.maximum(expected * level[..., None], 1e-9)
    strayed = np.where(usual > 1, observed / usual - 1, 0.0)
    weight = np.where(usual > 1, usual, 0.0)
    total = np.maximum(weight.sum(-1), 1e-9)
    variance = (weight * strayed**2 - (weight > 0)).sum(-1) / total
    together = (weight[..., 1:] * strayed[..., 1:] * strayed[..., :-1]).sum(-1) / total
    months = observed.shape[-1]
    share = months / (months + WORTH)
    by_all = np.average(variance, axis=1, weights=total)[:, None]
    variance = np.maximum(share * variance + (1 - share) * by_all, 0.0)
    lasting = np.average(together, axis=1, weights=total) / np.maximum(by_all[:, 0], 1e-9)
    lasting = np.where(by_all[:, 0] > 1e-6, np.clip(lasting, 0.0, 0.9), 0.0)
    return np.minimum(np.sqrt(variance), 0.5), np.repeat(
        lasting[:, None], observed.shape[1], axis=1
    )


def drawn(odds: Odds, simulations: int, rng: np.random.Generator) -> Common:
    """Draw what is common, for each simulation: levels as they are known, and months' swings.

    Args:
        odds: of one municipality and measure.
        simulations: how many times.
        rng: the source of chance.
    """
    groups, months = odds.required.shape
    shape = (groups, simulations, months)
    pace = odds.season * swung(odds.swing, odds.lasting, PACE_MONTHS, simulations, months, rng)
    leaving = swung(
        odds.leaving_swing, odds.leaving_lasting, LEAVING_MONTHS, simulations, months, rng
    )
    more = np.maximum(0.0, 1 + odds.coming_swing * rng.standard_normal(shape))
    more[:, :, 0] *= odds.left
    level = levels(odds.coming_doubt + odds.coming_swing**2 / PACE_MONTHS, simulations, rng)
    expected = np.zeros((2 * groups, simulations, months))
    expected[:groups] = odds.coming[:groups, None] * level[..., None] * more
    expected[groups:] = odds.coming[groups:, None] * odds.left
    shapes, eager = quantiles()
    pace = levels(odds.doubt, simulations, rng)[..., None] * pace
    leaving = levels(odds.leaving_doubt, simulations, rng)[..., None] * leaving
    return Common(
        pace=pace,
        leaving=leaving,
        most_leaving=leaving.max(axis=1),
        least_leaving=leaving.min(axis=1),
        coming=rng.poisson(expected),
        eager=eager,
        shapes=shapes,
        happenings=happenings(odds.together),
    )


@cache
def quantiles() -> tuple[Any, Any]:
    """Gammas with mean one, by shape.

    Returns:
        The shapes, and shape x quantile: the mean of each of so many equal parts.
    """
    shapes = np.geomspace(*SHAPES, 80)
    table = np.empty((len(shapes), QUANTILES))
    edges = np.linspace(0, 1, QUANTILES + 1)
    for i, a in enumerate(shapes):
        logarithm = np.linspace(-8 / np.sqrt(a) - 3 / a, 8 / np.sqrt(a), 4001)
        value = np.exp(logarithm)
        density = np.exp(a * (logarithm - value + 1))
        part = np.cumsum(density) / density.sum()
        upto = np.cumsum(density * value) / (density * value).sum()
        table[i] = QUANTILES * np.diff(np.interp(edges, part, upto, left=0.0))
    return shapes, table


def happenings(together: float) -> Happenings:
    """How many events a month has by what is to be expected of it (up to `MOST_EXPECTED`).

    Where there is any, their number is that of a Poisson where it is not nought; its pace is such
    that the mean is what is to be expected.

    Args:
        together: months with an event, against those there would be if events came independently.
    """
    mean = np.arange(MOST_EXPECTED * STEPS + 1) / STEPS
    some = np.minimum(np.minimum(-together * np.expm1(-mean), mean), 1.0)
    where = np.divide(mean, some, out=np.ones_like(mean), where=some > 0)
    pace = np.maximum(2 * (where - 1), 1e-9)
    for _ in range(20):
        rest = np.exp(-pace)
        pace = np.maximum(pace - (pace - where * (1 - rest)) / (1 - where * rest), 1e-9)
    return Happenings(some, pace / np.expm1(pace), pace)


def levels(variance: Any, simulations: int, rng: np.random.Generator) -> Any:
    """Levels about one with these variances, a last axis of simulations (gamma)."""
    known = np.maximum(np.asarray(variance)[..., None], 1e-9)
    return known * rng.gamma(1 / known, size=(*np.shape(variance), simulations))


def swung(
    swing: float,
    lasting: float,
    read: int,
    simulations: int,
    months: int,
    rng: np.random.Generator,
) -> Any:
    """Simulation x month: months' swings about one, and about a level read from swinging months."""
    state = rng.standard_normal((simulations, months))
    for h in range(1, months):
        fresh = np.sqrt(1 - lasting**2) * state[:, h]
        state[:, h] = lasting * state[:, h - 1] + fresh
    level = swing * np.sqrt((1 + lasting) / (1 - lasting) / read)
    of_level = level * rng.standard_normal((simulations, 1))
    # The mean of exp(x) is one.
    return np.exp(swing * state + of_level - (swing**2 + level**2) / 2)
