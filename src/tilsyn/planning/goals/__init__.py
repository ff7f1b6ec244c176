"""What a plan is to reach: lines that shares must stay under, and whether everybody's due is planned.

A goal is a TOML file. A line names a rule, whose version in force gives measures, threshold and
level, or says them itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from importlib.resources import as_file, files
from math import ceil
from pathlib import Path

import tomli_w
from pydantic import Field, field_validator, model_validator

from tilsyn import own
from tilsyn.errors import InputError, UsageError
from tilsyn.parsing import parse_toml
from tilsyn.records import Record, Unfit, build, read_toml
from tilsyn.rules import Catalogue
from tilsyn.rules.catalogue import in_force
from tilsyn.rules.model import AnyMonth, Consecutive, Mean, MeasureCode, Months, Text
from tilsyn.vocabulary import GROUPS, MEASURES, ROWS, TOTAL, YearMonth
from tilsyn.words import Message

MOST_LINES, LONGEST_TITLE = 50, 200


class Line(Record):
    """A line in some months.

    Attributes:
        rule: the rule whose version in force on the plan's first day gives what is left out here.
        while_in_force: whether the line falls away, instead of being refused, on a day when no
            version of its rule is in force.
        measures: which measures.
        groups: which groups; "total" is all of them together. Left out: as the rule judges, without
            a rule the total.
        months: which months; left out: every whole month of the plan.
        threshold: in per cent.
        met_at_threshold: whether exactly the threshold is good enough.
        smallest_population: with fewer persons the line does not hold for a month.
    """

    rule: str | None = None
    while_in_force: bool = False
    measures: tuple[MeasureCode, ...] = ()
    groups: tuple[str, ...] = ()
    months: Months | None = None
    threshold: Decimal | None = Field(default=None, gt=0, lt=100, decimal_places=6)
    met_at_threshold: bool = True
    smallest_population: int | None = Field(default=None, ge=1)

    @field_validator("groups")
    @classmethod
    def _known(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if code not in GROUPS and code != TOTAL.code:
                raise Unfit(
                    Message(
                        "'{code}' is no benefit group, nor '{total}'", code=code, total=TOTAL.code
                    )
                )
        return codes

    @field_validator("measures")
    @classmethod
    def _planned(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if not MEASURES[code].event:
                raise Unfit(Message("'{code}' is not met by conversations or offers", code=code))
        return codes

    @model_validator(mode="after")
    def _whole(self) -> Line:
        if self.rule is None and (not self.measures or self.threshold is None):
            raise Unfit(Message("a line without 'rule' needs 'measures' and 'threshold'"))
        if self.rule is None and self.while_in_force:
            raise Unfit(Message("a line without 'rule' cannot say 'while_in_force'"))
        return self

    def falls_away(self, catalogue: Catalogue, day: dt.date) -> bool:
        """Whether there is no such line on a day, since its rule is not in force."""
        return (
            self.while_in_force
            and self.rule is not None
            and in_force(catalogue[self.rule], day) is None
        )


class Goal(Record):
    """A goal file.

    Attributes:
        margin: percentage points to stay below each threshold, for what cannot be foreseen.
        duty: whether everybody is planned what is due, also where no line needs it.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)
    title: Text
    duty: bool
    margin: Decimal = Field(default=Decimal(0), ge=0, lt=100, decimal_places=6)
    line: tuple[Line, ...] = Field(default=(), max_length=MOST_LINES)

    @field_validator("title")
    @classmethod
    def _of_some_letters(cls, title: Text) -> Text:
        if not title or not all(0 < len(text) <= LONGEST_TITLE for text in title.values()):
            raise Unfit(Message("say it in 1 to {limit} letters", limit=LONGEST_TITLE))
        return title

    @model_validator(mode="after")
    def _something(self) -> Goal:
        if not self.duty and not self.line:
            raise Unfit(Message("a goal without duty needs at least one [[line]]"))
        return self


@dataclass(frozen=True, slots=True)
class Target:
    """A line for one measure, group and month.

    Attributes:
        group: a benefit group or "total".
        threshold, margin: in per cent and percentage points.
        strict: whether exactly the threshold is too much.
        smallest: with fewer persons it does not hold.
    """

    measure: str
    group: str
    month: YearMonth
    threshold: Fraction
    margin: Fraction
    strict: bool
    smallest: int

    def allowed(self, population: int) -> int:
        """How many persons may be unmet, of so many."""
        line = (self.threshold - self.margin) * population / 100
        if line < 0:
            return 0
        if self.strict and not self.margin:
            return max(ceil(line) - 1, 0)
        return int(line)


