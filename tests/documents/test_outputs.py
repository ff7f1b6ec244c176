import errno
import os
import zipfile
from pathlib import Path

import docx
import pytest

from tests.documents.hedensted import FACTS, letter
from tilsyn.documents.outputs import as_written, save
from tilsyn.errors import InputError
from tilsyn.work.files import put_whole


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


FORMS = ["pdf", "docx", "html", "xlsx", "png"]


def test_what_nobody_changed_is_written_anew(tmp_path: Path) -> None:
    save(letter(), tmp_path, "brev", FORMS)
    files = save(
        letter(facts=FACTS.model_copy(update={"reference": "22/1"})), tmp_path, "brev", FORMS
    )
    assert all(as_written(file) for file in files)
    assert b"22/1" in (tmp_path / "brev.html").read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_somebody_has_changed_is_never_written_over(tmp_path: Path, form: str) -> None:
    first, *_ = save(letter(), tmp_path, "brev", [form, "html"])
    data = bytearray(first.read_bytes())
    data[len(data) // 2] ^= 1
    first.write_bytes(data)
    other = (tmp_path / "brev.html").read_bytes()
    with pytest.raises(
        InputError, match=rf"{first.name}: was changed since it was written.*--force"
    ):
        save(letter(language="en"), tmp_path, "brev", [form, "html"])
    assert first.read_bytes() == data
    assert form == "html" or (tmp_path / "brev.html").read_bytes() == other, "none is written"
    save(letter(language="en"), tmp_path, "brev", [form, "html"], force=True)
    assert as_written(first)


def test_a_letter_edited_in_word_is_kept_and_named(tmp_path: Path) -> None:
    (file,) = save(letter(), tmp_path, "brev", ["docx"])
    edited = docx.Document(str(file))
    edited.paragraphs[0].add_run(" rettet i hånden")
    edited.save(str(file))
    with pytest.raises(InputError, match=r"brev\.docx: was changed"):
        save(letter(), tmp_path, "brev", ["docx"])


def test_somebody_elses_file_is_not_taken_for_one_of_ours(tmp_path: Path) -> None:
    for name in ("brev.pdf", "brev.docx"):
        (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(InputError, match=r"brev\.pdf: was changed.*so were brev\.docx"):
        save(letter(), tmp_path, "brev", ["pdf", "docx"])


def test_files_with_their_hash_are_read_as_before(tmp_path: Path) -> None:
    files = dict(zip(FORMS, save(letter(), tmp_path, "brev", FORMS), strict=True))
    assert docx.Document(str(files["docx"])).paragraphs
    assert zipfile.ZipFile(files["xlsx"]).testzip() is None
    words = files["pdf"].read_bytes().split(b"startxref")[-1].split()
    table = files["pdf"].read_bytes()[int(words[0]) :]
    assert table.startswith(b"xref") and words[1] == b"%%EOF"
