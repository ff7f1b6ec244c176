"""What a plan comes to, without a pseudonym: for files, pages, documents and its own progress.

Whoever reads it does not wait for the solver's libraries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w
from pydantic import Field

from tilsyn.planning.weeks import Weeks
from tilsyn.planning.words import words
from tilsyn.records import Record, read_toml
from tilsyn.rules.model import MeasureCode
from tilsyn.vocabulary import YearMonth
from tilsyn.vocabulary.wording import decimal

if TYPE_CHECKING:
    import polars as pl

FILE, WORKLIST, DUTIES, MILESTONES = (
    "plan.toml",
    "worklist.parquet",
    "duty.parquet",
    "milestones.toml",
)


class Figures(Record):
    """What a plan comes to; `lacking` counts persons who lack something in some month, gap is a share."""

    conversations: int
    offers: int
    booked: int
    persons: int
    over: int
    lost: int
    lacking_without: int
    lacking: int
    lacking_at_best: int
    gap: float
    ended_by_clock: bool


class Alternative(Figures):
    """What another plan beside it comes to, by the change that was asked for ("capacity+20%")."""

    name: str


class LineFigures(Record):
    """What becomes of a line in a month.

    Attributes:
        threshold: in per cent; None in files of earlier versions.
        strict: whether exactly the threshold is too much.
        population: persons known when the plan was made.
        smallest: with fewer persons the line does not hold; 1 in files of earlier versions.
        holds: whether there are as many.
        without, planned, allowed: unmet without the plan and with it, and how many may be.
        over: how many persons too many there are; 0 where the line does not hold.
        lost: how many of those no capacity could have met.
    """

    measure: str
    group: str
    month: str
    threshold: float | None = None
    strict: bool = False
    population: int
    smallest: int = 1
    holds: bool
    without: int
    planned: int
    allowed: int
    over: int
    lost: int


class Load(Record):
    """Room for a kind in a unit and week, and what takes it; the unit of everybody else has no name."""

    unit: str
    kind: str
    week: str
    monday: dt.date
    room: int
    planned: int
    booked: int

    @property
    def free(self) -> int:
        """What is left; bookings may go beyond the room."""
        return max(0, self.room - self.planned - self.booked)


class Count(Record):
    """Persons of a measure, group and month who are unmet.

    Attributes:
        whole: whether the month ends within the plan's weeks; of others it sees a part only.
        without: if nothing more is done than is booked.
        planned: when the plan is carried out.
        best: if everybody who can be met is.
    """

    measure: str
    group: str
    month: str
    whole: bool = True
    population: int
    without: int
    planned: int
    best: int

    def share(self, unmet: int) -> float | None:
        """So many of them in per cent; None of nobody."""
        return 100 * unmet / self.population if self.population else None


class DueCount(Record):
    """How many persons something is due to in a measure, by what becomes of it.

    Attributes:
        state: "planned", "partly", "no_room" or "too_late".
        persons: how many.
        outside: of these, whom no line of the goal counts.
    """

    measure: str
    state: str
    persons: int
    outside: int


class Help(Record):
    """What would help, as far as something was found; see `tilsyn.planning.advice.Advice`."""

    least_capacity_percent: int | None = None
    capacity_percent: int | None = None
    margin: float | None = None
    first_month: str | None = None


class PlanRecord(Record):
    """A plan's record. A folder made by command has the lists as files of their own beside it.

    Attributes:
        first: the plan's first day.
        goal: its name.
        content: of the store it was made from.
        persons: on a benefit as it begins.
        figures, lines, others: `plan`, `line` and `what_if` of the file.
        advice: where a line is not held.
        load, counts: by unit, kind and week; by measure, group and month.
        due: what is due to everybody, also those whom no line counts.
        teams: that have call-ins; persons without one have an empty name.
    """

    municipality: str
    first: dt.date
    weeks: int
    goal: str
    content: str
    persons: int = 0
    figures: Figures = Field(alias="plan")
    lines: tuple[LineFigures, ...] = Field(default=(), alias="line")
    advice: Help = Help()
    others: tuple[Alternative, ...] = Field(default=(), alias="what_if")
    load: tuple[Load, ...] = ()
    counts: tuple[Count, ...] = ()
    due: tuple[DueCount, ...] = ()
    teams: tuple[str, ...] = ()

    @property
    def last(self) -> dt.date:
        """The last day of the last week."""
        return Weeks.beginning(self.first, self.weeks).last

    @property
    def forecast(self) -> tuple[Count, ...]:
        """The counts of the whole months."""
        return tuple(count for count in self.counts if count.whole)

    def summary(self) -> dict[str, Any]:
        """The record without the tables that stand in files of their own, as plain values."""
        tables = {"load", "counts", "due", "teams"}
        return self.model_dump(by_alias=True, exclude_none=True, exclude=tables)

    def as_json(self) -> bytes:
        """The whole record."""
        return self.model_dump_json(by_alias=True).encode()


def read(folder: Path) -> PlanRecord:
    """The record of a folder that was made by command.

    Raises:
        InputError: it is none.
    """
    return read_toml(folder / FILE, PlanRecord)


def to_toml(values: dict[str, Any]) -> bytes:
    """Plain values as a file."""
    return tomli_w.dumps(values).encode()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which call-ins are looked at or handed out: a week's, a team's, or all.

    Attributes:
        week: "2024-W27"; empty: every week.
        team: None: everybody; the team without a name is of those without one.
    """

    week: str = ""
    team: str | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not self.week and self.team is None

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows that are selected, in their order."""
        if self.week:
            rows = rows.filter(rows["week"] == self.week)
        return rows if self.team is None else rows.filter(rows["team"] == self.team)

    def in_words(self, language: str) -> str:
        """The selection in words: "uge 27, 2024, team Nord"."""
        say = words(language)["choice"]
        year, _, number = self.week.partition("-W")
        week = say["week"].format(number=int(number), year=year) if self.week else say["every_week"]
        if self.team is None:
            return f"{week}, {say['every_team']}"
        return f"{week}, {say['team'].format(team=self.team) if self.team else say['no_team']}"

    @property
    def slug(self) -> str:
        """The selection as the end of a file's name: "-2024-W27-Nord"; empty for the whole."""
        parts = [part for part in (self.week, self.team) if part is not None and part != ""]
        if self.team == "":
            parts.append("0")
        text = "".join(f"-{part}" for part in parts)
        return "".join(sign if sign.isalnum() or sign == "-" else "_" for sign in text)


