"""Written whole or not at all, and what killed runs left goes; what somebody is writing stays."""

import os
import signal
import stat
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from tilsyn.errors import InputError
from tilsyn.work.files import folder_beside, put_whole, written_whole


def killed_while_writing(folder):
    """Leave what runs leave that are killed: a file and a folder, each begun."""
    script = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from tilsyn.work import files
        folder = Path(sys.argv[1])
        def killed(_):
            os.kill(os.getpid(), signal.SIGKILL)
        with files.folder_beside(folder / "b1.tar.gz") as work:
            (work / "backup").write_bytes(b"half")
            os.fsync = killed
            files.put_whole(folder / "letter.pdf", b"half")
    """)
    ended = subprocess.run([sys.executable, "-c", script, str(folder)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(list(folder.iterdir())) == 2


def test_what_a_killed_run_left_goes_when_the_next_one_writes_there(tmp_path):
    killed_while_writing(tmp_path / "in")
    put_whole(tmp_path / "in" / "another.txt", b"whole")
    assert [file.name for file in (tmp_path / "in").iterdir()] == ["another.txt"]
    (tmp_path / "in" / "another.txt").unlink()
    killed_while_writing(tmp_path / "in")
    with written_whole(tmp_path / "in" / "r2") as folder:
        (folder / "figures").write_bytes(b"whole")
    assert [file.name for file in (tmp_path / "in").iterdir()] == ["r2"]


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    (tmp_path / "in").mkdir()
    yield


def test_what_a_living_run_is_writing_stays(tmp_path):
    with written_whole(tmp_path / "in" / "one") as one:
        (one / "part").write_bytes(b"1")
        with folder_beside(tmp_path / "in" / "two") as two:
            put_whole(tmp_path / "in" / "three", b"3")
            assert one.is_dir() and two.is_dir()
    assert sorted(file.name for file in (tmp_path / "in").iterdir()) == ["one", "three"]


def test_what_others_keep_there_stays(tmp_path):
    mine = tmp_path / "in" / ".letter.pdf.mine.unfinished"
    mine.touch()
    put_whole(tmp_path / "in" / "letter.pdf", b"x")
    assert mine.exists()


def test_many_at_once_lose_nothing(tmp_path):
    def write(number):
        put_whole(tmp_path / "in" / f"f{number}", b"whole")
        with written_whole(tmp_path / "in" / f"d{number}") as folder:
            (folder / "part").write_bytes(b"whole")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert len(list((tmp_path / "in").iterdir())) == 80


def test_where_nothing_can_be_made_it_is_said_at_once(tmp_path, monkeypatch):
    def away(*_, **__):
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(os, "open", away)
    with pytest.raises(InputError, match="cannot be written: No such file"):
        put_whole(tmp_path / "in" / "x", b"x")
    monkeypatch.setattr(os, "mkdir", away)
    with (
        pytest.raises(InputError, match="cannot be written: No such file"),
        folder_beside(tmp_path / "in" / "x"),
    ):
        pass


def test_a_name_as_long_as_names_get_can_be_written(tmp_path):
    target = tmp_path / "in" / ("å" * 120)
    assert put_whole(target, b"x").read_bytes() == b"x"


def test_an_empty_folder_gives_way_and_another_does_not(tmp_path):
    with written_whole(tmp_path / "in", mode=0o700) as folder:
        (folder / "part").touch()
    assert (tmp_path / "in").stat().st_mode & 0o777 == 0o700
    with pytest.raises(InputError, match="never written over"), written_whole(tmp_path / "in"):
        pass


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        pl.exceptions.ComputeError("parquet: underlying IO error: x (os error 28)"),
        pa.ArrowException(
            "Error writing bytes to file. Detail: [errno 28] No space left on device"
        ),
        duckdb.IOException('IO Error: Could not write file "x": No space left on device'),
    ],
    ids=["system", "polars", "arrow", "duckdb"],
)
def test_a_full_disk_is_one_line_whichever_library_writes(tmp_path, error):
    said = "r: cannot be written: No space left on device; nothing was kept"
    with pytest.raises(InputError, match=said), written_whole(tmp_path / "in" / "r") as folder:
        (folder / "half").touch()
        raise error
    assert list((tmp_path / "in").iterdir()) == []


def test_a_defect_is_not_taken_for_a_full_disk(tmp_path):
    with pytest.raises(ZeroDivisionError), written_whole(tmp_path / "in" / "r"):
        1 / 0


@pytest.fixture
def done(monkeypatch):
    """What is flushed and what takes its name, in order: its first bytes; its name."""
    told = []
    fsync, replace = os.fsync, Path.replace

    def flushed(descriptor):
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        told.append(Path(f"/proc/self/fd/{descriptor}").read_bytes() if is_file else "folder")
        fsync(descriptor)

    def named(path, target):
        told.append(target.name)
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", named)
    return told


def test_a_file_is_flushed_before_it_takes_its_name(tmp_path, done):
    put_whole(tmp_path / "letter.pdf", b"whole")
    assert done == [b"whole", "letter.pdf"]


def test_a_folder_and_all_within_are_flushed_before_it_takes_its_name(tmp_path, done):
    with written_whole(tmp_path / "release") as folder:
        (folder / "figures").write_bytes(b"whole")
    assert done == [b"whole", "folder", "release", "folder"]
