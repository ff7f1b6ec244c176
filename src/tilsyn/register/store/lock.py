"""One load at a time, and nothing removed that is being read."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def writing(store: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the store for writing; if another load holds it, say so by `waiting` and wait."""
    with (store / ".loading").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Keep a generation from being removed while it is read.

    Where the store cannot be written to, no load can remove anything either.
    """
    try:
        stream = (folder / ".reading").open("w")
    except PermissionError:
        yield
        return
    with stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        yield


def is_being_read(folder: Path) -> bool:
    """Whether somebody reads a generation."""
    with (folder / ".reading").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
