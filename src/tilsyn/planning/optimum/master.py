"""The choice among patterns as a program for HiGHS: lines, room, and everybody once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from tilsyn.planning.optimum.patterns import best
from tilsyn.planning.optimum.problem import PERSON_OVER, Columns, Problem, columns, joined

ENOUGH = 1e-7
STEADY = 0.5
"""How far prices are drawn towards the best ones so far."""

STOP = 1e-3
"""The linear program is good enough when its bound is this near, as a share of its value."""

MOST_ROUNDS = 200


@dataclass(frozen=True)
class Relaxed:
    """The solution over fractions.

    Attributes:
        columns: the patterns it was found with.
        chosen: by column, how many persons, not always whole.
        behind: by column, how much less it gains at the last prices than its type's best.
        weight: what it weighs.
        bound: no plan weighs less.
        over: persons over the lines.
        stretch: by how much the room was made larger, as a share; 0 where that was not asked.
        late: whether the clock ended the search.
    """

    columns: Columns
    chosen: Any
    behind: Any
    weight: float
    bound: float
    over: float
    stretch: float = 0.0
    late: bool = False


@dataclass(frozen=True)
class Prices:
    """What things are worth at the margin.

    Attributes:
        worth: by line, one more place met.
        room: by lane and week, one more conversation or offer.
        each: by type, one more person.
    """

    worth: Any
    room: Any
    each: Any

    def towards(self, other: Prices, share: float) -> Prices:
        """Prices so far on the way to others."""
        return Prices(
            *(
                (1 - share) * mine + share * theirs
                for mine, theirs in (
                    (self.worth, other.worth),
                    (self.room, other.room),
                    (self.each, other.each),
                )
            )
        )

    def value(self, problem: Problem) -> float:
        """What the lines are worth, less what the room is."""
        return float(self.worth @ problem.wanted - (self.room * problem.room).sum())

    def gain(self, problem: Problem, cols: Columns) -> Any:
        """By column, what it gains at these prices over what its type has."""
        paid = (cols.given * self.room[problem.lane[cols.type]]).sum(axis=1)
        return cols.meets @ self.worth - cols.cost - paid - self.each[cols.type]


class Master:
    """The linear program over the patterns at hand; patterns are added as prices ask for them.

    Args:
        problem: what is planned.
        stretch: what making all room larger by its own size weighs; None: it cannot be.

    Attributes:
        asked: the prices patterns were asked for at.
    """

    def __init__(self, problem: Problem, stretch: float | None = None) -> None:
        self.problem = problem
        self._parts: list[Columns] = []
        self._first = problem.lines + (stretch is not None)
        self._stretch = stretch
        self.asked: list[Prices] = []
        self._highs = _solver()
        lanes = problem.room.size
        rows = problem.lines + lanes + problem.types
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = rows, self._first
        lp.row_lower_ = np.concatenate(
            [problem.wanted.astype(float), np.full(lanes + problem.types, -np.inf)]
        )
        lp.row_upper_ = np.concatenate(
            [np.full(problem.lines, np.inf), problem.room.ravel().astype(float), problem.count]
        )
        lp.col_lower_ = np.zeros(self._first)
        lp.col_upper_ = np.full(self._first, np.inf)
        cost = np.full(self._first, PERSON_OVER)
        starts, index = list(range(problem.lines + 1)), list(range(problem.lines))
        value = [1.0] * problem.lines
        if stretch is not None:
            cost[-1] = stretch
            index += range(problem.lines, problem.lines + lanes)
            value += (-problem.room.ravel().astype(float)).tolist()
            starts.append(len(index))
        lp.col_cost_ = cost
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.array(starts, np.int32)
        lp.a_matrix_.index_ = np.array(index, np.int32)
        lp.a_matrix_.value_ = np.array(value)
        self._highs.passModel(lp)

    def add(self, cols: Columns) -> None:
        """Add patterns."""
        if not len(cols):
            return
        self._parts.append(cols)
        starts, index, value = matrix(self.problem, cols)
        none, many = np.zeros(len(cols)), np.full(len(cols), np.inf)
        self._highs.addCols(len(cols), cols.cost, none, many, len(index), starts, index, value)

    def solve(self, until: float = np.inf) -> Relaxed:
        """Solve it, adding patterns until none would gain, or the bound is near enough.

        Prices swing wildly while patterns are few. So patterns are asked for at prices between
        the program's and the best ones so far (those that gave the highest bound), which takes far
        fewer rounds; where these find nothing, the program's own prices are asked.

        Args:
            until: end after the round in which this time (monotonic, seconds) passes.
        """
        problem = self.problem
        bound, steady, late = -np.inf, None, False
        for _ in range(MOST_ROUNDS):
            self._highs.run()
            weight = self._highs.getInfo().objective_function_value + problem.all_due
            now = self._prices()
            found = False
            for prices in [now] if steady is None else [now.towards(steady, STEADY), now]:
                self.asked.append(prices)
                gain, given = best(problem, prices.worth, prices.room)
                # Whatever the prices, no choice gains more than everybody's best pattern does.
                least = prices.value(problem) + problem.all_due - float(gain @ problem.count)
                if least > bound:
                    bound, steady = least, prices
                cols = columns(problem, np.arange(problem.types), given)
                rows = np.flatnonzero(now.gain(problem, cols) > ENOUGH)
                if len(rows):
                    found = True
                    self.add(cols.chosen(rows))
                    break
            late = found and time.monotonic() > until
            if late or not found or weight - bound <= STOP * max(abs(weight), 1.0):
                break
        solution = np.array(self._highs.getSolution().col_value)
        chosen = np.zeros(sum(map(len, self._parts)))
        chosen[: len(solution) - self._first] = solution[self._first :]
        cols = joined(self._parts) if self._parts else _nothing(problem)
        return Relaxed(
            cols,
            chosen,
            -now.gain(problem, cols),
            weight,
            bound,
            float(solution[: problem.lines].sum()),
            float(solution[problem.lines]) if self._stretch is not None else 0.0,
            late,
        )

    def _prices(self) -> Prices:
        problem = self.problem
        dual = np.array(self._highs.getSolution().row_dual)
        end = problem.lines + problem.room.size
        return Prices(
            np.maximum(dual[: problem.lines], 0),
            np.maximum(-dual[problem.lines : end], 0).reshape(problem.room.shape),
            np.maximum(-dual[end:], 0),
        )


def matrix(problem: Problem, cols: Columns) -> tuple[Any, Any, Any]:
    """The columns' entries in the program's rows, column by column: starts, rows, values."""
    column, line = np.nonzero(cols.meets)
    giving, week = np.nonzero(cols.given)
    room = problem.lines + problem.lane[cols.type[giving]] * problem.weeks + week
    each = problem.lines + problem.room.size + cols.type
    owner = np.concatenate([column, giving, np.arange(len(cols))])
    index = np.concatenate([line, room, each])
    value = np.concatenate([cols.meets[column, line], np.ones(len(giving) + len(cols))])
    order = np.lexsort((index, owner))
    starts = np.searchsorted(owner[order], np.arange(len(cols)))
    return (
        starts.astype(np.int32),
        index[order].astype(np.int32),
        value[order].astype(np.float64),
    )


def whole(
    problem: Problem, cols: Columns, *, near: float, nodes: int, seconds: float
) -> tuple[Any, float, bool] | None:
    """The best choice in whole persons among these patterns.

    Args:
        near: near enough to the best, in weight.
        nodes: give up after so many branches; the same on every machine.
        seconds: give up after so long.

    Returns:
        By column how many persons, a bound on the weight for these patterns, and whether time was
        what ended it; None where nothing was found.
    """
    highs = _solver()
    highs.setOptionValue("presolve", "on")
    highs.setOptionValue("solver", "choose")
    highs.setOptionValue("simplex_strategy", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", near)
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("time_limit", seconds)
    lines, lanes = problem.lines, problem.room.size
    starts, index, value = matrix(problem, cols)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = lines + lanes + problem.types, lines + len(cols)
    lp.row_lower_ = np.concatenate(
        [problem.wanted.astype(float), np.full(lanes + problem.types, -np.inf)]
    )
    lp.row_upper_ = np.concatenate(
        [np.full(lines, np.inf), problem.room.ravel().astype(float), problem.count]
    )
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.concatenate(
        [np.maximum(problem.wanted, 0).astype(float), problem.count[cols.type].astype(float)]
    )
    lp.col_cost_ = np.concatenate([np.full(lines, PERSON_OVER), cols.cost])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate(
        [np.arange(lines), starts + lines, [lines + len(index)]]
    ).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([np.arange(lines), index]).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([np.ones(lines), value])
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    highs.passModel(lp)
    highs.run()
    solution = highs.getSolution()
    if not solution.value_valid:
        return None
    chosen = np.rint(np.array(solution.col_value)[lines:]).astype(np.int64)
    late = highs.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
    return chosen, highs.getInfo().mip_dual_bound + problem.all_due, late


def _nothing(problem: Problem) -> Columns:
    none = np.zeros(0)
    return Columns(
        none.astype(np.int64),
        np.zeros((0, problem.weeks), np.bool_),
        none,
        np.zeros((0, problem.lines), np.int64),
    )


def _solver() -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("presolve", "off"),
        ("solver", "simplex"),
        ("simplex_strategy", 4),  # primal: added patterns keep what was found
    ):
        highs.setOptionValue(option, value)
    return highs
