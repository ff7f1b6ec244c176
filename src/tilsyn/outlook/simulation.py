"""The simulation: the coming months lived through many times over, person by person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from tilsyn.outlook.courses import Courses
from tilsyn.outlook.kernel.arrays import Found, Odds, Room
from tilsyn.outlook.kernel.eager import stand
from tilsyn.outlook.kernel.known import KEPT_MONTHS
from tilsyn.outlook.kernel.simulated import simulation_kernel
from tilsyn.outlook.swings import drawn

BLOCK = 250
"""Simulations with a source of chance of their own, so that blocks can be done side by side."""


class Simulation:
    """One municipality's and measure's coming months, in blocks that may be done in any order."""

    def __init__(self, odds: Odds, courses: Courses, simulations: int, seed: int) -> None:
        """Draw what is common to all persons.

        Args:
            odds: what may happen.
            courses: of one municipality and measure.
            simulations: how many times.
            seed: the same seed gives the same numbers.
        """
        groups, months = odds.required.shape
        # Group by group: what a group's persons are added to lies close together.
        shape = (groups, simulations, months)
        self._odds, self._seed = odds, seed
        self._found = Found(*(np.zeros(shape, dtype=np.int32) for _ in range(4)))
        self._courses = Courses(*map(np.ascontiguousarray, courses))
        self._common = drawn(odds, simulations, np.random.default_rng(seed))
        self._standing = np.zeros((len(courses.weeks), 3))
        stand(
            self._courses.before, self._courses.stay, self._courses.served, self._courses.group.astype(np.int64),
            odds.rate, odds.usual, odds.traits, self._standing,
        )  # fmt: skip

    def blocks(self) -> Iterator[Callable[[], None]]:
        """What is to be done, each by itself."""
        simulations = self._found.unmet.shape[1]
        for number, low in enumerate(range(0, simulations, BLOCK)):
            yield partial(self._block, number, low, min(low + BLOCK, simulations))

    def _block(self, number: int, low: int, high: int) -> None:
        simulation_kernel(
            self._odds, self._common, self._courses, self._standing, low, high, self._found,
            _room(self._odds, self._seed, number),
        )  # fmt: skip

    def counts(self) -> tuple[Any, ...]:
        """What was found when all blocks are done.

        Returns:
            Simulation x group x month: the population; of it the unmet, those for whom it is too
            late already, and the unmet if nothing more is done.
        """
        return tuple(counts.swapaxes(0, 1) for counts in self._found)


def simulate(odds: Odds, courses: Courses, simulations: int, seed: int) -> tuple[Any, ...]:
    """Live through the coming months; see `Simulation`."""
    simulation = Simulation(odds, courses, simulations, seed)
    for block in simulation.blocks():
        block()
    return simulation.counts()


def _room(odds: Odds, seed: int, block: int) -> Room:
    months = odds.required.shape[1]
    return Room(
        leaving=np.zeros(months),
        pace=np.zeros(months),
        enough=np.zeros(months, dtype=np.int64),
        events=np.zeros(KEPT_MONTHS + months, dtype=np.int64),
        hours=np.zeros(months, dtype=np.int64),
        worked=np.zeros(months, dtype=np.int64),
        late=np.zeros(odds.hidden.size),
        risks=np.zeros(odds.bands.size),
        sure=np.zeros(months),
        seed=np.random.SeedSequence([seed, block]).generate_state(1, np.uint64),
    )
