"""Synthetic registers: the same from the same seed, sound but for the planted faults, and lifelike."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import polars as pl
import pytest

from tests.register.door_registers import SOUND, everything
from tilsyn.errors import InputError
from tilsyn.register import coverage
from tilsyn.register.door import admit
from tilsyn.register.synthetic import make
from tilsyn.register.synthetic.model import load
from tilsyn.vocabulary import GROUPS, MUNICIPALITIES, MonthRange

YEARS = MonthRange.parse("2021-01..2025-12")
LAST = dt.date(2025, 12, 31)
PERSONS = 20_000


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "register"
    make(folder, PERSONS, YEARS, seed=7)
    return folder


@pytest.fixture(scope="module")
def tables(register: Path) -> dict[str, pl.DataFrame]:
    text = pl.Categorical
    return {
        table: pl.read_parquet(register / table / "*.parquet").with_columns(
            pl.col(text).cast(pl.String)
        )
        for table in SOUND
    }


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib

    monkeypatch.setattr(
        importlib.import_module("tilsyn.register.synthetic.make"), "CHUNK_PERSONS", 300
    )
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        make(tmp_path / name, 700, YEARS, seed, format=format, faults=1)  # type: ignore[arg-type]
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    for table in SOUND:
        of = [{k: v for k, v in digests(tmp_path / n).items() if table in k} for n in ("a", "c")]
        assert of[0] != of[1], table


def test_both_formats_hold_the_same_rows(tmp_path: Path) -> None:
    for format in ("csv", "parquet"):
        make(tmp_path / format, 400, YEARS, 3, format=format)  # type: ignore[arg-type]
        admit(tmp_path / format, tmp_path / f"{format}-out")
    assert everything(tmp_path / "csv-out") == everything(tmp_path / "parquet-out")


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_the_faults_planted_are_the_faults_found(tmp_path: Path, format: str) -> None:
    made = make(tmp_path / "in", 200, YEARS, 3, format=format, faults=3)  # type: ignore[arg-type]
    admission = admit(tmp_path / "in", tmp_path / "out")
    assert made.planted
    assert {n: c.set_aside for n, c in admission.tables.items() if c.set_aside} == made.planted
    assert {n: c.good for n, c in admission.tables.items()} == made.rows


def test_it_states_what_it_covers_from_a_year_before_its_first_month(register: Path) -> None:
    said = coverage.read(register)
    assert said is not None
    assert said.codes == {int(code) for code in MUNICIPALITIES.codes}
    assert (said.first, said.last) == (dt.date(2020, 1, 1), LAST)


def test_without_faults_nothing_is_set_aside(register: Path, tmp_path: Path) -> None:
    admission = admit(register, tmp_path / "out")
    assert admission.set_aside == 0
    assert (
        0 < admission.tables["spells"].remarks["overlap"] < 0.05 * admission.tables["spells"].rows
    )
    assert admission.tables["conversations"].remarks["late"] > 0
    assert "before_any_spell" not in admission.tables["conversations"].remarks


def test_municipalities_have_their_share_of_persons(tables: dict[str, pl.DataFrame]) -> None:
    model = load()
    homes = tables["spells"].unique("person")["municipality"].value_counts(normalize=True)
    shares = dict(homes.iter_rows())
    assert set(shares) <= set(MUNICIPALITIES.codes)
    assert len(shares) > 90
    for code, share in zip(model.municipalities, model.population, strict=True):
        assert abs(shares.get(str(code), 0) - share) < 0.012


def test_exits_slow_with_duration(tables: dict[str, pl.DataFrame]) -> None:
    spells = tables["spells"].filter(
        pl.col("group") == "sygedagpenge", pl.col("start") < LAST - dt.timedelta(400)
    )
    days = spells.select(
        ((pl.col("end").fill_null(LAST)) - pl.col("start")).dt.total_days()
    ).to_series()

    def leaving(first: int, last: int) -> float:
        at_risk = (days >= first).sum()
        return ((days >= first) & (days < last)).sum() / at_risk

    assert leaving(0, 60) > 1.3 * leaving(120, 180)


def test_closed_groups_go_on_in_kontanthjaelp(tables: dict[str, pl.DataFrame]) -> None:
    spells = tables["spells"]
    closed = [group.code for group in GROUPS if group.valid_to]
    reform = dt.date(2025, 7, 1)
    old = spells.filter(pl.col("group").is_in(closed))
    assert old.height > 100
    assert old["end"].null_count() == 0
    assert old["end"].max() == reform - dt.timedelta(1)
    moved = old.filter(pl.col("end") == reform - dt.timedelta(1))["person"]
    onwards = spells.filter(pl.col("start") == reform, pl.col("group") == "kontanthjaelp")["person"]
    assert moved.len() > 50
    # A few leave on that very day.
    assert len(set(moved) - set(onwards)) < 0.05 * moved.len()


def consecutive(spells: pl.DataFrame) -> pl.DataFrame:
    """Each spell with the person's next one."""
    return spells.sort("person", "start").with_columns(
        pl.col("group", "start", "municipality", "visitation")
        .shift(-1)
        .over("person")
        .name.prefix("next_")
    )


