import datetime as dt

import polars as pl
import pytest
import xlsxwriter

from tests.figures.reading.documents import TABLES, cells, transcribed
from tilsyn.errors import InputError
from tilsyn.figures.reading import read_published
from tilsyn.figures.table import SCHEMA

COLUMNS = "document,published,municipality,measure,statistic,group,category,month,raw,value"
ROW = '7,2023-02,Ishøj,conversations_6m,share_pct,Kontanthjælp,,2022-10,"84,6",84.6'


def read(tmp_path, *lines, **options):
    file = tmp_path / "tal.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_published(file, **options)


def test_every_row_of_the_transcription_is_a_figure_of_its_own_document():
    figures = transcribed().figures
    counted = figures.group_by("release", "published").len().sort("release")
    assert counted.rows() == [
        ("000", dt.date(2023, 9, 4), 242),
        ("001", dt.date(2023, 2, 20), 39),
        ("002", dt.date(2022, 5, 1), 42),
        ("003", dt.date(2023, 11, 1), 606),
    ]
    assert figures["provenance"].unique().to_list() == ["published"]
    assert sorted(figures["statistic"].unique()) == ["persons", "population", "share", "unmet"]


def test_printed_records_whether_a_cell_was_hidden_blank_or_nought():
    reading = transcribed()
    stated = reading.figures.with_columns(reading.printed["raw"])
    found = set(stated.filter(pl.col("status") != "value").select("raw", "status").rows())
    assert found == {(".", "suppressed"), ("", "not_available"), ("0,0", "zero")}


def test_visitation_categories_have_their_own_column(tmp_path):
    row = "7,2023-02,Ishøj,conversations_12m,count,kontanthjaelp,jobparat,2022-10,5,5"
    figures = read(tmp_path, COLUMNS, row).figures
    assert figures.select("statistic", "grp", "visitation", "category").row(0) == (
        "unmet",
        "kontanthjaelp",
        "jobparat",
        "",
    )


@pytest.mark.parametrize(
    "lines",
    [
        ["\N{ZERO WIDTH NO-BREAK SPACE}" + COLUMNS, ROW],
        [
            COLUMNS.replace(",", ";"),
            ROW.replace('"84,6"', "84;6").replace(",", ";").replace("84;6", "84,6", 1),
        ],
        [
            COLUMNS.replace(",", "\t"),
            ROW.replace('"84,6"', "84#6").replace(",", "\t").replace("#", ","),
        ],
        [COLUMNS.upper(), ROW, ""],
    ],
)
def test_separators_and_byte_order_marks_do_not_matter(tmp_path, lines):
    assert read(tmp_path, *lines).figures.select("release", "value", "published").rows() == [
        ("7", 84.6, dt.date(2023, 2, 1))
    ]


