"""The charts of a call-in plan: its load against the room, and the shares without and with it."""

from __future__ import annotations

from collections.abc import Iterator

from tilsyn.documents.charts import Lines, Load, Picture, Series, draw
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.plan import Count, Plan
from tilsyn.vocabulary import MEASURES, ROWS, TOTAL
from tilsyn.vocabulary.wording import percent
from tilsyn.words import gettext, pgettext, pgettext_noop

_BY_KIND = {
    "conversations": pgettext_noop("of a chart", "Conversations a week"),
    "offers": pgettext_noop("of a chart", "Offers begun a week"),
}
MOST_SUBJECTS = 6
"""With more groups under lines than these, only the totals are drawn."""


def pictures(plan: Plan, language: str) -> Iterator[tuple[str, Picture]]:
    """The charts, each with a file name without ending: the load by kind, then the outlooks."""
    for kind, code in enumerate(KINDS):
        if chart := load(plan, kind, language):
            yield f"load-{code}", draw(chart.spec(language), language)
    for measure, group in subjects(plan) if plan.whole_months else ():
        name = measure if group == TOTAL.code else f"{measure}-{group}"
        yield (
            f"outlook-{name}",
            draw(outlook(plan, measure, group, language).spec(language), language),
        )


def load(plan: Plan, kind: int, language: str) -> Load | None:
    """What is planned and booked against the room, all units together; None where there is neither."""
    units = len(plan.capacity.unit)
    rows = slice(kind * units, (kind + 1) * units)
    booked, both, room = (a[rows].sum(axis=0) for a in (plan.load_booked, plan.load, plan.room))
    if not both.any() and not room.any():
        return None
    return Load(
        tuple(
            plan.weeks.name(week).partition("-W")[2].lstrip("0") for week in range(len(plan.weeks))
        ),
        (
            (gettext("Booked", language), tuple(map(float, booked))),
            (gettext("Planned", language), tuple(map(float, both - booked))),
        ),
        tuple(map(float, room)),
        gettext("Room", language),
        pgettext("of a chart", _BY_KIND[KINDS[kind]], language),
        gettext("week", language),
    )


def subjects(plan: Plan) -> list[tuple[str, str]]:
    """The measures and groups worth a picture: those of the lines, else every measure's total."""
    asked = [
        (line.held.target.measure, line.held.target.group) for line in plan.lines if line.held.holds
    ]
    named = list(dict.fromkeys(asked))
    if 0 < len(named) <= MOST_SUBJECTS:
        return named
    wanted = {measure for measure, _ in named} or {c.measure for c in plan.counts()}
    return [(measure, TOTAL.code) for measure in plan.projection.measures if measure in wanted]


def outlook(plan: Plan, measure: str, group: str, language: str) -> Lines:
    """The share of a measure and group month by month, without and with the plan."""
    counts = [
        c
        for c in plan.counts()
        if (c.measure, c.group) == (measure, group) and c.month in plan.whole_months
    ]
    line = next(
        (o.held.target for o in plan.lines
         if (o.held.target.measure, o.held.target.group) == (measure, group)),
        None,
    )  # fmt: skip

    def share(count: Count, unmet: int) -> float | None:
        return 100 * unmet / count.population if count.population else None

    return Lines(
        tuple(c.month for c in counts),
        (
            Series(
                gettext("Without the plan", language), tuple(share(c, c.without) for c in counts)
            ),
            Series(
                gettext("With the plan", language),
                tuple(share(c, c.planned) for c in counts),
                total=True,
            ),
        ),
        gettext(
            "{measure}, {group}: per cent without the required effort",
            language,
            measure=MEASURES[measure].name(language),
            group=ROWS[group].name(language),
        ),
        float(line.threshold) if line else None,
        gettext("The line, {threshold}", language, threshold=percent(line.threshold, language, 0))
        if line
        else "",
    )
