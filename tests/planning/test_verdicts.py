"""A thousand tables at once are judged as the judge judges each of them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.figures.series import MonthFigure, Series
from tilsyn.outlook.verdicts import flagged, missed, restored
from tilsyn.rules import shipped
from tilsyn.rules.criteria import any_month, consecutive, mean
from tilsyn.rules.finding import Matter
from tilsyn.rules.model import Version
from tilsyn.vocabulary import MonthRange, YearMonth

LAST = YearMonth(2023, 6)
DAY = dt.date(2023, 7, 1)


def versions(rule: str) -> list[Version]:
    return [v for v in shipped()[rule].version if not v.suspended]


def outcome(criterion, version: Version, table: list[tuple[int, int]]):
    """What the criterion says of one table of (population, unmet) by month."""
    span = MonthRange.ending(LAST, len(table))
    months = {
        month: MonthFigure(month, population=population, unmet=unmet)
        for month, (population, unmet) in zip(span, table, strict=True)
    }
    series = Series("183", version.measures[0], "total", months)
    return criterion(Matter(version, series, span, DAY)).verdict


# About the line, about the smallest population, and nobody at all.
FIGURES = st.one_of(
    st.tuples(st.just(0), st.just(0)),
    st.sampled_from([(50, 10), (50, 11), (50, 9), (100, 30), (100, 31), (10, 2), (10, 3), (9, 9)]),
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
)


def tables(months: int):
    return st.lists(st.lists(FIGURES, min_size=months, max_size=months), min_size=1, max_size=20)


def both(drawn) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(drawn)
    return table[..., 0], table[..., 1]


@pytest.mark.parametrize("version", versions("early_effort"), ids=lambda v: v.name)
@given(data=st.data())
def test_flagged_as_the_judge_flags(version, data):
    drawn = data.draw(tables(version.criterion.months))
    expected = [outcome(consecutive, version, table) == "flagged" for table in drawn]
    assert flagged(version.criterion, *both(drawn)).tolist() == expected


@pytest.mark.parametrize("version", versions("early_effort_follow_up"), ids=lambda v: v.name)
@given(data=st.data())
def test_restored_as_the_judge_restores(version, data):
    drawn = data.draw(tables(version.criterion.months))
    expected = [outcome(any_month, version, table) == "restored" for table in drawn]
    assert restored(version.criterion, *both(drawn)).tolist() == expected


@pytest.mark.parametrize("rule", ["focus_conversations", "focus_offers"])
@given(data=st.data())
def test_missed_as_the_judge_finds_missed(rule, data):
    version = versions(rule)[-1]
    drawn = data.draw(tables(version.criterion.months))
    counted = [version.criterion.counts(m) for m in MonthRange.ending(LAST, len(drawn[0]))]
    expected = [outcome(mean, version, table) in ("missed", "at_risk") for table in drawn]
    population, unmet = both(drawn)
    found = missed(version.criterion, population[:, counted], unmet[:, counted])
    assert found.tolist() == expected
