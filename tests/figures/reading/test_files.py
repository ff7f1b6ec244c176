import datetime as dt
import zipfile

import polars as pl
import pytest
import xlsxwriter

from tests.figures.reading.documents import DOCUMENTS, TABLES, cells, read_document
from tilsyn.errors import InputError
from tilsyn.figures.reading import read_published

LETTER = (TABLES / "restoration.txt").read_text(encoding="utf-8")
DAY = dt.date(2023, 2, 20)


def refusal(file):
    with pytest.raises(InputError) as caught:
        read_published(file, published=DAY)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(file))
    return str(caught.value)


def test_missing_files_folders_and_empty_files_are_refused(tmp_path):
    assert "No such file" in refusal(tmp_path / "væk.csv")
    assert "a folder" in refusal(tmp_path)
    empty = tmp_path / "tom.csv"
    empty.write_bytes(b" \n\n")
    assert "the file is empty" in refusal(empty)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "a picture (PNG)"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (bytes(range(256)) * 4, "neither UTF-8 nor"),
        (b"abc\0def\0" * 30, "not a text file"),
        (b"PK\x03\x04" + bytes(30), "a damaged workbook"),
        (b"PAR1" + bytes(30), "a damaged Parquet file"),
        ("Пример таблицы".encode("cp1251"), "neither UTF-8 nor"),
    ],
)
def test_other_kinds_of_file_are_refused_whatever_their_name(tmp_path, data, said):
    file = tmp_path / "tal.csv"
    file.write_bytes(data)
    assert said in refusal(file)


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_codings_of_danish_text_are_read(tmp_path, coding):
    file = tmp_path / "brev.txt"
    file.write_bytes(LETTER.encode(coding))
    again = read_published(file, published=DAY)
    assert cells(again.figures, "value") == cells(read_document("001").figures, "value")


@pytest.mark.parametrize("number", DOCUMENTS)
def test_a_workbook_gives_the_same_as_the_letter(tmp_path, number):
    """Grids only: a table whose columns are single spaces is no workbook until it is parted."""
    name, published = DOCUMENTS[number]
    file = tmp_path / "tabel.csv"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Tal")
        for row, line in enumerate((TABLES / name).read_text(encoding="utf-8").splitlines()):
            for column, cell in enumerate(line.split("\t")):
                text = cell.replace(",", ".").replace("<b>", "").replace("</b>", "")
                is_number = text.replace(".", "", 1).isdigit()
                sheet.write(row, column, float(text)) if is_number else sheet.write(
                    row, column, cell
                )
    day = published or dt.date(2023, 9, 4)
    if number == "003":
        assert "no table found" in refusal(file)
        return
    again = read_published(file, published=day)
    assert cells(again.figures, "value", "status") == cells(
        read_document(number).figures, "value", "status"
    )
    assert again.printed["place"][0].startswith("sheet Tal, row ")
    assert all("fra ark Tal, række" in a.da or "(ark Tal, række" in a.da for a in again.anomalies)


def test_months_that_are_dates_in_a_workbook_are_months(tmp_path):
    file = tmp_path / "tabel.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "mmm yyyy"})
        sheet.write(0, 1, "Ishøj")
        sheet.write(1, 1, "Antal personer (6 mdr. på ydelse), som ikke har fået 4 samtaler")
        sheet.write(2, 1, dt.date(2022, 1, 1), day)
        sheet.write(2, 2, dt.date(2022, 2, 1), day)
        sheet.write_row(3, 0, ["Kontanthjælp", 1234, "."])
    figures = read_published(file, published=DAY).figures
    assert figures.select(pl.col("month").dt.month(), "value", "status").rows() == [
        (1, 1234.0, "value"),
        (2, None, "suppressed"),
    ]


def test_a_workbook_of_absurd_extent_is_refused_before_it_is_opened(tmp_path):
    file = tmp_path / "stor.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, 1)
        sheet.write(1_000_000, 16_000, 1)
    assert "cells (at most 2000000 are read)" in refusal(file)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path):
    file = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(200 * 2**20))
    assert file.stat().st_size < 2**20
    assert "would unpack to 200 MB" in refusal(file)


def test_packed_files_that_are_no_workbooks_are_refused(tmp_path):
    for part, said in (
        ("word/document.xml", "a Word document"),
        ("content.xml", "an OpenDocument file; save the sheet as XLSX"),
        ("a.csv", "a packed file"),
    ):
        file = tmp_path / "x.xlsx"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(part, "x")
        assert said in refusal(file)
