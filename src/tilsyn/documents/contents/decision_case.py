"""What a decision is about: the follow-up's findings, what they settle, and their figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tilsyn.documents.facts import CourseFacts, NoticeFacts
from tilsyn.errors import InputError
from tilsyn.figures.grid import Grid, by_month, of_municipality
from tilsyn.rules import Finding
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, MonthRange, YearMonth


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
                f"{where}: it cannot be decided yet, because these figures are wanting: {wanting}"
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
    def outcome(self) -> str:
        """Which variant it calls for: "not_restored", "restored", or "mixed"."""
        if self.restored and self.not_restored:
            return "mixed"
        return "not_restored" if self.not_restored else "restored"

    def breaching(self, measure: str) -> list[str]:
        """The groups of a measure whose effort is not restored."""
        return [f.grp for f in self.not_restored if f.measure == measure]


def restoring_month(finding: Finding) -> YearMonth:
    """The month that restored the effort."""
    month: YearMonth = finding.slots["restoring"][0]
    return month


def _published_order(finding: Finding) -> tuple[int, int]:
    return MEASURES.codes.index(finding.measure), ROWS.codes.index(finding.grp)
