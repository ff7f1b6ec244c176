"""What would help: with less room than the least named, no plan holds the lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planning.problems import problem, problems
from tilsyn.planning.advice import needed
from tilsyn.planning.optimum.solution import optimum


@settings(max_examples=300)
@given(problems(), st.floats(0.05, 0.95))
def test_with_less_room_than_the_least_no_plan_holds_the_lines(given_problem, part):
    least = needed(given_problem)
    if least is None or least > 1e-6:
        more = 5 if least is None else part * least
        fewer = np.floor(given_problem.room * (1 + more)).astype(np.int64)
        assert optimum(replace(given_problem, room=fewer)).over.sum() > 0


@settings(max_examples=60)
@given(problems())
def test_where_no_more_room_is_needed_fractions_of_persons_hold_the_lines(given_problem):
    if optimum(given_problem).over.sum() == 0:
        assert needed(given_problem) is not None
        assert needed(given_problem) < 1e-6


def test_half_as_much_again_is_told():
    of = problem([(3, 0, (), [(1, 0, 0, 1.0)])], weeks=1, room=[[2]], cells=((0,),), wanted=(3,))
    assert needed(of) == 0.5


def test_where_time_is_wanting_no_room_helps():
    of = problem([(1, 0, (), [(3, 1, 0, 1.0)])], weeks=2, room=[[9, 9]], cells=((0,),), wanted=(1,))
    assert needed(of) is None
