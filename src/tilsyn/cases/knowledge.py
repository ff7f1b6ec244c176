"""The figures cases are judged on: what the releases in use told on a day."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings

from tilsyn import own
from tilsyn.cases.models import ReleaseRecord
from tilsyn.cases.refusals import refused
from tilsyn.cases.snapshots import bases, snapshot
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.release import MANIFEST
from tilsyn.measures import definitions
from tilsyn.rules import Catalogue, shipped, with_own
from tilsyn.vocabulary import AREA_KINDS, COUNTRY, MUNICIPALITIES
from tilsyn.work.files import written_whole


def data_folder() -> Path:
    """Where the installation keeps what is its own."""
    return Path(settings.DATA_DIR)


def releases_folder() -> Path:
    """Where the site's releases are."""
    return data_folder() / "releases"


def catalogue() -> Catalogue:
    """The rules: the shipped ones, with the installation's own where it has any."""
    legacy = data_folder() / "rules"  # where they stood before there was a folder of one's own
    files = (*own.files("rules"), *(sorted(legacy.glob("*.toml")) if legacy.is_dir() else ()))
    return _with_own(files) if files else shipped()


def take_in(folder: Path) -> ReleaseRecord:
    """Make a release known to the site: copied among the site's own, waiting to be approved.

    Taking in the same release twice is the same as once.

    Raises:
        InputError: the folder is no release, or another one of that name is known already.
    """
    # A measure may not come to mean two things in one installation.
    bases(ReleaseRecord.objects.values_list("name", flat=True))
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


def set_aside(name: str) -> releases.SetAside:
    """Rows of the register behind one of the site's releases that were set aside when it was read."""
    return _set_aside(releases_folder() / name)


def known(
    on: dt.date, names: Sequence[str] | None = None, *, area: str | None = None
) -> pl.DataFrame:
    """The figures as they were known on a day, one vintage a cell.

    Args:
        on: the day.
        names: only these releases; by default those in use now.
        area: only this municipality and the areas it lies in, split figures too; by default all
            areas, without the split ones, which are many.
    """
    known = snapshot(on, bases(names))
    if area is None:
        return known.scan().collect()
    return pl.concat(
        known.area(*place, split=split) for place in places_of(area) for split in (False, True)
    )


def prepare(on: dt.date) -> None:
    """Protect what is new in the releases in use, so that no page has to wait for it."""
    snapshot(on, protection=settings.PROTECTION)


def places_of(area: str) -> list[tuple[str, str]]:
    """A municipality and the areas it lies in (or the country alone): kind and code."""
    if area == COUNTRY:
        return [("country", COUNTRY)]
    place = MUNICIPALITIES[area]
    return [(kind, area if kind == "municipality" else place.area(kind)) for kind in AREA_KINDS]


@lru_cache(maxsize=1000)
def _set_aside(folder: Path) -> releases.SetAside:
    # Figures brought in may name a release that is not here itself.
    return releases.manifest(folder).set_aside if releases.is_release(folder) else {}


@lru_cache(maxsize=1)
def _with_own(files: tuple[Path, ...]) -> Catalogue:
    bases()  # a rule may be about a measure of one's own, which releases name
    definitions.load()  # or which is defined beside it
    return with_own(*files)
