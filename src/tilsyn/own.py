"""Data of one's own: one folder with the shipped folder's shape, for every command and the site.

It is named by the environment (`VARIABLE`; ``--own DIR`` sets it), so that processes a command starts
go by the same; else it is ``DATA_DIR/own``, where there is one. Each room reads its kind beside what
is shipped: a file of a shipped one's name or code stands in its place, others are added.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from tilsyn.errors import InputError

VARIABLE = "OWN"

KINDS: dict[str, tuple[str, ...]] = {
    "vocabulary": ("groups.toml", "measures.toml", "offer_kinds.csv", "conversation_types.csv"),
    "measures": ("*.toml",),
    "rules": ("*.toml",),
    "courses": ("*.toml",),
    "sources": ("ydelsesrefusion.toml", "eindkomst.toml", "dfdg.toml"),
    "templates": ("*.md", "*.toml"),
    "letterheads": ("*.toml", "*.png", "*.svg"),
    "goals": ("*.toml",),
    "tables": ("supervision.toml",),
}
"""The folders there may be, and the files each may hold."""

SHAPE = f"the folders in it are {', '.join(KINDS)}"


def named() -> Path | None:
    """The folder in use.

    Raises:
        InputError: the one named is not there, or holds none of the kinds.
    """
    if given := os.environ.get(VARIABLE):
        return sound(Path(given))
    data = os.environ.get("DATA_DIR")
    beside = Path(data) / "own" if data else None
    return beside.absolute() if beside and beside.is_dir() else None


def sound(folder: Path) -> Path:
    """The folder, if it is one of data of one's own.

    Raises:
        InputError: it is not there, or holds none of the kinds.
    """
    if not folder.is_dir():
        raise InputError(f"there is no such folder of your own data; {SHAPE}", file=folder)
    if not any((folder / kind).is_dir() for kind in KINDS):
        raise InputError(f"holds no data of your own; {SHAPE}", file=folder)
    return folder.absolute()


def files(kind: str) -> list[Path]:
    """The files of a kind, by name."""
    place = named()
    return _files(place, kind) if place else []


def _files(place: Path, kind: str) -> list[Path]:
    found = {file for pattern in KINDS[kind] for file in (place / kind).glob(pattern)}
    return sorted(file for file in found if file.is_file() and file.name != "README.md")


def folder(kind: str) -> Path | None:
    """Where the files of a kind are, if there are any."""
    found = files(kind)
    return found[0].parent if found else None


def file(kind: str, name: str) -> Path | None:
    """The file of this kind and name, if there is one."""
    return next((one for one in files(kind) if one.name == name), None)


def hashes(*kinds: str) -> dict[str, str]:
    """SHA-256 of the files of some kinds, or of all, by path in the folder ("rules/ours.toml")."""
    return {
        f"{kind}/{one.name}": hashlib.sha256(one.read_bytes()).hexdigest()
        for kind in kinds or KINDS
        for one in files(kind)
    }


def strangers(place: Path) -> Iterator[InputError]:
    """What stands in a folder and is read by nothing; hidden files and README.md are passed over."""
    for found in sorted(place.iterdir()):
        if found.name.startswith(".") or found.name == "README.md":
            continue
        if found.name not in KINDS or not found.is_dir():
            yield InputError(f"is read by nothing; {SHAPE}", file=found)
            continue
        known, may = _files(place, found.name), ", ".join(KINDS[found.name])
        for inner in sorted(found.iterdir()):
            if inner not in known and not inner.name.startswith(".") and inner.name != "README.md":
                yield InputError(f"is read by nothing; the files here are {may}", file=inner)
