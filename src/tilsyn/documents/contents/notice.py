"""The notice of the early-effort supervision: what was found, what is demanded, what follows if not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tilsyn.documents.contents.early_effort import TableWords, table
from tilsyn.documents.contents.frame import letter
from tilsyn.documents.contents.notice_case import NoticeCase, NoticeFinding
from tilsyn.documents.contents.phrasing import (
    authority,
    capitalised,
    day,
    deadline,
    percent,
    percents,
    period,
)
from tilsyn.documents.contents.rule_wording import RuleWording
from tilsyn.documents.contents.templates import Texts, texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.model import Block, Bullets, Document, Heading, Paragraph, Stamp
from tilsyn.errors import InputError
from tilsyn.vocabulary import MEASURES, ROWS
from tilsyn.vocabulary.wording import in_words, joined


def notice(
    *,
    municipality: str,
    findings: Sequence[NoticeFinding],
    figures: pl.DataFrame,
    facts: CourseFacts,
    letterhead: Letterhead,
    rule: RuleWording,
    stamp: Stamp,
    language: str = "da",
    templates: Path | None = None,
) -> Document:
    """The notice to a municipality, one table a measure, with the judge's findings marked.

    Args:
        municipality: its code.
        findings: the judge's findings by one rule version; those "flagged" for the municipality
            are what the notice is about, the others are left aside.
        figures: the figure table, reduced to what was known on the letter's date.
        facts: the course's facts.
        letterhead: who writes.
        rule: what the letter says of the rule.
        stamp: what the letter is made from.
        language: "da" or "en".
        templates: a folder with the office's own texts.

    Raises:
        InputError: nothing is flagged; the facts name other groups or months than the findings; or
            figures the letter cannot do without are wanting (all of them are listed).
    """
    words, frame = texts("notice", language, templates), texts("frame", language, templates)
    case = NoticeCase.of(municipality, findings, figures, facts)
    name = authority(frame, municipality)
    writer = _Writer(words, rule, case, letterhead, name)
    blocks: list[Block] = [
        *writer.monitored(),
        *writer.found(facts),
        *writer.tables(),
        *writer.demanded(facts),
        *writer.otherwise(facts),
        *writer.dialogue(facts),
    ]
    events = joined((_event(measure, language) for measure in case.groups), language)
    return letter(
        title=words.fill("title", events=events, authority=name),
        blocks=blocks,
        facts=facts,
        letterhead=letterhead,
        frame=frame,
        stamp=stamp,
    )


def _event(measure: str, language: str) -> str:
    return MEASURES[measure].da_event if language == "da" else MEASURES[measure].en_event


@dataclass(frozen=True)
class _Writer:
    """Writes the notice's parts, each from its own section of the texts."""

    words: Texts
    rule: RuleWording
    case: NoticeCase
    letterhead: Letterhead
    authority: str

    @property
    def language(self) -> str:
        return self.words.language

    @property
    def seniority(self) -> str:
        return in_words(self.rule.seniority, self.language)

    @property
    def persistence(self) -> str:
        return in_words(self.case.persistence, self.language)

    @property
    def threshold(self) -> str:
        return percent(self.case.threshold, self.language)

    def counted(self, section: str, measure: str) -> str:
        if measure not in self.rule.required:
            raise InputError(f"the rule does not say how many {measure} requires")
        return self.words.counted(f"{section}.{measure}", self.rule.required[measure])

    def monitored(self) -> list[Block]:
        names = self.letterhead.names(self.language)
        law = self.words.fill(
            "monitored.law",
            agency=names.agency,
            seniority=self.seniority,
            requirements=joined(
                (self.counted("requirement", m) for m in self.case.groups), self.language
            ),
        )
        criterion = self.words.fill(
            "monitored.criterion",
            office=names.office,
            persistence=self.persistence,
            threshold=self.threshold,
        )
        if self.case.smallest is not None:
            extent = "every_month" if self.rule.population_every_month else "latest_month"
            criterion += " " + self.words.fill(
                f"monitored.{extent}",
                smallest=in_words(self.case.smallest, self.language),
                seniority=self.seniority,
            )
        return [Paragraph(law), Paragraph(criterion)]

    def found(self, facts: CourseFacts) -> list[Block]:
        months = period(self.case.months, self.language)
        pairs = [(m, grp) for m, groups in self.case.groups.items() for grp in groups]
        slots = [self._found_slots(measure, grp) for measure, grp in pairs]
        blocks: list[Block]
        if len(pairs) == 1:
            blocks = [
                Paragraph(
                    self.words.fill(
                        "found.single", authority=self.authority, months=months, **slots[0]
                    )
                )
            ]
        else:
            blocks = [
                Paragraph(
                    self.words.fill("found.several", authority=self.authority, months=months)
                ),
                Bullets(
                    tuple(capitalised(self.words.fill("found.item", **slot)) for slot in slots)
                ),
            ]
        if facts.earlier_letters:
            letters = joined(
                (
                    self.words.fill(
                        "found.earlier_letter", what=e.what, date=day(e.date, self.language)
                    )
                    for e in facts.earlier_letters
                ),
                self.language,
            )
            blocks.append(Paragraph(self.words.fill("found.earlier", letters=letters)))
        return blocks

    def _found_slots(self, measure: str, grp: str) -> dict[str, str]:
        shares = [
            share
            for month in self.case.months
            if (share := self.case.cells[measure].share(grp, month)) is not None
        ]
        return {
            "persons": ROWS[grp].persons(self.language),
            "shares": percents(shares, self.language),
            "lacked": self.counted("lacked", measure),
        }

    def tables(self) -> list[Block]:
        return [self._table(i, measure) for i, measure in enumerate(self.case.groups, 1)]

    def _table(self, number: int, measure: str) -> Block:
        groups = self.case.groups[measure]
        fill = self.words.fill
        return table(
            self.case.cells[measure],
            months=self.case.months,
            breaching=groups,
            language=self.language,
            words=TableWords(
                caption=fill(
                    "table.caption",
                    number=str(number),
                    event=capitalised(_event(measure, self.language)),
                    authority=self.authority,
                ),
                group=fill("table.group"),
                population=fill("table.population", seniority=self.seniority),
                share=self.counted("share", measure),
                marked=self._marked(groups),
                hidden=fill("table.hidden"),
                absent=fill("table.absent"),
            ),
        )

    def _marked(self, groups: list[str]) -> str:
        """What the marks mean, in words: nothing may hang on colour."""
        slots = {
            "groups": joined((ROWS[g].name(self.language) for g in groups), self.language),
            "threshold": self.threshold,
            "persistence": self.persistence,
        }
        if self.case.smallest is None:
            return self.words.fill("table.marked", **slots)
        smallest = in_words(self.case.smallest, self.language)
        return self.words.fill("table.marked_large", smallest=smallest, **slots)

    def demanded(self, facts: CourseFacts) -> list[Block]:
        fill = self.words.fill
        restore = fill(
            "demanded.restore",
            authority=self.authority,
            deadline=deadline(self.words, "deadline", facts.restore_by),
            follow_up=period(facts.follow_up, self.language),
        )
        kind = "restored_not_over" if self.rule.restored_at_threshold else "restored_under"
        restored = fill(
            f"demanded.{kind}",
            count=in_words(len(facts.follow_up), self.language),
            threshold=self.threshold,
        )
        if self.case.smallest is None:
            restored += fill("demanded.end")
        else:
            restored += fill(
                "demanded.or_small",
                smallest=in_words(self.case.smallest, self.language),
                seniority=self.seniority,
            )
        if sum(map(len, self.case.groups.values())) > 1:
            restored += " " + fill("demanded.each")
        return [
            Heading(fill("demanded.heading")),
            Paragraph(f"{restore} {fill('demanded.same')}"),
            Paragraph(restored),
        ]

    def otherwise(self, facts: CourseFacts) -> list[Block]:
        by = deadline(self.words, "otherwise", facts.restore_by)
        return [
            Heading(self.words.fill("otherwise.heading")),
            Paragraph(self.words.fill("otherwise.statement", deadline=by)),
        ]

    def dialogue(self, facts: CourseFacts) -> list[Block]:
        fill = self.words.fill
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
