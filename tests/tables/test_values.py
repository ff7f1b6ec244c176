"""Dates, months and numbers in the forms they are met in; what fits no form stays as it stands."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.tables.values import (
    DATES,
    MONTHS,
    checked_form,
    date_form,
    day,
    month,
    month_form,
    number,
    number_form,
)

PYTHON = {"yyyy": "%Y", "mm": "%m", "dd": "%d"}


def in_form(form: str, date: dt.date) -> str:
    for token, sign in PYTHON.items():
        form = form.replace(token, sign)
    return date.strftime(form)


@pytest.mark.parametrize(
    ("forms", "text", "meant"),
    [
        ((), "2024-05-01", "2024-05-01"),
        ((), "01-05-2024", "01-05-2024"),
        (("dd-mm-yyyy",), "01-05-2024", "2024-05-01"),
        (("dd-mm-yyyy",), "1-5-2024", "2024-05-01"),
        (("dd-mm-yyyy",), "31-04-2024", "31-04-2024"),
        (("dd-mm-yyyy",), "01/05/2024", "01/05/2024"),
        (("mm/dd/yyyy",), "05/01/2024", "2024-05-01"),
        (("yyyymmdd",), "20240501", "2024-05-01"),
        (("yyyymmdd",), "2024051", "2024051"),
        (("dd.mm.yyyy",), "01.05.2024 23:59", "2024-05-01"),
        ((), "2024-05-01T10:00:00.123", "2024-05-01"),
        ((), "2024-04-30T22:30:00Z", "2024-05-01"),
        ((), "2024-05-01T01:00:00+02:00", "2024-05-01"),
        ((), "2024-05-01T01:00:00+0200", "2024-05-01"),
        ((), "2024-05-01T25:00:00Z", "2024-05-01T25:00:00Z"),
        ((), "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        (("dd-mm-yyyy",), "31-12-9999", "9999-12-31"),
        (("dd-mm-yyyy",), "٠١-٠٥-٢٠٢٤", "٠١-٠٥-٢٠٢٤"),
        (("dd-mm-yyyy",), "", ""),
    ],
)
def test_a_day(forms, text, meant):
    assert day(forms)(text) == meant


@pytest.mark.parametrize(
    ("forms", "text", "meant"),
    [
        (("mm-yyyy",), "03-2023", "2023-03"),
        (("mm-yyyy",), "3-2023", "2023-03"),
        (("yyyymm",), "202303", "2023-03"),
        (("yyyyMmm",), "2023M03", "2023-03"),
        (("dd-mm-yyyy",), "01-03-2023", "2023-03"),
        ((), "2023-03-01", "2023-03"),
        ((), "2023-03", "2023-03"),
        (("mm-yyyy",), "marts", "marts"),
    ],
)
def test_a_month(forms, text, meant):
    assert month(forms)(text) == meant


@pytest.mark.parametrize(
    ("marks", "text", "meant"),
    [
        ((",", "."), "1.234,50", "1234.50"),
        ((",", "."), "37,5", "37.5"),
        ((",", "."), "-0,25", "-0.25"),
        ((",", "."), "1.234.567", "1234567"),
        ((",", "."), "1.23,5", "1.23,5"),
        ((",", " "), "1\u00a0234,5", "1234.5"),
        ((".", ","), "1,234.50", "1234.50"),
        ((".", ""), "1,234", "1,234"),
        ((",", ""), "mange", "mange"),
        ((",", ""), ",", ","),
        ((",", ""), ",5", ".5"),
    ],
)
def test_a_number(marks, text, meant):
    assert number(*marks)(text) == meant


@given(
    st.sampled_from([form for form in DATES if form.isalpha() is False]),
    st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)), min_size=1, max_size=40),
)
def test_the_form_that_is_found_reads_the_dates_as_they_were_meant(form, dates):
    # A day beyond 12 tells days from months; eight digits that are two dates could be either.
    dates = [*dates, dt.date(2023, 10, 31)]
    counts = {in_form(form, date): 1 for date in dates}
    found, share = date_form(counts)
    assert share == 1
    read = day((found,))
    assert [read(in_form(form, date)) for date in dates] == [date.isoformat() for date in dates]


@given(st.sampled_from(MONTHS), st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)))
def test_the_form_of_months_that_is_found_reads_them_as_they_were_meant(form, date):
    text = in_form(form, date)
    found, share = month_form({text: 3})
    assert (share, month((found,))(text)) == (1, f"{date:%Y-%m}")


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        (["1.234,50", "7"], (",", ".")),
        (["1,234.50", "7"], (".", ",")),
        (["37.5", "7"], (".", "")),
        (["37,5", "7"], (",", "")),
        (["1 234,5"], (",", " ")),
        (["1.234.567"], (",", ".")),
        (["7", "8"], (",", "")),
        (["syv", "8"], None),
        ([], None),
    ],
)
def test_the_marks_of_numbers_are_found(values, marks):
    assert number_form(values) == marks


@pytest.mark.parametrize("form", ["", "dd-mm", "yyyy", "yyyy-mm-mm", "åååå-mm-dd"])
def test_what_is_no_form_of_a_date_is_refused(form):
    with pytest.raises(ValueError, match="is no form of a date"):
        checked_form(form)
