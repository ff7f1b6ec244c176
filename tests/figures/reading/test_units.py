"""Per cent or fraction: known from the sign, the format, the file or the counts; else refused."""

import datetime as dt
import json

import pytest
import xlsxwriter

from tilsyn.errors import InputError
from tilsyn.figures.reading import read_published
from tilsyn.figures.table import SCHEMA

DAY = dt.date(2023, 5, 15)
TITLE = "Andel personer (12 mdr. på ydelse), som har fået afholdt færre end 4 samtaler"
TIDY = "municipality;measure;statistic;group;month;published;value"
ROW = "Køge;conversations_12m;{};{};2023-0{};2023-05-15;{}"
FIGURE_TABLE = ",".join(SCHEMA)


def read(tmp_path, text, **options):
    file = tmp_path / "tal"
    file.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return read_published(file, published=DAY, **options)


def tidy(*cells):
    """A tidy table of (statistic, group, month, value)."""
    return "\n".join([TIDY, *(ROW.format(*cell) for cell in cells)])


def shares(reading):
    figures = reading.figures.filter(reading.figures["statistic"] == "share")
    return sorted(figures.select("grp", "month", "value").rows())


def letter(*rows):
    return "\n".join(["Ishøj", TITLE, "\tJan 2023\tFeb 2023", *rows])


def jsonstat(**unit):
    """A dataset of one share, with or without its unit."""
    codes = {
        "measure": "offers_12m",
        "statistic": "share",
        "area": "municipality:183",
        "group": "total",
        "month": "2023-01",
    }
    dimension = {name: {"category": {"index": [code]}} for name, code in codes.items()}
    dimension["statistic"]["category"] |= unit
    sizes = [1] * len(codes)
    return {
        "class": "dataset",
        "id": list(codes),
        "size": sizes,
        "dimension": dimension,
        "value": [0.25],
    }


ANSWER = {
    "columns": [
        "Periode",
        "Område",
        "Ydelsesgrupper",
        "Antal personer",
        "Antal personer uden tilbud",
        "Andel personer uden tilbud",
    ],
    "rows": [["2023M01", "Ishøj", "Sygedagpenge", None, None, 0.25]],
}


@pytest.mark.parametrize(
    "text",
    [
        letter("Kontanthjælp\t0,25\t0,333"),
        letter("Kontanthjælp\t25,8\t24,7", "Sygedagpenge\t0,25\t0,333"),
        letter("Kontanthjælp\t25,8\t24,7", "Sygedagpenge\t0,3\t0,4"),
        tidy(("share", "total", 1, "0,28"), ("share", "total", 2, "0,28")),
        tidy(("share", "sygedagpenge", 1, "0,28"), ("share", "total", 1, "25,8")),
        ANSWER,
        jsonstat(),
        "measure,statistic,area,grp,month,value\noffers_12m,share,183,total,2023-01,0.25",
    ],
    ids=[
        "letter",
        "one row of a letter",
        "one row with one decimal",
        "tidy",
        "one cell",
        "answer",
        "JSON-stat",
        "figure table",
    ],
)
def test_what_may_be_fractions_is_refused_in_every_way_in(tmp_path, text):
    with pytest.raises(InputError, match=r"shares look like fractions: 0.\d+ \("):
        read(tmp_path, text)


