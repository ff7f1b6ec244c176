"""Sealing: a document as it was edited and approved is kept, read-only, with its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

import tilsyn
from tilsyn import own
from tilsyn.cpr import masked
from tilsyn.errors import InputError
from tilsyn.records import load_toml
from tilsyn.work.files import written_whole

MANIFEST = "manifest.toml"


@dataclass(frozen=True)
class Seal:
    """A sealed document.

    Attributes:
        folder: where it lies, with its manifest.
        name: its file name.
        sha256: the hash of its bytes.
        sealed: the day it was sealed.
    """

    folder: Path
    name: str
    sha256: str
    sealed: dt.date

    @property
    def file(self) -> Path:
        """The document."""
        return self.folder / self.name


def seal(file: Path, into: Path, on: dt.date) -> Seal:
    """Keep a document as the final original: a read-only copy and a manifest, whole or not at all.

    The same bytes sealed again give the seal they already have.

    Args:
        file: the document.
        into: the folder of sealed documents.
        on: the day.

    Raises:
        InputError: the file cannot be read, or the folder not written to; or what lies there under
            its name is no longer what was sealed.
    """
    digest = _digest(file)
    name = masked(file.name)
    folder = into / f"{Path(name).stem}-{digest[:12]}"
    if folder.exists():
        return verify(folder)
    manifest: dict[str, Any] = {
        "name": name,
        "sha256": digest,
        "bytes": file.stat().st_size,
        "sealed": on,
        "program": f"tilsyn {tilsyn.__version__}",
    }
    if used := own.hashes():
        manifest["own"] = used
    with written_whole(folder) as unfinished:
        shutil.copyfile(file, unfinished / name)
        (unfinished / MANIFEST).write_bytes(tomli_w.dumps(manifest).encode())
        for written in unfinished.iterdir():
            written.chmod(0o444)
    return verify(folder)


def verify(place: Path) -> Seal:
    """Check that a sealed document is still what was sealed.

    Args:
        place: its folder, or the document in it.

    Raises:
        InputError: it is not, or no sealed document lies there.
    """
    folder = place if place.is_dir() else place.parent
    try:
        manifest = load_toml(folder / MANIFEST)
        found = Seal(folder, manifest["name"], manifest["sha256"], manifest["sealed"])
    except (InputError, KeyError):
        raise InputError(f"no sealed document: there is no sound {MANIFEST}", file=folder) from None
    if (digest := _digest(found.file)) != found.sha256:
        raise InputError(
            f"is no longer what was sealed on {found.sealed}: its SHA-256 is {digest}, and was "
            f"{found.sha256}",
            file=found.file,
        )
    return found


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=file) from None
