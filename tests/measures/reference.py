"""The measures, day by day: slow, plain, and written from the contract alone.

It shares no code with the engines: dates are :class:`datetime.date`, days are walked one at a
time, and what the contract fixes (group order, requirements, bands) is written out again. Only
the areas' membership is taken from the vocabulary. Engines must equal it on every cell.

The paragraphs cited (§ 2.4 …) are those of the contract of the measures. Where its words leave
two readings, a comment that begins with "Reading:" says which one is taken and which is not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

from tilsyn.vocabulary import MUNICIPALITIES

GROUPS = (
    "a_dagpenge",
    "revalidering",
    "sygedagpenge",
    "ledighedsydelse",
    "ressourceforloeb",
    "jobafklaringsforloeb",
    "kontanthjaelp",
    "uddannelseshjaelp",
    "overgangsydelse",
)
"""§ 1: the benefit groups in published order."""

VISITATIONS = (
    "jobparat",
    "aktivitetsparat",
    "uddannelsesparat",
    "aabenlys_uddannelsesparat",
    "uoplyst",
)
"""§ 1: the visitation categories; a spell may also have none ("")."""

SPLIT = ("kontanthjaelp", "uddannelseshjaelp", "overgangsydelse")
"""The groups with visitation categories: whoever has none stands in their split as "uoplyst"."""

COUNTING_CONVERSATIONS = {4, 7, 17, 19}
"""§ 4: follow-up talk, job talk, and the two held jointly with the unemployment fund."""

CATEGORIES = {
    "conversations_12m": ("0", "1", "2", "3", "4", "5+"),
    "offers_12m": ("0", "1", "2+"),
    "conversations_6m": ("0", "1", "2", "3", "4", "5+"),
    "offers_6m": ("0", "1", "2+"),
    "conversations_6m_2026": ("0", "1", "2", "3", "4", "5+"),
    "offers_6m_2026": ("0", "1", "2+"),
    "first_conversation": ("0", "1", "2", "3", "4", "5+"),
    "sick_followup_6m": ("0", "1", "2", "3", "4", "5+"),
    "arbejdspligt_effort": ("0", "1", "2+"),
    "durations": ("0-8", "9-13", "14-26", "27-52", "53-104", "105+"),
}
"""§ 4: the measures, and how each splits its population by number or by duration."""

REFORM = dt.date(2026, 7, 1)
"""D: the first month of the reform's measures, and the day from which runs begin under them."""

ABOUT = {
    "conversations_6m_2026": ("a_dagpenge", "kontanthjaelp", "ledighedsydelse"),
    "offers_6m_2026": ("a_dagpenge", "kontanthjaelp"),
    "first_conversation": ("a_dagpenge", "kontanthjaelp"),
    "sick_followup_6m": ("sygedagpenge",),
    "arbejdspligt_effort": GROUPS,
}
"""D.1: the groups in the reform's measures; others have no rows in them."""

PICKED_BY = "day_reached"
"""D: what says whether the reform's requirement holds of a run: "day_reached" or "run_start"."""

ADJOINING = {"sygedagpenge"}
"""A.1: the groups in which a day without the benefit ends a run."""

ROLLING: set[str] = set()
"""A.3: the measures whose 12 months end with the latest benefit day."""

OWN: dict[str, tuple[int, int]] = {}
"""Measures of one's own: the seniority reached, in months, and the conversations required by then."""

DAY = dt.timedelta(days=1)
FOREVER = dt.date.max


# --- the register (§ 1) ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Spell:
    """Days on one benefit, both ends included; no end = ongoing."""

    person: str
    municipality: str
    group: str
    visitation: str
    start: dt.date
    end: dt.date | None = None
    takeover: dt.date | None = None
    has_job: str = ""
    expected_weeks: Decimal | None = None


@dataclass(frozen=True)
class Conversation:
    """A conversation that was held, and the day it was put into the register (if known)."""

    person: str
    held: dt.date
    type: int
    registered: dt.date | None = None


@dataclass(frozen=True)
class Offer:
    """An active offer, both ends included; no end = ongoing."""

    person: str
    kind: str
    start: dt.date
    end: dt.date | None = None
    registered: dt.date | None = None


@dataclass(frozen=True)
class Hours:
    """Ordinary hours of one month (its first day); a correction is a row below zero."""

    person: str
    month: dt.date
    hours: Decimal


