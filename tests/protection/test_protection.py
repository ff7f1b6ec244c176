"""What goes out protected gives nothing back, and hides no more than it must."""

import datetime as dt

import polars as pl
import pytest
from bench.country import country
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.protection.small import (
    GROUPS,
    LATER,
    counts,
    everything,
    extremes,
    figure,
    shown_of,
    two_groups,
)
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.table import CELL, SCHEMA, checked, table
from tilsyn.protection import (
    OWN,
    PUBLIC,
    Audience,
    Parameters,
    Shown,
    audit,
    for_audience,
    protected,
)
from tilsyn.protection.relations import relations
from tilsyn.protection.system import system


@pytest.fixture(scope="module")
def four():
    """Four municipalities and the areas above them."""
    return country(municipalities=4)


def given_back(figures):
    """The small counts that can be computed; larger ones are hidden for their sake."""
    return [
        one
        for one in audit(figures)
        if one.exact and one.figure.statistic != "share" and 0 < one.low < 3
    ]


def test_the_true_table_obeys_every_relation():
    found = system(country(municipalities=4, exempted=False))
    assert list(relations(found.index))
    assert found.matrix.satisfied(found.low)


@settings(max_examples=12, deadline=None)
@given(two_groups)
def test_no_hidden_count_follows_from_what_is_shown(persons):
    frame = table(everything(persons, month=LATER))
    made = protected(frame)
    for key, (least, most) in extremes(made.figures, {}, 0, 7, larger=True).items():
        assert least < most or not 0 < least < 3, key


@settings(max_examples=8, deadline=None)
@given(two_groups)
def test_no_hidden_count_follows_where_nought_is_hidden_too(persons):
    frame = table(everything(persons, month=LATER))
    made = protected(frame, parameters=Parameters(hide_zeros=True))
    assert all(value is None or value > 2 for value in shown_of(made.figures).values())
    for key, (least, most) in extremes(made.figures, {}, 0, 7, larger=True).items():
        assert least < most or not 0 < least < 3, key


@settings(max_examples=25, deadline=None)
@given(counts)
def test_small_counts_are_hidden_and_shown_ones_are_true(persons):
    frame = table(everything(persons))
    true, shown = shown_of(frame), shown_of(protected(frame).figures)
    for key, value in true.items():
        assert shown[key] is None if 0 < value < 3 else shown[key] in (None, value)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(3, 9), min_size=3, max_size=3), min_size=4, max_size=4))
def test_where_no_count_is_small_nothing_is_touched(rows):
    persons = dict(zip(GROUPS, rows, strict=True))
    frame = table(everything(persons))
    made = protected(frame)
    assert made.figures.equals(frame)
    assert not any(made.hidden.values())


def test_a_small_count_with_room_beside_it_hides_nothing_else():
    frame = table([figure("unmet", "a_dagpenge", 1, provenance="register")])
    made = protected(frame)
    assert {why: n for why, n in made.hidden.items() if n} == {"primary": 1}


def test_areas_and_visitation_give_nothing_back(four):
    made = protected(four)
    assert not given_back(made.figures)
    assert (
        made.hidden["primary"]
        == four.filter((pl.col("statistic") != "share") & pl.col("value").is_between(1, 2)).height
    )


def test_the_same_figures_are_protected_the_same_way(four):
    assert protected(four).figures.equals(protected(four).figures)


def test_what_is_hidden_does_not_hang_on_the_order_of_rows(four):
    shuffled = protected(four.sample(fraction=1, shuffle=True, seed=1)).figures
    assert_frame_equal(shuffled, protected(four).figures, check_row_order=False)


def test_shares_go_with_their_counts_and_lose_their_decimals(four):
    made = protected(four).figures
    wide = made.filter(pl.col("category") == "").pivot(
        "statistic", index=[c for c in CELL if c != "statistic"], values="status"
    )
    hidden = wide.filter(pl.col("unmet") == "suppressed")
    assert set(hidden["share"].drop_nulls()) <= {"suppressed"}
    shares = made.filter(pl.col("statistic") == "share")["value"].drop_nulls()
    assert ((shares * 10).round(6) % 1 == 0).all()
    assert checked(made).height == four.height


def test_a_share_that_gives_a_small_count_back_is_hidden_even_alone():
    frame = table(
        [
            figure("population", "a_dagpenge", 6, provenance="register"),
            figure("share", "a_dagpenge", 100 / 6, provenance="register"),
        ]
    )
    made = protected(frame)
    assert made.figures["status"].to_list() == ["value", "suppressed"]


def test_what_was_printed_earlier_is_known():
    now = [
        figure("unmet", grp, n, provenance="register")
        for grp, n in zip(
            ("a_dagpenge", "kontanthjaelp", "uddannelseshjaelp", "overgangsydelse", "total"),
            (1, 8, 9, 10, 28),
            strict=True,
        )
    ]
    (cheapest,) = {
        r[0]
        for r in protected(table(now))
        .figures.filter((pl.col("status") == "suppressed") & (pl.col("grp") != "a_dagpenge"))
        .select("grp")
        .iter_rows()
    }
    printed = [f for f in now if f.grp == cheapest]
    earlier = table(printed).with_columns(
        pl.lit("earlier").alias("release"), pl.lit(dt.date(2023, 9, 1)).alias("published")
    )
    made = protected(table(now), against=[earlier])
    assert not given_back(pl.concat([earlier, made.figures]))


