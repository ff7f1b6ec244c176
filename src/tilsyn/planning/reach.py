"""What it takes to come under a line: the fewest events still missing, by measure, group and month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tilsyn.outlook.basis import Basis
from tilsyn.planning.goals import Target
from tilsyn.register.coding import GROUP_CODES
from tilsyn.vocabulary import TOTAL


@dataclass(frozen=True)
class Reach:
    """How far a line is, of the persons known now, if nobody leaves.

    Attributes:
        target: the line.
        holds: whether there are enough persons for it to hold.
        persons: how many more must get what they lack; 0 where the line is held as things stand.
        events: the fewest conversations or offers that takes; None where too few can still be met.
    """

    target: Target
    holds: bool
    persons: int
    events: int | None


def reaches(basis: Basis, municipality: int, targets: Iterable[Target]) -> Iterator[Reach]:
    """How far each line is.

    Args:
        municipality: its code.
        targets: lines of coming months; of measures the basis does not have, and of months and
            groups in which nobody is, nothing is told.
    """
    months = list(basis.months)
    for target in targets:
        if target.measure not in basis.measures or target.month not in months:
            continue
        mine = basis.persons.of(municipality, basis.measures.index(target.measure))
        if target.group != TOTAL.code:
            mine = mine.where(mine.group == GROUP_CODES.index(target.group))
        h = months.index(target.month)
        due, met, lost = mine.due[:, h], mine.met[:, h], mine.lost[:, h]
        if due.any():
            can = due & ~met & ~lost
            gaps = (mine.required[:, h] - mine.counted[:, h])[can]
            yield _reach(target, int(due.sum()), int((due & ~met).sum()), gaps)


def _reach(target: Target, population: int, unmet: int, gaps: Any) -> Reach:
    holds = population >= target.smallest
    persons = max(0, unmet - target.allowed(population)) if holds else 0
    cheapest = np.sort(gaps)[:persons]
    return Reach(target, holds, persons, int(cheapest.sum()) if len(cheapest) == persons else None)
