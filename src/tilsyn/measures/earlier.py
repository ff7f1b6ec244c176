"""An earlier release as a beginning: its counts, read back from its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tilsyn.errors import InputError
from tilsyn.figures.release import FIGURES, MANIFEST, manifest
from tilsyn.measures.plan import Plan
from tilsyn.register.coding import GROUP_CODES, VISITATION_CODES
from tilsyn.register.store import Store
from tilsyn.vocabulary import MonthRange, YearMonth

_TEXTS = ("measure", "statistic", "area_kind", "area", "grp", "visitation", "category")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A measured release that can be updated.

    Attributes:
        register: content hash of the store it was measured from.
        since: by measure, the first month it was measured in, as `Plan.since`.
    """

    folder: Path
    months: MonthRange
    register: str
    since: Mapping[str, YearMonth]

    def is_current(self, store: Store) -> bool:
        """Whether the store is still what it was measured from."""
        return self.register == store.content

    def pieces(self, plan: Plan) -> Iterator[tuple[MonthRange, bool]]:
        """The plan's months, cut into pieces the release has and pieces it has not."""
        then = replace(plan, since=self.since)

        def has(month: YearMonth) -> bool:
            return month in self.months and all(
                plan.measured(d, month) == then.measured(d, month)
                for d in plan.definitions.measures
            )

        for there, months in groupby(plan.months, has):
            piece = list(months)
            yield MonthRange(piece[0], piece[-1]), there

    def counts(self, plan: Plan) -> Any:
        """Its counts in the plan's shape, from the municipalities' figures."""
        counters = {(c.measure, c.statistic, c.category): i for i, c in enumerate(plan.counters)}
        areas = {("municipality", f"{code:03d}"): i for i, code in enumerate(plan.municipalities)}
        groups = {(code,): i for i, code in enumerate(GROUP_CODES)}
        visitations = {(code,): i for i, code in enumerate(VISITATION_CODES)}
        first = plan.months.first.index
        _, of_counters, months = plan.shape
        shape = (len(areas), len(groups), len(visitations), of_counters, months)
        values = np.zeros(shape, dtype=np.int32)
        with pq.ParquetFile(self.folder / FIGURES, read_dictionary=list(_TEXTS)) as file:
            for rows in file.iter_batches(columns=[*_TEXTS, "month", "value"]):
                place = (
                    _looked_up(rows, ("area_kind", "area"), areas),
                    _looked_up(rows, ("grp",), groups),
                    _looked_up(rows, ("visitation",), visitations),
                    _looked_up(rows, ("measure", "statistic", "category"), counters),
                    _month_indices(rows.column("month")) - first,
                )
                known = np.logical_and.reduce([index >= 0 for index in place])
                known &= place[-1] < months
                number = rows.column("value").filter(pa.array(known)).to_numpy(zero_copy_only=False)
                values[tuple(index[known] for index in place)] = number
        # An empty visitation is everybody in the table, and those without one in the counts.
        values[:, :, 0] -= values[:, :, 1:].sum(axis=2, dtype=np.int32)
        return values.reshape(plan.shape)


def _looked_up(rows: pa.RecordBatch, columns: tuple[str, ...], order: Mapping[Any, int]) -> Any:
    """By row: where these columns' texts stand in the order; -1: nowhere.

    The texts are dictionary-coded, so each combination is looked up once.
    """
    coded = [rows.column(name) for name in columns]
    texts = [column.dictionary.to_pylist() for column in coded]
    table = np.full([len(known) for known in texts], -1, dtype=np.int64)
    for place in np.ndindex(table.shape):
        key = tuple(known[i] for known, i in zip(texts, place, strict=True))
        table[place] = order.get(key, -1)
    return table[tuple(column.indices.to_numpy() for column in coded)]


def _month_indices(days: pa.Array) -> Any:
    """`YearMonth.index` of each date."""
    return (
        days.to_numpy(zero_copy_only=False).astype("datetime64[M]").astype(np.int64) + 12 * 1970 + 1
    )


def earlier(folder: Path, store: Store, plan: Plan) -> Earlier | str:
    """The release in `folder` as a beginning for a plan over a store.

    Returns:
        The release, or in words why everything has to be measured anew.

    Raises:
        InputError: the folder is no measured release.
    """
    record = (manifest(folder).model_extra or {}).get("measured")
    if record is None:
        raise InputError("was not measured from a register and cannot be updated", file=folder)
    try:
        if record["definitions"] != plan.definitions.hashes or record["measures"] != [
            d.measure for d in plan.definitions.measures
        ]:
            return "it was measured by other definitions"
        if record.get("known_on") != plan.known_on:
            return "it was measured with another --known-on"
        if record["register"] not in (store.content, store.generation.content):
            return "the register was loaded anew since"
        covers = store.coverage.record() if store.coverage else {}
        if record.get("coverage", {}).get("municipalities") != covers.get("municipalities"):
            return "the register covers other municipalities since"
        months = MonthRange(YearMonth.parse(record["from"]), YearMonth.parse(record["to"]))
        since = {m: YearMonth.parse(first) for m, first in record.get("since", {}).items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("does not say how it was measured", file=folder / MANIFEST) from None
    return Earlier(folder, months, record["register"], since)
