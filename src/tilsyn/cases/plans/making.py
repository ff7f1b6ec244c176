"""From a wish to the files of a plan: what its page tells, and its lists in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tilsyn.cases import knowledge
from tilsyn.cases.plans import told
from tilsyn.cases.plans.wishes import Wish
from tilsyn.planning import making, record, telling, worklist
from tilsyn.planning.advice import Advice
from tilsyn.planning.capacity import KINDS
from tilsyn.planning.making import Ground
from tilsyn.planning.plan import Plan
from tilsyn.planning.tables import tables
from tilsyn.planning.whatif import Setting
from tilsyn.register.store import Store
from tilsyn.vocabulary.wording import LANGUAGES

LONGEST = 60.0
"""Seconds for each plan; one that was ended by the clock says so."""


def files(store: Store, area: str, wish: Wish) -> dict[str, bytes]:
    """The files of a plan's folder, by path within it; each language's are those of `tilsyn plan`.

    Raises:
        InputError, NoRuleError: such a plan cannot be made; says why.
    """
    own = wish.setting()
    ground = making.read(store, area, wish.first, wish.weeks, knowledge.catalogue())
    plan = making.make(ground, own, seconds=LONGEST)
    others = [(other, making.make(ground, other, seconds=LONGEST)) for other in wish.beside()]
    found = making.help_for(ground, own, plan, seconds=LONGEST) if plan.over else None
    page = _told(ground, own, plan, found, others)
    values = record.record(
        plan, municipality=area, setting=own, content=store.content, found=found, others=others
    )
    persons = ground.situation.persons.to_pylist()
    made = {told.FILE: page.model_dump_json().encode()}
    for language in LANGUAGES:
        lists = tables(plan, persons, language) | {record.FILE: record.to_toml(values).encode()}
        made |= {f"{language}/{name}": data for name, data in lists.items()}
    return made


def _told(
    ground: Ground,
    setting: Setting,
    plan: Plan,
    found: Advice | None,
    others: list[tuple[Setting, Plan]],
) -> told.Told:
    """What a plan tells.

    Args:
        found: what would help, where a line is not held.
        others: the plans beside it.
    """
    return told.Told(
        first=plan.weeks.first,
        last=plan.weeks.last,
        persons=ground.persons,
        figures=record.figures(plan),
        lines=tuple(map(record.line, plan.lines)),
        load=tuple(_load(plan)),
        forecast=tuple(
            told.Forecast.model_validate(
                {name: getattr(c, name) for name in told.Forecast.model_fields}
                | {"month": str(c.month)}
            )
            for c in plan.counts()
            if c.month in plan.whole_months
        ),
        due=tuple(_due(worklist.duties(plan, ground.situation.persons.to_pylist()))),
        teams=tuple(sorted({plan.people.team[one] for one in plan.calls.person.tolist()})),
        enough=found.percent if found else None,
        remarks={of: tuple(telling.overbooked(plan, of)) for of in LANGUAGES},
        advice={
            of: tuple(telling.advised(plan, setting, found, of)) if found else ()
            for of in LANGUAGES
        },
        beside=tuple(
            told.Beside(name=other.name, figures=record.figures(made)) for other, made in others
        ),
    )


def _load(plan: Plan) -> Iterator[told.Load]:
    units, both, booked = plan.capacity.unit, plan.load, plan.load_booked
    yield from (
        told.Load(
            unit=unit.name,
            kind=code,
            week=plan.weeks.name(week),
            monday=plan.weeks.mondays[week],
            room=int(plan.room[lane, week]),
            planned=int(both[lane, week] - booked[lane, week]),
            booked=int(booked[lane, week]),
        )
        for kind, code in enumerate(KINDS)
        for place, unit in enumerate(units)
        for lane in [kind * len(units) + place]
        for week in range(len(plan.weeks))
    )


def _due(duties: Sequence[worklist.Due]) -> Iterator[told.Due]:
    """The duty list added up."""
    everybody = Counter((due.measure, due.state) for due in duties)
    outside = Counter((due.measure, due.state) for due in duties if not due.on_goal_list)
    for (measure, state), persons in sorted(everybody.items()):
        yield told.Due(
            measure=measure, state=state, persons=persons, outside=outside[measure, state]
        )
