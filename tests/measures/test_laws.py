"""Laws that hold of every register, shown on the reference; the engines are held to it cell by cell."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.measures.reference import (
    COUNTING_CONVERSATIONS,
    DAY,
    GROUPS,
    SPLIT,
    Conversation,
    Register,
    counts,
    figures,
    index,
    judged,
    last_day,
    month_of,
)
from tests.measures.registers import Scene, examples, scenes
from tilsyn.vocabulary import MUNICIPALITIES

Table = dict[tuple, tuple[Fraction | None, str]]


def shown(scene: Scene) -> Table:
    return figures(judged(scene.register, scene.first, scene.last, scene.known_on))


def summed(table: Table, onto: Callable[..., tuple | None]) -> Counter:
    """The counts added up under another cell; those `onto` gives no cell are left out."""
    sums: Counter = Counter()
    for cell, (value, _) in table.items():
        target = onto(*cell)
        if target is not None and value is not None and not cell[1].endswith("share"):
            sums[target] += value
    return +sums


def kept(table: Table, keep: Callable[..., bool]) -> Counter:
    return summed(table, lambda *cell: cell if keep(*cell) else None)


@examples(25)
@given(scenes())
def test_the_total_is_the_sum_of_the_groups(scene):
    table = shown(scene)

    def onto_total(measure, statistic, kind, area, grp, *rest):
        return (measure, statistic, kind, area, "total", *rest) if grp in GROUPS else None

    assert summed(table, onto_total) == kept(table, lambda *cell: cell[4] == "total")


@examples(25)
@given(scenes())
def test_a_group_with_visitation_categories_is_the_sum_of_its_split(scene):
    table = shown(scene)

    def onto_group(measure, statistic, kind, area, grp, visitation, *rest):
        return (measure, statistic, kind, area, grp, "", *rest) if visitation else None

    whole = kept(table, lambda *cell: not cell[5])
    for cell, value in summed(table, onto_group).items():
        assert value == whole[cell] if cell[4] in SPLIT else value <= whole[cell]
    split = {cell[:5] for cell in table if cell[5]}
    assert all(cell[:5] in split for cell in whole if cell[4] in SPLIT)


@examples(25)
@given(scenes())
def test_an_area_is_the_sum_of_its_municipalities(scene):
    table = shown(scene)
    for kind in ("rar", "amk", "region", "country"):

        def onto_area(measure, statistic, of, area, *rest, kind=kind):
            if of != "municipality":
                return None
            return measure, statistic, kind, MUNICIPALITIES[area].area(kind), *rest

        assert summed(table, onto_area) == kept(table, lambda *cell, kind=kind: cell[2] == kind)


@examples(25)
@given(scenes())
def test_persons_by_number_add_up_to_the_population(scene):
    table = shown(scene)

    def onto_population(measure, statistic, kind, area, grp, visitation, _, month):
        cell = measure, "population", kind, area, grp, visitation, "", month
        return cell if statistic == "persons" else None

    assert summed(table, onto_population) == kept(table, lambda *cell: cell[1] == "population")


@examples(25)
@given(scenes())
def test_nobody_is_unmet_who_is_not_counted(scene):
    table = shown(scene)
    for cell, (value, status) in table.items():
        if cell[1] == "share":
            of = {s: table[(cell[0], s, *cell[2:])][0] for s in ("population", "unmet")}
            assert 0 <= of["unmet"] <= of["population"]
            assert (status == "not_available") == (of["population"] == 0)
            assert value is None or value * of["population"] == 100 * of["unmet"]


@examples(25)
@given(scenes())
def test_a_person_is_placed_once_a_month_and_long_term_persons_are_placed(scene):
    everyone = judged(scene.register, scene.first, scene.last, scene.known_on)
    place = {"durations": set(), "conversations_12m": set(), "offers_12m": set()}
    for c in everyone:
        if c.measure in place:
            row = c.person, c.month, c.municipality, c.group, c.visitation
            assert row not in place[c.measure]
            place[c.measure].add(row)
    assert len({row[:2] for row in place["durations"]}) == len(place["durations"])
    assert place["conversations_12m"] | place["offers_12m"] <= place["durations"]


@examples(25)
@given(scenes(), st.randoms())
def test_the_order_of_rows_changes_nothing(scene, chance):
    def shuffled(rows: tuple, chance: random.Random) -> tuple:
        return tuple(chance.sample(rows, len(rows)))

    register = scene.register
    mixed = Register(
        shuffled(register.spells, chance),
        shuffled(register.conversations, chance),
        shuffled(register.offers, chance),
        shuffled(register.hours, chance),
        shuffled(register.exemptions, chance),
        shuffled(register.duties, chance),
    )
    assert shown(replace(scene, register=mixed)) == shown(scene)


@examples(25)
@given(scenes())
def test_persons_do_not_depend_on_each_other(scene):
    everyone = Counter(judged(scene.register, scene.first, scene.last, scene.known_on))
    alone = Counter(
        counted
        for person in scene.register.persons().values()
        for counted in judged(person, scene.first, scene.last, scene.known_on)
    )
    assert everyone == alone


@examples(25)
@given(scenes(), st.data())
def test_a_counting_conversation_more_never_raises_unmet(scene, data):
    spells = scene.register.spells
    assume(spells)
    person = data.draw(st.sampled_from(sorted({spell.person for spell in spells})))
    earliest = index(scene.first) - 12
    month = month_of(data.draw(st.integers(earliest, index(scene.last))))
    held = month + data.draw(st.integers(0, (last_day(month) - month).days)) * DAY
    kind = data.draw(st.sampled_from(sorted(COUNTING_CONVERSATIONS)))
    more = Conversation(person, held, kind)
    register = scene.register
    richer = replace(register, conversations=(*register.conversations, more))
    _, before, _ = counts(judged(register, scene.first, scene.last, scene.known_on))
    _, after, _ = counts(judged(richer, scene.first, scene.last, scene.known_on))
    assert all(after[place] <= before[place] for place in {*before, *after})


@examples(25)
@given(scenes(), st.integers(0, 14))
def test_a_months_figures_do_not_depend_on_how_far_the_run_goes(scene, further):
    def of_first(last: dt.date) -> Counter:
        everyone = judged(scene.register, scene.first, last, scene.known_on)
        return Counter(c for c in everyone if c.month == scene.first)

    assert of_first(scene.first) == of_first(month_of(index(scene.first) + further))


@examples(25)
@given(scenes())
def test_what_is_known_only_grows(scene):
    """Late registration adds conversations and offers, so nobody becomes unmet by it."""
    known = scene.known_on or last_day(scene.last)
    _, then, _ = counts(judged(scene.register, scene.first, scene.last, known))
    _, now, _ = counts(judged(scene.register, scene.first, scene.last, None))
    assert all(now[place] <= then[place] for place in {*now, *then})
