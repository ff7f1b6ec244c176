"""The criterion of the focus goals: the mean of the monthly shares, gated by the result goal."""

from __future__ import annotations

from fractions import Fraction

from tilsyn.figures.series import MonthFigure
from tilsyn.rules.criteria import comparison
from tilsyn.rules.matter import Matter, Outcome, distance, standing
from tilsyn.rules.model import Mean, Verdict
from tilsyn.vocabulary import YearMonth


def judge(matter: Matter) -> Outcome:
    """`at_risk`, `missed`, `over_line`, `near_line`, `met`, `suspended`, or `not_judged`."""
    criterion = matter.version.criterion
    assert isinstance(criterion, Mean)
    if matter.stale:
        return Outcome("not_judged", "stale")

    counted = tuple(m for m in matter.months if criterion.counts(m.month))
    shares = [m.exact for m in counted]
    mean = None
    if shares and None not in shares:
        mean = sum((s for s in shares if s is not None), Fraction(0)) / len(shares)
    latest = matter.months[-1]
    if mean is None and latest.met is not None:
        return _stated(matter, latest)
    if matter.suspended:
        slots = {"suspended_because": matter.suspended.suspended_because}
        return Outcome("suspended", "", distance(mean, criterion.threshold), mean, slots, counted)
    if mean is None:
        missing = [m.month for m in counted if m.exact is None]
        return Outcome("not_judged", "months_missing", months=counted, slots={"missing": missing})

    far = distance(mean, criterion.threshold)
    assert far is not None
    recent = counted[-criterion.warning_months :]
    warned = all(m.over(criterion) for m in recent)
    over = {"over_months": [m.month for m in recent]}
    if criterion.over(mean):
        verdict, reason, goal = _gated(matter)
        return Outcome(verdict, reason, far, mean, {**over, "goal_month": goal}, counted)
    if warned:
        return Outcome("over_line", "", far, mean, over, counted)
    return Outcome(*standing(far, criterion.near_line), far, mean, over, counted)


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
        (month, met)
        for month in months
        if (met := comparison.met(month)) is not None
        and YearMonth.of(matter.on).since(month.month) <= criterion.gate_max_age_months
    ]
    if not recent:
        return "missed", "goal_unknown", []
    month, met = max(recent, key=lambda pair: pair[0].month)
    if met:
        return "missed", "goal_met", [month.month]
    return "at_risk", "", [month.month]
