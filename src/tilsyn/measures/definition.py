"""The shape of a measure definition: what a TOML file of ``definitions/`` may say.

A measure is a population (by seniority), the events counted in a window, the number required and
categories by number. What is dated is a list of records; the one with the latest ``from`` on or
before the measured month is in force. An unknown key is an error.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    model_validator,
)

from tilsyn.records import Record
from tilsyn.register.coding import DUTIES, OFFER_KINDS, REASONS, TYPES, VISITATION_CODES
from tilsyn.vocabulary import GROUPS, MEASURES, TOTAL, Measure, YearMonth
from tilsyn.vocabulary.measures import Numbers

SINCE_EVER = YearMonth(1900, 1)


def _listed(what: str, codes: Sequence[str]) -> AfterValidator:
    def known(code: str) -> str:
        if code not in codes:
            raise ValueError(f"'{code}' is no {what}; known are: {', '.join(filter(None, codes))}")
        return code

    return AfterValidator(known)


Group = Annotated[str, _listed("benefit group", GROUPS.codes)]
Visitation = Annotated[str, _listed("visitation category", VISITATION_CODES)]
Reason = Annotated[str, _listed("reason of an exemption by decision", REASONS[1:])]
Duty = Annotated[str, _listed("duty", DUTIES)]
Month = Annotated[
    YearMonth, BeforeValidator(lambda v: YearMonth.parse(v) if isinstance(v, str) else v)
]


class Dated(Record):
    """A record in force from a measured month on."""

    since: Month = Field(SINCE_EVER, alias="from")


D = TypeVar("D", bound=Dated)


def in_force(records: Sequence[D], month: YearMonth) -> D:
    """The record in force in a month; records stand in the order of their months."""
    return [record for record in records if record.since <= month][-1]


def _in_order(records: tuple[D, ...]) -> tuple[D, ...]:
    if records and records[0].since != SINCE_EVER:
        raise ValueError("the first record must be in force since ever: leave out its 'from'")
    if any(later.since <= earlier.since for earlier, later in pairwise(records)):
        raise ValueError("records must stand in the order of their 'from'")
    return records


class Counting(Dated):
    """Which conversation types (numbers) or offer kinds (codes) count."""

    codes: tuple[int | str, ...]


Number = Annotated[int, Field(ge=0, le=100)]


class Required(Dated):
    """How many events are required, by group where they differ."""

    events: Number
    groups: dict[Group, Number] = Field(default_factory=dict)


class Hours(Dated):
    """So many ordinary hours in the window's months are enough without an event."""

    enough: float = Field(gt=0)


