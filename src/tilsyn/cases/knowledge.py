"""The figures cases are judged on, and those pages and documents show: what releases told on a day.

Cases are judged on exact figures, inside the walls. Whatever is shown goes through `shown`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

import polars as pl
from django.conf import settings

from tilsyn.cases.models import ReleaseRecord
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.disclosure import Audience, Door, Parameters, Shown
from tilsyn.figures.knowledge import known_on
from tilsyn.figures.release import MANIFEST, written_whole
from tilsyn.figures.revisions import Movement, movements
from tilsyn.figures.table import SCHEMA
from tilsyn.figures.vintages import gather
from tilsyn.rules import Catalogue, shipped, with_own


def data_folder() -> Path:
    """Where the installation keeps what is its own."""
    return Path(settings.DATA_DIR)


def releases_folder() -> Path:
    """Where the site's releases are."""
    return data_folder() / "releases"


def catalogue() -> Catalogue:
    """The rules: the shipped ones, with the installation's own (DATA_DIR/rules) where it has any."""
    own = data_folder() / "rules"
    return _with_own(own) if own.is_dir() else shipped()


def take_in(folder: Path) -> ReleaseRecord:
    """Make a release known to the site: copied among the site's own, waiting to be approved.

    Taking in the same release twice is the same as once.

    Raises:
        InputError: the folder is no release, or another one of that name is known already.
    """
    release = releases.read(folder)
    target = releases_folder() / release.id
    if not target.exists():
        with written_whole(target) as unfinished:
            for file in folder.iterdir():
                shutil.copyfile(file, unfinished / file.name)
    manifest = hashlib.sha256((target / MANIFEST).read_bytes()).hexdigest()
    if manifest != hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest():
        raise InputError(
            f"another release called {release.id} is known already; a correction needs a name of its own",
            file=folder,
        )
    record, _ = ReleaseRecord.objects.get_or_create(
        name=release.id,
        defaults={"published": release.published, "manifest_sha256": manifest},
    )
    return record


def known(on: dt.date, names: Sequence[str] | None = None) -> pl.DataFrame:
    """The figures as they were known on a day, one vintage a cell.

    Args:
        on: the day.
        names: only these releases; by default those in use now.
    """
    return _known(_folders(names), on)


def shown(on: dt.date, audience: Audience, names: Sequence[str] | None = None) -> Shown:
    """The figures of a day as an audience may see them, one vintage a cell.

    Each measure and month is protected once and kept in DATA_DIR/shown.

    Args:
        on: the day.
        audience: who is to see them.
        names: only these releases; by default those in use now.

    Raises:
        InputError: figures measured from a register contradict each other.
    """
    return _door(_folders(names), on, settings.PROTECTION).shown(audience)


def one_for_all(on: dt.date, names: Sequence[str] | None = None) -> bool:
    """Whether everybody sees the same, because nothing was measured from a register."""
    return _door(_folders(names), on, settings.PROTECTION).one_for_all


def prepare(on: dt.date) -> None:
    """Protect what is new in the releases in use, so that no page has to wait for it."""
    _door(_in_use(), on, settings.PROTECTION).prepare()


def usual_movements(on: dt.date) -> tuple[Movement, ...]:
    """How much shares of each age had moved by a day, over all municipalities and groups together.

    Medians of at least twenty movements; nothing of one municipality shows in them.
    """
    return _movements(_in_use(), on)


def figures() -> pl.DataFrame:
    """All figures in use, every vintage kept."""
    return _gathered(_in_use())


@lru_cache(maxsize=1)
def _with_own(folder: Path) -> Catalogue:
    return with_own(folder)


def _folders(names: Sequence[str] | None) -> tuple[Path, ...]:
    if names is None:
        return _in_use()
    return tuple(sorted(releases_folder() / name for name in names))


def _in_use() -> tuple[Path, ...]:
    return tuple(sorted(record.folder for record in ReleaseRecord.objects.in_use()))


# Releases never change, so what is read of them may be kept; which are in use is asked each time.
@lru_cache(maxsize=4)
def _gathered(folders: tuple[Path, ...]) -> pl.DataFrame:
    return gather(folders, read_file=_no_file) if folders else SCHEMA.to_frame()


@lru_cache(maxsize=16)
def _known(folders: tuple[Path, ...], on: dt.date) -> pl.DataFrame:
    return known_on(_gathered(folders), on)


@lru_cache(maxsize=16)
def _door(folders: tuple[Path, ...], on: dt.date, parameters: Parameters) -> Door:
    return Door(_gathered(folders), on, parameters=parameters, kept=data_folder() / "shown")


@lru_cache(maxsize=4)
def _movements(folders: tuple[Path, ...], on: dt.date) -> tuple[Movement, ...]:
    plain = _gathered(folders).filter(
        (pl.col("published") <= on)
        & (pl.col("statistic") == "share")
        & (pl.col("area_kind") == "municipality")
        & (pl.col("visitation") == "")
        & (pl.col("category") == "")
    )
    return tuple(movement for movement in movements(plain) if movement.enough)


def _no_file(file: Path) -> NoReturn:
    raise InputError("is not a release", file=file)
