"""What a goal asks for, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from tilsyn.measures import definitions
from tilsyn.planning.goals import Goal, Line
from tilsyn.rules import Catalogue
from tilsyn.rules.catalogue import in_force
from tilsyn.vocabulary import MEASURES, ROWS, TOTAL
from tilsyn.vocabulary.wording import date, joined, number, percent
from tilsyn.vocabulary.wording import months as in_months
from tilsyn.words import gettext


def aims(goal: Goal, catalogue: Catalogue, language: str) -> Iterator[str]:
    """The sentences: what is due, each line, and how far from it the plan keeps.

    Args:
        catalogue: the rules that lines name.
    """
    yield (
        gettext("Everybody gets what is due, as far as there is room.", language)
        if goal.duty
        else gettext(
            "Only what the lines need is planned; the list of what is due is made all the same.",
            language,
        )
    )
    for line in goal.line:
        yield _line(line, catalogue, language)
    if goal.line:
        margin = number(goal.margin, language, places(goal.margin))
        yield (
            gettext("{margin} percentage points are kept below each line.", language, margin=margin)
            if goal.margin
            else gettext("Nothing is kept below the lines.", language)
        )


def left_out(goal: Goal, catalogue: Catalogue, first: dt.date, language: str) -> Iterator[str]:
    """What a plan from a day on does not hold of its goal: rules that are not in force, measures that
    are not planned.
    """
    planned = {one.measure for one in definitions.load().measures if one.by_seniority_alone}
    for line in goal.line:
        if line.falls_away(catalogue, first):
            yield gettext(
                "{what}: not in force on {day}.",
                language,
                what=_what(line, catalogue, language),
                day=date(first, language),
            )
            continue
        version = in_force(catalogue[line.rule], first) if line.rule else None
        ruled = version.measures if version else ()
        if others := [m for m in line.measures or ruled if m not in planned]:
            names = [MEASURES[code].name(language) for code in others]
            yield gettext(
                "{what}: not held by the plan; {measures} cannot be planned yet. What the earlier "
                "measures require is planned.",
                language,
                what=_what(line, catalogue, language),
                measures=joined(
                    [gettext("“{measure}”", language, measure=n) for n in names], language
                ),
            )


def places(value: Decimal) -> int:
    """How many decimals a number needs to be told whole."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def group_names(codes: Sequence[str], language: str) -> str:
    """Groups within a sentence."""
    return joined([ROWS[code].name(language).lower() for code in codes], language)


def _line(line: Line, catalogue: Catalogue, language: str) -> str:
    sentence = gettext(
        "{what}{whom}: {share} {months}.",
        language,
        what=_what(line, catalogue, language),
        share=_share(line, language),
        whom=_whom(line, language),
        months=gettext("in {months}", language, months=in_months(list(line.months), language))
        if line.months
        else gettext("in each whole month", language),
    )
    if line.smallest_population and line.smallest_population > 1:
        sentence += " " + gettext(
            "The line holds from {smallest} persons.", language, smallest=line.smallest_population
        )
    return sentence


def _what(line: Line, catalogue: Catalogue, language: Any) -> str:
    names = [
        gettext("“{measure}”", language, measure=MEASURES[m].name(language)) for m in line.measures
    ]
    rule = [str(catalogue[line.rule].title[language])] if line.rule else []
    return ", ".join([*rule, *([joined(names, language)] if names else [])])


def _share(line: Line, language: str) -> str:
    if line.threshold is None:
        return gettext("at most the rule’s line", language)
    shown = percent(line.threshold, language, places(line.threshold))
    if line.met_at_threshold:
        return gettext("at most {threshold}", language, threshold=shown)
    return gettext("under {threshold}", language, threshold=shown)


def _whom(line: Line, language: str) -> str:
    if line.groups == (TOTAL.code,) or not (line.groups or line.rule):
        return gettext(" for all groups together", language)
    return (
        gettext(" for {groups}", language, groups=group_names(line.groups, language))
        if line.groups
        else ""
    )
