"""What is made once and kept: never stale, never half, and bounded."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from tilsyn.work.kept import code, kept, kept_folder, place, prune


def test_a_piece_is_made_once_for_all_it_rests_on(tmp_path):
    made = []

    def make():
        made.append(1)
        return b"piece"

    for _ in range(2):
        assert kept(tmp_path / "kind", ["a", 1], make, keep=9) == b"piece"
    assert made == [1]
    kept(tmp_path / "kind", ["a", 2], make, keep=9)
    assert made == [1, 1]


def test_a_folder_is_there_whole_or_not_at_all(tmp_path):
    def half(folder):
        (folder / "first").write_text("1")
        raise KeyboardInterrupt

    def whole(folder):
        (folder / "first").write_text("1")
        (folder / "second").write_text("2")

    with pytest.raises(KeyboardInterrupt):
        kept_folder(tmp_path, "x", half, keep=9)
    assert not place(tmp_path, "x").exists()
    folder = kept_folder(tmp_path, "x", whole, keep=9)
    assert sorted(file.name for file in folder.iterdir()) == ["first", "second"]


def test_of_several_threads_that_want_the_same_one_makes_it(tmp_path):
    made = []

    def make():
        made.append(1)
        time.sleep(0.05)
        return b"piece"

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: kept(tmp_path, "x", make, keep=9), range(4)))
    assert found == [b"piece"] * 4 and made == [1]


def _made_by(folder):
    def make():
        with (folder / "makers").open("a") as stream:
            stream.write(f"{os.getpid()}\n")
        return b"piece"

    return kept(folder / "kind", "x", make, keep=9)


def test_of_several_processes_too(tmp_path):
    with get_context("spawn").Pool(2) as processes:
        assert processes.map(_made_by, [tmp_path] * 4) == [b"piece"] * 4
    assert len((tmp_path / "makers").read_text().split()) == 1


def test_pieces_used_last_stay(tmp_path):
    def make():
        return b""

    for number in range(3):
        kept(tmp_path, number, make, keep=3)
        os.utime(place(tmp_path, number), (number, number))
    kept(tmp_path, 0, make, keep=3)
    kept(tmp_path, 3, make, keep=3)
    assert [place(tmp_path, number).exists() for number in range(4)] == [True, False, True, True]


def test_what_is_not_asked_for_is_thrown_away_folders_too_but_no_lock(tmp_path):
    for number in range(5):
        (tmp_path / str(number)).mkdir()
        os.utime(tmp_path / str(number), (number, number))
    (tmp_path / ".lock-1").touch()
    prune(tmp_path, keep=2)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock-1", "3", "4"]


def test_other_code_names_other_pieces(tmp_path, monkeypatch):
    package = tmp_path / "made_up_package"
    (package / "inner").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "inner" / "rule.toml").write_text("a = 1")
    monkeypatch.syspath_prepend(tmp_path)
    before = code("made_up_package")
    assert before == code.__wrapped__("made_up_package")
    (package / "inner" / "rule.toml").write_text("a = 2")
    assert code.__wrapped__("made_up_package") != before
