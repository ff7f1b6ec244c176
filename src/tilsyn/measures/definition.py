"""The shape of a measure definition: what a TOML file of ``definitions/`` may say.

A measure is a population (by seniority), the events counted in a window, the number required and
categories by number. What is dated is a list of records; the one with the latest ``from`` on or
before the measured month is in force. An unknown key is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from tilsyn.register.coding import OFFER_KINDS
from tilsyn.vocabulary import GROUPS, MEASURES, YearMonth

SINCE_EVER = YearMonth(1900, 1)


def _group(code: str) -> str:
    if code not in GROUPS:
        raise ValueError(f"'{code}' is no benefit group; known are: {', '.join(GROUPS.codes)}")
    return code


Group = Annotated[str, AfterValidator(_group)]
Month = Annotated[
    YearMonth, BeforeValidator(lambda v: YearMonth.parse(v) if isinstance(v, str) else v)
]


class Strict(BaseModel):
    """A record in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Dated(Strict):
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


class Required(Dated):
    """How many events are required, by group where they differ."""

    events: int = Field(ge=0)
    groups: dict[Group, int] = {}


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
    return isinstance(code, int) and 0 <= code < 2**15


class Events(Strict):
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
                        f"'{code}' is no conversation type; types are numbers from 0 to 32767"
                    )
        return self


class Definition(Strict):
    """One measure.

    Attributes:
        population: ``at_least`` the seniority, in every month of it; ``reaching`` it, in that
            month; ``placed``: everybody on a benefit.
        window_months: calendar months back, the measured one included (``at_least``); the window
            of ``reaching`` is from the run's start to the day before the seniority is reached.
        exemption: persons exempted from this on the placement day are left out.
        groups: the groups it is measured for; empty: all.
    """

    measure: str
    population: Literal["at_least", "reaching", "placed"]
    seniority_months: int = Field(0, ge=0, le=120)
    window_months: int = Field(0, ge=0, le=120)
    exemption: Literal["offers", "conversations"] | None = None
    groups: tuple[Group, ...] = ()
    events: Events | None = None
    required: Annotated[tuple[Required, ...], AfterValidator(_in_order)] = ()
    hours: Annotated[tuple[Hours, ...], AfterValidator(_in_order)] = ()
    bands: Annotated[tuple[Bands, ...], AfterValidator(_in_order)] = ()

    @model_validator(mode="after")
    def _whole(self) -> Definition:
        if self.measure not in MEASURES:
            raise ValueError(
                f"'{self.measure}' is no known measure; name it in the vocabulary first"
            )
        placed = self.population == "placed"
        wanted = {
            "bands": placed,
            "events": not placed,
            "required": not placed,
            "seniority_months": not placed,
            "window_months": self.population == "at_least",
        }
        for key, needed in wanted.items():
            if bool(getattr(self, key)) != needed:
                raise ValueError(
                    f"'{key}' {'is needed' if needed else 'has no meaning'} "
                    f'with population = "{self.population}"'
                )
        if self.hours and self.population != "at_least":
            raise ValueError("'hours' has a meaning with population = \"at_least\" only")
        for record in self.bands:
            if record.categories != self.categories:
                raise ValueError(
                    f"the bands {', '.join(record.categories)} are not the categories of "
                    f"{self.measure}: {', '.join(self.categories)}"
                )
        return self

    @property
    def categories(self) -> tuple[str, ...]:
        """Its categories, in order; the last one is open."""
        return MEASURES[self.measure].categories

    @property
    def window_reach(self) -> int | None:
        """How many calendar months before the measured one its window begins; None without one."""
        back = {"at_least": self.window_months - 1, "reaching": self.seniority_months}
        return back.get(self.population)


class Elapsed(Strict):
    """Groups whose months pass from the run's start."""

    broken_by: int = Field(ge=1, le=120)
    groups: tuple[Group, ...]
    continues: dict[Group, Group] = {}


class Accumulated(Strict):
    """Groups whose benefit days add up."""

    broken_by: int = Field(ge=1, le=120)
    groups: tuple[Group, ...]
    days: dict[int, int]


class Seniority(Dated):
    """How time on each benefit adds up."""

    elapsed: Elapsed
    accumulated: Accumulated

    @model_validator(mode="after")
    def _every_group_once(self) -> Seniority:
        if sorted((*self.elapsed.groups, *self.accumulated.groups)) != sorted(GROUPS.codes):
            raise ValueError("every benefit group must stand once, elapsed or accumulated")
        for pair in self.elapsed.continues.items():
            if not set(pair) <= set(self.elapsed.groups):
                raise ValueError(f"{pair[0]} can continue {pair[1]} only where both are elapsed")
        return self


class SeniorityFile(Strict):
    """The file ``seniority.toml``."""

    rule: Annotated[tuple[Seniority, ...], AfterValidator(_in_order)] = Field(min_length=1)
