import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.figures.anomalies import Anomaly, find
from tilsyn.figures.anomalies.arithmetic import (
    any_population,
    neighbours,
    populations,
    possible,
    share_of,
    tenths,
)
from tilsyn.figures.table import Figure, status_of, table
from tilsyn.vocabulary import GROUPS, YearMonth

HIDDEN, BLANK = object(), object()


def figure(
    statistic, grp, value, month="2023-04", *, category="", measure="conversations_6m", release="a"
):
    number = None if value in (HIDDEN, BLANK) else float(value)
    return Figure(
        measure,
        statistic,
        "municipality",
        "183",
        grp,
        "",
        category,
        YearMonth.parse(month).first,
        number,
        status_of(number, hidden=value is HIDDEN),
        "published",
        release,
        dt.date(2024, 1, 1),
    )


def found(*figures):
    return find(table(figures))


def kinds(*figures):
    return [a.kind for a in found(*figures)]


def every_group(statistic, values, **options):
    """A row for each group; those not named are hidden."""
    return [figure(statistic, g, values.get(g, HIDDEN), **options) for g in GROUPS.codes]


@pytest.mark.parametrize("statistic", ["population", "unmet"])
@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (29, ["groups_exceed_total"]),
        (30, []),
        (30 + 2 * 7, []),
        (31 + 2 * 7, ["total_unexplained"]),
    ],
)
def test_groups_and_total_agree_within_what_hidden_cells_can_hold(statistic, total, expected):
    rows = every_group(statistic, {"sygedagpenge": 20, "kontanthjaelp": 10})
    assert kinds(figure(statistic, "total", total), *rows) == expected


def test_counts_by_number_are_added_up_number_by_number():
    rows = every_group("persons", {"sygedagpenge": 20}, category="0")
    others = every_group("persons", {"sygedagpenge": 20}, category="1")
    (anomaly,) = found(
        figure("persons", "total", 19, category="0"),
        *rows,
        figure("persons", "total", 25, category="1"),
        *others,
    )
    assert anomaly.kind == "groups_exceed_total"
    assert anomaly.en == (
        "Ishøj, Conversations, early effort, April 2023: the groups shown add up to 20 persons with "
        "0 conversations, but the total says 19."
    )


def test_a_total_alone_is_not_odd():
    assert kinds(figure("unmet", "total", 30)) == []
    assert (
        kinds(
            figure("unmet", "total", 30), *every_group("unmet", dict.fromkeys(GROUPS.codes, BLANK))
        )
        == []
    )


def test_groups_a_measure_does_not_ask_about_are_not_missed():
    four = {"a_dagpenge": 5, "kontanthjaelp": 6, "uddannelseshjaelp": 7, "overgangsydelse": 8}
    rows = [figure("unmet", g, n, measure="offers_6m") for g, n in four.items()]
    (anomaly,) = found(figure("unmet", "total", 30, measure="offers_6m"), *rows)
    assert "mindst 4 personer" in anomaly.da.lower()
    assert "mangler i tabellen" not in anomaly.da


def test_groups_that_are_no_longer_formed_are_not_missed():
    rows = [figure("unmet", "kontanthjaelp", 5, "2025-08")]
    (anomaly,) = found(figure("unmet", "total", 30, "2025-08"), *rows)
    assert "Uddannelseshjælp" not in anomaly.da
    assert "Jobafklaringsforløb" in anomaly.da


@pytest.mark.parametrize(
    ("population", "share", "expected"),
    [
        (34, 23.5, []),
        (5, 33.3, ["impossible_share"]),
        (3, 33.3, []),
        (HIDDEN, 50, []),
        (HIDDEN, 33.3, ["impossible_share"]),
        (0, 10, ["impossible_share"]),
        (0, BLANK, []),
        (BLANK, 33.3, []),
        (16, 43.8, []),  # 7/16 = 43,75 is printed 43,8
        (16, 43.7, ["impossible_share"]),
    ],
)
def test_a_share_must_be_possible_for_its_population(population, share, expected):
    assert (
        kinds(
            figure("population", "sygedagpenge", population),
            figure("share", "sygedagpenge", share),
        )
        == expected
    )


@pytest.mark.parametrize(
    ("unmet", "population", "share", "expected"),
    [
        (8, 34, 23.5, []),
        (9, 34, 23.5, ["share_contradicts_count"]),
        (HIDDEN, 34, 5.9, []),
        (HIDDEN, 34, 0, []),
        (HIDDEN, 34, 8.8, ["share_contradicts_count"]),
        (5, None, 32.7, ["share_contradicts_count"]),
        (5, None, 33.3, []),
        (5, None, 25, []),
        (HIDDEN, None, 22.2, []),
        (HIDDEN, None, 25.8, ["share_contradicts_count"]),
        (0, None, 3, ["share_contradicts_count"]),
        (0, None, 0, []),
        (BLANK, None, 25.8, []),
        (5, None, BLANK, []),
    ],
)
def test_a_share_must_be_possible_for_its_count(unmet, population, share, expected):
    rows = [figure("unmet", "sygedagpenge", unmet), figure("share", "sygedagpenge", share)]
    if population:
        rows.append(figure("population", "sygedagpenge", population))
    assert kinds(*rows) == expected


