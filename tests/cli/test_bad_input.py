"""Bad input: one clear line that names the file and the place, exit code 3, nothing half-written."""

import datetime as dt
import re
from importlib.resources import files

import pytest

from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import table

HEAD = "document,published,municipality,measure,statistic,group,category,month,raw,value\n"
ROW = 'd,2022-05,Hedensted,conversations_6m,share_pct,{group},,{month},"{raw}",{value}\n'


def row(group="sygedagpenge", month="2022-01", raw="29,2", value="29.2"):
    return ROW.format(group=group, month=month, raw=raw, value=value)


LETTER = "Hedensted\nAndel personer (6 mdr. på ydelse), som har fået afholdt færre end 4 samtaler\n"

CASES = {
    "an empty file": ("table.csv", b"", "empty"),
    "a picture with the ending .csv": (
        "table.csv",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        "picture|text|binary",
    ),
    "an unknown group": (
        "table.csv",
        HEAD + row(group="dagpenge plus"),
        "row 2.*'dagpenge plus' is no known benefit group",
    ),
    "a value beyond all figures": (
        "answer.json",
        '{"columns": ["Periode", "Område", "Ydelsesgrupper", "Antal personer med 12 mdr. anciennitet", '
        '"Antal personer med færre end 4 samtaler", "Andel personer med færre end 4 samtaler"], '
        '"rows": [["2021M12", "Ishøj", "Sygedagpenge", 1e30, 1, 20.0]]}',
        "no figure is 1e.30",
    ),
    "a head of five thousand digits": (
        "table.txt",
        f"Ishøj\nAntal personer fordelt på antal samtaler\n\t0\t{'9' * 5_000}\nSygedagpenge\t1\t2\n",
        "table.txt",
    ),
    "month 13": ("table.csv", HEAD + row(month="2022-13"), "row 2.*month 13"),
    "text in a number": ("table.csv", HEAD + row(raw="mange", value="mange"), "row 2.*mange"),
    "a letter with an unknown group": (
        "letter.txt",
        LETTER + "\tJan 2022\tFeb 2022\nSygedagpenge\t29,2\t20,9\nDagpenge plus\t1,0\t2,0\n",
        "line 5.*Dagpenge plus",
    ),
    "a letter with text in a number": (
        "letter.txt",
        LETTER + "\tJan 2022\tFeb 2022\nSygedagpenge\t29,2\tx20,9\n",
        "line 4.*x20,9",
    ),
}


@pytest.mark.parametrize(("name", "content", "says"), CASES.values(), ids=CASES)
def test_it_is_refused_in_one_line(tilsyn, tmp_path, name, content, says):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = tilsyn(
        "figures", "read", file, "--published", "2022-05", "--into", tmp_path / "releases" / "r"
    )
    assert ended.code == 3, ended
    assert ended.out == ""
    assert ended.err.count("\n") == 1, ended.err
    assert name in ended.err
    assert re.search(says, ended.err), ended.err
    assert not (tmp_path / "releases").exists() or not list((tmp_path / "releases").iterdir())


def test_two_tables_that_disagree_about_a_cell_are_both_named(tilsyn, tmp_path):
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text(HEAD + row())
    other.write_text(
        HEAD.replace("document", "document") + row(raw="29,3", value="29.3").replace("d,", "e,", 1)
    )
    ended = tilsyn("judge", one, other, "--on", "2022-05-15")
    assert ended.code == 3
    assert (
        "two values for the same cell (Hedensted, conversations_6m share, Sygedagpenge, 2022-01"
        in ended.err
    )
    assert "29,2\N{NO-BREAK SPACE}% in d and 29,3\N{NO-BREAK SPACE}% in e" in ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["judge", "missing.csv", "--on", "2022-05-15"], "missing.csv: no such file or folder"),
        (["figures", "show", "."], "holds no release"),
        (["rules", "check", "missing.toml"], "missing.toml: cannot be read"),
    ],
)
def test_what_is_not_there_is_named(tilsyn, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    ended = tilsyn(*arguments)
    assert ended.code == 3
    assert says in ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["judge", "x.csv", "--on", "yesterday"], "--on: 'yesterday' is no date"),
        (
            ["judge", "{sample}", "--on", "2022-05-15", "-m", "Ishøjj"],
            "--municipality: 'Ishøjj' is no known municipality",
        ),
        (
            ["judge", "{sample}", "--on", "2022-05-15", "-r", "early_efort"],
            "did you mean 'early_effort'?",
        ),
        (["rules", "show", "early_effort"], "on"),
    ],
)
def test_a_wrong_call_has_exit_code_2(tilsyn, samples, arguments, says):
    sample = samples / "hedensted-2022-05" / "tables.csv"
    ended = tilsyn(*[argument.format(sample=sample) for argument in arguments])
    assert ended.code == 2, ended
    assert says in ended.err


def test_a_release_is_not_written_over(tilsyn, samples, tmp_path):
    sample = samples / "hedensted-2022-05" / "tables.csv"
    assert tilsyn("figures", "read", sample, "--into", tmp_path / "r").code == 0
    again = tilsyn("figures", "read", sample, "--into", tmp_path / "r")
    assert again.code == 3
    assert "never written over" in again.err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ("threshold = 20", "treshold = 20"),
            r"version 1, criterion.*treshold: unknown key; did you mean 'threshold'\?",
        ),
        (
            ("valid_to = 2023-11-14", "valid_to = 2024-11-14"),
            "the versions model-a and model-b overlap in time",
        ),
        (
            ("threshold = 20", "threshold = 20.9"),
            "'over 20 % three months in a row with ten persons is flagged'.*near_line",
        ),
        (('"{persons} i {municipality}: {shares}', '"{persons} i {by}: {shares}'), "no slot {by}"),
        (('kind = "consecutive"', 'kind = "sometimes"'), "version 1, criterion"),
    ],
)
def test_a_rule_file_with_a_fault_names_the_place(tilsyn, tmp_path, change, says):
    shipped = files("tilsyn.law").joinpath("rules", "early_effort.toml").read_text(encoding="utf-8")
    assert change[0] in shipped
    file = tmp_path / "early_effort.toml"
    file.write_text(shipped.replace(*change, 1), encoding="utf-8")
    ended = tilsyn("rules", "check", file)
    assert ended.code == 3
    assert ended.err.count("\n") == 1
    assert re.search(says, ended.err), ended.err


def test_what_a_file_says_cannot_break_the_line_nor_steer_the_terminal(tilsyn, samples, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text('rule = "a\\n\\u001b[31m\\u202ea"\nx = 1\n')
    for words in (("rules", "check", file), ("judge", samples, "--on", "a\nb\x1b[2J\u2028c")):
        ended = tilsyn(*words)
        assert ended.code in (2, 3) and ended.err.count("\n") == 1
        assert not re.search("[\x1b\u2028\u202e]", ended.err), ended.err
    assert r"'a\nb\x1b[2J\u2028c' is no date" in ended.err


def test_a_release_without_figures_is_protected_and_compared_as_what_it_is(tilsyn, tmp_path):
    for name in ("one", "other"):
        empty = Release(name, dt.date(2022, 5, 1), table([]))
        releases.write(empty, tmp_path / name)
    assert tilsyn("figures", "diff", tmp_path / "one", tmp_path / "other").code == 0
    assert tilsyn("figures", "protect", tmp_path / "one", "--out", tmp_path / "pub").code == 0
    assert releases.read(tmp_path / "pub").figures.is_empty()
