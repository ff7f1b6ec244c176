"""Whatever stops a load, the store before it stands whole."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.register.store.admitted_rows import PEOPLE, rows_of, write
from tests.register.store.test_store import counted, held
from tilsyn.errors import InputError
from tilsyn.register.store import load, loading, open_store, opened

LOADING = """
import sys
from pathlib import Path
from tilsyn.register.store import load
print("begin", flush=True)
load(Path(sys.argv[1]), Path(sys.argv[2]), update=sys.argv[3] == "update")
"""


def killed_load(admitted: Path, store: Path, how: str, after: float) -> bool:
    """Start a load and kill it after so many seconds; whether it was killed in time."""
    command = [sys.executable, "-c", LOADING, str(admitted), str(store), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline()
        time.sleep(after)
        run.kill()
        return run.wait() == -signal.SIGKILL


@pytest.mark.parametrize("how", ["anew", "update"])
def test_a_load_killed_at_any_moment_leaves_the_store_as_it_was_or_done(tmp_path, how):
    rows = rows_of(PEOPLE)
    before = load(write(rows, tmp_path / "a"), tmp_path / "s", buckets=8)
    news = write(rows_of(PEOPLE[:5], seed=1), tmp_path / "b")
    pick, killed = random.Random(how), 0
    old = held(before)
    done = held(load(news, _copy(tmp_path / "s", tmp_path / "t"), update=how == "update"))
    for _ in range(12):
        killed += killed_load(news, tmp_path / "s", how, pick.uniform(0, 0.25))
        assert held(open_store(tmp_path / "s")) in (old, done)
        load(tmp_path / "a", tmp_path / "s", buckets=8)
        assert not (tmp_path / "s" / ".unfinished").exists()
    assert killed
    assert held(open_store(tmp_path / "s")) == counted(rows)


def _copy(store: Path, target: Path) -> Path:
    subprocess.run(["cp", "-r", store, target], check=True)
    return target


def test_a_first_load_that_was_killed_is_no_store_yet(tmp_path):
    (tmp_path / "s" / ".unfinished" / "00000").mkdir(parents=True)
    with pytest.raises(InputError, match="first load did not finish"):
        open_store(tmp_path / "s")
    load(write(rows_of(PEOPLE), tmp_path / "a"), tmp_path / "s")
    assert not (tmp_path / "s" / ".unfinished").exists()


def test_a_full_disk_is_one_line_and_the_store_stands(tmp_path, monkeypatch):
    before = load(write(rows_of(PEOPLE), tmp_path / "a"), tmp_path / "s")

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(loading, "flush", full)
    with pytest.raises(InputError, match=r"the disk is full; .* the previous store stands"):
        load(write(rows_of(PEOPLE, seed=1), tmp_path / "b"), tmp_path / "s")
    assert open_store(tmp_path / "s") == before
    assert not (tmp_path / "s" / ".unfinished").exists()


def test_what_is_being_read_is_not_removed(tmp_path):
    load(write(rows_of(PEOPLE), tmp_path / "a"), tmp_path / "s")
    with opened(tmp_path / "s") as reader:
        load(write(rows_of(PEOPLE, seed=1), tmp_path / "b"), tmp_path / "s")
        assert held(reader) == counted(rows_of(PEOPLE))
    load(tmp_path / "b", tmp_path / "s")
    assert not reader.folder.exists()


def test_a_second_load_waits_and_says_so(tmp_path):
    load(write(rows_of(PEOPLE), tmp_path / "a"), tmp_path / "s")
    write(rows_of(PEOPLE, seed=1), tmp_path / "b")
    told: list[str] = []
    let_go, second = threading.Event(), None

    def slow(what: str, *_: int) -> None:
        if what.startswith("numbering"):
            second.start()
            assert let_go.wait(20)

    def listening(what: str, *_: int) -> None:
        told.append(what)
        let_go.set()

    second = threading.Thread(
        target=load, args=(tmp_path / "a", tmp_path / "s"), kwargs={"progress": listening}
    )
    load(tmp_path / "b", tmp_path / "s", progress=slow)
    second.join(30)
    assert told[0] == "waiting for another load of this store"
    assert held(open_store(tmp_path / "s")) == counted(rows_of(PEOPLE))
