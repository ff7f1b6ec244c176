"""The store holds every row once, whatever order it came in, and finds each person again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.register.store.admitted_rows import PEOPLE, Rows, rows_of, write
from tilsyn.errors import InputError
from tilsyn.register.coding import COMPANIONS, TABLES
from tilsyn.register.store import Store, fold, load, open_store
from tilsyn.register.store.layout import TEXTS

BOOKINGS = COMPANIONS["bookings"]


def held(store: Store) -> dict[str, Counter]:
    """Every row of the store, with the person's pseudonym again."""
    found: dict[str, Counter] = {table: Counter() for table in TABLES}
    for part in store.parts:
        names, skip = part.persons.to_pylist(), part.skipped()
        for table, columns in part.arrays().items():
            columns |= {name: part.texts(table).column(name) for name in TEXTS[table]}
            rows = zip(*(list(map(plain, columns[n])) for n in TABLES[table].names), strict=True)
            found[table] += Counter((names[p], *rest) for p, *rest in rows if not skip[p])
    return found


def plain(value: Any) -> Any:
    return value.as_py() if isinstance(value, pa.Scalar) else value.item()


def counted(rows: Rows) -> dict[str, Counter]:
    return {table: Counter(those) for table, those in rows.items()}


@pytest.mark.parametrize("buckets", [None, 1, 3, 16])
def test_every_row_is_held_once(tmp_path, buckets):
    rows = rows_of(PEOPLE)
    store = load(write(rows, tmp_path / "a"), tmp_path / "s", buckets=buckets)
    assert held(store) == counted(rows)
    assert store.generation.persons == len(PEOPLE)
    assert store.generation.rows == {table: len(those) for table, those in rows.items()}
    assert store.municipalities == (101, 851)


def test_rows_lie_by_person_then_date(tmp_path):
    store = load(write(rows_of(PEOPLE), tmp_path / "a"), tmp_path / "s", buckets=4)
    dates = {"spells": "start", "conversations": "held", "offers": "start", "hours": "month"}
    for part in store.parts:
        for table, date in dates.items():
            columns = part.arrays()[table]
            rows = list(zip(columns["person"].tolist(), columns[date].tolist(), strict=True))
            assert rows == sorted(rows)


def test_every_person_is_found(tmp_path):
    store = load(write(rows_of(PEOPLE), tmp_path / "a"), tmp_path / "s", buckets=7)
    for person in PEOPLE:
        part, index = store.find(person)
        assert part.persons[index].as_py() == person
    with pytest.raises(InputError, match="'nobody' is not in the store"):
        store.find("nobody")


def test_loading_the_same_rows_again_changes_nothing(tmp_path):
    rows = rows_of(PEOPLE)
    first = load(write(rows, tmp_path / "a"), tmp_path / "s")
    files = {f: f.stat().st_mtime_ns for f in first.folder.rglob("*.parquet")}
    again = load(write(rows, tmp_path / "b", shuffled=5, files=3), tmp_path / "s")
    assert again == first
    assert {f: f.stat().st_mtime_ns for f in again.folder.rglob("*.parquet")} == files


def test_other_rows_are_another_content(tmp_path):
    rows = rows_of(PEOPLE)
    first = load(write(rows, tmp_path / "a"), tmp_path / "s")
    rows["hours"][0] = (*rows["hours"][0][:2], rows["hours"][0][2] + 1)
    second = load(write(rows, tmp_path / "b"), tmp_path / "s")
    assert second.content != first.content
    assert not first.folder.exists()


def test_a_register_without_rows_is_a_store(tmp_path):
    store = load(write({table: [] for table in TABLES}, tmp_path / "a"), tmp_path / "s")
    assert held(store) == {table: Counter() for table in TABLES}


def test_a_date_outside_the_register_s_time_is_refused(tmp_path):
    rows = rows_of(PEOPLE)
    rows["offers"].append(("P001", 0, 100, 200, 100))
    with pytest.raises(InputError, match="1 rows of offers hold dates outside 1990 to 2100"):
        load(write(rows, tmp_path / "a"), tmp_path / "s")


# --- corrections ----------------------------------------------------------------------------------

SOME = [*PEOPLE[:6], "new one"]


def corrected(rows: Rows, by: Rows, named: list[str]) -> Rows:
    return {
        table: [row for row in those if row[0] not in named] + by[table]
        for table, those in rows.items()
    }


