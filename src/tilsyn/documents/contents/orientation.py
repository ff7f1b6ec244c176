"""The orientation: the supervision described in general, with its rules and their sources."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Literal

from tilsyn.documents.contents.early_words import EarlyWords
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.phrasing import day
from tilsyn.documents.contents.rule_wording import RuleWording
from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.model import Block, Bullets, Document, Heading, Paragraph
from tilsyn.rules.model import Version
from tilsyn.vocabulary import MEASURES, ROWS, YearMonth
from tilsyn.vocabulary.wording import in_words, joined


def orientation(of: Occasion) -> Document:
    """The orientation; it holds no figures.

    Raises:
        NoRuleError: a rule has no version on the letter's date.
    """
    words, facts, language = of.texts("orientation"), of.facts, of.language
    # What the law requires of the effort that is measured next, not of one already measured.
    month = YearMonth.of(facts.date)
    rule = RuleWording.of(of.catalogue, letter=facts.date, month=month)
    early = EarlyWords.of(rule, language)
    names = of.letterhead.names(language)
    key: Literal["da", "en"] = "da" if language == "da" else "en"
    versions = [
        (code, version)
        for code, version in (
            ("early_effort", rule.rule),
            ("early_effort_follow_up", rule.follow_up),
            ("early_effort_requirement", rule.law),
        )
        if version is not None
    ]
    sources = (
        _source(words, of.catalogue[code].title[key], version.title[key], version, facts.date)
        for code, version in versions
    )
    blocks: list[Block] = [
        Paragraph(words.fill("intro", agency=names.agency)),
        Heading(words.fill("what.heading")),
        Paragraph(_law(words, early)),
        Paragraph(words.fill("what.why")),
        Heading(words.fill("how.heading")),
        Paragraph(words.fill("how.share", seniority=early.seniority)),
        Paragraph(words.fill("how.place")),
        Heading(words.fill("when.heading")),
        Paragraph(early.criterion(names.office)),
        Heading(words.fill("then.heading")),
        *_then(words, early, facts),
        Heading(words.fill("source.heading")),
        Bullets(tuple(sources)),
    ]
    return of.letter(
        words.fill("title"),
        blocks,
        signed=False,
        stamp=replace(of.stamp, rule=", ".join(f"{code} {v.name}" for code, v in versions)),
    )


def _law(words: Texts, early: EarlyWords) -> str:
    measures = MEASURES.of_effort("early")
    said = [
        words.fill("what.law", seniority=early.seniority, requirements=early.law(measures)),
        *early.besides(measures),
    ]
    if groups := early.rule.requirement.offers_groups:
        persons = joined((ROWS[g].persons(words.language) for g in groups), words.language)
        said.append(words.fill("what.offers", persons=persons))
    return " ".join(said)


def _then(words: Texts, early: EarlyWords, facts: CourseFacts) -> list[Block]:
    follow_up = early.rule.rule.follow_up
    if follow_up is None or early.rule.restoration is None:
        return [Paragraph(words.fill("then.offered"))]
    language = words.language
    return [
        Paragraph(
            words.fill("then.time", months=in_words(follow_up.restore_months, language))
            + " "
            + early.restored_when(subjects=1)
        ),
        Bullets(
            (
                words.fill("then.ended"),
                words.fill("then.statement", plan_months=in_words(facts.plan_months, language)),
                words.fill("then.mayor"),
            )
        ),
    ]


def _source(words: Texts, rule: str, title: str, version: Version, on: dt.date) -> str:
    slots = {"rule": rule, "version": title, "interval": _interval(words, version)}
    # A letter cannot cite what was written after it.
    known = [s.title for s in version.source if s.date is None or s.date <= on]
    if not known:
        return words.fill("source.item_bare", **slots)
    return words.fill("source.item", source="; ".join(known), **slots)


def _interval(words: Texts, version: Version) -> str:
    begin = day(version.valid_from, words.language)
    if version.valid_to is None:
        return words.fill("source.since", begin=begin)
    last = version.valid_to - dt.timedelta(days=1)
    return words.fill("source.until", begin=begin, end=day(last, words.language))
