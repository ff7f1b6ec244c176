"""What a status note rests on: its planned figures with their numbers, checked before it is written."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import polars as pl
from pydantic import Field

from tilsyn.errors import InputError
from tilsyn.figures.grid import (
    Grid,
    by_category,
    by_month,
    by_visitation,
    of_municipality,
)
from tilsyn.records import Record, build
from tilsyn.rules import Finding
from tilsyn.vocabulary import MUNICIPALITIES, ROWS, TOTAL, MonthRange, YearMonth
from tilsyn.words import Message

_FILE = "status_note.toml"


class Planned(Record):
    """A figure as ``status_note.toml`` plans it.

    Attributes:
        section: the section of the note it belongs to.
        kind: what it shows.
        measure, statistic: which numbers.
        required: whether the note cannot do without it.
        group: the one group it is about, where it is one.
        short: the categories that are too few.
        months: how many months it shows at most.
        picture: how it is drawn; empty where only the table is shown.
    """

    number: int
    section: str
    kind: Literal["goal", "months", "numbers", "visitation", "durations"]
    measure: str
    statistic: str
    required: bool = False
    group: str = ""
    short: tuple[str, ...] = ()
    months: int = Field(default=12, ge=1)
    picture: Literal["", "lines", "multiples", "stacks", "grouped"] = ""


class Plan(Record):
    """All figures, in order."""

    figure: tuple[Planned, ...]


@dataclass(frozen=True)
class Shown:
    """A planned figure with its numbers.

    Attributes:
        grid: the municipality's; for durations and the goal, the first of what is compared.
        other: what it is compared with, where it is.
        months: the months it shows; of a figure by category, the one month.
    """

    plan: Planned
    grid: Grid
    months: MonthRange
    other: Grid | None = None


@cache
def plan() -> tuple[Planned, ...]:
    """The note's figures as planned."""
    text = files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    return build(Plan, tomllib.loads(text), file=_FILE).figure


@dataclass(frozen=True)
class Case:
    """What the note rests on.

    Attributes:
        shown: by number, the figures there are numbers for.
        wanting: the planned figures without numbers, none of them required.
    """

    municipality: str
    shown: dict[int, Shown]
    wanting: tuple[Planned, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, municipality: str, findings: Sequence[Finding], figures: pl.DataFrame) -> Case:
        """The case of a municipality.

        Raises:
            InputError: figures the note cannot do without are wanting (all of them are listed).
        """
        own = of_municipality(figures, municipality)
        rar = figures.filter(
            (pl.col("area_kind") == "rar") & (pl.col("area") == MUNICIPALITIES[municipality].rar)
        )
        shown: dict[int, Shown] = {}
        lacking: list[str] = []
        wanting: list[Planned] = []
        for planned in plan():
            one = _shown(planned, own, rar)
            if one is not None:
                shown[planned.number] = one
            if planned.required and (lack := _lack(planned, one)):
                lacking.append(lack)
            elif one is None:
                wanting.append(planned)
        if lacking:
            raise InputError(
                Message(
                    "{place}: the {kind} cannot be written, because these figures are wanting: {figures}",
                    place=MUNICIPALITIES[municipality].name,
                    kind="status note",
                    figures="; ".join(lacking),
                )
            )
        mine = tuple(f for f in findings if f.municipality == municipality)
        return cls(municipality, shown, tuple(wanting), mine)

    def grid(self, number: int) -> Grid:
        """The numbers of a figure; an empty grid where it is wanting."""
        return self.shown[number].grid if number in self.shown else Grid()

    def last(self, number: int) -> YearMonth | None:
        """The newest month of a figure."""
        return self.shown[number].months.last if number in self.shown else None

    def finding(self, measure: str) -> Finding | None:
        """The finding on a measure over all groups together."""
        return next(
            (f for f in self.findings if f.measure == measure and f.grp == TOTAL.code), None
        )

    def group_findings(self, measure: str) -> list[Finding]:
        """The findings on a measure's single groups, where the rule judges those."""
        return [f for f in self.findings if f.measure == measure and f.grp != TOTAL.code]


def _shown(planned: Planned, own: pl.DataFrame, rar: pl.DataFrame) -> Shown | None:
    match planned.kind:
        case "months":
            return _of_months(planned, by_month(own, planned.measure, planned.statistic))
        case "visitation":
            grid = by_visitation(own, planned.measure, planned.statistic, planned.group)
            return _of_months(planned, grid)
        case "goal":
            return _compared(
                planned,
                by_month(own, planned.measure, "actual_share"),
                by_month(own, planned.measure, "expected_share"),
            )
        case "numbers":
            return _of_categories(planned, own, None)
        case "durations":
            return _of_categories(planned, own, rar)


def _of_months(planned: Planned, grid: Grid) -> Shown | None:
    if not grid.months:
        return None
    newest = grid.months[-1]
    # Months before the first one published are no gap; those between and after are.
    span = MonthRange.ending(newest, planned.months)
    first = next(month for month in grid.months if month in span)
    span = MonthRange(first, newest)
    return Shown(planned, grid.within(span), span)


def _compared(planned: Planned, actual: Grid, expected: Grid) -> Shown | None:
    both = [month for month in actual.months if month in expected.months]
    if not both:
        return None
    span = MonthRange(both[-1], both[-1])
    return Shown(planned, actual.within(span), span, expected.within(span))


def _of_categories(planned: Planned, own: pl.DataFrame, rar: pl.DataFrame | None) -> Shown | None:
    """The newest month by category; a comparison is left out where nothing is known to compare with."""
    # What was measured are persons; a share of them is as good as a printed one.
    statistics = ["share", "persons"] if planned.statistic == "share" else [planned.statistic]
    there = (pl.col("measure") == planned.measure) & (pl.col("status") != "not_available")
    if planned.group:
        there &= pl.col("grp") == planned.group
    own = own.filter(there)
    told = own.filter(pl.col("statistic").is_in(statistics) & (pl.col("category") != ""))
    latest = told["month"].max()
    if latest is None:
        return None
    month = YearMonth.of(latest)  # type: ignore[arg-type]  # a column of dates
    grid = by_category(own, planned.measure, planned.statistic, month)
    if rar is None:
        return Shown(planned, grid, MonthRange(month, month))
    other = by_category(rar.filter(there), planned.measure, planned.statistic, month)
    known = any(other.value(*cell) is not None for cell in other.entries)
    return Shown(planned, grid, MonthRange(month, month), other if known else None)


def _lack(planned: Planned, shown: Shown | None) -> str:
    """What a required figure lacks, in words; empty where it lacks nothing."""
    what = f"figure {planned.number} ({planned.measure} {planned.statistic}"
    if shown is None:
        return f"{what}: none)"
    if shown.grid.value(TOTAL.code, shown.months.last) is None:
        return f"{what}: {ROWS[TOTAL.code].da}, {shown.months.last})"
    return ""
