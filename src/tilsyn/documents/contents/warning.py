"""The warning on the focus goals: a municipality that also misses the result goal, told in time."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import polars as pl

from tilsyn.documents.contents.month_tables import Layout, of_months
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.phrasing import day, percent
from tilsyn.documents.contents.phrasing import month as month_name
from tilsyn.documents.contents.sentences import Reading, sentences, tidy
from tilsyn.documents.contents.sentences_readings import persons, shares, visitation
from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.model import Block, Bullets, Document, Heading, Note, Paragraph, Table
from tilsyn.errors import InputError
from tilsyn.figures.grid import Grid, by_month, by_visitation, of_municipality
from tilsyn.figures.table import Figure
from tilsyn.rules import Finding
from tilsyn.vocabulary import MUNICIPALITIES, ROWS, TOTAL, VISITATION, MonthRange, YearMonth
from tilsyn.vocabulary.wording import joined

SPLIT = "kontanthjaelp"
"""The group whose visitation the agency publishes."""


def warning(of: Occasion) -> Document:
    """The warning to a municipality at risk of intensified supervision.

    The findings "at_risk" are what it is about; the facts say whom to ask and by when, where that is
    known.

    Raises:
        InputError: the municipality is not at risk, or the share over all groups is wanting (each
            month is listed).
    """
    words, name = of.texts("warning"), of.authority
    subjects = _subjects(of.municipality, of.findings, of.figures)
    goals = joined((words.fill(f"goals.{one.measure}") for one in subjects), of.language)
    blocks: list[Block] = [*_opening(subjects, words, name, goals)]
    number = 1
    for one in subjects:
        more = _Writer(one, words, name).blocks(number)
        number += sum(isinstance(block, Table) for block in more)
        blocks += more
    blocks += _talk(subjects, words, of.letterhead, of.facts)
    return of.letter(
        words.fill("title", goals=goals, authority=name),
        blocks,
        behind=(f for one in subjects for f in one.figures),
    )


@dataclass(frozen=True)
class Subject:
    """One focus goal that puts the municipality at risk, with its figures."""

    finding: Finding
    months: MonthRange
    share: Grid
    unmet: Grid
    split: Grid

    @property
    def measure(self) -> str:
        """The measure's code."""
        return self.finding.measure

    @property
    def figures(self) -> list[Figure]:
        """The figures shown."""
        found = {f.cell: f for g in (self.share, self.unmet, self.split) for f in g.figures}
        return list(found.values())

    def behind(self) -> list[str]:
        """The groups behind it: over the line, with a number of persons that is shown; most first."""
        last = self.months.last
        counts = {code: self.unmet.value(code, last) for code in self.unmet.groups}
        over = [
            code
            for code, count in counts.items()
            if count and self.finding.over(self.share.value(code, last))
        ]
        # Of two equally large groups, the one with the most persons behind its share comes last.
        return sorted(
            over,
            key=lambda c: (-(counts[c] or 0), self.share.value(c, last) or 0, ROWS.codes.index(c)),
        )


def _subjects(
    municipality: str, findings: Sequence[Finding], figures: pl.DataFrame
) -> list[Subject]:
    where = MUNICIPALITIES[municipality].name
    own = of_municipality(figures, municipality)
    subjects = []
    for finding in findings:
        if finding.municipality != municipality or finding.verdict != "at_risk":
            continue
        if not finding.span:
            continue
        span = MonthRange(finding.span[0], finding.span[-1])
        measure = finding.measure
        subjects.append(
            Subject(
                finding,
                span,
                by_month(own, measure, "share").within(span),
                by_month(own, measure, "unmet").within(span),
                by_visitation(own, measure, "unmet", SPLIT).within(span),
            )
        )
    if not subjects:
        raise InputError(f"{where}: nothing puts it at risk, so there is no warning to write")
    wanting = [
        f"{ROWS[TOTAL.code].da} {month} ({one.measure} share)"
        for one in subjects
        for month in one.months
        if one.share.value(TOTAL.code, month) is None
    ]
    if wanting:
        raise InputError(
            f"{where}: the warning cannot be written, because these figures are wanting: "
            + "; ".join(wanting)
        )
    return subjects


