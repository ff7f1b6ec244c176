"""What holds between counts published together, as linear relations; what hiding a cell costs, as data.

Nothing holds by arithmetic between months: a person is counted anew each month. Two measures that ask
of the same persons have the same populations where nobody is exempted; `same` says which do. The split
of a group by visitation adds up to the group where the group has a category for those without one
(`BenefitGroup.without_category`); in other rows the persons not in the split are a row of their own,
`REST`, that is never shown.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import repeat

import polars as pl

from tilsyn.figures.anomalies.sheets import expected_groups
from tilsyn.records import Record, build
from tilsyn.vocabulary import GROUPS, MEASURES, MUNICIPALITIES, TOTAL, ranges

Cell = tuple[str, str, str, str, str, str, str, dt.date]
"""Measure, statistic, area kind, area, group, visitation, category, month."""

Row = tuple[str, str, str, str, str, dt.date]
"""Measure, area kind, area, group, visitation, month."""

NO_LIMIT = 10**18
"""Stands for a side of a relation that is open."""

REST = "-"
"""The visitation of the persons of a row who are not in its split."""


@dataclass(frozen=True, slots=True)
class Relation:
    """``low <= sum(coefficient * count) <= high`` over whole counts.

    Attributes:
        kind: "population", "number", "limit", "range", "total", "visitation", "area", "same" or "share".
        whole: index of the count the relation is about (the sum, or the share's count).
        terms: pairs of coefficient and index.
        share: the printed share in per cent, where the relation comes from one.
    """

    kind: str
    whole: int
    terms: tuple[tuple[int, int], ...]
    low: int = 0
    high: int = 0
    share: float | None = None

    @property
    def equation(self) -> bool:
        """Whether both sides are equal."""
        return self.low == self.high

    def denied(self, value: int) -> Relation:
        """That it does not hold, on the side on which its sum of `value` lies outside."""
        if value < self.low:
            return replace(self, low=-NO_LIMIT, high=self.low - 1)
        return replace(self, low=self.high + 1, high=NO_LIMIT)


class Same(Record):
    """Measures that count the same persons where nobody is exempted; see ``relations.toml``."""

    measures: tuple[str, ...]


class _File(Record):
    withheld: tuple[str, ...]
    same: tuple[Same, ...]
    weight: dict[str, dict[str, int]]


_FILE = "relations.toml"
_DATA = build(
    _File,
    tomllib.loads(files(__package__).joinpath(_FILE).read_text(encoding="utf-8")),
    file=_FILE,
)
WEIGHTS: Mapping[str, Mapping[str, int]] = _DATA.weight
WITHHELD = frozenset(_DATA.withheld)
"""Measures whose figures from a register are not shown to others."""
FAMILY: Mapping[str, str] = {code: one.measures[0] for one in _DATA.same for code in one.measures}
"""Of measures between which something follows, the first; a measure by itself is not there."""


def families() -> list[tuple[str, ...]]:
    """The measures, those together between which something follows."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in MEASURES.codes:
        found[FAMILY.get(code, code)].append(code)
    return [tuple(family) for family in found.values()]


def is_counted() -> pl.Expr:
    """Whether figures are counts of persons, or shares of them (the result goal's are not)."""
    return pl.col("measure").is_in([m.code for m in MEASURES if m.categories])


def relations(cells: Mapping[Cell, int], measured: Collection[Row] = ()) -> Iterator[Relation]:
    """Every relation between these counts.

    Args:
        cells: the index of each count, published or not; a row holds its population and, where the
            measure has one, its unmet; with a category that joins others, those; beside a split
            that need not add up, its `REST`.
        measured: the rows measured from a register: who has no row beside them, has nobody.
    """
    rows = rows_of(cells)
    yield from _within_rows(rows)
    yield from _over_groups(rows, measured)
    yield from _over_visitation(rows)
    yield from _over_areas({row: of for row, of in rows.items() if row[4] != REST})
    yield from _same(rows)


def rows_of(cells: Mapping[Cell, int]) -> dict[Row, dict[tuple[str, str], int]]:
    """The counts by row, and there by statistic and category."""
    rows: dict[Row, dict[tuple[str, str], int]] = defaultdict(dict)
    for (measure, statistic, kind, area, grp, visitation, category, month), i in cells.items():
        rows[measure, kind, area, grp, visitation, month][statistic, category] = i
    return rows


def rests(cells: Mapping[Cell, int], measured: Collection[Row]) -> Iterator[Cell]:
    """The counts of the persons who are not in the split of their row.

    A group's split adds up where the group has a category for those without one; a single row of a
    published one may be an extract.
    """
    rows = rows_of(cells)
    for key, parts in _splits(rows).items():
        measure, kind, area, grp, _, month = key
        names = grp in GROUPS and GROUPS[grp].without_category
        if not (names and (len(parts) > 1 or key in measured)):
            for statistic, category in rows.get(key, ()):
                yield (measure, statistic, kind, area, grp, REST, category, month)


_Rows = Mapping[Row, Mapping[tuple[str, str], int]]


def _sum(kind: str, whole: int, parts: Iterable[int], *, complete: bool) -> Iterator[Relation]:
    """The parts add up to the whole; to less where some parts are not there."""
    terms = (*zip(repeat(1), parts, strict=False), (-1, whole))
    if len(terms) > 1:
        yield Relation(kind, whole, terms, low=0 if complete else -NO_LIMIT)


def _within_rows(rows: _Rows) -> Iterator[Relation]:
    for (measure, _, _, grp, _, month), row in rows.items():
        population, unmet = row["population", ""], row.get(("unmet", ""))
        if unmet is not None:
            yield Relation("limit", unmet, ((1, unmet), (-1, population)), low=-NO_LIMIT)
        if not any(statistic == "persons" for statistic, _ in row):
            continue
        persons = {c: row.get(("persons", c)) for c in MEASURES[measure].categories}
        there = [i for i in persons.values() if i is not None]
        yield from _sum("population", population, there, complete=len(there) == len(persons))
        for (_, category), whole in row.items():
            parts = [row["persons", c] for c in ranges(measure).get(category, ())]
            yield from _sum("range", whole, parts, complete=True)
        number = MEASURES[measure].unmet_numbers(grp, month)
        if unmet is None or number is None:
            continue
        for categories, low, high in (
            (number.equals, 0, 0),
            (number.at_most, 0, NO_LIMIT),
            (number.at_least, -NO_LIMIT, 0),
        ):
            parts = [i for c in categories if (i := persons[c]) is not None]
            if not parts:
                continue
            if len(parts) < len(categories):
                # What is not there can only add to the sum.
                if high == NO_LIMIT:
                    continue
                low = -NO_LIMIT
            terms = (*((1, part) for part in parts), (-1, unmet))
            yield Relation("number", unmet, terms, low, high)


def _over_groups(rows: _Rows, measured: Collection[Row]) -> Iterator[Relation]:
    for key, row in rows.items():
        measure, kind, area, grp, visitation, month = key
        if grp != TOTAL.code or visitation == REST:
            continue
        groups = expected_groups(measure, month)
        others = [rows.get((measure, kind, area, g, visitation, month)) for g in groups]
        if key in measured:
            others = [other for other in others if other is not None]
        for place, whole in row.items():
            parts = [other[place] for other in others if other and place in other]
            yield from _sum("total", whole, parts, complete=len(parts) == len(others))


def _splits(rows: _Rows) -> Mapping[Row, list[Mapping[tuple[str, str], int]]]:
    """The rows by visitation, under the row that they split."""
    split: dict[Row, list[Mapping[tuple[str, str], int]]] = defaultdict(list)
    for (measure, kind, area, grp, visitation, month), row in rows.items():
        if visitation:
            split[measure, kind, area, grp, "", month].append(row)
    return split


def _over_visitation(rows: _Rows) -> Iterator[Relation]:
    for key, parts_of in _splits(rows).items():
        for place, whole in rows.get(key, {}).items():
            parts = [row[place] for row in parts_of if place in row]
            yield from _sum("visitation", whole, parts, complete=len(parts) == len(parts_of))


def _same(rows: _Rows) -> Iterator[Relation]:
    for (measure, kind, area, grp, visitation, month), row in rows.items():
        first = FAMILY.get(measure, measure)
        other = rows.get((first, kind, area, grp, visitation, month))
        if other is None or first == measure or visitation == REST:
            continue
        groups = [expected_groups(one, month) for one in (first, measure)]
        if groups[0] == groups[1] or grp != TOTAL.code:
            terms = (1, other["population", ""]), (-1, row["population", ""])
            yield Relation("same", row["population", ""], terms)


def _over_areas(rows: _Rows) -> Iterator[Relation]:
    shown = {area for _, kind, area, *_ in rows if kind == "municipality"}
    members: dict[tuple[str, str], frozenset[str]] = {}
    for kind in ("rar", "amk", "region", "country"):
        for one in MUNICIPALITIES:
            place = (kind, one.area(kind))
            members[place] = members.get(place, frozenset()) | {one.code}
    for (measure, kind, area, grp, visitation, month), row in rows.items():
        inside = members.get((kind, area))
        if inside is None:
            continue
        there = inside & shown
        found = [
            rows.get((measure, "municipality", m, grp, visitation, month)) for m in sorted(there)
        ]
        # A municipality shown elsewhere has nobody where it has no row.
        others = [other for other in found if other is not None]
        for place, whole in row.items():
            parts = [other[place] for other in others if place in other]
            known = len(parts) == len(others)
            yield from _sum("area", whole, parts, complete=known and there == inside)
        if kind == "country" and there != inside:
            yield from _country(rows, (measure, grp, visitation, month), row, members)


def _country(
    rows: _Rows,
    table: tuple[str, str, str, dt.date],
    row: Mapping[tuple[str, str], int],
    members: Mapping[tuple[str, str], frozenset[str]],
) -> Iterator[Relation]:
    """The country as the sum of areas, where municipalities do not give it."""
    measure, grp, visitation, month = table
    for kind in ("rar", "amk", "region"):
        areas = sorted(area for k, area in members if k == kind)
        others = [rows.get((measure, kind, a, grp, visitation, month), {}) for a in areas]
        for place, whole in row.items():
            parts = [other[place] for other in others if place in other]
            yield from _sum("area", whole, parts, complete=len(parts) == len(areas))


def share_relation(share: float, unmet: int, population: int) -> tuple[Relation, Relation]:
    """What a printed share says of its counts: rounded half up to one decimal (or as precise as it is).

    Args:
        share: per cent.
        unmet: index of the count above the line.
        population: index of the count below it.
    """
    places = 1 if abs(share * 10 - round(share * 10)) < 1e-9 else 6
    unit = 10**places
    printed = round(share * unit)
    doubled = 200 * unit
    return (
        Relation(
            "share", unmet, ((doubled, unmet), (1 - 2 * printed, population)), 0, NO_LIMIT, share
        ),
        Relation(
            "share", unmet, ((doubled, unmet), (-1 - 2 * printed, population)), -NO_LIMIT, -1, share
        ),
    )
