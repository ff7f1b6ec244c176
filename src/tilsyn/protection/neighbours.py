"""What each municipality can compute of others, with its own exact figures beside what all can see.

Nearly everything is as it is for the public. So persons who could stand elsewhere are looked for first, for
everybody at once; what is left is bounded for each municipality by itself, its own counts put in place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.table import CELL, rows
from tilsyn.protection.counts import Marks, counted, shown_depth
from tilsyn.protection.derivation import Derivations
from tilsyn.protection.insiders import NOBODY, Insiders
from tilsyn.protection.intervals import tightest
from tilsyn.protection.matrix import Matrix, Whole, narrowed
from tilsyn.protection.model import SOURCES, Recovered, Rules
from tilsyn.protection.protection import split
from tilsyn.protection.relations import is_counted
from tilsyn.protection.suppression import opened
from tilsyn.protection.system import System, completed, sound, system


def known_by_neighbours(
    figures: pl.DataFrame,
    exact: pl.DataFrame,
    *,
    municipalities: Collection[str] = (),
    discretion: Rules = SOURCES,
    smallest: int = 3,
) -> list[Recovered]:
    """The small counts that a municipality can compute and the public cannot.

    Args:
        figures: what all can see, one vintage a cell.
        exact: the figures it was made from.
        municipalities: codes of those to look at; all where none is given.
        discretion: as `audit`.
        smallest: counts below it are to be kept; larger ones are hidden only to serve others.

    Raises:
        InputError: the figures were not made from the exact ones.
    """
    true = system(exact)
    found, _ = sound(system(figures, discretion), true)
    counts = _true(found, true)
    matrix = found.matrix
    low, high = narrowed(matrix, found.low, found.high)
    insiders = Insiders(found.cells)
    hidden = figures.filter(
        (pl.col("status") == "suppressed") & is_counted() & (pl.col("statistic") != "share")
    )
    figure_of = {found.index[figure.cell]: figure for figure in rows(hidden)}  # type: ignore[index]
    asked = np.zeros(len(found.cells), dtype=np.bool_)
    asked[sorted(figure_of)] = True
    asked &= low < high
    kept = asked & (counts > 0) & (counts < smallest)
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

    open_ = _open_to_all(figures, exact, found, kept, smallest)
    result = []
    for k in wanted:
        own = insiders.knower == k
        least, most = _knowing(matrix, low, high, counts, own)
        left = closed[:, k] & ~open_ & (least < most)
        if left.any():
            least, most = tightest(matrix, least, most, left)
        follows = closed[:, k] & (least == most)
        if not follows.any():
            continue
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


def _open_to_all(
    figures: pl.DataFrame, exact: pl.DataFrame, found: System, kept: Marks, smallest: int
) -> Marks:
    """The hidden counts for which persons who stand elsewhere are found quickly, for everybody."""
    open_ = np.zeros_like(kept)
    nobody = figures.clear()
    tables = split(exact.filter(is_counted()))
    for name, shown in split(figures.filter(is_counted())).items():
        if name not in tables or shown.select(CELL).is_duplicated().any():
            continue
        counts, _, fixed = counted(tables[name], nobody)
        frame = counts.frame
        depth = shown_depth(shown, frame)
        cells = frame.cells(found.index)
        asked = np.array([(*at, i) for at, i in cells if kept[i]], dtype=np.int64).reshape(-1, 5)
        cost = np.ones((len(frame.measures), 3, len(frame.places), len(frame.rows)))
        told = counts.tables(smallest, False)
        shut = opened(asked[:, :4], depth, cost, fixed, frame.shape, told)
        open_[asked[shut == 0, 4]] = True
    return open_


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
