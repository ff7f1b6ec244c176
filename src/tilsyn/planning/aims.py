"""What a goal asks for, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from tilsyn.planning.goals import Goal, Line
from tilsyn.planning.words import words
from tilsyn.rules import Catalogue
from tilsyn.vocabulary import MEASURES, ROWS, TOTAL
from tilsyn.vocabulary.wording import joined, number, percent
from tilsyn.vocabulary.wording import months as in_months


def aims(goal: Goal, catalogue: Catalogue, language: str) -> Iterator[str]:
    """The sentences: what is due, each line, and how far from it the plan keeps.

    Args:
        catalogue: the rules that lines name.
    """
    say = words(language)["aim"]
    yield say["duty" if goal.duty else "no_duty"]
    for line in goal.line:
        yield _line(line, catalogue, say, language)
    if goal.line:
        margin = number(goal.margin, language, places(goal.margin))
        yield say["margin"].format(margin=margin) if goal.margin else say["no_margin"]


def places(value: Decimal) -> int:
    """How many decimals a number needs to be told whole."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def group_names(codes: Sequence[str], language: str) -> str:
    """Groups within a sentence."""
    return joined([ROWS[code].name(language).lower() for code in codes], language)


def _line(line: Line, catalogue: Catalogue, say: dict[str, str], language: str) -> str:
    sentence = say["line"].format(
        what=_what(line, catalogue, say, language),
        share=_share(line, say, language),
        whom=_whom(line, say, language),
        months=say["months"].format(months=in_months(list(line.months), language))
        if line.months
        else say["every_month"],
    )
    if line.smallest_population and line.smallest_population > 1:
        sentence += " " + say["smallest"].format(smallest=line.smallest_population)
    return sentence


def _what(line: Line, catalogue: Catalogue, say: dict[str, str], language: Any) -> str:
    names = [say["measure"].format(measure=MEASURES[m].name(language)) for m in line.measures]
    rule = [str(catalogue[line.rule].title[language])] if line.rule else []
    return ", ".join([*rule, *([joined(names, language)] if names else [])])


def _share(line: Line, say: dict[str, str], language: str) -> str:
    if line.threshold is None:
        return say["rule"]
    shown = percent(line.threshold, language, places(line.threshold))
    return say["up_to" if line.met_at_threshold else "under"].format(threshold=shown)


def _whom(line: Line, say: dict[str, str], language: str) -> str:
    if line.groups == (TOTAL.code,) or not (line.groups or line.rule):
        return say["total"]
    return say["groups"].format(groups=group_names(line.groups, language)) if line.groups else ""
