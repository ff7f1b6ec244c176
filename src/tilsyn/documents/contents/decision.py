"""The decision after the follow-up months: what is restored, what is not, and what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from tilsyn.documents.contents import early
from tilsyn.documents.contents.early import Deadline, EarlyLetter, Figures, RuleWording, Subject
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.phrasing import in_running_text
from tilsyn.documents.contents.phrasing import told as in_language
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.facts import CourseFacts, NoticeFacts
from tilsyn.documents.facts import Subject as Stated
from tilsyn.documents.model import Document
from tilsyn.errors import InputError
from tilsyn.figures.grid import Grid, by_month, of_municipality
from tilsyn.figures.table import Figure
from tilsyn.rules import Finding
from tilsyn.rules.course import courses
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, MonthRange, YearMonth
from tilsyn.words import Message


@dataclass(frozen=True)
class NotRestored(Subject):
    """What is not restored, with the shares of the follow-up months."""

    shares: tuple[Decimal | Fraction | float, ...]


@dataclass(frozen=True)
class Restored(Subject):
    """What is restored: the month that restored it and its share, or (`small`) its few persons."""

    month: YearMonth
    small: int | None
    share: Decimal | Fraction | float


@dataclass(frozen=True)
class EarlierDecision(Facts):
    """The decision that demanded a plan before: its date, and what it was about."""

    date: dt.date
    subjects: tuple[Subject, ...]


@dataclass(frozen=True)
class Decision(EarlyLetter):
    """What a decision can tell.

    Attributes:
        law_since, law_source: from when the law has required this, and where that stands.
        notice_date, notice_months, noticed: the notice the course began with, and what it was about.
        months: the follow-up months.
        points: what a plan must hold at least.
    """

    law_since: dt.date
    law_source: str
    notice_date: dt.date
    notice_months: MonthRange
    noticed: tuple[Subject, ...]
    restore_by: Deadline | None
    decision: EarlierDecision | None
    months: MonthRange
    restored: tuple[Restored, ...]
    not_restored: tuple[NotRestored, ...]
    tables: tuple[Figures, ...]
    points: tuple[str, ...]
    plan_months: int
    reply_by: dt.date | None
    next_follow_up: MonthRange | None
    next_letter: Deadline | None
    contact: str | None


def decision(of: Occasion) -> Document:
    """The decision; the findings say which of its variants is written.

    Not restored: a statement and a plan are demanded, or, after a plan, the last step is told.
    Restored: the course has ended. Both in one letter where the groups differ.

    Raises:
        InputError: figures that settle the matter, or facts that the outcome calls for, are wanting.
    """
    case, facts = DecisionCase.of(of.municipality, of.findings, of.figures, of.facts), of.facts
    letter = case.notice.date or facts.date
    rule = RuleWording.of(of.catalogue, letter=letter, month=case.months.last)
    facts.demand(("notice.date", "restore_by"), "the decision")
    assert case.notice.date is not None and facts.restore_by is not None
    if case.not_restored and not case.again:
        facts.demand(("reply_by", "next_follow_up"), "the effort is not restored, so the decision")

    def subjects(stated: Iterable[Stated]) -> tuple[Subject, ...]:
        return tuple(early.subject(of, rule, one.measure, one.group) for one in stated)

    def found(finding: Finding) -> dict[str, Any]:
        return vars(early.subject(of, rule, finding.measure, finding.grp))

    told = Decision(
        **early.told(of, rule, case.cells),
        law_since=rule.law.valid_from,
        law_source="; ".join(source.title for source in rule.law.source),
        notice_date=case.notice.date,
        notice_months=case.notice.months,
        noticed=subjects(case.notice.subjects),
        restore_by=Deadline.of(facts.restore_by),
        decision=EarlierDecision(facts.decision.date, subjects(facts.decision.subjects))
        if facts.decision
        else None,
        months=case.months,
        restored=tuple(Restored(**found(f), **_restoring(f)) for f in case.restored),
        not_restored=tuple(
            NotRestored(**found(f), shares=tuple(m.exact for m in f.months if m.exact is not None))
            for f in case.not_restored
        ),
        tables=tuple(
            early.figures(
                of,
                rule,
                cells,
                measure=measure,
                months=case.months,
                breaching=[f.grp for f in case.not_restored if f.measure == measure],
            )
            for measure, cells in case.cells.items()
        ),
        points=tuple(_points(letter, of.language)),
        plan_months=facts.plan_months,
        reply_by=facts.reply_by,
        next_follow_up=facts.next_follow_up,
        next_letter=Deadline.of(facts.next_letter),
        contact=facts.contact,
    )
    return of.write("decision", told, behind=case.behind)


def _restoring(finding: Finding) -> dict[str, Any]:
    """The month that restored the effort, and how."""
    month: YearMonth = finding.slots["restoring"][0]
    (share,) = (figure.highest for figure in finding.months if figure.month == month)
    small = finding.smallest_population or 0 if finding.reason == "too_small" else None
    return {"month": month, "small": small, "share": share or 0}


def _points(letter: dt.date, language: str) -> list[str]:
    """What the plan must hold at least, as the course that began with a letter has it."""
    versions = courses()["early_effort"].version
    held = [s.checklist for v in versions if v.valid_from <= letter for s in v.step]
    points = [points for points in held if points][-1]
    return [in_running_text(in_language(words, language)) for words in points.values()]


@dataclass(frozen=True)
class DecisionCase:
    """The outcome of a follow-up, in published order, and the figures it rests on.

    Attributes:
        months: the follow-up months.
        again: whether this is the follow-up of a restoration plan.
    """

    notice: NoticeFacts
    months: MonthRange
    restored: tuple[Finding, ...]
    not_restored: tuple[Finding, ...]
    cells: dict[str, Grid]
    again: bool

    @classmethod
    def of(
        cls,
        municipality: str,
        findings: Sequence[Finding],
        figures: pl.DataFrame,
        facts: CourseFacts,
    ) -> DecisionCase:
        """The case of a municipality.

        Raises:
            InputError: the facts do not say what is followed up, or figures that settle it are
                wanting (all of them are listed).
        """
        where = MUNICIPALITIES[municipality].name
        facts.demand(("notice", "follow_up"), f"{where}: the decision")
        assert facts.notice is not None and facts.follow_up is not None
        own = [f for f in findings if f.municipality == municipality]
        if open_ones := [f for f in own if f.verdict not in ("restored", "not_restored")]:
            wanting = "; ".join(
                f"{ROWS[f.grp].da} {month} ({f.measure} share)"
                for f in open_ones
                for month in f.slots.get("missing", f.span)
            )
            raise InputError(
                Message(
                    "{place}: it cannot be decided yet, because these figures are wanting: {figures}",
                    place=where,
                    figures=wanting,
                )
            )
        ordered = sorted(own, key=_published_order)
        measures = dict.fromkeys(f.measure for f in ordered)
        return cls(
            notice=facts.notice,
            months=facts.follow_up,
            restored=tuple(f for f in ordered if f.verdict == "restored"),
            not_restored=tuple(f for f in ordered if f.verdict == "not_restored"),
            cells={
                m: by_month(of_municipality(figures, municipality), m).within(facts.follow_up)
                for m in measures
            },
            again=facts.decision is not None,
        )

    @property
    def behind(self) -> Iterator[Figure]:
        """The figures it rests on."""
        return (figure for cells in self.cells.values() for figure in cells.figures)


def _published_order(finding: Finding) -> tuple[int, int]:
    return MEASURES.codes.index(finding.measure), ROWS.codes.index(finding.grp)
