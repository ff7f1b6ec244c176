"""Releases: immutable, dated folders of figures with a manifest, written whole or not at all.

A release folder holds ``figures.parquet``, ``manifest.toml`` and, for published tables,
``printed.parquet`` (how each cell stood in its source) and ``anomalies.json``. It is never changed;
a correction is a new release that names the one it supersedes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import tomli_w
from pydantic import BaseModel, ConfigDict, Field

import tilsyn
from tilsyn.cpr import masked
from tilsyn.errors import InputError
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.table import checked, ordered, parquet_table
from tilsyn.parsing import parse_json, read_bytes
from tilsyn.records import build, load_toml
from tilsyn.vocabulary import MEASURES
from tilsyn.work.files import written_whole

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST, FIGURES, PRINTED, ANOMALIES = (
    "manifest.toml",
    "figures.parquet",
    "printed.parquet",
    "anomalies.json",
)
_MOST = 64 * 1024**2
"""Bytes of anomalies that are read."""

ROW_GROUP = 2**15
"""Rows that lie together in a release's file: those of other measures and areas are passed over unread."""


SetAside = dict[str, dict[str, int]]
"""Rows of a register that were set aside when it was read, by table and reason."""


@dataclass(frozen=True, slots=True)
class Source:
    """An input of a release: its file name, without CPR numbers, and the SHA-256 of its bytes."""

    name: str
    sha256: str

    @classmethod
    def of(cls, file: Path) -> Source:
        """The source record of a file."""
        with file.open("rb") as stream:
            return cls(masked(file.name), hashlib.file_digest(stream, "sha256").hexdigest())


class Manifest(BaseModel):
    """What every manifest says; more may stand in it."""

    model_config = ConfigDict(extra="allow", frozen=True)

    # It becomes a folder's name where a site takes the release in.
    id: str = Field(pattern=r"^[^/\\\x00.][^/\\\x00]*$")
    published: dt.date
    program: str = ""
    rows: int = 0
    anomalies: int = 0
    supersedes: str = ""
    reason: str = ""
    files: dict[str, str] = {}
    own_measures: list[dict[str, Any]] = []
    set_aside: SetAside = {}
    source: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """A release as read from its folder.

    Attributes:
        id: the folder's name.
        published: the day its content was published (the latest, where rows differ).
        figures: a figure table.
        printed: the cell columns with ``raw`` (the cell as printed), ``file`` and ``place``.
        supersedes, reason: the release a correction replaces, and why.
        set_aside: rows of the register behind it that were not loaded, by table and reason.
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
    set_aside: SetAside = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


def write(release: Release, folder: Path) -> Path:
    """Write a release into `folder`, which must not exist; returns `folder`.

    Raises:
        InputError: the figures are unsound, the folder exists, or the disk refuses.
    """
    content = _masked(ordered(checked(release.figures, file=folder)), "release")
    with written_whole(folder) as unfinished:
        content.write_parquet(unfinished / FIGURES, compression="zstd", row_group_size=ROW_GROUP)
        if release.printed is not None:
            printed = _masked(release.printed, "release", "file")
            printed.write_parquet(unfinished / PRINTED, compression="zstd")
        if release.anomalies:
            records = [
                {key: masked(one) if isinstance(one, str) else one for key, one in record.items()}
                for record in (anomaly.record() for anomaly in release.anomalies)
            ]
            text = json.dumps(records, ensure_ascii=False, indent=1)
            (unfinished / ANOMALIES).write_text(text + "\n", encoding="utf-8")
        _write_manifest(release, content.height, content["measure"].unique(), unfinished)
    return folder


def _masked(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The frame without CPR numbers in columns of names, which files gave."""
    return frame.with_columns(
        pl.col(column).replace({name: masked(name) for name in frame[column].unique() if name})
        for column in columns
        if column in frame.columns
    )


def write_in_blocks(release: Release, blocks: Iterable[pa.Table], folder: Path) -> Path:
    """Write a release whose figures come block by block, more than fit in memory at once.

    Args:
        release: without figures.
        blocks: sound by construction and in the figure table's order; texts dictionary-coded.
        folder: must not exist; returned.

    Raises:
        InputError: the folder exists, or the disk refuses.
    """
    import pyarrow.parquet as pq  # who only reads need not wait for it

    with written_whole(folder) as unfinished:
        rows, measures = 0, set()
        writer: pq.ParquetWriter | None = None
        try:
            for block in blocks:
                # Without the Arrow schema readers see plain texts, as in every release.
                writer = writer or pq.ParquetWriter(
                    unfinished / FIGURES, block.schema, compression="zstd", store_schema=False
                )
                writer.write_table(block, row_group_size=ROW_GROUP)
                rows += block.num_rows
                measures.update(block.column("measure").unique().to_pylist())
        finally:
            if writer is not None:
                writer.close()
        _write_manifest(release, rows, measures, unfinished)
    return folder


