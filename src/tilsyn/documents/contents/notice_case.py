"""What a notice is about: the flagged findings, checked against the facts, and their figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from tilsyn.documents.facts import CourseFacts
from tilsyn.errors import InputError
from tilsyn.figures.grid import Grid, by_month, of_municipality
from tilsyn.rules import Finding
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, MonthRange


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
                f"{where}: the notice cannot be written, because these figures are wanting: "
                + "; ".join(wanting)
            )
        return cls(groups, months, cells, threshold, smallest, persistence)


def _as_stated(facts: CourseFacts, pairs: set[tuple[str, str]], months: MonthRange) -> None:
    """Check that the facts, where they say what the notice is about, say what was found."""
    if facts.notice is None:
        return
    if facts.notice.months != months:
        raise InputError(
            f"the facts say the months {facts.notice.months}, the findings rest on {months}; "
            "correct notice.months or judge again"
        )
    stated = {(s.measure, s.group) for s in facts.notice.subjects}
    if stated != pairs:
        only_facts = ", ".join(f"{g} ({m})" for m, g in sorted(stated - pairs)) or "none"
        only_found = ", ".join(f"{g} ({m})" for m, g in sorted(pairs - stated)) or "none"
        raise InputError(
            "the facts and the findings differ in what the notice is about: only in the facts: "
            f"{only_facts}; only found: {only_found}; correct notice.subjects"
        )
