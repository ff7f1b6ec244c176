"""The criterion of restoration: one follow-up month under the line, or with too few persons, is enough."""

from __future__ import annotations

from tilsyn.rules.matter import Matter, Outcome, distance
from tilsyn.rules.model import AnyMonth


def judge(matter: Matter) -> Outcome:
    """`restored`, `not_restored`, or `not_judged` where a month that could restore is missing.

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
