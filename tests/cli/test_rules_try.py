"""Rule sets tried on a country's months."""

import datetime as dt

import pytest

from tilsyn.figures import release
from tilsyn.figures.release import Release
from tilsyn.figures.table import Figure, table
from tilsyn.vocabulary import YearMonth

DAY = dt.date(2023, 12, 1)


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """Ten municipalities of 100 persons whose share is 16, 17 ... 25 % in each of twelve months."""
    codes = ("101", "147", "151", "153", "155", "157", "159", "161", "163", "165")
    rows = [
        Figure("offers_6m", statistic, "municipality", code, "total", "", "",
               (YearMonth(2022, 10) + month).first, float(value), "value", "published", "r", DAY)
        for share, code in enumerate(codes, 16)
        for month in range(12)
        for statistic, value in (("population", 100), ("unmet", share))
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("country") / "release"
    return release.write(Release("release", DAY, table(rows)), folder)


def test_a_set_is_held_beside_the_rules_in_force_and_the_difference_is_named(tilsyn, country):
    ended = tilsyn("rules", "try", country, "--on", DAY, "--set", "early_effort.threshold=23")
    assert ended.code == 0
    lines = [line.split() for line in ended.out.splitlines()]
    starts = (["reglerne", "i"], ["early_effort.threshold=23", "early_effort"])
    mine, theirs = (next(line for line in lines if line[:2] == start) for start in starts)
    assert mine[-5:] == ["5", "5", "2,5", "7,0", "35"]
    assert theirs[-5:] == ["2", "2", "1,0", "7,0", "14"]
    assert "Kun efter reglerne i kraft" in ended.out
    assert ended.out.split("indsats: ")[-1].strip() == "Gentofte, Gladsaxe, Glostrup"


def test_a_grid_counts_every_combination(tilsyn, country, tmp_path):
    grid = "early_effort.threshold=20..24/2,smallest_population=10,101"
    ended = tilsyn("rules", "try", country, "--on", DAY, "--grid", grid)
    cells = [
        line.split() for line in ended.out.splitlines() if line.strip()[:2] in ("20", "22", "24")
    ]
    assert cells == [["20", "5", "0"], ["22", "3", "0"], ["24", "1", "0"]]
    file = tmp_path / "grid.csv"
    assert tilsyn("rules", "try", country, "--on", DAY, "--grid", grid, "--out", file).code == 0
    assert file.read_text("utf-8-sig").splitlines()[1] == "20;5;0"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "early_effort"), "write it as early_effort.threshold=25"),
        (("--set", "early_effort.treshold=25"), "has no 'treshold' to change"),
        (("--set", "early_effort.threshold=300"), "threshold"),
        (("--set", "no_rule.threshold=3"), "no rule 'no_rule'"),
        (("--grid", "early_effort.threshold=20..24"), "name two keys"),
        (("--months", "2030-01..2030-02"), "no figures here that a rule in force"),
    ],
)
def test_what_cannot_be_tried_is_one_line(tilsyn, country, words, said):
    ended = tilsyn("rules", "try", country, "--on", DAY, *words)
    assert ended.code in (2, 3)
    assert said in ended.err and ended.err.count("\n") == 1
