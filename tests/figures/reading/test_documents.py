import datetime as dt

import polars as pl
import pytest

from tests.figures.reading.documents import (
    DOCUMENTS,
    IN_PROSE,
    TABLES,
    cells,
    read_document,
    transcribed,
)
from tilsyn.errors import InputError
from tilsyn.figures.reading import read_published


@pytest.mark.parametrize("number", DOCUMENTS)
def test_a_document_gives_exactly_its_transcribed_cells(number):
    columns = ("value", "status", "provenance", "release", "published")
    expected = transcribed().figures.filter((pl.col("release") == number) & ~IN_PROSE)
    assert cells(read_document(number).figures, *columns) == cells(expected, *columns)


@pytest.mark.parametrize("number", DOCUMENTS)
def test_a_document_keeps_each_cell_as_printed(number):
    expected = transcribed().printed.filter((pl.col("release") == number) & ~IN_PROSE)
    assert cells(read_document(number).printed, "raw") == cells(expected, "raw")


def test_the_documents_have_as_many_cells_as_were_counted_by_hand():
    assert [read_document(n).figures.height for n in DOCUMENTS] == [240, 39, 42, 606]


def test_a_printed_cell_says_where_it_stands():
    printed = read_document("002").printed.filter(
        (pl.col("statistic") == "share")
        & (pl.col("grp") == "kontanthjaelp")
        & (pl.col("month") == dt.date(2022, 1, 1))
    )
    assert printed.select("raw", "file", "place").rows() == [
        ("33,3", "side_by_side.txt", "line 13, column 6 (Jan 2022)")
    ]


@pytest.mark.parametrize(
    ("number", "remarks"),
    [
        (
            "000",
            [
                "Månedsnavnet »Mår 2023« (linje 22) er læst som marts 2023.",
                "Tabellen fra linje 22: »Isbøj« er læst som Ishøj.",
                "Tabellen fra linje 22: »32 måneder og derover« er læst som 12 måneder, som i "
                "dokumentets andre tal.",
            ],
        ),
        (
            "001",
            [
                "Tabellen fra linje 19: titlen nævner ikke anciennitetskravet; 6 måneder er taget "
                "fra dokumentets andre tal.",
            ],
        ),
        (
            "002",
            [
                "Tabellen fra linje 7: titlen nævner ikke målingen; Samtaler, tidlig indsats er "
                "taget fra dokumentets andre tal.",
                "Tabellen fra linje 7: titlen nævner ikke anciennitetskravet; 6 måneder er taget "
                "fra dokumentets andre tal.",
            ],
        ),
    ],
)
def test_what_was_taken_from_context_is_reported(number, remarks):
    anomalies = read_document(number).anomalies
    assert [a.kind for a in anomalies] == ["reading"] * len(remarks)
    assert [a.da for a in anomalies] == remarks


def test_a_table_without_any_title_takes_the_caption_that_fits_and_its_municipality_from_the_others():
    reading = read_document("003")
    visitation = reading.figures.filter(pl.col("visitation") != "")
    assert visitation["grp"].unique().to_list() == ["kontanthjaelp"]
    assert visitation["measure"].unique().to_list() == ["conversations_12m"]
    assert visitation["statistic"].unique().to_list() == ["unmet"]
    assert [a.en.partition(": ")[2] for a in reading.anomalies] == [
        "the title does not say the municipality; Ishøj is taken from the document's other figures."
    ]


def test_a_date_in_the_letter_counts_unless_an_option_gives_another():
    file = TABLES / "long_term_conversations.txt"
    assert read_published(file).figures["published"].unique().to_list() == [dt.date(2023, 9, 4)]
    other = dt.date(2023, 10, 1)
    assert read_published(file, published=other).figures["published"].unique().to_list() == [other]


@pytest.mark.parametrize("number", ["001", "002", "003"])
def test_a_date_that_cannot_be_right_is_not_believed(number):
    with pytest.raises(InputError, match="--published 2023-02-20"):
        read_published(TABLES / DOCUMENTS[number][0])


def test_a_letter_without_tables_is_refused(tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text(
        "Afrapportering 1. september 2021\n\nSeks kommuner i perioden juli 2020 til juni 2021.\n"
        "Det er Bornholm, Lejre, Samsø, Slagelse og Ærø; 16 af 30 kommuner.\n"
    )
    with pytest.raises(InputError, match="no table found"):
        read_published(file)
