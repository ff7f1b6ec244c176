"""A worklist as a file: what is written is read again, whole, and says which of it was chosen."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.errors import InputError
from tilsyn.planning import sheets
from tilsyn.planning.choice import Choice
from tilsyn.planning.worklist import ENTRY, Entry

WORDS = st.text('aZæø1=+-@ ,;"\n', max_size=8).map(str.strip)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
ENTRIES = st.builds(
    Entry,
    person=WORDS,
    kind=st.sampled_from(["conversations", "offers"]),
    week=st.sampled_from(["2022-W23", "2022-W24"]),
    first_day=DAYS,
    last_day=DAYS,
    status=st.sampled_from(["planned", "booked"]),
    team=st.sampled_from(["", "Nord", "=Syd"]),
    caseworker=WORDS,
    measures=st.lists(st.sampled_from(["offers_6m", "conversations_12m"]), unique=True).map(tuple),
    reason=WORDS,
)


@given(st.lists(ENTRIES, max_size=5))
def test_a_worklist_that_is_written_is_read_again_whole(entries):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "worklist.csv"
        file.write_bytes(sheets.as_csv(ENTRY, sheets.entry_rows(entries)))
        assert sheets.read_worklist(file) == entries


@given(st.lists(ENTRIES, max_size=8))
def test_weeks_and_teams_share_a_worklist_out_without_rest(entries):
    teams, weeks = ("", "Nord", "=Syd"), ("2022-W23", "2022-W24")
    parts = [Choice(week, team).of(entries) for week in weeks for team in teams]
    assert sum(map(len, parts)) == len(entries) == len(Choice().of(entries))
    assert all(entry in entries for part in parts for entry in part)


@pytest.mark.parametrize(
    ("choice", "da", "slug"),
    [
        (Choice(), "alle uger, alle team", ""),
        (Choice("2022-W03", "Nord/Øst"), "uge 3, 2022, team Nord/Øst", "-2022-W03-Nord_Øst"),
        (Choice(team=""), "alle uger, uden team", "-0"),
    ],
)
def test_a_choice_is_said_in_words_and_in_a_file_s_name(choice, da, slug):
    assert (choice.told("da"), choice.slug) == (da, slug)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", ",".join(ENTRY) + "\nx,offers,2022-W23,soon\n"])
def test_what_is_no_worklist_is_refused(tmp_path, text):
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(InputError, match=r"no worklist|damaged row"):
        sheets.read_worklist(tmp_path / "list.csv")