def test_sentences_name_group_month_and_numbers_in_both_languages():
    (anomaly,) = found(
        figure("unmet", "uddannelseshjaelp", 5), figure("share", "uddannelseshjaelp", 32.7)
    )
    assert anomaly.da.replace("\N{NO-BREAK SPACE}", " ") == (
        "Ishøj, Samtaler, tidlig indsats, april 2023: Uddannelseshjælp har 5 uden den krævede "
        "indsats og en andel på 32,7 %, men der er intet antal personer, som giver den andel."
    )
    assert "Education benefit has 5" in anomaly.en
    assert "32.7%" in anomaly.en
    assert (anomaly.area, anomaly.grp, anomaly.month) == (
        "183",
        "uddannelseshjaelp",
        dt.date(2023, 4, 1),
    )
    assert Anomaly.of_record(anomaly.record()) == anomaly


ROWS_OF_COUNTS = {
    "sygedagpenge": (31, 62),
    "ressourceforloeb": (15, 37),
    "kontanthjaelp": (43, 145),
}


def shares_and_counts(step, *, wrong=None):
    """Two months of counts in their own rows, and the shares they give `step` rows further down."""
    rows = ["revalidering", *ROWS_OF_COUNTS, "overgangsydelse"]
    placed = dict.fromkeys(rows, BLANK)
    for group, pair in ROWS_OF_COUNTS.items():
        placed[rows[rows.index(group) + step]] = share_of(*pair) / 10
    placed |= wrong or {}
    return [
        row
        for month in ("2023-04", "2023-05")
        for row in (
            *(figure("unmet", g, count, month) for g, (count, _) in ROWS_OF_COUNTS.items()),
            *(figure("share", g, share, month) for g, share in placed.items()),
        )
    ]


def slip_sentences(figures):
    return [a.da for a in found(*figures) if a.kind == "shifted_rows"]


def test_shares_that_slip_down_or_up_are_found_and_shares_in_place_are_not():
    assert slip_sentences(shares_and_counts(0)) == []
    (down,) = slip_sentences(shares_and_counts(1))
    assert "rykket en række ned" in down
    (up,) = slip_sentences(shares_and_counts(-1))
    assert "rykket en række op" in up


def test_one_contradiction_in_one_month_is_too_little_for_a_slip():
    april = [row for row in shares_and_counts(1) if row.month == dt.date(2023, 4, 1)]
    assert slip_sentences(april) == []
    assert kinds(*april) == ["share_contradicts_count"]


def test_one_wrong_number_is_no_slip():
    figures = shares_and_counts(0, wrong={"ressourceforloeb": 25.8})
    assert slip_sentences(figures) == []
    assert "share_contradicts_count" in kinds(*figures)


def test_another_release_shows_a_slip_that_counts_cannot():
    own = {"ressourceforloeb": 50, "jobafklaringsforloeb": 30, "kontanthjaelp": 10}
    slipped = {"jobafklaringsforloeb": 50, "kontanthjaelp": 30}
    months = ("2023-04", "2023-05")
    here = table(figure("share", g, v, m) for m in months for g, v in slipped.items())
    there = table(figure("share", g, v, m, release="b") for m in months for g, v in own.items())
    (anomaly,) = find(here, against=there)
    assert "i april-maj 2023 dem, der står en række højere i udgaven b" in anomaly.da
    assert find(there, against=there) == ()
    revised = table(
        figure("share", g, v + 2, m, release="c") for m in months for g, v in own.items()
    )
    assert find(revised, against=there) == ()


@given(st.integers(1, 5000), st.data())
def test_every_true_share_is_possible_and_consistent(population, data):
    count = data.draw(st.integers(0, population))
    share = share_of(count, population)
    assert possible(share, population)
    assert any_population([count], share)
    assert neighbours(share, population) == (share, share)
    if count and share:
        assert population in populations(count, share)


@given(st.integers(1, 60), st.integers(0, 1000))
def test_possible_shares_are_those_that_some_count_gives(population, share):
    given_shares = {share_of(count, population) for count in range(population + 1)}
    assert possible(share, population) == (share in given_shares)
    below, above = neighbours(share, population)
    assert below in given_shares
    assert above in given_shares
    assert not [s for s in given_shares if below < s < above]


@given(st.integers(1, 40), st.integers(1, 1000))
def test_populations_are_all_those_that_give_the_share(count, share):
    smallest_share = {n for n in range(count, 2000 * count + 2) if share_of(count, n) == share}
    assert set(populations(count, share)) == smallest_share


@pytest.mark.parametrize(("share", "expected"), [(25, 250), (25.75, 258), (33.3, 333), (0, 0)])
def test_shares_are_compared_as_tenths_rounded_half_up(share, expected):
    assert tenths(share) == expected


def test_figures_outside_their_validity_are_named_once_for_each_municipality():
    of_group = [
        figure(statistic, "uddannelseshjaelp", value, month)
        for month in ("2025-06", "2025-07", "2025-08")
        for statistic, value in (("population", 20), ("unmet", HIDDEN))
    ]
    (odd,) = found(*of_group)
    assert (odd.kind, odd.grp, odd.area) == ("outside_validity", "uddannelseshjaelp", "183")
    assert odd.da.endswith(
        "»Uddannelseshjælp« har tal for juli-august 2025, men opgøres ikke længere fra 1. juli 2025."
    )
    (early,) = found(figure("population", "jobafklaringsforloeb", 20, "2014-06"))
    assert early.en.endswith("has figures for June 2014, but is counted only from 1 July 2014.")


def test_what_is_not_there_outside_its_validity_is_no_anomaly():
    assert kinds(figure("population", "uddannelseshjaelp", BLANK, "2025-07")) == []
    assert kinds(figure("population", "kontanthjaelp", 20, "2025-07")) == []
