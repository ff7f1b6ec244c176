"""The decision after the follow-up months: what is restored, what is not, and what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tilsyn.documents.contents.decision_case import DecisionCase, restoring_month
from tilsyn.documents.contents.early_words import EarlyWords
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.phrasing import (
    capitalised,
    day,
    deadline,
    in_running_text,
    month,
    percent,
    percents,
    period,
    told,
)
from tilsyn.documents.contents.rule_wording import RuleWording
from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.facts import CourseFacts, Subject
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.model import Block, Bullets, Document, Heading, Note, Paragraph
from tilsyn.rules import Finding
from tilsyn.rules.course import courses
from tilsyn.vocabulary import ROWS
from tilsyn.vocabulary.wording import in_words, joined


def decision(of: Occasion) -> Document:
    """The decision; the findings say which of its variants is written.

    Not restored: a statement and a plan are demanded, or, after a plan, the last step is told.
    Restored: the course has ended. Both in one letter where the groups differ.

    Raises:
        InputError: figures that settle the matter, or facts that the outcome calls for, are wanting.
    """
    words = of.texts("decision")
    case = DecisionCase.of(of.municipality, of.findings, of.figures, of.facts)
    letter = case.notice.date or of.facts.date
    rule = RuleWording.of(of.catalogue, letter=letter, month=case.months.last)
    early = EarlyWords.of(rule, of.language)
    writer = _Writer(words, early, case, of.facts, of.letterhead, of.authority)
    blocks: list[Block] = [
        *writer.background(),
        *writer.earlier(),
        *writer.outcome(),
        *writer.tables(),
        *writer.consequences(),
        *writer.dialogue(),
    ]
    return of.letter(
        words.fill(f"title.{case.outcome}", authority=of.authority),
        blocks,
        behind=(f for cells in case.cells.values() for f in cells.figures.values()),
    )


def subjects_in_words(words: Texts, subjects: Iterable[Subject | Finding]) -> str:
    """What a plan is about: "samtaler med sygedagpengemodtagere og tilbud til …"."""
    return joined((subject_in_words(words, subject) for subject in subjects), words.language)


def subject_in_words(words: Texts, subject: Subject | Finding) -> str:
    """One of them."""
    group = subject.grp if isinstance(subject, Finding) else subject.group
    return words.fill(f"subject.{subject.measure}", persons=ROWS[group].persons(words.language))


@dataclass(frozen=True)
class _Writer:
    """Writes the decision's parts, each from its own section of the texts."""

    words: Texts
    early: EarlyWords
    case: DecisionCase
    facts: CourseFacts
    letterhead: Letterhead
    authority: str

    @property
    def language(self) -> str:
        return self.words.language

    @property
    def threshold(self) -> str:
        return percent(self.early.rule.criterion.threshold, self.language)

    def background(self) -> list[Block]:
        fill, law = self.words.fill, self.early.rule.law
        measures = self.case.cells
        required = fill(
            "background.law",
            agency=self.letterhead.names(self.language).agency,
            seniority=self.early.seniority,
            since=day(law.valid_from, self.language),
            requirements=self.early.law(measures),
        )
        return [
            Heading(fill("background.heading")),
            Paragraph(" ".join([required, *self.early.besides(measures)])),
            Paragraph(fill("background.why")),
        ]

    def earlier(self) -> list[Block]:
        """The notice and, where a plan was demanded, the earlier decision."""
        fill, language, notice = self.words.fill, self.language, self.case.notice
        self.facts.demand(("notice.date", "restore_by"), "the decision")
        assert notice.date is not None and self.facts.restore_by is not None
        sent = fill(
            "notice.sent",
            date=day(notice.date, language),
            authority=self.authority,
            months=period(notice.months, language),
            threshold=self.threshold,
            persistence=in_words(self.early.rule.criterion.months, language),
        )
        items = tuple(
            fill(
                "notice.item",
                persons=ROWS[s.group].persons(language),
                lacking=self.early.lacking(s.measure, [s.group]),
            )
            for s in notice.subjects
        )
        months = period(self.case.months, language)
        if self.facts.decision:
            then = fill(
                "notice.decided",
                date=day(self.facts.decision.date, language),
                subjects=subjects_in_words(self.words, self.facts.decision.subjects),
                follow_up=months,
            )
        else:
            by = deadline(self.words, "deadline", self.facts.restore_by)
            then = fill("notice.given", deadline=by, follow_up=months)
        return [Paragraph(sent), Bullets(items), Paragraph(then)]

    def outcome(self) -> list[Block]:
        fill, case = self.words.fill, self.case
        blocks: list[Block] = [Heading(fill("outcome.heading"))]
        for verdict, item in (("not_restored", self._not_restored), ("restored", self._restored)):
            if found := getattr(case, verdict):
                items = tuple(capitalised(item(finding)) for finding in found)
                blocks += [Paragraph(fill(f"outcome.{verdict}")), Bullets(items)]
        return blocks

    def _not_restored(self, finding: Finding) -> str:
        shares = [figure.exact for figure in finding.months if figure.exact is not None]
        return self.words.fill(
            "outcome.not_restored_item",
            persons=ROWS[finding.grp].persons(self.language),
            shares=percents(shares, self.language),
            lacked=self.early.lacked(finding.measure, [finding.grp]),
        )

    def _restored(self, finding: Finding) -> str:
        when = restoring_month(finding)
        slots = {
            "persons": ROWS[finding.grp].persons(self.language),
            "month": month(when, self.language),
        }
        if finding.reason == "too_small":
            return self.words.fill(
                "outcome.restored_small",
                smallest=in_words(finding.smallest_population or 0, self.language),
                seniority=self.early.seniority,
                **slots,
            )
        (share,) = (f.highest for f in finding.months if f.month == when)
        rule = self.early.rule.restoration
        kind = "not_over" if rule and rule.met_at_threshold else "under"
        return self.words.fill(
            f"outcome.restored_{kind}",
            share=percents([share or 0], self.language),
            lacking=self.early.lacking(finding.measure, [finding.grp]),
            threshold=self.threshold,
            **slots,
        )

    def tables(self) -> list[Block]:
        blocks: list[Block] = []
        for number, (measure, cells) in enumerate(self.case.cells.items(), 1):
            groups = self.case.breaching(measure)
            names = joined((ROWS[g].name(self.language) for g in groups), self.language)
            blocks.append(
                self.early.table(
                    cells,
                    number=number,
                    measure=measure,
                    months=self.case.months,
                    breaching=groups,
                    authority=self.authority,
                    marked=self.words.fill("outcome.marked", groups=names) if groups else "",
                )
            )
        blocks.append(Paragraph(self.words.fill("outcome.only")))
        if self.case.not_restored:
            conclusion = self.words.fill(
                "outcome.conclusion", authority=self.authority, seniority=self.early.seniority
            )
            blocks.append(Paragraph(conclusion))
        return blocks

    def consequences(self) -> list[Block]:
        if not self.case.not_restored:
            return self._ended()
        return self._last_step() if self.case.again else self._demanded()

    def _ended(self) -> list[Block]:
        assert self.case.notice.date is not None
        begun = day(self.case.notice.date, self.language)
        return [
            Heading(self.words.fill("ended.heading")),
            Paragraph(self.words.fill("ended.course", date=begun)),
        ]

    def _last_step(self) -> list[Block]:
        return [
            Heading(self.words.fill("last.heading")),
            Paragraph(self.words.fill("last.mayor_now", authority=self.authority)),
        ]

    def _demanded(self) -> list[Block]:
        fill, facts, language = self.words.fill, self.facts, self.language
        facts.demand(("reply_by", "next_follow_up"), "the effort is not restored, so the decision")
        assert facts.reply_by is not None and facts.next_follow_up is not None
        ask = fill(
            "demanded.ask",
            authority=self.authority,
            subjects=subjects_in_words(self.words, self.case.not_restored),
            plan_months=in_words(facts.plan_months, language),
        )
        reply = fill(
            "demanded.reply",
            office=self.letterhead.names(language).office,
            date=day(facts.reply_by, language),
        )
        months = period(facts.next_follow_up, language)
        again = (
            fill(
                "next.letter",
                months=months,
                deadline=deadline(self.words, "next", facts.next_letter),
            )
            if facts.next_letter
            else fill("next.months", months=months)
        )
        restored = self.early.restored_when(subjects=len(self.case.not_restored))
        return [
            Heading(fill("demanded.heading")),
            Paragraph(ask),
            Bullets(tuple(self._points(self.case.notice.date or facts.date))),
            Paragraph(reply),
            Heading(fill("next.heading")),
            Paragraph(f"{again} {restored}"),
            Paragraph(f"{fill('last.ends')} {fill('last.mayor')}"),
        ]

    def _points(self, letter: dt.date) -> Iterator[str]:
        """What the plan must hold at least, as the course that began with a letter has it."""
        versions = courses()["early_effort"].version
        held = [s.checklist for v in versions if v.valid_from <= letter for s in v.step]
        points = [points for points in held if points][-1]
        return (in_running_text(told(words, self.language)) for words in points.values())

    def dialogue(self) -> list[Block]:
        fill, language = self.words.fill, self.language
        office = self.letterhead.names(language).office
        said = (
            fill("dialogue.contact", contact=self.facts.contact)
            if self.facts.contact
            else fill("dialogue.open", office=office)
        )
        law = "; ".join(source.title for source in self.early.rule.law.source)
        return [Paragraph(said), Note(fill("background.source", source=law))]
