"""What a committee report tells: who misses which goal, who is at risk, and how far from the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tilsyn.errors import InputError
from tilsyn.rules import Finding
from tilsyn.rules.model import Mean
from tilsyn.vocabulary import MUNICIPALITIES, TOTAL, MonthRange

GOALS = ("focus_conversations", "focus_offers")
RESULT_GOAL = "result_goal"


@dataclass(frozen=True)
class Goal:
    """One focus goal's findings.

    Attributes:
        missed: those that miss it, enforced or not, in the order of the alphabet.
    """

    rule: str
    findings: tuple[Finding, ...]
    missed: tuple[Finding, ...]

    @property
    def measure(self) -> str:
        """What it measures."""
        return self.findings[0].measure

    @property
    def criterion(self) -> Mean:
        """By what it is judged."""
        criterion = self.findings[0].version.criterion
        assert isinstance(criterion, Mean)
        return criterion

    @property
    def window(self) -> MonthRange:
        """The months it is judged by; a bare statement names only the last."""
        return MonthRange.ending(
            max(finding.span[-1] for finding in self.findings), self.criterion.months
        )

    @property
    def suspended(self) -> Finding | None:
        """A finding that says why the goal is not enforced, if it is not."""
        return next((f for f in self.findings if f.verdict == "suspended"), None)


@dataclass(frozen=True)
class CommitteeCase:
    """The findings of all municipalities, sorted out.

    Attributes:
        goals: the focus goals in force, by rule.
        result: the result goal's finding by municipality.
    """

    goals: tuple[Goal, ...]
    result: dict[str, Finding]

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> CommitteeCase:
        """The case.

        Raises:
            InputError: nothing is known of the focus goals.
        """
        goals = []
        for rule in GOALS:
            own = tuple(f for f in findings if f.rule == rule and f.verdict != "not_judged")
            if own:
                goals.append(Goal(rule, own, alphabetical([f for f in own if missed(f)])))
        if not goals:
            raise InputError("nothing is known of the focus goals, so there is nothing to report")
        return cls(tuple(goals), {f.municipality: f for f in findings if f.rule == RESULT_GOAL})

    def goal_missed(self, municipality: str) -> bool | None:
        """Whether the result goal is missed; None where that is not known."""
        finding = self.result.get(municipality)
        if finding is None or finding.verdict == "not_judged":
            return None
        return finding.verdict == "missed"

    @property
    def at_risk(self) -> set[str]:
        """The municipalities at risk of intensified supervision."""
        return {
            f.municipality for goal in self.goals for f in goal.findings if f.verdict == "at_risk"
        }

    @property
    def named(self) -> tuple[str, ...]:
        """The municipalities that miss at least one focus goal, in the order of the alphabet."""
        codes = {f.municipality for goal in self.goals for f in goal.missed}
        return tuple(sorted(codes, key=_danish))

    def concerned(self, measure: str = "") -> int:
        """How many miss a focus goal (this one, or any) and the result goal too."""
        return len(
            {
                f.municipality
                for goal in self.goals
                for f in goal.missed
                if measure in ("", goal.measure) and self.goal_missed(f.municipality)
            }
        )

    def behind(self, figures: pl.DataFrame) -> pl.DataFrame:
        """The figures of the municipalities that the report tells of, in the months it tells of."""
        of_goals = [
            (pl.col("measure") == goal.measure)
            & pl.col("month").is_between(goal.window.first.first, goal.window.last.first)
            for goal in self.goals
        ]
        months = [month.first for finding in self.result.values() for month in finding.span]
        of_result = (pl.col("measure") == RESULT_GOAL) & pl.col("month").is_in(months)
        return figures.filter(
            pl.col("area_kind") == "municipality",
            pl.col("area").is_in(self.named),
            pl.col("grp") == TOTAL.code,
            pl.col("visitation") == "",
            pl.col("category") == "",
            pl.any_horizontal(*of_goals, of_result),
        )


def missed(finding: Finding) -> bool:
    """Whether a focus goal is missed, also where it is not enforced."""
    if finding.mean is None:
        return finding.months[-1].met is False
    criterion = finding.version.criterion
    assert isinstance(criterion, Mean)
    return criterion.over(finding.mean)


def alphabetical(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings by the name of their municipality, as Danish sorts names."""
    return tuple(sorted(findings, key=lambda finding: _danish(finding.municipality)))


def _danish(municipality: str) -> str:
    """A key that puts æ, ø and å (also as "aa") after z."""
    name = MUNICIPALITIES[municipality].name.casefold().replace("aa", "å")
    return name.translate(str.maketrans("æøå", "{|}"))
