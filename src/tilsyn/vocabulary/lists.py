"""The code lists that are data: the shipped ones, and a user's own in their place.

The folder that the environment variable ``TILSYN_LISTS`` names may hold `REPLACEABLE` files; they
stand in place of the shipped ones of their name (``measures.toml`` adds to it). Lists are read
once, when a process begins, and its own processes inherit them: a code means the same everywhere.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tilsyn.errors import InputError
from tilsyn.law import FOLDER
from tilsyn.parsing import csv_rows, read_text
from tilsyn.records import load_toml

SHIPPED = FOLDER / "vocabulary"
VARIABLE = "TILSYN_LISTS"
REPLACEABLE = ("groups.toml", "measures.toml", "offer_kinds.csv", "conversation_types.csv")

MOST_CODES = 127
"""As many codes as a list may have: stores keep a code's number in one byte."""


def _folder() -> Path | None:
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    folder = Path(named)
    if not any((folder / name).is_file() for name in REPLACEABLE):
        raise InputError(
            f"holds no code list ({VARIABLE} names it); a list is {', '.join(REPLACEABLE)}",
            file=folder,
        )
    return folder


_FOLDER = _folder()


def own(name: str) -> Path | None:
    """The user's own file of this name, where there is one."""
    file = _FOLDER / name if _FOLDER else None
    return file if file and file.is_file() else None


def hashes() -> dict[str, str]:
    """SHA-256 of each of the user's own lists, by file name."""
    found = {name: file for name in REPLACEABLE if (file := own(name))}
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in found.items()}


def text(name: str) -> str:
    """The text of a list: the user's own, or the shipped one.

    Raises:
        InputError: the user's own cannot be read.
    """
    file = own(name)
    return read_text(file) if file else (SHIPPED / name).read_text(encoding="utf-8")


def shipped(name: str) -> dict[str, Any]:
    """The records of a list in TOML as it is shipped."""
    return tomllib.loads((SHIPPED / name).read_text(encoding="utf-8"))


def records(name: str) -> dict[str, Any]:
    """The records of a list in TOML.

    Raises:
        InputError: the user's own cannot be read as TOML.
    """
    file = own(name)
    return load_toml(file) if file else shipped(name)


def rows(name: str) -> list[dict[str | None, Any]]:
    """The rows of a list in CSV."""
    return csv_rows(text(name), file=own(name) or name)[1]


def checked(codes: Sequence[str], name: str) -> tuple[str, ...]:
    """The codes of a list, if they can be kept.

    Raises:
        InputError: there are none or too many, one stands twice, or one is not plain.
    """
    for code in codes:
        if not (code.isascii() and code.replace("_", "a").isalnum() and code == code.lower()):
            raise InputError(
                f"'{code}' is no code; write small letters a-z, digits and _", file=own(name)
            )
        if codes.count(code) > 1:
            raise InputError(f"the code '{code}' stands twice", file=own(name))
    if not 0 < len(codes) <= MOST_CODES:
        raise InputError(f"{len(codes)} codes; a list has 1 to {MOST_CODES}", file=own(name))
    return tuple(codes)
