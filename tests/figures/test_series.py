"""One month series of figures, and one way in which a value is printed."""

import datetime as dt
from fractions import Fraction

import pytest

from tests.protection.small import figure
from tilsyn.figures.grid import by_category, by_month
from tilsyn.figures.printing import printed, printed_change
from tilsyn.figures.series import series
from tilsyn.figures.table import table
from tilsyn.vocabulary import MonthRange, YearMonth

AUGUST = YearMonth(2023, 8)


@pytest.mark.parametrize(
    ("value", "statistic", "more", "da", "en"),
    [
        (1234, "population", {}, "1.234", "1,234"),
        (0, "unmet", {}, "0", "0"),
        (25.75, "share", {}, "25,8\N{NO-BREAK SPACE}%", "25.8%"),
        (Fraction(100, 3), "actual_share", {"unit": False}, "33,3", "33.3"),
        (Fraction(20), "share", {"places": 0}, "20\N{NO-BREAK SPACE}%", "20%"),
        (1.0, "met", {}, "ja", "yes"),
        (0.0, "met", {}, "nej", "no"),
        (None, "share", {"status": "suppressed"}, ".", "."),
        (None, "share", {"status": "not_available"}, "–", "–"),
        (None, "met", {}, "–", "–"),
    ],
)
def test_a_value_is_printed_in_one_way(value, statistic, more, da, en):
    assert printed(value, statistic, "da", **more) == da
    assert printed(value, statistic, "en", **more) == en


@pytest.mark.parametrize(
    ("change", "statistic", "text"),
    [(1.25, "share", "+1,3"), (-3, "unmet", "−3"), (0, "unmet", "0"), (-1500, "unmet", "−1.500")],
)
def test_a_change_is_printed_with_its_sign(change, statistic, text):
    assert printed_change(change, statistic) == text


def test_no_change_has_the_sign_that_is_asked_for():
    assert printed_change(0, "share", "en", none="±") == "±0.0"


def month(**numbers):
    """The month of a table with these statistics; None is hidden."""
    (one,) = series(table(figure(name, "total", n) for name, n in numbers.items()))
    return one.months[AUGUST]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ({"population": 200, "unmet": 33}, "16,5"),
        ({"population": 200, "unmet": 33, "share": 20.0}, "16,5"),
        ({"share": 20.1}, "20,1"),
        ({"population": 200, "unmet": None}, "."),
        ({"population": None, "unmet": 33}, "."),
        ({"share": None}, "."),
        # A bare count says nothing of its share, be it hidden or not.
        ({"unmet": None}, "–"),
        ({"unmet": 33}, "–"),
        ({"population": 200}, "–"),
    ],
)
def test_a_share_is_of_the_counts_else_as_printed_else_hidden_or_not_there(numbers, text):
    one = month(**numbers)
    assert one.shown("da", unit=False) == text
    assert one.record()["status"] == one.status == one.status_of("share")


def test_a_month_tells_each_of_its_statistics():
    one = month(population=1200, unmet=None, share=None)
    assert [one.shown("da", name) for name in ("population", "unmet", "share")] == [
        "1.200",
        ".",
        ".",
    ]
    assert one.releases == {figure("unmet", "total", 1).release}


def test_a_grid_of_an_effort_shows_shares_beside_what_is_known_of_persons():
    def blocks(**numbers):
        figures = [figure(name, "total", n) for name, n in numbers.items()]
        return by_month(table(figures), figures[0].measure).blocks

    assert blocks(share=20.0, unmet=3, population=15) == ("population", "share")
    assert blocks(share=20.0, unmet=None) == ("unmet", "share")
    assert blocks(share=20.0) == ("share",)


def test_the_share_of_a_category_is_of_all_its_group():
    figures = [
        figure("population", "total", 200),
        figure("persons", "total", 50, category="0"),
        figure("persons", "total", None, category="1"),
    ]
    grid = by_category(table(figures), figures[0].measure, "share", AUGUST)
    assert grid.value("total", "0") == 25
    assert [grid.at("total", c).shown("da") for c in ("0", "1", "2")] == ["25,0", ".", "–"]


def test_months_outside_a_grids_span_are_left_out_with_their_figures():
    figures = [figure("share", "total", 20.0, month=dt.date(2023, m, 1)) for m in (6, 7, 8)]
    grid = by_month(table(figures), figures[0].measure, "share")
    assert len(grid.figures) == 3
    narrow = grid.within(MonthRange(AUGUST, AUGUST))
    assert (narrow.months, [f.month for f in narrow.figures]) == ([AUGUST], [AUGUST.first])
