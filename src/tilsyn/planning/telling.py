"""A plan in words: what is planned, which lines hold, and what would help where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tilsyn.planning.goals import Goal
from tilsyn.planning.record import LineFigures, PlanRecord
from tilsyn.planning.words import words
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, YearMonth
from tilsyn.vocabulary.wording import date, number, percent
from tilsyn.vocabulary.wording import months as in_months


def sentences(made: PlanRecord, goal: Goal, language: str) -> Iterator[str]:
    """The sentences.

    Args:
        goal: the plan's.
    """
    say = words(language)["told"]
    of = made.figures
    yield say["head"].format(
        municipality=MUNICIPALITIES[made.municipality].name,
        weeks=made.weeks,
        first=date(made.first, language),
        persons=number(made.persons, language),
        goal=goal.title[_key(language)],
    )
    if not made.counts:
        yield say["nobody"]
        return
    counts = ("conversations", "offers", "persons", "booked")
    gap = percent(100 * of.gap, language, 2)
    planned = say["planned"].format(
        **{name: number(getattr(of, name), language) for name in counts}
    )
    yield f"{planned}; {say['gap'].format(gap=gap)}."
    if of.ended_by_clock:
        yield say["clock"]
    yield from overbooked(made, language)
    if not any(count.without for count in made.counts):
        yield say["all_met"]
    yield from _small(made, language)
    if not any(line.holds for line in made.lines):
        yield say["no_lines"]
    elif not of.over:
        yield say["held"]
    for line in made.lines:
        if line.over:
            yield _over(line, language)
    if of.over:
        yield from advised(made, goal, language)


def _over(line: LineFigures, language: str) -> str:
    return str(
        words(language)["told"]["over_lost" if line.lost else "over"].format(
            measure=MEASURES[line.measure].name(language),
            group=ROWS[line.group].name(language),
            month=YearMonth.parse(line.month).name(language),
            over=number(line.over, language),
            lost=number(line.lost, language),
            allowed=number(line.allowed, language),
            population=number(line.population, language),
            after=number(line.planned, language),
        )
    )


def advised(made: PlanRecord, goal: Goal, language: str) -> Iterator[str]:
    """What would help where a line is not held."""
    say, found = words(language)["told"], made.advice
    least, percent = found.least_capacity_percent, found.capacity_percent
    if any(line.over > line.lost for line in made.lines):
        if not any(row.room for row in made.load):
            yield say["no_room"]
        elif least is None:
            yield say["no_capacity"]
        elif percent is None:
            yield say["least_capacity"].format(least=number(least, language))
        else:
            key = "more_capacity" if percent == least else "between_capacity"
            yield say[key].format(least=number(least, language), percent=number(percent, language))
    if found.margin is not None and found.margin < goal.margin:
        yield say["margin"].format(
            margin=number(found.margin, language, 1), wanted=number(goal.margin, language, 1)
        )
    if found.first_month is None:
        yield say["first_never"]
    else:
        month = YearMonth.parse(found.first_month)
        yield say["first_month"].format(month=month.name(language))


def _small(made: PlanRecord, language: str) -> Iterator[str]:
    """The lines that do not hold for so few."""
    small: dict[tuple[str, str, int], list[YearMonth]] = {}
    for line in made.lines:
        if not line.holds and line.population:
            key = (line.measure, line.group, line.smallest)
            small.setdefault(key, []).append(YearMonth.parse(line.month))
    for (measure, group, smallest), months in small.items():
        yield words(language)["told"]["small"].format(
            measure=MEASURES[measure].name(language),
            group=ROWS[group].name(language),
            smallest=smallest,
            months=in_months(months, language),
        )


def overbooked(made: PlanRecord, language: str) -> Iterator[str]:
    """Where more is booked than there is room for."""
    for row in made.load:
        if row.booked > row.room:
            yield words(language)["told"]["overbooked"].format(
                number=number(row.booked - row.room, language),
                unit=row.unit or words(language)["everybody"],
                week=row.week,
            )


def _key(language: str) -> Literal["da", "en"]:
    return "da" if language == "da" else "en"
