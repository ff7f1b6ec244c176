"""The log of looks at persons: who, when, why, at what, how many.

It is only added to, before anything is shown, and each line bears the SHA-256 of the line before, so
that one taken out or changed is noticed. Pseudonyms stand in it, names and CPR numbers do not.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import getpass
import hashlib
import json
import os
from pathlib import Path
from typing import Any, Final

from tilsyn.cpr import masked
from tilsyn.errors import InputError
from tilsyn.work.files import MINE, MY_FOLDER

VARIABLE: Final = "TILSYN_LOOKS_LOG"
_START: Final = "0" * 64


def log_file(chosen: Path | None = None) -> Path:
    """Where looks are logged: as chosen, else as TILSYN_LOOKS_LOG says, else in the user's own state."""
    if chosen is not None:
        return chosen
    if named := os.environ.get(VARIABLE):
        return Path(named)
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "tilsyn" / "looks.jsonl"


def note(
    log: Path, *, look: str, purpose: str = "", persons: int | None = None, **about: str
) -> None:
    """Add a line to the log.

    Args:
        log: the file; made, for its owner alone, where it is not there.
        look: what was done: "identify", "explain", "list", "plan".
        purpose: why, as far as it was said.
        persons: how many persons are seen; None where that is not known beforehand.
        about: what they are seen of and where it goes.

    Raises:
        InputError: the log cannot be written; nobody may be shown then.
    """
    line: dict[str, Any] = {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "by": getpass.getuser(),
        "look": look,
        "purpose": masked(purpose),
        "persons": persons,
        **{name: masked(value) for name, value in about.items()},
    }
    try:
        log.parent.mkdir(parents=True, exist_ok=True, mode=MY_FOLDER)
        handle = os.open(log, os.O_RDWR | os.O_CREAT | os.O_APPEND, MINE)
        with os.fdopen(handle, "r+b") as stream:
            # Of two at once the second follows the first, else the chain would look broken.
            fcntl.flock(stream, fcntl.LOCK_EX)
            before = stream.read().splitlines()
            line["before"] = hashlib.sha256(before[-1]).hexdigest() if before else _START
            stream.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise InputError(
            f"looks at persons cannot be logged ({error.strerror}); nobody is shown; "
            f"name another place by {VARIABLE}",
            file=log,
        ) from None


def noted(log: Path) -> list[dict[str, Any]]:
    """The looks, oldest first; none where there is no log.

    Raises:
        InputError: the log cannot be read.
    """
    if not log.exists():
        return []
    return [_read(line, log, number) for number, line in enumerate(_lines(log), 1)]


def broken_at(log: Path) -> int | None:
    """The first line that does not follow from the line before; None where all do.

    Raises:
        InputError: the log cannot be read.
    """
    before = _START
    for number, line in enumerate(_lines(log) if log.exists() else (), 1):
        if _read(line, log, number).get("before") != before:
            return number
        before = hashlib.sha256(line).hexdigest()
    return None


def _lines(log: Path) -> list[bytes]:
    try:
        return log.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=log) from None


def _read(line: bytes, log: Path, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InputError("no line of a log of looks", file=log, place=f"line {number}")
    return found
