"""The commands register check, load, make and reconstruct, as the shell sees them."""

from __future__ import annotations

import csv
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from tests.register.door_registers import write
from tilsyn.cli import main
from tilsyn.register.store import open_store, opened

CPR = "070761-4285"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.delenv("TILSYN_SECRET", raising=False)


def tilsyn(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """Run the command; returns its exit code."""
    monkeypatch.setattr(sys, "argv", ["tilsyn", "register", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main.run()
        raise SystemExit(0)
    return int(end.value.code or 0)


def bad_register(folder: Path) -> Path:
    return write(folder, exemptions=["p,=both,2020-01-01,", "p,offers,2020-01-01,"])


def test_check_tells_what_is_read_and_keeps_the_rows_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = bad_register(tmp_path / "in")
    assert tilsyn(monkeypatch, "check", source) == 0
    shown = capsys.readouterr().out
    assert "unknown scope" in shown
    rows = list(csv.DictReader(Path("set_aside.csv").read_text().splitlines()))
    assert [(row["file"], row["row"], row["value"]) for row in rows] == [
        ("exemptions.csv", "2", "'=both")
    ]


def test_check_for_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = bad_register(tmp_path / "in")
    target = tmp_path / "aside.csv"
    assert tilsyn(monkeypatch, "check", source, "--format", "json", "--set-aside", target) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["tables"]["exemptions"] == {
        "rows": 2, "good": 1, "set_aside": {"scope": 1}, "remarks": {"columns_left_out": 1},
        "first": {"scope": "exemptions.csv, row 2, column scope (''=both')"},
    }  # fmt: skip
    assert record["coverage"] == {}
    assert record["set_aside_file"] == str(target)
    assert target.exists()


def test_a_table_mostly_set_aside_is_not_loaded_and_its_first_bad_row_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    danish = [f"p1,{day:02d}-12-2023,4," for day in range(1, 25)]
    source, store = write(tmp_path / "in", conversations=danish), tmp_path / "store"
    assert tilsyn(monkeypatch, "check", source) == 0
    assert "would not be loaded" in capsys.readouterr().err
    assert tilsyn(monkeypatch, "load", source, "--store", store) == 3
    assert not store.exists()
    assert (
        "conversations: 24 of 24 rows set aside, more than 5 % (24 with unparsable date (write "
        "2023-08-31), first in conversations.csv, row 2, column held ('01-12-2023'))"
    ) in capsys.readouterr().err
    assert len(Path("set_aside.csv").read_text().splitlines()) == 25
    assert tilsyn(monkeypatch, "load", source, "--store", store, "--most-set-aside", "1") == 0
    assert open_store(store).set_aside == {"conversations": {"date": 24}}
    assert tilsyn(monkeypatch, "load", source, "--store", store, "--most-set-aside", "5 %") == 2


@pytest.mark.parametrize(("bad", "code"), [(1, 0), (2, 3)])
def test_one_row_in_twenty_may_be_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: int, code: int
) -> None:
    hours = [f"p1,2020-{month:02d},1" for month in range(1, 13)] * 2
    source = write(tmp_path / "in", hours=[*hours[: 20 - bad], *["p1,2020-01,much"] * bad])
    assert tilsyn(monkeypatch, "load", source, "--store", tmp_path / "store") == code


def test_check_leaves_nothing_where_nothing_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tilsyn(monkeypatch, "check", write(tmp_path / "in"), "--strict") == 0
    assert list(Path().iterdir()) == []


def test_strict_check_ends_with_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tilsyn(monkeypatch, "check", bad_register(tmp_path / "in"), "--strict") == 3


def test_a_missing_table_is_one_line_and_exit_code_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "in")
    (source / "hours.csv").unlink()
    assert tilsyn(monkeypatch, "check", source) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("Error: ")
    assert "the table hours is missing" in shown.err
    assert tilsyn(monkeypatch, "check", source, "--empty", "hours") == 0


def test_load_makes_a_store_and_leaves_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, store = write(tmp_path / "in"), tmp_path / "data" / "store"
    assert tilsyn(monkeypatch, "load", source, "--store", store) == 0
    first = open_store(store)
    assert first.generation.persons == 2
    assert tilsyn(monkeypatch, "load", source, "--store", store) == 0
    assert open_store(store).generation == first.generation
    assert [entry.name for entry in store.parent.iterdir()] == ["store"]


def test_a_store_and_what_is_set_aside_are_their_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, some = os.umask(0), ("--most-set-aside", "0.5")
    try:
        source, store = bad_register(tmp_path / "in"), tmp_path / "store"
        for update in ((), ("--update",)):
            assert tilsyn(monkeypatch, "load", source, "--store", store, *update, *some) == 0
        with opened(store):
            pass
        assert stat.S_IMODE(Path("set_aside.csv").stat().st_mode) == 0o600
        found = {path: stat.S_IMODE(path.stat().st_mode) for path in (store, *store.rglob("*"))}
        wide = {path for path, mode in found.items() if mode != (0o700 if path.is_dir() else 0o600)}
        assert wide == set()
        # One that was open to others is closed to them at the next load.
        store.chmod(0o755)
        assert tilsyn(monkeypatch, "load", source, "--store", store, *some) == 0
        assert stat.S_IMODE(store.stat().st_mode) == 0o700
    finally:
        os.umask(before)


def test_cpr_numbers_need_a_secret_to_be_loaded_but_not_to_be_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hours = [*(f"{CPR},2020-{m:02d},1" for m in range(1, 11))] * 2
    source = write(tmp_path / "in", hours=[*hours, f"p,2020-01,{CPR}"])
    store = tmp_path / "store"
    assert tilsyn(monkeypatch, "check", source) == 0
    assert tilsyn(monkeypatch, "load", source, "--store", store) == 3
    assert not store.exists()
    (tmp_path / "secret").write_text("s" * 64)
    secret = ("--secret-file", tmp_path / "secret")
    assert tilsyn(monkeypatch, "load", source, "--store", store, *secret) == 0
    shown = capsys.readouterr()
    assert CPR[-4:] not in shown.out + shown.err
    assert "--secret-file" in shown.err
    for file in [*store.rglob("*"), *Path().iterdir()]:
        if file.is_file():
            assert CPR.encode() not in file.read_bytes()
            assert CPR.replace("-", "").encode() not in file.read_bytes()
            assert b"s" * 64 not in file.read_bytes()


def test_one_store_takes_one_kind_of_pseudonym(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cpr = write(tmp_path / "cpr", hours=[f"{CPR},2020-01,1"])
    plain = write(tmp_path / "plain")
    for name in ("a", "b"):
        (tmp_path / name).write_text(name * 64)
    a, b = (("--secret-file", tmp_path / name) for name in ("a", "b"))
    store, other = ("--store", tmp_path / "store"), ("--store", tmp_path / "other")
    assert tilsyn(monkeypatch, "load", cpr, *store, *a) == 0
    assert tilsyn(monkeypatch, "load", cpr, *store, *a, "--update") == 0
    before = open_store(tmp_path / "store")
    capsys.readouterr()
    assert tilsyn(monkeypatch, "load", cpr, *store, *b) == 3
    assert "another secret" in capsys.readouterr().err
    assert tilsyn(monkeypatch, "load", plain, *store, *a, "--update") == 3
    assert tilsyn(monkeypatch, "load", plain, *other) == 0
    assert tilsyn(monkeypatch, "load", cpr, *other, *a) == 3
    assert open_store(tmp_path / "store") == before


def test_make_says_what_was_planted_and_check_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    months = ("--from", "2022-01", "--to", "2022-12")
    made = ("make", tmp_path / "in", "--persons", 300, *months, "--faults", 2, "-m", "Ishøj")
    assert tilsyn(monkeypatch, *made) == 0
    assert "planted in exemptions: 2 scope" in capsys.readouterr().out
    assert (tmp_path / "in" / "spells.csv").exists()
    assert tilsyn(monkeypatch, "check", tmp_path / "in", "--format", "json") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["tables"]["exemptions"]["set_aside"] == {
        "scope": 2,
        "reason": 2,
        "date": 2,
    }


@pytest.mark.parametrize(
    "words",
    [
        ("make", "x", "--persons", "1", "--from", "2022-12", "--to", "2022-01"),
        ("make", "x", "--persons", "0", "--from", "2022-01", "--to", "2022-12"),
        ("make", "x", "--persons", "1", "--from", "soon", "--to", "2022-12"),
        ("make", "x", "--persons", "1", "--from", "2022-01", "--to", "2022-12", "-m", "Nowhere"),
    ],
)
def test_a_call_without_meaning_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    assert tilsyn(monkeypatch, *words) == 2
    assert not Path("x").exists()


def test_reconstruct_from_a_release_and_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.register.test_reconstruction import published

    (tmp_path / "figures.parquet").touch()
    where = ("-m", "Ishøj", "--month", "2023-08", "--out", tmp_path / "rebuilt")
    assert tilsyn(monkeypatch, "reconstruct", tmp_path / "figures.parquet", *where) == 3
    assert "no release and no figure table" in capsys.readouterr().err
    published().write_parquet(tmp_path / "figures.parquet")
    assert tilsyn(monkeypatch, "reconstruct", tmp_path / "figures.parquet", *where) == 0
    assert "601 persons" in capsys.readouterr().out
    assert (tmp_path / "rebuilt" / "spells.csv").exists()


@pytest.mark.parametrize("command", ["check", "load", "make", "reconstruct"])
def test_every_command_has_help_with_an_example(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert tilsyn(monkeypatch, command, "--help") == 0
    assert f"tilsyn register {command}" in " ".join(capsys.readouterr().out.split())
