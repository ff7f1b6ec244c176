"""What the simulation works on: the odds, the room it needs and what it finds, as arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

from tilsyn.outlook.kernel.chance import Happenings
from tilsyn.outlook.kernel.eager import Traits


class Odds(NamedTuple):
    """What may happen in one municipality, for one measure. H coming months.

    Attributes:
        leaving: group x band: the chance of a month being the last.
        bands: first week of each duration band.
        moving: group: the chance of who is there now to be in another place by the end of a month.
        slipping: group x (the chance that a month adds less to the seniority, and how much less).
        rate: group x class of stay: events in a month of an even year.
        traits: how persons differ in them.
        together: months with an event, against those if events came independently.
        usual: months back (the latest first): the season's factor, and the share registered.
        season: H: the season's factor.
        swing, lasting: the pace's common spread, and the part of it that lasts a month.
        doubt: group: the variance of the pace's level, which is known from so many cases.
        leaving_swing, leaving_lasting: of leaving, as of the pace.
        leaving_doubt, coming_doubt: group: the variance of those levels.
        hidden: months back (the latest first): the share of events not registered yet.
        left: the part of the first coming month that is still to come.
        unseen_now: the share not registered yet of what happened earlier in that month.
        enough: H: hundredths of hours that are enough; 0: hours do not count.
        usual_hours: group x sample: hundredths of hours that persons of the group have in a month.
        by_hours: group: the share of persons without enough events who meet by hours.
        coming: kind x H: persons who come in the month and may be in the population by the end. A
            kind for each group; then, by group, those who paused and come back in the first month.
        coming_swing: the spread of a month's number of them beyond chance.
        entrant_first: where each of those kinds begins among the entrants.
        entrant_upto: kind x H: how many of them, who have the most weeks, may be in the population.
        entrant_weeks: by entrant: completed weeks on entry.
        entrant_served: by entrant: months served.
        entrant_before: entrant x month: events before entry, the latest first.
        entrant_counted: by entrant: those of them since the run began.
        required: group x H: events required of them.
        seniority: weeks of seniority that are reached or had.
        reaching: whether reaching the seniority counts.
        window: months of the window; 0: since the run's start.
    """

    leaving: Any
    bands: Any
    moving: Any
    slipping: Any
    rate: Any
    traits: Traits
    together: float
    usual: Any
    season: Any
    swing: float
    lasting: float
    doubt: Any
    leaving_swing: float
    leaving_lasting: float
    leaving_doubt: Any
    coming_doubt: Any
    hidden: Any
    left: float
    unseen_now: float
    enough: Any
    usual_hours: Any
    by_hours: Any
    coming: Any
    coming_swing: float
    entrant_first: Any
    entrant_upto: Any
    entrant_weeks: Any
    entrant_served: Any
    entrant_before: Any
    entrant_counted: Any
    required: Any
    seniority: float
    reaching: bool
    window: int


class Common(NamedTuple):
    """What is common to all persons of a group in a simulation.

    Attributes:
        pace: group x simulation x month: more or less events than in an even year.
        leaving: group x simulation x month: more or less of leaving than lately.
        most_leaving, least_leaving: group x month: the most and the least of it in any simulation.
        coming: kind of entrant x simulation x month: how many persons come.
        eager: shape x quantile: a person's own factor on the pace (`quantiles`).
        shapes: the gammas' shapes.
        happenings: how many events a month has by what is to be expected of it.
    """

    pace: Any
    leaving: Any
    most_leaving: Any
    least_leaving: Any
    coming: Any
    eager: Any
    shapes: Any
    happenings: Happenings


class Room(NamedTuple):
    """Room for what is worked out once for a course.

    Attributes:
        leaving: H: what each month takes of the person's lifetime on the benefit.
        pace: H: events in a whole month of an even year, by time in the place.
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
    pace: Any
    enough: Any
    events: Any
    hours: Any
    worked: Any
    late: Any
    risks: Any
    sure: Any
    seed: Any


class Found(NamedTuple):
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
