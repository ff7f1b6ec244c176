"""The chosen plan is the best there is, keeps the room and the spacing, and gains by more room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.planning.problems import lightest, problem, problems
from tilsyn.planning.optimum import solution as search
from tilsyn.planning.optimum.master import Master
from tilsyn.planning.optimum.patterns import best, earliest
from tilsyn.planning.optimum.problem import DUE, PERSON_OVER, columns, weight_of
from tilsyn.planning.optimum.solution import greedy, optimum


def used(given_problem, cols, chosen):
    taken = np.zeros(given_problem.room.shape, np.int64)
    for type_, weeks, number in zip(cols.type, cols.given, chosen, strict=True):
        taken[given_problem.lane[type_]] += weeks * number
    return taken


def keeps_its_bounds(given_problem, cols, chosen):
    assert (used(given_problem, cols, chosen) <= given_problem.room).all()
    persons = np.bincount(cols.type, chosen, given_problem.types)
    assert (persons <= given_problem.count).all()
    for type_, weeks in zip(cols.type, cols.given, strict=True):
        assert given_problem.allowed[type_][weeks].all()
        at = np.flatnonzero(weeks)
        assert (at[:-1] <= given_problem.earlier[at[1:]]).all()


@settings(max_examples=60)
@given(problems())
def test_no_plan_is_better_than_the_chosen_one(given_problem):
    assume(given_problem.count.sum() <= 4)
    choice = optimum(given_problem)
    keeps_its_bounds(given_problem, choice.columns, choice.chosen)
    assert choice.weight == pytest.approx(lightest(given_problem), abs=1e-4)
    assert choice.gap < 1e-6


@settings(max_examples=60)
@given(problems())
def test_patterns_found_by_price_give_as_good_a_bound_as_all_patterns(given_problem):
    listed = optimum(given_problem)
    master = Master(given_problem)
    relaxed = master.solve()
    assert relaxed.bound <= listed.weight + 1e-4
    assert relaxed.bound <= relaxed.weight + 1e-4


@settings(max_examples=60)
@given(problems())
def test_a_large_problems_way_gives_a_sound_plan_too(given_problem):
    whole = search.optimum(given_problem, few=0)
    exact = optimum(given_problem)
    keeps_its_bounds(given_problem, whole.columns, whole.chosen)
    assert whole.bound <= exact.weight + 1e-4 <= whole.weight + 2e-4


@settings(max_examples=60)
@given(problems(), st.integers(0, 1), st.data())
def test_more_room_never_makes_the_lines_worse(given_problem, lane, data):
    week = data.draw(st.integers(0, given_problem.weeks - 1))
    room = given_problem.room.copy()
    room[lane, week] += data.draw(st.integers(1, 3))
    before, after = optimum(given_problem), optimum(replace(given_problem, room=room))
    assert after.over.sum() <= before.over.sum()
    assert after.weight <= before.weight + 1e-4


@settings(max_examples=40)
@given(problems())
def test_the_same_problem_gives_the_same_plan(given_problem):
    one, other = optimum(given_problem), optimum(given_problem)
    assert (one.columns.given == other.columns.given).all()
    assert (one.chosen == other.chosen).all()


@settings(max_examples=60)
@given(problems())
def test_the_quick_plan_keeps_room_spacing_and_closed_weeks(given_problem):
    cols, chosen = greedy(given_problem)
    keeps_its_bounds(given_problem, cols, chosen)
    assert weight_of(given_problem, cols, chosen) >= optimum(given_problem).weight - 1e-4


@settings(max_examples=60)
@given(problems(), st.data())
def test_the_pattern_of_each_type_is_the_best_at_the_prices(given_problem, data):
    price = data.draw(st.lists(st.sampled_from([0.0, 30.0, 250.0]), min_size=2, max_size=2))
    worth = np.array(data.draw(st.lists(st.sampled_from([0.0, 80.0]), min_size=2, max_size=2)))
    prices = np.repeat(np.array(price)[:, None], given_problem.weeks, axis=1)
    gain, given_ = best(given_problem, worth, prices)

    def gains(type_, weeks):
        cols = columns(given_problem, np.array([type_]), weeks[None, :])
        return (
            (cols.meets @ worth)[0] - cols.cost[0] - prices[given_problem.lane[type_]][weeks].sum()
        )

    listed = search.every(given_problem, 10_000)
    assert listed is not None
    for type_ in range(given_problem.types):
        own = [weeks for of, weeks in zip(*listed, strict=True) if of == type_]
        most = max([0.0, *(gains(type_, weeks) for weeks in own)])
        assert gain[type_] == pytest.approx(most, abs=1e-6)
        assert gains(type_, given_[type_]) == pytest.approx(most, abs=1e-6)


@settings(max_examples=40)
@given(problems())
def test_nothing_gives_more_by_any_week_than_giving_early(given_problem):
    soonest = np.cumsum(earliest(given_problem), axis=1)
    listed = search.every(given_problem, 10_000)
    assert listed is not None
    for type_, weeks in zip(*listed, strict=True):
        assert (np.cumsum(weeks) <= soonest[type_]).all()


def test_a_line_outweighs_what_is_due_to_others():
    of = problem(
        [(1, 0, (), [(1, 0, 0, 1.0)]), (1, 0, (), [(1, 0, 1, 1.0), (1, 0, 1, 1.0)])],
        weeks=1,
        room=[[1]],
        cells=((0,), ()),
        wanted=(1,),
    )
    choice = optimum(of)
    assert choice.over.tolist() == [0]
    assert choice.weight == pytest.approx(2 * DUE + 1)


def test_what_cannot_be_reached_is_weighed_person_by_person():
    of = problem([(3, 0, (), [(1, 0, 0, 1.0)])], weeks=1, room=[[1]], cells=((0,),), wanted=(3,))
    choice = optimum(of)
    assert choice.over.tolist() == [2]
    assert choice.weight == pytest.approx(2 * PERSON_OVER + 2 * DUE + 1)


def test_nobody_to_plan_for_is_a_plan():
    choice = optimum(problem([], weeks=3, room=[[1, 1, 1]]))
    assert len(choice.columns) == 0
    assert choice.weight == choice.gap == 0


def test_whoever_is_likelier_to_leave_waits_where_there_is_room_for_one():
    of = problem([(1, 0, (), [(1, 0, 0, 0.5)]), (1, 0, (), [(1, 0, 0, 1.0)])], weeks=1, room=[[1]])
    choice = optimum(of)
    assert choice.columns.type[choice.chosen > 0].tolist() == [1]
