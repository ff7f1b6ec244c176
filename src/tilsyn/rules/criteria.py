"""The criteria a rule may hold figures against; each turns a matter into an outcome."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tilsyn.figures.series import MonthFigure
from tilsyn.rules.finding import Matter, Outcome, distance, standing
from tilsyn.rules.model import AnyMonth, Comparison, Consecutive, Mean, Verdict
from tilsyn.vocabulary import YearMonth


def goal_met(month: MonthFigure) -> bool | None:
    """Whether the goal is met (actual at most expected), by figures or statement; None unknown."""
    if month.actual is not None and month.expected is not None:
        return month.actual <= month.expected
    return month.met


def comparison(matter: Matter) -> Outcome:
    """The criterion of the result goal: the actual share against the expected one.

    Gives `missed`, `near_line`, `met`, or `not_judged` with its reason.
    """
    criterion = matter.version.criterion
    assert isinstance(criterion, Comparison)
    latest = matter.months[-1]
    # The goal is known twice a year and stays the latest known for a year.
    if matter.stale:
        return Outcome("not_judged", "stale")
    if latest.actual is not None and latest.expected is not None:
        far = latest.actual - latest.expected
        verdict: Verdict = "missed" if far > 0 else "met"
        if 0 >= far >= -Fraction(criterion.near_line):
            verdict = "near_line"
        return Outcome(verdict, "", far)
    if latest.met is None:
        return Outcome("not_judged", "months_missing", slots={"missing": [latest.month]})
    return Outcome("met" if latest.met else "missed", "stated", basis="statement")


def consecutive(matter: Matter) -> Outcome:
    """The criterion of the early effort: every one of the latest months over the line, or their sum.

    Gives `flagged` or `missed` (as the rule calls a breach), `over_line`, `near_line`, `met`, or
    `not_judged` with its reason.
    """
    criterion = matter.version.criterion
    assert isinstance(criterion, Consecutive)
    months = matter.months
    if matter.stale:
        return Outcome("not_judged", "stale")
    if criterion.summed:
        if matter.span.first < (begins := YearMonth.of(matter.version.valid_from)):
            first = begins + (-(begins.month - 1) % criterion.months)
            over = {"period_end": [first + (criterion.months - 1)]}
            return Outcome("not_judged", "not_over", slots=over)
        months = (matter.series.summed(matter.span),)
    latest = months[-1]
    far = distance(latest.share_of(criterion.share_of), criterion.threshold)
    populations = months if criterion.smallest_population_in == "every_month" else months[-1:]
    sizes = [(m.month, m.smaller_than(criterion.smallest_population or 0)) for m in populations]
    if small := [month for month, is_small in sizes if is_small]:
        return Outcome("not_judged", "too_small", far, slots={"small_months": small})

    overs = [_breached(m, criterion) for m in months]
    unknown = [month for month, is_small in sizes if is_small is None]
    missing = [m.month for m, over in zip(months, overs, strict=True) if over is None]
    if criterion.summed and missing:
        missing = [m.month for m in matter.months if m.unmet is None or m.population is None]
    slots = {
        "over": sum(over is True for over in overs),
        "over_months": [m.month for m, over in zip(months, overs, strict=True) if over],
        "unknown_months": unknown,
        "missing": missing,
        "population_note": "unknown_population" if unknown else None,
        "judged": latest,
    }
    if all(overs):
        if unknown:
            return Outcome("not_judged", "population_unknown", far, slots=slots)
        return Outcome(criterion.breach, _why(latest, criterion), far, slots=slots)
    if False not in overs or overs[-1] is None:
        # Some month is unknown and could still make the difference, or now is unknown.
        return Outcome("not_judged", "months_missing", far, slots=slots)
    if overs[-1]:
        return Outcome("over_line", _why(latest, criterion), far, slots=slots)
    verdict, reason = standing(far, criterion.near_line)
    if criterion.missed_at_most is not None:
        reason = "decided"
    return Outcome(verdict, reason, far, slots=slots)


def _breached(month: MonthFigure, criterion: Consecutive) -> bool | None:
    """Whether a month, or a summed period, breaches: its share, or those who missed the effort."""
    over = month.over(criterion, criterion.share_of)
    if criterion.missed_at_most is None:
        return over
    few = None if month.missed is None else month.missed <= criterion.missed_at_most
    if over or few is False:
        return True
    return None if over is None or few is None else False


def _why(month: MonthFigure, criterion: Consecutive) -> str:
    """Which of the two a breach is, where persons who missed the effort are asked about too."""
    if criterion.missed_at_most is None:
        return ""
    return "exempted" if month.over(criterion, criterion.share_of) else "persons"


def mean(matter: Matter) -> Outcome:
    """The criterion of the focus goals: the mean of the monthly shares, gated by the result goal.

    Gives `at_risk`, `missed`, `over_line`, `near_line`, `met`, `suspended`, or `not_judged`.
    """
    criterion = matter.version.criterion
    assert isinstance(criterion, Mean)
    if matter.stale:
        return Outcome("not_judged", "stale")

    counted = tuple(m for m in matter.months if criterion.counts(m.month))
    shares = [m.exact for m in counted]
    average = None
    if shares and None not in shares:
        average = sum((s for s in shares if s is not None), Fraction(0)) / len(shares)
    latest = matter.months[-1]
    if average is None and latest.met is not None:
        return _stated(matter, latest)
    if matter.suspended:
        slots = {"suspended_because": matter.suspended.suspended_because}
        return Outcome(
            "suspended", "", distance(average, criterion.threshold), average, slots, counted
        )
    if average is None:
        missing = [m.month for m in counted if m.exact is None]
        return Outcome("not_judged", "months_missing", months=counted, slots={"missing": missing})

    far = distance(average, criterion.threshold)
    assert far is not None
    recent = counted[-criterion.warning_months :]
    warned = all(m.over(criterion) for m in recent)
    over = {"over_months": [m.month for m in recent]}
    if criterion.over(average):
        verdict, reason, goal = _gated(matter)
        return Outcome(verdict, reason, far, average, {**over, "goal_month": goal}, counted)
    if warned:
        return Outcome("over_line", "", far, average, over, counted)
    return Outcome(*standing(far, criterion.near_line), far, average, over, counted)


def _stated(matter: Matter, latest: MonthFigure) -> Outcome:
    """The outcome where only a statement says whether the goal was met."""
    if matter.suspended:
        slots = {"suspended_because": matter.suspended.suspended_because}
        return Outcome("suspended", "stated", None, None, slots, (latest,), "statement")
    if latest.met:
        return Outcome("met", "stated", months=(latest,), basis="statement")
    verdict, reason, goal = _gated(matter)
    reason = "_".join(filter(None, ("stated", reason)))
    return Outcome(verdict, reason, months=(latest,), slots={"goal_month": goal}, basis="statement")


def _gated(matter: Matter) -> tuple[Verdict, str, list[YearMonth]]:
    """What a missed goal leads to, by the latest result goal known that is not too old."""
    criterion = matter.version.criterion
    assert isinstance(criterion, Mean)
    if criterion.gate is None:
        return "missed", "", []
    months = matter.gate.months.values() if matter.gate else ()
    recent = [
        (month, reached)
        for month in months
        if (reached := goal_met(month)) is not None
        and YearMonth.of(matter.on).since(month.month) <= criterion.gate_max_age_months
    ]
    if not recent:
        return "missed", "goal_unknown", []
    month, reached = max(recent, key=lambda pair: pair[0].month)
    if reached:
        return "missed", "goal_met", [month.month]
    return "at_risk", "", [month.month]


def any_month(matter: Matter) -> Outcome:
    """The criterion of restoration: one follow-up month under the line, or with too few persons, is enough.

    Gives `restored`, `not_restored`, or `not_judged` where a month that could restore is missing.

    A population that is not printed is taken as large enough: the notice established it.
    """
    criterion = matter.version.criterion
    assert isinstance(criterion, AnyMonth)
    months = matter.months
    smallest = criterion.smallest_population or 0
    assumed = [m.month for m in months if m.smaller_than(smallest) is None]
    slots = {"population_note": "assumed" if assumed else None, "unknown_months": assumed}
    overs = [m.over(criterion) for m in months]
    far = distance(months[-1].exact, criterion.threshold)
    for month, over in zip(months, overs, strict=True):
        if month.smaller_than(smallest):
            restoring = {**slots, "restoring": [month.month], "small_months": [month.month]}
            return Outcome("restored", "too_small", far, slots=restoring)
        if over is False:
            far = distance(month.exact, criterion.threshold)
            return Outcome("restored", "", far, slots={**slots, "restoring": [month.month]})
    if None in overs:
        missing = [m.month for m, over in zip(months, overs, strict=True) if over is None]
        return Outcome("not_judged", "months_missing", far, slots={**slots, "missing": missing})
    return Outcome("not_restored", "", far, slots=slots)


JUDGED: dict[str, Callable[[Matter], Outcome]] = {
    "consecutive": consecutive,
    "mean": mean,
    "comparison": comparison,
}
"""Criteria that judge a municipality's latest figures; `any_month` answers a follow-up instead."""
