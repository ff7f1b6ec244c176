"""Hidden numbers told together stand in every export, and read back."""

import datetime as dt
import json
import zipfile

import polars as pl
import pytest
from bench.country import country
from jsonstat_validator import validate_jsonstat
from polars.testing import assert_frame_equal

from tests.protection.small import MONTH, figure
from tilsyn.errors import InputError
from tilsyn.exports import write_excel, write_jsonstat, write_kmd, write_tidy
from tilsyn.exports.excel import fits
from tilsyn.figures.anomalies import find
from tilsyn.figures.grid import across
from tilsyn.figures.reading import read_published
from tilsyn.figures.table import CELL, is_range, ordered, table
from tilsyn.protection import OWN, Door, Parameters, for_audience

DAY = dt.date(2023, 11, 1)


@pytest.fixture(scope="module")
def shown():
    """Three municipalities as others see them, hidden numbers told together."""
    exact = country(municipalities=3, areas=False)
    return Door(exact, parameters=Parameters(coarsen=True)).shown()


def test_tables_for_programs_have_them_as_cells(shown, tmp_path):
    assert shown.figures.filter(is_range()).height > 10
    file = write_jsonstat(shown, tmp_path / "out.json")
    assert validate_jsonstat(json.loads(file.read_text(encoding="utf-8")))
    for written in (file, write_tidy(shown, tmp_path / "out") / "figures.csv"):
        assert_frame_equal(ordered(read_published(written).figures), ordered(shown.figures))
    lines = write_kmd(shown, tmp_path / "CD_out.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2 + shown.figures.height


def test_the_letters_layout_has_a_wide_cell_and_reads_back(shown, tmp_path):
    file = tmp_path / "out.xlsx"
    kept = fits(ordered(shown.figures)).filter(pl.col("status") != "not_available")
    left_out = shown.figures.height - fits(shown.figures).height
    assert write_excel(shown, file) == left_out
    with zipfile.ZipFile(file) as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets" in name]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "betyder, at kolonnerne er talt sammen: i alt" in texts
    wide = sum(sheet.count(b"<mergeCell ref=") for sheet in sheets)
    assert wide == kept.filter(is_range()).height > 10
    back = read_published(file, published=DAY).figures
    told = pl.col("status") != "not_available"
    assert_frame_equal(
        back.filter(told).select(*CELL, "value", "status").sort(CELL),
        kept.select(*CELL, "value", "status").sort(CELL),
    )


def test_what_we_hid_and_told_together_is_no_anomaly(shown):
    assert find(shown.figures) == ()
    # Where a publisher hides counts up to two, the same totals would not add up.
    printed = shown.figures.with_columns(pl.lit("published").alias("provenance"))
    assert "total_unexplained" in {one.kind for one in find(printed)}
    only = printed.filter(is_range())
    assert only.height and find(only) == ()


def row(cells, **more):
    """A row by category."""
    return {c: figure("persons", "a_dagpenge", n, category=c, **more) for c, n in cells.items()}


def test_a_range_stands_over_the_numbers_it_tells():
    told = row({"0": 3, "1": None, "2+": None, "1+": 4})
    assert list(across("offers_6m", told)) == [("0", 1), ("1+", 2)]


def test_a_range_stands_alone_where_nothing_finer_is_there():
    assert list(across("offers_6m", row({"0": 3, "1+": 8}))) == [("0", 1), ("1+", 2)]


@pytest.mark.parametrize(
    "cells",
    [
        {"0": 3, "1": None, "2+": 5, "1+": 8},
        {"0": 3, "1": None, "2+": None, "1+": None},
    ],
)
def test_beside_shown_or_unknown_numbers_it_has_no_place(cells):
    assert list(across("offers_6m", row(cells))) == [("0", 1), ("1", 1), ("2+", 1)]


def test_what_an_earlier_publication_told_together_has_no_place_beside_a_later_one():
    later = row({"0": 3, "1": None, "2+": None}) | row({"1+": 4}, published=dt.date(2023, 9, 1))
    assert list(across("offers_6m", later)) == [("0", 1), ("1", 1), ("2+", 1)]


def test_a_range_without_a_place_is_counted_as_left_out(tmp_path):
    frame = table(row({"0": 3, "1": 3, "2+": 5, "1+": 8}).values())
    assert write_excel(for_audience(frame, OWN), tmp_path / "out.xlsx") == 1


HEAD = "Ishøj\tAug 2023\nAntal personer (6 mdr. på ydelse) fordelt på antal tilbud\n\t0\t1\t2+\n"


def read(tmp_path, line):
    """Persons by number of a printed table of one row."""
    file = tmp_path / "table.txt"
    file.write_text(f"Ishøj\nAug 2023\n{HEAD.partition(chr(10))[2]}{line}\n", encoding="utf-8")
    figures = read_published(file, published=DAY).figures
    assert set(figures["month"]) == {MONTH}
    return {c: (v, s) for c, v, s in figures.select("category", "value", "status").iter_rows()}


@pytest.mark.parametrize("line", ["A-dagpenge\t3\t1+: 4\t.", "A-dagpenge\t3\t1+: 4\t"])
def test_a_printed_cell_tells_numbers_together(tmp_path, line):
    assert read(tmp_path, line) == {
        "0": (3, "value"),
        "1": (None, "suppressed"),
        "2+": (None, "suppressed"),
        "1+": (4, "value"),
    }


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("A-dagpenge\t3\t1+: 4\t5", "'5' and '1\\+: 4' overlap; remove one"),
        ("A-dagpenge\t0-1: 4\t1+: 4\t.", "stands under 1; it begins under 1|overlap"),
        ("A-dagpenge\t3\t.\t1+: 4", "'1\\+: 4' stands under 2\\+; it begins under 1 and ends"),
        ("A-dagpenge\t3\t1-4: 4\t.", "offers_6m has no category '1-4'"),
    ],
)
def test_what_cannot_be_told_together_is_refused_in_one_line(tmp_path, line, says):
    with pytest.raises(InputError, match=says):
        read(tmp_path, line)
