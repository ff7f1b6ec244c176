"""Patterns of weeks: the best one for each type at given prices, the earliest, and all of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tilsyn.planning.optimum.problem import DUE, Problem


def best(problem: Problem, worth: Any, price: Any) -> tuple[Any, Any]:
    """The pattern of each type that gains most at these prices.

    Dynamic programming over the weeks, all types at once: f(c, w) is the best gain when the c-th
    thing is given in week w, all places with a deadline before w settled.

    Args:
        worth: by line, what meeting one more place of it is worth.
        price: by lane and week, what room costs.

    Returns:
        By type the gain (0: giving nothing is best), and by type and week what to give.
    """
    types, weeks, most = problem.types, problem.weeks, problem.most
    settled = _settled(problem, worth)
    cost = problem.week_cost + price[problem.lane]
    week = np.arange(weeks)
    gain = np.zeros(types)
    last = np.full(types, -1)
    number = np.zeros(types, np.int64)
    before: list[Any] = []
    level = -cost
    for c in range(1, most + 1):
        if c > 1:
            # The best place for the one before: a running maximum, as far as is far enough back.
            open_ = level - settled[:, c - 1, :-1]
            where = _running_argmax(open_)
            reachable = problem.earlier >= 0
            source = where[:, np.maximum(problem.earlier, 0)]
            value = np.take_along_axis(open_, source, axis=1)
            value = np.where(reachable[None, :], value, -np.inf)
            level = value + settled[:, c - 1, :-1] - cost
            before.append(source)
        total = level - settled[:, c, :-1] + settled[:, c, -1:]
        at = np.argmax(total, axis=1)
        top = total[np.arange(types), at]
        better = top > gain
        gain, last, number = (
            np.where(better, top, gain),
            np.where(better, week[at], last),
            np.where(better, c, number),
        )
    return gain, _traced(types, weeks, last, number, before)


def _settled(problem: Problem, worth: Any) -> Any:
    """By type, number given and week: the worth of the places due before the week it meets."""
    types, weeks, most = problem.types, problem.weeks, problem.most
    value = DUE * problem.place_weight + (problem.cell_lines @ worth)[problem.place_cell]
    flat = (problem.place_type * (most + 1) + problem.place_need) * weeks + problem.place_last
    by_need = np.bincount(flat, value, types * (most + 1) * weeks)
    met = np.cumsum(by_need.reshape(types, most + 1, weeks), axis=1)
    settled = np.zeros((types, most + 1, weeks + 1))
    np.cumsum(met, axis=2, out=settled[:, :, 1:])
    return settled


def _running_argmax(values: Any) -> Any:
    """Along the last axis, where the largest value up to and with each place stands."""
    top = np.maximum.accumulate(values, axis=1)
    fresh = np.ones(values.shape, np.bool_)
    fresh[:, 1:] = values[:, 1:] > top[:, :-1]
    return np.maximum.accumulate(np.where(fresh, np.arange(values.shape[1]), 0), axis=1)


def _traced(types: int, weeks: int, last: Any, number: Any, before: list[Any]) -> Any:
    given = np.zeros((types, weeks), np.bool_)
    every = np.arange(types)
    week = last.copy()
    for c in range(int(number.max(initial=0)), 0, -1):
        here = number >= c
        given[every[here], week[here]] = True
        if c > 1:
            week = np.where(here, before[c - 2][every, np.maximum(week, 0)], week)
    return given


def earliest(problem: Problem) -> Any:
    """By type and week, giving as early and as often as spacing lets, up to what anybody needs.

    At every deadline nothing else could have given more: it shows what can be met at all.
    """
    given = np.zeros((problem.types, problem.weeks), np.bool_)
    latest = np.full(problem.types, -1)
    number = np.zeros(problem.types, np.int64)
    for week in range(problem.weeks):
        free = problem.allowed[:, week] & (number < problem.most)
        free &= (latest < 0) | (latest <= problem.earlier[week])
        given[free, week] = True
        latest[free] = week
        number += free
    return given


def every(problem: Problem, limit: int) -> tuple[Any, Any] | None:
    """All patterns of all types, the empty ones left out; None when there are more than `limit`.

    Returns:
        By column the type, and by column and week what is given.
    """
    types: list[int] = []
    found: list[Any] = []
    most = np.zeros(problem.types, np.int64)
    np.maximum.at(most, problem.place_type, problem.place_need)
    for type_ in range(problem.types):
        stack: list[tuple[int, ...]] = [()] if most[type_] else []
        while stack:
            chosen = stack.pop()
            latest = chosen[-1] if chosen else -1
            for week in range(latest + 1, problem.weeks):
                if not problem.allowed[type_, week]:
                    continue
                if chosen and latest > problem.earlier[week]:
                    continue
                longer = (*chosen, week)
                given = np.zeros(problem.weeks, np.bool_)
                given[list(longer)] = True
                types.append(type_)
                found.append(given)
                if len(found) > limit:
                    return None
                if len(longer) < most[type_]:
                    stack.append(longer)
    if not found:
        return np.zeros(0, np.int64), np.zeros((0, problem.weeks), np.bool_)
    return np.array(types), np.array(found)
