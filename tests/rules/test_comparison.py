"""Municipalities beside each other: funnel limits, ranks, and peers that are named."""

import datetime as dt
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from tests.protection.small import figure
from tilsyn.charts import Funnel, tabulated
from tilsyn.errors import InputError
from tilsyn.figures.series import MonthFigure, series
from tilsyn.figures.table import table
from tilsyn.protection import PUBLIC, for_audience
from tilsyn.rules import comparison
from tilsyn.rules.comparison import LIMITS, compare, figures_of, limits
from tilsyn.rules.peers import expected_shares, peers_of
from tilsyn.vocabulary import MUNICIPALITIES, YearMonth

MONTH = YearMonth(2023, 8)
CODES = MUNICIPALITIES.codes


def months(counts):
    return {
        area: MonthFigure(MONTH, population=population, unmet=unmet)
        for area, (unmet, population) in counts.items()
    }


def made_up(size, shares, seed=1):
    chance = np.random.default_rng(seed)
    return {
        area: (int(chance.binomial(size, share)), size)
        for area, share in zip(CODES, shares, strict=False)
    }


def compared(counts):
    return compare(months(counts), "conversations_6m", "total", MONTH)


@pytest.mark.parametrize("population", [10, 47, 300])
@pytest.mark.parametrize("within", LIMITS)
def test_without_overdispersion_limits_are_the_binomial_ones(population, within):
    low, high = limits(population, 20, 0, within)
    tail = (1 - within / 100) / 2
    steps = [100 * binom.ppf(p, population, 0.2) / population for p in (tail, 1 - tail)]
    for limit, step in zip((low, high), steps, strict=True):
        assert step - 100 / population <= limit <= step


def test_limits_hold_as_many_as_they_say():
    """Of made-up municipalities alike but for chance and a known spread."""
    chance = np.random.default_rng(7)
    shares = chance.beta(10, 40, size=4000)
    unmet = 100 * chance.binomial(200, shares) / 200
    for within in LIMITS:
        low, high = limits(200, 20, 1 / 51, within)
        held = 100 * ((unmet >= low) & (unmet <= high)).mean()
        assert held == pytest.approx(within, abs=1.2)


def test_municipalities_alike_but_for_chance_have_no_overdispersion_worth_naming():
    told = [compared(made_up(150, [0.2] * 98, seed)).correlation for seed in range(12)]
    assert np.mean(told) < 0.002


def test_overdispersion_is_found_and_a_few_far_out_do_not_widen_the_limits():
    chance = np.random.default_rng(11)
    shares = chance.beta(10, 40, size=98)
    plain = compared(made_up(300, shares))
    assert plain.correlation == pytest.approx(1 / 51, rel=0.5)
    shares[:3] = 0.75
    far = compared(made_up(300, shares))
    assert far.spread < 1.6 * plain.spread
    out = {one.area for one in far.places if one.outside == LIMITS[-1] and one.high}
    assert set(CODES[:3]) <= out


def test_the_drawn_in_normal_variance_is_what_it_is_said_to_be():
    edge = norm.ppf(1 - comparison._WINSORISED)
    inner = 1 - 2 * comparison._WINSORISED - 2 * edge * norm.pdf(edge)
    assert inner + 2 * comparison._WINSORISED * edge**2 == pytest.approx(
        comparison._NORMAL, abs=1e-6
    )


def test_ranks_are_wide_where_groups_are_small_and_hold_the_place():
    shares = np.linspace(0.1, 0.5, 98)
    small, large = (compared({a: (round(n * s), n) for a, s in zip(CODES, shares, strict=True)}) for n in (20, 5000))  # fmt: skip

    def width(held):
        return np.mean([one.ranks[1] - one.ranks[0] for one in held.places])

    assert width(large) < 7 < 25 < width(small)
    for place, one in enumerate(large.places, 1):
        assert one.ranks[0] <= place <= one.ranks[1]
    assert (large.places[0].percentile, large.places[-1].percentile) == (0, 100)
    assert compared(made_up(50, [0.2] * 98)).places == compared(made_up(50, [0.2] * 98)).places


