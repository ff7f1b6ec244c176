"""What happens exactly at a bound: the line, the age of figures, the age of the result goal."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.protection.small import figure
from tilsyn.figures.series import MonthFigure
from tilsyn.figures.table import table
from tilsyn.rules import judge, shipped
from tilsyn.rules.criteria import JUDGED
from tilsyn.rules.model import Consecutive, Mean, Threshold
from tilsyn.vocabulary import MonthRange, YearMonth

NEWEST = YearMonth(2023, 8)
JUDGED_VERSIONS = [
    pytest.param(rule.rule, version, id=f"{rule.rule} {version.name}")
    for rule in shipped()
    for version in rule.version
    if version.criterion.kind in JUDGED
]
MEANS = [
    pytest.param(rule.rule, version, id=f"{rule.rule} {version.name}")
    for rule in shipped()
    for version in rule.version
    if isinstance(version.criterion, Mean)
]


def line(*, met_at_threshold):
    return Threshold(threshold=Decimal("20.1"), met_at_threshold=met_at_threshold)


@pytest.mark.parametrize("share", [Decimal("20.1"), Fraction(201, 10), 20.1])
def test_a_share_at_the_line_is_over_it_only_where_the_line_is_not_good_enough(share):
    assert not line(met_at_threshold=True).over(share)
    assert line(met_at_threshold=False).over(share)


@pytest.mark.parametrize("met_at_threshold", [True, False])
def test_beside_the_line_it_makes_no_difference(met_at_threshold):
    beside = line(met_at_threshold=met_at_threshold)
    assert beside.over(Fraction(2011, 100)) and not beside.over(Fraction(2009, 100))


def test_a_hidden_count_of_at_most_two_is_told_from_the_line_at_its_largest():
    ten = MonthFigure(
        NEWEST, population=10, hidden=frozenset({"unmet"}), small=frozenset({"unmet"})
    )
    assert ten.highest == 20
    twenty = {"threshold": Decimal(20)}
    assert ten.over(Threshold(**twenty, met_at_threshold=True)) is False
    assert ten.over(Threshold(**twenty, met_at_threshold=False)) is None


def judged(rule, version, on, *, goal=None):
    """The findings of a rule on figures of 200 persons, 100 unmet, to `NEWEST`; a goal missed in `goal`."""
    months = getattr(version.criterion, "months", 1)
    source = {"published": dt.date(1990, 1, 1)}
    numbers = {"population": 200, "unmet": 100, "actual_share": 9, "expected_share": 8}
    figures = [
        figure(statistic, grp, n, month=month.first, measure=measure, **source)
        for measure in version.measures
        for month in MonthRange.ending(NEWEST, months)
        for statistic, n in numbers.items()
        for grp in ("total", "sygedagpenge")
    ]
    if goal:
        missed = {"measure": "result_goal", "month": goal.first, **source}
        figures.append(figure("met", "total", 0, **missed))
    return [
        finding
        for finding in judge(table(figures), on=on, catalogue=shipped(), rule=rule)
        if finding.version == version
    ]


@pytest.fixture
def always(monkeypatch):
    """Whichever version is asked about is in force on every day."""

    def force(version):
        monkeypatch.setattr("tilsyn.rules.catalogue.Catalogue.version", lambda *_: version)

    return force


@pytest.mark.parametrize(("rule", "version"), JUDGED_VERSIONS)
def test_figures_exactly_as_old_as_the_bound_are_judged_and_a_month_older_are_not(
    rule, version, always
):
    always(version)
    bound = NEWEST + version.stale_after_months
    last_day, day_after = (bound + 1).first - dt.timedelta(days=1), (bound + 1).first
    in_time, too_late = judged(rule, version, last_day), judged(rule, version, day_after)
    assert in_time and {finding.reason for finding in in_time}.isdisjoint({"stale"})
    assert too_late and {(f.verdict, f.reason) for f in too_late} == {("not_judged", "stale")}


@pytest.mark.parametrize(("rule", "version"), MEANS)
def test_the_result_goal_counts_up_to_its_greatest_age_and_not_a_month_longer(
    rule, version, always
):
    if version.suspended:
        version = version.model_copy(update={"suspended": False, "suspended_because": {}})
    always(version)
    on = (NEWEST + 1).first
    oldest = YearMonth.of(on) + -version.criterion.gate_max_age_months
    (at_risk,) = judged(rule, version, on, goal=oldest)
    (unknown,) = judged(rule, version, on, goal=oldest + -1)
    assert at_risk.verdict == "at_risk"
    assert (unknown.verdict, unknown.reason) == ("missed", "goal_unknown")


def test_a_finding_marks_no_share_where_its_rule_holds_no_line():
    by_rule = {rule.rule: rule.version[-1] for rule in shipped()}
    assert not isinstance(by_rule["result_goal"].criterion, Threshold)
    assert isinstance(by_rule["early_effort"].criterion, Consecutive)
    (found, *_) = judged("result_goal", by_rule["result_goal"], (NEWEST + 1).first)
    assert not found.over(Fraction(99))
