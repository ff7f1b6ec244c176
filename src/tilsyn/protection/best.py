"""The pattern of least loss for a small component, by a mixed-integer program.

Tables beside the true one for every cell to protect, one for each municipality it is kept from (which
leaves that one's own counts alone) or one for the public, all drawn on the same hidden cells; the
cells' weights are minimised. The program grows with cells times tables, so that larger components
keep the fast pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import highspy
import numpy as np

from tilsyn.protection.insiders import NOBODY
from tilsyn.protection.matrix import Matrix, Whole
from tilsyn.protection.pattern import Marks, State
from tilsyn.protection.relations import NO_LIMIT

_LARGEST = 4_000
"""Cells times tables up to which a component is searched."""
_FARTHEST = 50
"""No table need move a cell farther, persons."""
_NODES = 2_000


def hide(matrix: Matrix, state: State, targets: Whole) -> None:
    """Hide the cells of least weight that can make every target safe; the fast pattern then proves it.

    Args:
        matrix: a component's rows over all counts.
        state: `hidden` is changed in place; nothing is changed where the search finds nothing.
        targets: hidden cells of the component.
    """
    columns, local = np.unique(matrix.columns, return_inverse=True)
    n, cost = len(columns), state.weights[columns]
    waiting = list(_wanted(state, columns, targets))
    if not waiting or n * len(waiting) > _LARGEST:
        return
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_max_nodes", _NODES),
        ("mip_rel_gap", 0.01),
    ):
        highs.setOptionValue(option, value)
    # Hiding: nothing more to pay where a cell is hidden already.
    for i, column in enumerate(columns):
        highs.addVar(1.0 if state.hidden[column] else 0.0, 1.0)
        highs.changeColCost(i, 0.0 if state.hidden[column] else float(cost[i]))
        highs.changeColIntegrality(i, highspy.HighsVarType.kInteger)
    true = matrix.values(state.counts)
    down = np.minimum(np.maximum(state.counts - state.least, 0)[columns], _FARTHEST)
    up = np.minimum(np.maximum(state.most - state.counts, 0)[columns], _FARTHEST)
    place = {int(column): i for i, column in enumerate(columns)}
    for target, knowing in waiting:
        first = highs.getNumCol()
        alone = np.zeros(n, dtype=np.bool_)
        if knowing != NOBODY:
            alone = state.knower[columns] == knowing
        for i in range(n):
            highs.addVar(*((0.0, 0.0) if alone[i] else (-float(down[i]), float(up[i]))))
        for i in range(n):
            if not state.hidden[columns[i]]:
                moved = np.array([first + i, i], dtype=np.int32)
                highs.addRow(-np.inf, 0.0, 2, moved, np.array([1.0, -float(up[i])]))
                highs.addRow(0.0, np.inf, 2, moved, np.array([1.0, float(down[i])]))
        for row in range(matrix.height):
            part = slice(int(matrix.starts[row]), int(matrix.starts[row + 1]))
            low, high = int(matrix.low[row]), int(matrix.high[row])
            highs.addRow(
                -np.inf if low <= -NO_LIMIT else float(low - true[row]),
                np.inf if high >= NO_LIMIT else float(high - true[row]),
                part.stop - part.start,
                (first + local[part]).astype(np.int32),
                matrix.coefficients[part].astype(np.float64),
            )
        rises = highs.getNumCol()
        highs.addVar(0.0, 1.0)
        highs.changeColIntegrality(rises, highspy.HighsVarType.kInteger)
        width = min(int(state.width[target]), _FARTHEST)
        far = float(width + _FARTHEST)
        pair = np.array([first + place[target], rises], dtype=np.int32)
        highs.addRow(width - far, np.inf, 2, pair, np.array([1.0, -far]))
        highs.addRow(-np.inf, -float(width), 2, pair, np.array([1.0, -far]))
    highs.run()
    solution = highs.getSolution()
    if solution.value_valid:
        chosen = np.array(solution.col_value[:n]) > 0.5
        state.hidden[columns[chosen]] = True


def _wanted(state: State, columns: Whole, targets: Whole) -> Iterator[tuple[int, int]]:
    """The tables asked for: a target, and whose counts it must leave alone.

    A table that does so for a municipality serves the public as well, and the public's serves those who
    know nothing of the component.
    """
    present = set(state.knower[columns].tolist())
    for target in targets.tolist():
        kept_from = np.flatnonzero(state.closed[target]).tolist()
        knowing = [k for k in kept_from if k != NOBODY and k in present]
        if kept_from:
            yield from ((target, k) for k in knowing or [NOBODY])


def cheaper(fast: State, searched: State, tables: Iterable[Sequence[int]], before: Marks) -> None:
    """Take over what was found by search where it is no less safe and costs less, table by table.

    Args:
        fast: what the fast pattern hid; changed in place.
        searched: what was hidden by search.
        tables: the counts of each measure and month.
        before: what was hidden before either.
    """

    def cost(state: State, at: Whole) -> tuple[int, float]:
        asked = state.hidden[at] & (state.weights[at] > 0)
        more = state.hidden[at] & ~before[at]
        return int(state.closed[at][asked].sum()), float(state.weights[at][more].sum())

    for indices in tables:
        at = np.asarray(indices)
        if cost(searched, at) < cost(fast, at):
            fast.hidden[at] = searched.hidden[at]
            fast.closed[at] = searched.closed[at]
