"""What protect and audit rely on is the same, and holds: splits, measures over the same persons, what fails."""

import random

import polars as pl
import pytest
from bench.country import country

from tests.protection.small import MONTH, figure
from tilsyn.figures.release import Manifest, Release, read, write
from tilsyn.figures.table import CELL, table
from tilsyn.protection import (
    Discretion,
    Door,
    audit,
    dropped,
    failing,
    known_by_neighbours,
    protected,
)
from tilsyn.protection.relations import FAMILY, relations
from tilsyn.vocabulary import MEASURES

SISTERS = ("conversations_12m", "offers_12m")


UNMET = {"conversations_12m": "0123", "offers_12m": "0"}


def row(measure, grp, persons, *, visitation=""):
    """A row's figures, from persons by number."""
    told = {"measure": measure, "visitation": visitation, "provenance": "register"}
    numbers = dict.fromkeys(MEASURES[measure].categories, 0) | persons
    unmet = sum(persons.get(category, 0) for category in UNMET[measure])
    yield figure("population", grp, sum(persons.values()), **told)
    yield figure("unmet", grp, unmet, **told)
    for category, n in numbers.items():
        yield figure("persons", grp, n, category=category, **told)


def sisters(conversations, offers):
    """Both 12-month measures: persons by number by group, and the row over all groups."""
    found = []
    for measure, groups in zip(SISTERS, (conversations, offers), strict=True):
        total = {}
        for grp, persons in groups.items():
            found += row(measure, grp, persons)
            total = {c: total.get(c, 0) + persons.get(c, 0) for c in {*total, *persons}}
        found += row(measure, "total", total)
    return table(found)


FIVE = sisters(
    {"a_dagpenge": {"0": 1, "5+": 2}, "kontanthjaelp": {"0": 1, "5+": 1}},
    {"a_dagpenge": {"0": 1, "1": 1, "2+": 1}, "kontanthjaelp": {"0": 1, "1": 1}},
)
"""Five persons in all, the same in both measures."""


def each_alone(exact):
    """Protected as if the other measure did not exist."""
    parts = exact.partition_by("measure", maintain_order=True)
    return pl.concat([protected(part).figures for part in parts])


def wrong(found, exact):
    """The intervals of counts that the true number does not lie in."""
    true = {told[:-1]: told[-1] for told in exact.select(*CELL, "value").iter_rows()}
    return [
        one
        for one in found
        if one.figure.statistic != "share"
        and not one.low <= true[one.figure.cell] <= (one.high or float("inf"))
    ]


def computed(found):
    return [one for one in found if one.exact]


def given_back(found):
    """The small counts that can be computed; larger ones are hidden for their sake."""
    return [one for one in computed(found) if one.figure.statistic != "share" and 0 < one.low < 3]


def of_release(made):
    """What a protected release's manifest says does not hold."""
    published = made.figures["published"][0]
    return failing([Manifest(id="public", published=published, source=(), **made.record())])


# --- measures over the same persons ---------------------------------------------------------------


def test_what_one_measure_shows_of_the_persons_another_hides_is_found():
    small = (pl.col("statistic") != "share") & pl.col("value").is_between(1, 2)
    whole = (pl.col("statistic") == "population") & (pl.col("grp") == "total")
    gone = small | (pl.col("statistic") == "persons")
    gone |= whole & (pl.col("measure") == "offers_12m")
    shown = FIVE.with_columns(
        pl.when(gone).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(gone).then(pl.lit("suppressed")).otherwise(pl.col("status")).alias("status"),
    )
    found = audit(shown)
    assert not wrong(found, FIVE)
    (five,) = [one for one in computed(found) if one.figure.cell[1:5:3] == ("population", "total")]
    assert five.low == 5
    assert five.derivation["en"] == "the same persons as Conversations, long-term: 5"


def test_measures_over_the_same_persons_are_protected_together():
    made = protected(FIVE)
    assert not made.broken
    assert not given_back(audit(made.figures))
    assert not given_back(audit(made.figures, exact=FIVE))
    door = Door(FIVE).shown().figures
    assert door.sort(CELL).equals(made.figures.sort(CELL))


