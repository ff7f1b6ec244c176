"""What is exported reads back to the same figures, and hurts nobody who opens it."""

import csv
import datetime as dt
import json
import tempfile
import warnings
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonstat_validator import validate_jsonstat
from polars.testing import assert_frame_equal

from tests.exports.tables import DAY, tables
from tests.figures.test_releases import figure
from tilsyn.errors import InputError
from tilsyn.exports import write_excel, write_jsonstat, write_kmd, write_tidy
from tilsyn.exports.excel import fits
from tilsyn.exports.jsonstat import jsonstat
from tilsyn.figures.formulas import neutral
from tilsyn.figures.reading import read_published
from tilsyn.figures.table import CELL, ordered, table
from tilsyn.protection import OWN, for_audience

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import frictionless


def own(frame):
    """Figures for those within the walls: exact."""
    return for_audience(frame, OWN)


QUICKLY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TWO = [("municipality", "183"), ("municipality", "169")]
HOSTILE = '=HYPERLINK("http://x")'


@given(tables(min_size=1))
@QUICKLY
def test_tidy_reads_back(frame):
    with tempfile.TemporaryDirectory() as folder:
        made = write_tidy(own(frame), Path(folder) / "out")
        back = read_published(made / "figures.csv").figures
    assert_frame_equal(ordered(back), ordered(frame))


@given(tables(min_size=1))
@QUICKLY
def test_jsonstat_reads_back_and_is_valid(frame):
    with tempfile.TemporaryDirectory() as folder:
        file = write_jsonstat(own(frame), Path(folder) / "out.json")
        assert validate_jsonstat(json.loads(file.read_text(encoding="utf-8")))
        back = read_published(file).figures
    assert_frame_equal(ordered(back), ordered(frame))


@given(tables(TWO, min_size=1))
@QUICKLY
def test_excel_reads_back(frame):
    kept = fits(ordered(frame))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "out.xlsx"
        if kept.is_empty():
            with pytest.raises(InputError, match="use --as tidy"):
                write_excel(own(frame), file)
            return
        assert write_excel(own(frame), file) == frame.height - kept.height
        back = read_published(file, published=DAY).figures
    told = pl.col("status") != "not_available"
    # Cells that are not there are blank, whether the table has them or not.
    assert_frame_equal(
        back.filter(told).select(*CELL, "value", "status").sort(CELL),
        kept.filter(told).select(*CELL, "value", "status").sort(CELL),
    )
    assert kept.join(back, on=CELL, how="anti").filter(told).is_empty()


def test_the_description_is_a_sound_data_package(tmp_path):
    frame = table([figure(), figure(None, grp="a_dagpenge", status="suppressed")])
    folder = write_tidy(own(frame), tmp_path / "out")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.to_summary()
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert described["resources"][0]["schema"]["missingValues"] == ["", "."]
    assert described["protection"] == {"audience": "own"}


def test_the_status_map_says_what_is_hidden():
    frame = table([figure(), figure(None, grp="a_dagpenge", status="suppressed")])
    dataset = jsonstat(frame)
    assert dataset["value"] == {"0": 142}
    assert dataset["status"] == {"1": "suppressed"}
    assert dataset["dimension"]["area"]["category"]["label"] == {"municipality:183": "Ishøj"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_becomes_text(text):
    assert neutral(text) == f"'{text}"


def test_a_release_named_as_a_formula_is_neutralised(tmp_path):
    frame = table([figure()]).with_columns(pl.lit(HOSTILE).alias("release"))
    write_tidy(own(frame), tmp_path / "tidy")
    (row,) = csv.DictReader((tmp_path / "tidy" / "figures.csv").read_text("utf-8").splitlines())
    assert row["release"] == f"'{HOSTILE}"
    write_kmd(own(frame), tmp_path / "CD_tal.csv")
    assert f"'{HOSTILE[:5]}" in (tmp_path / "CD_tal.csv").read_text("utf-8")


def test_a_workbook_holds_no_formula(tmp_path):
    write_excel(own(table([figure()])), tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_the_same_figures_give_the_same_workbook(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_excel(own(table([figure()])), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_custom_data_file_of_kmd_insight(tmp_path):
    frame = table(
        [
            figure(25.83333, statistic="share"),
            figure(None, statistic="unmet", status="suppressed", month=dt.date(2023, 5, 1)),
        ]
    )
    file = write_kmd(own(frame), tmp_path / "CD_tilsyn.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    generic, heads, share, hidden = (dict(enumerate(line.split(";"))) for line in lines)
    assert len(generic) == 1 + 5 + 2 + 1 + 30 + 15
    place = {name: i for i, name in generic.items()}
    assert [heads[place[name]] for name in ("Metadata", "Dato1", "Tekst4", "Numerisk1")] == [
        "1",
        "Måned",
        "Område",
        "Værdi",
    ]
    assert share[place["Numerisk1"]] == "25,8333"
    assert share[place["Dato1"]] == "2023-04-01"
    assert share[place["Tekst4"]] == "Ishøj"
    assert (hidden[place["Numerisk1"]], hidden[place["Tekst8"]]) == ("", "suppressed")


def test_kmd_insight_knows_a_file_by_its_name(tmp_path):
    with pytest.raises(InputError, match=r"CD_<name>\.csv"):
        write_kmd(own(table([figure()])), tmp_path / "tal.csv")


@pytest.mark.parametrize("write", [write_jsonstat, write_excel])
def test_what_stands_there_is_not_overwritten(tmp_path, write):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="exists already"):
        write(own(table([figure()])), tmp_path / "out")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"
    assert len(list(tmp_path.iterdir())) == 1


DATASET = jsonstat(table([figure()]))


@pytest.mark.parametrize(
    "damage",
    [
        {"size": [1] * 9},
        {"size": [9] * 10},
        {"value": {"7": 1}},
        {"value": {"-1": 1}},
        {"value": {"x": 1}},
        {"value": 3},
        {"value": {"0": "mange"}},
        {"value": {"0": -3}},
        {"dimension": {}},
        {"id": None},
        {"id": ["measure"]},
        {"status": {"0": "secret"}, "value": {}},
    ],
)
def test_an_unsound_dataset_is_refused(tmp_path, damage):
    file = tmp_path / "cube.json"
    file.write_text(json.dumps(DATASET | damage), encoding="utf-8")
    with pytest.raises(InputError):
        read_published(file)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda v: st.lists(v) | st.dictionaries(st.sampled_from(list(DATASET)), v),
        max_leaves=8,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_dataset_only_an_input_error_comes_of_it(part):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cube.json"
        for name in DATASET:
            file.write_text(json.dumps({"class": "dataset"} | DATASET | {name: part}), "utf-8")
            try:
                read_published(file)
            except InputError:
                continue


def test_deep_nesting_is_refused(tmp_path):
    file = tmp_path / "deep.json"
    file.write_text('{"class": "dataset", "id": ' + "[" * 400_000, encoding="utf-8")
    with pytest.raises(InputError, match="nested more than"):
        read_published(file)
