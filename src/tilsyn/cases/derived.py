"""What is derived from releases and kept in DATA_DIR/derived: it can always be made again.

Each piece is named by what it follows from, so it is never stale; what nobody has asked for in a long
time is thrown away. Of several processes that want the same piece one makes it and the others wait.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings


def derived_folder() -> Path:
    """Where derived tables are."""
    return Path(settings.DATA_DIR) / "derived"


@contextmanager
def making(target: Path) -> Iterator[bool]:
    """Whether `target` is missing and the block is to make it; nobody else makes it meanwhile."""
    if target.exists():
        # The time of the last use, by which what is not used is thrown away.
        with suppress(OSError):
            os.utime(target)
        yield False
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # One piece of a kind at a time: what is held while making them does not add up.
    with (target.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not target.exists()


def prune(folder: Path, *, keep: int) -> None:
    """Throw away all but the pieces used last."""
    pieces = [(p.stat().st_mtime, p) for p in folder.iterdir() if not p.name.startswith(".")]
    for _, piece in sorted(pieces, reverse=True)[keep:]:
        if piece.is_dir():
            shutil.rmtree(piece, ignore_errors=True)
        else:
            piece.unlink(missing_ok=True)
