"""Releases and files laid together: what a judgement may draw on, every vintage kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.anomalies import find
from tilsyn.figures.release import Release
from tilsyn.figures.table import CELL, SCHEMA, agreeing

if TYPE_CHECKING:
    from tilsyn.figures.reading import Reading


def gather(sources: Iterable[Path]) -> pl.DataFrame:
    """The figures of files, releases and folders of releases, combined cell by cell.

    Args:
        sources: each a file, a release folder or a folder of releases.

    Returns:
        A figure table that may hold several vintages of a cell.

    Raises:
        InputError: a source is missing or unreadable, or two of them disagree about a cell under
            one publication date.
    """
    sources = list(sources)
    for source in sources:
        if not source.exists():
            raise InputError("no such file or folder", file=source)
    # What reads files takes a while to start.
    from tilsyn.figures.reading import read_published

    tables = [read_published(source).figures for source in sources if source.is_file()]
    tables += [one.figures for one in _without_superseded(released(sources))]
    return combined(tables)


def released(sources: Iterable[Path]) -> list[Release]:
    """The releases among sources, and in folders of releases.

    Raises:
        InputError: a folder holds none, or one is damaged.
    """
    found: list[Release] = []
    for source in sources:
        if source.is_file():
            continue
        inside = [source] if releases.is_release(source) else list(releases.releases(source))
        if not inside:
            raise InputError("holds no release (a folder with a manifest.toml)", file=source)
        found += map(releases.read, inside)
    return found


def _without_superseded(found: list[Release]) -> list[Release]:
    """The releases, each without the cells a correction of the same day replaces.

    A correction published later needs nothing here: the later vintage wins when it is known.
    """
    by_id = {one.id: one for one in found}
    for correction in found:
        if (old := by_id.get(correction.supersedes)) is not None:
            kept = old.figures.join(correction.figures, on=[*CELL, "published"], how="anti")
            by_id[old.id] = Release(old.id, old.published, kept)
    return list(by_id.values())


def corrected(
    old: Release, mended: pl.DataFrame, *, release: str, published: object
) -> pl.DataFrame:
    """The old release's figures with the mended cells in their place.

    Args:
        old: the release to correct; it stays as it is.
        mended: a figure table of the cells to replace; a cell the old release lacks is added.
        release: the new release's id.
        published: the day the mended cells count from.

    Raises:
        InputError: nothing would change.
    """
    same = [*CELL, "value", "status"]
    changed = mended.join(old.figures, on=same, how="anti", nulls_equal=True)
    if changed.is_empty():
        raise InputError("changes nothing: every cell already has this value", file=old.id)
    changed = changed.with_columns(
        pl.lit(release).alias("release"), pl.lit(published).cast(pl.Date).alias("published")
    )
    kept = old.figures.join(changed, on=CELL, how="anti", nulls_equal=True)
    return pl.concat([kept.with_columns(pl.lit(release).alias("release")), changed])


def moved(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The cells whose value or status differs between two tables with one vintage a cell.

    Returns:
        The cell columns with ``value``, ``status`` (old) and ``value_new``, ``status_new``.
    """
    both = old.select(*CELL, "value", "status").join(
        new.select(*CELL, "value", "status"), on=CELL, suffix="_new", nulls_equal=True
    )
    return both.filter(
        pl.col("value").ne_missing(pl.col("value_new")) | (pl.col("status") != pl.col("status_new"))
    ).sort(CELL)


def combined(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Figure tables laid together; every vintage stays.

    Raises:
        InputError: two of them give one cell different values under one publication date.
    """
    return agreeing(pl.concat([SCHEMA.to_frame(), *tables]))


def known_on(figures: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Of every cell the vintage that was the latest on `day`; one row a cell.

    A figure measured from a register and one published that day stand in the same cell; the
    published one is official and goes first.
    """
    return (
        figures.filter(pl.col("published") <= day)
        .sort("published", "provenance", "release", descending=[True, False, False])
        .unique(CELL, keep="first", maintain_order=True)
    )


def release_of(readings: Sequence[Reading], into: Path, *, against: Path | None = None) -> Release:
    """The release that readings of one or more files make, anomalies found.

    Args:
        readings: what was read.
        into: where the release will stand; its name is the release's id.
        against: a release to compare rows with; by default those already beside `into`.
    """
    figures = agreeing(pl.concat([reading.figures for reading in readings]), file=into)
    day = figures["published"].max()
    if not isinstance(day, dt.date):
        raise InputError("no figures were found", file=into)
    other = latest_beside(into) if against is None else releases.read(against).figures
    anomalies = [anomaly for reading in readings for anomaly in reading.anomalies]
    anomalies += find(figures, against=other)
    return Release(
        id=into.name,
        published=day,
        figures=figures.with_columns(pl.lit(into.name).alias("release")),
        sources=tuple(reading.source for reading in readings),
        printed=pl.concat([reading.printed for reading in readings]),
        anomalies=tuple(dict.fromkeys(anomalies)),
    )


def latest_beside(into: Path) -> pl.DataFrame | None:
    """The releases in the same folder, the latest vintage of each cell."""
    folders = releases.releases(into.parent) if into.parent.is_dir() else []
    tables = [releases.read(folder).figures for folder in folders]
    return known_on(pl.concat(tables), dt.date.max) if tables else None