@pytest.mark.parametrize("seed", range(20))
def test_no_count_follows_from_the_other_measure_in_random_tables(seed):
    chance = random.Random(seed)

    def persons(measure, n):
        found = {}
        for _ in range(n):
            category = chance.choice(MEASURES[measure].categories)
            found[category] = found.get(category, 0) + 1
        return found

    sizes = {grp: chance.randrange(12) for grp in ("a_dagpenge", "sygedagpenge", "kontanthjaelp")}
    exact = sisters(*({grp: persons(m, n) for grp, n in sizes.items()} for m in SISTERS))
    found = audit(protected(exact).figures)
    assert not given_back(found) and not wrong(found, exact)
    assert not wrong(audit(each_alone(exact)), exact)


def test_where_somebody_is_exempted_nothing_is_claimed_of_the_others():
    # One in sygedagpenge is exempted from offers, and one in kontanthjaelp whom nobody sees.
    exact = sisters(
        {"sygedagpenge": {"0": 5, "5+": 40}, "kontanthjaelp": {"0": 1, "5+": 1}},
        {"sygedagpenge": {"0": 4, "2+": 40}, "kontanthjaelp": {"2+": 1}},
    )
    # As a publisher shows them who hides the small counts alone.
    small = (pl.col("statistic") != "share") & pl.col("value").is_between(1, 2)
    shown = exact.with_columns(
        pl.when(small).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(small).then(pl.lit("suppressed")).otherwise(pl.col("status")).alias("status"),
    )
    assert not wrong(audit(shown), exact)
    assert dropped(shown)["same"] >= 1
    made = protected(exact)
    assert made.broken["offers_12m", "same"] == 3
    for known in ({"failing": of_release(made)}, {"exact": exact}, {}):
        found = audit(made.figures, **known)
        assert not wrong(found, exact) and not given_back(found)


def test_nothing_is_claimed_of_measures_of_which_no_population_is_seen_in_both():
    offers = (pl.col("measure") == "offers_12m") & (pl.col("statistic") == "population")
    exact = sisters({"sygedagpenge": {"0": 1, "5+": 9}}, {"sygedagpenge": {"0": 4, "2+": 5}})
    shown = exact.with_columns(
        pl.when(offers).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(offers).then(pl.lit("suppressed")).otherwise(pl.col("status")).alias("status"),
    )
    printed = shown.with_columns(provenance=pl.lit("published"))
    assert not wrong(audit(printed, discretion=Discretion(larger=True)), exact)


def test_a_country_in_which_nobody_is_exempted_gives_nothing_back():
    exact = country(municipalities=3, exempted=False)
    exact = exact.filter(pl.col("measure").is_in(SISTERS), pl.col("area_kind") != "region")
    made = protected(exact)
    assert not made.broken and made.hidden["primary"] > 10
    assert not given_back(audit(made.figures))
    assert not known_by_neighbours(made.figures, exact)


# --- splits by visitation -------------------------------------------------------------------------


def split(*, stated):
    """Cash benefit with a split that adds up, sickness benefit with one of some of its persons."""
    parts = {
        ("kontanthjaelp", "jobparat"): {"0": 2, "1": 9},
        ("kontanthjaelp", "uoplyst"): {"0": 1, "2+": 4},
        ("sygedagpenge", "jobparat"): {"1": 7, "2+": 5},
    }
    whole = {
        "kontanthjaelp": {"0": 3 if stated else 5, "1": 9, "2+": 4},
        "sygedagpenge": {"0": 1, "1": 9, "2+": 6},
    }
    found = []
    for (grp, visitation), persons in parts.items():
        found += row("offers_12m", grp, persons, visitation=visitation)
    for grp, persons in whole.items():
        found += row("offers_12m", grp, persons)
    found += row("offers_12m", "total", {"0": 2, "1": 16, "2+": 5}, visitation="jobparat")
    found += row("offers_12m", "total", {"0": 1, "2+": 4}, visitation="uoplyst")
    total = {c: sum(persons[c] for persons in whole.values()) for c in ("0", "1", "2+")}
    found += row("offers_12m", "total", total)
    return table(found)


