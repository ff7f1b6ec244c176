"""Everything published together as one system: counts with bounds, and the relations between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.table import CELL
from tilsyn.protection.matrix import (
    MOST,
    ContradictionError,
    Matrix,
    Whole,
    components,
    narrowed,
)
from tilsyn.protection.model import SOURCES, Discretion, Rules
from tilsyn.protection.relations import (
    FAMILY,
    Cell,
    Relation,
    Row,
    is_counted,
    relations,
    rests,
    share_relation,
)
from tilsyn.protection.solver import Program
from tilsyn.vocabulary import MEASURES, ranges

_COUNTS = ("population", "unmet", "persons")


@dataclass
class System:
    """Counts with bounds, and the relations between them.

    Attributes:
        cells: which count each index is.
        index: the other way round.
        low, high: what a count's own cell says of it, persons.
        relations: what holds between counts; contradictory ones are taken out by `sound`.
        measured: the rows measured from a register.
    """

    cells: list[Cell]
    index: dict[Cell, int]
    low: Whole
    high: Whole
    relations: list[Relation]
    measured: Collection[Row] = ()

    @cached_property
    def matrix(self) -> Matrix:
        """The relations in rows."""
        return Matrix.of(self.relations)

    def without(self, broken: Iterable[int]) -> System:
        """The system without some relations, given by their index."""
        gone = set(broken)
        kept = [one for i, one in enumerate(self.relations) if i not in gone]
        return replace(self, relations=kept)


Failing = frozenset[tuple[str, str]]
"""Measures and kinds of relations that do not hold somewhere."""


def system(
    figures: pl.DataFrame, discretion: Rules = SOURCES, failing: Failing = frozenset()
) -> System:
    """The system of figures known together.

    Of a cell with several vintages the latest number counts: revisions are small, so a number once
    printed stays known when a later release hides it, unless the later release's own "." excludes
    it. Population and unmet of every row are counts of the system even where they are not printed,
    and so are the numbers that a category with an open end ("4+") joins, and the persons not in a row's split.

    Args:
        figures: a figure table; may hold several vintages.
        discretion: what "." says, for all figures or by their provenance.
        failing: relations that are not relied on.
    """
    rules = dict.fromkeys(SOURCES, discretion) if isinstance(discretion, Discretion) else discretion
    figures = figures.filter(is_counted())
    cells: dict[Cell, int] = {}
    bounds: list[tuple[int, int]] = []

    def number_of(cell: Cell) -> int:
        if cell not in cells:
            cells[cell] = len(bounds)
            bounds.append((0, MOST))
        return cells[cell]

    hidden = _hidden_bounds(figures, rules)
    shares: dict[Cell, tuple[float | None, bool]] = {}
    measured: set[Row] = set()
    columns = [*CELL, "value", "status", "provenance", "release"]
    for *key, value, status, provenance, release in (
        figures.sort("published", maintain_order=True).select(columns).iter_rows()
    ):
        cell: Cell = tuple(key)
        if provenance == "register":
            measured.add((cell[0], *cell[2:6], cell[7]))
        if cell[1] == "share":
            rule = rules[provenance]
            if value is not None or cell not in shares:
                zero = status == "suppressed" and rule.empty_share_is_zero
                shares[cell] = (value, zero)
        elif cell[1] in _COUNTS and status != "not_available":
            i = number_of(cell)
            low, high = (
                (int(value), int(value)) if value is not None else hidden[provenance, release]
            )
            known = bounds[i]
            if value is not None or not low <= known[0] == known[1] <= high:
                bounds[i] = (low, high)
    for row in dict.fromkeys(_beside(cell, "population") for cell in [*cells, *shares]):
        number_of(row)
        if MEASURES[row[0]].event:
            number_of(_beside(row, "unmet"))
    for cell in list(cells):
        for category in ranges(cell[0]).get(cell[6], ()):
            number_of((*cell[:6], category, cell[7]))
    for cell in list(rests(cells, measured)):
        number_of(cell)
    names = list(cells)
    found = [
        one for one in relations(cells, measured) if (names[one.whole][0], one.kind) not in failing
    ]
    for cell, (value, zero) in shares.items():
        unmet = cells[_beside(cell, "unmet")]
        if value is not None:
            found += share_relation(value, unmet, cells[_beside(cell, "population")])
        elif zero:
            found.append(Relation("empty_share", unmet, ((1, unmet),)))
    limits = np.array(bounds, dtype=np.int64).reshape(-1, 2)
    return System(names, cells, limits[:, 0].copy(), limits[:, 1].copy(), found, measured)


def _beside(cell: Cell, statistic: str) -> Cell:
    """The count of another statistic in the same row."""
    measure, _, kind, area, grp, visitation, _, month = cell
    return (measure, statistic, kind, area, grp, visitation, "", month)


def _hidden_bounds(
    figures: pl.DataFrame, rules: Mapping[str, Discretion]
) -> dict[tuple[str, str], tuple[int, int]]:
    """What a hidden count can be, by provenance and release."""
    counts = figures.filter(pl.col("statistic").is_in(_COUNTS))
    bounds = {}
    for provenance, release, seen in (
        counts.group_by("provenance", "release", maintain_order=True)
        .agg((pl.col("status") == "zero").any())
        .iter_rows()
    ):
        rule = rules[provenance]
        shown = rule.zeros == "shown" or (rule.zeros == "seen" and seen)
        bounds[provenance, release] = (int(shown), MOST if rule.larger else rule.smallest - 1)
    return bounds


def sound(found: System, exact: System | None = None) -> tuple[System, list[Relation]]:
    """The system without relations that cannot hold, and those relations.

    Published tables contain damage (rows that slipped, totals of rows that are missing), registers are
    measured by definitions of one's own, and persons are exempted. A protected release says which kinds
    of relations do not hold in it. So of each the one that fails by the most stays in as one that fails:
    whatever else could be true, fails there too.

    Args:
        found: a system.
        exact: the system of the exact figures; None where they are not known. Two measures then count
            the same persons only in areas and months in which no populations are seen to differ (in
            tables of others, which do not say what fails: in which some are seen that do not), and
            that is given up first where something cannot hold.
    """
    if not found.relations:
        return found, []
    at = found if exact is None else exact
    place = np.array([at.index.get(cell, -1) for cell in found.cells], dtype=np.int64)
    counts = np.append(at.low, 0)[place]
    known = counts == np.append(at.high, 1)[place]
    values = found.matrix.values(np.where(known, counts, 0))
    told = np.logical_and.reduceat(known[found.matrix.columns], found.matrix.starts[:-1])
    by = np.maximum(found.matrix.low - values, values - found.matrix.high)
    wrong = np.flatnonzero(told & (by > 0)).tolist()
    gone = set(wrong)
    if exact is None:
        same = [i for i, one in enumerate(found.relations) if one.kind == "same"]
        alike = {_whose(found, i) for i in same if told[i] or _measured(found, i)}
        alike -= {_whose(found, i) for i in set(same) & gone}
        gone |= {i for i in same if _whose(found, i) not in alike}
    broken = [found.relations[i] for i in wrong]
    worst: dict[tuple[str, str], int] = {}
    for i in sorted(wrong, key=lambda i: int(by[i])):
        worst[found.cells[found.relations[i].whole][0], found.relations[i].kind] = i
    kept = found.without(gone)
    kept.relations += [found.relations[i].denied(int(values[i])) for i in worst.values()]
    while True:
        try:
            narrowed(kept.matrix, kept.low, kept.high)
        except ContradictionError as error:
            rows = error.rows.tolist()
            if exact is None:
                there = {_whose(kept, i) for i in rows}
                rows = [
                    i
                    for i, one in enumerate(kept.relations)
                    if one.kind == "same" and _whose(kept, i) in there
                ] or rows
            broken += [kept.relations[i] for i in rows]
            kept = kept.without(rows)
        else:
            return kept, broken


def _measured(found: System, i: int) -> bool:
    """Whether a relation is about a row measured from a register."""
    measure, _, *row, _, month = found.cells[found.relations[i].whole]
    return (measure, *row, month) in found.measured


def _whose(found: System, i: int) -> tuple[str, str, str, dt.date]:
    """Family of measures, area and month of a relation."""
    measure, _, kind, area, *_, month = found.cells[found.relations[i].whole]
    return FAMILY.get(measure, measure), kind, area, month


def completed(found: System) -> Whole:
    """The counts of a table; where one is not known, one that fits.

    Raises:
        InputError: the figures contradict each other.
    """
    try:
        low, high = narrowed(found.matrix, found.low, found.high)
        counts = low.copy()
        for part in components(found.matrix.free(low, high)):
            program = Program(part, low, high)
            answer = program.least_whole(np.ones(program.size))
            if answer is None or not answer.whole:
                raise ContradictionError(part.relations)
            counts[program.columns] = answer.counts
    except ContradictionError as error:
        cell = found.cells[found.relations[int(error.rows[0])].whole]
        raise InputError(
            f"the figures contradict each other about {cell[0]} {cell[1]}, {cell[3]}, {cell[4]}, "
            f"{cell[7]:%Y-%m}; correct the release first"
        ) from None
    return counts