EVERYTHING = Selection()


class WeekProgress(Record):
    """A week's call-ins to conversations or offers, held against what was done.

    Attributes:
        team: whose they are; empty for persons without one, and where teams are not told apart.
        week: "2024-W27".
        planned: how many there are.
        held, late: of these, held (or begun) by their last day, and after it.
        left: not held, and the person is on no benefit any more.
    """

    team: str = ""
    week: str
    kind: str
    planned: int
    held: int
    late: int
    left: int

    @property
    def missing(self) -> int:
        """Neither held nor given up."""
        return self.planned - self.held - self.late - self.left


class Milestone(Record):
    """What is planned for one measure, group and month; a plan lets a municipality promise it.

    Attributes:
        group: a benefit group or "total".
        month: as text, "2023-09".
        population: persons known when the plan was made.
        unmet, share: how many of them, and how many per cent, lack what is required when the plan
            is carried out.
    """

    measure: MeasureCode
    group: str
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    population: int = Field(ge=0)
    unmet: int = Field(ge=0)
    share: Decimal = Field(ge=0, le=100)


class Milestones(Record):
    """A milestones file."""

    milestones: tuple[Milestone, ...]


def find_milestone(
    given: Iterable[Milestone], measure: str, group: str, month: YearMonth
) -> Milestone | None:
    """The milestone of a measure, group and month, if there is one."""
    wanted = (measure, group, str(month))
    return next((m for m in given if (m.measure, m.group, m.month) == wanted), None)


def milestones_file(made: PlanRecord) -> bytes:
    """Every figure of a plan's whole months, so that any subject finds its own."""
    return to_toml(
        {
            "milestones": [
                {
                    "measure": c.measure,
                    "group": c.group,
                    "month": c.month,
                    "population": c.population,
                    "unmet": c.planned,
                    "share": float(decimal(100 * c.planned / c.population)),
                }
                for c in made.forecast
                if c.population
            ]
        }
    )


def read_milestones(file: Path) -> tuple[Milestone, ...]:
    """The milestones of a file.

    Raises:
        InputError: names the file, the key and the mend.
    """
    return read_toml(file, Milestones).milestones