def test_what_an_earlier_release_gives_away_is_counted():
    now = table([figure("unmet", "a_dagpenge", 1, provenance="register")])
    earlier = now.with_columns(
        pl.lit("earlier").alias("release"), pl.lit(dt.date(2023, 9, 1)).alias("published")
    )
    assert protected(now, against=[earlier]).hidden["already_public"] == 1


def test_a_number_that_was_another_earlier_is_not_public():
    now = table([figure("unmet", "a_dagpenge", 1, provenance="register")])
    earlier = table(
        [figure("unmet", "a_dagpenge", 5, release="earlier", published=dt.date(2023, 9, 1))]
    )
    made = protected(now, against=[earlier])
    assert {why: n for why, n in made.hidden.items() if n} == {"primary": 1}


def test_what_was_hidden_earlier_stays_hidden():
    now = table([figure("unmet", "a_dagpenge", 5, provenance="register")])
    earlier = table(
        [
            figure(
                "unmet",
                "a_dagpenge",
                None,
                provenance="register",
                release="earlier",
                published=dt.date(2023, 9, 1),
            )
        ]
    )
    assert protected(now, against=[earlier]).figures["status"].to_list() == ["suppressed"]


def test_two_vintages_are_refused():
    one = figure("unmet", "a_dagpenge", 5, provenance="register")
    two = figure("unmet", "a_dagpenge", 6, provenance="register", published=dt.date(2024, 1, 1))
    with pytest.raises(InputError, match="two vintages"):
        protected(table([one, two]))


@pytest.mark.parametrize("wrong", [{"smallest": 1}])
def test_parameters_without_sense_are_refused(wrong):
    with pytest.raises(UsageError):
        Parameters(**wrong)


def test_the_own_walls_see_exact_figures_and_others_do_not(four):
    assert_frame_equal(for_audience(four, OWN).figures, four, check_row_order=False)
    shown = for_audience(four)
    assert shown.hidden["primary"] and shown.figures["status"].eq("suppressed").any()
    assert not given_back(shown.figures)


def test_published_figures_pass_as_printed_with_a_remark():
    printed = [
        figure("persons", "a_dagpenge", n, category=c)
        for c, n in (("0", None), ("1", 5), ("2+", 8))
    ]
    frame = table([*printed, figure("population", "a_dagpenge", 14)])
    shown = for_audience(frame)
    assert_frame_equal(shown.figures, frame, check_row_order=False)
    assert [(one.low, one.high) for one in shown.remarks()] == [(1, 1)]


def test_nothing_is_shown_past_the_door(four):
    with pytest.raises(TypeError, match="for_audience"):
        Shown(four, PUBLIC, {}, object())


def test_the_columns_stay_the_figure_tables(four):
    assert protected(four).figures.schema == SCHEMA


def test_a_municipality_sees_no_area_exactly_whatever_its_code():
    one = {"provenance": "register", "area": "183"}
    frame = table(
        figure("unmet", "a_dagpenge", 1, area_kind=kind, **one) for kind in ("municipality", "rar")
    )
    shown = for_audience(frame, Audience.of("183")).figures
    assert dict(shown.select("area_kind", "status").iter_rows()) == {
        "municipality": "value",
        "rar": "suppressed",
    }


def test_what_is_published_on_a_day_is_known_that_day():
    frame = table([figure("unmet", "a_dagpenge", 8, provenance="register")])
    (day,) = frame["published"]
    assert for_audience(frame, on=day).figures["value"].to_list() == [8]
    assert for_audience(frame, on=day - dt.timedelta(days=1)).figures.is_empty()


def test_a_share_without_its_count_is_rounded_half_up():
    row = {"population": 400, "share": 12.25}
    frame = table(figure(name, "a_dagpenge", n, provenance="register") for name, n in row.items())
    assert protected(frame).figures["value"].to_list() == [400, 12.3]


def test_what_is_kept_serves_only_the_parameters_it_was_made_by(tmp_path):
    frame = table([figure("unmet", "a_dagpenge", 4, provenance="register")])

    def status(smallest):
        how = {"parameters": Parameters(smallest=smallest), "kept": tmp_path}
        return for_audience(frame, **how).figures["status"].to_list()

    assert [status(smallest) for smallest in (3, 5, 3)] == [["value"], ["suppressed"], ["value"]]


def test_measures_that_protection_does_not_reckon_with_are_not_shown_to_others():
    rows = [
        figure(
            statistic, "total", value, measure="conversations_6m_2026", provenance="register",
            month=dt.date(2027, 1, 1), published=dt.date(2027, 3, 1),
        )
        for statistic, value in (
            ("population", 100), ("unmet", 30), ("exempted", 29), ("missed", 1), ("share", 30.0),
        )
    ]  # fmt: skip
    exact = table(rows)
    public = for_audience(exact, PUBLIC).figures
    assert public["value"].to_list() == [None] * 5
    assert set(public["status"]) == {"suppressed"}
    assert for_audience(exact, Audience.of("183")).figures["value"].to_list() == [
        100.0, 30.0, 29.0, 1.0, 30.0,
    ]  # fmt: skip
    assert for_audience(exact, Audience.of("101")).figures["value"].to_list() == [None] * 5
