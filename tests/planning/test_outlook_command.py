"""The command `tilsyn outlook`: tables, records, pictures and refusals."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from tests.planning.stores import synthetic


@pytest.fixture(scope="module")
def folder():
    """The folder of a store of one municipality."""
    return synthetic(2500, "183").folder.parent


ASKED = ("--municipality", "Ishøj", "--on", "2022-11-17", "--months", 5, "--simulations", 20)


def test_the_table_shows_every_measure_and_what_the_rules_will_say(tilsyn, folder):
    ended = tilsyn("outlook", folder, *ASKED)
    assert ended.code == 0, ended.err
    for words in ("samtaler, langvarige", "tilbud, tidlig indsats", "nov. 2022", "mar. 2023"):
        assert words in ended.out
    assert "80 %-interval" in ended.out and "genoprettet" in ended.out


def test_neither_the_database_nor_the_judges_tables_are_waited_for(folder):
    asked = [str(word) for word in ("outlook", folder, *ASKED, "--format", "csv")]
    script = (
        "import sys; from tilsyn.cli.main import program;"
        "program('outlook')(sys.argv[1:], standalone_mode=False);"
        "print(*(m for m in ('duckdb', 'pandas', 'polars') if m in sys.modules), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *asked], capture_output=True, text=True, check=True
    )
    assert ended.stdout.startswith("municipality,measure") and ended.stderr.strip() == ""


def test_the_table_is_there_in_english(tilsyn, folder):
    ended = tilsyn("outlook", folder, *ASKED, "--language", "en")
    assert "conversations, long-term" in ended.out and "80% interval" in ended.out


def test_one_measure_may_be_asked_for(tilsyn, folder):
    ended = tilsyn("outlook", folder, *ASKED, "--measure", "offers_6m", "--format", "json")
    assert {row["measure"] for row in ended.json["outlook"]} == {"offers_6m"}
    assert {row["measure"] for row in ended.json["verdicts"]} == {"offers_6m"}


def test_csv_and_json_hold_the_same(tilsyn, folder):
    records = tilsyn("outlook", folder, *ASKED, "--format", "json").json["outlook"]
    rows = list(
        csv.DictReader(io.StringIO(tilsyn("outlook", folder, *ASKED, "--format", "csv").out))
    )
    told = [{k: "" if v is None else str(v) for k, v in record.items()} for record in records]
    assert rows == told
    assert {row["month"] for row in rows} == {"2022-11", "2022-12", "2023-01", "2023-02", "2023-03"}


def test_probabilities_are_told_by_month_and_rule(tilsyn, folder):
    verdicts = tilsyn("outlook", folder, *ASKED, "--format", "json").json["verdicts"]
    assert {v["verdict"] for v in verdicts} == {"flagged", "missed", "restored"}
    assert all(0 <= v["probability"] <= 1 for v in verdicts)


def test_the_past_tells_how_the_outlook_does(tilsyn, folder):
    asked = ("--municipality", "183", "--on", "2023-11-30", "--months", 2, "--simulations", 20)
    ended = tilsyn("outlook", folder, *asked, "--backtest", "--format", "json")
    rows = ended.json["backtest"]
    assert {row["ahead"] for row in rows} == {1, 2}
    assert all(row["trials"] > 0 and 0 <= row["coverage"] <= 1 for row in rows)
    assert all(row["error"] >= abs(row["bias"]) - 0.01 for row in rows)
    assert "Dækning" in tilsyn("outlook", folder, *asked, "--backtest").out


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_the_outlook_is_drawn(tilsyn, folder, tmp_path, kind):
    file = tmp_path / f"outlook.{kind}"
    ended = tilsyn("outlook", folder, *ASKED, "--measure", "conversations_12m", "--chart", file)
    assert ended.code == 0, ended.err
    content = file.read_bytes()
    if kind == "svg":
        words = " ".join(ElementTree.fromstring(content).itertext())
        assert "ventet" in words and "Grænse: 20 pct." in words
    else:
        assert content.startswith({"png": b"\x89PNG", "pdf": b"%PDF"}[kind])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--chart", "a.svg"), "name both"),
        (("--chart", "a.gif", "--measure", "offers_6m"), "end the name with"),
        (("--measure", "durations"), "requires nothing"),
        (("--measure", "nothing"), "no measure 'nothing'"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(tilsyn, folder, arguments, told):
    ended = tilsyn("outlook", folder, *ASKED, *arguments)
    assert ended.code == 2
    assert told in ended.err and ended.err.count("\n") == 1


def test_a_municipality_of_which_nothing_is_known_is_told_so(tilsyn, folder):
    ended = tilsyn("outlook", folder, "-m", "Fanø", "--on", "2022-11-17", "--months", 2)
    assert ended.code == 0
    assert "Fanø: ingen borgere" in ended.out


def test_what_is_judged_but_not_foretold_is_said(tilsyn, folder):
    asked = ("--municipality", "Ishøj", "--months", 2, "--simulations", 5)
    ended = tilsyn("outlook", folder, "--on", "2026-11-30", *asked, "--language", "en")
    assert "not foretold, for what it asks about is not simulated yet" in ended.err
    before = tilsyn("outlook", folder, "--on", "2022-11-17", *asked, "--language", "en")
    assert "not foretold" not in before.err
