"""Files kept by what they contain: a file's name is the SHA-256 of its bytes, so it cannot change.

A file is written whole and flushed before any row names it; a crash in between leaves a file that
nothing names, which does no harm.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings

from tilsyn.cases.refusals import refused
from tilsyn.errors import InputError
from tilsyn.work.files import put_whole


def derived_folder(kind: str) -> Path:
    """Where what is derived from releases and the register is, by kind; it can always be made again."""
    return Path(settings.DATA_DIR) / "derived" / kind


def path_of(sha256: str) -> Path:
    """Where a stored file is."""
    return Path(settings.DATA_DIR) / "documents" / sha256[:2] / sha256


def keep(data: bytes) -> str:
    """Store bytes; returns their SHA-256. Storing the same bytes twice is the same as once."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        put_whole(path, data)
    return sha256


def fetch(sha256: str) -> bytes:
    """The bytes stored under a hash.

    Raises:
        InputError: they are not there, or are no longer what they were.
    """
    path = path_of(sha256)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise refused(InputError, "file_missing", file=path) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise refused(InputError, "file_damaged", file=path)
    return data
