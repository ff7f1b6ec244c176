"""The status note: where a municipality stands on result goal, focus goals and early effort."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tilsyn.documents.contents.letters import Placed, in_columns
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.contents.sentences import sentences
from tilsyn.documents.contents.status_note_case import Case, Shown, plan
from tilsyn.documents.contents.status_note_figures import Figures, NoteFigure
from tilsyn.documents.contents.status_note_readings import SECTIONS, read, region
from tilsyn.documents.contents.templates import Texts
from tilsyn.documents.model import Column, Document
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.sources import own_registers, source
from tilsyn.figures.table import Figure
from tilsyn.rules import Finding
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, YearMonth

AIMS = {one.section: one.measure for one in plan() if MEASURES[one.measure].event}
"""The measure of an effort that a section is about."""

GRAVE = ("flagged", "at_risk", "missed")
"""Verdicts marked in the overview."""

Share = Decimal | Fraction | float


@dataclass(frozen=True)
class Standing(Facts):
    """Where the municipality stands on a goal; what is not known is None.

    Attributes:
        grave: whether it is marked.
        limit, expected: the rule's, or what the framework conditions imply.
        months: those it is judged by.
        stated: whether it is only stated, without figures.
        mean, latest: the mean over the months, or the latest share.
    """

    measure: str
    grave: bool
    limit: Decimal | None
    expected: Share | None
    months: tuple[YearMonth, ...] | None
    stated: bool
    mean: Share | None
    latest: Share | None
    verdict: str


@dataclass(frozen=True)
class Section(Facts):
    """A section of the note.

    Attributes:
        limit, required, hours: the rule's: the share at most without the effort, at least with it, and
            the ordinary hours that count as an offer; None where no rule says.
        sentences: what the figures say.
        wanting: the numbers of its figures that are wanting.
    """

    limit: Decimal | None
    required: Decimal | None
    hours: int | None
    sentences: tuple[str, ...]
    figures: tuple[NoteFigure, ...]
    wanting: tuple[int, ...]


@dataclass(frozen=True)
class StatusNote(Facts):
    """What a status note can tell.

    Attributes:
        region: the RAR area that durations are compared with.
        compared: whether they are.
        reservations: what is odd in the figures.
        source: where the figures are from.
    """

    name: str
    authority: str
    date: dt.date
    standings: tuple[Standing, ...]
    overview: Placed
    goal: Section
    long_conversations: Section
    long_offers: Section
    early_conversations: Section
    early_offers: Section
    durations: Section
    region: str
    compared: bool
    reservations: tuple[str, ...]
    source: str


def status_note(of: Occasion) -> Document:
    """The status note on a municipality.

    The RAR areas' durations are among its figures; it says what is odd in them.

    Raises:
        InputError: figures the note cannot do without are wanting (all of them are listed).
    """
    words, language = of.texts("status_note"), of.language
    case = Case.of(of.municipality, of.findings, of.figures)
    standings = tuple(_standing(case, m, language) for m in ("result_goal", *AIMS.values()))
    durations = [s for s in case.shown.values() if s.plan.kind == "durations"]
    parts = {number: _figures(shown) for number, shown in case.shown.items()}
    told = StatusNote(
        name=MUNICIPALITIES[of.municipality].name,
        authority=of.authority,
        date=of.facts.date,
        standings=standings,
        overview=Placed(
            in_columns(*(Column(width, "left") for width in (3.1, 1.6, 2.2, 2.4, 3.6))),
            marked=any(one.grave for one in standings),
        ),
        **{section: _section(section, case, words) for section in SECTIONS},
        region=region(case),
        compared=any(shown.other for shown in durations) or not durations,
        reservations=tuple(one.text(language) for one in of.anomalies if _about(one)),
        source=source(parts, language, own_registers(of.figures)),
    )
    facts = of.facts.model_copy(update={"addressee": of.authority})
    return of.write("status_note", told, facts=facts, signed=False, behind=behind(case))


def behind(case: Case) -> list[Figure]:
    """Every figure the note shows, once each."""
    return list({f.cell: f for shown in case.shown.values() for f in _figures(shown)}.values())


def _figures(shown: Shown) -> list[Figure]:
    return [f for grid in (shown.grid, shown.other) if grid for f in grid.figures]


def _about(anomaly: Anomaly) -> bool:
    return anomaly.kind != "reading" and anomaly.measure in {p.measure for p in plan()}


def _section(section: str, case: Case, words: Texts) -> Section:
    """What is measured, what the figures say, the figures, and those wanting."""
    planned: Sequence[int] = [one.number for one in plan() if one.section == section]
    finding = _finding(case, AIMS[section], gravest=False) if section in AIMS else None
    limit = finding.threshold if finding else None
    criterion = finding.version.criterion if finding else None
    figures = Figures(case, words)
    return Section(
        limit=limit,
        required=None if limit is None else 100 - limit,
        hours=getattr(criterion, "ordinary_hours", None) or None,
        sentences=tuple(
            sentence
            for reading in read(section, case, words)
            for sentence in sentences(section, reading, words)
        ),
        figures=tuple(figures.figure(case.shown[n]) for n in planned if n in case.shown),
        wanting=tuple(one.number for one in case.wanting if one.number in planned),
    )


def _finding(case: Case, measure: str, *, gravest: bool) -> Finding | None:
    """The finding on all groups together; where each is judged by itself, the gravest or the first."""
    if (whole := case.finding(measure)) is not None:
        return whole
    found = case.group_findings(measure)
    return min(found, key=lambda f: f.gravity, default=None) if gravest else next(iter(found), None)


def _standing(case: Case, measure: str, language: str) -> Standing:
    finding = _finding(case, measure, gravest=True)
    verdict = finding.verdict if finding else "not_judged"
    latest = finding.months[-1] if finding and finding.months else None
    value = (latest.exact if latest.exact is not None else latest.actual) if latest else None
    return Standing(
        measure=measure,
        grave=verdict in GRAVE,
        limit=finding.threshold if finding else None,
        # The result goal's limit is what the framework conditions imply.
        expected=latest.expected if latest else None,
        months=tuple(finding.span) if finding else None,
        stated=bool(finding and latest and finding.basis == "statement"),
        mean=finding.mean if finding and latest else None,
        latest=value,
        verdict=VERDICTS[verdict].name(language),
    )
