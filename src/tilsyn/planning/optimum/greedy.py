"""A plan at once: week by week, first whoever has the least time left. It starts the program off."""

from __future__ import annotations

from typing import Any

import numpy as np

from tilsyn.planning.optimum.problem import Columns, Problem, columns

NEVER = 10**6


def greedy(problem: Problem) -> tuple[Columns, Any]:
    """A plan by earliest deadline; it keeps the room, the spacing and the allowed weeks.

    Returns:
        Its patterns, and how many persons follow each.
    """
    type_ = np.repeat(np.arange(problem.types), problem.count)
    persons, weeks = len(type_), problem.weeks
    # The places, once a person.
    begin = np.searchsorted(problem.place_type, type_)
    length = np.searchsorted(problem.place_type, type_, "right") - begin
    owner = np.repeat(np.arange(persons), length)
    place = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length) + begin[owner]
    need, last = problem.place_need[place], problem.place_last[place]
    helps = (problem.cell_lines[:, problem.wanted > 0].sum(axis=1) > 0)[problem.place_cell[place]]
    matters = helps | (problem.place_weight[place] > 0)
    step = _weeks_between(problem)
    given = np.zeros((persons, weeks), np.bool_)
    number, latest = np.zeros(persons, np.int64), np.full(persons, -1)
    for week in range(weeks):
        free = problem.allowed[type_, week] & ((latest < 0) | (latest <= problem.earlier[week]))
        lacking = need - number[owner]
        slack = last - week - (lacking - 1) * step
        open_ = matters & (lacking > 0) & (slack >= 0) & free[owner]
        least = np.full(persons, NEVER)
        np.minimum.at(least, owner[open_], slack[open_])
        urgent = problem.waiting[type_]
        order = np.lexsort((np.arange(persons), least, -urgent))
        order = order[least[order] < NEVER]
        for lane in np.unique(problem.lane):
            room = problem.room[lane, week]
            called = order[problem.lane[type_[order]] == lane][:room]
            given[called, week] = True
            number[called] += 1
            latest[called] = week
    some = given.any(axis=1)
    rows, chosen = np.unique(
        np.column_stack([type_[some], given[some]]), axis=0, return_counts=True
    )
    return columns(problem, rows[:, 0], rows[:, 1:].astype(np.bool_)), chosen


def _weeks_between(problem: Problem) -> int:
    """How many weeks apart things can be given in an ordinary week."""
    week = problem.weeks - 1
    return max(1, week - int(problem.earlier[week])) if problem.earlier[week] >= 0 else 1
