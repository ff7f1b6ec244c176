"""What each municipality can compute of others, with its own exact figures beside what all can see.

Nearly everything is as it is for the public. So each municipality's own counts are only put in place
and carried on from relation to relation; then, for all municipalities at once, tables are looked for
that differ from the true one in hidden counts alone: one such table answers for every municipality
whose own counts it leaves as they are. What no table answers for can be computed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.table import rows
from tilsyn.protection.derivation import Derivations
from tilsyn.protection.hiding import hide
from tilsyn.protection.insiders import NOBODY, Insiders
from tilsyn.protection.matrix import Matrix, Whole, narrowed
from tilsyn.protection.model import SOURCES, Recovered, Rules
from tilsyn.protection.pattern import Marks, State
from tilsyn.protection.relations import is_counted
from tilsyn.protection.system import System, completed, sound, system


def known_by_neighbours(
    figures: pl.DataFrame,
    exact: pl.DataFrame,
    *,
    municipalities: Collection[str] = (),
    discretion: Rules = SOURCES,
    smallest: int = 3,
) -> list[Recovered]:
    """The hidden counts that a municipality can compute and the public cannot.

    Counts of other municipalities, and those of areas below the smallest shown; larger counts of
    areas are hidden only to serve others. A count of an area is a municipality's own where all it
    counts are.

    Args:
        figures: what all can see, one vintage a cell.
        exact: the figures it was made from.
        municipalities: codes of those to look at; all where none is given.
        discretion: as `audit`.
        smallest: counts of areas below it are to be kept.

    Raises:
        InputError: the figures were not made from the exact ones.
    """
    true = system(exact)
    found, _ = sound(system(figures, discretion), true)
    counts = _true(found, true)
    matrix = found.matrix
    low, high = narrowed(matrix, found.low, found.high)
    insiders = Insiders(found.cells, counts, noughts=bool((figures["status"] == "zero").any()))
    hidden = figures.filter(
        (pl.col("status") == "suppressed") & is_counted() & (pl.col("statistic") != "share")
    )
    figure_of = {found.index[figure.cell]: figure for figure in rows(hidden)}  # type: ignore[index]
    asked = np.zeros(len(found.cells), dtype=np.bool_)
    asked[sorted(figure_of)] = True
    asked &= low < high
    areas = np.array([cell[2] != "municipality" for cell in found.cells])
    kept = asked & ~(areas & (counts >= smallest))
    closed = np.zeros((len(found.cells), len(insiders)), dtype=np.bool_)
    wanted = [
        k
        for k, code in enumerate(insiders.codes)
        if k != NOBODY and (not municipalities or code in municipalities)
    ]
    for k in wanted:
        closed[kept, k] = True
    closed[np.arange(len(counts)), insiders.knower] = False
    closed[kept, NOBODY] = True

    known: dict[int, tuple[Marks, Whole, Whole]] = {}
    for k in wanted:
        least, most = _knowing(matrix, low, high, counts, insiders.knower == k)
        follows = closed[:, k] & (least == most)
        closed[follows, k] = False
        known[k] = follows, least, most
    state = State(
        counts=counts,
        least=low,
        most=high,
        hidden=low < high,
        fixed=low == high,
        weights=asked.astype(np.float64),
        width=np.ones(len(counts), dtype=np.int64),
        knower=insiders.knower,
        closed=closed,
    )
    hide(found, state)
    result = []
    for k, (follows, least, most) in known.items():
        follows |= closed[:, k] & ~closed[:, NOBODY]
        if not follows.any():
            continue
        own = insiders.knower == k
        words = Derivations(
            System(
                found.cells,
                found.index,
                np.where(own, counts, found.low),
                np.where(own, counts, found.high),
                found.relations,
            ),
            np.where(follows, counts, least),
            np.where(follows, counts, most),
        )
        for i in np.flatnonzero(follows).tolist():
            value = int(counts[i])
            result.append(Recovered(figure_of[i], value, value, words.of(i), by=insiders.codes[k]))
    return result


def _knowing(
    matrix: Matrix, low: Whole, high: Whole, counts: Whole, own: Marks
) -> tuple[Whole, Whole]:
    """Bounds as they are once some counts are known, relation by relation."""
    return narrowed(
        matrix, np.where(own, counts, low), np.where(own, counts, high), own & (low < high)
    )


def _true(found: System, true: System) -> Whole:
    """The true numbers of a system's counts."""
    low, high = found.low.copy(), found.high.copy()
    for i, cell in enumerate(found.cells):
        j = true.index.get(cell)
        if j is not None and true.low[j] == true.high[j]:
            if not low[i] <= true.low[j] <= high[i]:
                raise InputError(
                    f"{_named(found, i)}: shown with another number than the exact figures have"
                )
            low[i] = high[i] = true.low[j]
    return completed(replace(found, low=low, high=high))


def _named(found: System, i: int) -> str:
    measure, statistic, _, area, grp, _, _, month = found.cells[i]
    return f"{measure} {statistic}, {area}, {grp}, {month:%Y-%m}"
