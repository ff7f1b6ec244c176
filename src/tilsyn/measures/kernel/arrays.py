"""What the kernel works on: the rows of one bucket as arrays, and the parameters of a span of months.

Rows are sorted by person, then by date; ``person`` is the index within the bucket.
"""

from __future__ import annotations

from typing import Any, NamedTuple

# An array field is typed Any: numba compiles for what it is given, and one kind is given (read-only,
# contiguous), so that one compilation serves all.


class Spells(NamedTuple):
    """Benefit spells, sorted by person, start, end and published order of group.

    What is not known: a `takeover` before every day, an answer `has_job` of 0, weeks below 0.
    """

    person: Any
    municipality: Any
    grp: Any
    visitation: Any
    start: Any
    end: Any
    takeover: Any
    has_job: Any
    expected_weeks: Any


class Conversations(NamedTuple):
    """Conversations, sorted by person and day held."""

    person: Any
    held: Any
    type: Any
    registered: Any


class Offers(NamedTuple):
    """Offers, sorted by person and start."""

    person: Any
    kind: Any
    start: Any
    end: Any
    registered: Any


class Hours(NamedTuple):
    """Ordinary hours in hundredths; the rows of a person's month add up."""

    person: Any
    month: Any
    hours: Any


class Exemptions(NamedTuple):
    """Exemptions from offers (scope 0) or conversations (scope 1), by reason; 0 is statutory.

    The day it was `decided` lies before every day where it is not known.
    """

    person: Any
    scope: Any
    start: Any
    end: Any
    reason: Any
    decided: Any


class Duties(NamedTuple):
    """Duties, sorted by person and start."""

    person: Any
    kind: Any
    start: Any
    end: Any


class Bucket(NamedTuple):
    """All rows of some persons."""

    spells: Spells
    conversations: Conversations
    offers: Offers
    hours: Hours
    exemptions: Exemptions
    duties: Duties


class SeniorityRules(NamedTuple):
    """How time on each benefit adds up; arrays by group unless said.

    Attributes:
        accumulated: whether benefit days add up.
        broken_by: whole empty months that begin a new run.
        adjoining: whether any day without the benefit does.
        continues: the group whose run may be continued; -1 where none.
        months: seniorities that are asked for (by seniority).
        days: benefit days after which each of them is reached (by seniority).
    """

    accumulated: Any
    broken_by: Any
    adjoining: Any
    continues: Any
    months: Any
    days: Any


POPULATIONS = ("at_least", "reaching", "deadline")
"""Who is counted; `tilsyn.measures.definition` says what each is."""


class MeasureRules(NamedTuple):
    """The measures by seniority; arrays by measure, the last axis as said.

    Attributes:
        population: index in `POPULATIONS`.
        seniority: index into `SeniorityRules.months`.
        window: months of the window.
        rolling: 1 where they end with the latest benefit day, 0 where with the calendar month.
        scope: exemption that leaves a person out; -1 none.
        placed_as: whether who is placed so is counted (by group and visitation).
        takeover: whether the window begins with the take-over (by group).
        deadline: days from the beginning to the deadline; -1 none (by group).
        begun_from: runs that began before this day are not counted.
        under, not_under: the duty whose bearers alone are counted, or are not; -1 none.
        soon_back: whoever has a job and expects fewer weeks than this is not counted; hundredths.
        exempted_by: whether a decision for this reason exempts (by reason).
        conversations: 1 where conversations are counted, 0 where offers are.
        starting: 1 where offers starting in the window count, 0 where overlapping ones do.
        types: whether a conversation type counts (by type).
        kinds: whether an offer kind counts (by kind).
        required: events required (by group and month of the span).
        enough: hundredths of hours that are enough (by month of the span); 0: hours do not count.
        categories: how many.
        slot: its first counter of a cell; the counter after its categories is the unmet's, and the
            one after that, where decisions exempt, the exempted's.
    """

    population: Any
    seniority: Any
    window: Any
    rolling: Any
    scope: Any
    placed_as: Any
    takeover: Any
    deadline: Any
    begun_from: Any
    under: Any
    not_under: Any
    soon_back: Any
    exempted_by: Any
    conversations: Any
    starting: Any
    types: Any
    kinds: Any
    required: Any
    enough: Any
    categories: Any
    slot: Any


class Sizes(NamedTuple):
    """How long the code lists are, and how codes are packed into a rank (`placement.sizes`).

    Attributes:
        groups, visitations: how many codes; a municipality has so many cells by so many.
        municipality, start, group, day: by how many bits each is shifted.
    """

    groups: int
    visitations: int
    municipality: int
    start: int
    group: int
    day: int


class Span(NamedTuple):
    """Months in which the shape of every measure is the same.

    Attributes:
        first, last: the months, both included (months since January 1990).
        offset: index of `first` on the counts' month axis.
        known_on: rows registered later are not seen.
        seniority, measures: the rules in force.
        sizes: of the code lists.
        bands: first completed week of each duration band; empty: durations are not counted.
        bands_slot: the first band's counter of a cell.
    """

    first: int
    last: int
    offset: int
    known_on: int
    seniority: SeniorityRules
    measures: MeasureRules
    sizes: Sizes
    bands: Any
    bands_slot: int


class Places(NamedTuple):
    """Places: each time a person is counted. Arrays by place.

    Attributes:
        person: index within the bucket.
        measure: number among the measures by seniority; the number after the last: durations.
        month, cell: on the counts' axes.
        counted: events in the window; of durations, completed weeks.
        required: events required; of durations, none.
        met: 1 where the requirement is met, also through hours.
        exempted: 1 where it is not, and the person is exempted by decision.
        opens, closes: first and last day of the window; of durations, the day from which seniority
            counts and the day of placement.
    """

    person: Any
    measure: Any
    month: Any
    cell: Any
    counted: Any
    required: Any
    met: Any
    exempted: Any
    opens: Any
    closes: Any


class Room(NamedTuple):
    """Room for places; no rows where nobody asks for them.

    Attributes:
        rows: field of `Places` x row.
        used: how many rows are filled, or would be (one number).
    """

    rows: Any
    used: Any
