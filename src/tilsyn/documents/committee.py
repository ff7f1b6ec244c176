"""The committee's report, from figures as its readers may see them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tilsyn.documents.contents.committee import GOALS, RESULT_GOAL, committee_report
from tilsyn.documents.letterhead import Letterhead
from tilsyn.documents.model import Document
from tilsyn.documents.production import stamp
from tilsyn.protection import Shown
from tilsyn.rules import Catalogue, judge


def committee(
    shown: Shown,
    *,
    on: dt.date,
    dated: dt.date,
    catalogue: Catalogue,
    letterhead: Letterhead,
    **given: Any,
) -> Document:
    """The report on all municipalities' focus goals.

    Args:
        shown: the figures as they were known, as its readers may see them.
        on: the day of the judgement.
        dated: the report's date.
        catalogue: the rules at hand.
        letterhead: who writes.
        given: as `committee_report`.

    Raises:
        InputError: nothing is known of the focus goals.
        NoRuleError: a rule has no version on that day.
    """
    findings = [
        finding
        for rule in (*GOALS, RESULT_GOAL)
        for finding in judge(shown.figures, on=on, catalogue=catalogue, rule=rule)
    ]
    return committee_report(
        findings=findings,
        figures=shown.figures,
        on=dated,
        letterhead=letterhead,
        stamp=stamp(findings),
        **given,
    )
