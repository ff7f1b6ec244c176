import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.vocabulary import MonthRange, YearMonth, add_months, parse_published
from tilsyn.vocabulary.wording import months, months_short

ANY = st.builds(YearMonth, st.integers(1990, 2100), st.integers(1, 12))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("Mar 2023", "2023-03"),
        ("jan-23", "2023-01"),
        ("Okt.-23", "2023-10"),
        ("maj-2023", "2023-05"),
        ("mår 2023", "2023-03"),
        ("Maj 2022", "2022-05"),
        ("Okt 2022", "2022-10"),
        ("September 2022", "2022-09"),
        ("december 2021", "2021-12"),
        ("Juli 2022", "2022-07"),
        ("dec. 2021", "2021-12"),
        ("October 2022", "2022-10"),
        ("2022M01", "2022-01"),
        ("2023-03", "2023-03"),
        ("2023-03-01", "2023-03"),
    ],
)
def test_a_month_is_read_in_every_spelling_of_the_field(text, month):
    assert str(YearMonth.parse(text)) == month


@pytest.mark.parametrize(
    "text",
    [
        "2023-13",
        "Foo 2023",
        "jan 23",
        "jan-234",
        "23-jan",
        "2023",
        "",
        "0 1 2",
        "2023-03-02",
        "1753M1",
    ],
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match=r"month|year"):
        YearMonth.parse(text)


@given(ANY, st.integers(-600, 600))
def test_adding_months_moves_the_index_by_as_many(month, count):
    assert (month + count).index == month.index + count
    assert (month + count) - count == month
    assert (month + count).since(month) == count


@given(ANY)
def test_names_read_back(month):
    for text in (
        str(month),
        month.name("da"),
        month.name("en"),
        month.short("da"),
        month.short("en"),
    ):
        assert YearMonth.parse(text) == month


@given(ANY)
def test_the_day_after_the_last_is_the_next_months_first(month):
    assert month.last + dt.timedelta(days=1) == (month + 1).first


def test_a_range_holds_both_ends():
    span = MonthRange.parse("2022-11..2023-02")
    assert [str(m) for m in span] == ["2022-11", "2022-12", "2023-01", "2023-02"]
    assert len(span) == 4
    assert YearMonth(2023, 2) in span
    assert YearMonth(2023, 3) not in span


def test_a_range_that_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="ends before it begins"):
        MonthRange.parse("2023-02..2022-11")


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2022-12-15", 12, "2023-12-15"),
    ],
)
def test_the_same_day_is_clipped_to_the_months_last(day, count, later):
    assert str(add_months(dt.date.fromisoformat(day), count)) == later


def test_a_month_of_publication_counts_from_its_first_day():
    assert parse_published("2022-05") == dt.date(2022, 5, 1)
    assert parse_published("2023-02-20") == dt.date(2023, 2, 20)


@pytest.mark.parametrize(
    ("span", "danish", "english"),
    [
        ("2022-07..2022-09", "juli-september 2022", "July–September 2022"),
        ("2021-12..2022-02", "december 2021-februar 2022", "December 2021–February 2022"),
        ("2022-05", "maj 2022", "May 2022"),
    ],
)
def test_months_are_put_in_words(span, danish, english):
    assert months(list(MonthRange.parse(span)), "da") == danish
    assert months(list(MonthRange.parse(span)), "en") == english


def test_months_that_do_not_follow_each_other_are_a_list():
    assert months([YearMonth(2022, 9), YearMonth(2022, 11)]) == "september og november 2022"
    assert months([YearMonth(2021, 12), YearMonth(2022, 2)]) == "december 2021 og februar 2022"


def test_a_span_is_short_where_tables_have_little_room():
    assert months_short(list(MonthRange.parse("2023-03..2023-08"))) == "mar.-aug. 2023"
    assert months_short(list(MonthRange.parse("2021-12..2022-02"))) == "dec. 2021-feb. 2022"
    assert months_short([YearMonth(2023, 5)], "en") == "May 2023"
