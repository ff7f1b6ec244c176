import datetime as dt
import hashlib
import os
from pathlib import Path

import pytest

from tilsyn.documents.sealing import seal, verify
from tilsyn.errors import InputError

DAY = dt.date(2023, 2, 20)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "brev.docx"
    file.write_bytes(b"edited and approved")
    return file


def test_a_sealed_document_is_a_read_only_copy_with_its_hash(letter: Path, tmp_path: Path) -> None:
    made = seal(letter, tmp_path / "sealed", DAY)
    assert made.file.read_bytes() == letter.read_bytes()
    assert made.sha256 == hashlib.sha256(letter.read_bytes()).hexdigest()
    assert made.folder.name == f"brev-{made.sha256[:12]}"
    assert made.file.stat().st_mode & 0o222 == 0
    assert verify(made.folder) == verify(made.file) == made


def test_the_same_bytes_are_sealed_once_and_other_bytes_beside_them(
    letter: Path, tmp_path: Path
) -> None:
    first = seal(letter, tmp_path / "sealed", DAY)
    assert seal(letter, tmp_path / "sealed", DAY + dt.timedelta(days=1)) == first
    letter.write_bytes(b"edited again")
    assert seal(letter, tmp_path / "sealed", DAY).folder != first.folder
    assert verify(first.folder) == first


def test_a_changed_original_is_found_out(letter: Path, tmp_path: Path) -> None:
    made = seal(letter, tmp_path / "sealed", DAY)
    made.file.chmod(0o644)
    made.file.write_bytes(b"tampered with")
    with pytest.raises(InputError, match="no longer what was sealed on 2023-02-20"):
        verify(made.folder)
    with pytest.raises(InputError, match="no longer what was sealed"):
        seal(letter, tmp_path / "sealed", DAY)


def test_a_full_disk_leaves_nothing(
    letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="nothing was kept"):
        seal(letter, tmp_path / "sealed", DAY)
    assert not list((tmp_path / "sealed").iterdir())


def test_what_is_no_sealed_document_is_said(letter: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no sealed document"):
        verify(letter)
    with pytest.raises(InputError, match="cannot be read"):
        seal(tmp_path / "none.docx", tmp_path / "sealed", DAY)


def test_the_command_seals_and_verifies(tilsyn, letter, tmp_path):
    ended = tilsyn("documents", "seal", letter, "--into", tmp_path / "sealed", "--on", "2023-02-20")
    assert ended.code == 0 and "sealed on 2023-02-20, SHA-256" in ended.out
    (folder,) = (tmp_path / "sealed").iterdir()
    assert "unchanged since 2023-02-20" in tilsyn("documents", "seal", folder, "--verify").out
    (folder / "brev.docx").chmod(0o644)
    (folder / "brev.docx").write_bytes(b"x")
    assert tilsyn("documents", "seal", folder, "--verify").code == 3


def test_a_sealed_document_bears_no_cpr_number_in_its_name(letter: Path, tmp_path: Path) -> None:
    named = tmp_path / "brev 010190-1234.pdf"
    named.write_bytes(letter.read_bytes())
    made = seal(named, tmp_path / "sealed", dt.date(2023, 9, 4))
    assert verify(made.file) == made
    assert not any("1234" in path.name for path in (tmp_path / "sealed").rglob("*"))
    assert "1234" not in (made.file.parent / "manifest.toml").read_text()
