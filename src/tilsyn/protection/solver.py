"""A component's linear and whole-number programs, by HiGHS; one thread, so answers repeat."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from tilsyn.protection.matrix import Matrix, Whole
from tilsyn.protection.relations import NO_LIMIT

_DUAL, _PRIMAL = 1, 4


@dataclass(frozen=True)
class Answer:
    """A program's answer.

    Attributes:
        bound: no whole-number solution is better than this.
        values: the solution.
        counts: the solution rounded to whole numbers.
        whole: whether these counts satisfy every relation and bound, so that they are a table.
    """

    bound: float
    values: NDArray[np.float64]
    counts: Whole
    whole: bool


class Program:
    """Counts within bounds under the relations of a component, to be minimised in a direction.

    Args:
        matrix: the component's rows.
        low: the least of every count of the system.
        high: the most.
        given: what the counts outside `matrix` add up to in each row, where some are held fast.
    """

    def __init__(
        self,
        matrix: Matrix,
        low: Whole,
        high: Whole,
        given: NDArray[np.float64] | None = None,
    ) -> None:
        self._given = np.zeros(matrix.height) if given is None else given
        self.columns, local = np.unique(matrix.columns, return_inverse=True)
        self.low, self.high = low[self.columns], high[self.columns]
        self.matrix = Matrix(
            matrix.starts,
            local.astype(np.int64),
            matrix.coefficients,
            matrix.low,
            matrix.high,
            matrix.relations,
        )
        self.size = len(self.columns)
        self._every = np.arange(self.size, dtype=np.int32)
        self._linear = self._loaded()
        self._whole: highspy.Highs | None = None

    def _loaded(self) -> highspy.Highs:
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("presolve", "off"),
            ("solver", "simplex"),
        ):
            highs.setOptionValue(option, value)
        problem = highspy.HighsLp()
        problem.num_col_, problem.num_row_ = self.size, self.matrix.height
        problem.col_cost_ = np.zeros(self.size)
        problem.col_lower_ = self.low.astype(np.float64)
        problem.col_upper_ = self.high.astype(np.float64)
        problem.row_lower_ = np.where(
            self.matrix.low <= -NO_LIMIT, -np.inf, self.matrix.low - self._given
        )
        problem.row_upper_ = np.where(
            self.matrix.high >= NO_LIMIT, np.inf, self.matrix.high - self._given
        )
        problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        problem.a_matrix_.start_ = self.matrix.starts.astype(np.int32)
        problem.a_matrix_.index_ = self.matrix.columns.astype(np.int32)
        problem.a_matrix_.value_ = self.matrix.coefficients.astype(np.float64)
        highs.passModel(problem)
        return highs

    def walk(self, *, near: bool) -> None:
        """How to look for a linear program's solution from now on.

        Args:
            near: from the last solution on, quick where few costs change between; otherwise afresh,
                what can be worked out beforehand taken out.
        """
        self._linear.setOptionValue("presolve", "off" if near else "on")
        self._linear.setOptionValue("simplex_strategy", _PRIMAL if near else _DUAL)

    def bound(self, i: int, low: int, high: int) -> None:
        """Change the bounds of one count, given by its place in `columns`."""
        self.low[i], self.high[i] = low, high
        for highs in filter(None, (self._linear, self._whole)):
            highs.changeColBounds(i, float(low), float(high))

    def bounds(self, low: Whole, high: Whole) -> None:
        """Change the bounds of all counts."""
        self.low, self.high = low.copy(), high.copy()
        for highs in filter(None, (self._linear, self._whole)):
            highs.changeColsBounds(
                self.size, self._every, low.astype(np.float64), high.astype(np.float64)
            )

    def least(self, costs: NDArray[np.float64]) -> Answer | None:
        """The least cost over fractions; None where nothing satisfies the relations."""
        return self._run(self._linear, costs)

    def inmost(self) -> Answer | None:
        """A solution away from the bounds where it can be; None where there is none."""
        highs = self._loaded()
        highs.setOptionValue("presolve", "on")
        highs.setOptionValue("solver", "ipm")
        highs.setOptionValue("run_crossover", "off")
        return self._run(highs, np.zeros(self.size))

    def least_whole(self, costs: NDArray[np.float64]) -> Answer | None:
        """The least cost over whole numbers; None where no whole numbers satisfy the relations."""
        if self._whole is None:
            self._whole = self._loaded()
            self._whole.setOptionValue("presolve", "on")
            self._whole.setOptionValue("solver", "choose")
            self._whole.setOptionValue("mip_rel_gap", 0.0)
            self._whole.setOptionValue("mip_abs_gap", 0.5)
            self._whole.setOptionValue("mip_max_nodes", 20_000)
            integer = np.full(self.size, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
            self._whole.changeColsIntegrality(self.size, self._every, integer)
        return self._run(self._whole, costs, mixed=True)

    def _run(
        self, highs: highspy.Highs, costs: NDArray[np.float64], *, mixed: bool = False
    ) -> Answer | None:
        highs.changeColsCost(self.size, self._every, costs)
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        solution = highs.getSolution()
        info = highs.getInfo()
        bound = info.mip_dual_bound if mixed else info.objective_function_value
        if not solution.value_valid:
            return Answer(bound, self.low.astype(np.float64), self.low.copy(), False)
        values = np.array(solution.col_value)
        counts = np.rint(values).astype(np.int64)
        return Answer(bound, values, counts, self.allowed(counts))

    def allowed(self, counts: Whole) -> bool:
        """Whether whole counts satisfy every bound and relation."""
        within = (counts >= self.low) & (counts <= self.high)
        return bool(within.all()) and self.matrix.satisfied(counts)