def test_the_cells_that_may_be_fractions_are_named(tmp_path):
    text = letter("Kontanthjælp\t25,8\t24,7", "Sygedagpenge\t0,25\t0,333")
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert "0,25 (line 5, column 2 (Jan 2023)) and 0,333 (line 5, column 3" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (letter("Kontanthjælp\t25,8\t0,8", "Sygedagpenge\t0,0\t12"), [25.8, 0.8, 0.0, 12.0]),
        (letter("Kontanthjælp\t0,25 %\t0,3%", "Sygedagpenge\t1 %\t0"), [0.25, 0.3, 1.0, 0.0]),
        (letter("Kontanthjælp\t0,0\t0", "Sygedagpenge\t0\t."), [0.0, 0.0, 0.0, None]),
        (tidy(("share", "total", 1, "0,28 %")), [0.28]),
        (tidy(("share", "total", 1, "0,8"), ("share", "sygedagpenge", 1, "12,5")), [12.5, 0.8]),
        (jsonstat(unit={"share": {"symbol": "%"}}), [0.25]),
        (
            f"{FIGURE_TABLE}\noffers_12m,share,municipality,183,total,,,2023-01-01,0.25,value,"
            "register,r,2023-05-15",
            [0.25],
        ),
    ],
    ids=["beside per cent", "signs", "nought", "tidy sign", "company", "unit", "whole table"],
)
def test_what_is_per_cent_is_read_as_it_stands(tmp_path, text, values):
    found = read(tmp_path, text)
    assert sorted(map(str, found.figures["value"])) == sorted(map(str, values))
    assert found.anomalies == ()


@pytest.mark.parametrize(
    ("population", "unmet", "printed", "value"),
    [
        (50, 14, "0,28", 28.0),
        (50, "", "0,28", 28.0),
        (300, 2, "0,6667", 0.6667),
        (358, 1, "0,28", 0.28),
        (300, 300, "1", 100.0),
    ],
    ids=["fraction", "no count", "unrounded per cent", "per cent", "all of them"],
)
def test_the_numbers_of_persons_prove_the_unit(tmp_path, population, unmet, printed, value):
    cells = [("population", "total", 1, population), ("share", "total", 1, printed)]
    found = read(tmp_path, tidy(*cells, *([("unmet", "total", 1, unmet)] if unmet else [])))
    assert [share for _, _, share in shares(found)] == [value]
    remarks = [anomaly.en for anomaly in found.anomalies]
    assert len(remarks) == (value >= 28)
    assert all(f"('{printed}' is {value:.1f}%)" in remark for remark in remarks)


def test_one_proof_tells_of_all_shares_beside_it(tmp_path):
    cells = [("share", "total", 1, "0,28"), ("share", "total", 2, "0,31")]
    found = read(tmp_path, tidy(("population", "total", 1, 50), *cells))
    assert [share for _, _, share in shares(found)] == [28.0, 31.0]
    assert found.anomalies[0].da.startswith("2 andele er skrevet som brøk og læst som procent")


def test_per_cent_in_a_workbook_is_known_cell_by_cell(tmp_path):
    file = tmp_path / "tal.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        form = book.add_format({"num_format": "0.0%"})
        quoted = book.add_format({"num_format": '0.0" %"'})
        sheet.write_column(0, 0, ["Ishøj", TITLE])
        sheet.write_row(2, 1, ["jan-23", "feb-23"])
        sheet.write_row(3, 0, ["Kontanthjælp", 25.8, 24.7])
        sheet.write_string(4, 0, "Sygedagpenge")
        sheet.write_row(4, 1, [0.25, 0.242], form)
        sheet.write_string(5, 0, "A-dagpenge mv.")
        sheet.write_row(5, 1, [12.5, 0.8], quoted)
    found = read_published(file, published=DAY)
    assert [value for _, _, value in shares(found)] == [12.5, 0.8, 25.8, 24.7, 25.0, 24.2]


def test_a_count_shown_in_per_cent_is_refused(tmp_path):
    file = tmp_path / "tal.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["Ishøj", TITLE.replace("Andel", "Antal")])
        sheet.write_row(2, 1, ["jan-23", "feb-23"])
        sheet.write_row(3, 0, ["Kontanthjælp", 34])
        sheet.write_number(3, 2, 0.34, book.add_format({"num_format": 10}))
    with pytest.raises(InputError, match=r"row 4, column 3 \(feb-23\): '34%' is no number"):
        read_published(file, published=DAY)
