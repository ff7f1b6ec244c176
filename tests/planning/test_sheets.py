"""A worklist as rows: what is kept is read again, whole, and says which of it was selected."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tilsyn.errors import InputError
from tilsyn.planning import earlier, record, sheets, worklist
from tilsyn.planning.record import Selection
from tilsyn.planning.worklist import CALL_INS, DUTIES

WORDS = st.text('aZæø1=+-@ ,;"\n', max_size=8).map(str.strip)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
TEAMS, WEEKS = ("", "Nord", "=Syd"), ("2022-W23", "2022-W24")
ROWS = st.fixed_dictionaries(
    {
        "person": WORDS,
        "kind": st.sampled_from(["conversations", "offers"]),
        "week": st.sampled_from(WEEKS),
        "first_day": DAYS,
        "last_day": DAYS,
        "status": st.sampled_from(["planned", "booked"]),
        "team": st.sampled_from(TEAMS),
        "caseworker": WORDS,
        "measures": st.lists(st.sampled_from(["offers_6m", "conversations_12m"]), unique=True),
        "reason_da": WORDS,
        "reason_en": WORDS,
    }
)
LISTS = st.lists(ROWS, max_size=8).map(lambda rows: pl.DataFrame(rows, CALL_INS))


@given(LISTS)
def test_a_worklist_that_is_kept_is_read_again_whole(rows):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / record.WORKLIST
        file.write_bytes(worklist.as_parquet(rows))
        assert_frame_equal(worklist.read(file, CALL_INS), rows)


@given(LISTS)
def test_no_cell_of_the_csv_is_taken_for_a_formula_and_nothing_is_lost(rows):
    text = sheets.call_in_csv(rows, "en").decode()
    written = list(csv.DictReader(io.StringIO(text)))
    assert not [v for row in written for v in row.values() if v.startswith(("=", "+", "-", "@"))]
    meant = [row["person"].removeprefix("'") for row in written]
    assert meant == [person.removeprefix("'") for person in rows["person"]]


@given(LISTS)
def test_a_worklist_that_an_earlier_version_wrote_is_read_whole(rows):
    with tempfile.TemporaryDirectory() as folder:
        files = {language: Path(folder) / f"{language}.csv" for language in ("da", "en")}
        for language, file in files.items():
            file.write_bytes(sheets.call_in_csv(rows, language))
        assert_frame_equal(earlier.call_ins(files), rows)


@given(LISTS)
def test_weeks_and_teams_share_a_worklist_out_without_rest(rows):
    parts = [Selection(week, team).of(rows) for week in WEEKS for team in TEAMS]
    assert sum(map(len, parts)) == len(rows) == len(Selection().of(rows))
    assert all(part.rows() == [row for row in rows.rows() if row in part.rows()] for part in parts)


@pytest.mark.parametrize(
    ("selection", "da", "slug"),
    [
        (Selection(), "alle uger, alle team", ""),
        (Selection("2022-W03", "Nord/Øst"), "uge 3, 2022, team Nord/Øst", "-2022-W03-Nord_Øst"),
        (Selection(team=""), "alle uger, uden team", "-0"),
    ],
)
def test_a_selection_is_said_in_words_and_in_a_file_s_name(selection, da, slug):
    assert (selection.in_words("da"), selection.slug) == (da, slug)


def test_what_is_no_worklist_is_refused(tmp_path):
    for name, data in (
        ("text", b"a,b\n1,2\n"),
        ("other", worklist.as_parquet(pl.DataFrame(schema=DUTIES))),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match=r"no such list|cannot be read"):
            worklist.read(tmp_path / name, CALL_INS)


@pytest.mark.parametrize("row", ["", "x,offers,2022-W23,soon,2022-06-10,planned,,,,\n"])
def test_what_is_no_earlier_worklist_is_refused(tmp_path, row):
    columns = ",".join(sheets.CALL_IN) if row else "a,b"
    (tmp_path / "worklist.csv").write_text(f"{columns}\n{row}")
    with pytest.raises(InputError, match=r"no such list|damaged row"):
        earlier.worklist(tmp_path)
