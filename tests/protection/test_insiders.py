"""What a municipality can compute of others with its own exact figures, by looking at every table there is."""

from dataclasses import replace
from itertools import product

import polars as pl
import pytest
from bench.country import country
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.protection.small import GROUPS, LATER, figure
from tilsyn.errors import InputError
from tilsyn.figures.table import CELL, table
from tilsyn.protection import audit, known_by_neighbours, protected
from tilsyn.protection.insiders import knower
from tilsyn.vocabulary import MUNICIPALITIES

PLACES = tuple(one.code for one in MUNICIPALITIES if one.rar == "vestjylland")
"""The eight municipalities of one council area."""
ROWS = (*GROUPS[:2], "total")
HIGHEST = 6

small_area = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=3)
"""Persons of two groups in a few of the municipalities; the others have nobody."""


def printed(numbers):
    """The populations of an area's municipalities by group, and of the area."""
    numbers = [*numbers, *[(0, 0)] * (len(PLACES) - len(numbers))]
    told = {"provenance": "register", "month": LATER}
    found = [
        figure("population", grp, n, area=place, **told)
        for place, (one, two) in zip(PLACES, numbers, strict=True)
        for grp, n in zip(ROWS, (one, two, one + two), strict=True)
    ]
    whole = [sum(column) for column in zip(*numbers, strict=True)]
    return table(
        [
            *found,
            *(
                figure("population", grp, n, area_kind="rar", area="vestjylland", **told)
                for grp, n in zip(ROWS, (*whole, sum(whole)), strict=True)
            ),
        ]
    )


def values(frame):
    """Area and group to the number shown, None where hidden."""
    return {
        (area, grp): None if value is None else int(value)
        for area, grp, value in frame.select("area", "grp", "value").iter_rows()
    }


def possible(shown, known):
    """The least and largest number of every hidden cell over all tables an insider cannot rule out.

    Municipality by municipality; of those that give the same sums so far only extremes are kept.
    """

    def fits(key, n):
        number = known.get(key, shown[key])
        return number is None or n == number

    def rows(place):
        for one, two in product(range(HIGHEST + 1), repeat=2):
            row = dict(zip(ROWS, (one, two, one + two), strict=True))
            if all(fits((place, grp), n) for grp, n in row.items()):
                yield row

    def widen(found, more):
        for key, (least, most) in more.items():
            old = found.get(key, (least, most))
            found[key] = (min(old[0], least), max(old[1], most))

    whole = [shown["vestjylland", grp] for grp in ROWS[:2]]
    # A sum of which nothing is shown binds nobody.
    counted = [n is not None or shown["vestjylland", "total"] is not None for n in whole]
    partial = {(0, 0): {}}
    for place in PLACES:
        onward = {}
        for sums, before in partial.items():
            for row in rows(place):
                reached = tuple(
                    n + row[grp] if follows else 0
                    for n, grp, follows in zip(sums, ROWS[:2], counted, strict=True)
                )
                if any(n is not None and r > n for r, n in zip(reached, whole, strict=True)):
                    continue
                here = onward.setdefault(reached, {})
                widen(here, before)
                widen(here, {(place, grp): (n, n) for grp, n in row.items()})
        partial = onward
    found = {}
    for (one, two), extremes in partial.items():
        area = {("vestjylland", g): n for g, n in zip(ROWS, (one, two, one + two), strict=True)}
        if all(fits(key, n) for key, n in area.items() if shown[key] is not None):
            widen(found, extremes)
            widen(found, {key: (n, n) for key, n in area.items()})
    for grp, follows in zip(ROWS, (*counted, all(counted)), strict=True):
        if not follows:
            parts = [found[place, grp] for place in PLACES]
            found["vestjylland", grp] = tuple(map(sum, zip(*parts, strict=True)))
    return {key: found[key] for key, n in shown.items() if n is None}


@settings(max_examples=4, deadline=None)
@given(small_area)
def test_no_municipality_can_compute_what_is_hidden_of_another(numbers):
    exact = printed(numbers)
    true = values(exact)
    made = protected(exact)
    shown = values(made.figures)
    assert not made.hidden["known_to_neighbours"]
    # Those with persons, and one of those without.
    for place in PLACES[: len(numbers) + 1]:
        own = {key: n for key, n in true.items() if key[0] == place}
        for key, (least, most) in possible(shown, own).items():
            area, grp = key
            mine = area == place or true[key] == true[place, grp]
            # A hidden nought is no person: who knows the others may see that nobody is left.
            sensitive = true[key] > 0 and (area in PLACES or true[key] < 3)
            if sensitive and not mine:
                assert least < most, (place, key)


