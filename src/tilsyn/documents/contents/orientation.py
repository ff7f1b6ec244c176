"""The orientation: the supervision described in general, with its rules and their sources."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from tilsyn.documents.contents import early
from tilsyn.documents.contents.early import EarlyLetter, RuleWording
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.phrasing import told as in_language
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.model import Document
from tilsyn.vocabulary import MEASURES, ROWS, YearMonth


@dataclass(frozen=True)
class RuleInForce(Facts):
    """A rule and its version: what they are called, in force since when, and its sources.

    Until when is not told: a letter cannot know it.
    """

    rule: str
    version: str
    since: dt.date
    source: str


@dataclass(frozen=True)
class Orientation(EarlyLetter):
    """What an orientation can tell.

    Attributes:
        offered_to: the persons the law requires an offer for, where it is for some only.
        restore_months: how long a municipality has to restore the effort; None where a notice
            demands nothing.
        plan_months: how long a restoration plan may last.
    """

    offered_to: tuple[str, ...]
    restore_months: int | None
    plan_months: int
    rules: tuple[RuleInForce, ...]


def orientation(of: Occasion) -> Document:
    """The orientation; it holds no figures.

    Raises:
        NoRuleError: a rule has no version on the letter's date.
    """
    on, language = of.facts.date, of.language
    # What the law requires of the effort that is measured next, not of one already measured.
    rule = RuleWording.of(of.catalogue, letter=on, month=YearMonth.of(on))
    demanded = rule.rule.follow_up if rule.restoration else None
    in_force = {
        "early_effort": rule.rule,
        "early_effort_follow_up": rule.follow_up,
        "early_effort_requirement": rule.law,
    }
    versions = {code: version for code, version in in_force.items() if version is not None}
    told = Orientation(
        **early.told(of, rule, MEASURES.of_effort("early")),
        offered_to=tuple(ROWS[g].persons(language) for g in rule.requirement.offers_groups or ()),
        restore_months=demanded.restore_months if demanded else None,
        plan_months=of.facts.plan_months,
        rules=tuple(
            RuleInForce(
                in_language(of.catalogue[code].title, language),
                in_language(version.title, language),
                version.valid_from,
                # A letter cannot cite what was written after it.
                "; ".join(s.title for s in version.source if s.date is None or s.date <= on),
            )
            for code, version in versions.items()
        ),
    )
    rules = ", ".join(f"{code} {version.name}" for code, version in versions.items())
    return of.write("orientation", told, signed=False, stamp=replace(of.stamp, rule=rules))
