"""What is made once and kept: pieces named by all they rest on, so that none can be stale.

Each kind has a folder. A piece is a file or a folder in it, there whole or not at all; of several threads
and processes that want the same piece one makes it and the others wait. What was used longest ago is
thrown away, and everything can be: it is made again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tilsyn import own
from tilsyn.work.files import put_whole, written_whole


@cache
def code(*modules: str) -> str:
    """A hash of the program's own modules and packages: what other code has made is not used.

    Args:
        modules: by their full names; of a package, all that lies in its folder.
    """
    digest = hashlib.sha256()
    for name in modules:
        spec = find_spec(name)
        assert spec is not None and spec.origin is not None, name
        origin = Path(spec.origin)
        inside = origin.parent.rglob("*") if spec.submodule_search_locations else [origin]
        for file in sorted(inside):
            if file.suffix in (".py", ".toml", ".csv", ".po"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def place(folder: Path, rests_on: Any) -> Path:
    """Where the piece lies that follows from this, be it there or not.

    Args:
        folder: the kind's.
        rests_on: everything the piece follows from, as JSON (what JSON does not know, as text); lists and
            measures of one's own (`tilsyn.own`) come to it here.
    """
    mine = own.hashes("vocabulary", "measures")
    told = json.dumps([rests_on, mine] if mine else rests_on, default=str).encode()
    return folder / hashlib.sha256(told).hexdigest()[:32]


def kept(folder: Path, rests_on: Any, make: Callable[[], bytes], *, keep: int) -> bytes:
    """The piece of a kind that follows from this: as it is kept, or made now.

    Args:
        folder, rests_on: as `place`.
        make: makes what the file holds.
        keep: so many pieces of the kind stay, those used last.

    Raises:
        InputError: the folder cannot be written to; and what `make` raises.
    """
    file = place(folder, rests_on)
    _have(file, lambda: put_whole(file, make()), keep)
    return file.read_bytes()


def kept_folder(folder: Path, rests_on: Any, make: Callable[[Path], None], *, keep: int) -> Path:
    """The same of a piece that is a folder.

    Args:
        folder, rests_on, keep: as `kept`.
        make: fills the folder it is given.
    """
    target = place(folder, rests_on)

    def write() -> None:
        with written_whole(target) as unfinished:
            make(unfinished)

    _have(target, write, keep)
    return target


def _have(target: Path, make: Callable[[], object], keep: int) -> None:
    if _used(target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # Locks are never removed, which could not be done safely; sixteen of them serve all names.
    with (target.parent / f".lock-{target.name[0]}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _used(target):
            make()
            prune(target.parent, keep=keep)


def _used(target: Path) -> bool:
    """Whether a piece is there; the time of its last use is noted."""
    with suppress(PermissionError):
        try:
            os.utime(target)
        except FileNotFoundError:
            return False
    return True


def prune(folder: Path, *, keep: int) -> None:
    """Throw away all but the pieces used last."""
    pieces = []
    for piece in folder.iterdir():
        # Another process may be throwing away the same.
        with suppress(FileNotFoundError):
            if not piece.name.startswith("."):
                pieces.append((piece.stat().st_mtime, piece))
    for _, piece in sorted(pieces, reverse=True)[keep:]:
        if piece.is_dir():
            shutil.rmtree(piece, ignore_errors=True)
        else:
            piece.unlink(missing_ok=True)
