"""What a hidden number can be: at most two where a publisher hid it, anything where we did."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.protection.small import figure
from tilsyn.figures.series import MonthFigure, series
from tilsyn.figures.table import table
from tilsyn.rules import judge, shipped
from tilsyn.vocabulary import YearMonth

MONTHS = [dt.date(2021, 12, 1), dt.date(2022, 1, 1), dt.date(2022, 2, 1)]
DAY = dt.date(2022, 5, 15)


def told(population, unmet, provenance):
    """Three months of early conversations of a group, the same numbers each month."""
    more = {"measure": "conversations_6m", "provenance": provenance, "published": DAY}
    return table(
        figure(statistic, "sygedagpenge", n, month=month, **more)
        for month in MONTHS
        for statistic, n in (("population", population), ("unmet", unmet))
    )


def month(population, unmet, provenance):
    """The first of them as the rules reckon with it."""
    (one,) = series(told(population, unmet, provenance))
    return next(iter(one.months.values()))


def verdict(figures):
    """The judgement on the group, by the rule of three months in a row, and its reason."""
    (one,) = [
        found
        for found in judge(figures, on=DAY, catalogue=shipped())
        if (found.rule, found.grp) == ("early_effort", "sygedagpenge")
    ]
    return one.verdict, one.explanation["da"]


def test_a_hidden_count_of_a_publisher_is_at_most_two():
    assert month(100, None, "published").highest == 2
    assert month(None, 3, "published").smaller_than(10)
    assert verdict(told(None, None, "published"))[0] == "not_judged"
    assert "under tre" in verdict(told(None, None, "published"))[1]


def test_a_count_we_hid_to_protect_another_may_be_anything():
    assert month(100, None, "register").highest is None
    assert month(None, 3, "register").smaller_than(10) is None
    assert "under tre" not in verdict(told(None, None, "register"))[1]


@pytest.mark.parametrize(("population", "unmet"), [(100, 50), (100, 5)])
def test_no_verdict_rests_on_how_large_a_count_is_that_we_hid(population, unmet):
    exact = told(population, unmet, "register")
    hidden = told(population, None, "register")
    assert verdict(exact)[0] in ("flagged", "met")
    assert verdict(hidden)[0] == "not_judged"
    assert verdict(told(population, None, "published"))[0] == "met"


def test_a_month_says_which_of_its_hidden_counts_are_small():
    one = month(None, None, "published")
    assert one.hidden == one.small == {"population", "unmet"}
    ours = month(None, None, "register")
    assert ours.hidden == one.hidden and not ours.small
    assert ours.status == one.status == replace(ours, small=one.small).status == "suppressed"


def test_a_count_beside_its_printed_share_bounds_the_population_from_below():
    # 26 of 69 are 37.68 per cent, printed 37.7; of 68 they would be 38.2.
    one = MonthFigure(YearMonth(2022, 2), unmet=26, share=Fraction(377, 10))
    assert one.least_population == 69
    assert one.smaller_than(69) is False and one.smaller_than(70) is None
