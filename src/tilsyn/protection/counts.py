"""The counts of one table, by measure, place and row, as arrays the search takes."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tilsyn.protection.relations import REST, WEIGHTS, Cell
from tilsyn.protection.suppression import OPEN, required, together
from tilsyn.vocabulary import AREA_KINDS, GROUPS, MEASURES, MUNICIPALITIES, TOTAL, VISITATION

Whole = NDArray[np.int64]
Marks = NDArray[np.bool_]
Place = tuple[str, str]
"""Area kind and area."""

RowOf = tuple[str, str]
"""Group and visitation."""

Blocks = tuple[Whole, Whole]
"""Of each place and of each row, the number of those it asks with."""

ROW = ("measure", "area_kind", "area", "grp", "visitation")
CHANCE = (0.04, 0.02, 0.01)
"""Of rows that need not be hidden for their own sake, how many are all the same: by depth."""

TOGETHER = (3, 2)
"""So many places, and rows, ask as one at the least, where there are so many of a kind."""


@dataclass(frozen=True)
class Frame:
    """Which counts a table has, whatever they are.

    Attributes:
        measures, places, rows: what the arrays' first three sides stand for.
        month: the table's.
        categories: of each measure.
        exists: measure × place × row, whether it is in the table or beside it.
    """

    measures: tuple[str, ...]
    places: tuple[Place, ...]
    rows: tuple[RowOf, ...]
    month: dt.date
    categories: tuple[tuple[str, ...], ...]
    exists: Marks

    @cached_property
    def size(self) -> int:
        """The most categories a measure has."""
        return max((len(one) for one in self.categories), default=1) or 1

    @cached_property
    def shape(self) -> tuple[Any, ...]:
        """The ways up of places, who carries persons, the ways up of rows, whose each place is."""
        members = [_members(*place) for place in self.places]
        rank = [
            AREA_KINDS.index(kind) if kind in AREA_KINDS else len(AREA_KINDS)
            for kind, _ in self.places
        ]
        above = [
            [
                j
                for j, wide in enumerate(members)
                if j != i and own <= wide and (own != wide or rank[j] > rank[i])
            ]
            for i, own in enumerate(members)
        ]
        carrier = np.ones(len(self.places), dtype=np.bool_)
        for places in above:
            carrier[places] = False
        insider = [i if kind == "municipality" else -1 for i, (kind, _) in enumerate(self.places)]
        for i, own in enumerate(members):
            if insider[i] < 0 and len(own) == 1:
                insider[i] = next(
                    (j for j in range(len(members)) if members[j] == own and insider[j] >= 0), -1
                )
        index = {row: i for i, row in enumerate(self.rows)}
        ways = [
            [index[one] for one in dict.fromkeys(_up(*row)) if one in index] for row in self.rows
        ]
        return (
            _padded([[i, *places] for i, places in enumerate(above)]),
            carrier,
            _padded(ways),
            np.array(insider, dtype=np.int64),
        )

    @cached_property
    def leaf(self) -> Marks:
        """The rows of which no other of the table is a part."""
        leaf = self.exists.copy()
        for i, (grp, visitation) in enumerate(self.rows):
            inside = [
                j for j, (g, v) in enumerate(self.rows) if j != i and (grp, visitation) in _up(g, v)
            ]
            leaf[:, :, i] &= ~self.exists[:, :, inside].any(axis=2)
        return leaf

    @cached_property
    def rules(self) -> tuple[Whole, Marks]:
        """How deep a row is hidden that hides a category, and which types of persons a row has."""
        size = self.size
        depth = np.full((len(self.measures), len(self.rows), size + 1), 1, dtype=np.int64)
        depth[:, :, size] = 0
        allowed = np.zeros((len(self.measures), len(self.rows), size + 1, 2), dtype=np.bool_)
        for (k, code), (i, (grp, _)) in product(enumerate(self.measures), enumerate(self.rows)):
            names = self.categories[k]
            rule = MEASURES[code].unmet_numbers(grp, self.month) if MEASURES[code].event else None
            allowed[k, i, size] = True
            for c, name in enumerate(names):
                if rule is None:
                    allowed[k, i, c] = (True, bool(MEASURES[code].event))
                elif rule.equals:
                    allowed[k, i, c, int(name in rule.equals)] = True
                elif rule.at_most:
                    allowed[k, i, c] = (True, name in rule.at_most)
                else:
                    allowed[k, i, c] = (name not in rule.at_least, True)
            if rule is not None and rule.equals:
                # The only one below, or above, is the unmet, or the others.
                for side in (0, 1):
                    (alone,) = np.nonzero(allowed[k, i, : len(names), side])
                    if len(alone) == 1:
                        depth[k, i, alone] = 2
            elif rule is not None and rule.at_most:
                depth[k, i, size] = 1 + names.index(rule.at_most[0])
        return depth, allowed

    def cells(self, index: Mapping[Cell, int]) -> Iterator[tuple[tuple[int, int, int, int], int]]:
        """The counts of a system, each as measure, place, row and target; and its number there."""
        for k, a, i in np.argwhere(self.exists).tolist():
            told = self.measures[k], *self.places[a], *self.rows[i]
            names = self.categories[k]
            for target, (statistic, category) in enumerate(
                [*(("persons", name) for name in names), ("unmet", ""), ("population", "")]
            ):
                measure, kind, area, grp, visitation = told
                at = index.get(
                    (measure, statistic, kind, area, grp, visitation, category, self.month)
                )
                if at is not None:
                    past = target if target < len(names) else self.size + 1 + target - len(names)
                    yield (k, a, i, past), at


@dataclass(frozen=True)
class Counts:
    """The numbers: -1 where there is none.

    Attributes:
        persons: measure × place × row × category.
        unmet, population: measure × place × row.
    """

    frame: Frame
    persons: Whole
    unmet: Whole
    population: Whole

    def tables(self, smallest: int, zeros: bool, blocks: Blocks | None = None) -> tuple[Any, ...]:
        """What the search takes; without `blocks` every row asks by itself."""
        frame = self.frame
        depth, allowed = frame.rules
        lasting = depth[:, :, frame.size]
        saved = np.full_like(self.unmet, -1)
        for k, i in zip(*np.nonzero(lasting), strict=True):
            below = self.persons[k, :, i, lasting[k, i] - 1]
            known = (below >= 0) & (self.unmet[k, :, i] >= 0)
            saved[k, :, i] = np.where(known, below - self.unmet[k, :, i], -1)
        need = np.zeros(frame.exists.shape, dtype=np.int64)
        for k, a, i in np.argwhere(frame.exists).tolist():
            if frame.rows[i][1] != REST:
                need[k, a, i] = required(
                    self.persons[k, a, i], self.unmet[k, a, i], self.population[k, a, i],
                    saved[k, a, i], depth[k, i, : frame.size], smallest, zeros,
                )  # fmt: skip
        within = np.array([bool(v) for _, v in frame.rows])
        types, open_ = self._types(allowed)
        return (
            frame.exists,
            self.persons,
            self.unmet,
            self.population,
            saved,
            types.reshape(*types.shape[:3], -1),
            open_.reshape(*open_.shape[:2], -1),
            frame.leaf,
            need,
            depth,
            within,
            smallest,
            zeros,
            frame.exists.any(axis=1),
            *(together(need, *blocks) if blocks else (need, np.zeros_like(need))),
        )

    def _types(self, allowed: Marks) -> tuple[Whole, Marks]:
        """Persons by category and whether they are unmet, and which of these there can be."""
        size = self.frame.size
        allowed = allowed.copy()
        found = np.zeros((*self.unmet.shape, size + 1, 2), dtype=np.int64)
        left = np.maximum(self.unmet, 0)
        rest = np.where(self.population >= 0, self.population, OPEN)
        # First those who must be unmet, then those who may be.
        must: Marks = allowed[..., 1] & ~allowed[..., 0]
        may: Marks = allowed[..., 1] & allowed[..., 0]
        for first in (must, may):
            for c in range(size):
                here = np.where(first[:, np.newaxis, :, c], np.maximum(self.persons[..., c], 0), 0)
                taken = here if first is must else np.minimum(here, left)
                found[..., c, 1] += taken
                found[..., c, 0] += here - taken
                left = np.maximum(left - taken, 0)
        for c in range(size):
            never: Marks = np.expand_dims(allowed[..., c, 0] & ~allowed[..., c, 1], 1)
            found[..., c, 0] += np.where(never, np.maximum(self.persons[..., c], 0), 0)
        absent = np.zeros(self.unmet.shape, dtype=np.bool_)
        for k, names in enumerate(self.frame.categories):
            absent[k] = (self.persons[k, :, :, : len(names)] < 0).any(axis=2)
        counted = np.maximum(self.persons, 0).sum(axis=3)
        rest = np.where(absent, np.maximum(rest - counted, 0), 0)
        below = np.where(self.unmet >= 0, np.minimum(left, rest), 0)
        found[..., size, 1] = np.where(self.population < 0, np.where(absent, left, 0), below)
        found[..., size, 0] = np.maximum(rest - below, 0)
        allowed[:, :, size] &= np.expand_dims(absent.any(axis=1), 2)
        without = np.expand_dims((self.unmet < 0).all(axis=1), 2)
        allowed[..., 1] &= ~(without & allowed[..., 0])
        return found, allowed


def counted(ours: pl.DataFrame, others: pl.DataFrame) -> tuple[Counts, Whole, Marks]:
    """The counts of one family of measures and month, ours and those known beside them.

    Args:
        ours: figures, one vintage a cell.
        others: what others know of the same table.

    Returns:
        The counts; how deep others saw each row hidden (0 where it was not); and which rows cannot move
        at each depth, because others know a count of them: measure × depth × place × row.
    """
    figures = pl.concat([others.with_columns(_ours=False), ours.with_columns(_ours=True)])
    measures = tuple(code for code in MEASURES.codes if code in set(figures["measure"]))
    rows = set(figures.select("grp", "visitation").iter_rows())
    rows |= {
        (grp, REST)
        for grp, visitation in rows
        if visitation and not (grp in GROUPS and GROUPS[grp].without_category) and grp != TOTAL.code
    }
    found = Frame(
        measures,
        tuple(sorted({*figures.select("area_kind", "area").iter_rows()}, key=_rank)),
        tuple(sorted(rows)),
        figures["month"][0],
        tuple(tuple(MEASURES[code].categories) for code in measures),
        np.zeros((len(measures), 0, 0), dtype=np.bool_),
    )
    sides = (len(found.measures), len(found.places), len(found.rows))
    exists = np.zeros(sides, dtype=np.bool_)
    persons = np.full((*sides, found.size), -1, dtype=np.int64)
    unmet, population = np.full(sides, -1, np.int64), np.full(sides, -1, np.int64)
    depth = np.zeros(sides, dtype=np.int64)
    fixed = np.zeros((sides[0], 3, *sides[1:]), dtype=np.bool_)
    place = {one: i for i, one in enumerate(found.places)}
    row = {one: i for i, one in enumerate(found.rows)}
    number = {code: k for k, code in enumerate(measures)}
    names = [{name: c for c, name in enumerate(one)} for one in found.categories]
    rules = found.rules[0]
    shares: list[tuple[int, int, int, float]] = []
    columns = [*ROW, "statistic", "category", "value", "status", "_ours"]
    for (
        measure,
        kind,
        area,
        grp,
        visitation,
        statistic,
        category,
        value,
        status,
        own,
    ) in figures.select(columns).iter_rows():
        k, a, i = number[measure], place[kind, area], row[grp, visitation]
        exists[k, a, i] = True
        if statistic == "share":
            if own and value is not None:
                shares.append((k, a, i, value))
            if not own and status == "suppressed":
                depth[k, a, i] = max(depth[k, a, i], 2)
            continue
        if statistic == "persons":
            c = names[k].get(category)
            if c is None:
                fixed[k, :, a, i] |= not own
                continue
            where, level = persons[k, a, i, c : c + 1], int(rules[k, i, c])
        elif statistic == "unmet":
            where, level = unmet[k, a, i : i + 1], 2
        else:
            where, level = population[k, a, i : i + 1], 3
        if value is not None:
            # Known where others were told this very number.
            fixed[k, level - 1 :, a, i] |= own and bool(where[0] == int(value))
            where[0] = int(value)
        elif status == "suppressed":
            depth[k, a, i] = max(depth[k, a, i], level)
    for k, a, i, value in shares:
        if unmet[k, a, i] < 0 and population[k, a, i] >= 0:
            unmet[k, a, i] = round(value * population[k, a, i] / 100)
    told = others.join(ours, on=[*ROW, "statistic", "category"], how="anti")
    for measure, kind, area, grp, visitation in (
        told.filter(pl.col("value").is_not_null()).select(ROW).iter_rows()
    ):
        fixed[number[measure], :, place[kind, area], row[grp, visitation]] = True
    _rests(found, exists, persons, unmet, population)
    frame = Frame(found.measures, found.places, found.rows, found.month, found.categories, exists)
    return Counts(frame, persons, unmet, population), depth, fixed


def _rests(frame: Frame, exists: Marks, persons: Whole, unmet: Whole, population: Whole) -> None:
    """The persons of each row who are not in its split."""
    for i, (grp, visitation) in enumerate(frame.rows):
        if visitation != REST:
            continue
        parts = [j for j, (g, v) in enumerate(frame.rows) if g == grp and v not in ("", REST)]
        if (grp, "") not in frame.rows:
            continue
        whole = frame.rows.index((grp, ""))
        exists[:, :, i] = exists[:, :, parts].any(axis=2) & exists[:, :, whole]
        for counts in (persons, unmet, population):
            sums = np.maximum(counts[:, :, parts], 0).sum(axis=2)
            there = counts[:, :, whole] >= 0
            counts[:, :, i] = np.where(there, np.maximum(counts[:, :, whole] - sums, 0), -1)


def shown_depth(shown: pl.DataFrame, frame: Frame) -> Whole:
    """How deep each row of a table is hidden, at the least: where some of a depth is shown, none is."""
    depth = np.full(frame.exists.shape, 3, dtype=np.int64)
    depth[~frame.exists] = 0
    place = {one: i for i, one in enumerate(frame.places)}
    row = {one: i for i, one in enumerate(frame.rows)}
    number = {code: k for k, code in enumerate(frame.measures)}
    level = {"population": 3, "unmet": 2, "share": 2}
    told = shown.filter(pl.col("value").is_not_null())
    for measure, kind, area, grp, visitation, statistic, category in told.select(
        *ROW, "statistic", "category"
    ).iter_rows():
        k, a, i = number[measure], place[kind, area], row[grp, visitation]
        deep = level.get(statistic, 0)
        if not deep:
            names = frame.categories[k]
            deep = int(frame.rules[0][k, i, names.index(category)]) if category in names else 1
        depth[k, a, i] = min(depth[k, a, i], deep - 1)
    return depth


def chances(frame: Frame, key: bytes, family: str) -> tuple[Any, Whole, Whole, Blocks]:
    """What the key decides: what hiding costs, the rows hidden by chance, the order, and who asks together.

    Args:
        frame: the table.
        key: the installation's.
        family: the table's first measure; with the month it says which table it is.
    """
    told = f"tilsyn: suppression {family} {frame.month:%Y-%m}".encode()
    seed = int.from_bytes(hmac.digest(key, told, "sha256"), "big")
    random = np.random.default_rng(seed)
    # Drawn for every row there could be, so that a row's do not hang on which others there are.
    rows = [
        (grp, visitation)
        for grp in (*GROUPS.codes, TOTAL.code)
        for visitation in ("", *VISITATION.codes)
    ]
    row = {one: i for i, one in enumerate(rows)}
    places = [
        (kind, area)
        for kind in AREA_KINDS
        for area in sorted({m.area(kind) for m in MUNICIPALITIES})
    ]
    place = {one: i for i, one in enumerate(places)}
    drawn = random.random((6, len(frame.measures), len(places) + 1, len(rows) + 1))
    at = np.array([place.get(one, len(places)) for one in frame.places])
    of = np.array([row.get(one, len(rows)) for one in frame.rows])
    drawn = drawn[:, :, at][:, :, :, of]
    area = np.array([WEIGHTS["area"].get(kind, 1) for kind, _ in frame.places])
    total = WEIGHTS["row"]["total"]
    group = np.array(
        [
            (total if grp == TOTAL.code else WEIGHTS["row"]["group"])
            * WEIGHTS["split"]["visitation" if visitation else "none"]
            for grp, visitation in frame.rows
        ]
    )
    statistic = [WEIGHTS["statistic"][name] for name in ("persons", "unmet", "population")]
    cost = np.empty((len(frame.measures), 3, len(frame.places), len(frame.rows)))
    for k, names in enumerate(frame.categories):
        for level in range(3):
            many = len(names) if level == 0 else 1
            cost[k, level] = many * statistic[level] * np.outer(area, group)
            cost[k, level] *= 0.5 + drawn[level, k]
    rest = np.array([visitation == REST for _, visitation in frame.rows])
    cost[..., rest] = 0
    decoy = np.zeros(frame.exists.shape, dtype=np.int64)
    for level, chance in enumerate(CHANCE, start=1):
        decoy[(drawn[3] < chance) & frame.exists] = level
    decoy[..., rest] = 0
    order = np.argwhere(frame.exists & ~rest)
    by = drawn[4][tuple(order.T)]
    blocks = _blocks(frame, drawn[5, 0, :, 0], drawn[5, 0, 0])
    return cost, decoy, order[np.argsort(by, kind="stable")], blocks


def _blocks(frame: Frame, places: Any, rows: Any) -> Blocks:
    """Places of one kind in the same areas, and rows of which no other is a part, dealt into blocks as drawn."""
    above = frame.shape[0]
    kinds = [
        (kind, *sorted(set(above[i].tolist()) - {i})) for i, (kind, _) in enumerate(frame.places)
    ]
    rest = np.array([visitation == REST for _, visitation in frame.rows])
    parts = frame.leaf.any(axis=(0, 1)) & ~rest
    # Of two parts each tells the other beside their sum, so that the sum asks with them.
    with_sums = parts.sum() <= 2
    alone = [
        "" if parts[i] or (with_sums and not rest[i]) else str(i) for i in range(len(frame.rows))
    ]
    return _dealt(kinds, places, TOGETHER[0]), _dealt(
        alone, rows, len(alone) if with_sums else TOGETHER[1]
    )


def _dealt(kinds: Sequence[object], drawn: Any, least: int) -> Whole:
    """Of each, the number of its block: those of one kind, in the order drawn, as many as `least` or a few more."""
    block = np.zeros(len(kinds), dtype=np.int64)
    many = 0
    for kind in dict.fromkeys(kinds):
        of = np.array([i for i, one in enumerate(kinds) if one == kind])
        for dealt in np.array_split(
            of[np.argsort(drawn[of], kind="stable")], max(1, len(of) // least)
        ):
            block[dealt] = many
            many += 1
    return block


def _up(grp: str, visitation: str) -> Sequence[RowOf]:
    """The rows a row is a part of, itself among them."""
    if visitation == REST:
        return (grp, REST), (grp, ""), (TOTAL.code, "")
    return (grp, visitation), (grp, ""), (TOTAL.code, visitation), (TOTAL.code, "")


def _members(kind: str, area: str) -> frozenset[str]:
    inside = frozenset(one.code for one in MUNICIPALITIES if one.area(kind) == area)
    return inside or frozenset([f"{kind} {area}"])


def _rank(place: Place) -> tuple[int, str]:
    kind, area = place
    return (AREA_KINDS.index(kind) if kind in AREA_KINDS else len(AREA_KINDS)), area


def _padded(ways: list[list[int]]) -> Whole:
    table = np.full((len(ways), max(map(len, ways), default=1)), -1, dtype=np.int64)
    for i, way in enumerate(ways):
        table[i, : len(way)] = way
    return table
