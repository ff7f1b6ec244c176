import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tests.documents.ishoej_2023 import full, note, warning
from tests.documents.renderers.forms import NASTY, everything
from tilsyn.documents.model import Cell, Column, Document, HeaderCell, Row, Table
from tilsyn.documents.renderers import render
from tilsyn.documents.renderers.excel import COLUMNS, number_in, sheet_names, xlsx


def opened(document: Document) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx(document)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def rows(sheet: list[list[object]]) -> dict[object, list[object]]:
    return {row[0]: row[1:] for row in sheet}


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("20,9", "da", (20.9, 1)), ("1.234", "da", (1234, 0)), ("1.234,5", "da", (1234.5, 1)),
        ("142", "da", (142, 0)), ("20.9", "en", (20.9, 1)), ("1,234", "en", (1234, 0)),
        ("-0,5", "da", (-0.5, 1)), (".", "da", None), ("–", "da", None), ("5+", "da", None),
        ("Mar-Aug 2023", "da", None), ("20,9 pct.", "da", None), ("", "da", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_the_document_prints_them(
    text: str, language: str, number: tuple[float, int] | None
) -> None:
    assert number_in(text, language) == number


def test_every_table_has_its_sheet_with_numbers_and_hidden_cells() -> None:
    sheets = opened(note())
    (shares,) = [sheet for name, sheet in sheets.items() if "Figur 2" in name]
    assert str(shares[0][0]).startswith("Figur 2. Andel i pct. med færre end 4 samtaler")
    by_row = rows(shares)
    assert by_row["Ydelsesgrupper i alt"][:3] == [20.0, 20.2, 19.1]
    assert by_row["Jobafklaringsforløb"][0] == "."
    assert len(sheets) == 1 + 11 + 1


def test_every_figure_behind_stands_in_one_tidy_sheet() -> None:
    document = note(full())
    sheet = opened(document)["Alle tal"]
    assert sheet[0] == COLUMNS
    assert len(sheet) == len(document.behind) + 1
    records = [dict(zip(COLUMNS, row, strict=True)) for row in sheet[1:]]
    hidden = [r for r in records if r["status"] == "suppressed"]
    assert hidden and {r["value"] for r in hidden} == {"."}
    (april,) = [
        r
        for r in records
        if (r["measure"], r["statistic"], r["grp"], r["month"])
        == ("conversations_12m", "unmet", "total", "2023-04")
    ]
    assert (april["value"], april["release"], april["published"]) == (
        141,
        "ishoej-2023-11",
        "2023-11-01",
    )
    assert (april["area_name"], april["group_name"]) == ("Ishøj", "Ydelsesgrupper i alt")


def test_release_rule_and_program_stand_on_every_table() -> None:
    document = warning()
    for name, sheet in opened(document).items():
        if name != "Alle tal":
            assert any(document.footer in row for row in sheet), name


def test_what_looks_like_a_formula_is_text() -> None:
    for text in ('=HYPERLINK("http://x")', "+1+1", "-1+1", "@SUM(1)", "\t=1"):
        table = Table(
            "=1+1", (Column(2, "left"), Column(1)), ((HeaderCell(text), HeaderCell(text)),),
            (Row(Cell(text), (Cell(text),)),),
        )  # fmt: skip
        data = xlsx(replace(everything(), blocks=(table,)))
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheet = book.get_sheet_by_name("1 =1+1").to_python()
        assert sheet[0][0] == "=1+1"
        assert sheet[3][:2] == [text, text]
        assert b"<f>" not in _parts(data)
        assert b'quotePrefix="1"' in _parts(data)


def _parts(data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as file:
        return b"".join(file.read(name) for name in file.namelist())


def test_every_sign_a_name_may_hold_is_written_as_it_is() -> None:
    found = [cell for sheet in opened(everything()).values() for row in sheet for cell in row]
    assert any(NASTY in str(cell) for cell in found)


def test_sheets_have_names_excel_takes() -> None:
    captions = ["Tabel 1. [a]: b/c\\d*e?", "'citat'", "x" * 60, "x" * 60]
    names = list(sheet_names(captions))
    assert len(set(names)) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_a_second_workbook_is_the_same_byte_for_byte() -> None:
    assert render(note(), "xlsx") == render(note(), "xlsx")
    assert render(note(language="en"), "xlsx") != render(note(), "xlsx")
