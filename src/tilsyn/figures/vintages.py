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
from tilsyn.figures.table import CELL, SCHEMA, agreeing, parquet_table

if TYPE_CHECKING:
    from tilsyn.figures.reading import Reading


class Vintages:
    """The figures of files, releases and folders of releases; releases are read as far as is wanted.

    Args:
        sources: each a file, a release folder or a folder of releases.

    Attributes:
        releases: the release folders among them, and in folders among them.

    Raises:
        InputError: a source is missing or unreadable, or a folder holds no release.
    """

    def __init__(self, sources: Iterable[Path]) -> None:
        sources = list(sources)
        self.releases = released(sources)
        self._said = {folder: releases.manifest(folder) for folder in self.releases}
        self._read = [_published(source) for source in sources if source.is_file()]

    def figures(self, *wanted: pl.Expr) -> pl.DataFrame:
        """The figures that meet all conditions on `CELL` and ``published``, combined cell by cell.

        Returns:
            A figure table that may hold several vintages of a cell.

        Raises:
            InputError: a release is damaged, or two sources disagree about a cell under one
                publication date.
        """
        read = {folder: releases.figures(folder, *wanted) for folder in self.releases}
        kept = dict(read)
        by_id = {said.id: folder for folder, said in self._said.items()}
        for folder, said in self._said.items():
            # A correction published later needs nothing here: the later vintage wins when it is known.
            if (old := by_id.get(said.supersedes)) is not None:
                kept[old] = kept[old].join(read[folder], on=[*CELL, "published"], how="anti")
        return combined([*(table.filter(*wanted) for table in self._read), *kept.values()])

    def days(self) -> dict[dt.date, list[str]]:
        """The days on which something was published, in order, with the releases that it stands in."""
        found: dict[dt.date, list[str]] = {}
        for table in self._read:
            for day in table["published"].unique():
                found.setdefault(day, [])
        for folder in self.releases:
            for day in (
                parquet_table(folder / releases.FIGURES, columns=["published"]).to_series().unique()
            ):
                found.setdefault(day, []).append(self._said[folder].id)
        return dict(sorted(found.items()))


def _published(file: Path) -> pl.DataFrame:
    # What reads files takes a while to start.
    from tilsyn.figures.reading import read_published

    return read_published(file).figures


def gather(sources: Iterable[Path], *wanted: pl.Expr) -> pl.DataFrame:
    """The figures of files, releases and folders of releases that meet all conditions: `Vintages`."""
    return Vintages(sources).figures(*wanted)


def released(sources: Iterable[Path]) -> list[Path]:
    """The folders of the releases among sources, and in folders of releases.

    Raises:
        InputError: a source is missing, or a folder holds none.
    """
    found: list[Path] = []
    for source in sources:
        if not source.exists():
            raise InputError("no such file or folder", file=source)
        if source.is_file():
            continue
        inside = [source] if releases.is_release(source) else list(releases.releases(source))
        if not inside:
            raise InputError("holds no release (a folder with a manifest.toml)", file=source)
        found += inside
    return found


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
    known = figures.filter(pl.col("published") <= day)
    if all(known[column].n_unique() <= 1 for column in ("published", "provenance", "release")):
        return known  # one release has one figure a cell
    return known.sort("published", "provenance", "release", descending=[True, False, False]).unique(
        CELL, keep="first", maintain_order=True
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
    beside = comparable(figures)
    other = latest_beside(into, beside) if against is None else releases.figures(against, beside)
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


def comparable(figures: pl.DataFrame) -> pl.Expr:
    """Whether figures are of an area and measure that a table has figures of too."""
    return pl.col("measure").is_in(figures["measure"].unique().to_list()) & pl.col("area").is_in(
        figures["area"].unique().to_list()
    )


def latest_beside(into: Path, *wanted: pl.Expr) -> pl.DataFrame | None:
    """The releases in the same folder, the latest vintage of each cell that meets all conditions."""
    folders = releases.releases(into.parent) if into.parent.is_dir() else []
    tables = [releases.figures(folder, *wanted) for folder in folders]
    return known_on(pl.concat(tables), dt.date.max) if tables else None