@dataclass(frozen=True)
class Exemption:
    """Days a person is exempt from "offers" or from "conversations"; no end = ongoing."""

    person: str
    scope: str
    start: dt.date
    end: dt.date | None = None
    reason: str = "statutory"
    decided: dt.date | None = None
    decided_by: str = ""


@dataclass(frozen=True)
class Duty:
    """Days a person is under a duty; no end = ongoing."""

    person: str
    kind: str
    start: dt.date
    end: dt.date | None = None


@dataclass(frozen=True)
class Register:
    """The tables; without `duties_told` nothing is known of duties."""

    spells: tuple[Spell, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    offers: tuple[Offer, ...] = ()
    hours: tuple[Hours, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    duties: tuple[Duty, ...] = ()
    duties_told: bool = True

    def known_on(self, day: dt.date | None) -> Register:
        """§ 1: the register without what was registered later than that day."""
        if day is None:
            return self
        return Register(
            self.spells,
            tuple(row for row in self.conversations if (row.registered or day) <= day),
            tuple(row for row in self.offers if (row.registered or day) <= day),
            self.hours,
            self.exemptions,
            self.duties,
            self.duties_told,
        )

    def persons(self) -> dict[str, Register]:
        """One register a person. Identical rows are read once (§ 1), but hours always add up."""
        tables = (
            self.spells,
            self.conversations,
            self.offers,
            self.hours,
            self.exemptions,
            self.duties,
        )
        rows: dict[str, tuple[list, ...]] = defaultdict(lambda: tuple([] for _ in tables))
        for number, table in enumerate(tables):
            for row in table if table is self.hours else dict.fromkeys(table):
                rows[row.person][number].append(row)
        return {
            person: Register(*map(tuple, own), duties_told=self.duties_told)
            for person, own in rows.items()
        }


# --- the calendar ---------------------------------------------------------------------------------


def index(day: dt.date) -> int:
    """§ 2: the month index of a date."""
    return 12 * day.year + day.month


def month_of(month_index: int) -> dt.date:
    """The first day of the month with this index."""
    return dt.date((month_index - 1) // 12, (month_index - 1) % 12 + 1, 1)


def last_day(day: dt.date) -> dt.date:
    """The last day of the month a day lies in."""
    return month_of(index(day) + 1) - DAY


def add_months(day: dt.date, months: int) -> dt.date:
    """§ 2.3: the same day of the month, clipped to the month's last day."""
    first = month_of(index(day) + months)
    return first.replace(day=min(day.day, last_day(first).day))


@cache
def days(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Every day from the first to the last, both included."""
    return tuple(first + n * DAY for n in range((last - first).days + 1))


# --- runs (§ 2) -----------------------------------------------------------------------------------


@dataclass(eq=False)
class Run:
    """A time on one benefit; `origin` is the run whose beginning it shares by continuation."""

    group: str
    start: dt.date
    last: dt.date
    spells: list[Spell] = field(default_factory=list)
    origin: Run | None = None

    @property
    def accumulated(self) -> bool:
        """§ 2.4: whether only days on the benefit count."""
        return self.group == "a_dagpenge"

    def benefit_days(self, until: dt.date) -> list[dt.date]:
        """§ 2.4: its days on the benefit up to a day, each once."""
        return sorted({d for s in self.spells for d in days(s.start, min(s.end, until))})

    def reaches(self, months: int, until: dt.date) -> dt.date | None:
        """§ 2.3-4: the day it reaches 3, 6 or 12 months; None if that is not known by `until`."""
        if self.accumulated:
            nth = {3: 92, 6: 183, 12: 365}[months]
            benefit_days = self.benefit_days(until)
            return benefit_days[nth - 1] + DAY if len(benefit_days) >= nth else None
        return add_months(self.start, months)


def in_order(spells: Iterable[Spell]) -> list[Spell]:
    """§ 2.1: a person's spells in the order in which they are taken.

    Reading: an ongoing spell comes after every dated end. Taken by "the end of the last measured
    month" (§ 2.5) its place, and with it the runs, would change with how far the program runs,
    which § 3 rules out.
    """
    return sorted(spells, key=lambda s: (s.start, s.end or FOREVER, GROUPS.index(s.group)))


def runs_of(spells: Iterable[Spell]) -> tuple[list[Run], dict[Spell, Run]]:
    """§ 2.1-2: the runs of one person's (ordered, ended) spells, and the run each spell is in.

    A spell of overgangsydelse can be held by several runs; the one named is its own group's.
    """
    current: dict[str, Run] = {}
    runs: list[Run] = []
    run_of: dict[Spell, Run] = {}
    for spell in spells:

        def goes_on(group: str, spell: Spell = spell) -> bool:
            # § 2.2: no whole calendar month without; § 2.4: a-dagpenge, not 12 of them.
            if group not in current:
                return False
            # A.1: sygedagpenge, not a day.
            if spell.group in ADJOINING:
                return spell.start <= current[group].last + DAY
            further = index(spell.start) - index(current[group].last)
            return further <= (12 if group == "a_dagpenge" else 1)

        # Reading: a run that the spell does not continue is no candidate, so that a group's own
        # run that is broken does not stand in the way of overgangsydelse's.
        if goes_on(spell.group):
            run = current[spell.group]
        elif spell.group in ("kontanthjaelp", "uddannelseshjaelp") and goes_on("overgangsydelse"):
            # It holds overgangsydelse's spells so far, and so their last day.
            before = current["overgangsydelse"]
            run = Run(spell.group, before.start, before.last, list(before.spells), before)
            runs.append(run)
        else:
            run = Run(spell.group, spell.start, spell.end)
            runs.append(run)
        run.spells.append(spell)
        run.last = max(run.last, spell.end)
        current[spell.group] = run
        run_of[spell] = run
    return runs, run_of


# --- who is counted, where (§ 3) ------------------------------------------------------------------


def order(spell: Spell) -> tuple:
    """§ 3: what puts one of several spells of a day before the others."""
    return (
        GROUPS.index(spell.group),
        -spell.start.toordinal(),
        spell.municipality,
        spell.visitation,
    )


def holding(spells: Iterable[Spell], day: dt.date) -> Spell | None:
    """§ 3: the spell that holds a day; of several, the one the contract puts first."""
    held = [spell for spell in spells if spell.start <= day <= spell.end]
    return min(held, key=order, default=None)


def placed(spells: list[Spell], month: dt.date) -> tuple[dt.date, Spell] | None:
    """§ 3: the latest benefit day of a month and the spell that holds it."""
    for day in reversed(days(month, last_day(month))):
        if spell := holding(spells, day):
            return day, spell
    return None


def exempt(register: Register, scope: str, day: dt.date) -> bool:
    """§ 3: whether the person is exempt by statute on that day; C: a decision is none."""
    return any(
        row.reason == "statutory"
        and row.scope == scope
        and row.start <= day <= (row.end or FOREVER)
        for row in register.exemptions
    )


def decided(register: Register, scope: str, first: dt.date, last: dt.date) -> bool:
    """C: whether one decision overlaps a window and was made on its last day or earlier."""
    return any(
        row.reason == "flex25"
        and row.scope == scope
        and row.start <= last
        and (row.end or FOREVER) >= first
        and (row.decided is None or row.decided <= last)
        for row in register.exemptions
    )


def under_duty(register: Register, day: dt.date) -> bool:
    """B: whether the person is under arbejdspligt on that day."""
    return any(row.start <= day <= (row.end or FOREVER) for row in register.duties)


@dataclass(frozen=True)
class Cohort:
    """§ 3: a run, or runs that share their beginning, reaching a seniority."""

    start: dt.date
    reached: dt.date
    day: dt.date
    spell: Spell
    spells: list[Spell]


def families(runs: list[Run]) -> dict[Run, list[Run]]:
    """§ 3: the runs that share their beginning, by the run that has it of itself."""
    found: dict[Run, list[Run]] = defaultdict(list)
    for run in runs:
        found[run.origin or run].append(run)
    return found


def latest(spells: list[Spell], day: dt.date) -> tuple[dt.date, Spell]:
    """§ 3: the latest benefit day up to a day, and the spell that holds it."""
    while (spell := holding(spells, day)) is None:
        day -= DAY
    return day, spell


def reaching(runs: list[Run], month: dt.date, months: int = 6) -> Iterator[Cohort]:
    """§ 3: the runs that reach 6 months in a month and last that long, each with its placement."""
    for origin, family in families(runs).items():
        reached = origin.reaches(months, until=last_day(month))
        if reached is None or index(reached) != index(month):
            continue
        if max(run.last for run in family) < reached - DAY:
            continue
        spells = [spell for run in family for spell in run.spells]
        day, spell = latest(spells, reached - DAY)
        yield Cohort(origin.start, reached, day, spell, spells)


# --- met or unmet (§ 4) ---------------------------------------------------------------------------


def conversation_days(register: Register, first: dt.date, last: dt.date) -> int:
    """§ 4: counting conversations held from the first to the last day; one day counts once."""
    return len(
        {
            row.held
            for row in register.conversations
            if row.type in COUNTING_CONVERSATIONS and first <= row.held <= last
        }
    )


def offers_overlapping(register: Register, first: dt.date, last: dt.date) -> int:
    """§ 4: offers of every kind with a day from the first to the last day."""
    return sum(row.start <= last and (row.end or FOREVER) >= first for row in register.offers)


def offers_started(register: Register, first: dt.date, last: dt.date, month: dt.date) -> int:
    """§ 4: offers that start from the first to the last day, of the kinds the month counts."""
    return sum(
        first <= row.start <= last
        and (row.kind != "oevrig_vejledning_opkvalificering" or month >= dt.date(2026, 7, 1))
        for row in register.offers
    )


def hours_worked(register: Register, first: dt.date, last: dt.date) -> Decimal:
    """§ 4: ordinary hours of the months from the first to the last day, added exactly."""
    return sum((row.hours for row in register.hours if first <= row.month <= last), Decimal(0))


def by_number(count: int, most: int) -> str:
    """§ 4: the category of a number: "0", "1", … and `most` or more."""
    return f"{most}+" if count >= most else str(count)


def duration_band(weeks: int) -> str:
    """§ 4: the band of a number of completed weeks."""
    bands = ((8, "0-8"), (13, "9-13"), (26, "14-26"), (52, "27-52"), (104, "53-104"))
    return next((name for most, name in bands if weeks <= most), "105+")


@dataclass(frozen=True)
class Counted:
    """One person (or run) counted once in one measure and month."""

    person: str
    measure: str
    month: dt.date
    municipality: str
    group: str
    visitation: str
    category: str
    unmet: bool
    exempted: bool = False


def judged(
    register: Register, first: dt.date, last: dt.date, known_on: dt.date | None = None
) -> list[Counted]:
    """Everyone counted in every measure, in each month from `first` to `last` (their first days)."""
    return [
        counted
        for person in register.known_on(known_on).persons().values()
        for month in map(month_of, range(index(first), index(last) + 1))
        for counted in judged_person(person, month, last)
    ]


def judged_person(register: Register, month: dt.date, last: dt.date) -> Iterator[Counted]:
    """One person's part in one month's figures; `last` is the last measured month."""
    end = last_day(month)
    # § 2.5: an ongoing spell lasts to the end of the last measured month.
    # § 3: spells that start after the month are not used.
    spells = [
        replace(s, end=s.end or last_day(last)) for s in in_order(register.spells) if s.start <= end
    ]
    runs, run_of = runs_of(spells)

    def counted(
        measure: str, spell: Spell, category: str, unmet: bool, exempted: bool = False
    ) -> Counted:
        return Counted(
            spell.person,
            measure,
            month,
            spell.municipality,
            spell.group,
            spell.visitation,
            category,
            unmet,
            exempted and unmet,
        )

    if placement := placed(spells, month):
        day, spell = placement
        run = run_of[spell]
        on_benefit = len(run.benefit_days(day)) if run.accumulated else (day - run.start).days
        yield counted("durations", spell, duration_band(on_benefit // 7), False)

        def window(measure: str) -> tuple[dt.date, dt.date]:
            if measure in ROLLING:
                return max(add_months(day, -12) + DAY, run.start), day
            return month_of(index(month) - 11), end

        reached = run.reaches(12, until=end)
        if reached is not None and reached <= end:
            if not exempt(register, "conversations", day):
                number = conversation_days(register, *window("conversations_12m"))
                yield counted("conversations_12m", spell, by_number(number, 5), number < 4)
            if not exempt(register, "offers", day):
                number = offers_overlapping(register, *window("offers_12m"))
                enough = Decimal(225) if month <= dt.date(2021, 12, 1) else Decimal(100)
                opens, closes = window("offers_12m")
                # Reading: hours are known by month; those of every month the window touches count.
                worked = hours_worked(register, opens.replace(day=1), closes)
                unmet = number == 0 and worked < enough
                yield counted("offers_12m", spell, by_number(number, 2), unmet)

    for cohort in reaching(runs, month):
        spell = cohort.spell
        window = cohort.start, cohort.reached - DAY
        if not exempt(register, "conversations", cohort.day):
            number = conversation_days(register, *window)
            fewer = spell.group == "a_dagpenge" and month >= dt.date(2024, 1, 1)
            yield counted(
                "conversations_6m", spell, by_number(number, 5), number < (3 if fewer else 4)
            )
        groups = ("a_dagpenge", "kontanthjaelp", "uddannelseshjaelp", "overgangsydelse")
        if spell.group in groups and not exempt(register, "offers", cohort.day):
            number = offers_started(register, *window, month)
            yield counted("offers_6m", spell, by_number(number, 2), number == 0)

    if month >= REFORM:
        for measure, spell, most, number, met, exempted in reform(register, spells, runs, month):
            yield counted(measure, spell, by_number(number, most), not met, exempted)

    for measure, (months, required) in OWN.items():
        for cohort in reaching(runs, month, months):
            if not exempt(register, "conversations", cohort.day):
                number = conversation_days(register, cohort.start, cohort.reached - DAY)
                category = by_number(number, required + 1)
                yield counted(measure, cohort.spell, category, number < required)


# --- the reform (C, D) ----------------------------------------------------------------------------


def reform(
    register: Register, spells: list[Spell], runs: list[Run], month: dt.date
) -> Iterator[tuple[str, Spell, int, int, bool, bool]]:
    """Measure, spell of placement, highest category, number, whether met, whether a decision exempts."""
    for cohort in reaching(runs, month):
        if PICKED_BY == "run_start" and cohort.start < REFORM:
            continue
        spell, last = cohort.spell, cohort.reached - DAY
        talks_exempt = exempt(register, "conversations", cohort.day)
        # D, conversations_6m_2026; D.5: from the take-over, if it is known.
        first = cohort.start
        if spell.group == "a_dagpenge":
            first = takeover(cohort.spells, cohort.start) or cohort.start
        asked = spell.group in ("a_dagpenge", "ledighedsydelse") or job_ready(spell)
        if asked and first <= last and not talks_exempt:
            number = conversation_days(register, first, last)
            met = number >= (2 if spell.group == "a_dagpenge" else 4)
            flexible = decided(register, "conversations", first, last)
            yield "conversations_6m_2026", spell, 5, number, met, flexible
        # D, offers_6m_2026; D.2: who is obviously education-ready is education-ready.
        education = ("uddannelsesparat", "aabenlys_uddannelsesparat")
        asked = spell.group == "a_dagpenge" or job_ready(spell)
        asked |= spell.group == "kontanthjaelp" and spell.visitation in education
        free = exempt(register, "offers", cohort.day) or under_duty(register, cohort.day)
        if asked and not free:
            number = offers_started(register, cohort.start, last, month)
            flexible = decided(register, "offers", cohort.start, last)
            yield "offers_6m_2026", spell, 2, number, number >= 1, flexible
        # D, sick_followup_6m; D.7: of several spells that tie, all must say it.
        if spell.group == "sygedagpenge" and not talks_exempt:
            tied = [s for s in cohort.spells if s.start <= cohort.day <= s.end]
            tied = [s for s in tied if order(s) == order(spell)]
            soon = [
                s.has_job == "yes" and s.expected_weeks is not None and s.expected_weeks < 26
                for s in tied
            ]
            if not all(soon):
                number = conversation_days(register, cohort.start, last)
                yield "sick_followup_6m", spell, 5, number, number >= 1, False

    # D, first_conversation; D.4: placed at the deadline.
    for origin, family in families(runs).items():
        if PICKED_BY == "run_start" and origin.start < REFORM:
            continue
        own = [spell for run in family for spell in run.spells]
        begins = {"kontanthjaelp": origin.start, "a_dagpenge": takeover(own, origin.start)}
        for group, begin in begins.items():
            if begin is None or not any(s.group == group for s in own):
                continue
            deadline = begin + (7 if group == "kontanthjaelp" else 14) * DAY
            if index(deadline) != index(month) or max(run.last for run in family) < deadline:
                continue
            day, spell = latest(own, deadline)
            asked = spell.group == group and (group == "a_dagpenge" or job_ready(spell))
            if asked and not exempt(register, "conversations", day):
                number = conversation_days(register, begin, deadline)
                yield "first_conversation", spell, 5, number, number >= 1, False

    # D, arbejdspligt_effort; D.8: persons of every group, placed in the month.
    if register.duties_told and (placement := placed(spells, month)):
        day, spell = placement
        if under_duty(register, day) and not exempt(register, "offers", day):
            number = offers_overlapping(register, month, last_day(month))
            met = number >= 1 or hours_worked(register, month, month) > 0
            yield "arbejdspligt_effort", spell, 2, number, met, False


def job_ready(spell: Spell) -> bool:
    """D.2: whether a spell is of kontanthjaelp and says jobparat."""
    return spell.group == "kontanthjaelp" and spell.visitation == "jobparat"


def takeover(spells: list[Spell], start: dt.date) -> dt.date | None:
    """D.5: the earliest take-over of a run's spells that is not before the run; None: not known."""
    days = [s.takeover for s in spells if s.group == "a_dagpenge" and s.takeover]
    return min((day for day in days if day >= start), default=None)


# --- figures (§ 5) --------------------------------------------------------------------------------

Cell = tuple[str, str, str, str, str, str, str, dt.date]
"""measure, statistic, area_kind, area, grp, visitation, category, month."""


def counts(everyone: Iterable[Counted]) -> tuple[Counter, Counter, Counter]:
    """Persons by (measure, month, municipality, group, visitation, category), and the unmet and the
    exempted by the same without the category.
    """
    persons: Counter = Counter()
    unmet: Counter = Counter()
    exempted: Counter = Counter()
    for c in everyone:
        place = (c.measure, c.month, c.municipality, c.group, c.visitation)
        persons[(*place, c.category)] += 1
        unmet[place] += c.unmet
        exempted[place] += c.exempted
    return persons, +unmet, +exempted


def figures(everyone: Iterable[Counted]) -> dict[Cell, tuple[Fraction | None, str]]:
    """§ 5: every row of the figure table: its cell, and the exact value with its status.

    Readings: "every group" is all nine and the total, in every measure and month, also where a
    measure can count nobody of a group. Visitation rows exist for the total too, as the sums of the
    groups' rows, and never for an empty visitation, as empty means all. Durations know nobody
    unmet: population and persons only.
    """
    members: dict[tuple, list[Counted]] = defaultdict(list)
    areas: set[tuple] = set()
    for c in everyone:
        stated = c.visitation or ("uoplyst" if c.group in SPLIT else "")
        municipality = MUNICIPALITIES[c.municipality]
        for kind in ("municipality", "rar", "amk", "region", "country"):
            place = (c.measure, kind, municipality.area(kind), c.month)
            areas.add(place)
            for group in (c.group, "total"):
                for visitation in {stated, ""}:
                    members[(*place, group, visitation)].append(c)

    table: dict[Cell, tuple[Fraction | None, str]] = {}
    for measure, kind, area, month in areas:
        for group in (*ABOUT.get(measure, GROUPS), "total"):
            for visitation in ("", *VISITATIONS):
                those = members.get((measure, kind, area, month, group, visitation), [])
                if visitation and not those:
                    continue
                for statistic, category, value in statistics(measure, those):
                    cell = (measure, statistic, kind, area, group, visitation, category, month)
                    status = "not_available" if value is None else "value" if value else "zero"
                    table[cell] = (value, status)
    return table


def statistics(measure: str, those: list[Counted]) -> Iterator[tuple[str, str, Fraction | None]]:
    """§ 5: the statistics of one population, with their categories; a share is in per cent."""
    yield "population", "", Fraction(len(those))
    for category in CATEGORIES[measure]:
        yield "persons", category, Fraction(sum(c.category == category for c in those))
    if measure != "durations":
        unmet = sum(c.unmet for c in those)
        yield "unmet", "", Fraction(unmet)
        yield "share", "", Fraction(100 * unmet, len(those)) if those else None
    if measure in ABOUT:
        exempted = sum(c.exempted for c in those)
        for name, number in (("exempted", exempted), ("missed", unmet - exempted)):
            yield name, "", Fraction(number)
            yield f"{name}_share", "", Fraction(100 * number, len(those)) if those else None
