"""Snapshots: the figures as known on a day, one vintage a cell, kept ready beside the releases.

Releases never change, so a snapshot follows from which releases it rests on and the day, and is made once:
from the newest earlier snapshot there is, or from nothing. It lies in DATA_DIR/derived/snapshots in a
folder named by what it rests on, written whole or not at all, and laid out as pages ask for it, so that
memory does not grow with releases:

    plain.parquet    figures that are not split, a row group an area
    split.parquet    those by visitation or category, a row group an area
    across.parquet   the municipalities' unsplit figures again, a row group a measure and benefit group
    contents.json    which row group holds what; the months and groups with figures
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
from django.conf import settings

from tilsyn.cases.models import ReleaseRecord
from tilsyn.cases.refusals import refused
from tilsyn.cases.storage import derived_folder
from tilsyn.errors import InputError
from tilsyn.figures.release import FIGURES, MANIFEST, manifest, superseded
from tilsyn.figures.table import CELL, SCHEMA, agreeing
from tilsyn.protection import Parameters, families
from tilsyn.protection.history import method, protected_on
from tilsyn.vocabulary import AREA_KINDS, MEASURES, ROWS, YearMonth
from tilsyn.work.kept import code, kept_folder, place

KEPT = 80
"""So many snapshots stay; those used longest ago go first."""

_PLAIN = (pl.col("visitation") == "") & (pl.col("category") == "")
_COMPACT = pl.Schema(
    {name: pl.Categorical() if kind == pl.String else kind for name, kind in SCHEMA.items()}
)
"""The columns' types while many rows are held."""
_PLACE, _ROW = ("area_kind", "area"), ("measure", "grp")


@dataclass(frozen=True, slots=True, order=True)
class Base:
    """A release a snapshot rests on: its name and the hash of its manifest."""

    name: str
    sha256: str

    @property
    def file(self) -> Path:
        """Its figures."""
        return Path(settings.DATA_DIR) / "releases" / self.name / FIGURES


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The figures known from some releases on a day.

    Attributes:
        folder: where they lie; its name says what they rest on.
    """

    folder: Path

    @property
    def key(self) -> str:
        """What it rests on, as a hash."""
        return self.folder.name

    @cached_property
    def _contents(self) -> dict[str, Any]:
        contents: dict[str, Any] = json.loads((self.folder / "contents.json").read_text())
        return contents

    @cached_property
    def months(self) -> dict[str, list[YearMonth]]:
        """The months with figures, by measure, newest first."""
        months = self._contents["months"]
        return {measure: [YearMonth.parse(m) for m in found] for measure, found in months.items()}

    @cached_property
    def groups(self) -> dict[str, frozenset[str]]:
        """The benefit groups with figures, by measure."""
        return {measure: frozenset(found) for measure, found in self._contents["groups"].items()}

    def area(self, kind: str, area: str, *, split: bool = False) -> pl.DataFrame:
        """An area's figures.

        Args:
            kind: of area.
            area: its code.
            split: those by visitation and category instead of the whole ones.
        """
        return self._group("split" if split else "plain", kind, area)

    def across(self, measure: str, grp: str) -> pl.DataFrame:
        """Every municipality's unsplit figures of a measure and benefit group."""
        return self._group("across", measure, grp)

    def scan(self, *, split: bool = False) -> pl.LazyFrame:
        """All areas' figures, to filter before they are read."""
        name = "split" if split else "plain"
        return pl.scan_parquet(self.folder / f"{name}.parquet").cast(SCHEMA)

    def _group(self, name: str, *key: str) -> pl.DataFrame:
        place = self._contents[name].get("/".join(key))
        if place is None:
            return SCHEMA.to_frame()
        with pq.ParquetFile(self.folder / f"{name}.parquet", memory_map=True) as file:
            return pl.DataFrame(file.read_row_group(place, use_threads=False)).cast(SCHEMA)


