"""Hidden numbers told together say nothing that could not be computed, and the audit reads them as sums."""

import datetime as dt

import polars as pl
import pytest
from bench.country import country
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protection.small import MONTH, NUMBERS, counts, everything, figure, with_hidden
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.table import CELL, checked, is_range, table
from tilsyn.protection import (
    Audience,
    Discretion,
    Door,
    Parameters,
    audit,
    known_by_neighbours,
    protected,
)
from tilsyn.protection.coarsening import coarsened
from tilsyn.vocabulary import MEASURES, ranges

COARSE = Parameters(coarsen=True)


def numbers(figures, grp="a_dagpenge"):
    """Persons by number as shown, without what is not told."""
    row = figures.filter((pl.col("grp") == grp) & (pl.col("statistic") == "persons"))
    return {c: int(v) for c, v in row.select("category", "value").iter_rows() if v is not None}


def row_of(shown, *, measure="conversations_12m", **sums):
    """One row of persons by number, "." where None; `sums` are its population and unmet."""
    told = {"measure": measure, "provenance": "register"}
    persons = zip(MEASURES[measure].categories, shown, strict=True)
    return table(
        [
            *(figure("persons", "a_dagpenge", n, category=c, **told) for c, n in persons),
            *(figure(statistic, "a_dagpenge", n, **told) for statistic, n in sums.items()),
        ]
    )


@pytest.fixture(scope="module")
def six():
    """Six municipalities and the areas above them, exact."""
    return country(municipalities=6)


@pytest.fixture(scope="module")
def public(six):
    """The same as others see them."""
    return protected(six).figures


@pytest.mark.parametrize(
    ("shown", "sums", "ranges_told"),
    [
        ((5, None, None, 9, 8, 30), {"population": 58, "unmet": 20}, {"1-2": 6}),
        ((5, None, None, 9, None, None), {"population": 58, "unmet": 20}, {"1-2": 6, "4+": 38}),
        ((5, 4, 3, 9, None, None), {"population": 58}, {"4+": 37}),
        ((None, None, None, None, 8, 30), {"unmet": 20}, {"0-3": 20}),
        # Nobody's neighbours, no sum, everybody, a sum that is small itself.
        ((None, 5, None, 9, 8, 30), {"population": 58, "unmet": 20}, {}),
        ((5, None, None, 9, 8, 30), {"population": None, "unmet": None}, {}),
        ((None,) * 6, {"population": 58}, {}),
        ((5, None, None, 9, 8, 30), {"population": 54, "unmet": 16}, {}),
    ],
)
def test_neighbours_are_told_where_the_row_gives_their_sum(shown, sums, ranges_told):
    figures = coarsened(row_of(shown, **sums), COARSE)
    told = figures.filter(is_range())
    assert dict(told.select("category", "value").iter_rows()) == ranges_told
    assert checked(figures).height == figures.height


def test_the_unmet_give_no_sum_where_hours_save_some():
    figures = row_of((None, None, 9), measure="offers_12m", unmet=20)
    assert coarsened(figures, COARSE).equals(figures)
    whole = coarsened(row_of((None, None, 9), measure="offers_12m", population=34), COARSE)
    assert numbers(whole) == {"2+": 9, "0-1": 25}


def test_nothing_is_told_together_unless_asked_for():
    figures = row_of((5, None, None, 9, 8, 30), population=58, unmet=20)
    assert coarsened(figures, Parameters()).equals(figures)
    printed = figures.with_columns(pl.lit("published").alias("provenance"))
    assert coarsened(printed, COARSE).equals(printed)


def test_figures_of_two_publications_are_not_reckoned_together():
    figures = row_of((5, None, None, 9, 8, 30), population=58, unmet=20)
    later = pl.when(pl.col("statistic") == "persons").then(pl.lit(dt.date(2024, 1, 1)))
    mixed = figures.with_columns(later.otherwise(pl.col("published")).alias("published"))
    assert coarsened(mixed, COARSE).equals(mixed)


