"""The figures cases are judged on: what the releases in use told on a day."""

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
from tilsyn.cases.refusals import refused
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.knowledge import known_on
from tilsyn.figures.release import MANIFEST, written_whole
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
        raise refused(InputError, "release_name_taken", release=release.id)
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
    if names is None:
        return _known(_in_use(), on)
    return _known(tuple(sorted(releases_folder() / name for name in names)), on)


def figures() -> pl.DataFrame:
    """All figures in use, every vintage kept."""
    return _gathered(_in_use())


@lru_cache(maxsize=1)
def _with_own(folder: Path) -> Catalogue:
    return with_own(folder)


def _in_use() -> tuple[Path, ...]:
    return tuple(sorted(record.folder for record in ReleaseRecord.objects.in_use()))


# Releases never change, so what is read of them may be kept; which are in use is asked each time.
@lru_cache(maxsize=4)
def _gathered(folders: tuple[Path, ...]) -> pl.DataFrame:
    return gather(folders, read_file=_no_file) if folders else SCHEMA.to_frame()


@lru_cache(maxsize=16)
def _known(folders: tuple[Path, ...], on: dt.date) -> pl.DataFrame:
    return known_on(_gathered(folders), on)


def _no_file(file: Path) -> NoReturn:
    raise refused(InputError, "not_a_release", file=file)
