import errno
import os
from pathlib import Path

import pytest

from tests.documents.hedensted import letter
from tilsyn.documents.outputs import save
from tilsyn.errors import InputError
from tilsyn.figures.files import put_whole


def test_a_document_is_saved_in_the_forms_asked_for(tmp_path: Path) -> None:
    files = save(letter(), tmp_path / "out", "brev", ["pdf", "docx", "html", "png"])
    assert [f.name for f in files] == ["brev.pdf", "brev.docx", "brev.html", "brev-1.png"]
    starts = [f.read_bytes()[:4] for f in files]
    assert starts == [b"%PDF", b"PK\x03\x04", b"<!do", b"\x89PNG"]


def test_an_unknown_form_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no format 'odt'"):
        save(letter(), tmp_path / "out", "brev", ["pdf", "odt"])
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_the_old_file_whole_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "brev.pdf"
    put_whole(file, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"brev\.pdf: cannot be written: No space left on device"):
        put_whole(file, b"new")
    assert file.read_bytes() == b"old"
    assert [f.name for f in tmp_path.iterdir()] == ["brev.pdf"]


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("not a folder")
    with pytest.raises(InputError, match="cannot be written"):
        put_whole(tmp_path / "out" / "brev.pdf", b"new")


def test_files_follow_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        put_whole(tmp_path / "brev.pdf", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "brev.pdf").stat().st_mode & 0o777 == 0o640
