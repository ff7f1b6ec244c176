"""Archived answers of Jobindsats, versions 2 and 3, JSON and CSV, read as files."""

import datetime as dt
import json

import pytest

from tilsyn.errors import InputError
from tilsyn.figures.jobindsats.answers import number
from tilsyn.figures.jobindsats.figures import area_of
from tilsyn.figures.jobindsats.periods import Period
from tilsyn.figures.reading import read_published

DAY = dt.date(2022, 3, 4)
LABELS = [
    "Antal personer med 12 mdr. anciennitet",
    "Antal personer med færre end 4 samtaler",
    "Andel personer med færre end 4 samtaler",
]
VERSION_2 = [
    {
        "Variables": [
            {"Name": "area", "Label": "Area"},
            {"Name": "period", "Label": "Periode"},
            {"Name": "_ygrp", "Label": "Ydelsesgrupper"},
            *({"Name": f"m{i}", "Label": label} for i, label in enumerate(LABELS)),
        ],
        "Data": [
            ["Ishøj", "2021M12", "Ydelsesgrupper i alt", "1.601", "155", "9,7"],
            ["Ishøj", "2021M12", "Sygedagpenge", "17", ".", "11,8"],
            ["Ishøj", "2021M12", "Ledighedsydelse", "", "-", "."],
            ["Ishøj", "2022M01", "Ydelsesgrupper i alt", "1.611", "\N{NO-BREAK SPACE}", ""],
            ["Uoplyst område", "2021M12", "Ydelsesgrupper i alt", "9", "3", "33,3"],
        ],
    }
]
VERSION_3 = {
    "columns": ["Periode", "Område", "Ydelsesgrupper", *LABELS],
    "rows": [
        [row[1], row[0], row[2], *numbers]
        for row, numbers in zip(
            VERSION_2[0]["Data"],
            [[1601, 155, 9.7], [17, None, 11.8], [None] * 3, [1611, None, None], [9, 3, 33.3]],
            strict=True,
        )
    ],
}
CSV = "\n".join(
    ";".join(row) for row in [["Area", "Periode", "Ydelsesgrupper", *LABELS], *VERSION_2[0]["Data"]]
)
EXPECTED = {
    ("total", 12, "population"): (1601.0, "value"),
    ("total", 12, "unmet"): (155.0, "value"),
    ("total", 12, "share"): (9.7, "value"),
    ("sygedagpenge", 12, "population"): (17.0, "value"),
    ("sygedagpenge", 12, "unmet"): (None, "suppressed"),
    ("sygedagpenge", 12, "share"): (11.8, "value"),
    ("ledighedsydelse", 12, "population"): (None, "suppressed"),
    ("ledighedsydelse", 12, "unmet"): (None, "suppressed"),
    ("ledighedsydelse", 12, "share"): (None, "suppressed"),
    ("total", 1, "population"): (1611.0, "value"),
    ("total", 1, "unmet"): (None, "not_available"),
    ("total", 1, "share"): (None, "not_available"),
}


@pytest.mark.parametrize(
    "content",
    [json.dumps(VERSION_2), json.dumps(VERSION_3), CSV],
    ids=["version 2 JSON", "version 3 JSON", "CSV"],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte-order mark"])
def test_an_answer_is_read_whatever_its_form(tmp_path, content, mark):
    file = tmp_path / "answer"
    file.write_text(mark + content, encoding="utf-8")
    reading = read_published(file, published=DAY, seniority=12)
    figures = {
        (row["grp"], row["month"].month, row["statistic"]): (row["value"], row["status"])
        for row in reading.figures.iter_rows(named=True)
    }
    assert figures == EXPECTED
    assert set(reading.figures["measure"]) == {"conversations_12m"}
    assert [a.en for a in reading.anomalies] == [
        "1 rows about the area 'Uoplyst område' are not read."
    ]


def read(tmp_path, content, **options):
    file = tmp_path / "answer.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return read_published(file, **{"published": DAY} | options)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"columns": ["A"], "rows": []}, "not of a supervisory table.*columns are: A"),
        ({"columns": ["A", "B"], "rows": [["x"]]}, "row 1: 1 cells under 2 labels"),
        ({"columns": [1], "rows": []}, "columns are not a list of labels"),
        ({"columns": [], "rows": 3}, "rows are not a list"),
        ({"columns": ["A"], "rows": [[{}]]}, "row 1: a cell is neither"),
        ({"something": "else"}, "expected an object with columns and rows"),
        ([{"Variables": 3, "Data": []}], "not a list of objects"),
        ("[" * 300_000, "nested more than"),
        ('{"columns": [NaN]}', "not valid JSON"),
        ('{"columns": [', "not valid JSON"),
    ],
)
def test_what_is_no_answer_is_refused(tmp_path, content, says):
    with pytest.raises(InputError, match=says):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("mange", "'mange' is no number"),
        (-3, "-3 is no count of persons"),
        (2.5, "2.5 is no count of persons"),
        (1e999, "not valid JSON|is no number"),
        (True, "is no number"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_with_its_place(tmp_path, cell, says):
    rows = [["2021M12", "Ishøj", "Sygedagpenge", cell, 3, 1.0]]
    with pytest.raises(InputError, match=says):
        read(tmp_path, VERSION_3 | {"rows": rows}, seniority=12)


def test_a_share_beyond_the_whole_is_refused(tmp_path):
    rows = [["2021M12", "Ishøj", "Sygedagpenge", 17, 3, 101.0]]
    with pytest.raises(InputError, match=r"row 1, column Andel .*101 is no share"):
        read(tmp_path, VERSION_3 | {"rows": rows}, seniority=12)


def test_an_answer_needs_a_date(tmp_path):
    with pytest.raises(InputError, match="give --published"):
        read(tmp_path, VERSION_3, published=None, seniority=12)


def test_columns_that_fit_two_measures_need_the_seniority(tmp_path):
    labels = ["Antal personer", *LABELS[1:]]
    both = {"columns": [*VERSION_3["columns"][:3], *labels], "rows": VERSION_3["rows"]}
    with pytest.raises(InputError, match="give --seniority 6 or --seniority 12"):
        read(tmp_path, both)
    assert set(read(tmp_path, both, seniority=6).figures["measure"]) == {"conversations_6m"}


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026M06", "2026-06"),
        ("2025Q04", "2025-12"),
        ("2025Q1", "2025-03"),
        ("2025Y01", "2025-12"),
        ("2023QMAT02", "2023-06"),
        ("2026MYTD03", "2026-03"),
        ("2026m6", "2026-06"),
    ],
)
def test_a_period_stands_under_its_last_month(text, month):
    assert str(Period.parse(text).month) == month


