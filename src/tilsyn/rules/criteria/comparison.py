"""The criterion of the result goal: the actual share against the expected one."""

from __future__ import annotations

from fractions import Fraction

from tilsyn.figures.series import MonthFigure
from tilsyn.rules.matter import Matter, Outcome
from tilsyn.rules.model import Comparison, Verdict


def met(month: MonthFigure) -> bool | None:
    """Whether the goal is met (actual at most expected), by figures or statement; None unknown."""
    if month.actual is not None and month.expected is not None:
        return month.actual <= month.expected
    return month.met


def judge(matter: Matter) -> Outcome:
    """`missed`, `near_line`, `met`, or `not_judged` with its reason."""
    criterion = matter.version.criterion
    assert isinstance(criterion, Comparison)
    latest = matter.months[-1]
    # The goal is known twice a year and stays the latest known for a year.
    if matter.stale:
        return Outcome("not_judged", "stale")
    if latest.actual is not None and latest.expected is not None:
        far = latest.actual - latest.expected
        verdict: Verdict = "missed" if far > 0 else "met"
        if 0 >= far >= -Fraction(criterion.near_line):
            verdict = "near_line"
        return Outcome(verdict, "", far)
    if latest.met is None:
        return Outcome("not_judged", "months_missing", slots={"missing": [latest.month]})
    return Outcome("met" if latest.met else "missed", "stated", basis="statement")
