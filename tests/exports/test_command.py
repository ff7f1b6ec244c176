"""The command: every form of a real document, and nothing measured leaves unprotected."""

import csv
import json

import polars as pl
import pytest

from tests.figures.test_releases import DAY, figure
from tilsyn.figures import release as releases
from tilsyn.figures.reading import read_published
from tilsyn.figures.release import Release
from tilsyn.figures.table import CELL, table


@pytest.fixture
def source(samples):
    return samples / "ishoej-2023-11" / "tables.csv"


def test_every_form_of_a_real_document(tilsyn, source, tmp_path):
    figures = read_published(source).figures
    for form, name in (
        ("tidy", "tidy"),
        ("jsonstat", "cube.json"),
        ("excel", "tables.xlsx"),
        ("kmd", "CD_tal.csv"),
    ):
        ended = tilsyn("figures", "export", source, "--as", form, "--out", tmp_path / name)
        assert ended.code == 0, ended.err
        assert f"{figures.height} figures" in ended.out
    for file in ("tidy/figures.csv", "cube.json", "tables.xlsx"):
        back = read_published(tmp_path / file, published=figures["published"].max()).figures
        told = pl.col("status") != "not_available"
        same = [*CELL, "value", "status"]
        assert (
            back.filter(told)
            .select(same)
            .sort(CELL)
            .equals(figures.filter(told).select(same).sort(CELL))
        ), file


@pytest.fixture
def measured(tmp_path):
    """A release measured from a register, with a count that must not be shown."""
    cells = [("population", 40.0), ("unmet", 2.0), ("share", 5.0)]
    frame = table([figure(value, statistic=name) for name, value in cells])
    frame = frame.with_columns(pl.lit("register").alias("provenance"))
    return releases.write(Release("measured", DAY, frame), tmp_path / "measured")


@pytest.mark.parametrize("form", ["tidy", "jsonstat", "excel", "kmd"])
def test_what_must_be_hidden_is_hidden_in_every_form(tilsyn, measured, tmp_path, form):
    name = {"tidy": "out", "kmd": "CD_out.csv"}.get(form, "out.x")
    ended = tilsyn("figures", "export", measured, "--as", form, "--out", tmp_path / name)
    assert ended.code == 0, ended.err
    if form == "kmd":
        _, own, *rows = csv.reader((tmp_path / name).read_text("utf-8").splitlines(), delimiter=";")
        values = {row[own.index("Statistik")]: row[own.index("Værdi")] for row in rows}
        assert set(values.values()) == {"40", ""}
        return
    file = tmp_path / name / "figures.csv" if form == "tidy" else tmp_path / name
    back = read_published(file, published=DAY).figures
    assert dict(back.select("statistic", "status").rows()) == {
        "population": "value",
        "unmet": "suppressed",
        "share": "suppressed",
    }


def test_within_the_walls_figures_are_exact(tilsyn, measured, tmp_path):
    ended = tilsyn(
        "figures", "export", measured, "--as", "tidy", "--out", tmp_path / "o", "--audience", "own"
    )
    assert ended.code == 0, ended.err
    back = read_published(tmp_path / "o" / "figures.csv").figures
    assert back.filter(pl.col("statistic") == "unmet")["value"].to_list() == [2.0]


def test_for_whom_it_is_stands_beside_it_and_not_how_much_was_hidden(tilsyn, measured, tmp_path):
    tilsyn("figures", "export", measured, "--as", "tidy", "--out", tmp_path / "o")
    tilsyn("figures", "export", measured, "--as", "jsonstat", "--out", tmp_path / "o.json")
    package = json.loads((tmp_path / "o" / "datapackage.json").read_text("utf-8"))
    cube = json.loads((tmp_path / "o.json").read_text("utf-8"))
    for protection in (package["protection"], cube["extension"]["protection"]):
        assert protection == {"audience": "public"}


def test_what_others_were_given_before_is_reckoned_with(tilsyn, measured, tmp_path):
    before = table([figure(2.0, statistic="unmet")])
    given = releases.write(Release("before", DAY, before), tmp_path / "before")
    ended = tilsyn(
        "figures", "export", measured, "--as", "tidy", "--out", tmp_path / "o", "--against", given
    )
    assert ended.code == 0, ended.err
    assert "already public" in ended.err


def test_nothing_to_export_is_an_error(tilsyn, source, tmp_path):
    ended = tilsyn(
        "figures", "export", source, "--as", "tidy", "--out", tmp_path / "o", "-m", "Læsø"
    )
    assert ended.code == 3
    assert "no figures here" in ended.err
    assert not (tmp_path / "o").exists()
