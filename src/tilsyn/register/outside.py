"""Writing what holds persons: outside every store, for its owner alone, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tilsyn.errors import InputError, NotAllowedError
from tilsyn.register.store.layout import STORE
from tilsyn.work.files import MINE, MY_FOLDER, put_whole, written_whole


def refuse_inside(target: Path) -> None:
    """Refuse a place that exists already or lies in a store.

    Raises:
        InputError: it exists.
        NotAllowedError: a store is no place for it: who may read the one may not read the other.
    """
    if target.exists():
        raise InputError("exists already; remove it or choose another name", file=target)
    for folder in target.absolute().parents:
        if (folder / STORE).exists():
            raise NotAllowedError(f"{target}: lies in the store {folder}; write it elsewhere")


def write_file(target: Path, data: bytes) -> None:
    """Write a file that only its owner can read.

    Raises:
        InputError, NotAllowedError: as `refuse_inside`; or it cannot be written.
    """
    refuse_inside(target)
    put_whole(target, data, mode=MINE)


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files that only its owner can read.

    Args:
        files: by name; one with "/" stands in a folder within.

    Raises:
        InputError, NotAllowedError: as `write_file`; no half-written folder is left.
    """
    refuse_inside(target)
    with written_whole(target, mode=MY_FOLDER) as unfinished:
        for name, data in files.items():
            within = unfinished / name
            within.parent.mkdir(mode=MY_FOLDER, exist_ok=True)
            put_whole(within, data, mode=MINE)
