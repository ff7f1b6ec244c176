"""How much of a finding may be chance."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from math import comb

import pytest

from tests.rules.test_criteria import version
from tilsyn.figures.series import MonthFigure, Series
from tilsyn.figures.table import SCHEMA
from tilsyn.rules.chance import chance_of, chances, prior_of, probability_over, wilson
from tilsyn.rules.criteria import JUDGED
from tilsyn.rules.finding import Finding, Matter
from tilsyn.vocabulary import MonthRange, YearMonth

NEWEST = YearMonth(2023, 8)


def finding(made, counts, *, measure="conversations_6m", area="183"):
    """What a version says of (unmet, population) by month, oldest first."""
    span = MonthRange.ending(NEWEST, len(counts))
    figures = [
        MonthFigure(m, population=n, unmet=x) for m, (x, n) in zip(span, counts, strict=True)
    ]
    series = Series(area, measure, "total", {one.month: one for one in figures})
    said = JUDGED[made.criterion.kind](Matter(made, series, span, (NEWEST + 1).first))
    return Finding(
        "r", made, area, measure, "total", dt.date(2023, 9, 15), said.months or tuple(figures),
        said.verdict, said.reason, "counts", said.distance, (), mean=said.mean, slots=said.slots,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("population", "true", "line", "months", "said"),
    [
        (10, 30, 20, 3, 24),
        (10, 40, 20, 3, 58),
        (50, 25, 20, 3, 40),
        (50, 20, 20, 3, 7),
        (120, 30, 25, 1, 86),
        (120, 30, 25, 6, 42),
        (300, 30, 25, 1, 97),
        (30, 20, 25, 1, 24),
    ],
)
def test_the_exact_cases_come_out(population, true, line, months, said):
    made = version("early_effort", threshold=line).criterion
    month = probability_over(population, made, true)
    by_hand = sum(
        comb(population, k) * (true / 100) ** k * (1 - true / 100) ** (population - k)
        for k in range(population + 1)
        if Fraction(100 * k, population) > line
    )
    assert month == pytest.approx(by_hand)
    assert round(100 * month**months) == said


def test_a_flag_at_the_line_tells_how_often_chance_alone_gives_it():
    made = version("early_effort", months=3)
    flagged = finding(made, [(11, 50)] * 3)
    assert flagged.verdict == "flagged"
    told = chance_of(flagged, ())
    assert (round(100 * told.by_chance), told.independent, told.over) == (7, True, None)
    assert told.low < 22 < told.high


def test_months_that_count_the_same_persons_are_not_taken_as_independent():
    made = version("focus_conversations", gate=None)
    missed = finding(made, [(25, 100)] * 12, measure="conversations_12m")
    assert missed.verdict == "missed"
    told = chance_of(missed, ())
    assert not told.independent
    assert told.by_chance == pytest.approx(probability_over(100, made.criterion, 20))
    assert (told.low, told.high) == wilson(25, 100)


def test_what_meets_the_line_is_no_breach_by_chance():
    told = chance_of(finding(version("early_effort", months=3), [(5, 50)] * 3), ())
    assert told.by_chance is None


def peers(shares, population=50):
    return [
        Series(str(200 + n), "conversations_6m", "total",
               {NEWEST: MonthFigure(NEWEST, population=population, unmet=unmet)})
        for n, unmet in enumerate(shares)
    ]  # fmt: skip


def test_the_peers_draw_a_small_group_towards_themselves():
    made = version("early_effort", months=1, smallest_population=None)
    few, many = finding(made, [(4, 10)]), finding(made, [(40, 100)])
    low = peers([3, 4, 5, 6, 4, 5, 3, 4])
    alone, together = chance_of(few, low), chance_of(many, low)
    assert alone.over < together.over
    assert alone.prior.peers == 8
    high = peers([20, 25, 22, 18, 21, 24, 23, 20])
    assert chance_of(few, high).over > alone.over


def test_the_one_judged_is_not_its_own_peer_and_few_peers_are_none():
    made = version("early_effort", months=1, smallest_population=None)
    judged = finding(made, [(4, 10)], area="203")
    assert chance_of(judged, peers([3, 4, 5, 6, 4, 5, 3, 4])).prior.peers == 7
    assert chance_of(judged, peers([3, 4, 5, 6])).over is None


def test_a_prior_has_the_peers_mean_and_their_spread():
    assert prior_of([(10, 50)] * 4) is None
    alike, unlike = prior_of([(10, 50)] * 8), prior_of([(2, 50), (18, 50)] * 4)
    assert alike.mean == pytest.approx(20) and unlike.mean == pytest.approx(20)
    assert alike.alpha + alike.beta > 50 * (unlike.alpha + unlike.beta)


def test_wilson_is_the_textbooks():
    low, high = wilson(5, 10)
    assert (round(low, 1), round(high, 1)) == (23.7, 76.3)
    assert wilson(0, 10)[0] == 0 and wilson(10, 10)[1] == pytest.approx(100)


def test_counts_that_are_hidden_or_only_printed_as_shares_have_no_chance():
    made = version("early_effort", months=1, smallest_population=None)
    judged = finding(made, [(11, 50)])
    printed = MonthFigure(NEWEST, share=Fraction(22))
    assert chance_of(replace(judged, months=(printed,)), ()) is None


def test_the_sentence_is_careful_in_both_languages():
    flagged = finding(version("early_effort", months=3), [(11, 50)] * 3)
    told = chance_of(flagged, peers([9, 10, 11, 12, 13, 8]))
    assert told.sentence("da").startswith(
        "Med dette antal borgere kan den sande andel ligge mellem"
    )
    assert "i 7 af 100 tilfælde" in told.sentence("da")
    assert "7 of 100 cases" in told.sentence("en")
    assert chances([], SCHEMA.to_frame()) == []
