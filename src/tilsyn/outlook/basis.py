"""The basis of an outlook: what one pass over a register tells of its past and its coming months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from tilsyn.measures.definition import Definition
from tilsyn.measures.definitions import Definitions
from tilsyn.outlook import reporting_delay
from tilsyn.outlook import trajectories as following
from tilsyn.outlook.event_rates import EventRates, Exposure, event_rates, exposure
from tilsyn.outlook.hazards import Hazards, Movements, hazards, movements
from tilsyn.outlook.history import GROUPS, history
from tilsyn.outlook.situation import Projection, Situation, coming, first_coming, parts, project
from tilsyn.outlook.trajectories import Trajectories, trajectories
from tilsyn.register.store import Store
from tilsyn.vocabulary import MonthRange, YearMonth
from tilsyn.work.spreading import Done, Threads, nothing

HISTORY = 36
"""Months of the past that habits are read from."""

PANEL = 4000
"""Persons of the whole register, at most, who are followed one by one to see how they differ."""

PRIOR_PERSONS = 30
"""Persons' worth by which a municipality's share who meet by hours is drawn towards all."""


@dataclass(frozen=True)
class Counted:
    """What is counted of some persons' past; that of several buckets adds up.

    Attributes:
        without_events: see `without_events`.
        figures: measure x municipality x group x month x (population, unmet), as known on the day.
    """

    movements: Movements
    exposure: Exposure
    delays: Any
    without_events: Any
    figures: Any

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.movements + other.movements,
            self.exposure + other.exposure,
            self.delays + other.delays,
            self.without_events + other.without_events,
            self.figures + other.figures,
        )


@dataclass(frozen=True)
class Basis:
    """What is known on a day, and what is expected from it.

    Attributes:
        on: the day.
        past: months that are over, which habits are read from.
        months: the coming ones.
        definitions: the measures; `measures` names them in order.
        municipalities: codes, by index.
        persons: those in coming places; `usual_hours` are theirs by measure and group.
        counted: the past in numbers.
        reported: table x month: the share of its events that is registered.
    """

    on: dt.date
    past: MonthRange
    months: MonthRange
    definitions: Definitions
    municipalities: tuple[int, ...]
    persons: Trajectories
    counted: Counted
    hazards: Hazards
    rates: EventRates
    reported: Any
    usual_hours: Any

    @property
    def demanding(self) -> tuple[Definition, ...]:
        """The definitions of the measures that require something, in order."""
        return tuple(d for d in self.definitions.measures if d.population != "placed")

    @property
    def measures(self) -> tuple[str, ...]:
        """Their codes."""
        return tuple(d.measure for d in self.demanding)

    def persons_of(self, municipality: int) -> Trajectories:
        """The persons of a municipality (code), of all measures."""
        return self.persons.where(self.persons.municipality == municipality)

    def without_persons(self) -> Basis:
        """What is known and expected, without anybody in the coming places."""
        return replace(self, persons=self.persons.where(slice(0, 0)))

    @property
    def tables(self) -> Any:
        """By measure: which of `reporting_delay.TABLES` its events stand in."""
        return tables(self.definitions)


def gather(
    store: Store,
    on: dt.date,
    months: int,
    definitions: Definitions,
    *,
    done: Done = nothing,
) -> Basis:
    """Read what an outlook needs, in one pass over a store.

    Args:
        store: the register.
        on: the day; nothing later is seen.
        months: how many coming months.
        definitions: the measures, durations among them; those that ask of more than seniority and
            group cannot be foretold and are left out.
        done: called after each bucket.
    """
    definitions = definitions.by_seniority_alone()
    last = first_coming(on) - 1
    earliest = max(last - (HISTORY - 1), YearMonth(1991, 1))
    past, ahead = MonthRange(earliest, last), coming(on, months)
    work = partial(
        _of, definitions=definitions, municipalities=store.municipalities, past=past, ahead=ahead,
        panel=-(-PANEL // len(store.parts)),
    )  # fmt: skip
    found: list[Trajectories] = []
    counted: Counted | None = None
    read = parts(store, on, since=earliest, named=False)
    # Counts are added up as they come: a country must fit in memory.
    for persons, more in Threads().over(read, work, done=done):
        found.append(persons)
        counted = more if counted is None else counted + more
    assert counted is not None, "a store has at least one bucket"
    counted = replace(counted, movements=counted.movements.in_order())
    persons = following.joined(found)
    reported = reporting_delay.reported(counted.delays, on, MonthRange(past.first, ahead.first))
    calendar = np.array([m.month - 1 for m in past])
    table = tables(definitions)
    return Basis(
        on, past, ahead, definitions, store.municipalities, persons, counted,
        hazards(counted.movements),
        event_rates(counted.exposure, reported[table, :-1], calendar),
        reported,
        following.usual_hours(persons, len(table)),
    )  # fmt: skip


def tables(definitions: Definitions) -> Any:
    """By measure: which of `reporting_delay.TABLES` its events stand in."""
    return np.array(
        [reporting_delay.TABLES.index(d.events.table) for d in definitions.measures if d.events]
    )


def _of(
    situation: Situation,
    definitions: Definitions,
    municipalities: tuple[int, ...],
    past: MonthRange,
    ahead: MonthRange,
    panel: int,
) -> tuple[Trajectories, Counted]:
    """A bucket's trajectories, and what is counted of its past."""
    lived = history(situation, definitions, municipalities, past)
    recent = MonthRange.ending(past.last, min(24, len(past)))
    measured = project(situation, definitions, recent)
    places = project(situation, definitions, ahead)
    return trajectories(places, lived, situation), Counted(
        movements(lived),
        exposure(lived, panel),
        reporting_delay.delays(situation),
        without_events(measured, municipalities),
        figures(measured, municipalities),
    )


def figures(measured: Projection, municipalities: tuple[int, ...]) -> Any:
    """Measure x municipality x group x month x (population, unmet) of some places."""
    shape = (len(measured.measures), len(municipalities), GROUPS, len(measured.months))
    index = np.searchsorted(np.array(municipalities), measured.municipality)
    at = np.ravel_multi_index((measured.measure, index, measured.group, measured.month), shape)
    size = int(np.prod(shape))
    both = [np.bincount(rows, minlength=size).reshape(shape) for rows in (at, at[~measured.met])]
    return np.stack(both, axis=-1)


def without_events(measured: Projection, municipalities: tuple[int, ...]) -> Any:
    """Measure x municipality x group x (persons without enough events, met by hours of them).

    Counts of person-months; those of several buckets add up.
    """
    shape = (len(measured.measures), len(municipalities), GROUPS)
    index = np.searchsorted(np.array(municipalities), measured.municipality)
    short = measured.counted < measured.required
    at = np.ravel_multi_index((measured.measure, index, measured.group), shape)
    size = int(np.prod(shape))
    counts = [np.bincount(at[mask], minlength=size) for mask in (short, short & measured.met)]
    return np.stack([count.reshape(shape) for count in counts], axis=-1)


def by_hours(counted: Any, municipality: int) -> Any:
    """Measure x group: the share of persons without enough events who meet by hours."""
    whole = counted.sum(axis=1)
    share = whole[..., 1] / np.maximum(whole[..., 0], 1)
    mine = counted[:, municipality]
    return (mine[..., 1] + PRIOR_PERSONS * share) / (mine[..., 0] + PRIOR_PERSONS)