def test_options_stand_in_for_columns_a_file_lacks(tmp_path):
    lines = ("measure,statistic,group,month,value", "offers_6m,share,Uddannelseshjælp,Okt 2022,20")
    day = dt.date(2023, 2, 20)
    figures = read(tmp_path, *lines, published=day, release="brev", municipality="Ishøj").figures
    assert figures.select("area", "grp", "month", "release", "published").row(0) == (
        "183",
        "uddannelseshjaelp",
        dt.date(2022, 10, 1),
        "brev",
        day,
    )
    with pytest.raises(InputError, match="row 2: which municipality"):
        read(tmp_path, *lines, published=day)
    with pytest.raises(InputError, match="row 2: when was it published"):
        read(tmp_path, *lines, municipality="Ishøj")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("84.6", "84.7", "row 2: raw '84,6' and value '84.7' disagree"),
        ("84.6", "", "disagree"),
        ('"84,6"', ".", "disagree"),
        ('"84,6",84.6', '"184,6",184.6', "row 2, column value: a share lies between"),
        ('"84,6"', "84;6", "row 2, column raw: '84;6' is no number"),
        ("2022-10", "2022-13", "row 2, column month: there is no month 13"),
        ("Kontanthjælp", "Fleksjob", "row 2, column group: 'Fleksjob' is no known"),
        ("Ishøj", "Atlantis", "row 2, column municipality: 'Atlantis'"),
        ("share_pct", "average", "row 2, column statistic: 'average'"),
        ("2023-02", "i går", "row 2, column published"),
        ("84.6", "84.6,1", "row 2: 11 cells under a header of 10"),
        ("conversations_6m", "meetings", "row 2, column measure: 'meetings'"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused(tmp_path, old, new, said):
    with pytest.raises(InputError) as caught:
        read(tmp_path, COLUMNS, ROW.replace(old, new, 1))
    assert said in str(caught.value)


def test_a_missing_column_and_an_empty_table_are_refused(tmp_path):
    with pytest.raises(InputError, match="row 1: the column month is missing"):
        read(tmp_path, COLUMNS.replace("month", "måned"), ROW)
    with pytest.raises(InputError, match="a header and no rows"):
        read(tmp_path, COLUMNS)


def test_two_values_for_one_cell_are_refused_with_both_places(tmp_path):
    other = ROW.replace('"84,6",84.6', "80,80")
    with pytest.raises(InputError, match=r"row 3: two values .* 80,0.*here and 84,6.* at row 2"):
        read(tmp_path, COLUMNS, ROW, other)
    assert read(tmp_path, COLUMNS, ROW, other.replace("2023-02", "2023-03")).figures.height == 2


def test_statements_give_figures_only_for_what_is_met_or_missed():
    reading = read_published(TABLES / "statements.csv")
    assert set(reading.figures.select("statistic", "value").rows()) == {("met", 0.0)}
    assert reading.figures.group_by("release", "measure").len().sort(
        "release", "measure"
    ).rows() == [
        ("000", "result_goal", 1),
        ("003", "result_goal", 1),
        ("004", "conversations_12m", 5),
        ("004", "offers_12m", 15),
        ("004", "result_goal", 18),
    ]


def test_a_number_of_municipalities_that_differs_from_the_names_is_reported():
    anomalies = read_published(TABLES / "statements.csv").anomalies
    assert [(a.kind, a.measure) for a in anomalies] == [
        ("names_differ_from_number", "conversations_12m"),
        ("names_differ_from_number", "offers_12m"),
        ("names_differ_from_number", "offers_12m+result_goal"),
    ]
    assert [a.en for a in anomalies] == [
        "Document 004 says that 6 municipalities miss 'Conversations, long-term' (June 2021), but "
        "names 5.",
        "Document 004 says that 30 municipalities miss 'Offers, long-term' (June 2021), but names 15.",
        "Document 004 says that 16 municipalities miss both 'Offers, long-term' and 'Result goal' "
        "(June 2021), but names 15.",
    ]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_figure_table_is_read_back_as_it_was(tmp_path, ending):
    figures = transcribed().figures
    file = tmp_path / f"figures.{ending}"
    figures.write_csv(file) if ending == "csv" else figures.write_parquet(file)
    again = read_published(file)
    columns = ("value", "status", "provenance", "release", "published")
    assert again.figures.schema == SCHEMA
    assert cells(again.figures, *columns) == cells(figures, *columns)


def test_an_unsound_figure_table_is_refused(tmp_path):
    figures = transcribed().figures.head(3)
    file = tmp_path / "figures.csv"
    figures.with_columns(pl.lit("kaffe").alias("grp")).write_csv(file)
    with pytest.raises(InputError, match="unknown grp 'kaffe'"):
        read_published(file)
    figures.with_columns(pl.lit("maybe").alias("status")).write_csv(file)
    with pytest.raises(InputError, match="row 2, column status: 'maybe'"):
        read_published(file)
    figures.drop("month").write_parquet(file)
    with pytest.raises(InputError, match="column month is missing"):
        read_published(file)


def test_a_tidy_table_is_read_from_a_sheet_too(tmp_path):
    file = tmp_path / "tal.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name, month in (("Ark1", "2023-01"), ("Ark2", "2023-02")):
            sheet = book.add_worksheet(name)
            sheet.write_row(
                1, 0, ["municipality", "measure", "statistic", "group", "month", "value"]
            )
            sheet.write_row(
                2, 0, ["Køge", "conversations_6m", "share", "sygedagpenge", month, 23.5]
            )
        book.add_worksheet("Noter").write(0, 0, "Hentet af os")
    reading = read_published(file, published=dt.date(2023, 5, 15))
    assert reading.figures.select("area", "month", "value").rows() == [
        ("259", dt.date(2023, 1, 1), 23.5),
        ("259", dt.date(2023, 2, 1), 23.5),
    ]
    assert reading.printed["place"].to_list() == ["sheet Ark1, row 3", "sheet Ark2, row 3"]
    assert [a.en for a in reading.anomalies] == [
        "Without columns of figures and so not read: sheet Noter."
    ]


def test_tidy_sheets_of_different_columns_are_refused(tmp_path):
    file = tmp_path / "tal.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name in ("month", "raw"):
            book.add_worksheet(name).write_row(0, 0, ["measure", "statistic", "group", name])
    with pytest.raises(InputError, match="sheet raw, row 1: other columns than in sheet month"):
        read_published(file)


@pytest.mark.parametrize("missing", ["measure", "statistic", "group", "month"])
def test_the_column_a_tidy_table_lacks_is_named(tmp_path, missing):
    columns = ["measure", "statistic", "group", "month", "published", "value"]
    header = ";".join(name for name in columns if name != missing)
    with pytest.raises(InputError, match=f"row 1: the column {missing} is missing; there are"):
        read(tmp_path, header, "Køge;share;total;2023-01;23,5")
