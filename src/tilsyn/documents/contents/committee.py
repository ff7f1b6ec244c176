"""The quarterly report to the parliament's committee: who misses which focus goal, and who is at risk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl

from tilsyn.documents.assistance import STATUSES, Assistance
from tilsyn.documents.contents.letters import Placed, fill, in_columns
from tilsyn.documents.contents.occasion import letter
from tilsyn.documents.contents.phrasing import told as in_language
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.contents.templates import texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.model import Column, Document, Stamp
from tilsyn.errors import InputError
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.table import rows
from tilsyn.rules import Finding
from tilsyn.rules.course import courses
from tilsyn.rules.model import Mean
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, TOTAL, MonthRange, YearMonth
from tilsyn.words import Message

GOALS = ("focus_conversations", "focus_offers")
RESULT_GOAL = "result_goal"


@dataclass(frozen=True)
class Goal(Facts):
    """What the report tells of a focus goal; municipalities are in the order of the alphabet.

    Attributes:
        seniority, threshold, unmet: whom it is about, and how many per cent at most may lack what.
        missed: the municipalities that miss it, as far as they are known by name.
        stated: whether documents only state that they do.
        also, unknown: those of them that miss the result goal too, and where that is not known.
        total, total_also: how many miss it, and the result goal too; more than the names where a
            document states more than it names.
        at_risk: how many are at risk of intensified supervision.
        suspended: why the goal is not enforced, where it is not.
    """

    measure: str
    seniority: int
    threshold: Decimal
    unmet: str
    missed: tuple[str, ...]
    stated: bool
    also: tuple[str, ...]
    unknown: tuple[str, ...]
    total: int
    total_also: int
    at_risk: int
    suspended: str | None


@dataclass(frozen=True)
class Standing(Facts):
    """Where a municipality stands on a goal: missed or met, by so many points; None: not known."""

    missed: bool | None
    distance: Fraction | None


@dataclass(frozen=True)
class Municipality(Facts):
    """A municipality that misses a focus goal, with where it stands on each and the result goal."""

    name: str
    at_risk: bool
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Answer(Facts):
    """How many municipalities answered the offer of assistance so, and which, where that is known."""

    status: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Assisted(Facts):
    """The assistance offered, and the answers.

    Attributes:
        total: the municipalities it was offered to.
        concerned: those that the report names as missing both goals.
        named: whether it is known which municipalities they are.
    """

    total: int
    concerned: int
    kinds: tuple[str, ...]
    named: bool
    answers: tuple[Answer, ...]
    table: Placed


@dataclass(frozen=True)
class Report(Facts):
    """What a report can tell.

    Attributes:
        months: those the focus goals are judged by.
        assessed: when municipalities are selected for intensified supervision.
        next_report: when the next report is due.
        any_distance, any_stated: whether a municipality's distance from the line is known, or only
            stated to be on the wrong side.
    """

    months: MonthRange
    goals: tuple[Goal, ...]
    assessed: YearMonth
    municipalities: tuple[Municipality, ...]
    distances: Placed
    any_distance: bool
    any_stated: bool
    assistance: Assisted | None
    next_report: YearMonth


def committee_report(
    *,
    findings: Sequence[Finding],
    figures: pl.DataFrame,
    on: dt.date,
    letterhead: Letterhead,
    stamp: Stamp,
    reference: str | None = None,
    assistance: Assistance | None = None,
    language: str = "da",
    templates: Path | None = None,
    anomalies: Sequence[Anomaly] = (),
) -> Document:
    """The report.

    Args:
        findings: the findings of all municipalities by the focus goals and the result goal.
        figures: the figure table they were judged on, for the workbook behind the report.
        on: the report's date.
        letterhead: who writes.
        stamp: what the report is made from.
        reference: the case's reference number.
        assistance: the assistance offered, and the answers.
        language: "da" or "en".
        templates: a folder with the office's own texts.
        anomalies: what is odd in the figures; where a document states more municipalities than it
            names, the report says how many there are.

    Raises:
        InputError: nothing is known of the focus goals.
        NoRuleError: no report is due on that day, as the course has it.
    """
    course = courses()["committee_report"].on(on)
    case = CommitteeCase.of(findings)
    judged_to = {goal.window.last.first for goal in case.goals}
    stated = {
        a.measure: a.stated for a in anomalies if a.stated is not None and a.month in judged_to
    }
    municipalities = tuple(map(case.municipality, case.named))
    standings = [standing for one in municipalities for standing in one.standings]
    told = Report(
        months=case.goals[0].window,
        goals=tuple(case.goal(goal, stated, language) for goal in case.goals),
        assessed=_following(on, [_assessed_in(on)]),
        municipalities=municipalities,
        distances=Placed(
            in_columns(Column(3, "left"), *(Column(2, "left") for _ in (*case.goals, RESULT_GOAL))),
            marked=bool(case.at_risk),
            absent=any(one.missed is None for one in standings),
        ),
        any_distance=any(one.distance is not None for one in standings),
        any_stated=any(one.missed and one.distance is None for one in standings),
        assistance=_assisted(assistance, case, language, templates) if assistance else None,
        next_report=_following(on, course.opened_by.months),
    )
    addressee = in_language(course.recipients[0], language)
    title, blocks = fill("committee", told, language, templates)
    return letter(
        title=title,
        blocks=blocks,
        facts=CourseFacts(date=on, reference=reference, addressee=addressee),
        letterhead=letterhead,
        frame=texts("frame", language, templates),
        stamp=stamp,
        behind=rows(case.behind(figures)),
    )


def _assisted(
    given: Assistance, case: CommitteeCase, language: str, templates: Path | None
) -> Assisted:
    words, named = texts("assistance", language, templates), given.names
    columns = (Column(3, "left"), Column(1.5), *([Column(5, "left")] if named else []))
    return Assisted(
        total=given.total,
        concerned=case.concerned(given.measure),
        kinds=tuple(words.fill(f"kind.{kind}") for kind in given.kinds),
        named=bool(named),
        answers=tuple(
            Answer(
                words.fill(f"status.{status}"),
                given.counts.get(status, 0),
                tuple(sorted(MUNICIPALITIES[c].name for c in (named or {}).get(status, ()))),
            )
            for status in STATUSES
        ),
        table=Placed(in_columns(*columns)),
    )


def _following(on: dt.date, months: Sequence[int]) -> YearMonth:
    """The first of these months of the year after the month of a day."""
    later = (YearMonth.of(on) + ahead for ahead in range(1, 13))
    return next(candidate for candidate in later if candidate.month in months)


def _assessed_in(on: dt.date) -> int:
    """The month in which municipalities are selected for intensified supervision."""
    due = courses()["focus_goals"].on(on)["april"].due
    assert due is not None and due.month is not None
    return due.month


@dataclass(frozen=True)
class GoalCase:
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

    goals: tuple[GoalCase, ...]
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
                goals.append(GoalCase(rule, own, alphabetical([f for f in own if missed(f)])))
        if not goals:
            raise InputError(
                Message("nothing is known of the focus goals, so there is nothing to report")
            )
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

    def goal(self, goal: GoalCase, stated: Mapping[str, int], language: str) -> Goal:
        """What the report tells of a focus goal.

        Args:
            goal: its findings.
            stated: how many a document says miss a goal ("a", or two of them: "a+b"), where it names
                others.
            language: "da" or "en".
        """
        measure, suspended = MEASURES[goal.measure], goal.suspended
        known = {f.municipality: self.goal_missed(f.municipality) for f in goal.missed}
        names = {code: MUNICIPALITIES[code].name for code in known}
        also = tuple(names[code] for code, missed in known.items() if missed)
        at_risk = sum(f.verdict == "at_risk" for f in goal.findings)
        total_also = stated.get(f"{goal.measure}+{RESULT_GOAL}", len(also))
        return Goal(
            measure=goal.measure,
            seniority=measure.seniority_months,
            threshold=goal.criterion.threshold,
            unmet=measure.unmet(language),
            missed=tuple(names.values()),
            stated=all(f.basis == "statement" for f in goal.missed),
            also=also,
            unknown=tuple(names[code] for code, missed in known.items() if missed is None),
            total=stated.get(goal.measure, len(names)),
            total_also=total_also,
            # At risk is who misses both: of those that are not named too.
            at_risk=at_risk and at_risk + total_also - len(also),
            suspended=suspended.slots["suspended_because"][language] if suspended else None,
        )

    def municipality(self, code: str) -> Municipality:
        """Where a municipality stands on each focus goal and the result goal."""
        by_goal = [{f.municipality: f for f in goal.findings} for goal in self.goals]
        found = [*(goal.get(code) for goal in by_goal), self.result.get(code)]
        standings = tuple(map(_standing, found))
        return Municipality(MUNICIPALITIES[code].name, code in self.at_risk, standings)

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


def _standing(finding: Finding | None) -> Standing:
    if finding is None or finding.verdict == "not_judged":
        return Standing(None, None)
    if finding.distance is not None:
        return Standing(finding.distance > 0, abs(finding.distance))
    return Standing(not finding.months[-1].met, None)


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
