"""The judge: figures known on a day, held against the rules in force on a day, give findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.release import SetAside
from tilsyn.figures.series import Series, in_series, series
from tilsyn.rules.catalogue import Catalogue, in_force
from tilsyn.rules.criteria import JUDGED, any_month
from tilsyn.rules.finding import Finding, Matter, Outcome, SetAsideOf
from tilsyn.rules.model import AnyMonth, Rule, Version
from tilsyn.rules.sentences import words_of
from tilsyn.vocabulary import GROUPS, MEASURES, TOTAL, MonthRange, YearMonth

RECENT_MONTHS = 24
"""So many of a measure's latest months are looked at."""


def _nothing(_release: str) -> SetAside:
    return {}


def judge(
    known: pl.DataFrame,
    *,
    on: dt.date,
    catalogue: Catalogue,
    rule: str | None = None,
    municipality: str | None = None,
    set_aside: SetAsideOf = _nothing,
) -> list[Finding]:
    """Judge everything a table tells about by the rules in force.

    Args:
        known: a figure table with one vintage a cell (`figures.vintages.known_on`).
        on: the judgement's day: picks the versions and says how old figures may be.
        catalogue: the rules at hand.
        rule: only this rule; a version of it must then be in force.
        municipality: only this municipality's code.
        set_aside: tells of the releases the figures came from.

    Returns:
        Findings by municipality, rule, measure and group; the same for the same input.

    Raises:
        NoRuleError: the rule asked for, or every rule, has no version on that day.
    """
    if municipality is not None:
        known = known.filter(pl.col("area") == municipality)
    by_measure: dict[str, list[Series]] = {}
    for one in series(known, recent_months=RECENT_MONTHS):
        by_measure.setdefault(one.measure, []).append(one)
    picked = [(r, v) for r, v in _picked(catalogue, rule, on) if v.criterion.kind in JUDGED]
    findings = [
        finding
        for its_rule, version in picked
        for measure in version.measures
        for finding in _judged(
            its_rule, version, by_measure.get(measure, []), by_measure, on, set_aside
        )
    ]
    rank = {r.rule: i for i, r in enumerate(catalogue)}
    groups = {code: i for i, code in enumerate((*GROUPS.codes, TOTAL.code))}
    measures = {code: i for i, code in enumerate(MEASURES.codes)}
    return sorted(
        findings,
        key=lambda f: (f.municipality, rank[f.rule], measures[f.measure], groups.get(f.grp, 99)),
    )


def asked_about(
    catalogue: Catalogue,
    on: dt.date | None = None,
    *,
    rule: str | None = None,
    municipality: str | None = None,
) -> pl.Expr:
    """Whether a figure is one that `judge` asks about; others need not be read.

    Args:
        catalogue, on, rule, municipality: as `judge` takes them; without a day, on any.

    Raises:
        NoRuleError: as `judge`.
    """
    if on is None:
        versions = [version for one in catalogue for version in one.version]
    else:
        versions = [version for _, version in _picked(catalogue, rule, on)]
    measures = {measure for version in versions for measure in version.measures}
    gates = {getattr(version.criterion, "gate", None) for version in versions} - {None}
    wanted = in_series() & pl.col("measure").is_in(sorted(measures | gates))
    return wanted if municipality is None else wanted & (pl.col("area") == municipality)


def follow_up(
    known: pl.DataFrame,
    *,
    on: dt.date,
    letter: dt.date,
    catalogue: Catalogue,
    municipality: str,
    measure: str,
    grp: str,
    months: MonthRange,
    rule: str = "early_effort_follow_up",
    set_aside: SetAsideOf = _nothing,
) -> Finding:
    """Judge whether a group's effort is restored in the follow-up months named in a letter.

    Args:
        known: a figure table with one vintage a cell.
        on: the day of the judgement.
        letter: the day of the notice, which picks the rule version.
        catalogue: the rules at hand.
        municipality: its code.
        measure: the measure the notice was about.
        grp: the benefit group the notice was about.
        months: the follow-up months.
        rule: the follow-up rule.
        set_aside: tells of the releases the figures came from.

    Raises:
        NoRuleError: the rule has no version on the letter's day.
        InputError: the rule in force is of another kind.
    """
    its_rule = catalogue[rule]
    version = catalogue.version(rule, letter if _follows_letter(its_rule) else on)
    wanted = known.filter(
        (pl.col("area") == municipality) & (pl.col("measure") == measure) & (pl.col("grp") == grp)
    )
    found = series(wanted) or [Series(municipality, measure, grp, {})]
    matter = Matter(version, found[0], months, on)
    if not isinstance(version.criterion, AnyMonth):
        raise InputError(
            f"the rule {rule} ({version.name}) answers no notice: its criterion is "
            f"'{version.criterion.kind}', and 'any_month' is wanted"
        )
    return _finding(its_rule, matter, any_month(matter), set_aside)


def _follows_letter(rule: Rule) -> bool:
    return rule.version[-1].picked_by == "letter_date"


def _picked(catalogue: Catalogue, rule: str | None, on: dt.date) -> list[tuple[Rule, Version]]:
    if rule is not None:
        return [(catalogue[rule], catalogue.version(rule, on))]
    picked = [(r, version) for r in catalogue if (version := in_force(r, on))]
    if not picked:
        catalogue.version(next(iter(catalogue)).rule, on)
    return picked


def _judged(
    rule: Rule,
    version: Version,
    candidates: list[Series],
    by_measure: dict[str, list[Series]],
    on: dt.date,
    set_aside: SetAsideOf,
) -> Iterable[Finding]:
    per_group = getattr(version.criterion, "level", "pooled") == "group"
    newest: dict[str, YearMonth] = {}
    for one in candidates:
        newest[one.area] = max(newest.get(one.area, max(one.months)), max(one.months))
    for one in candidates:
        end = newest[one.area]
        if per_group != (one.grp in GROUPS) or (not per_group and one.grp != TOTAL.code):
            continue
        if one.grp in GROUPS and not GROUPS[one.grp].exists_in(end):
            continue
        window = MonthRange.ending(end, getattr(version.criterion, "months", 1))
        gate = _gate(version, one.area, by_measure)
        ends_in = in_force(rule, end.last)
        suspended = next((v for v in (version, ends_in) if v is not None and v.suspended), None)
        matter = Matter(version, one, window, on, gate, suspended)
        outcome = JUDGED[version.criterion.kind](matter)
        yield _finding(rule, matter, outcome, set_aside)


def _gate(
    version: Version, municipality: str, by_measure: dict[str, list[Series]]
) -> Series | None:
    gate = getattr(version.criterion, "gate", None)
    return next(
        (
            one
            for one in by_measure.get(gate or "", [])
            if one.area == municipality and one.grp == TOTAL.code
        ),
        None,
    )


def _finding(rule: Rule, matter: Matter, outcome: Outcome, set_aside: SetAsideOf) -> Finding:
    months = outcome.months if outcome.months is not None else matter.months
    releases = sorted({release for month in months for release in month.releases})
    finding = Finding(
        rule=rule.rule,
        version=matter.version,
        municipality=matter.series.area,
        measure=matter.series.measure,
        grp=matter.series.grp,
        on=matter.on,
        months=months,
        verdict=outcome.verdict,
        reason=outcome.reason,
        basis=outcome.basis or matter.basis(months),
        distance=outcome.distance,
        mean=outcome.mean,
        release=tuple(releases),
        set_aside={one: aside for one in releases if (aside := set_aside(one))},
        slots=outcome.slots,
    )
    sentence, explanation = words_of(finding, rule)
    return replace(finding, sentence=sentence, explanation=explanation)
