"""The warning on the focus goals: a municipality that also misses the result goal, told in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import polars as pl

from tilsyn.documents.contents.letters import Placed
from tilsyn.documents.contents.month_tables import of_months
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.model import Document
from tilsyn.errors import InputError
from tilsyn.figures.grid import Grid, by_month, by_visitation, of_municipality
from tilsyn.figures.table import Figure
from tilsyn.rules import Finding
from tilsyn.vocabulary import MUNICIPALITIES, ROWS, TOTAL, VISITATION, MonthRange, YearMonth
from tilsyn.words import Message

SPLIT = "kontanthjaelp"
"""The group whose visitation the agency publishes."""

Share = Decimal | Fraction | float


@dataclass(frozen=True)
class Group(Facts):
    """A group behind a share: its persons in words, and counted ("68 sygedagpengemodtagere")."""

    persons: str
    counted: str


@dataclass(frozen=True)
class Part(Facts):
    """Persons of a group with a visitation, by its code."""

    visitation: str
    count: float | Fraction


@dataclass(frozen=True)
class Split(Facts):
    """A group's persons by visitation: counted in all, part by part, and whether the parts are all."""

    counted: str
    parts: tuple[Part, ...]
    whole: bool


@dataclass(frozen=True)
class Goal(Facts):
    """A focus goal that puts the municipality at risk.

    Attributes:
        rising: whether the share has risen by a percentage point or more from first to latest.
        mean: over the judged months, where it is over the limit.
        over: the groups behind it, those with most persons first.
        shares_number, counts_number: of its tables; without counts there is no second.
    """

    measure: str
    limit: Decimal
    rising: bool
    first: Share
    first_month: YearMonth
    latest: Share
    latest_month: YearMonth
    judged_months: tuple[YearMonth, ...]
    mean: Share | None
    over: tuple[Group, ...]
    split: Split | None
    shares_number: int
    shares: Placed
    counts_number: int
    counts: Placed | None


@dataclass(frozen=True)
class Warning(Facts):
    """What a warning can tell.

    Attributes:
        goal_month: the latest month of the result goal.
        year, next_year, whole_year: the year judged, the one it is judged in, and whether all of it is
            known.
        required: the share that must get the effort.
    """

    authority: str
    office: str
    goals: tuple[Goal, ...]
    goal_month: YearMonth | None
    year: int
    next_year: int
    whole_year: bool
    required: Decimal
    reply_by: dt.date | None
    contact: str | None


def warning(of: Occasion) -> Document:
    """The warning to a municipality at risk of intensified supervision.

    The findings "at_risk" are what it is about; the facts say whom to ask and by when, where that is
    known.

    Raises:
        InputError: the municipality is not at risk, or the share over all groups is wanting (each
            month is listed).
    """
    cases = _cases(of.municipality, of.findings, of.figures)
    goals: list[Goal] = []
    number = 1
    for case in cases:
        goals.append(case.goal(number, of.language))
        number += 2 if case.unmet.months else 1
    first = cases[0]
    goal_month: Sequence[YearMonth] = first.finding.slots.get("goal_month", ())
    year = first.months.last.year
    told = Warning(
        authority=of.authority,
        office=of.letterhead.names(of.language).office,
        goals=tuple(goals),
        goal_month=goal_month[0] if goal_month else None,
        year=year,
        next_year=year + 1,
        whole_year=first.months == MonthRange(YearMonth(year, 1), YearMonth(year, 12)),
        required=100 - goals[0].limit,
        reply_by=of.facts.reply_by,
        contact=of.facts.contact,
    )
    return of.write("warning", told, behind=(f for one in cases for f in one.figures))


