import datetime as dt

import polars as pl
import pytest

from tilsyn.errors import InputError
from tilsyn.figures.reading import read_published

DAY = dt.date(2023, 9, 1)
TITLE = "Ishøj\nAndel personer (6 mdr. på ydelse), som har fået afholdt færre end 4 samtaler\n"


def read(tmp_path, text, **options):
    file = tmp_path / "tabel.txt"
    file.write_text(text, encoding="utf-8")
    return read_published(file, **{"published": DAY} | options)


def shown(reading):
    figures = reading.figures.select("grp", pl.col("month").dt.month(), "value", "status")
    return [(g, m, s if v is None else v) for g, m, v, s in figures.rows()]


def test_single_spaces_hold_numbers_apart_where_none_is_missing(tmp_path):
    text = TITLE + "Jan 2023 Feb 2023\nA-dagpenge mv. 3,8 .\nKontanthjælp 0 25\n"
    assert shown(read(tmp_path, text)) == [
        ("a_dagpenge", 1, 3.8),
        ("a_dagpenge", 2, "suppressed"),
        ("kontanthjaelp", 1, 0),
        ("kontanthjaelp", 2, 25),
    ]


def test_blanks_in_a_spaced_table_are_found_by_where_the_months_stand(tmp_path):
    text = (
        TITLE + "                   Jan 2023   Feb 2023   Mar 2023\n"
        "A-dagpenge mv.          3,8                   7,1\n"
        "Kontanthjælp                       25,0\n"
    )
    assert shown(read(tmp_path, text)) == [
        ("a_dagpenge", 1, 3.8),
        ("a_dagpenge", 2, "not_available"),
        ("a_dagpenge", 3, 7.1),
        ("kontanthjaelp", 1, "not_available"),
        ("kontanthjaelp", 2, 25),
        ("kontanthjaelp", 3, "not_available"),
    ]


@pytest.mark.parametrize("number", ["1.234", "1\N{NO-BREAK SPACE}234"])
def test_thousands_are_one_number(tmp_path, number):
    title = (
        "Ishøj\nAntal personer med 6 mdr. anciennitet\nfordelt på, som ikke har fået 4 samtaler\n"
    )
    reading = read(tmp_path, title + f"Jan 2023 Feb 2023\nKontanthjælp {number} 56\n")
    assert reading.figures["value"].to_list() == [1234, 56]


@pytest.mark.parametrize(
    "rows",
    [
        "Overgangsydelsesmodtagere uden\nfor program 10 20\nKontanthjælp 1 2\n",
        "Overgangsydelsesmodtagere uden 10 20\nfor program\nKontanthjælp 1 2\n",
        "Overgangsydelsesmodtagere uden\nfor program\t10\t20\nKontanthjælp\t1\t2\n",
        "Overgangsydelsesmodtagere uden for program 10 20\n\nKontanthjælp 1 2\n",
        "| Overgangsydelse | 10 | 20 |\n| --- | --- | --- |\n| **Kontanthjælp** | 1 | 2 |\n",
        "**Overgangsydelse** 10 20 %\n<b>Kontanthjælp</b> 1 % 2 %\n",
    ],
)
def test_broken_and_marked_labels_are_read(tmp_path, rows):
    head = "\tJan 2023\tFeb 2023\n" if "\t" in rows else "Jan 2023 Feb 2023\n"
    head = "| | Jan 2023 | Feb 2023 |\n" if "|" in rows else head
    assert shown(read(tmp_path, TITLE + head + rows)) == [
        ("overgangsydelse", 1, 10),
        ("overgangsydelse", 2, 20),
        ("kontanthjaelp", 1, 1),
        ("kontanthjaelp", 2, 2),
    ]


@pytest.mark.parametrize("delimiter", [";", ","])
def test_delimited_layouts_are_read(tmp_path, delimiter):
    lines = [
        ["", "Ishøj", ""],
        ["", '"Andel personer (6 mdr.), som ikke har fået 4 samtaler"', ""],
        ["Ydelsesgruppe", "2023M01", "2023M02"],
        ["Kontanthjælp", '"25,5"', "30"],
        ["A-dagpenge mv.", ".", ""],
    ]
    text = "\n".join(delimiter.join(line) for line in lines)
    assert shown(read(tmp_path, text)) == [
        ("kontanthjaelp", 1, 25.5),
        ("kontanthjaelp", 2, 30),
        ("a_dagpenge", 1, "suppressed"),
        ("a_dagpenge", 2, "not_available"),
    ]


