"""Hostile text is refused before it costs anything, whoever reads it."""

from pathlib import Path

import pytest

from tilsyn import parsing
from tilsyn.errors import InputError
from tilsyn.parsing import csv_rows, delimited, parse_json, parse_toml, read_bytes, whole_number

DEEP = parsing.DEEPEST + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" + ".a" * 60_000 + " = 1", r"f, line 1: a key of more than 16 parts"),
        ("x = 1\n[" + "a." * 60_000 + "a]", r"f, line 2: a key of more than 16 parts"),
        ("a = {" + "'b' . " * 60_000 + "b = 1}", "a key of more than 16 parts"),
        ("a = " + "[" * 50_000, "nested more than 32 deep"),
        ("a = " + "{a = " * 50_000, "nested more than 32 deep"),
        ("a = " + "[" * DEEP + "1" + "]" * DEEP, "nested more than 32 deep"),
        ("a = " + "9" * 5_000, "a number has too many digits"),
        ("a = 1e999999999", "too large or too small"),
        ("a = 1e-999999999", "too large or too small"),
        ("a = '" + "x" * parsing.MOST_BYTES + "'", "larger than 4 MB"),
        ("a 1", r"f, line 1, column 3: not valid TOML: '=' is missing after a key"),
        ("a = b", "not valid TOML: the value cannot be read; text stands in quotation marks"),
        ("a = 1\na = 2\n", "not valid TOML: the key stands twice"),
        ('a = "x\nb = 2', "no closing quotation mark"),
        ('a = "\\q"', "a backslash in a text"),
        ("a = [1", "a list or table is not closed"),
        ("a = 1 2", "something more stands after the value"),
        ('a = [{b = "x\\u001b"}]', r"f: a text holds a sign that cannot be printed \('\\x1b'\)"),
        ('"\\u0000" = 1', "a sign that cannot be printed"),
    ],
)
def test_toml_that_would_hold_or_break_the_program_is_refused_in_one_line(text, said):
    with pytest.raises(InputError, match=said) as refused:
        parse_toml(text.encode(), file="f")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "text",
    [
        'a = "' + "." * 100 + '"',
        "a = '''" + "." * 100 + "'''",
        'a = """\n' + '.\\""' * 100 + '"""',
        "# " + "." * 100 + "\na = 1",
        '"' + "a." * 100 + '" = 1',
        "a = [1.5, 2.5, " + "3.5, " * 100 + "]",
        "a.b.c.d = 1.5\n[e.f.g.h]\ni = 2022-05-15\n",
        "a = " + "[" * (DEEP - 2) + "1" + "]" * (DEEP - 2),
    ],
)
def test_dots_in_texts_and_numbers_are_no_parts_of_keys(text):
    assert parse_toml(text.encode(), file="f")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 50_000, "nested more than 32 deep"),
        ('{"a":' * DEEP + "1" + "}" * DEEP, "nested more than 32 deep"),
        ("9" * 5_000, "a number has too many digits"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": 1', r"f, line 1, column 8: not valid JSON; is it whole\?"),
        ('"' + "x" * parsing.MOST_BYTES + '"', "larger than 4 MB"),
        ('["\\ud83d"]', r"not valid JSON: half a character"),
    ],
)
def test_json_that_would_break_the_program_is_refused_in_one_line(text, said):
    with pytest.raises(InputError, match=said):
        parse_json(text.encode(), file="f")


def test_a_character_written_as_two_halves_is_one():
    assert parse_json(b'"\\ud83d\\ude00"', file="f") == "\U0001f600"


@pytest.mark.parametrize("split", [csv_rows, lambda *a, **k: list(delimited(*a, **k))])
def test_csv_that_cannot_be_split_is_refused_by_its_line(split):
    with pytest.raises(InputError, match=r"f, line 2: cannot be split into cells \(field larger"):
        split("a;b\n" + "x" * 200_000 + ";1\n", file="f", delimiter=";")
    assert split("a\rb\r", file="f")


def test_what_is_not_utf_8_is_refused_by_its_line():
    for parse in (parse_toml, parse_json):
        with pytest.raises(InputError, match="f, line 2: not UTF-8; save it as UTF-8"):
            parse("\na = 'æ'".encode("latin-1"), file="f")


def test_a_file_without_an_end_is_read_no_further_than_its_bound():
    with pytest.raises(InputError, match="larger than"):
        read_bytes(Path("/dev/zero"))


def test_what_is_no_file_is_said(tmp_path):
    with pytest.raises(InputError, match="is a folder; name a file"):
        read_bytes(tmp_path)
    with pytest.raises(InputError, match="No such file"):
        read_bytes(tmp_path / "nothing")
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes(Path("a\0b"))


@pytest.mark.parametrize("text", ["²", "٣", "", " 1", "-1", "1.0", "1_0", "9" * 5_000, "9" * 19])
def test_what_is_no_whole_number_in_plain_digits_is_none(text):
    assert whole_number(text) is None


def test_a_whole_number_is_read():
    assert [whole_number(text) for text in ("0", "007", "9" * 18)] == [0, 7, 10**18 - 1]
