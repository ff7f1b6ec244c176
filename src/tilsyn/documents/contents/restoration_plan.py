"""The restoration plan's template: the four points a plan holds at least, prefilled where figures say."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from tilsyn.documents.contents.decision import subject_in_words
from tilsyn.documents.contents.decision_case import DecisionCase
from tilsyn.documents.contents.early_words import EarlyWords
from tilsyn.documents.contents.kinds import NothingToWrite
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.phrasing import capitalised, day, month, percent
from tilsyn.documents.contents.rule_wording import RuleWording
from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.model import (
    Block,
    Cell,
    Column,
    Document,
    HeaderCell,
    Heading,
    Paragraph,
    Row,
    Table,
)
from tilsyn.planning.milestones import Milestone, find
from tilsyn.rules import Finding
from tilsyn.rules.model import AnyMonth
from tilsyn.vocabulary import MonthRange, YearMonth
from tilsyn.vocabulary.wording import in_words, number

INITIATIVES = 2
"""Rows for initiatives, a target group."""


def restoration_plan(of: Occasion) -> Document:
    """The template, about what the follow-up found not restored.

    Raises:
        InputError: facts or figures are wanting, or everything is restored.
    """
    words, facts, language = of.texts("restoration_plan"), of.facts, of.language
    case = DecisionCase.of(of.municipality, of.findings, of.figures, facts)
    letter = case.notice.date or facts.date
    rule = RuleWording.of(of.catalogue, letter=letter, month=case.months.last)
    if not case.not_restored or rule.restoration is None:
        raise NothingToWrite("the effort is restored, so there is no plan to make")
    if case.again:
        raise NothingToWrite("a plan was demanded before, so there is no new plan to make")
    facts.demand(("reply_by", "next_follow_up"), "the restoration-plan")
    assert facts.reply_by is not None and facts.next_follow_up is not None
    early = EarlyWords.of(rule, language)
    subjects = of.texts("decision")
    writer = _Writer(
        words, subjects, case, rule.restoration, facts.next_follow_up, facts.milestones
    )
    intro = words.fill(
        "intro",
        date=day(facts.date, language),
        plan_months=in_words(facts.plan_months, language),
        office=of.letterhead.names(language).office,
        reply_by=day(facts.reply_by, language),
    )
    blocks: list[Block] = [
        Paragraph(intro),
        Heading(words.fill("targets.heading")),
        writer.targets(),
        Heading(words.fill("initiatives.heading")),
        writer.initiatives(),
        Heading(words.fill("milestones.heading")),
        Paragraph(early.restored_when(subjects=len(case.not_restored))),
        writer.milestones(),
        Heading(words.fill("follow_up.heading")),
        writer.follow_up(),
    ]
    return of.letter(
        words.fill("title", authority=of.authority),
        blocks,
        signed=False,
        behind=(f for cells in case.cells.values() for f in cells.figures.values()),
    )


@dataclass(frozen=True)
class _Writer:
    """Writes the plan's tables, each from its own section of the texts."""

    words: Texts
    subjects: Texts
    case: DecisionCase
    rule: AnyMonth
    next_months: MonthRange
    promised: tuple[Milestone, ...]

    @property
    def language(self) -> str:
        return self.words.language

    def subject(self, finding: Finding) -> str:
        return capitalised(subject_in_words(self.subjects, finding))

    def wanted(self) -> str:
        """The share each follow-up month must show."""
        kind = "not_over" if self.rule.met_at_threshold else "under"
        return self.words.fill(
            f"targets.{kind}", threshold=percent(self.rule.threshold, self.language)
        )

    def targets(self) -> Table:
        fill, months = self.words.fill, self.case.months
        rows = []
        for finding in self.case.not_restored:
            cells = self.case.cells[finding.measure]
            shares = (cells.shown(finding.grp, m, "share", self.language) for m in months)
            rows.append(
                Row(
                    Cell(self.subject(finding)),
                    (*(Cell(share) for share in shares), Cell(self.wanted())),
                )
            )
        empty = tuple(Cell("", field=1) for _ in range(len(months) + 1))
        rows.append(Row(Cell(fill("targets.prompt")), empty))
        return Table(
            caption=fill("targets.caption"),
            columns=(
                Column(4, "left"),
                *(Column(1.5, begins_block=m == months.first) for m in months),
                Column(1.9, "left", begins_block=True),
            ),
            header=(
                (
                    HeaderCell(fill("targets.group")),
                    *(self._head(m) for m in months),
                    HeaderCell(fill("targets.wanted")),
                ),
            ),
            rows=tuple(rows),
        )

    def initiatives(self) -> Table:
        fill = self.words.fill
        parts = ("what", "who", "when")
        fields = tuple(Cell(fill(f"initiatives.{part}_prompt"), field=2) for part in parts)
        return Table(
            caption=fill("initiatives.caption"),
            columns=(
                Column(2.8, "left"),
                *(Column(w, "left", begins_block=True) for w in (3.2, 1.6, 1.8)),
            ),
            header=(
                (
                    HeaderCell(fill("initiatives.group")),
                    *(HeaderCell(fill(f"initiatives.{part}")) for part in parts),
                ),
            ),
            rows=tuple(
                Row(Cell(self.subject(finding)), fields)
                for finding in self.case.not_restored
                for _ in range(INITIATIVES)
            ),
        )

    def milestones(self) -> Table:
        fill, months = self.words.fill, self.next_months
        rows: list[Row] = []
        for finding in self.case.not_restored:
            must = tuple(Cell(self.wanted()) for _ in months)
            field = tuple(Cell(fill("milestones.own_prompt"), field=1) for _ in months)
            own = tuple(self._own(finding, m) for m in months)
            rows += [
                Row(Cell(self.subject(finding)), must, total=True),
                Row(Cell(fill("milestones.own")), own),
                Row(Cell(fill("milestones.reached")), field),
            ]
        return Table(
            caption=fill("milestones.caption"),
            columns=(
                Column(4, "left"),
                *(Column(2, "left", begins_block=True) for _ in months),
            ),
            header=(
                (
                    HeaderCell(fill("milestones.group"), rows=2),
                    HeaderCell(fill("milestones.months"), columns=len(months)),
                ),
                tuple(self._head(m) for m in months),
            ),
            rows=tuple(rows),
            notes=tuple(note for f in self.case.not_restored if (note := self._in_persons(f))),
        )

    def _own(self, finding: Finding, month_: YearMonth) -> Cell:
        """What the municipality's call-in plan lets it promise, in whole per cent; else a field."""
        found = find(self.promised, finding.measure, finding.grp, month_)
        if found is None:
            return Cell(self.words.fill("milestones.own_prompt"), field=1)
        share = percent(ceil(found.share), self.language)
        return Cell(self.words.fill("milestones.own_planned", share=share))

    def _in_persons(self, finding: Finding) -> str:
        """What the share means in persons, where the latest month's population is known."""
        last = self.case.months.last
        population = self.case.cells[finding.measure].population(finding.grp, last)
        if not population:
            return ""
        line = Fraction(self.rule.threshold) * population / 100
        most = int(line) if self.rule.met_at_threshold else ceil(line) - 1
        return self.words.fill(
            "milestones.persons",
            subject=self.subject(finding),
            population=number(population, self.language),
            month=month(last, self.language),
            most=number(most, self.language),
        )

    def follow_up(self) -> Table:
        fill = self.words.fill
        fields = tuple(Cell(fill(f"follow_up.{part}_prompt"), field=2) for part in ("when", "what"))
        return Table(
            caption=fill("follow_up.caption"),
            columns=(
                Column(3, "left"),
                *(Column(width, "left", begins_block=True) for width in (2.4, 4)),
            ),
            header=(
                tuple(HeaderCell(fill(f"follow_up.{part}")) for part in ("forum", "when", "what")),
            ),
            rows=tuple(
                Row(Cell(fill(f"follow_up.{who}")), fields)
                for who in ("political", "managerial", "daily")
            ),
        )

    def _head(self, month_: YearMonth) -> HeaderCell:
        return HeaderCell(month_.short(self.language).replace(" ", "\N{NO-BREAK SPACE}"))
