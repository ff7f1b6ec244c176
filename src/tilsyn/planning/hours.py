"""Ordinary hours: how many meet a requirement by them, and how long that lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.planning.history import GROUPS
from tilsyn.planning.projection import Projection
from tilsyn.planning.shrinkage import rates


@dataclass(frozen=True)
class Working:
    """Counts of persons without enough events in two months on end; those of buckets add up.

    Attributes:
        steps: measure x municipality x group x by hours in the first month x in the second.
    """

    steps: Any

    def __add__(self, other: Working) -> Working:
        return Working(self.steps + other.steps)

    def chances(self, municipality: int) -> tuple[Any, Any]:
        """Measure x group: the chance that a person who meets by hours does so a month later, and
        that one who does not will; drawn towards the whole register's. Nought where nobody did.
        """
        steps = self.steps.astype(np.float64)
        whole = steps.sum(axis=1)
        met = steps[:, municipality, ..., 1]
        base = rates(whole[..., 1].swapaxes(1, 2), whole.sum(-1).swapaxes(1, 2)).swapaxes(1, 2)
        found = (met + 30 * base) / (steps[:, municipality].sum(-1) + 30)
        found[whole[..., 1].sum(axis=(1, 2)) == 0] = 0.0
        return found[..., 1], found[..., 0]


def working(measured: Projection, persons: int, municipalities: tuple[int, ...]) -> Working:
    """Count the steps from month to month of persons in a population."""
    measures, months = len(measured.measures), len(measured.months)
    steps = np.zeros((measures, len(municipalities) * GROUPS, 2, 2), dtype=np.int64)
    index = np.searchsorted(np.array(municipalities), measured.municipality)
    place = index * GROUPS + measured.group
    by_hours = measured.met & (measured.counted < measured.required)
    for k, definition in enumerate(measured.plan.by_seniority):
        if not definition.hours:
            continue
        mine = (measured.measure == k) & (measured.counted < measured.required)
        state = np.full((persons, months), -1, dtype=np.int8)
        where = np.full((persons, months), -1, dtype=np.int32)
        at = measured.person[mine], measured.month[mine]
        state[at], where[at] = by_hours[mine], place[mine]
        both = (state[:, 1:] >= 0) & (state[:, :-1] >= 0)
        np.add.at(steps[k], (where[:, :-1][both], state[:, :-1][both], state[:, 1:][both]), 1)
    return Working(steps.reshape(measures, len(municipalities), GROUPS, 2, 2))
