"""The notice of the early-effort supervision: what was found, what is demanded, what follows if not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import polars as pl

from tilsyn.documents.contents import early
from tilsyn.documents.contents.early import Deadline, EarlyLetter, Figures, RuleWording, Subject
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.facts import CourseFacts
from tilsyn.documents.model import Document
from tilsyn.errors import InputError
from tilsyn.figures.grid import Grid, by_month, of_municipality
from tilsyn.rules import Finding
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, MonthRange
from tilsyn.words import Message


@dataclass(frozen=True)
class Found(Subject):
    """What was found of a measure and a group: the share that lacked the effort, month by month."""

    shares: tuple[Decimal | Fraction | float, ...]


@dataclass(frozen=True)
class Earlier(Facts):
    """A letter already sent: what it was ("henvendelse"), and when."""

    what: str
    date: dt.date


@dataclass(frozen=True)
class Notice(EarlyLetter):
    """What a notice can tell.

    Attributes:
        events: what the measures count ("samtaler").
        months: those the findings rest on.
        threshold, persistence, smallest: the share, months and persons the findings were judged by.
    """

    events: tuple[str, ...]
    months: MonthRange
    threshold: Decimal
    persistence: int
    smallest: int | None
    subjects: tuple[Found, ...]
    tables: tuple[Figures, ...]
    earlier_letters: tuple[Earlier, ...]
    follow_up: MonthRange | None
    restore_by: Deadline | None
    reply_by: dt.date | None
    contact: str | None


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
    case, facts = NoticeCase.of(of.municipality, of.findings, of.figures, of.facts), of.facts
    rule = RuleWording.of(of.catalogue, letter=facts.date, month=case.months.last)
    if not rule.pooled:
        facts.demand(("follow_up", "restore_by"), "the notice")
    told = Notice(
        **early.told(of, rule, case.groups),
        events=tuple(MEASURES[measure].events(of.language) for measure in case.groups),
        months=case.months,
        threshold=case.threshold,
        persistence=case.persistence,
        smallest=case.smallest,
        subjects=tuple(
            Found(
                **vars(early.subject(of, rule, measure, grp)),
                shares=tuple(
                    share
                    for month in case.months
                    if (share := case.cells[measure].value(grp, month)) is not None
                ),
            )
            for measure, groups in case.groups.items()
            for grp in groups
        ),
        tables=tuple(
            early.figures(
                of, rule, cells, measure=measure, months=case.months, breaching=case.groups[measure]
            )
            for measure, cells in case.cells.items()
        ),
        earlier_letters=tuple(Earlier(one.what, one.date) for one in facts.earlier_letters),
        follow_up=facts.follow_up,
        restore_by=Deadline.of(facts.restore_by),
        reply_by=facts.reply_by,
        contact=facts.contact,
    )
    behind = (figure for cells in case.cells.values() for figure in cells.figures)
    return of.write("notice", told, behind=behind)


@dataclass(frozen=True)
class NoticeCase:
    """What is flagged, in published order, and the figures it rests on."""

    groups: dict[str, list[str]]
    months: MonthRange
    cells: dict[str, Grid]
    threshold: Decimal
    smallest: int | None
    persistence: int

    @classmethod
    def of(
        cls,
        municipality: str,
        findings: Sequence[Finding],
        figures: pl.DataFrame,
        facts: CourseFacts,
    ) -> NoticeCase:
        """The case of a municipality.

        Raises:
            InputError: nothing is flagged, the findings or the facts disagree, or figures the
                notice cannot do without are wanting (all of them are listed).
        """
        flagged = [f for f in findings if f.municipality == municipality and f.verdict == "flagged"]
        where = MUNICIPALITIES[municipality].name
        if not flagged:
            raise InputError(f"{where}: no finding is flagged, so there is no notice to write")
        spans = {tuple(m.month for m in f.months) for f in flagged}
        numbers = {(f.threshold, f.smallest_population, f.persistence) for f in flagged}
        if len(spans) > 1 or len(numbers) > 1:
            raise InputError(
                f"{where}: the flagged findings do not rest on the same months and the same rule "
                "version; judge them together and write the notice from that"
            )
        span, (threshold, smallest, persistence) = spans.pop(), numbers.pop()
        if threshold is None or not span:
            raise InputError(f"{where}: the findings have no threshold or no months")
        months = MonthRange(span[0], span[-1])
        pairs = {(f.measure, f.grp) for f in flagged}
        _as_stated(facts, pairs, months)
        groups = {
            measure: [grp for grp in ROWS.codes if (measure, grp) in pairs]
            for measure in MEASURES.codes
            if any(measure == flagged_measure for flagged_measure, _ in pairs)
        }
        cells = {
            measure: by_month(of_municipality(figures, municipality), measure).within(months)
            for measure in groups
        }
        wanting = [
            f"{ROWS[grp].da} {month} ({measure} share)"
            for measure, grps in groups.items()
            for grp in grps
            for month in months
            if cells[measure].value(grp, month) is None
        ]
        if wanting:
            raise InputError(
                Message(
                    "{place}: the {kind} cannot be written, because these figures are wanting: {figures}",
                    place=where,
                    kind="notice",
                    figures="; ".join(wanting),
                )
            )
        return cls(groups, months, cells, threshold, smallest, persistence)


def _as_stated(facts: CourseFacts, pairs: set[tuple[str, str]], months: MonthRange) -> None:
    """Check that the facts, where they say what the notice is about, say what was found."""
    if facts.notice is None:
        return
    if facts.notice.months != months:
        raise InputError(
            Message(
                "the facts say the months {stated}, the findings rest on {found}; "
                "correct notice.months or judge again",
                stated=facts.notice.months,
                found=months,
            )
        )
    stated = {(s.measure, s.group) for s in facts.notice.subjects}
    if stated != pairs:
        only_facts = ", ".join(f"{g} ({m})" for m, g in sorted(stated - pairs)) or "none"
        only_found = ", ".join(f"{g} ({m})" for m, g in sorted(pairs - stated)) or "none"
        raise InputError(
            Message(
                "the facts and the findings differ in what the notice is about: only in the facts: "
                "{stated_alone}; only found: {found_alone}; correct notice.subjects",
                stated_alone=only_facts,
                found_alone=only_found,
            )
        )
