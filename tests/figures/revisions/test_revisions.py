"""How figures settle over releases, and what the newest months will probably do."""

import csv
import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.figures.test_releases import figure
from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.revisions import ENOUGH, movements, newest, summary, triangle
from tilsyn.figures.table import table
from tilsyn.figures.vintages import moved
from tilsyn.vocabulary import MUNICIPALITIES

APRIL = dt.date(2023, 4, 1)
JUNE, SEPTEMBER, NOVEMBER = dt.date(2023, 6, 5), dt.date(2023, 9, 4), dt.date(2023, 11, 1)
AREAS = MUNICIPALITIES.codes


def vintages(*values, **other):
    days = (JUNE, SEPTEMBER, NOVEMBER)
    return [
        figure(value, published=day, status="suppressed" if value is None else "value", **other)
        for day, value in zip(days, values, strict=False)
    ]


def test_the_triangle_of_a_cell():
    found = triangle(table(vintages(142.0, 142.0, 141.0)))
    assert found.select("published", "age", "value", "change", "moved").rows() == [
        (JUNE, 2, 142.0, None, False),
        (SEPTEMBER, 5, 142.0, 0.0, False),
        (NOVEMBER, 7, 141.0, -1.0, True),
    ]


def test_a_number_that_becomes_hidden_has_moved_by_no_amount():
    found = triangle(table(vintages(3.0, None, 4.0)))
    assert found.select("change", "moved").rows() == [(None, False), (None, True), (None, True)]


def test_cells_do_not_mix():
    found = triangle(table(vintages(10.0, 20.0) + vintages(5.0, 5.0, grp="sygedagpenge")))
    assert found.filter(pl.col("moved"))["grp"].to_list() == ["total"]


def history(cells, first=100.0, last=90.0, **other):
    return [f for area in AREAS[:cells] for f in vintages(first, last, area=area, **other)]


def test_enough_history_gives_median_and_interval():
    (movement,) = movements(table(history(ENOUGH)))
    assert (movement.age, movement.cells, movement.enough) == (2, ENOUGH, True)
    assert movement.unit == "per cent"
    assert movement.median == pytest.approx(-10)
    assert movement.expected(50.0) == pytest.approx((45, 45, 45))


def test_too_little_history_says_so_and_nothing_else():
    (movement,) = movements(table(history(ENOUGH - 1)))
    assert (movement.enough, movement.median, movement.low, movement.high) == (False, *[None] * 3)
    with pytest.raises(ValueError, match="too little history"):
        movement.expected(50.0)


def test_one_release_is_no_history():
    assert movements(table([figure()])) == []
    assert movements(table([])) == []


def test_shares_move_in_percentage_points_and_stay_shares():
    (movement,) = movements(table(history(ENOUGH, 25.0, 22.0, statistic="share")))
    assert (movement.unit, movement.median) == ("points", -3.0)
    assert movement.expected(2.0) == (0.0, 0.0, 0.0)


def test_eighty_per_cent_of_the_movements_lie_within():
    cells = [
        f
        for i, area in enumerate(AREAS[:50])
        for f in vintages(20.0, 20.0 - i / 10, area=area, statistic="share")
    ]
    (movement,) = movements(table(cells))
    within = [i for i in range(50) if movement.low <= -i / 10 <= movement.high]
    assert len(within) == 40


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=1, max_size=90))
def test_the_interval_holds_the_median(pairs):
    cells = [
        f
        for area, (a, b) in zip(AREAS, pairs, strict=False)
        for f in vintages(float(a), float(b), area=area)
    ]
    for movement in movements(table(cells)):
        assert movement.cells == len(pairs)
        if movement.enough:
            assert movement.low <= movement.median <= movement.high


def test_the_newest_months_stand_with_where_they_will_settle():
    figures = table(
        [*history(ENOUGH), figure(60.0, month=dt.date(2023, 7, 1), published=SEPTEMBER)]
    )
    (row,) = newest(figures, movements(figures)).filter(pl.col("month") > APRIL).rows(named=True)
    assert (row["age"], row["value"], row["cells"]) == (2, 60.0, ENOUGH)
    assert row["expected"] == pytest.approx(54)


def test_the_summary_counts_ups_and_downs():
    old = table([figure(10.0, grp="a_dagpenge"), figure(10.0), figure(5.0, grp="sygedagpenge")])
    new = table([figure(14.0, grp="a_dagpenge"), figure(9.0), figure(5.0, grp="sygedagpenge")])
    (row,) = summary(moved(old, new)).rows(named=True)
    assert (row["cells"], row["up"], row["down"], row["median"], row["largest"]) == (
        2,
        1,
        1,
        2.5,
        4,
    )


