"""The code lists that are data: the shipped ones, and a user's own in their place.

A file of ``vocabulary`` in the folder of one's own (`tilsyn.own`) stands in place of the shipped one
of its name (``measures.toml`` adds to it). Lists are read once, when a process begins, and its own
processes inherit them: a code means the same everywhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tilsyn import own
from tilsyn.errors import InputError
from tilsyn.law import FOLDER
from tilsyn.parsing import csv_rows, read_text
from tilsyn.records import load_toml

SHIPPED = FOLDER / "vocabulary"

MOST_CODES = 127
"""As many codes as a list may have: stores keep a code's number in one byte."""


def own_file(name: str) -> Path | None:
    """The user's own file of this name, where there is one."""
    return own.file("vocabulary", name)


def text(name: str) -> str:
    """The text of a list: the user's own, or the shipped one.

    Raises:
        InputError: the user's own cannot be read.
    """
    file = own_file(name)
    return read_text(file) if file else (SHIPPED / name).read_text(encoding="utf-8")


def shipped(name: str) -> dict[str, Any]:
    """The records of a list in TOML as it is shipped."""
    return tomllib.loads((SHIPPED / name).read_text(encoding="utf-8"))


def records(name: str) -> dict[str, Any]:
    """The records of a list in TOML.

    Raises:
        InputError: the user's own cannot be read as TOML.
    """
    file = own_file(name)
    return load_toml(file) if file else shipped(name)


def rows(name: str) -> list[dict[str | None, Any]]:
    """The rows of a list in CSV."""
    return csv_rows(text(name), file=own_file(name) or name)[1]


def codes(name: str) -> tuple[str, ...]:
    """The codes of a list in CSV, in its order."""
    return tuple(str(row["code"]) for row in rows(name) if row.get("code"))


def checked(codes: Sequence[str], name: str) -> tuple[str, ...]:
    """The codes of a list, if they can be kept.

    Raises:
        InputError: there are none or too many, one stands twice, or one is not plain.
    """
    for code in codes:
        if not (code.isascii() and code.replace("_", "a").isalnum() and code == code.lower()):
            raise InputError(
                f"'{code}' is no code; write small letters a-z, digits and _", file=own_file(name)
            )
        if codes.count(code) > 1:
            raise InputError(f"the code '{code}' stands twice", file=own_file(name))
    if not 0 < len(codes) <= MOST_CODES:
        raise InputError(f"{len(codes)} codes; a list has 1 to {MOST_CODES}", file=own_file(name))
    return tuple(codes)
