"""What each section of the status note reads of its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from tilsyn.documents.contents.phrasing import in_running_text, percent, percents
from tilsyn.documents.contents.phrasing import month as month_name
from tilsyn.documents.contents.sentences import Reading
from tilsyn.documents.contents.sentences_readings import (
    counts,
    lacking,
    persons_by_number,
    shares,
    visitation,
)
from tilsyn.documents.contents.status_note_case import Case, Shown
from tilsyn.documents.contents.templates import Texts
from tilsyn.rules import Finding
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, YearMonth, area_name
from tilsyn.vocabulary.wording import joined

LONG = "14-26"
"""The first duration band of those called long (14 weeks or more)."""

GOAL_GROUPS = ("a_dagpenge", "sygedagpenge_mv", "kontanthjaelp_mv")


def read(section: str, case: Case, words: Texts) -> list[Reading]:
    """The readings of a section; more than one where its sentences are said of several groups."""
    named = Reading({}, {"name": MUNICIPALITIES[case.municipality].name, "region": region(case)})
    return [named | reading for reading in _READERS[section](case, words)]


def region(case: Case) -> str:
    """The RAR area a municipality is compared with."""
    return area_name("rar", MUNICIPALITIES[case.municipality].rar)


def _goal(case: Case, words: Texts) -> Iterable[Reading]:
    finding = case.finding("result_goal")
    reading = Reading(
        {"verdict": finding.verdict if finding else None, "unknown": int(finding is None)},
        dict.fromkeys(("period", "actual", "expected", "groups", "longer_groups")),
    )
    if finding is not None and finding.months:
        latest = finding.months[-1]
        reading.slots["period"] = year_to(latest.month, words)
        if latest.actual is not None and latest.expected is not None:
            reading.facts["shares"] = 1
            reading.slots["actual"] = percents([latest.actual], words.language)
            reading.slots["expected"] = percents([latest.expected], words.language)
    over = _groups_over(case)
    reading.facts["groups_over"] = len(over)
    names = (in_running_text(ROWS[code].name(words.language)) for code in over)
    reading.slots["groups"] = joined(names, words.language) or None
    longer = [
        shown.plan.group
        for shown in _durations_shown(case)
        if (by := _longer_by(shown)) is not None and by >= 1
    ]
    reading.facts["longer"] = len(longer)
    names = (ROWS[code].persons(words.language) for code in longer)
    reading.slots["longer_groups"] = joined(names, words.language) or None
    yield reading


def _groups_over(case: Case) -> list[str]:
    """The result goal's groups with more persons than expected."""
    if 1 not in case.shown:
        return []
    shown, over = case.shown[1], []
    for code in GOAL_GROUPS:
        actual = shown.grid.value(code, shown.months.last)
        expected = shown.other.value(code, shown.months.last) if shown.other else None
        if actual is not None and expected is not None and actual > expected:
            over.append(code)
    return over


