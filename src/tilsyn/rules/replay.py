"""A rule replayed over a country's months at once: whom it would have breached, when and for how long.

The same criteria as `criteria`, over arrays. What is not known of a month is no breach, as there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.series import in_series
from tilsyn.rules.model import Consecutive, Mean, Threshold, Version
from tilsyn.vocabulary import GROUPS, ROWS, TOTAL, MonthRange, YearMonth

_PRINTED = 10_000
"""Printed shares are compared as whole numbers of this part of a per cent."""


@dataclass(frozen=True)
class Country:
    """Figures of a measure by municipality, row and month.

    Attributes:
        areas: municipalities' codes.
        months: all of them, without a gap.
        population, unmet: municipality x row (as `ROWS`) x month, whole persons; -1 where not known.
        share: printed share in hundredths of a hundredth of a per cent; -1 where not known.
        there: whether the municipality has any figure of the row in the month.
    """

    measure: str
    areas: tuple[str, ...]
    months: MonthRange
    population: Any
    unmet: Any
    share: Any
    there: Any

    def over(self, line: Threshold) -> tuple[Any, Any]:
        """By cell: whether its share is over the line, and whether that is known."""
        counted = (self.population > 0) & (self.unmet >= 0)
        by_counts = line.over_counts(self.unmet, self.population)
        # Per cent as persons of a hundred: printed shares are compared as whole numbers.
        by_share = line.over_counts(self.share, np.full_like(self.share, 100 * _PRINTED))
        known = counted | (self.share >= 0)
        return np.where(counted, by_counts, by_share) & known, known

    def exact(self) -> Any:
        """Shares in per cent; not a number where not known."""
        counted = (self.population > 0) & (self.unmet >= 0)
        printed = np.where(self.share >= 0, self.share / _PRINTED, np.nan)
        return np.where(counted, 100.0 * self.unmet / np.maximum(self.population, 1), printed)


def country(known: pl.DataFrame, measure: str) -> Country | None:
    """A measure's figures of all municipalities; None where there are none.

    Args:
        known: a figure table with one vintage a cell.
        measure: its code.
    """
    plain = known.filter(in_series() & (pl.col("measure") == measure))
    if plain.is_empty():
        return None
    areas = tuple(sorted(plain["area"].unique()))
    first, last = (YearMonth.of(day) for day in (plain["month"].min(), plain["month"].max()))  # type: ignore[arg-type]
    months = MonthRange(first, last)
    shape = (len(areas), len(ROWS.codes), len(months))
    where = {area: n for n, area in enumerate(areas)}
    row = {code: n for n, code in enumerate(ROWS.codes)}
    arrays = {name: np.full(shape, -1, np.int64) for name in ("population", "unmet", "share")}
    there = np.zeros(shape, bool)
    index = plain.select(
        pl.col("area").replace_strict(where, return_dtype=pl.Int32),
        pl.col("grp").replace_strict(row, return_dtype=pl.Int32),
        ((pl.col("month").dt.year() - first.year) * 12 + pl.col("month").dt.month() - first.month)
        .cast(pl.Int32)
        .alias("month"),
        "statistic",
        "value",
    )
    there[tuple(index.select("area", "grp", "month").to_numpy().T)] = True
    for name, array in arrays.items():
        part = index.filter((pl.col("statistic") == name) & pl.col("value").is_not_null())
        scale = _PRINTED if name == "share" else 1
        at = tuple(part.select("area", "grp", "month").to_numpy().T)
        array[at] = np.rint(part["value"].to_numpy() * scale).astype(np.int64)
    return Country(
        measure, areas, months, arrays["population"], arrays["unmet"], arrays["share"], there
    )


def breaches(figures: Country, version: Version) -> Any:
    """Where a version of a rule is breached: municipality x row x month, each the last of its window.

    A goal's gate (the result goal) is not asked: a missed goal is a breach.

    Raises:
        InputError: the criterion adds up months, or looks at others than the unmet.
        TypeError: the criterion is of a kind that is not held against months by itself.
    """
    line = version.criterion
    found = np.zeros(figures.there.shape, bool)
    if isinstance(line, Consecutive):
        if not line.by_unmet_alone:
            raise InputError(
                f"{version.name}: a reading that adds up months, or looks at those exempted or missed, "
                "cannot be replayed; `tilsyn judge --readings` judges by it"
            )
        over, _ = figures.over(line)
        size = figures.population
        large = (
            np.ones_like(over) if not line.smallest_population else size >= line.smallest_population
        )
        window = min(line.months, over.shape[2])
        if window == line.months:
            all_over = _all(over, line.months)
            every = line.smallest_population_in == "every_month"
            found[:, :, line.months - 1 :] = all_over & (
                _all(large, line.months) if every else large[:, :, line.months - 1 :]
            )
        pooled = line.level == "pooled"
    elif isinstance(line, Mean):
        shares = figures.exact()
        for end in range(line.months - 1, shares.shape[2]):
            span = MonthRange.ending(figures.months.first + end, line.months)
            counted = [line.counts(month) for month in span]
            of = shares[:, :, end - line.months + 1 : end + 1][:, :, counted]
            found[:, :, end] = line.over_means(of.mean(axis=2))
        pooled = True
    else:
        raise TypeError(f"a rule of kind {line.kind} cannot be replayed")
    codes = ROWS.codes
    for n, code in enumerate(codes):
        if (code == TOTAL.code) != pooled:
            found[:, n] = False
        elif code in GROUPS:
            formed = [GROUPS[code].exists_in(month) for month in figures.months]
            found[:, n] &= formed
    return found & figures.there


def _all(flags: Any, months: int) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(flags, months, axis=2)
    return windows.all(axis=3)


@dataclass(frozen=True, slots=True)
class Spell:
    """Months in a row in which a municipality, in a row of the table, breached a rule."""

    municipality: str
    grp: str
    first: YearMonth
    last: YearMonth

    @property
    def months(self) -> int:
        """How many."""
        return self.last.since(self.first) + 1


def spells(figures: Country, found: Any) -> Iterator[Spell]:
    """The breaches as spells, by municipality, row and month."""
    before = np.zeros_like(found)
    before[:, :, 1:] = found[:, :, :-1]
    after = np.zeros_like(found)
    after[:, :, :-1] = found[:, :, 1:]
    starts, ends = np.argwhere(found & ~before), np.argwhere(found & ~after)
    for (area, row, begin), (_, _, end) in zip(starts, ends, strict=True):
        first = figures.months.first
        yield Spell(figures.areas[area], ROWS.codes[row], first + int(begin), first + int(end))