def shipped() -> dict[str, Goal]:
    """The goals that come with the program, by name."""
    with as_file(files(__package__)) as folder:
        goals = [read_toml(file, Goal) for file in sorted(folder.glob("*.toml"))]
    return {goal.name: goal for goal in goals}


def at_hand() -> dict[str, Goal]:
    """The goals by name: those that come with the program, and one's own before them."""
    mine = [read_toml(file, Goal) for file in own.files("goals")]
    return shipped() | {goal.name: goal for goal in mine}


def parse(data: bytes, name: str) -> Goal:
    """The goal of a file that is at hand.

    Args:
        name: what the file is called.

    Raises:
        InputError: the file is not sound; names the key and the mend.
    """
    return build(Goal, parse_toml(data, file=name), file=name)


def to_toml(goal: Goal) -> str:
    """The text of a goal's file."""
    return tomli_w.dumps(goal.model_dump(exclude_none=True, exclude_defaults=True))


def find(text: str) -> Goal:
    """A goal at hand by its name, or the goal of a file.

    Raises:
        UsageError: it is neither.
        InputError: the file is not sound.
    """
    goals = at_hand()
    if text in goals:
        return goals[text]
    if Path(text).is_file():
        return read_toml(Path(text), Goal)
    raise UsageError(f"--goal: '{text}' is neither a file nor one of the goals {', '.join(goals)}")


def targets(
    goal: Goal,
    catalogue: Catalogue,
    day: dt.date,
    months: Sequence[YearMonth],
    groups: Collection[str],
) -> tuple[Target, ...]:
    """The goal's lines, one for each measure, group and month; of equal ones the lowest.

    Args:
        day: the plan's first day; it picks the rules' versions.
        months: the whole months of the plan.
        groups: the benefit groups there are in the municipality.

    Raises:
        NoRuleError: a rule has no version in force, and its line does not fall away for it.
        InputError: a line asks for months outside the plan, or for more than its rule says.
    """
    found: dict[tuple[str, str, YearMonth], Target] = {}
    for line in goal.line:
        if line.falls_away(catalogue, day):
            continue
        for target in _targets(line, goal, catalogue, day, months, groups):
            key = (target.measure, target.group, target.month)
            if key not in found or target.threshold < found[key].threshold:
                found[key] = target
    return tuple(found[key] for key in sorted(found, key=_order))


def _order(key: tuple[str, str, YearMonth]) -> tuple[int, int, YearMonth]:
    return MEASURES.codes.index(key[0]), ROWS.codes.index(key[1]), key[2]


def _targets(
    line: Line,
    goal: Goal,
    catalogue: Catalogue,
    day: dt.date,
    months: Sequence[YearMonth],
    groups: Collection[str],
) -> Iterator[Target]:
    measures, threshold, strict = line.measures, line.threshold, not line.met_at_threshold
    smallest, judged = line.smallest_population, line.groups
    if line.rule is not None:
        criterion = (version := catalogue.version(line.rule, day)).criterion
        if not isinstance(criterion, Consecutive | Mean | AnyMonth):
            raise InputError(
                Message("the rule {rule} has no line to stay under", rule=line.rule),
                place=goal.name,
            )
        measures = measures or version.measures
        threshold = threshold if threshold is not None else criterion.threshold
        strict = not criterion.met_at_threshold
        smallest = smallest if smallest is not None else criterion.smallest_population
        if not judged and getattr(criterion, "level", "pooled") == "group":
            judged = tuple(code for code in GROUPS.codes if code in groups)
    assert threshold is not None
    for month in line.months or months:
        if month not in months:
            raise InputError(
                Message(
                    "the month {month} is not wholly within the plan ({first} to {last}); "
                    "choose other months or a longer plan",
                    month=month,
                    first=months[0],
                    last=months[-1],
                ),
                place=f"goal {goal.name}",
            )
        for measure in measures:
            for group in judged or (TOTAL.code,):
                yield Target(
                    measure,
                    group,
                    month,
                    Fraction(threshold),
                    Fraction(goal.margin),
                    strict,
                    smallest or 1,
                )