def intervals(figures):
    """What follows about each hidden cell."""
    return {one.figure.cell: (one.low, one.high) for one in audit(figures)}


@settings(max_examples=40, deadline=None)
@given(counts, st.integers(2, 5))
def test_every_interval_stays_as_it_was(persons, smallest):
    exact = table(everything(persons))
    fine = protected(exact, parameters=Parameters(smallest))
    coarse = protected(exact, parameters=Parameters(smallest, coarsen=True))
    assert coarse.hidden == fine.hidden
    assert coarse.figures.filter(~is_range()).equals(fine.figures)
    assert intervals(coarse.figures) == intervals(fine.figures)
    for grp, category, value in (
        coarse.figures.filter(is_range()).select("grp", "category", "value").iter_rows()
    ):
        true = numbers(exact, grp)
        assert value == sum(true[c] for c in ranges("offers_6m")[category]) >= smallest


def test_neither_the_public_nor_a_neighbour_learns_anything(six, public):
    figures = coarsened(public, COARSE)
    told = figures.filter(is_range())
    assert set(told["measure"]) == {
        "conversations_12m",
        "conversations_6m",
        "offers_12m",
        "offers_6m",
    }
    assert intervals(figures) == intervals(public)
    assert not known_by_neighbours(figures, six)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["conversations_6m", "offers_6m"]))
def test_no_made_up_country_gives_anything_away_by_ranges(seed, measure):
    exact = country(seed, 3).filter(pl.col("measure") == measure)
    fine = protected(exact).figures
    coarse = coarsened(fine, COARSE)
    assert intervals(coarse) == intervals(fine)
    told = {False: fine, True: coarse}
    learnt = {
        with_ranges: {(one.by, one.figure.cell) for one in known_by_neighbours(figures, exact)}
        for with_ranges, figures in told.items()
    }
    assert learnt[True] == learnt[False] == set()


def test_what_was_told_together_earlier_is_reckoned_with(six, public):
    earlier = coarsened(public, COARSE).with_columns(
        pl.lit("earlier").alias("release"), pl.lit(dt.date(2023, 9, 1)).alias("published")
    )
    made = protected(six, against=[earlier])
    assert made.figures.equals(public)
    assert not any(one.exact for one in audit(pl.concat([earlier, made.figures])))


def test_ranges_of_a_figure_that_moved_contradict_nothing():
    persons = {"a_dagpenge": [5, 2, 4], "kontanthjaelp": [6, 1, 7], "uddannelseshjaelp": [8, 9, 2]}
    before = table(everything(persons)).with_columns(pl.lit(dt.date(2023, 9, 1)).alias("published"))
    after = table(everything(persons | {"a_dagpenge": [5, 2, 9]}))
    shown = Door(pl.concat([before, after]), parameters=COARSE).shown().figures
    assert numbers(shown)["1+"] == 11
    assert not any(one.exact for one in audit(shown))


def test_the_door_tells_ranges_to_others_and_every_number_to_whose_they_are(six):
    door = Door(six, parameters=COARSE)
    assert door.shown().figures.filter(is_range()).height
    own = six.filter(pl.col("area_kind") == "municipality")["area"][0]
    theirs = door.shown(Audience.of(own)).figures.filter(pl.col("area") == own)
    assert theirs.filter(is_range()).is_empty() and not theirs["status"].eq("suppressed").any()


def test_what_is_kept_serves_with_ranges_and_without(tmp_path, monkeypatch):
    exact = country(municipalities=2, areas=False)
    fine = Door(exact, kept=tmp_path).shown().figures

    def again(*given, **named):
        raise AssertionError("protected anew")

    monkeypatch.setattr("tilsyn.protection.history.protected", again)
    coarse = Door(exact, parameters=COARSE, kept=tmp_path).shown().figures
    assert coarse.filter(is_range()).height
    assert coarse.filter(~is_range()).equals(fine)


