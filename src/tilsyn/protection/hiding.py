"""Hiding until every hidden cell has its other tables, in growing surroundings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tilsyn.protection.matrix import Matrix, components
from tilsyn.protection.pattern import Marks, Patterns, State
from tilsyn.protection.relations import FAMILY
from tilsyn.protection.reopening import reopen
from tilsyn.protection.surroundings import surroundings
from tilsyn.protection.system import System

_THREADS = 2


def hide(found: System, state: State) -> None:
    """Hide until every hidden cell is safe, each family of measures and month for itself, and no more than that takes.

    Where all that is shown is fixed nothing more is hidden; what is not safe then can be computed.

    Args:
        found: the true table.
        state: changed in place.
    """
    matrix = found.matrix
    first, needed = state.hidden.copy(), state.closed.copy()

    def unsafe(indices: Sequence[int]) -> bool:
        i = np.asarray(indices)
        asked = state.hidden[i] & ~state.fixed[i] & (state.weights[i] > 0)
        return bool((asked & ~state.safe()[i]).any())

    def one(indices: list[int]) -> None:
        mine = _marks(indices, len(found.cells))
        part = matrix.only(mine[matrix.columns[matrix.starts[:-1]]])
        for scope, focus in surroundings(found.cells, indices, state.counts, unsafe):
            free = _marks(scope, len(found.cells)) & ~state.fixed
            last = len(scope) == len(indices)
            _hide_among(part, state, free, _marks(focus, len(found.cells)), last=last)
        among = _open(part, state, mine & state.hidden & ~state.fixed)
        measures = len({found.cells[i][0] for i in indices})
        reopen(among, state, mine, first, needed, measures)

    # The largest first, so that no thread is left with it at the end.
    largest = sorted(tables_of(found), key=lambda indices: -int(state.hidden[indices].sum()))
    with ThreadPoolExecutor(_THREADS) as threads:
        list(threads.map(one, largest))


def tables_of(found: System) -> list[list[int]]:
    """The counts of each family of measures and month: nothing follows from one to another."""
    tables: dict[tuple[str, object], list[int]] = defaultdict(list)
    for i, cell in enumerate(found.cells):
        tables[FAMILY.get(cell[0], cell[0]), cell[7]].append(i)
    return list(tables.values())


def _hide_among(matrix: Matrix, state: State, free: Marks, focus: Marks, *, last: bool) -> None:
    """Hide until every hidden cell in focus is safe, as far as that goes among cells free to differ."""
    open_rows = _open(matrix, state, free)
    _unbound(open_rows, state, free)
    asked = focus & state.hidden & (state.weights > 0)
    for one in components(open_rows):
        if (state.closed[one.columns].any(axis=1) & asked[one.columns]).any():
            Patterns(one, state, last=last).hide(asked)


def _open(matrix: Matrix, state: State, free: Marks) -> Matrix:
    """The rows among cells free to differ, all others at their true number."""
    low = np.where(free, state.least, state.counts)
    high = np.where(free, state.most, state.counts)
    return matrix.free(low, high).distinct()


def _unbound(open_rows: Matrix, state: State, free: Marks) -> None:
    """Hidden counts that no relation says anything about can be anything a "." allows."""
    loose = free & state.hidden & ~state.safe()
    loose[open_rows.columns] = False
    for i in np.flatnonzero(loose):
        state.see(np.array([i]), state.width[[i]])


def _marks(indices: Sequence[int], size: int) -> Marks:
    marks = np.zeros(size, dtype=np.bool_)
    marks[np.asarray(indices)] = True
    return marks
