"""Backup and restore: the database and the data folder as one file, verified by hash.

The database is taken first and in one piece, while the site may be running; then the files. That order is
safe, for a file is written whole before the row that names it, and never changed: what the copied database
names is there when the files are taken. (The other way round a letter drafted meanwhile would be named by
the database and stand in no backup.) What comes meanwhile comes along, and nothing names it; the folder is
looked through until nothing is new, so that a letterhead has its logo.

What can be made again (derived tables, gathered static files) stays out. The list of contents with their
hashes stands last in the file: a backup that was cut short has none, and is refused.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

import tilsyn
from tilsyn.cases import storage
from tilsyn.cases.models import Document, Incoming, Message, ReleaseRecord
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.release import MANIFEST
from tilsyn.parsing import parse_json, read_bytes
from tilsyn.work.files import folder_beside, refused

CONTENTS = "contents.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
"""The name of the database's copy, by kind of database."""
_LEFT_OUT = ("derived", "static", "tilsyn.sqlite3", "tilsyn.sqlite3-wal", "tilsyn.sqlite3-shm")

_MOST = 256 * 1024**2
"""Bytes of a list of contents that are read: some hundred a file."""

Told = Callable[[str], None]
"""Is told each file's name as it is done."""


def backup(file: Path, *, told: Told = lambda _: None) -> dict[str, Any]:
    """Write the installation's backup; the file is there whole or not at all.

    Args:
        file: must not exist; a .tar.gz.
        told: is told each part as it is done.

    Returns:
        The list of contents; "absent" is what the database names and is not in the data folder.

    Raises:
        InputError: the file exists, cannot be written, or the database's own tool refuses.
    """
    if file.exists():
        raise InputError("exists already; choose another name", file=file)
    data = Path(settings.DATA_DIR)
    with refused(file), folder_beside(file) as work:
        copy = work / DATABASES[connection.vendor]
        _copy_database(copy)
        unfinished = work / "backup"
        hashes: dict[str, str] = {}
        with tarfile.open(unfinished, "w:gz", compresslevel=3) as tar:
            hashes[copy.name] = _add(tar, copy.name, copy)
            told(copy.name)
            while new := [one for one in _kept(data) if f"data/{one}" not in hashes]:
                for one in new:
                    try:
                        hashes[f"data/{one}"] = _add(tar, f"data/{one}", data / one)
                    except FileNotFoundError:
                        # Mail that was fetched, a plan that was thrown away: gone since it was listed.
                        continue
                    told(one)
            contents = {
                "program": f"tilsyn {tilsyn.__version__}",
                "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                "database": connection.vendor,
                "files": hashes,
                "absent": sorted(_named() - hashes.keys()),
            }
            _add_bytes(tar, CONTENTS, json.dumps(contents, indent=1).encode())
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        # It holds the secret key and everybody's letters.
        unfinished.chmod(0o600)
        unfinished.rename(file)
    return contents


def restore(file: Path, *, replace: bool = False, told: Told = lambda _: None) -> dict[str, Any]:
    """Put a backup in the place of the installation; nothing of it is touched before all is verified.

    Args:
        file: as `backup` wrote it.
        replace: the data folder there is, is set aside under another name; else it must be empty.
        told: is told each file's name as it is verified.

    Returns:
        The list of contents.

    Raises:
        InputError: the backup is half-written or damaged, or of another kind of database.
        UsageError: there is an installation already, and it is not to be replaced.
    """
    data = Path(settings.DATA_DIR)
    if not replace and data.is_dir() and any(data.iterdir()):
        raise UsageError(
            f"{data} is not empty; give --replace to set what is there aside, or another DATA_DIR"
        )
    with folder_beside(data) as work:
        contents = _unpacked(file, work, told)
        if contents["database"] != connection.vendor:
            raise InputError(
                f"holds a database of the kind {contents['database']}, and DATABASE_URL names one of "
                f"the kind {connection.vendor}",
                file=file,
            )
        folder = work / "data"
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
        copy = work / DATABASES[connection.vendor]
        connections.close_all()
        _restore_database(copy, folder)
        if data.is_dir() and any(data.iterdir()):
            moment = dt.datetime.now().strftime("%Y%m%d-%H%M%S")
            data.rename(data.with_name(f"{data.name}.before-{moment}"))
        folder.rename(data)
    return contents


