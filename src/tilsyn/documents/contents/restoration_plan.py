"""The restoration plan's template: the four points a plan holds at least, prefilled where figures say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from tilsyn.documents.contents import early
from tilsyn.documents.contents.decision import DecisionCase
from tilsyn.documents.contents.early import EarlyLetter, RuleWording, Subject
from tilsyn.documents.contents.kinds import NothingToWrite
from tilsyn.documents.contents.letters import Placed, in_columns
from tilsyn.documents.contents.occasion import Occasion
from tilsyn.documents.contents.sandbox import Facts
from tilsyn.documents.model import Column, Document
from tilsyn.planning.record import find_milestone
from tilsyn.rules.model import AnyMonth
from tilsyn.vocabulary import YearMonth


@dataclass(frozen=True)
class Milestone(Facts):
    """What the municipality's call-in plan lets it promise for a month, in whole per cent, if anything."""

    promised: int | None


@dataclass(frozen=True)
class Target(Subject):
    """What is not restored.

    Attributes:
        shares: the follow-up months' shares, as tables print them.
        population: the persons of the latest month, where that is known.
        most: how many of these may lack the effort.
        milestones: one for each of the next follow-up's months.
    """

    shares: tuple[str, ...]
    population: int | None
    most: int
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True)
class RestorationPlan(EarlyLetter):
    """What a plan's template can tell.

    Attributes:
        date: of the decision it belongs to.
        months, latest: the follow-up months, and the last of them.
        next_months: the next follow-up's.
        targets_table, initiatives, milestones, follow_up: the plan's tables.
    """

    date: dt.date
    plan_months: int
    reply_by: dt.date
    months: tuple[YearMonth, ...]
    latest: YearMonth
    next_months: tuple[YearMonth, ...]
    targets: tuple[Target, ...]
    targets_table: Placed
    initiatives: Placed
    milestones: Placed
    follow_up: Placed


def restoration_plan(of: Occasion) -> Document:
    """The template, about what the follow-up found not restored.

    Raises:
        InputError: facts or figures are wanting, or everything is restored.
    """
    facts, language = of.facts, of.language
    case = DecisionCase.of(of.municipality, of.findings, of.figures, facts)
    letter = case.notice.date or facts.date
    rule = RuleWording.of(of.catalogue, letter=letter, month=case.months.last)
    if not case.not_restored or rule.restoration is None:
        raise NothingToWrite("the effort is restored, so there is no plan to make")
    if case.again:
        raise NothingToWrite("a plan was demanded before, so there is no new plan to make")
    facts.demand(("reply_by", "next_follow_up"), "the restoration-plan")
    assert facts.reply_by is not None and facts.next_follow_up is not None
    ahead, targets = tuple(facts.next_follow_up), []
    for finding in case.not_restored:
        measure, grp = finding.measure, finding.grp
        cells = case.cells[measure]
        population = cells.at(grp, case.months.last).figure.population
        promised = (find_milestone(facts.milestones, measure, grp, month) for month in ahead)
        targets.append(
            Target(
                **vars(early.subject(of, rule, measure, grp)),
                shares=tuple(cells.at(grp, month).shown(language) for month in case.months),
                population=population or None,
                most=_most(rule.restoration, population or 0),
                milestones=tuple(Milestone(ceil(one.share) if one else None) for one in promised),
            )
        )
    told = RestorationPlan(
        **early.told(of, rule, case.cells),
        date=facts.date,
        plan_months=facts.plan_months,
        reply_by=facts.reply_by,
        months=tuple(case.months),
        latest=case.months.last,
        next_months=ahead,
        targets=tuple(targets),
        targets_table=Placed(
            in_columns(
                Column(4, "left"),
                *(Column(1.5, begins_block=month == case.months.first) for month in case.months),
                _block(1.9),
            )
        ),
        initiatives=Placed(in_columns(Column(2.8, "left"), *map(_block, (3.2, 1.6, 1.8)), lines=2)),
        milestones=Placed(
            in_columns(
                Column(4, "left"),
                *(_block(2) for _ in ahead),
                months=[m.short(language).replace(" ", "\N{NO-BREAK SPACE}") for m in ahead],
            )
        ),
        follow_up=Placed(in_columns(Column(3, "left"), _block(2.4), _block(4), lines=2)),
    )
    return of.write("restoration_plan", told, signed=False, behind=case.behind)


def _block(width: float) -> Column:
    return Column(width, "left", begins_block=True)


def _most(rule: AnyMonth, population: int) -> int:
    """How many of so many persons may lack the effort."""
    line = Fraction(rule.threshold) * population / 100
    return int(line) if rule.met_at_threshold else ceil(line) - 1
