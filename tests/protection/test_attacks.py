"""Attackers who know the program and not the key: a seeded part of what `python -m bench disclosure` runs."""

import numpy as np
import polars as pl
import pytest

from tests.protection.attacks import (
    FRAMES,
    KEYS,
    Replay,
    arithmetic,
    drawn,
    fitting,
    replayed,
    secrets_of,
    shown,
    value_of,
)
from tests.protection.small import GROUPS, everything
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.release import Release, write
from tilsyn.figures.table import table
from tilsyn.protection import Parameters, keys, protected


@pytest.mark.parametrize(("name", "tables", "most"), [("early", 6, 400), ("sisters", 2, 300)])
def test_who_protects_every_table_that_fits_is_left_with_two_values(name, tables, most):
    found = replayed(name, tables, seed=1, most=most)
    assert found.secrets and not found.given_up
    assert not found.by


def test_in_an_area_two_values_are_left_even_to_one_who_has_the_key():
    found = replayed("area", 5, seed=1, most=400, under_all=False)
    assert found.secrets and not found.given_up
    assert not found.by


@pytest.mark.parametrize(
    ("name", "insiders"), [("early", False), ("sisters", False), ("area", False), ("area", True)]
)
def test_nothing_follows_by_arithmetic_for_anybody(name, insiders):
    found = arithmetic(name, 2, seed=2, insiders=insiders)
    assert found.secrets and not found.alone


def test_the_attack_finds_what_is_hidden_without_a_companion():
    # Only what is small is hidden, as the agency prints it: the attack must see that.
    replay, random = Replay(FRAMES["early"], KEYS[:2]), np.random.default_rng(3)
    counts = drawn(replay.of, random)
    seen = shown(counts, np.zeros_like(replay.start))
    seen.persons[:] = np.where((counts.persons > 0) & (counts.persons < 3), -1, counts.persons)
    fits = fitting(counts, seen, random)
    alone = [s for s in secrets_of(counts) if len({value_of(one, s) for one in fits}) == 1]
    assert alone


def persons(random):
    return {grp: [int(n) for n in random.integers(0, 7, 3)] for grp in GROUPS}


def hidden_with(frame, key):
    return protected(frame, parameters=Parameters(key=key)).figures


def test_the_same_key_hides_the_same_and_another_hides_other_cells():
    frame = table(everything(persons(np.random.default_rng(5))))
    one = hidden_with(frame, KEYS[1])
    assert one.equals(hidden_with(frame, KEYS[1]))
    assert any(not one.equals(hidden_with(frame, key)) for key in KEYS[2:40])


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    file = tmp_path / "folder" / "key"
    keys.make(file)
    made = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600 and len(keys.read(file)) >= 32
    with pytest.raises(InputError, match="not replaced"):
        keys.make(file)
    keys.make(file, if_absent=True)
    assert file.read_bytes() == made and list(file.parent.iterdir()) == [file]


def test_without_a_key_nothing_is_protected(monkeypatch):
    monkeypatch.delenv(keys.VARIABLE)
    monkeypatch.delenv("DATA_DIR", raising=False)
    with pytest.raises(UsageError, match="figures key"):
        protected(table(everything(persons(np.random.default_rng(5)))))


def test_a_key_is_told_nowhere(tilsyn, tmp_path, monkeypatch):
    figures = table(everything(persons(np.random.default_rng(5))))
    write(Release("measured", figures["published"][0], figures), tmp_path / "measured")
    file = tmp_path / "key"
    assert tilsyn("figures", "key", file).code == 0
    secret = file.read_text().strip()
    ended = tilsyn(
        "figures",
        "protect",
        tmp_path / "measured",
        "--out",
        tmp_path / "public",
        "--key-file",
        file,
    )
    assert ended.code == 0 and secret not in ended.out + ended.err
    for one in (tmp_path / "public").iterdir():
        assert secret.encode() not in one.read_bytes()
    assert secret not in repr(Parameters(key=secret.encode()))


def test_a_short_key_is_refused(tmp_path):
    (tmp_path / "key").write_text("short")
    with pytest.raises(InputError, match="32 characters"):
        keys.read(tmp_path / "key")


def test_what_a_month_was_shown_stays_shown():
    random = np.random.default_rng(8)
    first = table(everything(persons(random)))
    shown = protected(first, parameters=Parameters(key=KEYS[3])).figures
    moved = first.with_columns(
        pl.col("published").dt.offset_by("1mo"), pl.lit("next").alias("release")
    )
    again = protected(moved, parameters=Parameters(key=KEYS[3]), against=[shown]).figures
    assert again["status"].to_list() == shown["status"].to_list()
