"""From counts to the figure table: sums over groups, visitation and areas, and the rows there are.

The table is made block by block, one measure and statistic at a time, in the figure table's own
order: a country's ten years are ten million rows, and only one block is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from tilsyn.figures.table import SCHEMA
from tilsyn.measures.plan import Plan
from tilsyn.register.coding import GROUP_CODES, VISITATION_CODES
from tilsyn.vocabulary import AREA_KINDS, COUNT_OF_SHARE, GROUPS, MUNICIPALITIES, TOTAL

ROWS_OF_GROUPS = (TOTAL.code, *GROUP_CODES)
"""The group axis of sums, in the figure table's order."""

_STATUS = ("value", "zero", "not_available")


@dataclass(frozen=True)
class Counts:
    """What was counted.

    Attributes:
        values: municipality x group x visitation (flat), counter, month: persons. Those without a
            visitation category are moved, in place, to where their group has them in the split.
    """

    plan: Plan
    values: Any

    def __post_init__(self) -> None:
        shape = (-1, len(GROUP_CODES), len(VISITATION_CODES), *self.values.shape[1:])
        cells = self.values.reshape(shape)
        for grp, code in enumerate(GROUP_CODES):
            if named := GROUPS[code].without_category:
                cells[:, grp, VISITATION_CODES.index(named)] += cells[:, grp, 0]
                cells[:, grp, 0] = 0


@dataclass(frozen=True)
class _Areas:
    kinds: tuple[str, ...]
    codes: tuple[str, ...]
    members: tuple[tuple[int, ...], ...]


def _areas(plan: Plan) -> _Areas:
    """Every area with a municipality in it whose municipalities are all covered, in the figure
    table's order.
    """
    partial = {
        (kind, one.area(kind))
        for one in MUNICIPALITIES
        for kind in AREA_KINDS
        if int(one.code) not in plan.covers
    }
    members: dict[tuple[str, str], list[int]] = {}
    for index, code in enumerate(plan.municipalities):
        for kind in AREA_KINDS:
            area = MUNICIPALITIES[f"{code:03d}"].area(kind)
            members.setdefault((kind, area), []).append(index)
    ordered = sorted(members.keys() - partial)
    return _Areas(
        tuple(kind for kind, _ in ordered),
        tuple(code for _, code in ordered),
        tuple(tuple(members[area]) for area in ordered),
    )


def _sums(counts: Counts, counters: list[int], areas: _Areas) -> Any:
    """Sums: area, group (total first), visitation (all first), counter, month."""
    municipalities, months = len(counts.plan.municipalities), counts.values.shape[2]
    shape = (municipalities, len(GROUP_CODES), len(VISITATION_CODES), len(counters), months)
    cells = counts.values[:, counters, :].reshape(shape)
    local = np.empty((municipalities, len(ROWS_OF_GROUPS), *shape[2:]), dtype=np.int32)
    local[:, 1:, 1:] = cells[:, :, 1:]
    np.sum(cells, axis=2, out=local[:, 1:, 0])
    np.sum(local[:, 1:], axis=1, out=local[:, 0])
    sums = np.empty((len(areas.codes), *local.shape[1:]), dtype=np.int32)
    for index, members in enumerate(areas.members):
        if len(members) == 1:
            sums[index] = local[members[0]]
        else:
            np.sum(local[list(members)], axis=0, out=sums[index])
    return sums


def blocks(counts: Counts, *, release: str, published: Any) -> Iterator[pa.Table]:
    """The figure table in blocks, in its own order; texts are dictionary-coded.

    Args:
        counts: what was counted.
        release: the release's name.
        published: the day (`datetime.date`) its content is published.
    """
    plan = counts.plan
    areas = _areas(plan)
    for definition in sorted(plan.definitions.measures, key=lambda d: d.measure):
        measure = definition.measure
        mine = [i for i, c in enumerate(plan.counters) if c.measure == measure]
        sums = _sums(counts, mine, areas)
        categories = [plan.counters[i].category for i in mine if plan.counters[i].category]
        persons = sums[:, :, :, : len(categories)]
        population = persons.sum(axis=3, dtype=np.int32)
        there = population > 0
        # Without visitation every group has its row where the area has anybody at all; of a measure
        # of those placed so, every group it is about.
        about = definition.placed_as
        rows = [g == TOTAL.code or not about or g in about for g in ROWS_OF_GROUPS]
        there[:, :, 0] = there[:, :1, 0] & np.array(rows)[None, :, None]
        order = np.argsort(np.array(categories))
        by_statistic: dict[str, tuple[Any, list[str]]] = {
            "persons": (persons[:, :, :, order], [categories[i] for i in order]),
            "population": (population[:, :, :, None], [""]),
        }
        found = dict(
            zip(definition.statistics, np.moveaxis(sums, 3, 0)[len(categories) :], strict=True)
        )
        if "exempted" in found:
            found["missed"] = found["unmet"] - found["exempted"]
        for share, count in COUNT_OF_SHARE.items():
            if count in found:
                with np.errstate(invalid="ignore"):
                    found[share] = 100.0 * found[count] / population
        by_statistic |= {name: (of[:, :, :, None], [""]) for name, of in found.items()}
        for statistic, (values, names) in sorted(by_statistic.items()):
            yield _block(measure, statistic, areas, plan, values, there, names, release, published)


def _block(
    measure: str,
    statistic: str,
    areas: _Areas,
    plan: Plan,
    values: Any,
    there: Any,
    categories: list[str],
    release: str,
    published: Any,
) -> pa.Table:
    mask = np.broadcast_to(there[:, :, :, None, :], values.shape)
    value = values[mask].astype(np.float64)
    count = value.size
    absent = np.isnan(value)
    status = np.where(absent, 2, np.where(value == 0, 1, 0)).astype(np.int8)
    area, grp, visitation, category, month = _indices(mask)

    def one(text: str) -> pa.Array:
        return _coded(np.zeros(count, dtype=np.int8), [text])

    kinds = sorted(set(areas.kinds))
    kind = np.array([kinds.index(k) for k in areas.kinds], dtype=np.int8)
    days = np.array([m.first for m in plan.months], dtype="datetime64[D]")
    columns = {
        "measure": one(measure),
        "statistic": one(statistic),
        "area_kind": _coded(kind[area], kinds),
        "area": _coded(area, areas.codes),
        "grp": _coded(grp, ROWS_OF_GROUPS),
        "visitation": _coded(visitation, VISITATION_CODES),
        "category": _coded(category, categories),
        "month": pa.array(days[month]),
        "value": pa.array(value, mask=absent),
        "status": _coded(status, _STATUS),
        "provenance": one("register"),
        "release": one(release),
        "published": pa.array(np.full(count, published, dtype="datetime64[D]")),
    }
    return pa.table({name: columns[name] for name in SCHEMA})


def _indices(mask: Any) -> list[Any]:
    """The index along each axis of every true element, in order, as small numbers."""
    found = []
    for axis, size in enumerate(mask.shape):
        shape = [1] * mask.ndim
        shape[axis] = size
        index = np.arange(size, dtype=np.int16).reshape(shape)
        found.append(np.broadcast_to(index, mask.shape)[mask])
    return found


def _coded(index: Any, texts: Any) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(index), pa.array(list(texts), pa.string()))


def figures(counts: Counts, *, release: str, published: Any) -> pl.DataFrame:
    """The whole figure table."""
    parts = [pl.from_arrow(b) for b in blocks(counts, release=release, published=published)]
    frames = [part.cast(SCHEMA) for part in parts if isinstance(part, pl.DataFrame)]
    return pl.concat([SCHEMA.to_frame(), *frames])