def test_titles_may_stand_below_the_numbers(tmp_path):
    text = (
        "Jan 2023 Feb 2023\nKontanthjælp 25 30\n\n" + TITLE + "\n"
        "Jan 2023 Feb 2023\nKontanthjælp 5 6\n\nIshøj\n"
        "Antal personer (6 mdr. på ydelse), som har fået afholdt færre end 4 samtaler\n"
    )
    figures = read(tmp_path, text).figures
    assert figures.select("statistic", "value").rows() == [
        ("share", 25),
        ("share", 30),
        ("unmet", 5),
        ("unmet", 6),
    ]


def test_visitation_rows_belong_to_the_group_above_them(tmp_path):
    text = TITLE + "Jan 2023 Feb 2023\nKontanthjælp 25 30\nJobparat 10 12\nAktivitetsparat 40 41\n"
    figures = read(tmp_path, text).figures
    assert figures.select("grp", "visitation").unique(maintain_order=True).rows() == [
        ("kontanthjaelp", ""),
        ("kontanthjaelp", "jobparat"),
        ("kontanthjaelp", "aktivitetsparat"),
    ]


def test_a_title_that_names_a_group_settles_visitation_rows_without_one(tmp_path):
    text = (
        "Ishøj\nAntal kontanthjælpsmodtagere (6 mdr. på ydelse) uden 4 samtaler\n"
        "Jan 2023 Feb 2023\nJobparat 5 6\nAktivitetsparat 40 .\n"
    )
    figures = read(tmp_path, text).figures
    assert figures.select("statistic", "grp", "visitation").unique(maintain_order=True).rows() == [
        ("unmet", "kontanthjaelp", "jobparat"),
        ("unmet", "kontanthjaelp", "aktivitetsparat"),
    ]


def test_blocks_side_by_side_take_each_its_own_title(tmp_path):
    text = (
        "Hedensted\n"
        "Antal personer med 6 mdr. anciennitet   Andel personer, som har fået færre end 4 samtaler\n"
        "Dec 2021 Jan 2022 Dec 2021 Jan 2022\nSygedagpenge 34 24 23,5 29,2\n"
    )
    figures = read(tmp_path, text).figures
    assert figures.select("statistic", "value").rows() == [
        ("population", 34),
        ("population", 24),
        ("share", 23.5),
        ("share", 29.2),
    ]


LACKING = "som har fået afholdt færre end 4 samtaler"


def test_seniority_comes_from_tables_of_the_same_event_before_others(tmp_path):
    text = "\n\n".join(
        f"Ishøj\n{title}\nJan 2023 Feb 2023\nKontanthjælp {row}"
        for title, row in (
            ("Andel personer (12 mdr.), som ikke har fået 1 tilbud", "10 11"),
            (f"Andel personer (6 mdr.), {LACKING}", "20 21"),
            (f"Antal personer, {LACKING}", "5 6"),
        )
    )
    figures = read(tmp_path, text).figures
    assert figures.filter(statistic="unmet")["measure"].unique().to_list() == ["conversations_6m"]


def test_a_caption_about_one_group_is_not_that_of_a_table_of_many(tmp_path):
    caption = "Figur 1: Andel {} (12 mdr.) med færre end 4 samtaler\n\n"
    table = (
        f"Ishøj\nAndel personer, {LACKING}\nJan 2023 Feb 2023\nKontanthjælp 1 2\nSygedagpenge 3 4\n"
    )
    figures = read(tmp_path, caption.format("ydelsesmodtagere") + table).figures
    assert figures["measure"].unique().to_list() == ["conversations_12m"]
    with pytest.raises(InputError, match="--seniority"):
        read(tmp_path, caption.format("kontanthjælpsmodtagere") + table)


def test_what_follows_a_blank_line_is_a_row_only_if_its_group_is_known(tmp_path):
    text = (
        TITLE + "Jan 2023 Feb 2023\nKontanthjælp 25 30\n\nSagsnumre 12 13\n\nSider fra 2023 14 15\n"
    )
    assert shown(read(tmp_path, text)) == [("kontanthjaelp", 1, 25), ("kontanthjaelp", 2, 30)]