@pytest.mark.parametrize(
    "text", ["2026M13", "2025Q05", "2025Y02", "2026X01", "26M01", "", "2025M00"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="is no period"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (17, 17),
        (2.9, 2.9),
        ("2,8", 2.8),
        ("1.234,5", 1234.5),
        ("1.234", 1234),
        ("1 234", 1234),
        ("-", None),
        ("..", None),
        (".", None),
        ("", None),
        ("\N{NO-BREAK SPACE}", None),
        (None, None),
    ],
)
def test_a_number_in_every_form_it_was_met_in(cell, value):
    assert number(cell) == value


def test_in_json_a_point_is_a_decimal_point():
    assert number("1.234", comma=False) == 1.234
    assert number("2,8", comma=False) == 2.8


@pytest.mark.parametrize(
    ("name", "hierarchy", "area"),
    [
        ("Hele landet", "_nykom", ("country", "dk")),
        ("Aarhus", "_nykom", ("municipality", "751")),
        ("Høje-Taastrup", "", ("municipality", "169")),
        ("RAR Fyn", "", ("rar", "fyn")),
        ("Region Syddanmark", "_region", ("region", "1083")),
    ],
)
def test_areas_are_known_by_name(name, hierarchy, area):
    assert area_of(name, hierarchy) == area


OFFERS = ["Antal personer", "Antal personer uden tilbud", "Andel personer uden tilbud"]
WIDE = {
    "columns": [
        *VERSION_3["columns"][:3],
        "Antal personer",
        *(f"Antal personer fordelt på antal afholdte jobsamtaler : {n}" for n in (0, 1, 2, "3+")),
        "Andel personer fordelt på antal afholdte jobsamtaler : 3+",
    ],
    "rows": [["2026M04", "Ishøj", "A-dagpenge mv.", 40, None, 4, 9, 25, 62.5]],
}
LATER = dt.date(2026, 5, 20)


def test_what_is_hidden_of_a_group_that_has_ended_is_not_available(tmp_path):
    rows = [
        ["2025M06", "Ishøj", "Uddannelseshjælp", None, None, None],
        ["2025M08", "Ishøj", "Uddannelseshjælp", None, None, None],
        *(["2025M" + month, "Ishøj", "Kontanthjælp", 30, 6, 20.0] for month in ("06", "08", "12")),
    ]
    answer = {"columns": [*VERSION_3["columns"][:3], *OFFERS], "rows": rows}
    figures = read(tmp_path, answer, published=LATER).figures
    ended = figures.filter(figures["grp"] == "uddannelseshjaelp")
    assert set(ended.select("month", "status").rows()) == {
        (dt.date(2025, 6, 1), "suppressed"),
        (dt.date(2025, 8, 1), "not_available"),
    }


def test_persons_by_number_may_stand_as_columns(tmp_path):
    found = read(tmp_path, WIDE, published=LATER)
    assert found.figures.select("measure", "statistic", "category", "value", "status").rows() == [
        ("conversations_6m", "population", "", 40.0, "value"),
        ("conversations_6m", "persons", "0", None, "suppressed"),
        ("conversations_6m", "persons", "1", 4.0, "value"),
        ("conversations_6m", "persons", "2", 9.0, "value"),
        ("conversations_6m", "persons", "3+", 25.0, "value"),
    ]
    assert [a.en for a in found.anomalies] == [f"The column '{WIDE['columns'][-1]}' is not read."]


def test_an_archived_answer_is_read_by_ones_own_tables(tmp_path, own_data):
    own_data({
        "tables/supervision.toml": 'subject = 1\n[[table]]\nmeasure = "conversations_12m"\nnames = ["*"]\n[table.statistics]\n'
        'population = ["Antal personer"]\n'
        'persons = ["Antal personer fordelt på antal afholdte jobsamtaler"]\n'
    })  # fmt: skip
    found = read(tmp_path, WIDE, published=LATER)
    assert set(found.figures["measure"]) == {"conversations_12m"}
    with pytest.raises(InputError, match="say which of them are meant in tables/supervision"):
        read(tmp_path, WIDE | {"rows": [], "columns": ["Periode", "Område"]})
