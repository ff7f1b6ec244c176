"""A rule replayed over all months at once says what the judge says month by month."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tilsyn.errors import InputError
from tilsyn.figures.table import Figure, status_of, table
from tilsyn.rules import judge, shipped
from tilsyn.rules.catalogue import changed
from tilsyn.rules.replay import breaches, country, spells
from tilsyn.vocabulary import YearMonth

FIRST = YearMonth(2023, 12)
RULES = {
    "conversations_6m": ("early_effort", dt.date(2022, 5, 15)),
    "offers_6m": ("early_effort", dt.date(2024, 5, 15)),
    "conversations_12m": ("focus_conversations", dt.date(2024, 5, 15)),
}
COUNT = st.one_of(st.none(), st.integers(0, 15))


def figures(measure, months, cells, *, printed):
    """A table of two municipalities: (population, unmet) by area, group and month; None is not known."""
    rows = []
    for (area, grp, n), (population, unmet) in cells.items():
        if unmet is not None and population is not None:
            unmet = min(unmet, population)
        share = None if not population or unmet is None else round(100 * unmet / population, 1)
        values = {"share": share} if printed else {"population": population, "unmet": unmet}
        if printed and population is not None:
            values["population"] = population
        for statistic, value in values.items():
            place = ("municipality", area, grp, "", "", (FIRST + n).first)
            known = (value, status_of(value), "published", "r", dt.date(2030, 1, 1))
            rows.append(Figure(measure, statistic, *place, *known))
    return table(rows)


@settings(max_examples=60, deadline=None)
@given(
    measure=st.sampled_from(sorted(RULES)),
    printed=st.booleans(),
    counts=st.lists(st.tuples(COUNT, COUNT), min_size=84, max_size=84),
    threshold=st.sampled_from([20, 25, 40]),
    smallest=st.sampled_from([1, 5, 10]),
)
def test_replaying_is_judging_every_month(measure, printed, counts, threshold, smallest):
    rule, day = RULES[measure]
    keys = [
        (a, g, n)
        for a in ("101", "183")
        for g in ("total", "sygedagpenge", "a_dagpenge")
        for n in range(14)
    ]
    known = figures(measure, 14, dict(zip(keys, counts, strict=True)), printed=printed)
    rules = changed(shipped(), rule, day, threshold=threshold, smallest_population=smallest)
    version = rules.version(rule, day)
    version = version.model_copy(
        update={"valid_from": dt.date(2000, 1, 1), "valid_to": None, "stale_after_months": 999}
    )
    rules = type(rules)([rules[rule].model_copy(update={"version": (version,)})])
    held = country(known, measure)
    found = {
        (one.municipality, one.grp, one.first + n)
        for one in spells(held, breaches(held, version))
        for n in range(one.months)
    }
    expected = set()
    for n in range(14):
        month = FIRST + n
        until = known.filter(pl.col("month") <= month.first)
        for one in judge(until, on=dt.date(2025, 6, 1), catalogue=rules):
            if one.verdict in ("flagged", "missed", "at_risk") and one.months[-1].month == month:
                expected.add((one.municipality, one.grp, month))
    assert found == expected


def test_breaches_in_a_row_are_one_spell():
    cells = {("101", "total", n): (100, 30 if n in (0, 1, 2, 3, 6) else 10) for n in range(8)}
    known = figures("offers_6m", 8, cells, printed=False)
    version = changed(shipped(), "early_effort", dt.date(2024, 5, 15), months=1).version(
        "early_effort", dt.date(2024, 5, 15)
    )
    held = country(known, "offers_6m")
    found = list(spells(held, breaches(held, version)))
    assert [(one.first, one.months) for one in found] == [(FIRST, 4), (FIRST + 6, 1)]


def test_what_is_not_held_against_months_is_refused():
    held = country(
        figures("offers_6m", 1, {("101", "total", 0): (10, 1)}, printed=False), "offers_6m"
    )
    with pytest.raises(TypeError, match="cannot be replayed"):
        breaches(held, shipped().version("result_goal", dt.date(2023, 12, 1)))


@pytest.mark.parametrize(
    "other", [{"summed": True}, {"share_of": "exempted"}, {"missed_at_most": 0}], ids=str
)
def test_a_reading_that_cannot_be_replayed_is_refused_not_misread(other):
    held = country(
        figures("offers_6m", 1, {("101", "total", 0): (10, 1)}, printed=False), "offers_6m"
    )
    day = dt.date(2024, 5, 15)
    version = changed(shipped(), "early_effort", day, **other).version("early_effort", day)
    with pytest.raises(InputError, match="cannot be replayed"):
        breaches(held, version)
