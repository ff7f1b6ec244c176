"""What pages show, derived once from the releases in use and a day, and kept while both are the same.

Releases never change, so a board is as good as new until another release is taken into use or the day
turns. Each process keeps its own; the first to ask makes it, the others wait for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from threading import RLock

import polars as pl

from tilsyn.cases import knowledge
from tilsyn.cases.models import ReleaseRecord
from tilsyn.errors import NoRuleError
from tilsyn.figures.disclosure import OWN, Audience
from tilsyn.rules import Finding, judge
from tilsyn.rules.flips import Flip, flips
from tilsyn.rules.series import MonthFigure, series
from tilsyn.vocabulary import COUNTRY, MUNICIPALITIES, YearMonth

Row = dict[YearMonth, MonthFigure]
"""The months of one area, measure and group."""

JUDGED_MEASURES = ("conversations_6m", "offers_6m", "conversations_12m", "offers_12m")
"""The measures with a share that a rule holds a line against."""

_making = RLock()


@dataclass(frozen=True, eq=False)
class Board:
    """The figures known on a day from some releases, and the judgements on them.

    Attributes:
        on: the day; releases: their names, oldest first; audience: who sees them.
        known: a figure table with one vintage a cell, unsplit figures only, as the audience may see it.
    """

    on: dt.date
    releases: tuple[str, ...]
    audience: Audience
    known: pl.DataFrame
    _rows: dict[tuple[str, str], dict[tuple[str, str], Row]] = field(default_factory=dict)
    _slices: dict[tuple[str, str, YearMonth], dict[str, MonthFigure]] = field(default_factory=dict)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every judgement by the rules in force that day; none where no rule is."""
        with _making:
            try:
                return tuple(judge(self.known, on=self.on, catalogue=knowledge.catalogue()))
            except NoRuleError:
                return ()

    @cached_property
    def by_area(self) -> dict[str, list[Finding]]:
        """The judgements by municipality."""
        found: dict[str, list[Finding]] = {code: [] for code in MUNICIPALITIES.codes}
        for finding in self.findings:
            found[finding.municipality].append(finding)
        return found

    @cached_property
    def months(self) -> dict[str, list[YearMonth]]:
        """The months with figures, by measure, newest first."""
        pairs = self.known.select("measure", "month").unique().sort("month", descending=True)
        found: dict[str, list[YearMonth]] = {}
        for measure, first in pairs.iter_rows():
            found.setdefault(measure, []).append(YearMonth.of(first))
        return found

    @cached_property
    def groups(self) -> dict[str, frozenset[str]]:
        """The groups with figures, by measure."""
        pairs = self.known.select("measure", "grp").unique()
        found: dict[str, set[str]] = {}
        for measure, grp in pairs.iter_rows():
            found.setdefault(measure, set()).add(grp)
        return {measure: frozenset(groups) for measure, groups in found.items()}

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], pl.DataFrame]:
        parts = self.known.partition_by("area_kind", "area", as_dict=True)
        return {(str(kind), str(area)): part for (kind, area), part in parts.items()}

    def part(self, kind: str, area: str | None) -> pl.DataFrame:
        """The figures of one area, or of all areas of a kind."""
        if area is not None:
            return self._by_place.get((kind, area), self.known.clear())
        return self.known.filter(pl.col("area_kind") == kind)

    def rows(self, kind: str, area: str) -> dict[tuple[str, str], Row]:
        """All months of an area by measure and group."""
        if (kind, area) not in self._rows:
            part = self._by_place.get((kind, area))
            self._rows[kind, area] = {} if part is None else _rows(part)
        return self._rows[kind, area]

    def row(self, kind: str, area: str, measure: str, grp: str) -> Row:
        """The months of one area, measure and group; empty where nothing is known."""
        return self.rows(kind, area).get((measure, grp), {})

    def across(self, measure: str, grp: str, month: YearMonth) -> dict[str, MonthFigure]:
        """One month of every municipality."""
        key = (measure, grp, month)
        if key not in self._slices:
            cut = self.known.filter(
                (pl.col("measure") == measure)
                & (pl.col("month") == month.first)
                & (pl.col("grp") == grp)
                & (pl.col("area_kind") == "municipality")
            )
            self._slices[key] = {
                one.municipality: one.months[month] for one in series(cut, recent_months=None)
            }
        return self._slices[key]


def _rows(part: pl.DataFrame) -> dict[tuple[str, str], Row]:
    # The judge's own reckoning of a month, also for areas it does not judge.
    plain = part.with_columns(pl.lit("municipality").alias("area_kind"))
    return {(one.measure, one.grp): one.months for one in series(plain, recent_months=None)}


def board(on: dt.date, audience: Audience, names: Iterable[str] | None = None) -> Board:
    """The board of a day.

    Args:
        on: the day.
        audience: who is to see it (`access.audience` of a user).
        names: only these releases; by default those in use.
    """
    if names is None:
        names = ReleaseRecord.objects.in_use().values_list("name", flat=True)
    names = tuple(sorted(names))
    with _making:
        # Where nothing was measured from a register all share one board.
        return _board(names, on, OWN if knowledge.one_for_all(on, names) else audience)


@lru_cache(maxsize=12)
def _board(names: tuple[str, ...], on: dt.date, audience: Audience) -> Board:
    known = knowledge.shown(on, audience, names).figures
    plain = known.filter((pl.col("visitation") == "") & (pl.col("category") == ""))
    return Board(on, names, audience, plain.rechunk())


def before_latest(now: Board) -> Board | None:
    """The board without the release that came last; None where there is but one."""
    known = ReleaseRecord.objects.filter(name__in=now.releases, published__lte=now.on)
    names = list(known.order_by("published", "name").values_list("name", flat=True))
    return board(now.on, now.audience, names[:-1]) if len(names) > 1 else None


def turned(before: Board, after: Board) -> list[Flip]:
    """The judgements that are others than before, gravest first."""
    return sorted(flips(before.findings, after.findings), key=lambda flip: flip.after.gravity)


def wider(area: str) -> list[tuple[str, str]]:
    """The areas a municipality is compared with: kind and code."""
    place = MUNICIPALITIES[area]
    return [("rar", place.rar), ("amk", place.amk), ("country", COUNTRY)]