def _write_manifest(release: Release, rows: int, measures: Iterable[str], folder: Path) -> None:
    said: dict[str, Any] = {
        "id": release.id,
        "published": release.published,
        "program": f"tilsyn {tilsyn.__version__}",
        "rows": rows,
        "anomalies": len(release.anomalies),
    }
    if release.supersedes:
        said |= {"supersedes": release.supersedes, "reason": release.reason}
    said |= release.extra
    if release.set_aside:
        said["set_aside"] = release.set_aside
    # Whoever reads the release needs no file of its maker's to know what the figures are of.
    measured = release.extra.get("measured", {}).get("measures", ())
    if words := MEASURES.words({*measures, *measured}):
        said["own_measures"] = words
    said["files"] = {file.name: Source.of(file).sha256 for file in sorted(folder.iterdir())}
    said["source"] = [{"name": s.name, "sha256": s.sha256} for s in release.sources]
    (folder / MANIFEST).write_bytes(tomli_w.dumps(said).encode())


def manifest(folder: Path) -> Manifest:
    """What a release's manifest says; what measures of its maker's own are called is known from then on.

    Raises:
        InputError: the folder is no release, its manifest cannot be read, or a measure means
            something else already.
    """
    if not is_release(folder):
        raise InputError(f"not a release: it has no {MANIFEST}", file=folder)
    said = build(Manifest, load_toml(folder / MANIFEST), file=folder / MANIFEST)
    MEASURES.know_records(said.own_measures, file=folder / MANIFEST)
    return said


def superseded(folder: Path) -> str:
    """The id of the release that the one in this folder corrects; empty where it corrects none.

    Raises:
        InputError: the manifest cannot be read.
    """
    return manifest(folder).supersedes


def verify(folder: Path) -> None:
    """Hold a release's files against the hashes in its manifest, and read it where it has none.

    Raises:
        InputError: a file is missing or is not what was written.
    """
    read(folder)
    for name, sha256 in manifest(folder).files.items():
        file = folder / name
        if not file.is_file() or Source.of(file).sha256 != sha256:
            raise InputError("is not what was written", file=file)


def is_release(folder: Path) -> bool:
    """Whether a folder is a release (it has a manifest)."""
    return (folder / MANIFEST).is_file()


def read(folder: Path) -> Release:
    """Read a release, whole.

    Raises:
        InputError: the folder is no release, or a file of it is damaged.
    """
    said = manifest(folder)
    printed = folder / PRINTED
    return Release(
        id=said.id,
        published=said.published,
        figures=figures(folder),
        sources=said.source,
        printed=parquet_table(printed) if printed.exists() else None,
        anomalies=anomalies(folder),
        supersedes=said.supersedes,
        reason=said.reason,
        set_aside=said.set_aside,
        extra=said.model_extra or {},
    )


def figures(folder: Path, *wanted: pl.Expr) -> pl.DataFrame:
    """A release's figures, or those that meet all conditions; others are not read from its file.

    Raises:
        InputError: the file is damaged, or what was read of it is unsound.
    """
    return checked(parquet_table(folder / FIGURES, wanted=wanted), file=folder)


def anomalies(folder: Path) -> tuple[Anomaly, ...]:
    """What was found odd when a release was made.

    Raises:
        InputError: the file of them is damaged.
    """
    odd = folder / ANOMALIES
    records = parse_json(read_bytes(odd, _MOST), file=odd, most=_MOST) if odd.exists() else []
    try:
        return tuple(Anomaly.of_record(record) for record in records)
    except (AttributeError, TypeError, ValueError):
        raise InputError("a damaged release: it is no list of anomalies", file=odd) from None


def releases(folder: Path) -> Iterable[Path]:
    """The releases in a folder, by name; unfinished ones (their names begin with a dot) are not."""
    return sorted(p for p in folder.iterdir() if not p.name.startswith(".") and is_release(p))