def test_lives_hold_what_the_measures_must_cope_with(tables: dict[str, pl.DataFrame]) -> None:
    pairs = consecutive(tables["spells"])
    gap = (pl.col("next_start") - pl.col("end")).dt.total_days()
    wanted = {
        "unemployment with gaps": (pl.col("group") == "a_dagpenge") & (pl.col("next_group") == "a_dagpenge") & gap.is_between(2, 90),
        "overgangsydelse to kontanthjaelp": (pl.col("group") == "overgangsydelse") & (pl.col("next_group") == "kontanthjaelp") & (gap < 31),
        "moves": (gap == 1) & (pl.col("municipality") != pl.col("next_municipality")),
        "visitation changes": (gap == 1) & (pl.col("visitation") != pl.col("next_visitation")),
        "overlaps": gap <= 0,
    }  # fmt: skip
    for what, condition in wanted.items():
        assert pairs.filter(condition).height > 20, what
    assert tables["hours"].filter(pl.col("hours").str.starts_with("-")).height > 20
    assert set(tables["exemptions"]["scope"]) == {"offers", "conversations"}


def test_july_is_quiet_and_municipalities_differ(tables: dict[str, pl.DataFrame]) -> None:
    months = dict(tables["conversations"]["held"].dt.month().value_counts().iter_rows())
    assert months[7] < 0.7 * months[9]
    rates = []
    days = tables["spells"].with_columns(
        days=(pl.col("end").fill_null(LAST) - pl.col("start")).dt.total_days() + 1
    )
    for code in ("101", "751", "461", "851"):
        persons = set(days.filter(pl.col("municipality") == code)["person"])
        held = tables["conversations"].filter(pl.col("person").is_in(persons)).height
        rates.append(held / days.filter(pl.col("person").is_in(persons))["days"].sum())
    assert max(rates) > 1.1 * min(rates)


def test_one_municipality_keeps_its_people(tmp_path: Path) -> None:
    make(tmp_path / "in", 500, YEARS, 1, format="csv", municipality="183")
    spells = pl.read_csv(tmp_path / "in" / "spells.csv", infer_schema=False)
    assert set(spells["municipality"]) == {"183"}


def test_persons_are_told_apart_and_progress_adds_up(
    tmp_path: Path, tables: dict[str, pl.DataFrame]
) -> None:
    done: list[int] = []
    make(tmp_path / "in", 1234, YEARS, 1, progress=done.append)
    assert sum(done) == 1234
    assert 0.85 * PERSONS < tables["spells"]["person"].n_unique() <= PERSONS


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(InputError, match="never written over"):
        make(tmp_path, 10, YEARS)
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(("persons", "seed", "faults"), [(0, 1, 0), (1, -1, 0), (1, 1, -1)])
def test_numbers_out_of_bounds_are_refused(
    tmp_path: Path, persons: int, seed: int, faults: int
) -> None:
    with pytest.raises(InputError, match="at least"):
        make(tmp_path / "in", persons, YEARS, seed, faults=faults)
