"""The status note: where a municipality stands on result goal, focus goals and early effort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.phrasing import capitalised, day, percent, percents
from tilsyn.documents.contents.sentences import sentences, tidy
from tilsyn.documents.contents.status_note_case import Case, Planned, Shown, plan
from tilsyn.documents.contents.status_note_figures import Figures
from tilsyn.documents.contents.status_note_readings import SECTIONS, read, region
from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.model import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    HeaderCell,
    Heading,
    Mark,
    Note,
    Paragraph,
    Row,
    Table,
)
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.printing import ABSENT
from tilsyn.figures.sources import own_registers, source
from tilsyn.figures.table import Figure
from tilsyn.rules import Finding
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES
from tilsyn.vocabulary.wording import joined, months_short

AIMS = {one.section: one.measure for one in plan() if MEASURES[one.measure].event}
"""The measure of an effort that a section is about."""

GRAVE = ("flagged", "at_risk", "missed")
"""Verdicts marked in the overview."""


def status_note(of: Occasion) -> Document:
    """The status note on a municipality.

    The RAR areas' durations are among its figures; it says what is odd in them.

    Raises:
        InputError: figures the note cannot do without are wanting (all of them are listed).
    """
    words = of.texts("status_note")
    case = Case.of(of.municipality, of.findings, of.figures)
    writer = _Writer(case, words, of.authority, own_registers(of.figures))
    return of.letter(
        words.fill("title", name=MUNICIPALITIES[of.municipality].name),
        writer.blocks(of.facts, of.anomalies),
        facts=of.facts.model_copy(update={"addressee": of.authority}),
        signed=False,
        behind=behind(case),
    )


def behind(case: Case) -> list[Figure]:
    """Every figure the note shows, once each."""
    return list({f.cell: f for shown in case.shown.values() for f in _figures(shown)}.values())


def _figures(shown: Shown) -> list[Figure]:
    return [f for grid in (shown.grid, shown.other) if grid for f in grid.figures]


@dataclass(frozen=True)
class _Writer:
    """Writes the note's parts."""

    case: Case
    words: Texts
    authority: str
    own: frozenset[str]

    @property
    def language(self) -> str:
        return self.words.language

    def blocks(self, facts: CourseFacts, anomalies: Sequence[Anomaly]) -> list[Block]:
        fill = self.words.fill
        blocks: list[Block] = [
            Paragraph(fill("intro", authority=self.authority, date=day(facts.date, self.language))),
            self.overview(),
        ]
        for section in SECTIONS:
            blocks += self.section(section)
        reservations = [a.text(self.language) for a in anomalies if self._about(a)]
        if reservations:
            blocks += [Heading(fill("heading.reservations")), Bullets(tuple(reservations))]
        parts = {number: _figures(shown) for number, shown in self.case.shown.items()}
        return [*blocks, Note(source(parts, self.language, self.own))]

    def _about(self, anomaly: Anomaly) -> bool:
        return anomaly.kind != "reading" and anomaly.measure in {p.measure for p in plan()}

    def section(self, section: str) -> list[Block]:
        """Heading, what is measured, what the figures say, the figures, and those wanting."""
        fill, figures = self.words.fill, Figures(self.case, self.words)
        planned = [one for one in plan() if one.section == section]
        said = tuple(
            sentence
            for reading in read(section, self.case, self.words)
            for sentence in sentences(section, reading, self.words)
        )
        blocks: list[Block] = [Heading(fill(f"heading.{section}"))]
        if aim := self._aim(section):
            blocks.append(Paragraph(aim))
        if said:
            blocks.append(Bullets(said))
        for one in planned:
            blocks += figures.blocks(one)
        return [*blocks, *self._wanting([one for one in planned if one in self.case.wanting])]

    def _aim(self, section: str) -> str:
        key = f"aim.{section}"
        if section not in AIMS:
            if section != "durations":
                return self.words.fill(key)
            shown = [s for s in self.case.shown.values() if s.plan.kind == "durations"]
            key += "" if any(s.other for s in shown) or not shown else "_alone"
            return self.words.fill(key, region=region(self.case))
        measure = AIMS[section]
        finding = self.case.finding(measure) or next(iter(self.case.group_findings(measure)), None)
        if finding is None or finding.threshold is None:
            return ""
        slots = {
            "limit": percent(finding.threshold, self.language),
            "required": percent(100 - finding.threshold, self.language),
        }
        if hours := getattr(finding.version.criterion, "ordinary_hours", None):
            slots["hours"] = str(hours)
        return tidy(self.words.fill(key, **slots))

    def _wanting(self, planned: Sequence[Planned]) -> list[Block]:
        if not planned:
            return []
        names = [self.words.fill("wanting.name", number=str(one.number)) for one in planned]
        if len(planned) == 1:
            text = self.words.fill("wanting.figure", figure=capitalised(names[0]))
        else:
            text = self.words.fill("wanting.figures", figures=joined(names, self.language))
        return [Paragraph(text)]

    def overview(self) -> Table:
        """One row a goal: limit, where the municipality stands, and the judgement."""
        fill = self.words.fill
        body = []
        for measure in ("result_goal", *AIMS.values()):
            finding = self.case.finding(measure)
            if finding is None:
                finding = min(
                    self.case.group_findings(measure), key=lambda f: f.gravity, default=None
                )
            mark: Mark = "breach" if finding and finding.verdict in GRAVE else "none"
            verdict = VERDICTS[finding.verdict if finding else "not_judged"].name(self.language)
            cells = (self._limit(finding), self._months(finding), self._value(finding), verdict)
            body.append(
                Row(
                    Cell(fill(f"overview.name.{measure}"), mark),
                    tuple(Cell(text, mark) for text in cells),
                )
            )
        heads = ("goal", "limit", "months", "value", "verdict")
        marked = any(row.head.mark == "breach" for row in body)
        return Table(
            caption=fill("overview.caption"),
            columns=tuple(Column(width, "left") for width in (3.1, 1.6, 2.2, 2.4, 3.6)),
            header=(tuple(HeaderCell(fill(f"overview.{head}")) for head in heads),),
            rows=tuple(body),
            notes=(fill("overview.marked"),) if marked else (),
        )

    def _limit(self, finding: Finding | None) -> str:
        if finding is None:
            return ABSENT
        if finding.threshold is not None:
            return percent(finding.threshold, self.language)
        # The result goal's limit is what the framework conditions imply.
        expected = finding.months[-1].expected if finding.months else None
        return ABSENT if expected is None else percents([expected], self.language)

    def _months(self, finding: Finding | None) -> str:
        return months_short(finding.span, self.language) if finding else ABSENT

    def _value(self, finding: Finding | None) -> str:
        if finding is None or not finding.months:
            return ABSENT
        latest = finding.months[-1]
        if finding.basis == "statement":
            return self.words.fill("overview.stated")
        if finding.mean is not None:
            return self.words.fill("overview.mean", value=percents([finding.mean], self.language))
        value = latest.exact if latest.exact is not None else latest.actual
        if value is None:
            return ABSENT
        return self.words.fill("overview.latest", value=percents([value], self.language))
