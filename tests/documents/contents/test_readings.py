"""What is read of a table with hidden numbers holds whatever they are."""

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protection.small import figure
from tilsyn.documents.contents.sentences_readings import (
    FEWEST,
    counts,
    lacking,
    persons_by_number,
    shares,
    visitation,
)
from tilsyn.figures.grid import by_category, by_month, by_visitation
from tilsyn.figures.table import table
from tilsyn.vocabulary import ROWS, MonthRange, YearMonth

FIRST, LAST = dt.date(2023, 7, 1), dt.date(2023, 8, 1)
SPAN = MonthRange(YearMonth.of(FIRST), YearMonth.of(LAST))
GROUPS = ("a_dagpenge", "kontanthjaelp", "uddannelseshjaelp", "total")


def unmet(sizes, provenance, *, before=(1, 2, 3, 6)):
    """What is read of persons by group in two months."""
    told = {"measure": "conversations_12m", "provenance": provenance}
    figures = [
        figure("unmet", grp, n, month=month, **told)
        for month, numbers in ((FIRST, before), (LAST, sizes))
        for grp, n in zip(GROUPS, numbers, strict=True)
    ]
    return counts(by_month(table(figures), "conversations_12m", "unmet"), SPAN, "da")


def none(sizes, provenance):
    """What is read of persons without an offer by group."""
    figures = [
        figure("persons", grp, n, category="0", provenance=provenance)
        for grp, n in zip(GROUPS, sizes, strict=True)
    ]
    grid = by_category(table(figures), "offers_6m", "persons", YearMonth.of(LAST))
    return lacking(grid, "da")


@pytest.mark.parametrize("provenance", ["published", "register"])
def test_where_all_is_shown_the_large_groups_are_told(provenance):
    facts = unmet((10, 60, 30, 100), provenance).facts
    assert (facts["part"], facts["large"], facts["others"]) == (Fraction(3, 5), 2, 1)
    facts = none((10, 60, 30, 100), provenance).facts
    assert (facts["none_part"], facts["none_large"]) == (Fraction(3, 5), 1)


def test_a_hidden_number_of_ours_may_be_the_largest():
    assert unmet((10, None, 30, 100), "register").facts["part"] is None
    assert unmet((10, None, 30, 100), "register").facts["large"] is None
    facts = none((10, None, 30, 100), "register").facts
    assert (facts["none_part"], facts["none_large"]) == (None, None)
    # Nor is anything said of the parts of a whole that is hidden itself.
    assert none((None, 60, 30, None), "register").facts["none_part"] is None


def test_what_the_shown_ones_leave_may_be_too_little():
    facts = unmet((None, 60, 30, 100), "register").facts
    assert (facts["part"], facts["large"]) == (Fraction(3, 5), 2)
    facts = unmet((None, 45, 30, 100), "register").facts
    assert (facts["part"], facts["large"]) == (Fraction(9, 20), None)
    assert none((None, 60, 30, 100), "register").facts["none_part"] == Fraction(3, 5)


def test_a_publishers_hidden_number_is_at_most_two():
    facts = unmet((10, None, 30, 100), "published").facts
    assert (facts["part"], facts["large"]) == (Fraction(3, 10), 1)
    assert none((10, None, 30, 100), "published").facts["none_part"] == Fraction(3, 10)


HALF_YEAR = MonthRange(YearMonth(2023, 3), YearMonth(2023, 8))
JUDGED = SimpleNamespace(
    threshold=20,
    over=lambda share: share is not None and share > 20,
    verdict="missed",
    reason="",
    mean=None,
    persistence=0,
    span=tuple(HALF_YEAR),
    months=(),
    sentence={},
)
"""What is read of a judgement, by the line of 20 per cent."""


@pytest.mark.parametrize(
    ("values", "run", "since"),
    [
        ((21, 22, 23, 24, 25, 26), 6, "marts 2023"),
        ((21, 22, 23, None, 25, 26), 2, "juli 2023"),
        ((21, 19, 23, 24, 25, None), 3, "maj 2023"),
        ((26, 25, 24, 23, 22, 19), 0, None),
    ],
)
def test_a_run_ends_at_a_month_nothing_is_known_of(values, run, since):
    figures = [
        figure("share", "total", n, month=month.first, measure="conversations_12m")
        for month, n in zip(HALF_YEAR, values, strict=True)
    ]
    grid = by_month(table(figures), "conversations_12m", "share")
    read = shares(grid, HALF_YEAR, JUDGED, "da")
    told = read.slots["since"]
    assert (read.facts["run"], told and told.replace("\N{NO-BREAK SPACE}", " ")) == (run, since)


