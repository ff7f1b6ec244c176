"""What it takes to come under a line, and the newest day a register tells of."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.planning.stores import synthetic
from tilsyn.measures import definitions
from tilsyn.outlook.basis import gather
from tilsyn.outlook.figures import ROWS, outlook
from tilsyn.outlook.situation import newest
from tilsyn.planning.goals import Target
from tilsyn.planning.reach import _reach, reaches
from tilsyn.vocabulary import TOTAL, YearMonth

ON = dt.date(2023, 6, 30)


def target(threshold: int = 20, smallest: int = 1, **kept) -> Target:
    usual = {"measure": "conversations_6m", "group": TOTAL.code, "month": YearMonth(2023, 8)}
    return Target(
        **(usual | kept),
        threshold=Fraction(threshold),
        margin=Fraction(0),
        strict=False,
        smallest=smallest,
    )


@given(
    st.integers(0, 6),
    st.integers(0, 4),
    st.lists(st.integers(1, 4), max_size=6),
    st.integers(1, 99),
)
def test_no_fewer_events_come_under_the_line(met, lost, gaps, threshold):
    population = met + lost + len(gaps)
    if not population:
        return
    found = _reach(target(threshold), population, lost + len(gaps), np.array(gaps, np.int64))
    # Every choice of persons who get what they lack, and what it costs.
    ways = [
        sum(chosen)
        for size in range(len(gaps) + 1)
        for chosen in combinations(gaps, size)
        if 100 * (lost + len(gaps) - size) <= threshold * population
    ]
    assert found.events == min(ways, default=None)


def test_a_line_that_does_not_hold_for_so_few_asks_for_nothing():
    found = _reach(target(smallest=11), 10, 10, np.full(10, 4))
    assert (found.holds, found.persons, found.events) == (False, 0, 0)


@pytest.fixture(scope="module")
def store():
    return synthetic(2500, "183")


def test_the_lines_rest_on_the_persons_the_outlook_knows(store):
    basis = gather(store, ON, 4, definitions.load())
    known = outlook(basis, 183, simulations=10).known
    asked = [
        target(20, 1, measure=measure, group=group, month=month)
        for measure in basis.measures
        for group in ROWS
        for month in basis.months
    ]
    found = list(reaches(basis, 183, asked))
    assert any(one.persons for one in found)
    for one in found:
        of = known[basis.measures.index(one.target.measure)]
        at = ROWS.index(one.target.group), list(basis.months).index(one.target.month)
        unmet = int(of.nothing_more[at])
        assert one.persons == max(0, unmet - one.target.allowed(int(of.persons[at])))
        assert (one.events is None) == (one.persons > of.open[at])


def test_nothing_is_told_of_groups_without_anybody_and_months_beyond(store):
    basis = gather(store, ON, 2, definitions.load())
    assert not list(reaches(basis, 101, [target()]))
    assert not list(reaches(basis, 183, [target(month=YearMonth(2030, 1))]))


def test_the_newest_day_is_never_later_than_the_day_asked_for(store):
    assert newest(store, ON) == ON
    last = newest(store, dt.date(2030, 1, 1))
    assert last is not None and dt.date(2023, 12, 1) < last
    assert newest(store, last) == last
    assert newest(store, dt.date(1999, 1, 1)) is None