@dataclass(frozen=True)
class Case:
    """One focus goal that puts the municipality at risk, with its figures."""

    finding: Finding
    months: MonthRange
    share: Grid
    unmet: Grid
    split: Grid

    @property
    def measure(self) -> str:
        """The measure's code."""
        return self.finding.measure

    @property
    def figures(self) -> list[Figure]:
        """The figures shown."""
        found = {f.cell: f for g in (self.share, self.unmet, self.split) for f in g.figures}
        return list(found.values())

    def behind(self) -> list[str]:
        """The groups behind it: over the line, with a number of persons that is shown; most first."""
        last = self.months.last
        counts = {code: self.unmet.value(code, last) for code in self.unmet.groups}
        over = [
            code
            for code, count in counts.items()
            if count and self.finding.over(self.share.value(code, last))
        ]
        # Of two equally large groups, the one with the most persons behind its share comes last.
        return sorted(
            over,
            key=lambda c: (-(counts[c] or 0), self.share.value(c, last) or 0, ROWS.codes.index(c)),
        )

    def goal(self, number: int, language: str) -> Goal:
        """What the letter tells of it; its first table has this number."""
        finding, months, share = self.finding, self.months, self.share
        first, latest = (share.value(TOTAL.code, month) for month in (months.first, months.last))
        assert first is not None and latest is not None and finding.threshold is not None
        marked: set[tuple[str, Hashable]] = {
            (TOTAL.code, month) for month in months if finding.over(share.value(TOTAL.code, month))
        }
        counts = {code: self.unmet.value(code, months.last) or 0 for code in self.behind()}
        return Goal(
            measure=self.measure,
            limit=finding.threshold,
            rising=Fraction(latest) - Fraction(first) >= 1,
            first=first,
            first_month=months.first,
            latest=latest,
            latest_month=months.last,
            judged_months=tuple(finding.span),
            mean=finding.mean if finding.mean and finding.over(finding.mean) else None,
            over=tuple(
                Group(ROWS[code].persons(language), ROWS[code].counted(count, language))
                for code, count in counts.items()
            ),
            split=self._split(language),
            shares_number=number,
            shares=of_months(share, months, language, marked),
            counts_number=number + 1,
            counts=of_months(self.unmet, months, language) if self.unmet.months else None,
        )

    def _split(self, language: str) -> Split | None:
        """One group's persons by visitation, where something of it is shown."""
        last = self.months.last
        unmet = self.unmet.value(SPLIT, last)
        sizes = {c: n for c in self.split.rows if (n := self.split.value(c, last)) is not None}
        shown = sorted((c for c in sizes if c in VISITATION and sizes[c]), key=lambda c: -sizes[c])
        whole = sum(sizes.values()) == unmet
        if unmet is None or len(shown) < (2 if whole else 1):
            return None
        parts = tuple(Part(code, sizes[code]) for code in shown)
        return Split(ROWS[SPLIT].counted(unmet, language), parts, whole)


def _cases(municipality: str, findings: Sequence[Finding], figures: pl.DataFrame) -> list[Case]:
    where = MUNICIPALITIES[municipality].name
    own = of_municipality(figures, municipality)
    cases = []
    for finding in findings:
        if finding.municipality != municipality or finding.verdict != "at_risk":
            continue
        if not finding.span:
            continue
        span = MonthRange(finding.span[0], finding.span[-1])
        measure = finding.measure
        cases.append(
            Case(
                finding,
                span,
                by_month(own, measure, "share").within(span),
                by_month(own, measure, "unmet").within(span),
                by_visitation(own, measure, "unmet", SPLIT).within(span),
            )
        )
    if not cases:
        raise InputError(
            Message(
                "{place}: nothing puts it at risk, so there is no warning to write", place=where
            )
        )
    wanting = [
        f"{ROWS[TOTAL.code].da} {month} ({one.measure} share)"
        for one in cases
        for month in one.months
        if one.share.value(TOTAL.code, month) is None
    ]
    if wanting:
        raise InputError(
            Message(
                "{place}: the {kind} cannot be written, because these figures are wanting: {figures}",
                place=where,
                kind="warning",
                figures="; ".join(wanting),
            )
        )
    return cases