def test_counts_by_number_take_the_month_that_stands_alone(tmp_path):
    text = (
        "Ishøj\nAug 2023\n12 måneder og derover\nAntal personer fordelt på antal aktive tilbud\n"
        "0 1 2+\nKontanthjælp 40 30 65\n"
    )
    figures = read(tmp_path, text).figures
    assert figures.select("measure", "statistic", "category", "month", "value").rows() == [
        ("offers_12m", "persons", category, dt.date(2023, 8, 1), value)
        for category, value in (("0", 40), ("1", 30), ("2+", 65))
    ]


def test_sources_notes_and_prose_under_a_table_are_no_rows(tmp_path):
    after = (
        "Kilde: Jobindsats 2023 2024\nNote 1 2\n\nKontanthjælp\n"
        "I 2023 var det 40 personer i marts 12 13\n• Kontanthjælp steg fra 25 til 30\n"
    )
    text = TITLE + "Jan 2023 Feb 2023\nKontanthjælp 25 30\n" + after
    assert shown(read(tmp_path, text)) == [("kontanthjaelp", 1, 25), ("kontanthjaelp", 2, 30)]


def test_a_misread_month_is_taken_from_its_neighbours_and_reported(tmp_path):
    text = TITLE + "\tJan 2023\tFeb 202\tMar 2023\nKontanthjælp\t25\t30\t31\n"
    reading = read(tmp_path, text)
    assert reading.figures["month"].to_list()[1] == dt.date(2023, 2, 1)
    assert [(a.kind, a.month) for a in reading.anomalies] == [("reading", dt.date(2023, 2, 1))]


def test_a_misspelt_municipality_needs_something_that_settles_it(tmp_path):
    text = TITLE.replace("Ishøj", "Hedenstcd") + "Jan 2023 Feb 2023\nKontanthjælp 25 30\n"
    with pytest.raises(InputError, match=r"'Hedenstcd' is none.*--municipality"):
        read(tmp_path, text)
    reading = read(tmp_path, text, municipality="Hedensted")
    assert reading.figures["area"].unique().to_list() == ["766"]
    assert "»Hedenstcd« er læst som Hedensted" in reading.anomalies[0].da


def test_options_fill_in_what_the_document_leaves_out(tmp_path):
    text = "Andel personer, som har fået afholdt færre end 4 samtaler\nJan 2023\nKontanthjælp 25\n"
    figures = read(tmp_path, text, municipality="766", seniority=12, release="prøve").figures
    assert figures.select("measure", "area", "release", "published").rows() == [
        ("conversations_12m", "766", "prøve", DAY)
    ]


def test_a_repeated_cell_is_one_figure(tmp_path):
    text = TITLE + "Jan 2023 Feb 2023\nKontanthjælp 25 30\nKontanthjælp 25,0 30\n"
    reading = read(tmp_path, text)
    assert reading.figures.height == reading.printed.height == 2


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Københavns Kommune", "101"),
        ("Bornholms Regionskommune", "400"),
        ("Kommune: Vesthimmerlands Kommune", "820"),
    ],
)
def test_a_table_may_name_its_municipality_as_the_authority_is_called(tmp_path, place, code):
    text = TITLE.replace("Ishøj", place) + "\tJan 2023\tFeb 2023\nSygedagpenge\t12\t3\n"
    reading = read(tmp_path, text)
    assert reading.figures["area"].unique().to_list() == [code]
    assert not [a for a in reading.anomalies if place.split(": ")[-1] in a.en], "it is no misprint"
    told = TITLE.replace("Ishøj\n", "").replace(
        "personer", f"personer i {place.split(': ')[-1]}", 1
    )
    again = read(tmp_path, told + "\tJan 2023\tFeb 2023\nSygedagpenge\t12\t3\n")
    assert again.figures["area"].unique().to_list() == [code]


@pytest.mark.parametrize("between", ["\t", "  "], ids=["tabs", "spaces"])
def test_months_as_danish_excel_shows_them_are_column_heads(tmp_path, between):
    lines = [
        "Ishøj",
        "Andel personer (12 mdr. på ydelse), som har fået afholdt færre end 4 samtaler",
        between.join(["", "jan-23", "feb-23", "maj-23"]).strip(" "),
        between.join(["Ydelsesgrupper i alt", "25,8", "24,7", "24,2"]),
    ]
    figures = read(tmp_path, "\n".join(lines)).figures
    assert figures["month"].dt.month().to_list() == [1, 2, 5]
    assert figures["value"].to_list() == [25.8, 24.7, 24.2]
