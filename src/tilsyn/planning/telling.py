"""A plan in words: what is planned, which lines hold, and what would help where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from tilsyn.planning import record
from tilsyn.planning.advice import Advice
from tilsyn.planning.capacity import names
from tilsyn.planning.making import Ground
from tilsyn.planning.plan import Line, Plan
from tilsyn.planning.whatif import Setting
from tilsyn.planning.words import words
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, YearMonth
from tilsyn.vocabulary.wording import date, number, percent
from tilsyn.vocabulary.wording import months as in_months


def told(
    ground: Ground, setting: Setting, plan: Plan, found: Advice | None, language: str
) -> Iterator[str]:
    """The sentences.

    Args:
        found: what would help, where a line is not held.
    """
    say = words(language)["told"]
    of = record.figures(plan)
    yield say["head"].format(
        municipality=MUNICIPALITIES[ground.municipality].name,
        weeks=len(plan.weeks),
        first=date(plan.weeks.first, language),
        persons=number(ground.persons, language),
        goal=setting.goal.title[_key(language)],
    )
    if not len(plan.projection):
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
    yield from overbooked(plan, language)
    if plan.before.all():
        yield say["all_met"]
    yield from _small(plan, language)
    holding = [line for line in plan.lines if line.held.holds]
    if not holding:
        yield say["no_lines"]
    elif not plan.over:
        yield say["held"]
    for line in plan.lines:
        if line.over:
            yield _over(line, language)
    if found is not None:
        yield from advised(plan, setting, found, language)


def _over(line: Line, language: str) -> str:
    target = line.held.target
    return str(
        words(language)["told"]["over_lost" if line.lost else "over"].format(
            measure=MEASURES[target.measure].name(language),
            group=ROWS[target.group].name(language),
            month=target.month.name(language),
            over=number(line.over, language),
            lost=number(line.lost, language),
            allowed=number(line.held.allowed, language),
            population=number(line.held.population, language),
            after=number(line.after, language),
        )
    )


def advised(plan: Plan, setting: Setting, found: Advice, language: str) -> Iterator[str]:
    """What would help."""
    say = words(language)["told"]
    if found.no_room:
        yield say["no_room"]
    elif any(line.over > line.lost for line in found.over):
        if found.least is None:
            yield say["no_capacity"]
        elif found.percent is None:
            yield say["least_capacity"].format(least=number(found.least, language))
        else:
            key = "more_capacity" if found.percent == found.least else "between_capacity"
            yield say[key].format(
                least=number(found.least, language), percent=number(found.percent, language)
            )
    if found.margin is not None and found.margin < setting.goal.margin:
        yield say["margin"].format(
            margin=number(found.margin, language, 1),
            wanted=number(setting.goal.margin, language, 1),
        )
    if found.first is None:
        yield say["first_never"]
    else:
        yield say["first_month"].format(month=found.first.name(language))


def _small(plan: Plan, language: str) -> Iterator[str]:
    """The lines that do not hold for so few."""
    small: dict[tuple[str, str, int], list[YearMonth]] = {}
    for line in plan.lines:
        target = line.held.target
        if not line.held.holds and line.held.population:
            key = (target.measure, target.group, target.smallest)
            small.setdefault(key, []).append(target.month)
    for (measure, group, smallest), months in small.items():
        yield words(language)["told"]["small"].format(
            measure=MEASURES[measure].name(language),
            group=ROWS[group].name(language),
            smallest=smallest,
            months=in_months(months, language),
        )


def overbooked(plan: Plan, language: str) -> Iterator[str]:
    """The weeks in which more is booked than there is room for."""
    units = names(plan.capacity.unit, words(language)["everybody"])
    for lane, week in np.argwhere(plan.overbooked).tolist():
        yield words(language)["told"]["overbooked"].format(
            number=number(int(plan.overbooked[lane, week]), language),
            unit=units[lane % len(units)],
            week=plan.weeks.name(week),
        )


def _key(language: str) -> Literal["da", "en"]:
    return "da" if language == "da" else "en"