@pytest.fixture
def folder(tmp_path):
    """Three releases of twenty municipalities, each month published again later."""
    for at, day in enumerate((JUNE, SEPTEMBER, NOVEMBER)):
        cells = [
            figure(
                30.0 - at if month == 4 else 20.0,
                area=area,
                statistic="share",
                month=dt.date(2023, month, 1),
                published=day,
            )
            for area in AREAS[:20]
            for month in range(1, 5 + 2 * at)
        ]
        name = f"r{day:%Y-%m}"
        releases.write(Release(name, day, table(cells)), tmp_path / "releases" / name)
    return tmp_path / "releases"


def test_the_command_shows_triangle_habit_and_expectation(tilsyn, folder):
    ended = tilsyn(
        "figures", "revisions", folder, "--measure", "conversations_12m", "-m", "København",
        "--language", "en",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert "2023-06-05" in ended.out and "2023-11-01" in ended.out
    assert "29.0% (−1.0)" in ended.out
    assert "2 months old: usually moves −2.0 percentage points" in ended.out
    assert "Jul 2023: 20.0% now, will probably settle at 20.0% (20.0% to 20.0%)" in ended.out
    told = tilsyn(
        "figures", "revisions", folder, "--measure", "conversations_12m", "-m", "101",
        "--format", "json",
    ).json  # fmt: skip
    assert {"triangle", "movements", "newest"} <= told.keys()
    assert told["newest"][-1]["month"] == "2023-08-01"


def test_the_triangle_as_csv(tilsyn, folder):
    ended = tilsyn(
        "figures", "revisions", folder, "--measure", "conversations_12m", "-m", "101",
        "--format", "csv",
    )  # fmt: skip
    found = list(csv.DictReader(ended.out.splitlines()))
    assert len(found) == 4 + 6 + 8
    assert found[0]["published"] == "2023-06-05"


def test_too_little_history_is_said(tilsyn, folder):
    ended = tilsyn(
        "figures", "revisions", folder / "r2023-06", "--measure", "conversations_12m", "-m", "101"
    )
    assert "Too little history: no figure here was published twice." in ended.out


def test_a_folder_is_walked_release_by_release(tilsyn, folder):
    told = tilsyn("figures", "diff", folder, "--format", "json").json
    assert [(step["before"], len(step["moved"])) for step in told] == [
        ("r2023-06 (2023-06-05)", 20),
        ("r2023-09 (2023-09-04)", 20),
    ]
    (row,) = told[0]["summary"]
    assert (row["cells"], row["down"], row["largest"]) == (20, 20, 1.0)
    shown = tilsyn("figures", "diff", folder, "-l", "en")
    assert "20 cells moved" in shown.out
    assert "20 (0 up, 20 down, at most by 1.0)" in shown.out


def test_two_sides_are_laid_beside_each_other(tilsyn, folder):
    told = tilsyn("figures", "diff", folder / "r2023-06", folder, "--format", "json").json
    assert {cell["change"] for cell in told["moved"]} == {-2.0}


def test_one_release_alone_has_nothing_to_be_compared_with(tilsyn, folder):
    ended = tilsyn("figures", "diff", folder / "r2023-06")
    assert ended.code == 3
    assert "name a second one" in ended.err


def test_the_chart_of_register_figures_shows_others_what_they_may_see(tilsyn, tmp_path):
    def share(value, day):
        own = {"provenance": "register", "published": day, "status": "value"}
        counts = [
            figure(n, statistic=s, **own) for s, n in (("population", 40.0), ("unmet", value))
        ]
        return [figure(value / 0.4, statistic="share", **own), *counts]

    for day, value in ((JUNE, 1.0), (SEPTEMBER, 2.0)):
        name = f"r{day}"
        releases.write(Release(name, day, table(share(value, day))), tmp_path / "all" / name)
    asked = ("figures", "revisions", tmp_path / "all", "--measure", "conversations_12m")
    ended = tilsyn(*asked, "--chart", tmp_path / "shown.svg")
    assert ended.code == 3 and "no number to draw" in ended.err
    assert not (tmp_path / "shown.svg").exists()
    tilsyn(*asked, "--chart", tmp_path / "own.svg", "--audience", "own")
    assert "<svg" in (tmp_path / "own.svg").read_text("utf-8")
