"""What the criteria make of months that are unlike each other."""

from fractions import Fraction

import pytest

from tilsyn.figures.series import MonthFigure, Series
from tilsyn.rules import shipped
from tilsyn.rules.criteria import JUDGED
from tilsyn.rules.finding import Matter
from tilsyn.vocabulary import MonthRange, YearMonth

NEWEST = YearMonth(2023, 8)


def version(rule, **criterion):
    """A rule's latest version, in force, with another criterion."""
    found = shipped()[rule].version[-1]
    changed = found.criterion.model_copy(update=criterion)
    update = {"criterion": changed, "suspended": False, "suspended_because": {}}
    return found.model_copy(update=update)


def outcome(made, shares, *, goals=()):
    """The judgement on shares in per cent, oldest first; goals are whether each was met, oldest first."""

    def series(figures):
        return Series("183", "m", "total", {one.month: one for one in figures})

    span = MonthRange.ending(NEWEST, len(shares))
    own = series(
        MonthFigure(month, share=None if share is None else Fraction(share), population=1000)
        for month, share in zip(span, shares, strict=True)
    )
    gate = series(
        MonthFigure(NEWEST + (i + 1 - len(goals)), met=met) for i, met in enumerate(goals)
    )
    return JUDGED[made.criterion.kind](Matter(made, own, span, (NEWEST + 1).first, gate))


def test_what_is_unknown_of_the_newest_month_is_not_made_up_for_by_the_months_before():
    made = version("early_effort", months=3)
    assert outcome(made, [0, 0, None]).reason == "months_missing"
    assert outcome(made, [None, 0, 0]).verdict == "met"


@pytest.mark.parametrize("rule", ["early_effort", "focus_conversations"])
@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Fraction(20), ("near_line", "exactly")),
        (Fraction(19), ("near_line", "")),
        (Fraction(1899, 100), ("met", "")),
    ],
)
def test_a_share_is_near_the_line_down_to_the_whole_distance_said(rule, share, said):
    made = version(rule, months=1)
    assert (made.criterion.threshold, made.criterion.near_line) == (20, 1)
    found = outcome(made, [share])
    assert (found.verdict, found.reason) == said


def test_the_latest_months_of_a_warning_are_the_latest_that_count():
    newest = MonthRange(NEWEST, NEWEST)
    made = version("focus_conversations", months=6, warning_months=2, not_counted=(newest,))
    over = Fraction(made.criterion.threshold) + 1
    found = outcome(made, [0, 0, 0, over, over, 0])
    assert found.verdict == "over_line"
    assert found.slots["over_months"] == [NEWEST + -2, NEWEST + -1]


@pytest.mark.parametrize(
    ("goals", "said"),
    [((False, True), ("missed", "goal_met")), ((True, False), ("at_risk", ""))],
)
def test_of_two_result_goals_the_later_one_counts(goals, said):
    made = version("focus_conversations", months=1, warning_months=1)
    found = outcome(made, [100], goals=goals)
    assert (found.verdict, found.reason) == said
    assert found.slots["goal_month"] == [NEWEST]
