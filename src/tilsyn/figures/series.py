"""The months of one area, measure and group: population, unmet, share and result goal, exact or bounded.

What judges, writes, draws and shows figures by month takes them from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol

import polars as pl

from tilsyn.figures.printing import printed
from tilsyn.figures.table import HIDDEN_AT_MOST, status_of
from tilsyn.vocabulary import MonthRange, YearMonth
from tilsyn.vocabulary.measures import Part
from tilsyn.vocabulary.wording import decimal


class Line(Protocol):
    """A line that shares are held against, as rules draw it."""

    def over(self, share: Fraction) -> bool:
        """Whether a share in per cent is over it."""
        ...


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """One month's figures of a group; any of them may be missing or hidden.

    Attributes:
        population, unmet, persons: whole numbers; None where not known.
        exempted, missed: the unmet by whether a decision exempts them, where a measure tells.
        share: printed share in per cent, exact as printed.
        met: 1 or 0 where only the statement is known.
        hidden: the statistics printed as ".".
        small: those of them that are at most `HIDDEN_AT_MOST`.
        releases: where the figures came from.
    """

    month: YearMonth
    population: int | None = None
    unmet: int | None = None
    share: Fraction | None = None
    met: bool | None = None
    actual: Fraction | None = None
    expected: Fraction | None = None
    hidden: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    releases: frozenset[str] = field(default=frozenset(), compare=False)
    persons: int | None = None
    exempted: int | None = None
    missed: int | None = None

    @property
    def counted(self) -> bool:
        """Whether the share follows from whole numbers."""
        return self.population is not None and self.unmet is not None and self.population > 0

    @property
    def exact(self) -> Fraction | None:
        """The share in per cent: 100·unmet/population where both are known, else as printed."""
        return self.share_of("unmet")

    def share_of(self, part: Part) -> Fraction | None:
        """The share of the population that a part is, in per cent: of counts, else as printed."""
        count: int | None = getattr(self, part)
        if count is not None and self.population:
            return Fraction(100 * count, self.population)
        return self.share if part == "unmet" else None

    @property
    def highest(self) -> Fraction | None:
        """The largest share possible; bounded also where the count is hidden."""
        return self.highest_of("unmet")

    def highest_of(self, part: Part) -> Fraction | None:
        """The largest share a part can be."""
        if (share := self.share_of(part)) is not None:
            return share
        if part in self.small and self.population:
            return Fraction(100 * min(HIDDEN_AT_MOST, self.population), self.population)
        return None

    @property
    def least_population(self) -> int | None:
        """The smallest population possible: known, or bounded by the printed count and share.

        26 persons at 37,7 % (rounded) are at least 26 / 37,75 % of somebody: 69. A count that is
        not printed beside a share above nought is at least one.
        """
        if self.population is not None:
            return self.population
        if self.share is None or self.share == 0:
            return None
        least = self.unmet if self.unmet is not None else 1
        return -(-100 * least // (self.share + Fraction(1, 20)))

    def smaller_than(self, smallest: int) -> bool | None:
        """Whether the population is below `smallest`; None where that cannot be told."""
        if smallest <= 0:
            return False
        if self.population is not None:
            return self.population < smallest
        if "population" in self.small:
            return smallest > HIDDEN_AT_MOST
        if (least := self.least_population) is not None and least >= smallest:
            return False
        return None

    def over(self, line: Line, part: Part = "unmet") -> bool | None:
        """Whether the share of a part is over the line; None where that cannot be told."""
        if (share := self.share_of(part)) is not None:
            return line.over(share)
        highest = self.highest_of(part)
        return False if highest is not None and not line.over(highest) else None

    @property
    def status(self) -> str:
        """How the share is known, or the result goal: value, zero, suppressed or not_available."""
        if self.exact is None and (self.actual is not None or self.met is not None):
            return status_of(1.0 if self.actual is None else float(self.actual))
        return self.status_of("share")

    def value(self, statistic: str) -> int | Fraction | bool | None:
        """What is known of a statistic; the share is of the counts where both are known."""
        return self.exact if statistic == "share" else getattr(self, _NAMES[statistic])

    def status_of(self, statistic: str) -> str:
        """How a statistic is known: value, zero, suppressed or not_available."""
        value = self.value(statistic)
        hidden = statistic in self.hidden
        if statistic == "share" and (self.population is not None or "population" in self.hidden):
            # A bare count says nothing of its share: only beside a population one is hidden.
            hidden = bool(self.hidden & {"share", "unmet", "population"})
        return status_of(None if value is None else float(value), hidden=hidden)

    def most(self, statistic: str) -> int | Fraction | None:
        """The largest it can be: a count that a publisher hides is at most `HIDDEN_AT_MOST`."""
        return HIDDEN_AT_MOST if statistic in self.small else self.value(statistic)

    def shown(self, language: str, statistic: str = "share", *, unit: bool = True) -> str:
        """A statistic as it is printed."""
        status = self.status_of(statistic)
        return printed(self.value(statistic), statistic, language, status=status, unit=unit)

    def record(self) -> dict[str, Any]:
        """The month as JSON-ready values; share in per cent."""
        share = self.exact if self.exact is not None else self.actual
        return {
            "month": str(self.month),
            "population": self.population,
            "unmet": self.unmet,
            "share": None if share is None else float(decimal(share, 2)),
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class Series:
    """All months known of one area, measure and group, and category where it is split."""

    area: str
    measure: str
    grp: str
    months: dict[YearMonth, MonthFigure]
    visitation: str = ""
    category: str = ""

    def summed(self, span: MonthRange) -> MonthFigure:
        """The counts of a span's months added up; a count is known where all its months are.

        The month is the span's last one; shares as printed cannot be added.
        """
        months = self.window(span)

        def total(name: str) -> int | None:
            counts = [getattr(month, name) for month in months]
            return None if None in counts else sum(counts)

        releases = frozenset[str]().union(*(month.releases for month in months))
        return MonthFigure(
            span.last,
            population=total("population"),
            unmet=total("unmet"),
            persons=total("persons"),
            exempted=total("exempted"),
            missed=total("missed"),
            releases=releases,
        )

    def window(self, span: MonthRange) -> tuple[MonthFigure, ...]:
        """The months of a span, oldest first; a month nothing is known of is empty."""
        return tuple(self.months.get(month, MonthFigure(month)) for month in span)


_NAMES = {
    "population": "population",
    "unmet": "unmet",
    "persons": "persons",
    "share": "share",
    "met": "met",
    "actual_share": "actual",
    "expected_share": "expected",
    "exempted": "exempted",
    "missed": "missed",
}

_COUNTS = ("population", "unmet", "persons", "exempted", "missed")
_ROW = ("area", "measure", "grp", "visitation", "category")


def in_series(kind: str | None = "municipality", *, split: bool = False) -> pl.Expr:
    """Whether a figure is one that `series` takes; the arguments are its own."""
    found = pl.col("statistic").is_in(list(_NAMES))
    if kind is not None:
        found &= pl.col("area_kind") == kind
    if not split:
        found &= (pl.col("visitation") == "") & (pl.col("category") == "")
    return found


def series(
    known: pl.DataFrame,
    *,
    kind: str | None = "municipality",
    recent_months: int | None = None,
    split: bool = False,
) -> list[Series]:
    """The series of every area of a kind, measure and row in a table with one vintage a cell.

    Args:
        known: a figure table as `figures.vintages.known_on` gives it.
        kind: the areas' kind; None takes all, of a table of one area.
        recent_months: how many of each measure's latest months to take; None takes all.
        split: whether those by visitation and category are among them.
    """
    plain = known.filter(in_series(kind, split=split))
    if recent_months is not None:
        newest = pl.col("month").max().over("area", "measure")
        plain = plain.filter(pl.col("month") > newest.dt.offset_by(f"-{recent_months}mo"))
    keys = [*(_ROW if split else _ROW[:3]), "month"]
    cells = (
        plain.sort(*keys, "statistic")
        .group_by(keys, maintain_order=True)
        .agg("statistic", "value", "status", "provenance", "release")
    )
    by_row: dict[tuple[str, ...], dict[YearMonth, MonthFigure]] = {}
    width = len(keys) - 1
    for cell in cells.iter_rows():
        month = _month(cell[width])
        by_row.setdefault(cell[:width], {})[month] = _figure(month, *cell[width + 1 :])
    return [
        Series(area, measure, grp, months, *divided)
        for (area, measure, grp, *divided), months in by_row.items()
    ]


def _figure(
    month: YearMonth,
    statistics: Sequence[str],
    values: Sequence[float | None],
    statuses: Sequence[str],
    provenances: Sequence[str],
    releases: Sequence[str],
) -> MonthFigure:
    known = {_NAMES[s]: _value(s, value) for s, value in zip(statistics, values, strict=True)}
    hidden = small = _NONE
    if "suppressed" in statuses:
        gone = [
            (s, provenance)
            for s, status, provenance in zip(statistics, statuses, provenances, strict=True)
            if status == "suppressed"
        ]
        hidden = frozenset(s for s, _ in gone)
        small = frozenset(s for s, provenance in gone if provenance == "published")
    return MonthFigure(month, **known, hidden=hidden, small=small, releases=_set(*set(releases)))


def _value(statistic: str, value: float | None) -> Any:
    """The value as it is reckoned with: whole persons, exact shares, plain yes or no."""
    if value is None:
        return None
    if statistic in _COUNTS:
        return int(value)
    if statistic == "met":
        return bool(value)
    return _exact(value)


# A country's figures hold the same months, releases and printed shares many thousand times.
_NONE: frozenset[str] = frozenset()
_month = lru_cache(maxsize=1024)(YearMonth.of)


@lru_cache(maxsize=1024)
def _set(*releases: str) -> frozenset[str]:
    return frozenset(releases)


@lru_cache(maxsize=16384)
def _exact(value: float) -> Fraction:
    return Fraction(Decimal(str(value)))
