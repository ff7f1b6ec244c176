"""Releases: immutable, dated folders of figures with a manifest, written whole or not at all.

A release folder holds ``figures.parquet``, ``manifest.toml`` and, for published tables,
``printed.parquet`` (how each cell stood in its source) and ``anomalies.json``. It is never changed;
a correction is a new release that names the one it supersedes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

import tilsyn
from tilsyn.errors import InputError
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.table import checked, ordered
from tilsyn.vocabulary import MEASURES

MANIFEST, FIGURES, PRINTED, ANOMALIES = (
    "manifest.toml",
    "figures.parquet",
    "printed.parquet",
    "anomalies.json",
)


@dataclass(frozen=True, slots=True)
class Source:
    """An input of a release: its file name and the SHA-256 of its bytes."""

    name: str
    sha256: str

    @classmethod
    def of(cls, file: Path) -> Source:
        """The source record of a file."""
        with file.open("rb") as stream:
            return cls(file.name, hashlib.file_digest(stream, "sha256").hexdigest())


@dataclass(frozen=True, slots=True)
class Release:
    """A release as read from its folder.

    Attributes:
        id: the folder's name.
        published: the day its content was published (the latest, where rows differ).
        figures: a figure table.
        printed: the cell columns with ``raw`` (the cell as printed), ``file`` and ``place``.
        supersedes, reason: the release a correction replaces, and why.
        extra: further manifest entries (measure definitions, register, engine ...).
    """

    id: str
    published: dt.date
    figures: pl.DataFrame
    sources: tuple[Source, ...] = ()
    printed: pl.DataFrame | None = None
    anomalies: tuple[Anomaly, ...] = ()
    supersedes: str = ""
    reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A temporary folder beside `target` that becomes `target` when the block ends well.

    Files are flushed to disk before the rename; after a crash either the whole folder is there or
    nothing of it.

    Raises:
        InputError: `target` exists already, or cannot be written (place and reason are named).
    """
    if target.exists():
        raise InputError(
            "exists already, and a release is never changed; choose another name", file=target
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            yield unfinished
            for file in unfinished.iterdir():
                _flush(file)
            unfinished.chmod(0o755)
            _flush(unfinished)
            unfinished.rename(target)
            _flush(target.parent)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror or error}); nothing was kept", file=target
        ) from error


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(release: Release, folder: Path) -> Path:
    """Write a release into `folder`, which must not exist; returns `folder`.

    Raises:
        InputError: the figures are unsound, the folder exists, or the disk refuses.
    """
    figures = ordered(checked(release.figures, file=folder))
    with written_whole(folder) as unfinished:
        figures.write_parquet(unfinished / FIGURES, compression="zstd")
        if release.printed is not None:
            release.printed.write_parquet(unfinished / PRINTED, compression="zstd")
        if release.anomalies:
            records = [anomaly.record() for anomaly in release.anomalies]
            text = json.dumps(records, ensure_ascii=False, indent=1)
            (unfinished / ANOMALIES).write_text(text + "\n", encoding="utf-8")
        _write_manifest(release, figures.height, figures["measure"].unique(), unfinished)
    return folder


def write_in_blocks(release: Release, blocks: Iterable[pa.Table], folder: Path) -> Path:
    """Write a release whose figures come block by block, more than fit in memory at once.

    Args:
        release: without figures.
        blocks: sound by construction and in the figure table's order; texts dictionary-coded.
        folder: must not exist; returned.

    Raises:
        InputError: the folder exists, or the disk refuses.
    """
    with written_whole(folder) as unfinished:
        rows, measures = 0, set()
        writer: pq.ParquetWriter | None = None
        try:
            for block in blocks:
                # Without the Arrow schema readers see plain texts, as in every release.
                writer = writer or pq.ParquetWriter(
                    unfinished / FIGURES, block.schema, compression="zstd", store_schema=False
                )
                writer.write_table(block)
                rows += block.num_rows
                measures.update(block.column("measure").unique().to_pylist())
        finally:
            if writer is not None:
                writer.close()
        _write_manifest(release, rows, measures, unfinished)
    return folder