def test_nothing_is_said_of_how_a_group_grew_that_we_hid():
    after = (10, 60, 30, 100)
    ours = unmet(after, "register", before=(1, None, 3, 70))
    theirs = unmet(after, "published", before=(1, None, 3, 6))
    assert ours.slots["driver"] != theirs.slots["driver"] == "kontanthjælpsmodtagere"
    assert theirs.slots["driver_from"] == "højst to"
    assert "højst to" not in ours.slots.values()


SIZES = st.lists(st.integers(0, 30), min_size=3, max_size=3)


@given(SIZES)
def test_only_a_group_larger_than_every_other_is_called_the_largest(sizes):
    facts = none((*sizes, sum(sizes)), "published").facts
    *others, most = sorted(sizes)
    alone = most > 0 and most not in others
    assert (facts["none_part"] is not None) == alone
    assert (unmet((*sizes, sum(sizes)), "published").facts["part"] is not None) == alone


@given(SIZES)
def test_a_handful_is_not_called_a_large_group(sizes):
    told = unmet((*sizes, sum(sizes)), "published").slots["large_groups"]
    named = {ROWS[grp].counted(n, "da") for grp, n in zip(GROUPS, sizes, strict=False)}
    large = {
        ROWS[grp].counted(n, "da")
        for grp, n in zip(GROUPS, sizes, strict=False)
        if n >= FEWEST and 5 * n >= sum(sizes)
    }
    assert {text for text in named if told and text in told} == large


@pytest.mark.parametrize(
    ("count", "da", "en"),
    [
        (1, "1 borger i jobafklaringsforløb", "1 person in a job clarification course"),
        (2, "2 borgere i jobafklaringsforløb", "2 persons in a job clarification course"),
    ],
)
def test_one_person_is_told_in_the_singular(count, da, en):
    group = ROWS["jobafklaringsforloeb"]
    told = [group.counted(count, language).replace("\xa0", " ") for language in ("da", "en")]
    assert told == [da, en]


def had(numbers):
    """What is read of how many conversations those had who had too few (none, one, two, three)."""
    told = {"measure": "conversations_12m", "provenance": "published", "month": LAST}
    figures = [
        figure("persons", grp, n, category=str(category), **told)
        for grp in ("kontanthjaelp", "total")
        for category, n in enumerate(numbers)
    ]
    figures += [figure("unmet", grp, sum(numbers), **told) for grp in ("kontanthjaelp", "total")]
    of, last = table(figures), YearMonth.of(LAST)
    grid = by_category(of, "conversations_12m", "persons", last)
    short = by_month(of, "conversations_12m", "unmet")
    return persons_by_number(grid, short, last, ("0", "1", "2", "3"), "da")


@pytest.mark.parametrize(
    ("numbers", "most"),
    [
        ((2, 3, 20, 30), "to eller tre"),
        ((0, 0, 9, 0), "to"),  # nobody had none
        ((10, 10, 10, 0), None),  # any two of three
    ],
)
def test_only_numbers_that_somebody_had_and_no_tie_are_told(numbers, most):
    read = had(numbers)
    assert (read.slots["most_had"] if read.facts["most"] else None) == most


@pytest.mark.parametrize(
    ("numbers", "told"), [((1, 4), "4 aktive og 1 job"), ((2, 1), "2 jobe og 1 aktiv")]
)
def test_persons_by_visitation_are_told_by_how_many_they_are(numbers, told):
    of = {"measure": "conversations_12m", "provenance": "published", "month": LAST}
    figures = [
        figure("unmet", "kontanthjaelp", n, visitation=v, **of)
        for v, n in zip(("jobparat", "aktivitetsparat"), numbers, strict=True)
    ]
    grid = by_visitation(table(figures), "conversations_12m", "unmet", "kontanthjaelp")
    read = visitation(
        grid, sum(numbers), "kontanthjaelp", YearMonth.of(LAST),
        lambda code, count: code.removesuffix("itetsparat").removesuffix("parat") + "e" * (count > 1), "da",
    )  # fmt: skip
    assert read.slots["split"] == told