def test_corrections_replace_the_persons_they_name(tmp_path):
    rows, news = rows_of(PEOPLE), rows_of(SOME, seed=1)
    load(write(rows, tmp_path / "a"), tmp_path / "s", buckets=4)
    store = load(write(news, tmp_path / "b"), tmp_path / "s", update=True)
    assert store.corrections is not None
    assert held(store) == counted(corrected(rows, news, SOME))
    for person in (*SOME, *PEOPLE[6:]):
        part, index = store.find(person)
        assert part.persons[index].as_py() == person


def test_later_corrections_prevail_and_earlier_ones_stay(tmp_path):
    rows, news, later = rows_of(PEOPLE), rows_of(SOME, seed=1), rows_of([*SOME[4:], "P050"], seed=2)
    load(write(rows, tmp_path / "a"), tmp_path / "s", buckets=4)
    load(write(news, tmp_path / "b"), tmp_path / "s", update=True)
    store = load(write(later, tmp_path / "c"), tmp_path / "s", update=True)
    expected = corrected(corrected(rows, news, SOME), later, [*SOME[4:], "P050"])
    assert held(store) == counted(expected)
    assert load(tmp_path / "c", tmp_path / "s", update=True) == store


def test_folding_in_changes_the_layout_not_the_rows(tmp_path):
    rows, news = rows_of(PEOPLE), rows_of(SOME, seed=1)
    load(write(rows, tmp_path / "a"), tmp_path / "s")
    before = held(load(write(news, tmp_path / "b"), tmp_path / "s", update=True))
    store = fold(tmp_path / "s")
    assert store.corrections is None
    assert held(store) == before
    whole = write(corrected(rows, news, SOME), tmp_path / "c")
    assert load(whole, tmp_path / "t").content == store.content


def test_many_corrections_are_folded_in_at_once(tmp_path):
    rows, news = rows_of(PEOPLE), rows_of(PEOPLE[:40], seed=1)
    load(write(rows, tmp_path / "a"), tmp_path / "s")
    store = load(write(news, tmp_path / "b"), tmp_path / "s", update=True)
    assert store.corrections is None
    assert held(store) == counted(corrected(rows, news, PEOPLE[:40]))


def test_there_must_be_something_to_correct(tmp_path):
    with pytest.raises(InputError, match="not a store"):
        load(write(rows_of(SOME), tmp_path / "b"), tmp_path / "s", update=True)


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files"):
        load(write(rows_of(SOME), tmp_path / "b"), tmp_path / "s")
    assert [f.name for f in (tmp_path / "s").iterdir() if not f.name.startswith(".")] == [
        "thesis.txt"
    ]


@pytest.mark.parametrize("damage", ["store.toml", "generation.toml", "offers.parquet"])
def test_damage_is_one_line(tmp_path, damage):
    load(write(rows_of(PEOPLE), tmp_path / "a"), tmp_path / "s")
    (file,) = Path(tmp_path / "s").rglob(damage)
    file.write_text("= nonsense")
    with pytest.raises(InputError, match="a damaged store"):
        for part in open_store(tmp_path / "s").parts:
            part.arrays()


def with_bookings(folder: Path, *days: int) -> Path:
    """Admitted rows with a table of bookings beside them."""
    rows = pa.table([["P001"] * len(days), days, [4] * len(days), [0] * len(days)], BOOKINGS)
    (folder / "bookings").mkdir()
    pq.write_table(rows, folder / "bookings" / "rows.parquet")
    return folder


def test_bookings_are_kept_until_a_load_brings_others(tmp_path):
    def booked() -> list[int]:
        return open_store(tmp_path / "s").companion("bookings").column("date").to_pylist()

    without = load(write(rows_of(PEOPLE), tmp_path / "a"), tmp_path / "s")
    rows = held(without)
    assert booked() == []
    first = load(with_bookings(write(rows_of(PEOPLE), tmp_path / "b"), 20, 10), tmp_path / "s")
    assert booked() == [10, 20]
    assert held(first) == rows and first.content != without.content
    load(write(rows_of(PEOPLE[:1], 1), tmp_path / "c"), tmp_path / "s", update=True)
    assert booked() == [10, 20]
    update = with_bookings(write(rows_of(PEOPLE[1:2], 1), tmp_path / "d"), 30)
    load(update, tmp_path / "s", update=True)
    assert booked() == [30]
    fold(tmp_path / "s")
    assert booked() == [30]
    again = load(write(rows_of(PEOPLE), tmp_path / "e"), tmp_path / "s")
    assert booked() == [] and again.content == without.content
