"""Raw answers kept on disk by what was asked, so that an interrupted fetch goes on where it stopped.

A file's name holds the hash of the call and of its own bytes: a damaged answer is asked for again,
and an answer from before the table's latest update is never taken for a new one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.work.files import put_whole

_SAFE = re.compile(r"[A-Za-z0-9_]{1,64}")


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder of raw answers.

    Args:
        folder: is made when the first answer is kept.
    """

    folder: Path

    def find(self, table: str, key: str) -> Path | None:
        """The kept answer to a call, if it is there and undamaged."""
        for file in sorted((self.folder / _safe(table)).glob(f"*-{key}-*.json")):
            if _sha256(file.read_bytes()) == file.stem.rpartition("-")[2]:
                return file
        return None

    def keep(self, table: str, key: str, label: str, data: bytes) -> Path:
        """Keep an answer; a crash leaves no half of it.

        Args:
            table: the table's id.
            key: of the call, from `key_of`.
            label: of the periods, for people ("2026M01").
            data: the answer's bytes.

        Raises:
            InputError: the folder cannot be written.
        """
        folder = self.folder / _safe(table)
        target = folder / f"{_safe(label)}-{key}-{_sha256(data)}.json"
        return put_whole(target, data)


def key_of(base_url: str, path: str, parameters: Mapping[str, str], updated: str) -> str:
    """What was asked, and as of which update of the table, as one short hash."""
    call = json.dumps([base_url, path, sorted(parameters.items()), updated])
    return _sha256(call.encode())[:16]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _safe(name: str) -> str:
    """A name from the server, if it may be part of a path.

    Raises:
        InputError: it is not made of letters, digits and underscores.
    """
    if not _SAFE.fullmatch(name):
        raise InputError(f"'{name[:64]!r}' is no id of a table or period")
    return name
