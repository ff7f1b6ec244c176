"""The figure table equals the reference's row for row, by every way from a register to it.

Ways: CSV files through the door; admitted rows loaded into a store of one or of many buckets;
persons corrected afterwards; an earlier release continued.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given

from tests.measures.reference import Register, figures, index, judged, month_of
from tests.measures.register_files import EVERYWHERE, write_admitted, write_csv
from tests.measures.registers import (
    HUNT,
    LONG_AFTER,
    Scene,
    examples,
    random_scene,
    scenes,
    together,
    when_over,
)
from tests.measures.test_agreement import Held, plan_of
from tilsyn.figures.table import CELL, checked
from tilsyn.measures import counting, definitions, measurement
from tilsyn.measures.earlier import Earlier, earlier
from tilsyn.measures.tabulation import Counts
from tilsyn.measures.tabulation import figures as tabulated
from tilsyn.register.door import admit
from tilsyn.register.store import Store, fold, load, open_store
from tilsyn.vocabulary import MonthRange, YearMonth

PUBLISHED = dt.date(2030, 1, 1)
Rows = dict[tuple, tuple[float | None, str]]


def crowd(seed: int, persons: int = 60) -> Scene:
    return when_over(random_scene(seed, persons=(persons,)))


def expected(scene: Scene) -> Rows:
    table = figures(judged(scene.register, scene.first, scene.last, scene.known_on))
    return {cell: (shown(value), status) for cell, (value, status) in table.items()}


def shown(value: Fraction | None) -> float | None:
    """As the table holds it: the double nearest to the exact value."""
    return None if value is None else float(value)


def found(frame: pl.DataFrame) -> Rows:
    """The rows of a figure table, which must be sound and have no cell twice."""
    assert checked(frame).height == frame.height
    assert set(frame["provenance"]) <= {"register"}
    assert set(frame["published"]) <= {PUBLISHED}
    rows = {
        row[: len(CELL)]: row[len(CELL) :]
        for row in frame.select(*CELL, "value", "status").iter_rows()
    }
    assert len(rows) == frame.height
    return rows


def differences(ours: Rows, theirs: Rows) -> list[tuple]:
    """Rows that only one of them has, or that say different things."""
    return [
        (cell, ours.get(cell), theirs.get(cell))
        for cell in {*ours, *theirs}
        if ours.get(cell) != theirs.get(cell)
    ]


def months_of(scene: Scene) -> MonthRange:
    return MonthRange(YearMonth.of(scene.first), YearMonth.of(scene.last))


def measured(store: Store, scene: Scene, before: Earlier | None = None) -> Counts:
    plan = measurement.plan_of(store, definitions.load(), months_of(scene), scene.known_on)
    return measurement.measure(store, plan, earlier=before)


def written(counts: Counts, store: Store, folder: Path) -> Rows:
    """The rows of the release, after it was written and read again."""
    measurement.write(counts, store, folder, published=PUBLISHED)
    return found(pl.read_parquet(folder / "figures.parquet"))


@examples(15)
@given(scenes())
def test_the_table_of_a_small_register(scene):
    plan = replace(plan_of(scene), covered=EVERYWHERE.codes)
    numbers = counting.zeros(plan)
    counting.add(plan, Held(scene.register), numbers)
    frame = tabulated(Counts(plan, numbers), release="r", published=PUBLISHED)
    assert differences(found(frame), expected(scene)) == []


@pytest.mark.parametrize("seed", range(2 * HUNT))
@pytest.mark.parametrize("buckets", [None, 7])
def test_a_store_of_one_or_many_buckets(tmp_path, seed, buckets):
    scene = crowd(seed)
    store = load(write_admitted(scene.register, tmp_path / "rows"), tmp_path / "s", buckets=buckets)
    rows = written(measured(store, scene), store, tmp_path / "release")
    assert differences(rows, expected(scene)) == []


@pytest.mark.parametrize(("seed", "delimiter"), [(100, ","), (101, ";")])
def test_from_csv_through_the_door(tmp_path, seed, delimiter):
    scene = crowd(seed)
    folder = write_csv(scene.register, tmp_path / "csv", delimiter=delimiter)
    admitted = admit(folder, tmp_path / "rows", persons="pseudonyms")
    assert (tmp_path / "rows" / "set_aside.csv").read_text().count("\n") <= 1, admitted
    store = load(tmp_path / "rows", tmp_path / "store")
    rows = written(measured(store, scene), store, tmp_path / "release")
    assert differences(rows, expected(scene)) == []


# --- corrections and later months -----------------------------------------------------------------


def only(register: Register, persons: Iterable[str]) -> Register:
    """The rows of some persons."""
    alone = register.persons()
    return together([alone[p] for p in persons if p in alone])


def corrected(scene: Scene, seed: int, persons: Iterable[str]) -> tuple[Scene, Register]:
    """The scene after some persons' rows were replaced by others, and these persons' new rows."""
    new = only(crowd(seed).register, persons)
    stay = only(scene.register, scene.register.persons().keys() - new.persons().keys())
    return replace(scene, register=together([stay, new])), new


@pytest.mark.parametrize("seed", range(200, 200 + 2 * HUNT))
def test_corrected_persons_and_an_earlier_release(tmp_path, seed):
    """Corrections, twice over, measured whole, from the earlier release, and folded in."""
    scene = crowd(seed)
    store = load(write_admitted(scene.register, tmp_path / "rows"), tmp_path / "s", buckets=3)
    first = tmp_path / "first"
    written(measured(store, scene), store, first)
    for turn, persons in enumerate((["P1", "P7", "P8"], ["P8", "P9"])):
        scene, new = corrected(scene, seed + 1000 * (turn + 1), persons)
        rows = write_admitted(new, tmp_path / f"rows {turn}")
        store = load(rows, tmp_path / "s", update=True)
        assert store.corrections is not None
        whole = measured(store, scene)
        assert differences(written(whole, store, tmp_path / f"whole {turn}"), expected(scene)) == []
        before = earlier(first, store, whole.plan)
        assert isinstance(before, Earlier), before
        continued = written(measured(store, scene, before), store, tmp_path / f"continued {turn}")
        assert differences(continued, expected(scene)) == []
    store = fold(tmp_path / "s")
    assert open_store(tmp_path / "s").corrections is None
    rows = written(measured(store, scene), store, tmp_path / "folded")
    assert differences(rows, expected(scene)) == []


@pytest.mark.parametrize("seed", range(300, 300 + 2 * HUNT))
def test_a_further_month_and_an_earlier_one(tmp_path, seed):
    """A release is continued at both ends; the months it has are taken from it."""
    scene = replace(crowd(seed), known_on=LONG_AFTER)
    store = load(write_admitted(scene.register, tmp_path / "rows"), tmp_path / "s")
    written(measured(store, scene), store, tmp_path / "first")
    wider = replace(
        scene, first=month_of(index(scene.first) - 1), last=month_of(index(scene.last) + 1)
    )
    plan = measurement.plan_of(store, definitions.load(), months_of(wider), wider.known_on)
    before = earlier(tmp_path / "first", store, plan)
    assert isinstance(before, Earlier), before
    rows = written(measured(store, wider, before), store, tmp_path / "wider")
    assert differences(rows, expected(wider)) == []
