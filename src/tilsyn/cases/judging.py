"""What the judge says of cases: findings that open one, and findings that answer a waiting step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from tilsyn.cases import knowledge
from tilsyn.cases.models import Case
from tilsyn.cases.state import State
from tilsyn.errors import NoRuleError
from tilsyn.rules import Catalogue, Finding, follow_up, judge
from tilsyn.rules.course import CourseVersion, Step
from tilsyn.rules.model import Verdict
from tilsyn.rules.verdicts import GRAVITY
from tilsyn.vocabulary import MonthRange, YearMonth

_ADVERSE: frozenset[Verdict] = frozenset({"flagged", "at_risk", "not_restored", "missed"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the figures answer a waiting step.

    Attributes:
        outcome: of the step; empty where the rule cannot say, and a human must.
        findings: one for each matter followed.
        through: the last month of data that was waited for.
    """

    outcome: str
    findings: tuple[Finding, ...]
    through: YearMonth


def opening(version: CourseVersion, findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The findings, of all the day's, that open a course of this version, by municipality."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.rule == version.opened_by.rule and finding.verdict in version.opened_by.verdicts:
            found.setdefault(finding.municipality, []).append(finding)
    return found


def matters(case: Case, state: State) -> list[tuple[str, str]]:
    """The measures and groups still followed: what was found restored is not followed again."""
    settled = {
        (record["measure"], record["group"])
        for record in state.finding or ()
        if record["verdict"] == "restored"
    }
    pairs = [(matter.measure, matter.grp) for matter in case.matters.all()]
    return [pair for pair in pairs if pair not in settled]


def settled(case: Case, state: State) -> str:
    """The outcome of the step decided by a rule that led straight to the step at hand; empty where none did."""
    ended = [
        (state.done[step.name], state.outcomes[step.name])
        for step in case.version_data.step
        if step.judged_by
        and step.name in state.outcomes
        and step.leads_to(state.outcomes[step.name]) == state.step
    ]
    return max(ended)[1] if ended else ""


def awaited(step: Step, state: State) -> YearMonth | None:
    """The last month a step waits for; None where it waits for no month (or not for a known one)."""
    if step.awaits == "follow_up_months":
        months = (state.facts or {}).get(step.months)
        return MonthRange.parse(months).last if months else None
    if step.awaits == "half_year":
        newest = _newest_judged(state)
        if newest is None:
            return None
        # Where it is counted from a letter, the half-year is the one that runs when it has been sent.
        letter = state.done.get(step.due.after) if step.due else None
        return _half_year_end(max(newest, YearMonth.of(letter)) + 1 if letter else newest + 1)
    if step.awaits == "calendar_year" and state.due_on:
        return YearMonth(state.due_on.year - 1, 12)
    return None


def has_come(case: Case, state: State, through: YearMonth, known: pl.DataFrame) -> bool:
    """Whether every matter followed has figures for that month, shown or hidden."""
    there = known.filter(
        (pl.col("area") == case.area)
        & (pl.col("month") == through.first)
        & (pl.col("status") != "not_available")
        & (pl.col("visitation") == "")
        & (pl.col("category") == "")
    )
    have = set(there.select("measure", "grp").iter_rows())
    return all(pair in have for pair in matters(case, state))


def answer(
    case: Case,
    state: State,
    step: Step,
    through: YearMonth,
    known: pl.DataFrame,
    *,
    on: dt.date,
    catalogue: Catalogue,
) -> Answer | None:
    """What the figures answer a step that a rule decides; None where the rule is no longer in force."""
    if step.judged_by is None:
        return None
    followed = matters(case, state)
    try:
        findings = (
            _followed_up(case, state, step, followed, known, on, catalogue)
            if step.awaits == "follow_up_months"
            else _judged(case, step, followed, through, known, on, catalogue)
        )
    except NoRuleError:
        return None
    known_outcomes = {outcome.name for outcome in step.outcome}
    outcome = _gravest(findings)
    return Answer(outcome if outcome in known_outcomes else "", tuple(findings), through)


def _followed_up(
    case: Case,
    state: State,
    step: Step,
    followed: Sequence[tuple[str, str]],
    known: pl.DataFrame,
    on: dt.date,
    catalogue: Catalogue,
) -> list[Finding]:
    months = MonthRange.parse((state.facts or {})[step.months])
    return [
        follow_up(
            known,
            on=on,
            letter=state.done.get("notice", case.opened_on),
            catalogue=catalogue,
            municipality=case.area,
            measure=measure,
            grp=grp,
            months=months,
            rule=step.judged_by or "",
            set_aside=knowledge.set_aside,
        )
        for measure, grp in followed
    ]


def _judged(
    case: Case,
    step: Step,
    followed: Sequence[tuple[str, str]],
    through: YearMonth,
    known: pl.DataFrame,
    on: dt.date,
    catalogue: Catalogue,
) -> list[Finding]:
    version = catalogue.version(step.judged_by or "", on)
    # The assessment looks at the months asked for, also when later ones are known already.
    up_to = known.filter(
        ~pl.col("measure").is_in(list(version.measures)) | (pl.col("month") <= through.first)
    )
    findings = judge(
        up_to,
        on=on,
        catalogue=catalogue,
        rule=step.judged_by,
        municipality=case.area,
        set_aside=knowledge.set_aside,
    )
    return [finding for finding in findings if (finding.measure, finding.grp) in followed]


def _gravest(findings: Sequence[Finding]) -> str:
    """The verdict for all together; empty where what is not judged could change it."""
    if not findings:
        return ""
    verdict = min((finding.verdict for finding in findings), key=GRAVITY.index)
    unknown = any(finding.verdict == "not_judged" for finding in findings)
    return "" if unknown and verdict not in _ADVERSE else verdict


def _newest_judged(state: State) -> YearMonth | None:
    months = [m["month"] for record in state.finding or () for m in record["months"]]
    if months:
        return YearMonth.parse(max(months))
    # A course from elsewhere may rest on figures that are not here; its letter says which.
    notice = (state.facts or {}).get("notice")
    return MonthRange.parse(notice["months"]).last if notice else None


def _half_year_end(month: YearMonth) -> YearMonth:
    return YearMonth(month.year, 6 if month.month <= 6 else 12)
