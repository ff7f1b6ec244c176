"""What was fetched last: a small file beside the releases, changed only after a release stands."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.parsing import parse_json, read_bytes
from tilsyn.work.files import put_whole


def seen(file: Path) -> dict[str, str]:
    """Table id → the day of the update last fetched; empty where nothing was yet.

    Raises:
        InputError: the file is damaged.
    """
    if not file.exists():
        return {}
    value = parse_json(read_bytes(file), file=file)
    tables = value.get("tables") if isinstance(value, dict) else None
    if not isinstance(tables, dict) or not all(isinstance(day, str) for day in tables.values()):
        raise InputError("holds no list of tables; remove it to fetch every table anew", file=file)
    return tables


def note(file: Path, tables: dict[str, str]) -> None:
    """Remember what was fetched; the file is replaced whole.

    Raises:
        InputError: it cannot be written.
    """
    put_whole(file, json.dumps({"tables": dict(sorted(tables.items()))}, indent=1).encode())


def free(folder: Path, day: dt.date) -> Path:
    """A release of this day that is not there yet: "jobindsats-2026-07-26", then "…-2"."""
    name, number = f"jobindsats-{day}", 1
    while (folder / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return folder / (name if number == 1 else f"{name}-{number}")
