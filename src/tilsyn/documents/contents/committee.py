"""The quarterly report to the parliament's committee: who misses which focus goal, and who is at risk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tilsyn.documents.assistance import STATUSES, Assistance
from tilsyn.documents.contents.committee_case import CommitteeCase, Goal
from tilsyn.documents.contents.frame import letter
from tilsyn.documents.contents.phrasing import capitalised, month, percent, period, told
from tilsyn.documents.contents.templates import Texts, texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.model import (
    Block,
    Cell,
    Column,
    Document,
    HeaderCell,
    Heading,
    Mark,
    Note,
    Paragraph,
    Row,
    Stamp,
    Table,
)
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.table import rows
from tilsyn.rules import Finding
from tilsyn.rules.course import courses
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, YearMonth
from tilsyn.vocabulary.wording import in_words, joined, number


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
        anomalies: what is odd in the figures; lists of names that are too short are said in a note.

    Raises:
        InputError: nothing is known of the focus goals.
        NoRuleError: no report is due on that day, as the course has it.
    """
    course = courses()["committee_report"].on(on)
    words, frame = texts("committee", language), texts("frame", language)
    case = CommitteeCase.of(findings)
    writer = _Writer(words, case, on, course.opened_by.months)
    short = [a for a in anomalies if a.kind == "names_differ_from_number"]
    blocks: list[Block] = [
        Paragraph(words.fill("intro", months=period(case.goals[0].window, language))),
        *(block for goal in case.goals for block in writer.goal(goal, short)),
        *writer.distances(),
        *writer.assistance(assistance),
        *writer.next_report(),
    ]
    facts = CourseFacts(
        date=on, reference=reference, addressee=told(course.recipients[0], language)
    )
    return letter(
        title=words.fill("title"),
        blocks=blocks,
        facts=facts,
        letterhead=letterhead,
        frame=frame,
        stamp=stamp,
        behind=rows(case.behind(figures)),
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
class _Writer:
    """Writes the report's parts, each from its own section of the texts."""

    words: Texts
    case: CommitteeCase
    on: dt.date
    reported_in: Sequence[int]

    @property
    def language(self) -> str:
        return self.words.language

    def names(self, findings: Sequence[Finding]) -> str:
        return joined((MUNICIPALITIES[f.municipality].name for f in findings), self.language)

    def counted(self, key: str, count: int, **slots: str) -> str:
        return capitalised(self.words.counted(key, count, **slots))

    def goal(self, goal: Goal, short: Sequence[Anomaly]) -> list[Block]:
        measure = MEASURES[goal.measure]
        line = self.words.fill(
            "goal.line",
            seniority=in_words(measure.seniority_months, self.language),
            threshold=percent(goal.criterion.threshold, self.language),
            unmet=measure.unmet(self.language),
        )
        key = "stated" if all(f.basis == "statement" for f in goal.missed) else "missed"
        about = (a for a in short if a.measure.partition("+")[0] == goal.measure)
        if not goal.missed:
            found = [self.words.fill("missed.none")]
        else:
            found = [
                self.counted(key, len(goal.missed), names=self.names(goal.missed)),
                *self._result_goal(goal),
            ]
        return [
            Heading(self.words.fill(f"heading.{goal.measure}")),
            Paragraph(" ".join([line, *found, *self._risk(goal)])),
            *(Note(text) for text in dict.fromkeys(a.text(self.language) for a in about)),
        ]

    def _result_goal(self, goal: Goal) -> list[str]:
        fill = self.words.fill
        known = {f.municipality: self.case.goal_missed(f.municipality) for f in goal.missed}
        also = [f for f in goal.missed if known[f.municipality]]
        unknown = [f for f in goal.missed if known[f.municipality] is None]
        if len(also) == len(goal.missed):
            return [fill("also.single" if len(also) == 1 else "also.all")]
        said = []
        if also:
            said.append(self.counted("also", len(also), names=self.names(also)))
        elif not unknown:
            said.append(fill("also.none"))
        if unknown:
            said.append(fill("also.unknown", names=self.names(unknown)))
        return said

    def _risk(self, goal: Goal) -> list[str]:
        at_risk = [f for f in goal.findings if f.verdict == "at_risk"]
        if at_risk:
            april = month(_following(self.on, [_assessed_in(self.on)]), self.language)
            return [self.words.counted("risk", len(at_risk), month=april)]
        if goal.suspended and goal.missed:
            because = goal.suspended.slots["suspended_because"][self.language]
            return [self.words.fill("risk.suspended", because=because)]
        return []

    def distances(self) -> list[Block]:
        if not self.case.named:
            return []
        fill = self.words.fill
        by_goal = [{f.municipality: f for f in goal.findings} for goal in self.case.goals]
        rows = []
        for code in self.case.named:
            mark: Mark = "breach" if code in self.case.at_risk else "none"
            found = [*(goal.get(code) for goal in by_goal), self.case.result.get(code)]
            rows.append(
                Row(
                    Cell(MUNICIPALITIES[code].name, mark),
                    tuple(Cell(self._standing(finding), mark) for finding in found),
                )
            )
        shown = {cell.text for row in rows for cell in row.cells}
        heads = [*(goal.measure for goal in self.case.goals), "result_goal"]
        stated = {fill("table.missed"), fill("table.met")}
        notes = [
            *([fill("table.marked")] if self.case.at_risk else []),
            *([fill("table.distance")] if shown - stated - {"–"} else []),
            *([fill("table.stated")] if fill("table.missed") in shown else []),
            *([fill("table.absent")] if "–" in shown else []),
        ]
        table = Table(
            caption=fill("table.caption"),
            columns=(Column(3, "left"), *(Column(2, "left") for _ in heads)),
            header=(
                (
                    HeaderCell(fill("table.municipality")),
                    *(HeaderCell(fill(f"table.{head}")) for head in heads),
                ),
            ),
            rows=tuple(rows),
            notes=tuple(notes),
        )
        return [table]

    def _standing(self, finding: Finding | None) -> str:
        """How far from the line, or what is stated, or that nothing is known."""
        if finding is None or finding.verdict == "not_judged":
            return "–"
        if finding.distance is not None:
            kind = "over" if finding.distance > 0 else "under"
            distance = number(abs(finding.distance), self.language, 1)
            return self.words.fill(f"table.{kind}", distance=distance)
        return self.words.fill("table.met" if finding.months[-1].met else "table.missed")

    def assistance(self, given: Assistance | None) -> list[Block]:
        fill = self.words.fill
        heading = Heading(fill("assistance.heading"))
        if given is None:
            return [heading, Paragraph(fill("assistance.unknown"))]
        count = in_words(given.total, self.language)
        said = [fill("assistance.contacted", count=count)]
        if given.kinds:
            kinds = joined((fill(f"kind.{kind}") for kind in given.kinds), self.language)
            said.append(fill("assistance.kinds", kinds=kinds))
        named = self.case.concerned(given.measure)
        notes = []
        if named != given.total:
            notes.append(
                fill(
                    "assistance.differs",
                    total=number(given.total, self.language),
                    named=number(named, self.language),
                )
            )
        return [heading, Paragraph(" ".join(said)), self._answers(given, tuple(notes))]

    def _answers(self, given: Assistance, notes: tuple[str, ...]) -> Table:
        fill = self.words.fill
        rows = []
        for status in STATUSES:
            cells = [Cell(number(given.counts.get(status, 0), self.language))]
            if given.names:
                codes = given.names.get(status, ())
                names = sorted(MUNICIPALITIES[code].name for code in codes)
                cells.append(Cell(joined(names, self.language)))
            rows.append(Row(Cell(fill(f"status.{status}")), tuple(cells)))
        total = [Cell(number(given.total, self.language)), *([Cell("")] if given.names else [])]
        rows.append(Row(Cell(fill("assistance.total")), tuple(total), total=True))
        heads = ["status", "count", *(["names"] if given.names else [])]
        return Table(
            caption=fill("assistance.caption"),
            columns=(
                Column(3, "left"),
                Column(1.5, "right"),
                *([Column(5, "left")] if given.names else []),
            ),
            header=(tuple(HeaderCell(fill(f"assistance.{head}")) for head in heads),),
            rows=tuple(rows),
            notes=notes,
        )

    def next_report(self) -> list[Block]:
        following = month(_following(self.on, self.reported_in), self.language)
        return [
            Heading(self.words.fill("next.heading")),
            Paragraph(self.words.fill("next.report", month=following)),
        ]
