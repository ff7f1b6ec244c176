"""A plan in words: what is planned, which lines hold, and what would help where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tilsyn.planning.goals import Goal
from tilsyn.planning.record import LineFigures, PlanRecord
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, YearMonth
from tilsyn.vocabulary.wording import date, number, percent
from tilsyn.vocabulary.wording import months as in_months
from tilsyn.words import gettext, gettext_noop


def sentences(made: PlanRecord, goal: Goal, language: str) -> Iterator[str]:
    """The sentences.

    Args:
        goal: the plan's.
    """
    of = made.figures
    yield gettext(
        "{municipality}, {weeks} weeks from {first}: {persons} persons on a benefit, goal: {goal}",
        language,
        municipality=MUNICIPALITIES[made.municipality].name,
        weeks=made.weeks,
        first=date(made.first, language),
        persons=number(made.persons, language),
        goal=goal.title[_key(language)],
    )
    if not made.counts:
        yield gettext("Nobody counts in any measure in these weeks.", language)
        return
    counts = ("conversations", "offers", "persons", "booked")
    gap = percent(100 * of.gap, language, 2)
    planned = gettext(
        "{conversations} conversations and {offers} offers planned for {persons} persons; {booked} conversations were booked before",
        language,
        **{name: number(getattr(of, name), language) for name in counts},
    )
    yield (
        planned
        + "; "
        + gettext("the plan is at most {gap} from the best thinkable", language, gap=gap)
        + "."
    )
    if of.ended_by_clock:
        yield gettext(
            "time ran out before the plan was good enough; another run may end elsewhere (--time-limit)",
            language,
        )
    yield from overbooked(made, language)
    if not any(count.without for count in made.counts):
        yield gettext("Nobody lacks anything in these weeks; there is nothing to plan.", language)
    yield from _small(made, language)
    if not any(line.holds for line in made.lines):
        yield gettext(
            "The goal has no lines that hold here; what is due to everybody is planned.", language
        )
    elif not of.over:
        yield gettext("Every line is held in every month.", language)
    for line in made.lines:
        if line.over:
            yield _over(line, language)
    if of.over:
        yield from advised(made, goal, language)


def _over(line: LineFigures, language: str) -> str:
    message = gettext_noop(
        "{measure}, {group}, {month}: {over} too many (at most {allowed} of {population}; the plan reaches {after})"
    )
    if line.lost:
        message = gettext_noop(
            "{measure}, {group}, {month}: {over} too many, {lost} of them can no longer be reached (at most {allowed} of {population}; the plan reaches {after})"
        )
    return gettext(
        message,
        language,
        measure=MEASURES[line.measure].name(language),
        group=ROWS[line.group].name(language),
        month=YearMonth.parse(line.month).name(language),
        over=number(line.over, language),
        lost=number(line.lost, language),
        allowed=number(line.allowed, language),
        population=number(line.population, language),
        after=number(line.planned, language),
    )


def advised(made: PlanRecord, goal: Goal, language: str) -> Iterator[str]:
    """What would help where a line is not held."""
    found = made.advice
    if any(line.over > line.lost for line in made.lines):
        yield _capacity(made, language)
    if found.margin is not None and found.margin < goal.margin:
        yield gettext(
            "The lost ones apart, the plan holds with a margin of {margin} percentage points instead of {wanted}.",
            language,
            margin=number(found.margin, language, 1),
            wanted=number(goal.margin, language, 1),
        )
    if found.first_month is None:
        yield gettext("The last month is over, too.", language)
    else:
        month = YearMonth.parse(found.first_month)
        yield gettext("From {month} on every line is held.", language, month=month.name(language))


def _capacity(made: PlanRecord, language: str) -> str:
    """How much more capacity would do."""
    least, enough = made.advice.least_capacity_percent, made.advice.capacity_percent
    if not any(row.room for row in made.load):
        return gettext(
            "There is no room in the capacity; without room nothing can be planned.", language
        )
    if least is None:
        return gettext(
            "More capacity alone is not enough: the spacing and the last days leave no time.",
            language,
        )
    if enough is None:
        return gettext(
            "At least {least}% more capacity is needed, and somewhat more still, before every line that can be reached is held.",
            language,
            least=number(least, language),
        )
    if enough == least:
        return gettext(
            "With {percent}% more capacity every line that can be reached is held (tried).",
            language,
            percent=number(enough, language),
        )
    return gettext(
        "At least {least}% more capacity is needed; with {percent}% every line that can be reached is held (tried).",
        language,
        least=number(least, language),
        percent=number(enough, language),
    )


def _small(made: PlanRecord, language: str) -> Iterator[str]:
    """The lines that do not hold for so few."""
    small: dict[tuple[str, str, int], list[YearMonth]] = {}
    for line in made.lines:
        if not line.holds and line.population:
            key = (line.measure, line.group, line.smallest)
            small.setdefault(key, []).append(YearMonth.parse(line.month))
    for (measure, group, smallest), months in small.items():
        yield gettext(
            "{measure}, {group}: fewer than {smallest} persons in {months}; the line does not hold.",
            language,
            measure=MEASURES[measure].name(language),
            group=ROWS[group].name(language),
            smallest=smallest,
            months=in_months(months, language),
        )


def overbooked(made: PlanRecord, language: str) -> Iterator[str]:
    """Where more is booked than there is room for."""
    for row in made.load:
        if row.booked > row.room:
            yield gettext(
                "{number} more are booked than there is room for ({unit}, week {week}).",
                language,
                number=number(row.booked - row.room, language),
                unit=row.unit or gettext("Everybody else", language),
                week=row.week,
            )


def _key(language: str) -> Literal["da", "en"]:
    return "da" if language == "da" else "en"