def test_too_few_are_not_compared():
    assert compared(made_up(50, [0.2] * 4)) is None


def test_a_hidden_population_is_not_worked_out_from_count_and_share():
    known = months(made_up(50, [0.2] * 8))
    printed = {"unmet": 4, "share": Fraction(40)}
    known["751"] = MonthFigure(MONTH, **printed, hidden=frozenset({"population"}))
    known["760"] = MonthFigure(MONTH, **printed)
    held = compare(known, "conversations_6m", "total", MONTH)
    assert held.without == ("751",)
    assert held.by_area["760"].population == 10


@settings(max_examples=25, deadline=None)
@given(
    counts=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 60)).map(lambda two: (two[0], sum(two))),
        min_size=12,
        max_size=12,
    )
)
def test_what_protection_hides_is_in_no_comparison(counts):
    """Nothing is told of a municipality whose counts the public is not shown, nor of their sum."""
    held = {area: pair for area, pair in zip(CODES, counts, strict=False) if pair[1]}
    exact = table(
        figure(statistic, "a_dagpenge", value, measure="conversations_6m", area=area,
               provenance="register", month=MONTH.first)
        for area, pair in held.items()
        for statistic, value in zip(("unmet", "population"), pair, strict=True)
    )  # fmt: skip
    shown = for_audience(exact, PUBLIC).figures
    seen = figures_of(series(shown), MONTH)
    made = compare(seen, "conversations_6m", "a_dagpenge", MONTH)
    gone = shown.filter(pl.col("value").is_null())["area"].unique().to_list()
    if made is None:
        return
    assert set(gone) <= set(made.without) and not set(gone) & made.by_area.keys()
    shown_counts = {one.area: (one.unmet, one.population) for one in made.places}
    assert made.mean == pytest.approx(
        100 * sum(x for x, _ in shown_counts.values()) / sum(n for _, n in shown_counts.values())
    )
    told = [row[0] for row in tabulated(Funnel(made, "", frozenset(), "x"), "da")]
    assert not {MUNICIPALITIES[area].name for area in gone} & set(told)


def goals(shares):
    return table(
        figure("expected_share", "total", share, measure="result_goal", area=area, month=day)
        for area, (share, day) in shares.items()
    )


def test_peers_by_the_result_goal_are_those_with_the_nearest_expected_share():
    early, late = dt.date(2023, 3, 1), dt.date(2023, 9, 1)
    known = goals({"101": (20.0, early), "147": (30.0, early), "151": (21.0, early)})
    later = goals({"101": (99.0, late)})
    expected = expected_shares(pl.concat([known, later]), MONTH)
    assert expected == {"101": 20.0, "147": 30.0, "151": 21.0}
    peers = peers_of("101", "result_goal", months(made_up(50, [0.2] * 98)), expected)
    assert peers.areas == ("151", "147")
    assert "Ballerup og Frederiksberg" in peers.sentence("da")


def test_peers_by_size_and_region_and_by_hand_are_named():
    counts = {area: (2, 10 * n) for n, area in enumerate(CODES, 1)}
    known = months(counts)
    near = peers_of(CODES[20], "size", known, {})
    assert len(near.areas) == 10 and CODES[20] not in near.areas
    assert set(near.areas) <= set(CODES[14:27])
    region = peers_of("183", "region", known, {})
    assert all(MUNICIPALITIES[one].region == MUNICIPALITIES["183"].region for one in region.areas)
    hand = peers_of("183", "hand", known, {}, named=["253", "183", "253"])
    assert hand.areas == ("253",) and "Greve" in hand.sentence("en")
    assert "98" in peers_of("", "country", known, {}).sentence("da")


@pytest.mark.parametrize(
    ("of", "by", "said"),
    [("183", "income", "no likeness 'income'"), ("", "size", "name it"),
     ("183", "result_goal", "no expected share is known")],
)  # fmt: skip
def test_peers_that_cannot_be_found_are_refused(of, by, said):
    with pytest.raises(InputError, match=said):
        peers_of(of, by, months(made_up(50, [0.2] * 98)), {})