def _opening(subjects: Sequence[Subject], words: Texts, name: str, goals: str) -> list[Block]:
    first = subjects[0]
    goal: Sequence[YearMonth] = first.finding.slots.get("goal_month", ())
    year = first.months.last.year
    whole = first.months == MonthRange(YearMonth(year, 1), YearMonth(year, 12))
    risk = words.fill(
        "risk.whole_year" if whole else "risk.this_year", year=str(year), next_year=str(year + 1)
    )
    return [
        Paragraph(
            words.fill(
                "why",
                authority=name,
                goals=goals,
                goal_month=month_name(goal[0], words.language) if goal else "–",
            )
        ),
        Paragraph(risk),
    ]


@dataclass(frozen=True)
class _Writer:
    """Writes what the letter says of one focus goal."""

    subject: Subject
    words: Texts
    authority: str

    def blocks(self, number: int) -> list[Block]:
        measure, months = self.subject.measure, self.subject.months
        said = sentences(f"warning_{measure}", self.reading(), self.words)
        blocks: list[Block] = [Heading(self.words.fill(f"heading.{measure}"))]
        if said:
            blocks.append(Bullets(tuple(said)))
        blocks.append(of_months(self.subject.share, months, self._layout("shares", number)))
        if not self.subject.unmet.months:
            return [*blocks, Note(self.words.fill("table.no_counts"))]
        counts = of_months(self.subject.unmet, months, self._layout("counts", number + 1))
        return [*blocks, counts]

    def _layout(self, kind: str, number: int) -> Layout:
        caption = self.words.fill(
            f"{kind}.{self.subject.measure}", number=str(number), authority=self.authority
        )
        threshold = self.subject.finding.threshold
        marked: set[tuple[str, Hashable]] = set()
        if kind == "shares" and threshold is not None:
            marked = {
                (TOTAL.code, month)
                for month in self.subject.months
                if self.subject.finding.over(self.subject.share.value(TOTAL.code, month))
            }
            note = self.words.fill("marked", limit=percent(threshold, self.words.language))
            return Layout(caption, self.words, marked, tidy(note))
        return Layout(caption, self.words)

    def reading(self) -> Reading:
        """The share's course, the groups behind it, and one group's visitation."""
        one, language = self.subject, self.words.language
        last = one.months.last
        behind = one.behind()
        counted = ((code, one.unmet.value(code, last) or 0) for code in behind)
        reading = shares(one.share, one.months, one.finding, language) | Reading(
            {"groups_over": len(behind)},
            {
                "groups_over": joined((ROWS[c].persons(language) for c in behind), language)
                or None,
                "group_counts": joined((persons(c, n, language) for c, n in counted), language)
                or None,
                "counted_month": month_name(last, language),
            },
        )
        names = {code: self.words.fill(f"visitation.{code}") for code in VISITATION.codes}
        unmet = one.unmet.value(SPLIT, last)
        return reading | visitation(one.split, unmet, SPLIT, last, names, language)


def _talk(
    subjects: Sequence[Subject], words: Texts, letterhead: Letterhead, facts: CourseFacts
) -> list[Block]:
    threshold = subjects[0].finding.threshold
    assert threshold is not None
    said = [
        words.fill(
            "talk.offer",
            office=letterhead.names(words.language).office,
            required=percent(100 - threshold, words.language),
        )
    ]
    if facts.reply_by:
        said.append(words.fill("talk.reply", date=day(facts.reply_by, words.language)))
    if facts.contact:
        said.append(words.fill("talk.contact", contact=facts.contact))
    return [Heading(words.fill("heading.talk")), Paragraph(" ".join(said))]