def test_a_hidden_number_beside_a_range_is_found():
    shown = {"0": None, "1": 3, "2+": None, "1+": 4}
    frame = table(
        [figure("persons", "a_dagpenge", n, category=c) for c, n in shown.items()]
        + [figure("population", "a_dagpenge", 9)]
    )
    found = {one.figure.category: one for one in audit(frame)}
    assert found["2+"].low == found["2+"].high == 1
    assert found["2+"].derivation == {"da": "4 − 3 = 1", "en": "4 − 3 = 1"}
    # Five are left without an offer: more than this source hides.
    assert found["0"].high == 2


def test_a_range_alone_stands_for_the_numbers_it_joins():
    frame = table(
        [
            figure("persons", "a_dagpenge", None, category="0"),
            figure("persons", "a_dagpenge", 4, category="1+"),
            figure("population", "a_dagpenge", 6),
        ]
    )
    (found,) = audit(frame)
    assert (found.low, found.high) == (2, 2)


@settings(max_examples=30, deadline=None)
@given(counts, st.sampled_from(NUMBERS), st.sampled_from(sorted(ranges("offers_6m"))))
def test_the_audit_finds_what_a_range_gives_away(persons, gone, name):
    exact = everything(persons, provenance="published")
    parts = ranges("offers_6m")[name]
    told = [
        figure(
            "persons",
            grp,
            sum(n for c, n in zip(NUMBERS, row, strict=True) if c in parts),
            category=name,
        )
        for grp, row in persons.items()
    ]
    hidden = with_hidden(
        [f for f in exact if f.statistic == "persons" and f.grp != "total"] + told,
        lambda f: f.category == gone and f.value is not None and f.value < 3,
    )
    for one in audit(hidden, discretion=Discretion(3, "hidden")):
        true = persons[one.figure.grp][NUMBERS.index(gone)]
        assert (one.low, one.high) == ((true, true) if gone in parts else (0, 2))


@pytest.mark.parametrize(
    ("measure", "categories", "says"),
    [
        ("conversations_12m", ["0-2", "2-3"], "the ranges 0-2 and 2-3 overlap; keep one"),
        ("conversations_12m", ["0-3", "1-2"], "the ranges 0-3 and 1-2 overlap; keep one"),
        (
            "offers_6m",
            ["0-2"],
            "offers_6m has no category '0-2'; known are: 0, 1, 2\\+, and ranges",
        ),
        ("offers_6m", ["0+"], "no category '0\\+'"),
    ],
)
def test_unknown_and_overlapping_ranges_are_refused(measure, categories, says):
    frame = table(
        figure("persons", "a_dagpenge", 5, category=c, measure=measure) for c in categories
    )
    with pytest.raises(InputError, match=says):
        checked(frame)


def test_ranges_of_two_publications_may_overlap():
    one = figure("persons", "a_dagpenge", 5, category="0-2", measure="conversations_12m")
    two = figure(
        "persons",
        "a_dagpenge",
        6,
        category="2-3",
        measure="conversations_12m",
        published=dt.date(2024, 1, 1),
    )
    assert checked(table([one, two])).height == 2


def test_a_share_has_no_ranges():
    one = figure("share", "a_dagpenge", 5, category="1+")
    with pytest.raises(InputError, match="no category '1\\+'"):
        checked(table([one]))


def test_the_installation_says_whether_ranges_are_told(monkeypatch):
    assert not Parameters.chosen().coarsen
    monkeypatch.setenv("COARSEN", "1")
    assert Parameters.chosen().coarsen
    monkeypatch.setenv("COARSEN", "ja")
    with pytest.raises(UsageError, match="COARSEN is 'ja'; write 1 or 0"):
        Parameters.chosen()


def test_ranges_are_cells_of_the_months_they_are_of(six, public):
    figures = coarsened(public, COARSE)
    assert figures.select(CELL).is_duplicated().sum() == 0
    assert set(figures["month"]) == {MONTH}
