"""Laws: what is printed is read back; whatever else is read, only an InputError comes of it."""

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.figures.reading.documents import DOCUMENTS, TABLES
from tilsyn.errors import InputError
from tilsyn.figures.reading import read_published
from tilsyn.figures.table import CELL
from tilsyn.vocabulary import GROUPS, MEASURES, MUNICIPALITIES, ROWS, MonthRange, YearMonth
from tilsyn.vocabulary.wording import number

DAY = dt.date(2031, 1, 1)
SUPERVISED = [m for m in MEASURES if m.effort]
EVENT = {"conversations": "færre end 4 samtaler", "offers": "ikke har fået 1 tilbud"}
TITLE = {
    "share": "Andel personer ({seniority} mdr. på ydelse), {lacking}",
    "unmet": "Antal personer ({seniority} mdr. på ydelse), {lacking}",
    "population": "Antal personer med {seniority} mdr. anciennitet",
    "persons": "Antal personer ({seniority} mdr. på ydelse) fordelt på antal {event}",
}


def cell(statistic):
    share = st.integers(0, 1000).map(lambda n: n / 10)
    return st.none() | (share if statistic == "share" else st.integers(0, 25_000).map(float))


@st.composite
def printed_tables(draw):
    """A table's title, heads and rows, and the cells they hold."""
    measure = draw(st.sampled_from(SUPERVISED))
    area = draw(st.sampled_from(list(MUNICIPALITIES)))
    statistic = draw(st.sampled_from(["share", "unmet", "persons"]))
    first = YearMonth(2019, 1) + draw(st.integers(0, 60))
    months = list(MonthRange(first, first + draw(st.integers(0, 13))))
    columns = [(m.first, "") for m in months]
    if statistic == "persons":
        columns = [(first.first, category) for category in measure.categories]
    groups = draw(st.lists(st.sampled_from([ROWS["total"], *GROUPS]), min_size=1, unique=True))
    rows = {g.code: [draw(cell(statistic)) for _ in columns] for g in groups}
    style = draw(st.sampled_from(["short", "name", "iso"]))
    forms = {"short": YearMonth.short, "name": YearMonth.name, "iso": str}
    heads = [category or forms[style](YearMonth.of(month)) for month, category in columns]
    title = TITLE[statistic].format(
        seniority=measure.seniority_months, lacking=EVENT[measure.event], event=measure.events("da")
    )
    titles = [area.name, *([first.short()] if statistic == "persons" else []), title]
    cells = {
        (measure.code, statistic, "municipality", area.code, code, "", category, month): value
        for code, values in rows.items()
        for (month, category), value in zip(columns, values, strict=True)
    }
    return titles, heads, rows, statistic, cells


def shown(value, statistic):
    if value is None:
        return "."
    # A share that could be a fraction has its sign.
    sign = "%" if statistic == "share" and 0 < value <= 1 else ""
    return number(value, "da", int(statistic == "share")) + sign


def read_text(text):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tabel.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_published(file, published=DAY, municipality="Ishøj", seniority=6)


@settings(deadline=None, max_examples=80)
@given(printed_tables(), st.sampled_from(["\t", " ", ";"]), st.booleans())
def test_a_printed_table_is_read_back_equal(table, between, title_below):
    titles, heads, rows, statistic, cells = table
    lines = [between.join(["", *heads]).strip(" ")]
    for code, values in rows.items():
        lines.append(between.join([ROWS[code].da, *(shown(v, statistic) for v in values)]))
    titles = [*(f'"{t}"' if between == ";" else t for t in titles)]
    parts = [*lines, "", *titles] if title_below else [*titles, *lines]
    figures = read_text("\n".join(["Indledning om 2022 og 12 tal.", "", *parts, ""])).figures
    assert {row[:-1]: row[-1] for row in figures.select(*CELL, "value").rows()} == cells


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_give_figures_or_an_input_error(data):
    try:
        read_text(data)
    except InputError as error:
        assert "\n" not in error.message


PIECES = st.sampled_from(
    ["\t", "\n", " ", ".", ",", "25,8", "-3", "1.234", "0 1 2+", "Ishøj", "Jobparat", "Figur 2: ",
     "Mar 2023", "2023M13", "Kontanthjælp", "Andel", "Antal personer", "\0", "%", ";", '"', "5+",
     "tilbud", "12 måneder", "\N{NO-BREAK SPACE}", "٣", "²", "1e9", "|", "9" * 400]
)  # fmt: skip


@pytest.mark.parametrize(
    "name", [*(name for name, _ in DOCUMENTS.values()), "published.csv", "statements.csv"]
)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=6))
def test_a_damaged_table_gives_figures_or_an_input_error(name, damages):
    text = (TABLES / name).read_text(encoding="utf-8")
    for where, length, piece in damages:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    try:
        reading = read_text(text)
    except InputError as error:
        assert "\n" not in error.message
    else:
        assert reading.figures.height == reading.printed.height


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_workbook_or_parquet_gives_figures_or_an_input_error(packed, damages):
    for original in packed:
        data = bytearray(original)
        for where, byte in damages:
            data[int(where * (len(data) - 1))] = byte
        try:
            read_text(bytes(data))
        except InputError as error:
            assert "\n" not in error.message


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    import xlsxwriter

    folder = tmp_path_factory.mktemp("packed")
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for row, line in enumerate((TABLES / "restoration.txt").read_text("utf-8").splitlines()):
            sheet.write_row(row, 0, line.split("\t"))
    figures = read_published(TABLES / "published.csv").figures.head(40)
    figures.write_parquet(folder / "a.parquet")
    return [(folder / name).read_bytes() for name in ("a.xlsx", "a.parquet")]
