"""Options mean what they say: one value is given once, and what is asked for but not there is said."""

import os
import subprocess
import sys

import pytest
import typer.main
from python_calamine import CalamineWorkbook

from tilsyn.cli import main
from tilsyn.errors import UsageError


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("judge", "{sample}", "--on", "2022-05-15", "-m", "Ærø", "-m", "Læsø"), "--municipality is given 2 times"),
        (("judge", "{sample}", "--on", "2022-05-15", "--on", "2022-05-16"), "--on is given 2 times"),
        (("figures", "show", "{sample}", "--months", "2021-12", "-l", "da", "--language", "en"), "--language is given 2 times"),
    ],
)  # fmt: skip
def test_an_option_for_one_value_is_given_once(tilsyn, samples, words, said):
    sample = samples / "hedensted-2022-05" / "tables.csv"
    ended = tilsyn(*(word.format(sample=sample) for word in words))
    assert (ended.code, ended.out) == (2, "")
    assert f"Error: {said}; it takes one value, once\n" == ended.err


def test_every_command_takes_an_option_for_one_value_once():
    def leaves(command):
        for inner in getattr(command, "commands", {}).values():
            yield from leaves(inner)
        if not hasattr(command, "commands"):
            yield command

    for command in leaves(typer.main.get_command(main.program())):
        for option in command.params:
            if option.param_type_name == "option" and not option.is_flag and not option.multiple:
                name = max(option.opts, key=len)
                with pytest.raises(UsageError, match=f"{name} is given 2 times"):
                    command.make_context(command.name, [name, "x", f"{name}=y"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-m", "Ærø"), "no figures of Ærø here; there are of Hedensted"),
        (("-r", "result_goal"), "no figures here of result_goal of the total, which result_goal asks about"),
        (("-r", "early_effort_follow_up"), "answers a notice; `tilsyn follow-up` judges by it"),
        (("-r", "early_effort_requirement"), "is not judged by itself"),
    ],
)  # fmt: skip
def test_judging_what_there_are_no_figures_of_says_so(tilsyn, samples, words, said):
    sample = samples / "hedensted-2022-05" / "tables.csv"
    for more in ((), ("--format", "json")):
        ended = tilsyn("judge", sample, "--on", "2022-05-15", *words, *more)
        assert (ended.code, ended.out) == (3, "")
        assert said in ended.err


def test_figures_asked_for_months_that_are_not_there_says_so(tilsyn, samples):
    sample = samples / "hedensted-2022-05" / "tables.csv"
    for more in ((), ("--format", "json")):
        ended = tilsyn("figures", "show", sample, "--months", "2010-01..2010-03", *more)
        assert (ended.code, ended.err) == (3, "Error: no figures here for 2010-01..2010-03\n")


def test_a_disk_that_refuses_is_one_line_whichever_command_writes(tilsyn, samples, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device", "/full/letter.pdf")

    monkeypatch.setattr("tilsyn.cli.judge.Vintages", full)
    ended = tilsyn("judge", samples, "--on", "2022-05-15")
    assert (ended.code, ended.err) == (3, "Error: /full/letter.pdf: No space left on device\n")


def test_an_installation_without_a_database_is_told_how_to_make_one(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", "from tilsyn.cli.main import run; run()", "cases", "list"],
        env={**os.environ, "DATA_DIR": str(tmp_path / "none"), "LOCAL": "1", "DATABASE_URL": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 3
    assert "`tilsyn site migrate` makes it" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_findings_are_written_for_a_spreadsheet_once_and_whole(tilsyn, samples, tmp_path):
    table = samples / "ishoej-2023-11" / "tables.csv"
    for name in ("found.csv", "found.xlsx"):
        ended = tilsyn("judge", table, "--on", "2023-12-01", "--out", tmp_path / name)
        assert (ended.code, "4 findings" in ended.out) == (0, True)
    head, first, *_ = (tmp_path / "found.csv").read_text("utf-8-sig").splitlines()
    assert head.startswith("Kommune;Måling;Gruppe;Måneder;")
    assert first.split(";")[4:11] == ["", "33", "34,4", "", "20,0", "14,4", "udløser henvendelse"]
    sheet = CalamineWorkbook.from_path(tmp_path / "found.xlsx").get_sheet_by_index(0).to_python()
    assert [row[6] for row in sheet] == ["Andel, pct.", 34.4, 25.5, 25.8, 18.6]
    again = tilsyn("judge", table, "--on", "2023-12-01", "--out", tmp_path / "found.csv")
    assert (again.code, "exists already" in again.err) == (2, True)
    other = tilsyn("judge", table, "--on", "2023-12-01", "--out", tmp_path / "found.txt")
    assert (other.code, ".csv or .xlsx" in other.err) == (2, True)
