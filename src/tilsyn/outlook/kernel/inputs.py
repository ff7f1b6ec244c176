"""What the simulation works on: rates, draws common to all persons, room, and what it finds."""

from __future__ import annotations

from typing import Any, NamedTuple

from tilsyn.outlook.kernel.frailty import Frailty
from tilsyn.outlook.kernel.random import CountTable


class Inputs(NamedTuple):
    """What may happen in one municipality, for one measure. H coming months.

    Attributes:
        leaving: group x band: the chance of a month being the last.
        bands: first week of each duration band.
        rate: group x class of stay: events in a month of an even year.
        frailty: how persons differ in them.
        usual: months back (the latest first): the season's factor, and the share registered.
        season: H: the season's factor.
        variance: group: of the rates' level, as a share of its square.
        overdispersion, autocorrelation: the common spread of a month's events, and the part of it
            that lasts a month.
        unreported: months back (the latest first): the share of events not registered yet.
        left: the part of the first coming month that is still to come.
        unreported_now: the share not registered yet of what happened earlier in that month.
        enough: H: hundredths of hours that are enough; 0: hours do not count.
        usual_hours: group x sample: hundredths of hours that persons of the group have in a month.
        by_hours: group: the share of persons without enough events who meet by hours.
        coming: group x H: persons who come in the month and may be in the population by the end.
        entrant_first: where each group begins among the entrants.
        entrant_upto: group x H: how many of them, who have the most weeks, may be in the population.
        entrant_weeks: by entrant: completed weeks on entry.
        entrant_before: entrant x month: events before entry, the latest first.
        entrant_counted: by entrant: those of them since the run began.
        required: group x H: events required of them.
        seniority: weeks of seniority that are reached or had.
        reaching: whether reaching the seniority counts.
        window: months of the window; 0: since the run's start.
    """

    leaving: Any
    bands: Any
    rate: Any
    frailty: Frailty
    usual: Any
    season: Any
    variance: Any
    overdispersion: float
    autocorrelation: float
    unreported: Any
    left: float
    unreported_now: float
    enough: Any
    usual_hours: Any
    by_hours: Any
    coming: Any
    entrant_first: Any
    entrant_upto: Any
    entrant_weeks: Any
    entrant_before: Any
    entrant_counted: Any
    required: Any
    seniority: float
    reaching: bool
    window: int


class Draws(NamedTuple):
    """What is common to all persons in a simulation.

    Attributes:
        pace: group x simulation x month: more or less events than in an even year.
        coming: group x simulation x month: how many persons come.
        own: shape x quantile: a person's own factor (`gamma_quantiles`).
        shapes: the gammas' shapes.
        counts: how many events a month has by what is to be expected of it.
    """

    pace: Any
    coming: Any
    own: Any
    shapes: Any
    counts: CountTable


class Workspace(NamedTuple):
    """Room for what is worked out once for a person.

    Attributes:
        leaving: H: what each month takes of the person's lifetime on the benefit.
        rate: H: events in a whole month of an even year, by time in the place.
        enough: H: how many new events make those of a month and all later ones matter no more.
        events: events by month, `KEPT_MONTHS` before the first coming one.
        hours: H: hundredths of hours that are worked in each month.
        worked: H: hundredths worked already in the window of each month.
        late: months back (the latest first, cumulated): the chance of an event not registered yet.
        risks: by band: what a month takes of the lifetime of who comes.
        sure: by month of entry: the chance of a newcomer to leave too soon, at the least.
        seed: one number.
    """

    leaving: Any
    rate: Any
    enough: Any
    events: Any
    hours: Any
    worked: Any
    late: Any
    risks: Any
    sure: Any
    seed: Any


class Simulated(NamedTuple):
    """What was simulated; arrays of group x simulation x month, added to.

    Attributes:
        population: persons in the population.
        unmet: of them, if things go on as lately.
        best: those of them for whom it is too late already.
        nothing_more: unmet if nothing more is done than what has been.
    """

    population: Any
    unmet: Any
    best: Any
    nothing_more: Any
