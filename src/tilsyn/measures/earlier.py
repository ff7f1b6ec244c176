"""An earlier release as a beginning: its counts, read back from its figures."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.release import FIGURES, MANIFEST, is_release
from tilsyn.measures.plan import Plan
from tilsyn.register.coding import GROUP_CODES, VISITATION_CODES
from tilsyn.register.store import Store
from tilsyn.vocabulary import MonthRange, YearMonth


@dataclass(frozen=True, slots=True)
class Earlier:
    """A measured release that can be updated.

    Attributes:
        register: content hash of the store it was measured from.
    """

    folder: Path
    months: MonthRange
    register: str

    def is_current(self, store: Store) -> bool:
        """Whether the store is still what it was measured from."""
        return self.register == store.content

    def pieces(self, months: MonthRange) -> Iterator[tuple[MonthRange, bool]]:
        """The months, cut into pieces the release has and pieces it has not."""
        piece: list[YearMonth] = []
        for month in months:
            if piece and (month in self.months) != (piece[0] in self.months):
                yield MonthRange(piece[0], piece[-1]), piece[0] in self.months
                piece = []
            piece.append(month)
        yield MonthRange(piece[0], piece[-1]), piece[0] in self.months

    def counts(self, plan: Plan) -> Any:
        """Its counts in the plan's shape, from the municipalities' figures."""
        counters = {(c.measure, c.statistic, c.category): i for i, c in enumerate(plan.counters)}
        groups = {code: i for i, code in enumerate(GROUP_CODES)}
        visitations = {code: i for i, code in enumerate(VISITATION_CODES)}
        municipalities = {f"{code:03d}": i for i, code in enumerate(plan.municipalities)}
        rows = (
            pl.scan_parquet(self.folder / FIGURES)
            .filter(
                pl.col("statistic").is_in(["persons", "unmet"]),
                pl.col("area_kind") == "municipality",
                pl.col("area").is_in(list(municipalities)),
                pl.col("grp") != "total",
                pl.col("value") > 0,
                pl.col("month").is_between(plan.months.first.first, plan.months.last.first),
            )
            .select(
                _index("area", municipalities),
                _index("grp", groups),
                _index("visitation", visitations),
                pl.struct("measure", "statistic", "category").alias("counter"),
                (pl.col("month").dt.year().cast(pl.Int64) * 12 + pl.col("month").dt.month())
                - plan.months.first.index,
                pl.col("value").cast(pl.Int32),
            )
            .collect()
        )
        kinds = rows["counter"].struct.unnest().unique(maintain_order=True).with_row_index("kind")
        number = np.array([counters[row] for row in kinds.drop("kind").iter_rows()], dtype=np.int64)
        kind = (
            rows["counter"]
            .struct.unnest()
            .join(
                kinds, on=["measure", "statistic", "category"], how="left", maintain_order="left"
            )["kind"]
        )
        _, of_counters, months = plan.shape
        shape = (len(municipalities), len(GROUP_CODES), len(VISITATION_CODES), of_counters, months)
        values = np.zeros(shape, dtype=np.int32)
        place = tuple(rows[c].to_numpy() for c in ("area", "grp", "visitation"))
        values[(*place, number[kind.to_numpy()], rows["month"].to_numpy())] = rows[
            "value"
        ].to_numpy()
        # An empty visitation is everybody in the table, and those without one in the counts.
        values[:, :, 0] -= values[:, :, 1:].sum(axis=2, dtype=np.int32)
        return values.reshape(plan.shape)


def _index(column: str, order: dict[str, int]) -> pl.Expr:
    return pl.col(column).replace_strict(order, return_dtype=pl.Int64)


def earlier(folder: Path, store: Store, plan: Plan) -> Earlier | str:
    """The release in `folder` as a beginning for a plan over a store.

    Returns:
        The release, or in words why everything has to be measured anew.

    Raises:
        InputError: the folder is no measured release.
    """
    if not is_release(folder):
        raise InputError(f"not a release: it has no {MANIFEST}", file=folder)
    record = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("measured")
    if record is None:
        raise InputError("was not measured from a register and cannot be updated", file=folder)
    if record["definitions"] != plan.definitions.hashes or record["measures"] != [
        d.measure for d in plan.definitions.measures
    ]:
        return "it was measured by other definitions"
    if record.get("known_on") != plan.known_on:
        return "it was measured with another --known-on"
    if record["register"] not in (store.content, store.generation.content):
        return "the register was loaded anew since"
    months = MonthRange(YearMonth.parse(record["from"]), YearMonth.parse(record["to"]))
    return Earlier(folder, months, record["register"])
