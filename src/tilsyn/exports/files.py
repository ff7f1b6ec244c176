"""Writing an export whole or not at all, and what it says of how it was protected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tilsyn.errors import InputError
from tilsyn.protection import Shown
from tilsyn.work.files import put_whole


def write_whole(target: Path, data: bytes) -> Path:
    """Write a file that must not exist yet.

    Raises:
        InputError: it exists, or cannot be written.
    """
    if target.exists():
        raise InputError("exists already; choose another name", file=target)
    return put_whole(target, data)


def protection(shown: Shown) -> dict[str, Any]:
    """For whom figures are, as JSON-ready values; not how many were hidden and why, from which small counts follow."""
    return {"audience": shown.audience.name}