def snapshot(
    on: dt.date, resting: Sequence[Base] | None = None, *, protection: Parameters | None = None
) -> Snapshot:
    """The snapshot of a day; made now where it is not there yet.

    Args:
        on: the day.
        resting: on these releases (`bases`); by default those in use.
        protection: how figures measured from a register are protected; None: they are exact. Where
            none was measured the exact snapshot is returned.

    Raises:
        InputError: a release is missing or damaged, two disagree about a cell of one day, or figures
            to protect contradict each other.
    """
    resting = bases() if resting is None else resting
    day = _latest(resting, on)
    if protection and not any(_measured(base) for base in resting if min(_days(base)) <= day):
        protection = None

    def make(folder: Path) -> None:
        _write(_known(resting, day, protection), folder)

    return _opened(kept_folder(*_named(resting, day, protection), make, keep=KEPT))


def vintages(on: dt.date, wanted: pl.Expr) -> pl.DataFrame:
    """Every vintage that the releases in use told until a day, of the figures wanted."""
    resting = bases()
    days = sorted({day for base in resting for day in _days(base) if day <= on})
    return pl.concat([SCHEMA.to_frame(), *(_published(day, resting, wanted) for day in days)])


def bases(names: Iterable[str] | None = None) -> tuple[Base, ...]:
    """Releases to rest on, by name: these, or those in use."""
    records = ReleaseRecord.objects.all()
    records = records.in_use() if names is None else records.filter(name__in=list(names))
    found = tuple(sorted(Base(*row) for row in records.values_list("name", "manifest_sha256")))
    for base in found:
        _know_measures(base)
    return found


@lru_cache(maxsize=512)
def _know_measures(base: Base) -> None:
    """Each process learns what a release's own measures are called before it shows figures of it."""
    if base.file.with_name(MANIFEST).exists():  # else reading its figures says so
        manifest(base.file.parent)


@lru_cache(maxsize=64)
def _opened(folder: Path) -> Snapshot:
    return Snapshot(folder)


def _named(
    bases: Sequence[Base], day: dt.date, protection: Parameters | None = None
) -> tuple[Path, list[Any]]:
    """The folder of snapshots, and what this one rests on."""
    resting = [(base.name, base.sha256) for base in bases if min(_days(base)) <= day]
    face = [protection.record(), method()] if protection else []
    return derived_folder("snapshots"), [code(__name__), day, *resting, *face]


def _latest(bases: Sequence[Base], on: dt.date) -> dt.date:
    """The last day on or before `on` when anything was published; any day before that is the same."""
    return max((day for base in bases for day in _days(base) if day <= on), default=dt.date.min)


@lru_cache(maxsize=512)
def _days(base: Base) -> tuple[dt.date, ...]:
    """The days a release's figures were published on."""
    try:
        days = pl.scan_parquet(base.file).select(pl.col("published").unique()).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        cause = str(error).splitlines()[0]
        raise refused(InputError, "release_unreadable", file=base.file, cause=cause) from error
    return tuple(sorted(days.to_series())) or (dt.date.max,)


@lru_cache(maxsize=512)
def _measured(base: Base) -> bool:
    """Whether any of a release's figures was measured from a register."""
    of_register = (pl.col("provenance") == "register").any()
    return bool(pl.scan_parquet(base.file).select(of_register).collect().item())


def _known(bases: Sequence[Base], day: dt.date, protection: Parameters | None) -> pl.DataFrame:
    days = sorted({d for base in bases for d in _days(base) if d <= day}, reverse=True)
    # A measure (or a family of them) at a time: what is held at once does not grow with the number of releases.
    if protection:
        parts = [_protected(family, bases, days, protection) for family in families()]
    else:
        new, earlier = _since(bases, days)
        parts = [_measure(measure, bases, new, earlier) for measure in MEASURES.codes]
    return pl.concat([SCHEMA.to_frame().cast(_COMPACT), *parts])


def _since(bases: Sequence[Base], days: Sequence[dt.date]) -> tuple[list[dt.date], Snapshot | None]:
    """The days (newest first) after the newest earlier snapshot there is, and that snapshot."""
    for number, one in enumerate(days[1:], 1):
        if (folder := place(*_named(bases, one))).is_dir():
            return list(days[:number]), Snapshot(folder)
    return list(days), None


def _protected(
    measures: Sequence[str], bases: Sequence[Base], days: Sequence[dt.date], protection: Parameters
) -> pl.DataFrame:
    """The cells of measures as anybody may see them, given what they were shown before."""
    wanted = pl.col("measure").is_in(measures)
    vintages = pl.concat([SCHEMA.to_frame(), *(_published(d, bases, wanted) for d in days)])
    kept = Path(settings.DATA_DIR) / "shown"
    return protected_on(vintages, days[0], protection, kept=kept).figures.cast(_COMPACT)


