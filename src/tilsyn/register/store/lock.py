"""One load at a time, and nothing removed that is being read."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tilsyn.work.files import MINE


@contextmanager
def writing(store: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the store for writing; if another load holds it, say so by `waiting` and wait."""
    with _mine(store / ".loading") as stream:
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
        stream = _mine(folder / ".reading")
    except PermissionError:
        yield
        return
    with stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        yield


def is_being_read(folder: Path) -> bool:
    """Whether somebody reads a generation."""
    with _mine(folder / ".reading") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _mine(file: Path) -> TextIO:
    return open(file, "w", opener=lambda path, flags: os.open(path, flags, MINE))
