"""The charts of a call-in plan: its load against the room, and the shares without and with it."""

from __future__ import annotations

from collections.abc import Iterator

from tilsyn.documents.charts import Lines, Load, Picture, Series, draw
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.record import PlanRecord
from tilsyn.vocabulary import MEASURES, ROWS, TOTAL, YearMonth
from tilsyn.vocabulary.wording import percent

WORDS = {
    "da": {
        "conversations": "Samtaler pr. uge",
        "offers": "Tilbud, der begynder, pr. uge",
        "planned": "Planlagt",
        "booked": "Aftalt",
        "room": "Plads",
        "week": "uge",
        "without": "Uden planen",
        "with": "Med planen",
        "line": "Grænsen, {threshold}",
        "unit": "{measure}, {group}: procent uden den krævede indsats",
    },
    "en": {
        "conversations": "Conversations a week",
        "offers": "Offers begun a week",
        "planned": "Planned",
        "booked": "Booked",
        "room": "Room",
        "week": "week",
        "without": "Without the plan",
        "with": "With the plan",
        "line": "The line, {threshold}",
        "unit": "{measure}, {group}: per cent without the required effort",
    },
}
MOST_SUBJECTS = 6
"""With more groups under lines than these, only the totals are drawn."""


def pictures(plan: PlanRecord, language: str) -> Iterator[tuple[str, Picture]]:
    """The charts, each with a file name without ending: the load by kind, then the outlooks."""
    for kind in KINDS:
        if chart := load(plan, kind, language):
            yield f"load-{kind}", draw(chart.spec(language), language)
    for measure, group in subjects(plan) if plan.forecast else ():
        name = measure if group == TOTAL.code else f"{measure}-{group}"
        yield (
            f"outlook-{name}",
            draw(outlook(plan, measure, group, language).spec(language), language),
        )


def load(plan: PlanRecord, kind: str, language: str) -> Load | None:
    """What is planned and booked against the room, all units together; None where there is neither."""
    rows = [row for row in plan.load if row.kind == kind]
    if not any(row.room or row.planned or row.booked for row in rows):
        return None
    weeks = list(dict.fromkeys(row.week for row in rows))

    def by_week(part: str) -> tuple[float, ...]:
        return tuple(float(sum(getattr(r, part) for r in rows if r.week == w)) for w in weeks)

    told = WORDS[language]
    return Load(
        tuple(week.partition("-W")[2].lstrip("0") for week in weeks),
        ((told["booked"], by_week("booked")), (told["planned"], by_week("planned"))),
        by_week("room"),
        told["room"],
        told[kind],
        told["week"],
    )


def subjects(plan: PlanRecord) -> list[tuple[str, str]]:
    """The measures and groups worth a picture: those of the lines, else every measure's total."""
    named = list(dict.fromkeys((line.measure, line.group) for line in plan.lines if line.holds))
    if 0 < len(named) <= MOST_SUBJECTS:
        return named
    wanted = {measure for measure, _ in named} or {c.measure for c in plan.counts}
    return [(measure, TOTAL.code) for measure in MEASURES.codes if measure in wanted]


def outlook(plan: PlanRecord, measure: str, group: str, language: str) -> Lines:
    """The share of a measure and group month by month, without and with the plan."""
    told = WORDS[language]
    counts = [c for c in plan.forecast if (c.measure, c.group) == (measure, group)]
    lines = (one for one in plan.lines if (one.measure, one.group) == (measure, group))
    threshold = next((line.threshold for line in lines), None)
    return Lines(
        tuple(YearMonth.parse(c.month) for c in counts),
        (
            Series(told["without"], tuple(c.share(c.without) for c in counts)),
            Series(told["with"], tuple(c.share(c.planned) for c in counts), total=True),
        ),
        told["unit"].format(
            measure=MEASURES[measure].name(language), group=ROWS[group].name(language)
        ),
        threshold,
        "" if threshold is None else told["line"].format(threshold=percent(threshold, language, 0)),
    )