def learnt(public, exact):
    """The larger counts that each municipality can compute: they are not kept from it."""
    found = known_by_neighbours(public, exact, smallest=10**6)
    assert not any(one.low < 3 for one in found)
    by = {}
    for one in found:
        value = replace(one.figure, value=float(one.low), status="value")
        by.setdefault(one.by, []).append(value)
    return by


def nothing_follows(public, exact):
    """Whether no secret follows from them, for whoever learns them; and how many there are."""
    told_to = learnt(public, exact)
    for code, figures in told_to.items():
        told = table(figures)
        known = pl.concat([public.join(told, on=list(CELL), how="anti"), told])
        if known_by_neighbours(known, exact, municipalities=[code]):
            return False, 0
    return True, sum(map(len, told_to.values()))


@settings(max_examples=12, deadline=None)
@given(small_area)
@example([(4, 0), (4, 0), (3, 2)])
def test_a_larger_count_of_an_area_gives_no_secret_to_who_can_compute_it(numbers):
    exact = printed(numbers)
    assert nothing_follows(protected(exact).figures, exact)[0]


def test_what_municipalities_learn_of_their_areas_gives_no_secret_of_six(six):
    safe, _ = nothing_follows(protected(six).figures, six)
    assert safe


@pytest.fixture(scope="module")
def six():
    """Six municipalities and the areas above them, exact."""
    return country(municipalities=6)


def test_an_audit_with_ones_own_figures_finds_no_neighbour(six):
    made = protected(six).figures
    own = six.filter(pl.col("area") == "147").with_columns(pl.lit("own").alias("release"))
    for one in audit(pl.concat([made, own])):
        if one.figure.area_kind == "municipality" and one.figure.area != "147":
            assert not (one.exact and 0 < one.low < 3), one.figure.describe()


def test_whoever_stands_in_the_sum_computes_its_only_neighbour():
    exact = printed([(2, 7), (5, 8)])
    first, second = PLACES[:2]
    gone = pl.col("area").is_in([first, second]) & (pl.col("grp") == ROWS[0])
    gone |= pl.col("area").is_in([first, second]) & (pl.col("grp") == ROWS[1])
    frame = exact.with_columns(
        pl.when(gone).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(gone).then(pl.lit("suppressed")).otherwise(pl.col("status")).alias("status"),
    )
    assert not any(one.exact for one in audit(frame))
    found = known_by_neighbours(frame, exact, smallest=10**6)
    assert {(one.by, one.figure.area, one.figure.grp, one.low) for one in found} == {
        (first, second, ROWS[0], 5),
        (first, second, ROWS[1], 8),
        (second, first, ROWS[0], 2),
        (second, first, ROWS[1], 7),
    }
    assert "7 − 5 = 2" in {one.derivation["en"] for one in found}
    assert {
        one.by for one in known_by_neighbours(frame, exact, municipalities=[first], smallest=10**6)
    } == {first}


@settings(max_examples=10, deadline=None)
@given(small_area, st.sets(st.integers(0, 8), max_size=5))
def test_what_municipalities_can_compute_is_what_all_tables_there_are_say(numbers, also):
    exact = printed(numbers)
    true = values(exact)
    picked = [(place, grp) for place in PLACES[:3] for grp in ROWS]
    gone = {picked[i] for i in also} | {key for key in picked if 0 < true[key] < 3}
    key = pl.concat_str("area", "grp", separator="/")
    hidden = key.is_in(["/".join(one) for one in gone]) & (pl.col("value") > 0)
    frame = exact.with_columns(
        pl.when(hidden).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(hidden).then(pl.lit("suppressed")).otherwise(pl.col("status")).alias("status"),
    )
    shown = values(frame)
    public = {key for key, (least, most) in possible(shown, {}).items() if least == most}
    expected = set()
    for place in PLACES[:3]:
        own = {key: n for key, n in true.items() if key[0] == place}
        for key, (least, most) in possible(shown, own).items():
            if least == most and key[0] != place and key not in public:
                expected.add((place, *key))
    found = known_by_neighbours(frame, exact, smallest=10**6)
    assert {(one.by, one.figure.area, one.figure.grp) for one in found} == expected


def test_figures_that_were_not_made_from_the_exact_ones_are_refused():
    with pytest.raises(InputError, match="another number"):
        known_by_neighbours(printed([(5, 7), (5, 8)]), printed([(6, 7), (5, 8)]))


def test_a_country_of_six_gives_no_neighbour_away(six):
    assert not known_by_neighbours(protected(six).figures, six)


def test_an_area_of_one_municipality_is_known_to_it():
    assert knower("rar", "bornholm") == "400"
    assert knower("rar", "fyn") == ""
    assert knower("municipality", "183") == "183"
