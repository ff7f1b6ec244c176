"""The notice of the early-effort supervision: what was found, what is demanded, what follows if not."""

from __future__ import annotations

from dataclasses import dataclass

from tilsyn.documents.contents.early_words import EarlyWords
from tilsyn.documents.contents.notice_case import NoticeCase
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.phrasing import (
    capitalised,
    day,
    deadline,
    percent,
    percents,
    period,
)
from tilsyn.documents.contents.rule_wording import RuleWording
from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.model import Block, Bullets, Document, Heading, Paragraph
from tilsyn.vocabulary import ROWS
from tilsyn.vocabulary.wording import in_words, joined


def notice(of: Occasion) -> Document:
    """The notice to a municipality, one table a measure, with the judge's findings marked.

    Where the rule judges each benefit group, the notice demands that the effort be restored; where
    it judges all groups together, it offers a talk and help. The findings "flagged" for the
    municipality are what it is about, the others are left aside.

    Raises:
        InputError: nothing is flagged; the facts name other groups or months than the findings, or
            lack what the rule demands; or figures the letter cannot do without are wanting (all of
            them are listed).
    """
    words = of.texts("notice")
    case = NoticeCase.of(of.municipality, of.findings, of.figures, of.facts)
    rule = RuleWording.of(of.catalogue, letter=of.facts.date, month=case.months.last)
    early = EarlyWords.of(rule, of.language)
    writer = _Writer(words, early, case, of.facts, of.letterhead, of.authority)
    blocks: list[Block] = [
        *writer.monitored(),
        *writer.found(),
        *writer.tables(),
        *(writer.offered() if rule.pooled else [*writer.demanded(), *writer.otherwise()]),
        *writer.dialogue(),
    ]
    events = joined(map(early.event, case.groups), of.language)
    return of.letter(
        words.fill("title", events=events, authority=of.authority),
        blocks,
        behind=(f for cells in case.cells.values() for f in cells.figures.values()),
    )


@dataclass(frozen=True)
class _Writer:
    """Writes the notice's parts, each from its own section of the texts."""

    words: Texts
    early: EarlyWords
    case: NoticeCase
    facts: CourseFacts
    letterhead: Letterhead
    authority: str

    @property
    def language(self) -> str:
        return self.words.language

    @property
    def persistence(self) -> str:
        return in_words(self.case.persistence, self.language)

    @property
    def threshold(self) -> str:
        return percent(self.case.threshold, self.language)

    def monitored(self) -> list[Block]:
        names = self.letterhead.names(self.language)
        law = self.words.fill(
            "monitored.law",
            agency=names.agency,
            seniority=self.early.seniority,
            requirements=self.early.law(self.case.groups),
        )
        besides = self.early.besides(self.case.groups)
        return [Paragraph(" ".join([law, *besides])), Paragraph(self.early.criterion(names.office))]

    def found(self) -> list[Block]:
        pairs = [(m, grp) for m, groups in self.case.groups.items() for grp in groups]
        items = [self._found_slots(measure, grp) for measure, grp in pairs]
        where = {
            "authority": self.authority,
            "months": period(self.case.months, self.language),
        }
        kind = "pooled" if self.early.rule.pooled else "single"
        several = {"pooled": "pooled_several", "single": "several"}[kind]
        item = {"pooled": "pooled_item", "single": "item"}[kind]
        blocks: list[Block]
        if len(pairs) == 1:
            slots = {k: v for k, v in items[0].items() if k != "event"}
            blocks = [Paragraph(self.words.fill(f"found.{kind}", **where, **slots))]
        else:
            if kind == "pooled":
                events = (self.early.event(measure) for measure, _ in pairs)
                where["events"] = joined(events, self.language)
            blocks = [
                Paragraph(self.words.fill(f"found.{several}", **where)),
                Bullets(tuple(capitalised(self.words.fill(f"found.{item}", **i)) for i in items)),
            ]
        if self.facts.earlier_letters:
            letters = (
                self.words.fill(
                    "found.earlier_letter", what=e.what, date=day(e.date, self.language)
                )
                for e in self.facts.earlier_letters
            )
            said = self.words.fill("found.earlier", letters=joined(letters, self.language))
            blocks.append(Paragraph(said))
        return blocks

    def _found_slots(self, measure: str, grp: str) -> dict[str, str]:
        shares = [
            share
            for month in self.case.months
            if (share := self.case.cells[measure].share(grp, month)) is not None
        ]
        about = (
            {"event": self.early.event(measure)}
            if self.early.rule.pooled
            else {"persons": ROWS[grp].persons(self.language)}
        )
        return {
            **about,
            "shares": percents(shares, self.language),
            "lacked": self.early.lacked(measure, [grp]),
        }

    def tables(self) -> list[Block]:
        return [
            self.early.table(
                self.case.cells[measure],
                number=number,
                measure=measure,
                months=self.case.months,
                breaching=groups,
                authority=self.authority,
                marked=self._marked(groups),
            )
            for number, (measure, groups) in enumerate(self.case.groups.items(), 1)
        ]

    def _marked(self, groups: list[str]) -> str:
        slots = {
            "groups": joined((ROWS[g].name(self.language) for g in groups), self.language),
            "threshold": self.threshold,
            "persistence": self.persistence,
        }
        if self.case.smallest is None:
            return self.words.fill("table.marked", **slots)
        smallest = in_words(self.case.smallest, self.language)
        return self.words.fill("table.marked_large", smallest=smallest, **slots)

    def demanded(self) -> list[Block]:
        fill, follow_up, by = self.words.fill, self.facts.follow_up, self.facts.restore_by
        self.facts.demand(("follow_up", "restore_by"), "the notice")
        assert follow_up is not None and by is not None
        restore = fill(
            "demanded.restore",
            authority=self.authority,
            deadline=deadline(self.words, "deadline", by),
            follow_up=period(follow_up, self.language),
        )
        subjects = sum(map(len, self.case.groups.values()))
        return [
            Heading(fill("demanded.heading")),
            Paragraph(f"{restore} {fill('demanded.same')}"),
            Paragraph(self.early.restored_when(subjects=subjects)),
        ]

    def otherwise(self) -> list[Block]:
        assert self.facts.restore_by is not None
        by = deadline(self.words, "otherwise", self.facts.restore_by)
        return [
            Heading(self.words.fill("otherwise.heading")),
            Paragraph(self.words.fill("otherwise.statement", deadline=by)),
        ]

    def offered(self) -> list[Block]:
        fill = self.words.fill
        office = self.letterhead.names(self.language).office
        helped = [fill("offered.help", office=office, authority=self.authority)]
        if self.facts.follow_up:
            months = period(self.facts.follow_up, self.language)
            helped.append(fill("offered.follow_up", follow_up=months))
        return [
            Heading(fill("offered.heading")),
            Paragraph(fill("offered.meaning")),
            Paragraph(" ".join(helped)),
        ]

    def dialogue(self) -> list[Block]:
        fill, facts = self.words.fill, self.facts
        office = self.letterhead.names(self.language).office
        meeting = [fill("dialogue.meeting", office=office)]
        if facts.reply_by:
            meeting.append(fill("dialogue.reply", date=day(facts.reply_by, self.language)))
        if facts.contact:
            meeting.append(fill("dialogue.contact", contact=facts.contact))
        return [
            Heading(fill("dialogue.heading")),
            Paragraph(" ".join(meeting)),
            Paragraph(fill("dialogue.follow")),
        ]
