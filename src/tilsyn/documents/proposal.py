"""The facts of a notice as the judgement and the rule propose them; a human fixes them."""

from __future__ import annotations

import datetime as dt

import polars as pl

from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.facts import CourseFacts, NoticeFacts, Subject
from tilsyn.documents.production import findings_for
from tilsyn.rules import Catalogue
from tilsyn.vocabulary import MonthRange


def proposed(
    figures: pl.DataFrame,
    municipality: str,
    on: dt.date,
    catalogue: Catalogue,
    *,
    reference: str | None = None,
) -> CourseFacts:
    """The facts of a notice: what it is about, and the follow-up its rule proposes, if any.

    Args:
        figures: a figure table as it was known, one vintage a cell.
        municipality: its code.
        on: the day of the judgement, and the letter's date.
        catalogue: the rules at hand.
        reference: the case's reference number.

    Raises:
        NothingToWrite: the municipality is not flagged.
        NoRuleError: the rule has no version on that day.
    """
    bare = CourseFacts(date=on, reference=reference)
    found = findings_for(
        KINDS["notice"], figures, municipality=municipality, on=on, facts=bare, catalogue=catalogue
    )
    flagged = [finding for finding in found if finding.verdict == "flagged"]
    follow_up = flagged[0].version.follow_up
    return CourseFacts(
        date=on,
        reference=reference,
        **(follow_up.proposed(on) if follow_up else {}),
        notice=NoticeFacts(
            months=MonthRange(flagged[0].span[0], flagged[0].span[-1]),
            subjects=tuple(Subject(measure=f.measure, group=f.grp) for f in flagged),
        ),
    )
