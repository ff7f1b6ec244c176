"""Judging on every day, and side by side by what a rule leaves open."""

import datetime as dt

import polars as pl
import pytest

from tests.rules.test_readings import MEASURE, ON, month
from tilsyn.figures import release
from tilsyn.figures.release import Release
from tilsyn.rules.examples import read_table


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Two persons who lack the effort without a decision, and one group over its line."""
    drawn = read_table(month((100, 20, 2), (80, 10, 0), (20, 10, 2)), MEASURE)
    figures = drawn.with_columns(pl.lit(dt.date(2027, 3, 1)).alias("published"))
    folder = tmp_path_factory.mktemp("reform") / "release"
    return release.write(Release("release", dt.date(2027, 3, 1), figures), folder)


def test_every_reading_stands_beside_the_others_with_what_is_not_confirmed(tilsyn, measured):
    ended = tilsyn("judge", measured, "--on", ON, "--readings")
    assert ended.code == 0
    line = next(row for row in ended.out.splitlines() if "hver måned" in row)
    assert [cell.strip() for cell in line.split("   ") if cell.strip()][-3:] == [
        "opfyldt",
        "ikke opfyldt",
        "ikke opfyldt (Ledighedsydelse)",
    ]
    assert "VEJ 9117" in ended.err


@pytest.mark.parametrize(
    "day", ["2020-01-01", "2022-05-15", "2023-12-01", "2026-03-01", "2026-11-30"]
)
def test_every_day_since_2020_is_answered_and_what_is_not_in_force_is_said(tilsyn, samples, day):
    table = samples / "hedensted-2022-05" / "tables.csv"
    ended = tilsyn("judge", table, "--on", day, "--known-on", "2026-11-30")
    assert ended.code == 0
    assert f"not in force on {day}: " in ended.err
