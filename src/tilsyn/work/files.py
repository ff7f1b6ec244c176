"""Files and folders written whole or not at all, and what killed runs left of them removed.

What is being written has a name of its own beside its place, `.<name>.<16 hex digits>.unfinished`, and is
held by a lock that goes with the process: one without its lock is left of a run that was killed, and the
next run that writes in that folder removes it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tilsyn.errors import InputError, TilsynError

_LEFT = re.compile(r"\..*\.[0-9a-f]{16}\.unfinished")
_NUMBERED = re.compile(r"\b(?:os error|errno) (\d{1,3})\b", re.IGNORECASE)
_FULL = (os.strerror(errno.ENOSPC), "database or disk is full")
"""What libraries say of a full disk that give no number with it."""
_LONGEST = 200
"""Bytes of a name that leave room for what is added, in the 255 a file system gives."""

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

    def made(path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)

    with refused(target), _beside(target, made) as (unfinished, descriptor):
        with open(descriptor, "wb", closefd=False) as stream:
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)
        unfinished.replace(target)
    return target


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """A private folder beside `target` for work on it; it goes when the block ends, if still there.

    Raises:
        InputError: it cannot be made.
    """

    def made(path: Path) -> int | None:
        path.mkdir(mode=0o700)
        try:
            return os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return None

    with _beside(target, made) as (unfinished, _):
        yield unfinished


@contextmanager
def written_whole(target: Path, *, mode: int = 0o755) -> Iterator[Path]:
    """A temporary folder beside `target` that becomes `target` when the block ends well.

    Files are flushed to disk before the rename; after a crash either the whole folder is there or
    nothing of it.

    Args:
        target: must not be there, or be an empty folder.
        mode: who may do what with it; with `MY_FOLDER` all within is its owner's alone too.

    Raises:
        InputError: `target` holds something already, or cannot be written (place and reason are named).
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise InputError(
            "exists already and is never written over; choose another name", file=target
        )
    with refused(target), folder_beside(target) as unfinished:
        yield unfinished
        for file in unfinished.rglob("*"):
            flush(file)
        if mode == MY_FOLDER:
            keep_mine(unfinished)
        unfinished.chmod(mode)
        flush(unfinished)
        # An empty folder gives way.
        unfinished.replace(target)
        flush(target.parent)


def flush(path: Path) -> None:
    """Have a file or folder written to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _beside(target: Path, make: Callable[[Path], int | None]) -> Iterator[tuple[Path, int]]:
    """What `make` makes under a free name beside a target, held; its folder is made, and cleared.

    Args:
        make: makes it under a path, and opens it; None where it went meanwhile.

    Raises:
        InputError: the disk refuses; what it refuses in the block is the block's.
    """
    with refused(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target.parent)
        unfinished, descriptor = _begun(target, make)
    try:
        yield unfinished, descriptor
    finally:
        _remove(unfinished)
        os.close(descriptor)


@contextmanager
def refused(target: Path) -> Iterator[None]:
    """What the system refuses in the block is told as a place that cannot be written.

    Raises:
        InputError: it refused.
    """
    try:
        yield
    except Exception as error:
        if (reason := reason_of(error)) is None:
            raise
        raise InputError(
            f"cannot be written: {reason}; nothing was kept. Free some space or choose another folder",
            file=target,
        ) from error


def reason_of(error: Exception) -> str | None:
    """Why the system refused, in its own words, whichever library tells it; None where it did not."""
    if isinstance(error, TilsynError):
        return None
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error)
    if found := _NUMBERED.search(text):
        return os.strerror(int(found[1]))
    full = next((said for said in _FULL if said in text), None)
    return full or (text if isinstance(error, OSError) else None)


def _begun(target: Path, make: Callable[[Path], int | None]) -> tuple[Path, int]:
    name = target.name.encode()[:_LONGEST].decode(errors="ignore")
    while True:
        unfinished = target.with_name(f".{name}.{secrets.token_hex(8)}.unfinished")
        # Until it is held, somebody who clears the folder may take it for left; then once more.
        if (descriptor := make(unfinished)) is None:
            continue
        # A file system without locks holds nothing, and nothing is taken for left there.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if unfinished.exists():
            return unfinished, descriptor
        os.close(descriptor)


def _clear(folder: Path) -> None:
    """Remove what killed runs left unfinished in a folder; what somebody is writing stays."""
    left: list[Path] = []
    # Who may not look into a folder may still write there.
    with suppress(OSError), os.scandir(folder) as entries:
        left += (Path(entry) for entry in entries if _LEFT.fullmatch(entry.name))
    for one in left:
        with suppress(OSError):
            descriptor = os.open(one, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(one)
            finally:
                os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
