"""The commands measure and explain, as the shell sees them, and what a kill leaves behind."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tests.measures.handwritten import register
from tests.measures.register_files import write_admitted, write_csv
from tilsyn.figures import release as releases
from tilsyn.register.store import load

TILSYN = str(Path(sys.executable).parent / "tilsyn")
ROWS = """
    spell        Ane  183  kontanthjaelp  jobparat  2021-01-10 ..
    conversation Ane  4    2022-09-01
    spell        Bo   101  a_dagpenge     -         2022-05-01 .. 2023-01-31
"""


@pytest.fixture
def store(tmp_path) -> Path:
    load(write_admitted(register(ROWS), tmp_path / "rows"), tmp_path / "store")
    return tmp_path / "store"


def tilsyn(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TILSYN, *map(str, arguments)], capture_output=True, text=True, timeout=120
    )


def months(first: str = "2022-10", last: str = "2023-01") -> tuple[str, ...]:
    return "--from", first, "--to", last


def test_measure_writes_a_release_and_the_persons_behind_it(tmp_path, store):
    out, persons = tmp_path / "releases" / "2023-02", tmp_path / "unmet.parquet"
    run = tilsyn("measure", store, *months(), "--out", out, "--persons", persons,
                 "--published", "2023-02-20", "--known-on", "2023-02-01")  # fmt: skip
    assert run.returncode == 0, run.stderr
    read = releases.read(out)
    assert str(read.published) == "2023-02-20"
    assert str(read.extra["measured"]["known_on"]) == "2023-02-01"
    unmet = read.figures.filter(
        pl.col("statistic") == "unmet", pl.col("area_kind") == "municipality", pl.col("grp") == "total",
        pl.col("visitation") == "",
    )  # fmt: skip
    rows = pl.read_parquet(persons)
    assert rows.height == unmet["value"].sum() > 0
    assert set(rows["person"]) == {"Ane", "Bo"}


def test_a_registers_own_files_give_the_figures_of_their_store_and_nothing_else(tmp_path, store):
    files = write_csv(register(ROWS), tmp_path / "files")
    known = ("--published", "2023-02-20")
    out, from_store = tmp_path / "out" / "r1", tmp_path / "r2"
    run = tilsyn("measure", files, *months(), "--out", out, *known)
    assert run.returncode == 0, run.stderr
    assert tilsyn("measure", store, *months(), "--out", from_store, *known).returncode == 0
    figures, loaded = (releases.read(f).figures.drop("release") for f in (out, from_store))
    assert figures.height and figures.equals(loaded)
    assert [f.name for f in out.parent.iterdir()] == ["r1"]


def test_an_update_equals_a_full_run(tmp_path, store):
    tilsyn("measure", store, *months(last="2022-11"), "--out", tmp_path / "r1")
    run = tilsyn("measure", store, *months(), "--out", tmp_path / "r2", "--update-from", tmp_path / "r1")  # fmt: skip
    assert run.returncode == 0, run.stderr
    tilsyn("measure", store, *months(), "--out", tmp_path / "r3")
    updated, full = (
        releases.read(tmp_path / name).figures.drop("release") for name in ("r2", "r3")
    )
    assert updated.equals(full)


def test_explain_prints_words_or_json(store):
    asked = ("explain", store, "--person", "Ane", "--month", "2022-10")
    assert "0 i vinduet" in tilsyn(*asked).stdout
    assert "required 4: unmet, 3 missing" in tilsyn(*asked, "--language", "en").stdout
    told = json.loads(tilsyn(*asked, "--format", "json").stdout)
    assert told["placement"]["municipality"] == "183"


def test_a_look_at_a_person_is_logged_and_without_a_log_nobody_is_shown(
    tmp_path, store, monkeypatch
):
    log = tmp_path / "looks.jsonl"
    monkeypatch.setenv("TILSYN_LOOKS_LOG", str(log))
    asked = ("explain", store, "--person", "Ane", "--month", "2022-10", "--purpose", "klage")
    assert tilsyn(*asked).returncode == 0
    persons = tmp_path / "unmet.parquet"
    listed = ("measure", store, *months(), "--out", tmp_path / "r", "--persons", persons)
    assert tilsyn(*listed).returncode == 0
    assert persons.stat().st_mode & 0o777 == 0o600
    one, several = map(json.loads, log.read_text().splitlines())
    assert (one["look"], one["person"], one["purpose"]) == ("explain", "Ane", "klage")
    assert (several["look"], several["into"]) == ("list", str(persons))
    shown = tilsyn("looks", "--format", "json").stdout
    assert [line["look"] for line in json.loads(shown)["looks"]] == ["explain", "list"]
    log.write_text(log.read_text().replace("klage", "andet"))
    assert tilsyn("looks").returncode == 3
    monkeypatch.setenv("TILSYN_LOOKS_LOG", str(persons / "looks.jsonl"))
    refused = tilsyn(*asked)
    assert (refused.returncode, refused.stdout) == (3, "")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("measure", "nowhere", *months(), "--out", "r"), 3, "not a store"),
        (("measure", "{store}", *months("2023-02", "2023-01"), "--out", "r"), 2, "lies before"),
        (("measure", "{store}", *months("1970-01", "2023-01"), "--out", "r"), 3, "lie outside"),
        (("measure", "{store}", *months(), "--out", "{store}"), 2, "a release is never changed"),
        (("measure", "{store}", *months(), "--out", "/proc/r"), 3, "cannot be written"),
        (("measure", "{store}", *months("2023-13"), "--out", "r"), 2, "there is no month 13"),
        (
            ("measure", "{store}", *months(), "--out", "r", "--own", "nowhere"),
            3,
            "there is no such folder of your own data",
        ),
        (("measure", "{store}", *months(), "--out", "r", "--master", "x"), 2, "--engine spark"),
        (("explain", "{store}", "--person", "X", "--month", "2022-10"), 3, "'X' is not in"),
        (("explain", "{store}", "--person", "X", "--month", "soon"), 2, "is no month"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(store, tmp_path, arguments, code, said):
    run = tilsyn(*(a.format(store=store) for a in arguments))
    assert run.returncode == code, run.stderr
    assert said in " ".join(run.stderr.replace("│", " ").split())
    assert "Traceback" not in run.stderr


def test_a_run_killed_at_any_moment_leaves_whole_releases_only(tmp_path, store):
    pick, folder, killed = random.Random(1), tmp_path / "releases", 0
    before = sorted(f.name for f in store.rglob("*.parquet"))

    def run(number):
        command = [TILSYN, "measure", str(store), *months("2012-01"), "--out", str(folder / f"r{number}"),
                   "--persons", str(tmp_path / "unmet.parquet")]  # fmt: skip
        return subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    begun = time.monotonic()
    assert run("whole").wait() == 0
    whole = time.monotonic() - begun
    for number in range(10):
        with run(number) as one:
            time.sleep(pick.uniform(0.2, 1.0) * whole)
            one.kill()
            killed += one.wait() == -signal.SIGKILL
    assert killed
    for release in releases.releases(folder) if folder.exists() else ():
        assert releases.read(release).figures.height
    if (tmp_path / "unmet.parquet").exists():
        assert pl.read_parquet(tmp_path / "unmet.parquet").height
    assert sorted(f.name for f in store.rglob("*.parquet")) == before
    assert tilsyn("measure", store, *months(), "--out", folder / "after").returncode == 0
