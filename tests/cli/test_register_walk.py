"""Register to release by the commands, corrections and folding included."""

import csv
import datetime as dt
import tomllib

import polars as pl
import pytest

NOTHING = ("--empty", "offers", "--empty", "hours", "--empty", "exemptions")
KNOWN = ("--known-on", "2024-02-15")


@pytest.fixture
def register(tmp_path):
    """Twelve persons in Ishøj with four conversations each in 2023, the dates as given."""

    def write(name, day="{d:%Y-%m-%d}"):
        folder = tmp_path / name
        folder.mkdir()
        persons = [f"p{number}" for number in range(1, 13)]
        (folder / "spells.csv").write_text(
            "person;municipality;group;visitation;start;end\n"
            + "".join(f"{p};183;kontanthjaelp;;2022-01-01;\n" for p in persons)
        )
        days = [day.format(d=dt.date(2023, month, 15)) for month in (2, 5, 8, 11)]
        (folder / "conversations.csv").write_text(
            "person;held;type;registered\n"
            + "".join(f"{p};{held};4;\n" for p in persons for held in days)
        )
        return folder

    return write


def test_months_not_over_on_the_day_known_on_are_not_measured(tilsyn, tmp_path, register):
    asked = ("measure", register("in"), *KNOWN, *NOTHING, "--out", tmp_path / "o")
    refused = tilsyn(*asked, "--from", "2023-01", "--to", "2024-08")
    assert refused.code == 3
    assert (
        "2024-08 had not ended on 2024-02-15; the last month that can be measured is 2024-01"
        in (refused.err)
    )
    assert not (tmp_path / "o").exists()
    ended = tilsyn(*asked, "--from", "2023-01", "--to", "2024-01")
    assert ended.code == 0, ended.err
    assert "does not state its coverage" in ended.err
    kinds = pl.read_parquet(tmp_path / "o" / "figures.parquet")["area_kind"]
    assert kinds.unique().to_list() == ["municipality"]
    judged = tilsyn("judge", tmp_path / "o", "--on", "2024-02-15", "-m", "Ishøj",
                    "-r", "focus_conversations", "--format", "json").json  # fmt: skip
    assert judged[0]["months"][-1]["month"] == "2024-01"


def test_danish_dates_stop_the_run_instead_of_making_everybody_unmet(
    tilsyn, tmp_path, monkeypatch, register
):
    monkeypatch.chdir(tmp_path)
    asked = ("measure", register("in", "{d:%d-%m-%Y}"), "--from", "2023-01", "--to", "2023-12",
             *KNOWN, *NOTHING, "--out", "o")  # fmt: skip
    stopped = tilsyn(*asked)
    assert stopped.code == 3
    assert "conversations: 48 of 48 rows set aside" in stopped.err
    assert "first in conversations.csv, row 2, column held ('15-02-2023')" in stopped.err
    assert not (tmp_path / "o").exists()


def test_what_was_set_aside_stands_in_the_release_and_in_every_finding(
    tilsyn, tmp_path, monkeypatch, register
):
    monkeypatch.chdir(tmp_path)
    folder = register("in")
    with (folder / "conversations.csv").open("a") as file:
        file.write("p1;15-12-2023;4;\np2;2023-12-15;99;\n")
    ended = tilsyn("measure", folder, "--from", "2023-01", "--to", "2023-12", *KNOWN, *NOTHING,
                   "--out", "r/own")  # fmt: skip
    assert ended.code == 0, ended.err
    aside = {"conversations": {"date": 1, "type": 1}}
    assert tomllib.loads((tmp_path / "r/own/manifest.toml").read_text())["set_aside"] == aside
    assert tilsyn("figures", "protect", "r/own", "--out", "r/shown").code == 0
    judge = ("--on", "2024-02-15", "-m", "Ishøj")
    for name in ("own", "shown"):
        findings = tilsyn("judge", f"r/{name}", *judge, "--format", "json").json
        assert findings
        assert all(f["set_aside"] == {name: aside} for f in findings if f["release"])
        said = "2 rækker om samtaler sat til side"
        assert all(said in f["explanation"]["da"] for f in findings if f["release"])
    assert "2 rows of conversations were set aside" in (
        tilsyn("judge", "r/own", *judge, "--language", "en").err
    )
    ended = tilsyn("measure", register("sound"), "--from", "2023-01", "--to", "2023-12", *KNOWN,
                   *NOTHING, "--out", "r/sound")  # fmt: skip
    findings = tilsyn("judge", "r/sound", *judge, "--format", "json").json
    assert {str(f["set_aside"]) for f in findings} == {"{}"}


def test_persons_are_written_as_the_files_ending_says(tilsyn, tmp_path, monkeypatch, register):
    monkeypatch.chdir(tmp_path)
    folder = register("in")
    spells = folder / "spells.csv"
    spells.write_text(spells.read_text().replace("p12;", "=1+1;"))
    asked = ("measure", folder, "--from", "2023-01", "--to", "2023-03", *KNOWN, *NOTHING)
    refused = tilsyn(*asked, "--out", "r0", "--persons", "unmet.xlsx")
    assert refused.code == 3
    assert "ends in .csv or .parquet" in refused.err
    assert not (tmp_path / "r0").exists()
    assert tilsyn(*asked, "--out", "r1", "--persons", "unmet.parquet").code == 0
    assert tilsyn(*asked, "--out", "r2", "--persons", "unmet.csv").code == 0
    with (tmp_path / "unmet.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    rows = pl.read_parquet(tmp_path / "unmet.parquet").cast({"month": pl.String}).to_dicts()
    assert {row["person"] for row in written} >= {"p1", "'=1+1"}
    assert [{**row, "person": row["person"].lstrip("'")} for row in written] == rows
    assert (tmp_path / "unmet.csv").stat().st_mode & 0o777 == 0o600


def test_folding_corrections_changes_no_figure(tilsyn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make = ("register", "make", "--from", "2022-01", "--to", "2023-12", "-m", "Fanø")
    assert tilsyn(*make, "all", "--persons", 2000, "--seed", 1).code == 0
    assert tilsyn(*make, "some", "--persons", 40, "--seed", 1).code == 0
    assert tilsyn("register", "load", "all", "--store", "store").code == 0
    assert tilsyn("register", "load", "some", "--store", "store", "--update").code == 0
    measure = (
        "measure",
        "store",
        "--from",
        "2023-01",
        "--to",
        "2023-12",
        "--published",
        "2024-02-01",
    )
    assert tilsyn(*measure, "--out", "before/r").code == 0
    folded = tilsyn("register", "fold", "store")
    assert folded.code == 0, folded.err
    assert tilsyn(*measure, "--out", "after/r").code == 0
    assert (tmp_path / "before/r/figures.parquet").read_bytes() == (
        tmp_path / "after/r/figures.parquet"
    ).read_bytes()
