"""What every letter on the early effort tells of its rule, and the tables of its figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tilsyn.documents.contents.letters import Placed, Written
from tilsyn.documents.contents.month_tables import placed
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.model import Cell, Column, HeaderCell, Mark, Row, Table
from tilsyn.errors import InputError
from tilsyn.figures.grid import Grid
from tilsyn.rules import Catalogue
from tilsyn.rules.catalogue import in_force
from tilsyn.rules.model import AnyMonth, Consecutive, Requirement, Version
from tilsyn.vocabulary import GROUPS, MEASURES, ROWS, TOTAL, MonthRange, YearMonth

WHOLE_MONTHS = 4
"""Up to this many months a heading "Dec 2021" keeps to one line; more take two."""


@dataclass(frozen=True)
class RuleWording:
    """The versions of the early-effort rules that a letter puts in words.

    Attributes:
        rule: the version by which municipalities are flagged.
        follow_up: the version by which the effort counts as restored; None where the rule has no
            follow-up.
        law: the version that says what the law requires.
    """

    rule: Version
    follow_up: Version | None
    law: Version

    @classmethod
    def of(cls, catalogue: Catalogue, *, letter: dt.date, month: YearMonth) -> RuleWording:
        """The wording that the rules in force call for.

        Args:
            catalogue: the rules at hand.
            letter: the notice's date, which picks the versions of the rule and its follow-up.
            month: the latest measured month, which picks what the law requires.

        Raises:
            NoRuleError: one of the rules has no version on its date.
            InputError: a rule is of another kind than the letter can put in words.
        """
        rule = catalogue.version("early_effort", letter)
        follow_up = in_force(catalogue["early_effort_follow_up"], letter)
        if getattr(rule.criterion, "level", "") == "group":
            follow_up = catalogue.version("early_effort_follow_up", letter)
        law = catalogue.version("early_effort_requirement", month.first)
        if not (
            isinstance(rule.criterion, Consecutive)
            and (follow_up is None or isinstance(follow_up.criterion, AnyMonth))
            and isinstance(law.criterion, Requirement)
        ):
            raise InputError(
                "there are no words for rules of these kinds: "
                f"{rule.criterion.kind}, {law.criterion.kind}"
            )
        return cls(rule, follow_up, law)

    @property
    def criterion(self) -> Consecutive:
        """By what a municipality is flagged."""
        assert isinstance(self.rule.criterion, Consecutive)
        return self.rule.criterion

    @property
    def restoration(self) -> AnyMonth | None:
        """By what the effort counts as restored."""
        criterion = self.follow_up.criterion if self.follow_up else None
        return criterion if isinstance(criterion, AnyMonth) else None

    @property
    def requirement(self) -> Requirement:
        """What the law requires."""
        assert isinstance(self.law.criterion, Requirement)
        return self.law.criterion

    @property
    def pooled(self) -> bool:
        """Whether all benefit groups are judged together."""
        return self.criterion.level == "pooled"

    @property
    def seniority(self) -> int:
        """The months the requirement covers."""
        return max(MEASURES[code].seniority_months for code in MEASURES.of_effort("early"))

    def required(self, measure: str, group: str) -> int:
        """How many conversations or offers the law requires for a group ("default": for most)."""
        numbers = self._numbers(measure)
        return numbers.get(group, numbers["default"])

    def apart(self, measure: str) -> dict[str, int]:
        """The groups that the law requires another number for."""
        numbers = self._numbers(measure)
        return {g: n for g, n in numbers.items() if g != "default" and n != numbers["default"]}

    def common(self, measure: str, groups: Iterable[str]) -> int | None:
        """The number required for all of these groups; None where it differs among them.

        All groups together ("total") have one number only where no group stands apart.
        """
        numbers = {
            number
            for group in groups
            for number in (
                [self.required(measure, group)]
                if group in GROUPS
                else {self._numbers(measure)["default"], *self.apart(measure).values()}
            )
        }
        return numbers.pop() if len(numbers) == 1 else None

    def _numbers(self, measure: str) -> dict[str, int]:
        event = MEASURES[measure].event
        if not event:
            raise InputError(f"the rule does not say how many {measure} requires")
        numbers: dict[str, int] = getattr(self.requirement, event)
        return numbers


@dataclass(frozen=True)
class Apart(Facts):
    """A group that the law requires another number for: its code, its persons in words, the number."""

    group: str
    persons: str
    required: int


@dataclass(frozen=True)
class Measure(Facts):
    """What the law requires of a measure: its code, what is counted ("samtaler"), how many of it."""

    code: str
    events: str
    required: int
    apart: tuple[Apart, ...]


@dataclass(frozen=True)
class Subject(Facts):
    """A measure and the persons a letter is about.

    Attributes:
        required: how many the law requires for them; None where that differs among them.
    """

    measure: str
    events: str
    required: int | None
    persons: str


@dataclass(frozen=True)
class Figures(Facts):
    """The table of a measure's figures.

    Attributes:
        required: how many the law requires for the groups in it; None where that differs.
        breaching: the names of the groups whose rows are marked.
    """

    measure: str
    events: str
    required: int | None
    breaching: tuple[str, ...]
    figures: Placed


@dataclass(frozen=True)
class Criterion(Facts):
    """When the office writes: over a threshold in so many months, of at least so many persons."""

    months: int
    threshold: Decimal
    smallest: int | None
    every_month: bool


@dataclass(frozen=True)
class Restoration(Facts):
    """When the effort counts as restored: under (or not over) a threshold in one of so many months."""

    months: int
    threshold: Decimal
    smallest: int | None
    at_threshold: bool


@dataclass(frozen=True)
class Deadline(Facts):
    """A deadline: a month, or a date."""

    month: YearMonth | None
    date: dt.date | None

    @classmethod
    def of(cls, by: YearMonth | dt.date | None) -> Deadline | None:
        """The deadline, where there is one."""
        if by is None:
            return None
        return cls(by, None) if isinstance(by, YearMonth) else cls(None, by)


@dataclass(frozen=True)
class EarlyLetter(Facts):
    """What every letter on the early effort can tell.

    Attributes:
        seniority: the months the requirement covers.
        pooled: whether all benefit groups are judged together.
        restoration: None where the rule has no follow-up.
        measures: those the letter is about.
    """

    authority: str
    agency: str
    office: str
    seniority: int
    pooled: bool
    criterion: Criterion
    restoration: Restoration | None
    measures: tuple[Measure, ...]


def told(of: Occasion, rule: RuleWording, measures: Iterable[str]) -> dict[str, Any]:
    """The facts of an `EarlyLetter` on these measures, by name."""
    names, restoration = of.letterhead.names(of.language), rule.restoration
    return {
        "authority": of.authority,
        "agency": names.agency,
        "office": names.office,
        "seniority": rule.seniority,
        "pooled": rule.pooled,
        "criterion": Criterion(
            rule.criterion.months,
            rule.criterion.threshold,
            rule.criterion.smallest_population,
            rule.criterion.smallest_population_in == "every_month",
        ),
        "restoration": restoration
        and Restoration(
            restoration.months,
            restoration.threshold,
            restoration.smallest_population,
            restoration.met_at_threshold,
        ),
        "measures": tuple(
            Measure(
                code,
                MEASURES[code].events(of.language),
                rule.required(code, "default"),
                tuple(
                    Apart(g, ROWS[g].persons(of.language), n) for g, n in rule.apart(code).items()
                ),
            )
            for code in measures
        ),
    }


def subject(of: Occasion, rule: RuleWording, measure: str, grp: str) -> Subject:
    """A measure and a group in words."""
    return Subject(
        measure,
        MEASURES[measure].events(of.language),
        rule.common(measure, [grp]),
        ROWS[grp].persons(of.language),
    )


def figures(
    of: Occasion,
    rule: RuleWording,
    cells: Grid,
    *,
    measure: str,
    months: MonthRange,
    breaching: Collection[str],
) -> Figures:
    """The table of a measure: months side by side under each statistic, breaching groups' rows marked.

    The template's headings are over groups, persons, those who lack the effort, and shares; the table
    takes those of the columns it has.
    """
    language = of.language
    body = []
    for grp in cells.rows:
        mark: Mark = "breach" if grp in breaching else "none"
        texts = [
            cells.at(grp, m, statistic).shown(language)
            for statistic in cells.blocks
            for m in months
        ]
        name = Cell(ROWS[grp].name(language), mark)
        body.append(Row(name, tuple(Cell(t, mark) for t in texts), total=grp == TOTAL.code))
    few = len(months) <= WHOLE_MONTHS
    heads = [m.short(language).replace(" ", "\N{NO-BREAK SPACE}" if few else " ") for m in months]

    def made(written: Written) -> Table:
        group, *over = written.headed(4)
        named = dict(zip(("population", "unmet", "share"), over, strict=True))
        return Table(
            caption=written.caption,
            columns=(
                # Smaller type, as many months take, needs a larger part of the width for long names.
                Column(3.7 if few else 5.0, "left"),
                *(
                    Column(1.45, begins_block=m == months.first)
                    for _ in cells.blocks
                    for m in months
                ),
            ),
            header=(
                (
                    HeaderCell(group, rows=2),
                    *(HeaderCell(named[s], columns=len(months)) for s in cells.blocks),
                ),
                tuple(HeaderCell(head) for _ in cells.blocks for head in heads),
            ),
            rows=tuple(body),
            notes=written.notes,
        )

    return Figures(
        measure,
        MEASURES[measure].events(language),
        rule.common(measure, cells.rows),
        tuple(ROWS[grp].name(language) for grp in breaching),
        placed(body, made),
    )