def year_to(month: YearMonth, words: Texts) -> str:
    """The rolling year that ends with a month: "3. kvartal 2022 til 2. kvartal 2023"."""
    if month.month % 3:
        return words.fill("period.year_to", month=month_name(month, words.language))
    ends = (
        words.fill("period.quarter", number=str((m.month + 2) // 3), year=str(m.year))
        for m in (month - 9, month)
    )
    first, last = ends
    return words.fill("period.quarters", first=first, last=last)


def _long_conversations(case: Case, words: Texts) -> Iterable[Reading]:
    language = words.language
    span, unmet = case.shown[2].months, case.shown[3]
    reading = shares(case.grid(2), span, case.finding(case.shown[2].plan.measure), language)
    reading |= counts(unmet.grid, unmet.months, language)
    last = unmet.months.last
    if 4 in case.shown and case.last(4) == last:
        plan = case.shown[4].plan
        reading |= persons_by_number(case.grid(4), unmet.grid, last, plan.short, language)
    if 5 in case.shown and case.last(5) == last:
        grp = case.shown[5].plan.group
        reading |= split(case.shown[5], unmet.grid.value(grp, last), words)
    return [_complete(reading)]


def split(shown: Shown, unmet: float | Fraction | None, words: Texts) -> Reading:
    """A group's persons by visitation in the newest month."""

    def names(code: str, count: float | Fraction) -> str:
        return words.fill(f"visitation{'_one' if count == 1 else ''}.{code}")

    grp, last = shown.plan.group, shown.months.last
    return visitation(shown.grid, unmet, grp, last, names, words.language)


def _long_offers(case: Case, words: Texts) -> Iterable[Reading]:
    shown = case.shown[6]
    finding = case.finding(shown.plan.measure)
    reading = shares(case.grid(6), shown.months, finding, words.language)
    return [_complete(reading | _none(case, 7, words.language))]


def _early_conversations(case: Case, words: Texts) -> Iterable[Reading]:
    language = words.language
    shown = case.shown[8]
    reading = shares(case.grid(8), shown.months, case.finding(shown.plan.measure), language)
    if 9 in case.shown:
        reading |= counts(case.grid(9), case.shown[9].months, language)
    return [_complete(reading | _by_group(case, shown.plan.measure, language))]


def _early_offers(case: Case, words: Texts) -> Iterable[Reading]:
    shown = case.shown[10]
    finding = case.finding(shown.plan.measure)
    reading = shares(case.grid(10), shown.months, finding, words.language)
    reading |= _none(case, 11, words.language)
    return [_complete(reading | _by_group(case, shown.plan.measure, words.language))]


def _none(case: Case, number: int, language: str) -> Reading:
    reading = lacking(case.grid(number), language)
    month = case.last(number)
    reading.slots["numbers_month"] = month_name(month, language) if month else None
    return reading


def _by_group(case: Case, measure: str, language: str) -> Reading:
    """The groups flagged, where the rule judges each group by itself."""
    found = case.group_findings(measure)
    flagged = [finding for finding in found if finding.verdict == "flagged"]
    limit: Finding | None = next(iter(found), None)
    threshold = limit.threshold if limit else None
    return Reading(
        {"groups_flagged": len(flagged) if found else None},
        {
            "flagged_groups": joined((ROWS[f.grp].persons(language) for f in flagged), language)
            or None,
            "group_limit": None if threshold is None else percent(threshold, language),
        },
    )


def _durations_shown(case: Case) -> list[Shown]:
    return [shown for shown in case.shown.values() if shown.plan.kind == "durations"]


def _durations(case: Case, words: Texts) -> Iterable[Reading]:
    for shown in _durations_shown(case):
        here, there = _long_share(shown, here=True), _long_share(shown, here=False)
        yield Reading(
            {"longer_by": _longer_by(shown)},
            {
                "duration_group": ROWS[shown.plan.group].persons(words.language),
                "weeks": LONG.partition("-")[0],
                "long_here": None if here is None else percents([here], words.language),
                "long_there": None if there is None else percents([there], words.language),
                "number": str(shown.plan.number),
            },
        )


def _long_share(shown: Shown, *, here: bool) -> Fraction | None:
    """The share of courses of 14 weeks or more; None where a band of them is not shown."""
    grid = shown.grid if here else shown.other
    bands = MEASURES[shown.plan.measure].categories
    values = [
        grid.value(shown.plan.group, band) if grid else None for band in bands[bands.index(LONG) :]
    ]
    return (
        None
        if None in values
        else sum((Fraction(str(v)) for v in values if v is not None), Fraction(0))
    )


def _longer_by(shown: Shown) -> Fraction | None:
    here, there = _long_share(shown, here=True), _long_share(shown, here=False)
    return None if here is None or there is None else here - there


_SLOTS = (
    "driver driver_from driver_to driver_month large_groups large_persons other_groups counted "
    "counted_month largest largest_count most_had most_groups split split_group split_month "
    "none_largest_persons none_largest_count none_others none_all numbers_month flagged_groups group_limit"
).split()
"""What readings of optional figures give; not known where such a figure is wanting."""


def _complete(reading: Reading) -> Reading:
    return Reading({}, dict.fromkeys(_SLOTS)) | reading


_READERS: dict[str, Callable[[Case, Texts], Iterable[Reading]]] = {
    "goal": _goal,
    "long_conversations": _long_conversations,
    "long_offers": _long_offers,
    "early_conversations": _early_conversations,
    "early_offers": _early_offers,
    "durations": _durations,
}
SECTIONS = tuple(_READERS)
"""The note's sections, in order."""
