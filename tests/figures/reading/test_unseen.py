"""What nobody sees in a workbook is named: never a figure, never silently missing."""

import datetime as dt

import pytest
import xlsxwriter

from tilsyn.errors import InputError
from tilsyn.figures.reading import read_published

DAY = dt.date(2023, 5, 15)
TITLE = "Andel personer (12 mdr. på ydelse), som har fået afholdt færre end 4 samtaler"
ROWS = [("Kontanthjælp", 25.8, 24.7, 24.2), ("Sygedagpenge", 10.1, 11, 12.5)]


@pytest.fixture
def workbook(tmp_path):
    """Makes a workbook of one table, changed by a function of book and sheet, and reads it."""

    def made(change):
        file = tmp_path / "tal.xlsx"
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet("Tal")
            sheet.write_column(0, 0, ["Ishøj", TITLE])
            sheet.write_row(2, 1, ["jan-23", "feb-23", "mar-23"])
            for at, row in enumerate(ROWS, 3):
                sheet.write_row(at, 0, row)
            change(book, sheet)
        return read_published(file, published=DAY)

    return made


def read(reading):
    return sorted(reading.figures.filter(reading.figures["value"].is_not_null())["value"])


@pytest.mark.parametrize(
    ("change", "left", "said"),
    [
        (lambda _, s: s.set_row(4, None, None, {"hidden": True}), [24.2, 24.7, 25.8], "række 5"),
        (
            lambda _, s: s.set_column(2, 3, None, None, {"hidden": True}),
            [10.1, 25.8],
            "kolonne C og D",
        ),
        (lambda _, s: s.set_row(4, 0), [24.2, 24.7, 25.8], "række 5"),
    ],
    ids=["row", "columns", "a row without height"],
)
def test_hidden_rows_and_columns_are_named_and_not_read(workbook, change, left, said):
    found = workbook(change)
    assert read(found) == left
    assert [a.da for a in found.anomalies] == [
        f"Skjult i regnearket og derfor ikke læst: ark Tal: {said}."
    ]


@pytest.mark.parametrize("number", [1e300, -1e16])
def test_a_number_beyond_all_figures_is_refused_by_its_cell(workbook, number):
    with pytest.raises(InputError, match="sheet Tal, row 4"):
        workbook(lambda _, s: s.write_number(3, 1, number))


@pytest.mark.parametrize("hide", ["hide", "very_hidden"])
def test_hidden_sheets_are_named_and_not_read(workbook, hide):
    def change(book, sheet):
        other = book.add_worksheet("Gammelt")
        other.write_column(0, 0, ["Køge", TITLE])
        other.write_row(2, 1, ["jan-23"])
        other.write_row(3, 0, ["Kontanthjælp", 77])
        getattr(other, hide)()

    found = workbook(change)
    assert 77 not in read(found)
    assert [a.en for a in found.anomalies] == [
        "Hidden in the workbook and so not read: sheet Gammelt."
    ]


def test_what_is_hidden_and_empty_is_nothing(workbook):
    def change(book, sheet):
        sheet.set_column(10, 12, None, None, {"hidden": True})
        book.add_worksheet("Tom").hide()

    assert workbook(change).anomalies == ()


@pytest.mark.parametrize("stored", ["", 0], ids=["none", "a nought put there by a program"])
def test_formulas_never_computed_are_refused_by_cell(workbook, stored):
    def change(_, sheet):
        for column in range(1, 4):
            sheet.write_formula(5, column, "=B4", None, stored)
        sheet.write_string(5, 0, "Ledighedsydelse")

    with pytest.raises(InputError, match=r"stored value \(sheet Tal: B6, C6 and D6"):
        workbook(change)


def test_formulas_that_were_computed_are_read(workbook):
    def change(_, sheet):
        sheet.write_formula(3, 1, "=25.8", None, 25.8)

    found = workbook(change)
    assert 25.8 in read(found)
    assert found.anomalies == ()


def test_errors_are_named_and_not_available(workbook):
    def change(_, sheet):
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 3, "=NA()", None, "#N/A")

    found = workbook(change)
    statuses = found.figures.filter(found.figures["value"].is_null())["status"].to_list()
    assert statuses == ["not_available"] * 2
    assert [a.en for a in found.anomalies] == [
        "Cells with errors in the workbook are read as not available: sheet Tal: B4 and D5."
    ]
