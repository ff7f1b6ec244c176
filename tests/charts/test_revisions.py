"""A revision triangle drawn: a line for each release, the last one heavy, hidden values no line."""

import datetime as dt

import pytest
from tests.figures.test_releases import figure

from tilsyn.charts import draw, drawn_as
from tilsyn.charts.revisions import revisions
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.revisions import triangle
from tilsyn.figures.table import table
from tilsyn.vocabulary import YearMonth

DAYS = [dt.date(2023, month, 1) for month in range(4, 12)]
MARCH, APRIL = dt.date(2023, 3, 1), dt.date(2023, 4, 1)


def share(month, day, value):
    return figure(
        value,
        statistic="share",
        month=month,
        published=day,
        status="value" if value else "suppressed",
    )


def drawn(*figures):
    return revisions(triangle(table(list(figures))), "da", "Andel")


def test_each_of_the_latest_releases_is_a_line_named_by_its_day():
    lines = drawn(*(share(MARCH, day, 20.0 + place) for place, day in enumerate(DAYS)))
    assert [(one.name, one.values, one.total) for one in lines.series] == [
        (f"udgivet 1. {name} 2023", (22.0 + place,), name == "november")
        for place, name in enumerate(["juni", "juli", "august", "september", "oktober", "november"])
    ]


def test_a_month_that_a_release_hides_or_lacks_breaks_its_line():
    lines = drawn(
        share(MARCH, DAYS[1], 20.0),
        share(APRIL, DAYS[1], None),
        share(MARCH, DAYS[2], 21.0),
        share(APRIL, DAYS[2], 22.0),
    )
    assert lines.months == (YearMonth(2023, 3), YearMonth(2023, 4))
    assert [one.values for one in lines.series] == [(20.0, None), (21.0, 22.0)]


def test_where_nothing_is_shown_nothing_is_drawn():
    with pytest.raises(InputError, match="no number to draw"):
        drawn(share(MARCH, DAYS[0], None))


def test_a_picture_is_written_in_three_forms_and_no_other():
    picture = draw(drawn(share(MARCH, DAYS[0], 20.0)).spec("da"), "da")
    begins = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}
    assert {form: drawn_as(form, picture)[: len(b)] for form, b in begins.items()} == begins
    with pytest.raises(UsageError, match="not 'gif'"):
        drawn_as("gif", picture)