def _write_manifest(release: Release, rows: int, measures: Iterable[str], folder: Path) -> None:
    manifest: dict[str, Any] = {
        "id": release.id,
        "published": release.published,
        "program": f"tilsyn {tilsyn.__version__}",
        "rows": rows,
        "anomalies": len(release.anomalies),
    }
    if release.supersedes:
        manifest |= {"supersedes": release.supersedes, "reason": release.reason}
    manifest |= release.extra
    # Whoever reads the release needs no file of its maker's to know what the figures are of.
    measured = release.extra.get("measured", {}).get("measures", ())
    if words := MEASURES.words({*measures, *measured}):
        manifest["own_measures"] = words
    manifest["files"] = {file.name: Source.of(file).sha256 for file in sorted(folder.iterdir())}
    manifest["source"] = [{"name": s.name, "sha256": s.sha256} for s in release.sources]
    (folder / MANIFEST).write_bytes(tomli_w.dumps(manifest).encode())


def know_measures(folder: Path, manifest: Mapping[str, Any] | None = None) -> None:
    """Make known what the measures of a release's maker's own are called.

    Args:
        manifest: as read, where it has been.

    Raises:
        InputError: the manifest cannot be read, or a measure means something else already.
    """
    if manifest is None:
        try:
            manifest = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"a damaged release: {error}", file=folder) from error
    MEASURES.know_records(manifest.get("own_measures", []), file=folder / MANIFEST)


def superseded(folder: Path) -> str:
    """The id of the release that the one in this folder corrects; empty where it corrects none.

    Raises:
        InputError: the manifest cannot be read.
    """
    try:
        manifest = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"a damaged release: {error}", file=folder) from error
    return str(manifest.get("supersedes", ""))


def verify(folder: Path) -> None:
    """Hold a release's files against the hashes in its manifest, and read it where it has none.

    Raises:
        InputError: a file is missing or is not what was written.
    """
    read(folder)
    manifest = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for name, sha256 in manifest.get("files", {}).items():
        file = folder / name
        if not file.is_file() or Source.of(file).sha256 != sha256:
            raise InputError("is not what was written", file=file)


def is_release(folder: Path) -> bool:
    """Whether a folder is a release (it has a manifest)."""
    return (folder / MANIFEST).is_file()


def read(folder: Path) -> Release:
    """Read a release.

    Raises:
        InputError: the folder is no release, or a file of it is damaged.
    """
    if not is_release(folder):
        raise InputError(f"not a release: it has no {MANIFEST}", file=folder)
    try:
        manifest = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        know_measures(folder, manifest)
        figures = pl.read_parquet(folder / FIGURES)
        printed = pl.read_parquet(folder / PRINTED) if (folder / PRINTED).exists() else None
        records = (
            json.loads((folder / ANOMALIES).read_text(encoding="utf-8"))
            if (folder / ANOMALIES).exists()
            else []
        )
        known = (
            "id",
            "published",
            "program",
            "rows",
            "anomalies",
            "supersedes",
            "reason",
            "source",
            "files",
            "own_measures",
        )
        return Release(
            id=manifest["id"],
            published=manifest["published"],
            figures=checked(figures, file=folder),
            sources=tuple(Source(**record) for record in manifest["source"]),
            printed=printed,
            anomalies=tuple(Anomaly.of_record(record) for record in records),
            supersedes=manifest.get("supersedes", ""),
            reason=manifest.get("reason", ""),
            extra={key: value for key, value in manifest.items() if key not in known},
        )
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        raise InputError(f"a damaged release: {str(error).splitlines()[0]}", file=folder) from error


def releases(folder: Path) -> Iterable[Path]:
    """The releases in a folder, by name; unfinished ones (their names begin with a dot) are not."""
    return sorted(p for p in folder.iterdir() if not p.name.startswith(".") and is_release(p))
