"""What was fetched last: a small file beside the releases, changed only after a release stands."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from pathlib import Path

from tilsyn.errors import InputError


def seen(file: Path) -> dict[str, str]:
    """Table id → the day of the update last fetched; empty where nothing was yet.

    Raises:
        InputError: the file is damaged.
    """
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"cannot be read ({error}); remove it to fetch every table anew", file=file
        ) from None
    tables = value.get("tables") if isinstance(value, dict) else None
    if not isinstance(tables, dict) or not all(isinstance(day, str) for day in tables.values()):
        raise InputError("holds no list of tables; remove it to fetch every table anew", file=file)
    return tables


def note(file: Path, tables: dict[str, str]) -> None:
    """Remember what was fetched; the file is replaced whole.

    Raises:
        InputError: it cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump({"tables": dict(sorted(tables.items()))}, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        Path(unfinished).replace(file)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror or error})", file=file) from None


def free(folder: Path, day: dt.date) -> Path:
    """A release of this day that is not there yet: "jobindsats-2026-07-26", then "…-2"."""
    name, number = f"jobindsats-{day}", 1
    while (folder / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return folder / (name if number == 1 else f"{name}-{number}")