def test_a_groups_split_adds_up_and_the_totals_need_not():
    exact = split(stated=True)
    made = protected(exact)
    assert not made.broken
    found = audit(made.figures)
    assert found and not given_back(found) and not wrong(found, exact)


def test_a_split_that_does_not_add_up_is_reported_and_nothing_wrong_claimed(tilsyn, tmp_path):
    exact = split(stated=False)
    made = protected(exact)
    assert made.broken == {("offers_12m", "visitation"): 3}
    assert of_release(made) == {("offers_12m", "visitation")}
    for known in ({"failing": of_release(made)}, {"exact": exact}):
        found = audit(made.figures, **known)
        assert found and not given_back(found) and not wrong(found, exact)
    assert dropped(made.figures, exact=exact) == {"visitation": 3}
    measured = write(Release("measured", exact["published"][0], exact), tmp_path / "measured")
    ended = tilsyn("figures", "protect", measured, "--out", tmp_path / "public")
    assert "the split by visitation (3)" in ended.err
    assert read(tmp_path / "public").extra["protection"]["failing"] == {
        "offers_12m": ["visitation"]
    }
    ended = tilsyn("figures", "audit", tmp_path / "public")
    assert ended.out.startswith("0 of ") and "visitation" in ended.err
    ended = tilsyn("figures", "audit", tmp_path / "public", "--insiders", measured)
    assert ended.out.startswith("0 of ") and "the split by visitation (3)" in ended.err


def test_who_knows_that_a_split_falls_short_computes_no_more():
    # Of ten 8 + 1 are in the split: who reads that it falls short would know that 8 + . is 9 at most.
    told = {"measure": "durations", "provenance": "register"}
    exact = table(
        figure("population", "kontanthjaelp", n, visitation=visitation, **told)
        for visitation, n in (("", 10), ("jobparat", 8), ("aktivitetsparat", 1))
    )
    made = protected(exact)
    assert of_release(made) == {("durations", "visitation")}
    assert made.figures.filter(pl.col("value") > 2).height < 2


def test_where_everybody_of_a_group_is_in_one_category_the_two_rows_tell_each_other():
    persons = {"0": 4, "1": 1, "2+": 9}
    exact = table(
        [
            *row("offers_12m", "sygedagpenge", persons),
            *row("offers_12m", "sygedagpenge", persons, visitation="jobparat"),
        ]
    )
    loose = (pl.col("visitation") == "") & pl.col("category").is_in(["0", "1"])
    shown = exact.with_columns(
        pl.when(loose).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(loose).then(pl.lit("suppressed")).otherwise(pl.col("status")).alias("status"),
    )
    assert [one.low for one in computed(audit(shown))] == [4, 1]
    assert not given_back(audit(protected(exact).figures))


def test_a_category_with_an_open_end_is_the_sum_it_is():
    told = {"measure": "conversations_6m"}
    numbers = {"0": None, "1": 4, "2": 9, "3+": 25}
    printed = table(
        [
            figure("population", "a_dagpenge", 40, **told),
            *(figure("persons", "a_dagpenge", n, category=c, **told) for c, n in numbers.items()),
        ]
    )
    assert [one.low for one in audit(printed)] == [2]


@pytest.mark.parametrize(
    ("measure", "grp", "same"),
    [("offers_12m", "total", 1), ("offers_6m", "a_dagpenge", 1), ("offers_6m", "total", 0)],
)
def test_a_row_over_all_groups_counts_the_same_persons_only_where_the_groups_are_the_same(
    measure, grp, same
):
    cells = [
        (one, "population", "municipality", "183", grp, "", "", MONTH)
        for one in (FAMILY[measure], measure)
    ]
    found = relations({cell: i for i, cell in enumerate(cells)})
    assert sum(one.kind == "same" for one in found) == same
