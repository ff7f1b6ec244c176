"""What pages show: the figures known on a day from some releases, and the judgements on them.

Figures come from the snapshot (`tilsyn.cases.snapshots`), a place or a row at a time, and judgements are
kept beside it, so a board is small and quick to make. Each process keeps the boards and rows used last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from threading import RLock

import polars as pl

from tilsyn.cases import knowledge
from tilsyn.cases.models import ReleaseRecord
from tilsyn.cases.settling import usual_movements
from tilsyn.cases.showing import Showing, showing
from tilsyn.cases.snapshots import Snapshot, bases
from tilsyn.figures.series import MonthFigure, series
from tilsyn.protection import OWN, Audience
from tilsyn.rules import Finding
from tilsyn.rules.finding import Flip, flips
from tilsyn.vocabulary import COUNTRY, MEASURES, MUNICIPALITIES, YearMonth

Row = dict[YearMonth, MonthFigure]
"""The months of one area, measure and group."""


def rule_of(measure: str) -> str:
    """The rule that holds a line against a measure, the first in the catalogue's order; or empty."""
    return next(
        (
            rule.rule
            for rule in knowledge.catalogue()
            for version in rule.version
            if measure in version.measures and hasattr(version.criterion, "threshold")
        ),
        "",
    )


def judged_measures() -> list[str]:
    """The measures of an effort that a rule holds a line against: the early one's come first."""
    found = [m for m in MEASURES if m.event and rule_of(m.code)]
    return [m.code for m in sorted(found, key=lambda m: (not m.official, m.effort))]


_making = RLock()


@dataclass(frozen=True, eq=False)
class Board:
    """The figures known on a day from some releases, and the judgements on them.

    Attributes:
        on: the day; releases: their names, sorted.
        known: where the figures are read from.
    """

    on: dt.date
    releases: tuple[str, ...]
    known: Showing

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every judgement by the rules in force that day; none where no rule is."""
        with _making:
            return self.known.findings(self.on)

    @cached_property
    def by_area(self) -> dict[str, list[Finding]]:
        """The judgements by municipality."""
        found: dict[str, list[Finding]] = {code: [] for code in MUNICIPALITIES.codes}
        for finding in self.findings:
            found[finding.municipality].append(finding)
        return found

    @property
    def months(self) -> dict[str, list[YearMonth]]:
        """The months with figures, by measure, newest first."""
        return self.known.months

    @property
    def groups(self) -> dict[str, frozenset[str]]:
        """The groups with figures, by measure."""
        return self.known.groups

    def part(self, kind: str, area: str) -> pl.DataFrame:
        """The figures of one area that are not split."""
        return _part(self.known.of(kind, area), kind, area)

    def rows(
        self, kind: str, area: str, since: YearMonth | None = None
    ) -> dict[tuple[str, str], Row]:
        """The months of an area by measure and group: those from `since` on, or all."""
        return _rows(self.known.of(kind, area), kind, area, since)

    def row(
        self, kind: str, area: str, measure: str, grp: str, since: YearMonth | None = None
    ) -> Row:
        """The months of one area, measure and group; empty where nothing is known."""
        if since is not None:
            return self.rows(kind, area, since).get((measure, grp), {})
        return _row(self.known.of(kind, area), kind, area, measure, grp)

    def across(self, measure: str, grp: str, month: YearMonth) -> dict[str, MonthFigure]:
        """One month of every municipality."""
        common = _across(self.known.common, measure, grp, month)
        if not self.known.own:
            return common
        exact = _across(self.known.exact, measure, grp, month)
        return common | {code: exact[code] for code in self.known.own & exact.keys()}


# So much stays in each process. Of an area with five years of months the figures are some 700 kilobytes;
# a year of its months as the rules see them, the most a page reads of many rows, some hundred.
@lru_cache(maxsize=112)
def _part(known: Snapshot, kind: str, area: str) -> pl.DataFrame:
    return known.area(kind, area)


@lru_cache(maxsize=160)
def _rows(
    known: Snapshot, kind: str, area: str, since: YearMonth | None
) -> dict[tuple[str, str], Row]:
    part = _part(known, kind, area)
    return _reckoned(part.filter(pl.col("month") >= since.first) if since else part)


@lru_cache(maxsize=256)
def _row(known: Snapshot, kind: str, area: str, measure: str, grp: str) -> Row:
    wanted = (pl.col("measure") == measure) & (pl.col("grp") == grp)
    return _reckoned(_part(known, kind, area).filter(wanted)).get((measure, grp), {})


def _reckoned(figures: pl.DataFrame) -> dict[tuple[str, str], Row]:
    """The judge's own reckoning of each month, also for areas it does not judge."""
    return {(one.measure, one.grp): one.months for one in series(figures, kind=None)}


@lru_cache(maxsize=128)
def _across(known: Snapshot, measure: str, grp: str, month: YearMonth) -> dict[str, MonthFigure]:
    cut = known.across(measure, grp).filter(pl.col("month") == month.first)
    return {one.area: one.months[month] for one in series(cut)}


def board(on: dt.date, audience: Audience, names: Iterable[str] | None = None) -> Board:
    """The board of a day.

    Args:
        on: the day.
        audience: who is to see it (`access.audience` of a user).
        names: only these releases; by default those in use.
    """
    resting = bases(names)
    known = showing(on, audience, resting)
    if known.nothing_hidden:
        # All share one board.
        known = replace(known, audience=OWN)
    return _board(known, on, tuple(base.name for base in resting))


@lru_cache(maxsize=12)
def _board(known: Showing, on: dt.date, names: tuple[str, ...]) -> Board:
    return Board(on, names, known)


def make_ready(on: dt.date) -> Board:
    """Make what the first page of a day asks for, so that its reader need not wait for it."""
    usual_movements(on)
    now = board(on, OWN)
    before = before_latest(now)
    if before is not None:
        turned(before, now)
    return now


def before_latest(now: Board) -> Board | None:
    """The board without the release that came last; None where there is but one."""
    known = ReleaseRecord.objects.filter(name__in=now.releases, published__lte=now.on)
    names = list(known.order_by("published", "name").values_list("name", flat=True))
    return board(now.on, now.known.audience, names[:-1]) if len(names) > 1 else None


@lru_cache(maxsize=6)
def turned(before: Board, after: Board) -> tuple[Flip, ...]:
    """The judgements that are others than before, gravest first."""
    found = flips(before.findings, after.findings)
    return tuple(sorted(found, key=lambda flip: flip.after.gravity))


def wider(area: str) -> list[tuple[str, str]]:
    """The areas a municipality is compared with: kind and code."""
    place = MUNICIPALITIES[area]
    return [("rar", place.rar), ("amk", place.amk), ("country", COUNTRY)]
