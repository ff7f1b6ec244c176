"""Which of the figures known the rules look at."""

import datetime as dt

from tests.protection.small import figure
from tilsyn.figures.series import series
from tilsyn.figures.table import table
from tilsyn.rules import Catalogue, follow_up, judge, shipped
from tilsyn.vocabulary import MonthRange

AUGUST = dt.date(2023, 8, 1)


def seen(*figures, **how):
    """Persons with too few and persons, by municipality and group."""
    return {
        (one.area, one.grp): [(m.unmet, m.population) for m in one.months.values()]
        for one in series(table(figures), recent_months=24, **how)
    }


def test_neither_a_split_nor_an_area_above_is_taken_for_the_row_itself():
    whole = figure("unmet", "kontanthjaelp", 40)
    split = figure("population", "kontanthjaelp", 70, visitation="jobparat")
    above = figure("population", "kontanthjaelp", 900, area_kind="country", area="dk")
    assert seen(whole, split, above) == {("183", "kontanthjaelp"): [(40, None)]}


def test_figures_that_ended_long_ago_are_seen_beside_newer_ones_of_another_municipality():
    ended = figure("unmet", "sygedagpenge", 3, month=dt.date(2020, 1, 1))
    newer = figure("unmet", "sygedagpenge", 4, month=AUGUST, area="766")
    assert seen(ended, newer) == {
        ("183", "sygedagpenge"): [(3, None)],
        ("766", "sygedagpenge"): [(4, None)],
    }


def test_a_group_that_has_been_closed_is_not_judged_beside_those_that_go_on():
    rule = shipped()["early_effort"]
    group_by_group = rule.version[0].model_copy(update={"valid_to": None})
    own = Catalogue([rule.model_copy(update={"version": (group_by_group,)})])
    told = {"measure": "conversations_6m"}
    figures = [
        figure(statistic, grp, 50, month=dt.date(2025, month, 1), **told)
        for month in (5, 6, 7, 8)
        for grp in ("sygedagpenge", "uddannelseshjaelp")
        for statistic in ("population", "unmet")
        if grp == "sygedagpenge" or month < 7
    ]
    found = judge(table(figures), on=dt.date(2025, 11, 1), catalogue=own)
    assert [one.grp for one in found] == ["sygedagpenge"]


def test_a_notice_is_answered_by_the_rule_of_its_own_day_also_after_that_has_ended():
    about = {"municipality": "183", "measure": "conversations_6m", "grp": "sygedagpenge"}
    february = {"measure": "conversations_6m", "month": dt.date(2024, 2, 1)}
    known = table(
        figure(name, "sygedagpenge", n, **february)
        for name, n in (("population", 50), ("unmet", 2))
    )
    found = follow_up(
        known,
        on=dt.date(2024, 6, 1),
        letter=dt.date(2023, 11, 13),
        catalogue=shipped(),
        months=MonthRange.parse("2024-02..2024-04"),
        **about,
    )
    assert (found.verdict, found.version.name) == ("restored", "model-a")