def _measure(
    measure: str, bases: Sequence[Base], days: Sequence[dt.date], earlier: Snapshot | None
) -> pl.DataFrame:
    """A measure's cells, each in the vintage of the latest of the days (newest first) that has it."""
    wanted = pl.col("measure") == measure
    known = SCHEMA.to_frame().cast(_COMPACT)
    for day in days:
        told = _published(day, bases, wanted).cast(_COMPACT)
        known = pl.concat([known, told.join(known, on=CELL, how="anti")])
    if earlier is not None:
        for split in (False, True):
            old = earlier.scan(split=split).filter(wanted).collect().cast(_COMPACT)
            known = pl.concat([known, old.join(known, on=CELL, how="anti")])
    return known


def _published(day: dt.date, bases: Sequence[Base], wanted: pl.Expr) -> pl.DataFrame:
    """What was published on a day, one row a cell: what is published before what is measured."""
    found = {
        base.name: pl.scan_parquet(base.file)
        .select(SCHEMA.names())
        .cast(SCHEMA)
        .filter(wanted, pl.col("published") == day)
        .collect()
        for base in bases
        if day in _days(base)
    }
    for name, replaced in _corrections(found):
        correction = found[name]
        found[replaced] = found[replaced].join(correction, on=[*CELL, "published"], how="anti")
    if len(found) == 1:
        return next(iter(found.values()))
    return (
        agreeing(pl.concat([SCHEMA.to_frame(), *found.values()]))
        .sort("provenance", "release")
        .unique(CELL, keep="first", maintain_order=True)
    )


def _corrections(found: dict[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """Releases of the same day, of which the first corrects the second."""
    for name in found:
        replaced = superseded(Path(settings.DATA_DIR) / "releases" / name)
        if replaced in found:
            yield name, replaced


def _write(figures: pl.DataFrame, folder: Path) -> None:
    # Numbered in the order they are wanted in, texts sort as quickly as numbers.
    wanted = {"area_kind": AREA_KINDS, "grp": ROWS.codes, "measure": MEASURES.codes}
    figures = figures.with_columns(
        pl.col(name).cast(pl.Enum(wanted.get(name) or _sorted(figures[name])))
        for name in CELL
        if name != "month"
    ).sort("area_kind", "area", "measure", "grp", "visitation", "category", "month", "statistic")
    plain = figures.filter(_PLAIN)
    places = {
        "plain": _row_groups(plain, folder / "plain.parquet", _PLACE),
        "split": _row_groups(figures.filter(~_PLAIN), folder / "split.parquet", _PLACE),
        "across": _row_groups(
            plain.filter(pl.col("area_kind") == "municipality").sort(
                "measure", "grp", "month", "area", "statistic"
            ),
            folder / "across.parquet",
            _ROW,
        ),
    }
    months = _by_measure(plain.select("measure", pl.col("month").dt.strftime("%Y-%m")))
    contents = {
        **places,
        "months": {measure: sorted(found, reverse=True) for measure, found in months.items()},
        "groups": {m: sorted(found) for m, found in _by_measure(plain.select(_ROW)).items()},
    }
    (folder / "contents.json").write_text(json.dumps(contents))


def _sorted(column: pl.Series) -> list[str]:
    return sorted(column.unique().cast(pl.String))


def _row_groups(figures: pl.DataFrame, file: Path, key: Sequence[str]) -> dict[str, int]:
    """Write a row group for each value of the key columns, and say which is where."""
    places: dict[str, int] = {}
    schema = SCHEMA.to_frame().to_arrow().schema
    with pq.ParquetWriter(file, schema, compression="zstd", store_schema=False) as writer:
        for values, part in figures.partition_by(key, as_dict=True, maintain_order=True).items():
            table = part.cast(SCHEMA).to_arrow().cast(schema)
            writer.write_table(table, row_group_size=max(1, table.num_rows))
            places["/".join(map(str, values))] = len(places)
    return places


def _by_measure(pairs: pl.DataFrame) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for measure, other in pairs.unique().cast(pl.String).iter_rows():
        found.setdefault(measure, set()).add(other)
    return found