def _named() -> set[str]:
    """What the database names and must be in the data folder: documents, releases, attachments."""
    hashes = set(Incoming.objects.values_list("sha256", flat=True))
    for files in Document.objects.values_list("files", flat=True):
        hashes |= set(files.values())
    for attachments in Message.objects.values_list("attachments", flat=True):
        hashes |= {one["sha256"] for one in attachments}
    data = Path(settings.DATA_DIR)
    files = {storage.path_of(sha256) for sha256 in hashes}
    files |= {record.folder / MANIFEST for record in ReleaseRecord.objects.all()}
    return {f"data/{file.relative_to(data).as_posix()}" for file in files}


def _kept(data: Path) -> Iterator[str]:
    """The files of the data folder that belong in a backup, by their names in it."""
    for file in sorted(data.rglob("*")):
        name = file.relative_to(data)
        # What begins with a dot is a file or folder that somebody is writing this moment.
        hidden = any(part.startswith(".") for part in name.parts)
        if file.is_file() and not hidden and name.parts[0] not in _LEFT_OUT:
            yield name.as_posix()


def _add(tar: tarfile.TarFile, name: str, source: Path) -> str:
    """Add a file, and say the hash of the bytes that went in."""
    with source.open("rb") as stream:
        entry = tar.gettarinfo(arcname=name, fileobj=stream)
        reading = _Hashing(stream)
        tar.addfile(entry, reading)
    return reading.sha256


class _Hashing:
    """A stream that remembers the hash of what was read from it."""

    def __init__(self, stream: Any):
        self._stream, self._hash = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._stream.read(size)
        self._hash.update(data)
        return data

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    tar.addfile(entry, io.BytesIO(data))


def _unpacked(file: Path, folder: Path, told: Told) -> dict[str, Any]:
    """Unpack into a folder and verify every file against the list of contents."""
    try:
        with tarfile.open(file, "r:gz") as tar:
            tar.extractall(folder, filter="data")
        if not (folder / CONTENTS).is_file():
            raise InputError("is half-written: its list of contents is missing", file=file)
        data = read_bytes(folder / CONTENTS, _MOST)
        contents: dict[str, Any] = parse_json(data, file=file, most=_MOST)
        listed: dict[str, str] = contents["files"]
    except FileNotFoundError as error:
        raise InputError("no such file", file=file) from error
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
        raise InputError(
            f"is half-written or damaged{reason}; take another backup", file=file
        ) from error
    for name, sha256 in listed.items():
        path = folder / name
        if not path.is_file() or _sha256(path) != sha256:
            raise InputError(f"is damaged: {name} is not what was written", file=file)
        told(name)
    return contents


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy_database(target: Path) -> None:
    if connection.vendor == "sqlite":
        source = str(connection.settings_dict["NAME"])
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            # One file, without a log beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    environment, name = _postgresql()
    _tool(["pg_dump", "--format=custom", "--no-owner", f"--file={target}", name], environment)


def _restore_database(copy: Path, folder: Path) -> None:
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(copy)) as opened:
            (verdict,) = opened.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise InputError(f"the database in the backup is damaged: {verdict}")
        live = Path(connection.settings_dict["NAME"])
        if live.parent == Path(settings.DATA_DIR):
            copy.rename(folder / live.name)
            return
        for log in ("-wal", "-shm"):
            # A log of the database that goes would be taken for one of the database that comes.
            live.with_name(live.name + log).unlink(missing_ok=True)
        shutil.move(copy, live)
        return
    environment, name = _postgresql()
    command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction"]
    _tool([*command, "--exit-on-error", f"--dbname={name}", str(copy)], environment)


def _postgresql() -> tuple[dict[str, str], str]:
    """How PostgreSQL's own tools reach the database; the password is in no command line."""
    of = connection.settings_dict
    told = {
        "PGHOST": of["HOST"],
        "PGPORT": of["PORT"],
        "PGUSER": of["USER"],
        "PGPASSWORD": of["PASSWORD"],
        "PGSSLMODE": of["OPTIONS"].get("sslmode", ""),
    }
    return {**os.environ, **{name: str(value) for name, value in told.items() if value}}, of["NAME"]


def _tool(command: list[str], environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise InputError(
            f"{command[0]} is not on this machine; install PostgreSQL's client tools "
            "of the server's version (on Debian: apt install postgresql-client)"
        ) from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise InputError(f"{command[0]} refused: {last}")
