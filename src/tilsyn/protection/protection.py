"""Protecting figures measured from a register: what is hidden, and why.

Counts below the smallest shown are hidden first (primary). Then further cells are hidden until every
hidden cell is safe: until for everybody it is kept from, the public and each municipality, another
table of whole numbers, as consistent with all they know as the true one, has another number there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.table import CELL, SCHEMA, agreeing, rows
from tilsyn.protection.hiding import hide
from tilsyn.protection.insiders import NOBODY, Insiders
from tilsyn.protection.matrix import MOST, Whole
from tilsyn.protection.model import Parameters, Protected
from tilsyn.protection.pattern import Marks, State
from tilsyn.protection.relations import WEIGHTS, Cell, Relation, is_counted
from tilsyn.protection.shares import with_shares, without_shares
from tilsyn.protection.system import System, completed, sound, system
from tilsyn.vocabulary import TOTAL

_KEYS = list(CELL)


def protected(
    figures: pl.DataFrame,
    *,
    parameters: Parameters | None = None,
    against: Sequence[pl.DataFrame] = (),
) -> Protected:
    """Figures as they may be shown to others.

    Args:
        figures: a figure table, one vintage a cell. Figures measured from a register are protected;
            published ones pass as printed and count as known to everybody.
        parameters: how.
        against: what was published earlier: known to everybody too.

    Returns:
        The same figures, hidden ones with status "suppressed"; shares rounded to one decimal, since
        a share with all its decimals gives its counts away.

    Raises:
        InputError: a cell has two vintages, or the figures contradict each other.
    """
    parameters = parameters or Parameters()
    ours = figures.filter(pl.col("provenance") == "register")
    twice = ours.filter(pl.len().over(_KEYS) > 1)
    if twice.height:
        raise InputError(
            f"{next(rows(twice)).describe()}: two vintages of a cell; protect one release at a time"
        )
    printed = figures.filter(pl.col("provenance") != "register")
    others = agreeing(pl.concat([SCHEMA.to_frame(), printed, *against]))
    found, broken = _system(ours, others, parameters)
    state, primary, public = _state(found, ours, others, parameters)
    hide(found, state)
    unsafe = state.hidden & (state.weights > 0) & ~state.safe()
    published = state.weights > 0
    cells = {found.cells[i] for i in np.flatnonzero(state.hidden & published)}
    result, shares = with_shares(_hidden(ours, cells), ours, parameters)
    counted = {
        "primary": int((primary & published).sum()),
        "complementary": int((state.hidden & published & ~primary).sum()),
        "share": shares,
        "already_public": int(((unsafe & state.closed[:, NOBODY]) | public).sum()),
        "known_to_neighbours": int((unsafe & ~state.closed[:, NOBODY] & ~public).sum()),
    }
    ordered = figures.select(_KEYS).with_row_index("_place")
    together = pl.concat([printed, result]).join(ordered, on=_KEYS, how="left")
    shown = together.sort("_place").drop("_place")
    kinds = Counter((found.cells[one.whole][0], one.kind) for one in broken)
    return Protected(shown, counted, parameters, kinds)


def _hidden(ours: pl.DataFrame, cells: set[Cell]) -> pl.DataFrame:
    schema = {name: SCHEMA[name] for name in _KEYS}
    gone = pl.DataFrame(sorted(cells), schema=schema, orient="row").with_columns(_gone=True)
    marked = ours.join(gone, on=_KEYS, how="left", maintain_order="left")
    return marked.with_columns(
        pl.when(pl.col("_gone")).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(pl.col("_gone"))
        .then(pl.lit("suppressed"))
        .otherwise(pl.col("status"))
        .alias("status"),
    ).drop("_gone")


def _system(
    ours: pl.DataFrame, others: pl.DataFrame, parameters: Parameters
) -> tuple[System, list[Relation]]:
    """The true table, our counts and what others know beside them, and the relations that it breaks."""
    beside = others.join(ours, on=_KEYS, how="anti")
    together = pl.concat([beside, without_shares(ours, parameters)])
    # In the cells' order, so that what is hidden does not hang on the order of rows.
    true = system(together.sort(_KEYS))
    return sound(true, true)


def _state(
    found: System, ours: pl.DataFrame, others: pl.DataFrame, parameters: Parameters
) -> tuple[State, Marks, Marks]:
    """What is to be hidden first; which cells that is, and which of them others know already."""
    counts = completed(found)
    size = len(found.cells)
    cells = ours.filter(
        is_counted() & (pl.col("statistic") != "share") & (pl.col("status") != "not_available")
    )
    our = np.zeros(size, dtype=np.bool_)
    for cell in cells.select(_KEYS).iter_rows():
        our[found.index[cell]] = True
    before_hidden = np.zeros(size, dtype=np.bool_)
    known = np.zeros(size, dtype=np.bool_)
    for *key, value, status in others.select(*_KEYS, "value", "status").iter_rows():
        i = found.index.get(_cell(key))
        if i is None or not our[i]:
            continue
        before_hidden[i] |= status == "suppressed"
        known[i] |= value is not None and int(value) == counts[i]
    zero = counts == 0
    given = (found.low == found.high) & our
    primary = our & given & (counts < parameters.smallest) & (~zero | parameters.hide_zeros)
    hidden = primary | (our & ~given) | (our & before_hidden) | (~our & (found.low < found.high))
    least = np.where(our, 0 if parameters.hide_zeros else 1, found.low)
    most = np.where(our, MOST, found.high)
    weights = np.array([_weight(cell) if our[i] else 0.0 for i, cell in enumerate(found.cells)])
    fixed = np.where(
        our, known | (zero & ~hidden & (not parameters.hide_zeros)), found.low == found.high
    )
    least = np.minimum(least, counts)
    width = np.full(size, parameters.width)
    for i, far in _share_widths(found, ours, counts):
        width[i] = max(width[i], far)
    insiders = Insiders(found.cells, counts, noughts=not parameters.hide_zeros)
    closed = np.ones((size, len(insiders)), dtype=np.bool_)
    closed[np.arange(size), insiders.knower] &= insiders.knower == NOBODY
    # An area's larger count is no secret to a municipality; hiding it serves others'. What it works out
    # from all it sees agrees with every secret's other table, so that nothing more follows.
    areas = np.array([cell[2] != "municipality" for cell in found.cells], dtype=np.bool_)
    closed[areas & ~primary, NOBODY + 1 :] = False
    state = State(counts, least, most, hidden, fixed, weights, width, insiders.knower, closed)
    return state, primary, known & hidden


def _share_widths(found: System, ours: pl.DataFrame, counts: Whole) -> Iterator[tuple[int, int]]:
    """How far counts beside a share must stay open for the share to stay open too.

    A share in tenths of a per cent changes for certain when its count moves by a thousandth of the
    population, or its population by as much as does the same.
    """
    shares = ours.filter((pl.col("statistic") == "share") & (pl.col("value") > 0))
    for key in shares.select(_KEYS).iter_rows():
        measure, _, kind, area, grp, visitation, _, month = key
        at = [
            found.index.get((measure, statistic, kind, area, grp, visitation, "", month))
            for statistic in ("unmet", "population")
        ]
        if at[0] is None or at[1] is None:
            continue
        unmet, population = int(counts[at[0]]), int(counts[at[1]])
        yield at[0], -(-population // 1000)
        if 1000 * unmet > population:
            yield at[1], -(-population * population // (1000 * unmet - population))


def _cell(key: Sequence[Any]) -> Cell:
    measure, statistic, kind, area, grp, visitation, category, month = key
    return measure, statistic, kind, area, grp, visitation, category, month


def _weight(cell: Cell) -> float:
    """What a reader loses with a cell; see ``relations.toml``."""
    _, statistic, kind, _, grp, visitation, _, _ = cell
    return float(
        WEIGHTS["statistic"][statistic]
        * WEIGHTS["area"][kind]
        * WEIGHTS["row"]["total" if grp == TOTAL.code else "group"]
        * WEIGHTS["split"]["visitation" if visitation else "none"]
    )