class Bands(Dated):
    """Duration bands, by the completed week each begins with."""

    weeks: tuple[int, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> Bands:
        if self.weeks[0] != 0 or any(b <= a for a, b in pairwise(self.weeks)):
            raise ValueError("weeks must begin with 0 and rise")
        return self

    @property
    def categories(self) -> tuple[str, ...]:
        """The bands' names: "0-8", ..., "105+"."""
        inner = (f"{a}-{b - 1}" for a, b in pairwise(self.weeks))
        return (*inner, f"{self.weeks[-1]}+")


def _is_type(code: int | str) -> bool:
    return isinstance(code, int) and 0 <= code < TYPES


class Events(Record):
    """What is counted, and how.

    Attributes:
        counted: ``distinct_days`` (conversations), ``overlapping`` the window or ``starting`` in
            it (offers).
    """

    table: Literal["conversations", "offers"]
    counted: Literal["distinct_days", "overlapping", "starting"]
    counting: Annotated[tuple[Counting, ...], AfterValidator(_in_order)] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_of_table(self) -> Events:
        if (self.counted == "distinct_days") != (self.table == "conversations"):
            raise ValueError("conversations are counted by distinct_days, offers are not")
        for record in self.counting:
            for code in record.codes:
                if self.table == "offers" and code not in OFFER_KINDS:
                    raise ValueError(
                        f"'{code}' is no offer kind; known are: {', '.join(OFFER_KINDS)}"
                    )
                if self.table == "conversations" and not _is_type(code):
                    raise ValueError(
                        f"'{code}' is no conversation type; types are numbers from 0 to {TYPES - 1}"
                    )
        return self


Text = Annotated[str, Field(max_length=300)]


class Words(Record):
    """What a measure of one's own is called; what is missing is told all at once.

    Attributes:
        da, en: the name in tables.
        da_unmet, en_unmet: what those counted as unmet got, as a sentence says it.
    """

    da: Text = ""
    en: Text = ""
    da_unmet: Text = ""
    en_unmet: Text = ""


class Outcomes(Record):
    """Of those counted, whoever has not got what is required is exempted by decision, or missed.

    Attributes:
        exempted_by: the reasons of exemptions (of the measure's scope) that make a person exempted
            where they overlap the window and were decided on its last day or earlier.
    """

    exempted_by: tuple[Reason, ...] = ()


class SoonBack(Record):
    """Whoever has a job, and is expected back there by both, is left out.

    Attributes:
        under_weeks: where they expect fewer weeks than this.
    """

    under_weeks: Decimal = Field(gt=0, le=1000, decimal_places=2)


class Definition(Record):
    """One measure.

    Attributes:
        words: of a measure of one's own, and of no other.
        valid_from: there are no figures of it before this day's month.
        population: ``at_least`` the seniority, in every month of it; ``reaching`` it, in that
            month; ``deadline``: whose run has its deadline in the month and lasts to it; ``placed``:
            everybody on a benefit.
        window_months: how long the window of ``at_least`` is; that of ``reaching`` is from the
            run's start to the day before the seniority is reached.
        window: of ``at_least``: so many calendar months, the measured one included, or
            (``rolling``) those to the latest benefit day, never before the run's start. Hours count
            in each month with a day in the window.
        exemption: persons exempted from this on the placement day are left out; decisions count
            for `outcomes` alone.
        groups: the groups it is measured for; empty: all.
        placed_as: the same, with the visitation categories of each group (none: all of them);
            other groups have no rows.
        takeover: the groups in which window and deadline begin with the municipality's take-over.
            Not known: the run's start (``reaching``), or not counted (``deadline``); after the
            window's last day: not counted.
        deadline_days: by group, how many days after the beginning the deadline is.
        requirement_picked_by: whether runs that began before `valid_from` are counted
            (``day_reached``) or not (``run_start``).
        under_duty, not_under_duty: only persons, or no persons, with this duty on the placement day.
        soon_back: who is left out, on the spell of placement (all, where several tie).
        outcomes: None: met and unmet alone.
    """

    measure: str = Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")
    words: Words | None = None
    valid_from: dt.date | None = None
    population: Literal["at_least", "reaching", "deadline", "placed"]
    seniority_months: int = Field(0, ge=0, le=120)
    window_months: int = Field(0, ge=0, le=120)
    window: Literal["calendar_months", "rolling"] = "calendar_months"
    exemption: Literal["offers", "conversations"] | None = None
    groups: tuple[Group, ...] = ()
    placed_as: dict[Group, tuple[Visitation, ...]] = Field(default_factory=dict)
    takeover: tuple[Group, ...] = ()
    deadline_days: dict[Group, Annotated[int, Field(ge=0, le=366)]] = Field(default_factory=dict)
    requirement_picked_by: Literal["day_reached", "run_start"] = "day_reached"
    under_duty: Duty | None = None
    not_under_duty: Duty | None = None
    soon_back: SoonBack | None = None
    outcomes: Outcomes | None = None
    events: Events | None = None
    required: Annotated[tuple[Required, ...], AfterValidator(_in_order)] = ()
    hours: Annotated[tuple[Hours, ...], AfterValidator(_in_order)] = ()
    bands: Annotated[tuple[Bands, ...], AfterValidator(_in_order)] = ()

    @model_validator(mode="after")
    def _whole(self) -> Definition:
        placed = self.population == "placed"
        wanted = {
            "bands": placed,
            "events": not placed,
            "required": not placed,
            "window_months": self.population == "at_least",
            "deadline_days": self.population == "deadline",
        }
        if self.population != "at_least":  # of which no seniority is everybody
            wanted["seniority_months"] = self.population == "reaching"
        if self.population in ("at_least", "placed"):
            wanted |= {"takeover": False, "soon_back": False}
        if placed:
            wanted |= {"placed_as": False, "under_duty": False, "not_under_duty": False}
            wanted |= {"outcomes": False}
        if self.placed_as:
            wanted["groups"] = False
        if self.window == "rolling" and self.population != "at_least":
            raise ValueError("'window' has a meaning with population = \"at_least\" only")
        for key, needed in wanted.items():
            if bool(getattr(self, key)) != needed:
                raise ValueError(
                    f"'{key}' {'is needed' if needed else 'has no meaning'} "
                    f'with population = "{self.population}"'
                    + (" and placed_as" if key == "groups" else "")
                )
        for key in ("takeover", "deadline_days"):
            if others := set(getattr(self, key)) - set(self.placed_as or GROUPS.codes):
                raise ValueError(f"'{key}' names {others.pop()}, which placed_as does not")
        if self.requirement_picked_by == "run_start" and not (
            self.valid_from and self.population in ("reaching", "deadline")
        ):
            raise ValueError(
                "'requirement_picked_by' asks for a valid_from and a population that begins with a run"
            )
        if self.outcomes and self.outcomes.exempted_by and not self.exemption:
            raise ValueError("'exempted_by' needs an 'exemption', the scope of what is decided")
        if self.hours and self.population != "at_least":
            raise ValueError("'hours' has a meaning with population = \"at_least\" only")
        if any(record.weeks != self.bands[0].weeks for record in self.bands):
            raise ValueError("the bands of a measure cannot change; make another measure of them")
        return self

    @property
    def official(self) -> bool:
        """Whether it has the code of an official measure."""
        return self.measure in MEASURES and MEASURES[self.measure].official

    @property
    def named(self) -> Measure:
        """The measure in words; those it has not are empty."""
        if self.official:
            return MEASURES[self.measure]
        return Measure(
            code=self.measure,
            **(self.words or Words()).model_dump(),
            event=self.events.table if self.events else "",
            population=self.population,
            seniority_months=self.seniority_months,
            groups=self.measured_groups,
            valid_from=self.valid_from,
            categories=self.categories,
            numbers=tuple(self._numbers()),
        )

    def _numbers(self) -> Iterator[Numbers]:
        """Which persons by number are unmet; disclosure control rests on it."""
        measured = self.measured_groups or GROUPS.codes
        by_group = any(record.groups for record in self.required)
        for record in self.required:
            since = dt.date.min if record.since == SINCE_EVER else record.since.first
            asked = {group: record.groups.get(group, record.events) for group in measured}
            most, least = max(asked.values()), min(asked.values())
            rows = {TOTAL.code: most, **asked} if by_group else {"": most}
            for group, number in rows.items():
                numbers = self.categories[:number]
                exact = not self.hours and not (group == TOTAL.code and least < most)
                yield Numbers(
                    group=group,
                    valid_from=since,
                    **({"equals": numbers} if exact else {"at_most": numbers}),
                    at_least=() if exact or self.hours else self.categories[:least],
                )

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Its categories, in order; the last one is open.

        By number: up to what is required of anybody, and more than that as one.
        """
        if self.official:
            return MEASURES[self.measure].categories
        if self.bands:
            return self.bands[0].categories
        most = max(max(record.events, *record.groups.values(), 0) for record in self.required)
        return (*(str(number) for number in range(most + 1)), f"{most + 1}+")

    @property
    def measured_groups(self) -> tuple[str, ...]:
        """The groups it is measured for; empty: all."""
        return self.groups or tuple(self.placed_as)

    @property
    def statistics(self) -> tuple[str, ...]:
        """What its counts are of, beside persons by number."""
        if self.population == "placed":
            return ()
        return ("unmet", "exempted") if self.outcomes else ("unmet",)

    @property
    def by_seniority_alone(self) -> bool:
        """Whether seniority and group say who is counted, and all that is required is a number."""
        return (
            self.population in ("at_least", "reaching")
            and self.seniority_months > 0
            and not (self.placed_as or self.takeover or self.soon_back or self.outcomes)
            and not (self.under_duty or self.not_under_duty)
        )

    @property
    def window_reach(self) -> int | None:
        """How many calendar months before the measured one its window begins; None without one."""
        back = {
            "at_least": self.window_months - (self.window == "calendar_months"),
            "reaching": self.seniority_months,
            "deadline": -(-max(self.deadline_days.values(), default=0) // 28),
        }
        return back.get(self.population)


class Elapsed(Record):
    """Groups whose months pass from the run's start."""

    broken_by: int = Field(ge=1, le=120)
    continues: dict[Group, Group] = Field(default_factory=dict)


class Accumulated(Record):
    """Groups whose benefit days add up."""

    broken_by: int = Field(ge=1, le=120)
    days_a_year: int = Field(ge=1, le=366)
    days: dict[int, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)

    def days_of(self, months: int) -> int:
        """After how many benefit days so many months are reached; a part of a day is a whole."""
        return self.days.get(months, -(-self.days_a_year * months // 12))


class Seniority(Dated):
    """How time on each benefit adds up; the list of groups says which way each goes.

    Attributes:
        gap: what begins a new run: `broken_by` whole calendar months (a group not named), or any
            day without the benefit (``adjoining``).
    """

    elapsed: Elapsed
    accumulated: Accumulated
    gap: dict[Group, Literal["calendar_month", "adjoining"]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _both_elapsed(self) -> Seniority:
        for pair in self.elapsed.continues.items():
            if any(GROUPS[code].seniority != "elapsed" for code in pair):
                raise ValueError(f"{pair[0]} can continue {pair[1]} only where both are elapsed")
        return self


class SeniorityFile(Record):
    """The file ``seniority.toml``."""

    rule: Annotated[tuple[Seniority, ...], AfterValidator(_in_order)] = Field(min_length=1)
