"""Protecting figures measured from a register: rows are hidden, each as deep as it must be.

A row of a table shows everything, or not how its persons are spread over the numbers, or its population
alone, or nothing. Small counts ask for a depth (primary suppression). Further rows are hidden until persons can
stand elsewhere so that nothing shown changes (complementary suppression, `suppression`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

import numpy as np
import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.table import CELL, SCHEMA, agreeing, rows
from tilsyn.protection.counts import ROW, Frame, Whole, chances, counted
from tilsyn.protection.matrix import MOST, Matrix, narrowed
from tilsyn.protection.model import Parameters, Protected
from tilsyn.protection.relations import FAMILY, WITHHELD, is_counted
from tilsyn.protection.suppression import blind, proved
from tilsyn.protection.system import System, sound, system
from tilsyn.work.spreading import Engine, Threads

_KEYS = list(CELL)


def protected(
    figures: pl.DataFrame,
    *,
    parameters: Parameters | None = None,
    against: Sequence[pl.DataFrame] = (),
    engine: Engine | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Protected:
    """Figures as they may be shown to others.

    Args:
        figures: a figure table, one vintage a cell. Figures measured from a register are protected,
            those of `WITHHELD` measures all hidden; published ones pass as printed and count as known to everybody.
        parameters: how; by default with the installation's key.
        against: what was published earlier: known to everybody too.
        engine: where the tables (a family of measures and a month) are protected; this machine's
            threads where none is given. A cluster's workers are given the key.
        progress: told how many tables are done, of how many.

    Returns:
        The same figures, hidden ones with status "suppressed"; shares rounded to one decimal, since
        a share with all its decimals gives its counts away.

    Raises:
        UsageError: there is no key.
        InputError: a cell has two vintages.
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
    key = parameters.secret()
    beside = split(others.filter(is_counted()))
    withheld = pl.col("measure").is_in(list(WITHHELD))
    tables = split(ours.filter(is_counted() & ~withheld))

    done = count(1)
    made = list(
        (engine or Threads()).over(
            [_Part(str(name[0]), table, beside.get(name)) for name, table in tables.items()],
            partial(_protected, parameters=parameters, key=key),
            done=lambda: progress(next(done), len(tables)),
        )
    )
    hidden: Counter[str] = Counter(
        dict.fromkeys(
            ("primary", "complementary", "share", "already_public", "known_to_neighbours"), 0
        )
    )
    broken: Counter[tuple[str, str]] = Counter()
    for table in made:
        hidden.update(table.hidden)
        broken.update(table.broken)
    ordered = figures.select(_KEYS).with_row_index("_place")
    rest = ours.filter(~is_counted() & ~withheld)
    kept_back = ours.filter(withheld).with_columns(
        pl.lit(None, pl.Float64).alias("value"),
        pl.when(pl.col("status") == "not_available")
        .then("status")
        .otherwise(pl.lit("suppressed"))
        .alias("status"),
    )
    together = pl.concat([printed, rest, kept_back, *(table.figures for table in made)])
    shown = together.join(ordered, on=_KEYS, how="left").sort("_place").drop("_place")
    return Protected(shown, dict(hidden), parameters, broken)


def split(figures: pl.DataFrame) -> dict[tuple[object, ...], pl.DataFrame]:
    """The figures of each family of measures and month: nothing follows from one to another."""
    tables = figures.with_columns(pl.col("measure").replace(FAMILY).alias("_family"))
    return {
        name: table.drop("_family")
        for name, table in tables.partition_by(
            "_family", "month", as_dict=True, maintain_order=True
        ).items()
    }


@dataclass(frozen=True)
class _Part:
    """A table to protect, and what is known to everybody beside it."""

    family: str
    ours: pl.DataFrame
    beside: pl.DataFrame | None


@dataclass(frozen=True)
class _Table:
    """A table protected."""

    figures: pl.DataFrame
    hidden: dict[str, int]
    broken: Counter[tuple[str, str]]


