"""The simulation: the coming months lived through many times over, person by person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import numpy as np

from tilsyn.outlook.kernel import entrants
from tilsyn.outlook.kernel.frailty import posteriors
from tilsyn.outlook.kernel.inputs import Draws, Inputs, Simulated, Workspace
from tilsyn.outlook.kernel.known import KEPT_MONTHS
from tilsyn.outlook.kernel.random import STEPS, CountTable
from tilsyn.outlook.trajectories import Trajectories

BLOCK = 250
"""Simulations with a source of chance of their own, so that blocks can be done side by side."""

SHAPES, QUANTILES = (0.1, 2000.0), 256
"""Bounds of the shapes of the gammas that persons' rates differ by, and parts of each."""

MOST_EXPECTED = 8
"""Events to be expected of a month, at most."""

RATE_MONTHS = 12
"""Months that the rates' level is read from (`event_rates.RECENT`)."""


class Simulation:
    """One municipality's and measure's coming months, in blocks that may be done in any order."""

    def __init__(self, inputs: Inputs, persons: Trajectories, simulations: int, seed: int) -> None:
        """Draw what is common to all persons.

        Args:
            inputs: what may happen.
            persons: of one municipality and measure.
            simulations: how many times.
            seed: the same seed gives the same numbers.
        """
        groups, months = inputs.required.shape
        # Group by group: what a group's persons are added to lies close together.
        shape = (groups, simulations, months)
        self._inputs, self._seed = inputs, seed
        self._found = Simulated(*(np.zeros(shape, dtype=np.int32) for _ in range(4)))
        self._persons = Trajectories(*map(np.ascontiguousarray, persons))
        self._draws = _draws(inputs, simulations, np.random.default_rng(seed))
        self._posterior = np.zeros((len(persons.weeks), 3))
        posteriors(
            self._persons.before, self._persons.stay, self._persons.group.astype(np.int64),
            inputs.rate, inputs.usual, inputs.frailty, self._posterior,
        )  # fmt: skip

    def blocks(self) -> Iterator[Callable[[], None]]:
        """What is to be done, each by itself."""
        simulations = self._found.unmet.shape[1]
        for number, low in enumerate(range(0, simulations, BLOCK)):
            yield partial(self._block, number, low, min(low + BLOCK, simulations))

    def _block(self, number: int, low: int, high: int) -> None:
        entrants.simulate(
            self._inputs, self._draws, self._persons, self._posterior, low, high, self._found,
            _workspace(self._inputs, self._seed, number),
        )  # fmt: skip

    def counts(self) -> tuple[Any, ...]:
        """What was found when all blocks are done.

        Returns:
            Simulation x group x month: the population; of it the unmet, those for whom it is too
            late already, and the unmet if nothing more is done.
        """
        return tuple(counts.swapaxes(0, 1) for counts in self._found)


def simulate(inputs: Inputs, persons: Trajectories, simulations: int, seed: int) -> tuple[Any, ...]:
    """Live through the coming months; see `Simulation`."""
    simulation = Simulation(inputs, persons, simulations, seed)
    for block in simulation.blocks():
        block()
    return simulation.counts()


def _workspace(inputs: Inputs, seed: int, block: int) -> Workspace:
    months = inputs.required.shape[1]
    return Workspace(
        leaving=np.zeros(months),
        rate=np.zeros(months),
        enough=np.zeros(months, dtype=np.int64),
        events=np.zeros(KEPT_MONTHS + months, dtype=np.int64),
        hours=np.zeros(months, dtype=np.int64),
        worked=np.zeros(months, dtype=np.int64),
        late=np.zeros(inputs.unreported.size),
        risks=np.zeros(inputs.bands.size),
        sure=np.zeros(months),
        seed=np.random.SeedSequence([seed, block]).generate_state(1, np.uint64),
    )


def _draws(inputs: Inputs, simulations: int, rng: np.random.Generator) -> Draws:
    """Draw what is common, for each simulation."""
    months = inputs.season.size
    shapes, own = gamma_quantiles()
    expected = np.repeat(inputs.coming[:, None], simulations, axis=1)
    expected[:, :, 0] *= inputs.left
    common = common_factors(inputs.overdispersion, inputs.autocorrelation, simulations, months, rng)
    known = inputs.variance[:, None]
    level = known * rng.gamma(1 / known, size=(len(known), simulations))
    return Draws(
        pace=level[:, :, None] * (inputs.season * common),
        coming=rng.poisson(expected),
        own=own,
        shapes=shapes,
        counts=count_table(inputs.frailty.spread_out),
    )


def common_factors(
    spread: float, autocorrelation: float, simulations: int, months: int, rng: np.random.Generator
) -> Any:
    """Simulation x month: common factors about one, and about a level read from such months."""
    state = rng.standard_normal((simulations, months))
    for h in range(1, months):
        fresh = np.sqrt(1 - autocorrelation**2) * state[:, h]
        state[:, h] = autocorrelation * state[:, h - 1] + fresh
    level = spread * np.sqrt((1 + autocorrelation) / (1 - autocorrelation) / RATE_MONTHS)
    of_level = level * rng.standard_normal((simulations, 1))
    # The mean of exp(x) is one.
    return np.exp(spread * state + of_level - (spread**2 + level**2) / 2)


@cache
def gamma_quantiles() -> tuple[Any, Any]:
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


def count_table(spread_out: float) -> CountTable:
    """How many events a month has by what is to be expected of it (up to `MOST_EXPECTED`).

    Where there is any, their number is that of a Poisson where it is not nought, with such a mean
    that what is to be expected comes out.

    Args:
        spread_out: months with an event, against those there would be if events came independently.
    """
    mean = np.arange(MOST_EXPECTED * STEPS + 1) / STEPS
    some = np.minimum(np.minimum(-spread_out * np.expm1(-mean), mean), 1.0)
    where = np.divide(mean, some, out=np.ones_like(mean), where=some > 0)
    poisson = np.maximum(2 * (where - 1), 1e-9)
    for _ in range(20):
        rest = np.exp(-poisson)
        poisson = np.maximum(poisson - (poisson - where * (1 - rest)) / (1 - where * rest), 1e-9)
    return CountTable(some, poisson / np.expm1(poisson), poisson)
