"""Writing an export whole or not at all, and what it says of how it was protected."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from tilsyn.errors import InputError
from tilsyn.figures.disclosure import Shown


def write_whole(target: Path, data: bytes) -> Path:
    """Write a file that must not exist yet.

    Raises:
        InputError: it exists, or cannot be written.
    """
    if target.exists():
        raise InputError("exists already; choose another name", file=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(unfinished).chmod(0o644)
            Path(unfinished).replace(target)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror or error})", file=target) from None
    return target


def protection(shown: Shown) -> dict[str, Any]:
    """For whom figures are, and what was hidden of them, as JSON-ready values."""
    return {"audience": shown.audience, "hidden": dict(shown.hidden)}
