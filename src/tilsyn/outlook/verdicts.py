"""The verdict outlook: how likely the rule in force flags, misses or restores, by month.

What the rule's criteria say of one table (`tilsyn.rules.criteria`) is said here of a thousand
simulated ones at once; the tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np

from tilsyn.outlook.figures import ROWS, Outlook
from tilsyn.outlook.record import Chance
from tilsyn.rules import Catalogue
from tilsyn.rules.catalogue import in_force
from tilsyn.rules.model import AnyMonth, Consecutive, Mean, Rule, Version
from tilsyn.vocabulary import GROUPS, TOTAL, MonthRange, YearMonth

FOLLOW_UP = "early_effort_follow_up"


def chances(outlook: Outlook, catalogue: Catalogue) -> Iterator[Chance]:
    """The chances of every rule that judges the outlook's measures.

    The version in force on a month's last day judges its figures, though they come out later.
    """
    for rule in catalogue:
        for month in outlook.months:
            version = in_force(rule, month.last)
            if version is not None and not version.suspended:
                yield from _of_month(outlook, rule, version, month)
    yield from _restored(outlook, catalogue)


def not_foretold(
    catalogue: Catalogue, measures: Collection[str], months: Iterable[YearMonth]
) -> Iterator[Rule]:
    """The rules that will judge the coming months, but of which `chances` says nothing.

    Args:
        measures: those that are foretold.
    """
    last_days = [month.last for month in months]
    for rule in catalogue:
        versions = (in_force(rule, day) for day in last_days)
        judging = [v for v in versions if v and not v.suspended and v.measures]
        if any(not _simulated(v) or not {*v.measures} & {*measures} for v in judging if _counts(v)):
            yield rule


def _counts(version: Version) -> bool:
    return isinstance(version.criterion, Consecutive | Mean)


def _simulated(version: Version) -> bool:
    """Whether what a rule asks about is simulated."""
    criterion = version.criterion
    if isinstance(criterion, Consecutive):
        return criterion.by_unmet_alone
    return isinstance(criterion, Mean)


def _of_month(outlook: Outlook, rule: Rule, version: Version, month: YearMonth) -> Iterator[Chance]:
    criterion = version.criterion
    if not _simulated(version) or not isinstance(criterion, Consecutive | Mean):
        return
    pooled = isinstance(criterion, Mean) or criterion.level == "pooled"
    span = MonthRange.ending(month, criterion.months)
    for measure in version.measures:
        for g, group in enumerate(ROWS):
            if (group == TOTAL.code) != pooled or not _exists(group, month):
                continue
            drawn = _drawn(outlook, measure, g, span)
            if drawn is None or not drawn[0].any():
                continue
            if isinstance(criterion, Consecutive):
                verdict, hit = "flagged", flagged(criterion, *drawn)
            else:
                counted = [criterion.counts(m) for m in span]
                verdict, hit = "missed", missed(criterion, *(d[:, counted] for d in drawn))
            yield _chance(rule.rule, version, measure, group, month, verdict, hit)


def _restored(outlook: Outlook, catalogue: Catalogue) -> Iterator[Chance]:
    """What a notice sent now would come to, where the rule in force names follow-up months."""
    if FOLLOW_UP not in catalogue:
        return
    follow_up = in_force(catalogue[FOLLOW_UP], outlook.on)
    if follow_up is None or not isinstance(follow_up.criterion, AnyMonth):
        return
    for rule in catalogue:
        version = in_force(rule, outlook.on)
        if version is None or version.follow_up is None:
            continue
        span = version.follow_up.months_after(outlook.on)
        for measure in follow_up.measures:
            for g, group in enumerate(ROWS[1:], 1):
                drawn = _drawn(outlook, measure, g, span)
                if drawn is None or not drawn[0].any():
                    continue
                hit = restored(follow_up.criterion, *drawn)
                yield _chance(FOLLOW_UP, follow_up, measure, group, span.last, "restored", hit)


def _chance(
    rule: str, version: Version, measure: str, group: str, month: YearMonth, verdict: str, hit: Any
) -> Chance:
    return Chance(
        rule=rule,
        version=version.name,
        measure=measure,
        group=group,
        month=str(month),
        verdict=verdict,
        probability=round(float(hit.mean()), 3),
    )


def _exists(group: str, month: YearMonth) -> bool:
    return group not in GROUPS or GROUPS[group].exists_in(month)


def _drawn(outlook: Outlook, measure: str, g: int, span: MonthRange) -> tuple[Any, Any] | None:
    """Population and unmet, simulation x month; None where a month of the span is not there."""
    if measure not in outlook.measures:
        return None
    k = outlook.measures.index(measure)
    expected, past = outlook.expected[k], outlook.past[k, g]
    simulations = len(expected.population)
    first = outlook.months[0] - past.shape[0]
    begin, end = span.first.since(first), span.last.since(first) + 1
    if begin < 0 or end > past.shape[0] + len(outlook.months):
        return None
    both = []
    for statistic, coming in enumerate((expected.population, expected.unmet)):
        known = np.broadcast_to(past[:, statistic], (simulations, past.shape[0]))
        both.append(np.concatenate([known, coming[:, g]], axis=1)[:, begin:end].astype(np.int64))
    return both[0], both[1]


def flagged(criterion: Consecutive, population: Any, unmet: Any) -> Any:
    """Whether each table is flagged.

    Args:
        criterion: of the early effort.
        population, unmet: table x month of the criterion, whole persons.
    """
    looked_at = (
        population if criterion.smallest_population_in == "every_month" else population[:, -1:]
    )
    large = (looked_at >= (criterion.smallest_population or 0)).all(axis=1)
    return criterion.over_counts(unmet, population).all(axis=1) & large


def restored(criterion: AnyMonth, population: Any, unmet: Any) -> Any:
    """Whether each table restores: one month under the line, or with too few persons."""
    small = population < (criterion.smallest_population or 0)
    under = (population > 0) & ~criterion.over_counts(unmet, population)
    return (small | under).any(axis=1)


def missed(criterion: Mean, population: Any, unmet: Any) -> Any:
    """Whether each table misses: the mean of its months' shares is over the line.

    Args:
        criterion: of a focus goal.
        population, unmet: table x month that counts; a month of nobody leaves it open.
    """
    known = (population > 0).all(axis=1)
    shares = 100.0 * unmet / np.maximum(population, 1)
    return known & criterion.over_means(shares.mean(axis=1))