def _protected(part: _Part, parameters: Parameters, key: bytes) -> _Table:
    ours, family = part.ours, part.family
    others = SCHEMA.to_frame() if part.beside is None else part.beside
    counts, before, fixed = counted(ours, others)
    cost, decoy, order, blocks = chances(counts.frame, key, family)
    tables = counts.tables(parameters.smallest, parameters.hide_zeros, blocks)
    told = order, cost, fixed, counts.frame.shape, tables
    depth = blind(before, decoy, *told)
    lost = proved(depth, *told)
    together = pl.concat([others.join(ours, on=_KEYS, how="anti"), ours])
    true = system(together.filter(pl.col("statistic") != "share"))
    kept, broken = sound(true, true)
    kinds = {(true.cells[one.whole][0], one.kind) for one in broken}
    figures = _needed(_shown(ours, counts.frame, depth), ours, kept, kinds, parameters)
    gone = (figures["status"] == "suppressed") & (ours["status"] != "suppressed")
    share = figures["statistic"] == "share"
    small = parameters.small(ours["value"]) & ~share
    return _Table(
        figures,
        {
            "primary": int((gone & small).sum()),
            "complementary": int((gone & ~small & ~share).sum()),
            "share": int((gone & share).sum()),
            "already_public": int(lost[0]),
            "known_to_neighbours": int(lost[1]),
        },
        Counter((true.cells[one.whole][0], one.kind) for one in broken),
    )


def _needed(
    shown: pl.DataFrame,
    ours: pl.DataFrame,
    true: System,
    failing: Container[tuple[str, str]],
    parameters: Parameters,
) -> pl.DataFrame:
    """The figures with those shown again that a single sum gives anybody: noughts of an empty column."""
    relied = [
        one
        for one in true.relations
        if one.kind != "same" and (true.cells[one.whole][0], one.kind) not in failing
    ]
    places = np.array([true.index.get(cell, -1) for cell in shown.select(_KEYS).iter_rows()])
    hidden = ((shown["status"] == "suppressed") & (shown["statistic"] != "share")).to_numpy()
    hidden &= places >= 0
    low, high = true.low.copy(), true.high.copy()
    low[places[hidden]], high[places[hidden]] = 0, MOST
    low, high = narrowed(Matrix.of(relied), low, high)
    follows = hidden & (low == high)[places]
    follows &= ~parameters.small(ours["value"]).to_numpy()
    again = pl.Series(follows)
    return shown.with_columns(
        pl.when(again).then(ours[name]).otherwise(pl.col(name)).alias(name)
        for name in ("value", "status")
    )


def _shown(ours: pl.DataFrame, frame: Frame, depth: Whole) -> pl.DataFrame:
    """The figures with what lies deeper than their row shows hidden, shares rounded."""
    there = np.argwhere(frame.exists)
    depths = pl.DataFrame(
        [
            (frame.measures[k], *frame.places[a], *frame.rows[i], int(depth[k, a, i]))
            for k, a, i in there.tolist()
        ],
        schema={**{name: SCHEMA[name] for name in ROW}, "_depth": pl.Int64},
        orient="row",
    )
    categories = pl.DataFrame(
        list(_categories(frame)),
        schema={
            "measure": pl.String, "grp": pl.String, "visitation": pl.String, "category": pl.String,
            "_from": pl.Int64,
        },
        orient="row",
    ).cast({name: SCHEMA[name] for name in ("measure", "grp", "visitation", "category")})  # fmt: skip
    joined = ours.join(depths, on=ROW, how="left", maintain_order="left").join(
        categories,
        on=["measure", "grp", "visitation", "category"],
        how="left",
        maintain_order="left",
    )
    for statistic in ("unmet", "population"):
        one = ours.filter(pl.col("statistic") == statistic).select(
            *ROW, pl.col("value").alias(statistic)
        )
        joined = joined.join(one, on=ROW, how="left", maintain_order="left")
    by = pl.col("statistic")
    first = pl.when(by == "population").then(3).when(by == "persons").then("_from").otherwise(2)
    gone = pl.col("_depth") >= first
    gone &= (pl.col("status") != "not_available") | ((by == "share") & (pl.col("_depth") == 3))
    share = (by == "share") & pl.col("value").is_not_null()
    n, u = pl.col("population").cast(pl.Int64), pl.col("unmet").cast(pl.Int64)
    tenths = (
        pl.when(u.is_not_null() & (n > 0))
        .then((2000 * u + n) // (2 * n))
        .otherwise((pl.col("value") * 10 + 0.5).floor())
    )
    value = pl.when(gone).then(None).when(share).then(tenths / 10).otherwise(pl.col("value"))
    zero = share & ((tenths == 0).fill_null(False))
    status = pl.when(gone).then(pl.lit("suppressed")).when(zero).then(pl.lit("zero"))
    return joined.with_columns(
        value.alias("value"), status.otherwise(pl.col("status")).alias("status")
    ).select(SCHEMA.names())


def _categories(frame: Frame) -> Iterator[tuple[str, str, str, str, int]]:
    """How deep a row is hidden that hides a category."""
    depth, _ = frame.rules
    for k, names in enumerate(frame.categories):
        for i, (grp, visitation) in enumerate(frame.rows):
            for c, name in enumerate(names):
                yield frame.measures[k], grp, visitation, name, int(depth[k, i, c])
