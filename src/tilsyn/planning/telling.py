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
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, YearMonth
from tilsyn.vocabulary.wording import date, number, percent
from tilsyn.vocabulary.wording import months as in_months
from tilsyn.words import gettext, gettext_noop


def told(
    ground: Ground, setting: Setting, plan: Plan, found: Advice | None, language: str
) -> Iterator[str]:
    """The sentences.

    Args:
        found: what would help, where a line is not held.
    """
    of = record.figures(plan)
    yield gettext(
        "{municipality}, {weeks} weeks from {first}: {persons} persons on a benefit, goal: {goal}",
        language,
        municipality=MUNICIPALITIES[ground.municipality].name,
        weeks=len(plan.weeks),
        first=date(plan.weeks.first, language),
        persons=number(ground.persons, language),
        goal=setting.goal.title[_key(language)],
    )
    if not len(plan.projection):
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
    yield from overbooked(plan, language)
    if plan.before.all():
        yield gettext("Nobody lacks anything in these weeks; there is nothing to plan.", language)
    yield from _small(plan, language)
    holding = [line for line in plan.lines if line.held.holds]
    if not holding:
        yield gettext("The goal has no lines; what is due to everybody is planned.", language)
    elif not plan.over:
        yield gettext("Every line is held in every month.", language)
    for line in plan.lines:
        if line.over:
            yield _over(line, language)
    if found is not None:
        yield from advised(plan, setting, found, language)


def _over(line: Line, language: str) -> str:
    target = line.held.target
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
        measure=MEASURES[target.measure].name(language),
        group=ROWS[target.group].name(language),
        month=target.month.name(language),
        over=number(line.over, language),
        lost=number(line.lost, language),
        allowed=number(line.held.allowed, language),
        population=number(line.held.population, language),
        after=number(line.after, language),
    )


def advised(plan: Plan, setting: Setting, found: Advice, language: str) -> Iterator[str]:
    """What would help."""
    if found.no_room:
        yield gettext(
            "There is no room in the capacity; without room nothing can be planned.", language
        )
    elif any(line.over > line.lost for line in found.over):
        if found.least is None:
            yield gettext(
                "More capacity alone is not enough: the spacing and the last days leave no time.",
                language,
            )
        elif found.percent is None:
            yield gettext(
                "At least {least}% more capacity is needed, and somewhat more still, before every line that can be reached is held.",
                language,
                least=number(found.least, language),
            )
        else:
            percent_more = number(found.percent, language)
            if found.percent == found.least:
                yield gettext(
                    "With {percent}% more capacity every line that can be reached is held (tried).",
                    language,
                    percent=percent_more,
                )
            else:
                least = number(found.least, language)
                yield gettext(
                    "At least {least}% more capacity is needed; with {percent}% every line that can be reached is held (tried).",
                    language,
                    least=least,
                    percent=percent_more,
                )
    if found.margin is not None and found.margin < setting.goal.margin:
        yield gettext(
            "The lost ones apart, the plan holds with a margin of {margin} percentage points instead of {wanted}.",
            language,
            margin=number(found.margin, language, 1),
            wanted=number(setting.goal.margin, language, 1),
        )
    if found.first is None:
        yield gettext("The last month is over, too.", language)
    else:
        yield gettext(
            "From {month} on every line is held.", language, month=found.first.name(language)
        )


def _small(plan: Plan, language: str) -> Iterator[str]:
    """The lines that do not hold for so few."""
    small: dict[tuple[str, str, int], list[YearMonth]] = {}
    for line in plan.lines:
        target = line.held.target
        if not line.held.holds and line.held.population:
            key = (target.measure, target.group, target.smallest)
            small.setdefault(key, []).append(target.month)
    for (measure, group, smallest), months in small.items():
        yield gettext(
            "{measure}, {group}: fewer than {smallest} persons in {months}; the line does not hold.",
            language,
            measure=MEASURES[measure].name(language),
            group=ROWS[group].name(language),
            smallest=smallest,
            months=in_months(months, language),
        )


def overbooked(plan: Plan, language: str) -> Iterator[str]:
    """The weeks in which more is booked than there is room for."""
    units = names(plan.capacity.unit, language)
    for lane, week in np.argwhere(plan.overbooked).tolist():
        yield gettext(
            "{number} more are booked than there is room for ({unit}, week {week}).",
            language,
            number=number(int(plan.overbooked[lane, week]), language),
            unit=units[lane % len(units)],
            week=plan.weeks.name(week),
        )


def _key(language: str) -> Literal["da", "en"]:
    return "da" if language == "da" else "en"
