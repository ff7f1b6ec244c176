"""The criterion of the early effort: every one of the latest months over the line."""

from __future__ import annotations

from tilsyn.rules.matter import Matter, Outcome, distance, standing
from tilsyn.rules.model import Consecutive


def judge(matter: Matter) -> Outcome:
    """`flagged`, `over_line`, `near_line`, `met`, or `not_judged` with its reason."""
    criterion = matter.version.criterion
    assert isinstance(criterion, Consecutive)
    months, latest = matter.months, matter.months[-1]
    if matter.stale:
        return Outcome("not_judged", "stale")

    far = distance(latest.exact, criterion.threshold)
    populations = months if criterion.smallest_population_in == "every_month" else months[-1:]
    sizes = [(m.month, m.smaller_than(criterion.smallest_population or 0)) for m in populations]
    if small := [month for month, is_small in sizes if is_small]:
        return Outcome("not_judged", "too_small", far, slots={"small_months": small})

    overs = [m.over(criterion) for m in months]
    unknown = [month for month, is_small in sizes if is_small is None]
    slots = {
        "over": sum(over is True for over in overs),
        "over_months": [m.month for m, over in zip(months, overs, strict=True) if over],
        "unknown_months": unknown,
        "missing": [m.month for m, over in zip(months, overs, strict=True) if over is None],
        "population_note": "unknown_population" if unknown else None,
    }
    if all(overs):
        if unknown:
            return Outcome("not_judged", "population_unknown", far, slots=slots)
        return Outcome("flagged", "", far, slots=slots)
    if False not in overs or overs[-1] is None:
        # Some month is unknown and could still make the difference, or now is unknown.
        return Outcome("not_judged", "months_missing", far, slots=slots)
    if overs[-1]:
        return Outcome("over_line", "", far, slots=slots)
    return Outcome(*standing(far, criterion.near_line), far, slots=slots)
