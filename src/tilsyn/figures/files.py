"""Files written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from tilsyn.errors import InputError

MINE: Final = 0o600
MY_FOLDER: Final = 0o700
"""Of files and folders that hold persons or secrets: for their owner alone."""


def keep_mine(folder: Path) -> None:
    """Keep a folder and all within it for their owner alone, whatever the umask was."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(MY_FOLDER if path.is_dir() else MINE)


def put_whole(target: Path, data: bytes, *, mode: int = 0o666) -> Path:
    """Write a file, or replace it: into a new file beside it, flushed, then renamed.

    Args:
        target: its folder is made where it is not there.
        data: what it holds.
        mode: who may do what with it, as far as the umask allows.

    Raises:
        InputError: the folder cannot be made or written to, or the disk is full.
    """
    # Not tempfile's: that makes a private file, and to open it to others one must ask for the
    # umask, which sets it for every thread.
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(8)}")

    def opener(path: str, flags: int) -> int:
        return os.open(path, flags, mode)

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(unfinished, "xb", opener=opener) as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.replace(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror or error}; free some space or choose another folder",
            file=target,
        ) from None
    return target
