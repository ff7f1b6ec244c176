"""A source's files read by its mapping and written as the contract's tables."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from tilsyn import own
from tilsyn.errors import InputError
from tilsyn.register.coding import TABLES as CODED
from tilsyn.register.contract import TABLES
from tilsyn.register.door import Admission, admit
from tilsyn.register.door.entry import SET_ASIDE
from tilsyn.register.mapping import RegisterMapping, read_mapping
from tilsyn.register.writing import RegisterWriter
from tilsyn.tables.looking import text_format
from tilsyn.tables.mapping import TableMapping
from tilsyn.tables.reading import Place, Wanted, headings, kind_of_file
from tilsyn.work.files import put_whole

SOURCES: Final = ("ydelsesrefusion", "eindkomst", "dfdg")
REPORT: Final = "report.json"

_ROWS = ".rows"
_EARLIER = ("columns.csv", "benefits.csv", "interviews.csv", "activities.csv")


def mapping_of(source: str) -> RegisterMapping:
    """How a source's files are read: one's own mapping, or the shipped one.

    Raises:
        InputError: one's own is wrong, or stands in files of an earlier form.
    """
    name = f"{source}.toml"
    place = own.named()
    for earlier in _EARLIER:
        if place and (file := place / "sources" / earlier).exists():
            raise InputError(
                f"is no longer read; columns and values stand in sources/{name} "
                f"(begin it with: tilsyn own new source --from {source})",
                file=file,
            )
    if (mine := own.file("sources", name)) is not None:
        return read_mapping(mine)
    with as_file(files(__package__).joinpath(name)) as shipped:
        return read_mapping(shipped)


def read(
    source: str, delivered: Sequence[Path], folder: Path, most_set_aside: Decimal
) -> tuple[Admission, dict[str, int]]:
    """Write a register's tables of a source's files; persons stay as they came.

    Args:
        source: one of `SOURCES`.
        delivered: CSV in any encoding, XLSX or Parquet; the same row twice counts twice where rows add
            up, so no delivery may be named twice.
        folder: the caller makes it; gets the tables, the rows set aside and a report.
        most_set_aside: the share of a table's rows that may be set aside.

    Returns:
        what came of the rows, and how many there are of each table that was written.

    Raises:
        InputError: a file is no such delivery, or too many rows are set aside.
    """
    mapping = mapping_of(source)
    tables = tuple(_table(file, mapping, folder) for file in delivered)
    chosen = mapping.model_copy(update={"tables": tables})
    rows = folder / _ROWS
    admission = admit(folder, rows, persons="kept", mapping=chosen, whole=False)
    if refusal := admission.refused(most_set_aside):
        raise InputError(
            f"{refusal}; codes that nobody has mapped are mapped in sources/{source}.toml of your own "
            "folder (--own DIR)"
        )
    written = {name: _write(rows, name, folder) for name in _of(tables)}
    text = json.dumps(admission.record() | {"written": written}, ensure_ascii=False, indent=1)
    put_whole(folder / REPORT, (text + "\n").encode())
    if admission.set_aside:
        shutil.move(rows / SET_ASIDE, folder / SET_ASIDE)
    shutil.rmtree(rows)
    return admission, written


def _of(tables: Sequence[TableMapping]) -> list[str]:
    """The register's tables that these make."""
    made = {TABLES[one.table].becomes or one.table for one in tables}
    return [name for name in TABLES if name in made]


def _table(file: Path, mapping: RegisterMapping, folder: Path) -> TableMapping:
    """The table of the mapping that a file holds, as its headings say."""
    kind = kind_of_file(file)
    written = text_format(file).model_dump(exclude_defaults=True) if kind == "csv" else {}
    there = headings(Place(file, kind), mapping.tables[0].model_copy(update=written))
    fitting, lacking = [], []
    for table in mapping.tables:
        try:
            Wanted(table.columns, optional=table.optional).places(there, file)
            fitting.append(table)
        except InputError as error:
            lacking.append(error)
    if not fitting:
        raise lacking[0]
    if len(fitting) > 1:
        names = " and of ".join(table.table for table in fitting)
        raise InputError(f"has the columns of {names}; keep one kind", file=file)
    return fitting[0].model_copy(update={**written, "files": (os.path.relpath(file, folder),)})


def _write(rows: Path, table: str, folder: Path) -> int:
    """Write a table's admitted rows as CSV, after the others; returns how many."""
    files = sorted((rows / table).glob("*.parquet"))
    number = sum(int(pq.read_metadata(file).num_rows) for file in files)
    empty = [] if number else [pa.RecordBatch.from_pylist([], schema=CODED[table])]
    with RegisterWriter(folder / f".{table}", "csv") as writer:
        for batch in (*empty, *(b for file in files for b in pq.ParquetFile(file).iter_batches())):
            persons = batch.column("person").dictionary_encode()
            columns = {
                name: batch.column(name).to_numpy()
                for name in batch.schema.names
                if name != "person"
            }
            indices = persons.indices.to_numpy()
            writer.write({table: {**columns, "person": indices}}, persons.dictionary)
    made = folder / f".{table}" / f"{table}.csv"
    made.rename(folder / made.name)
    (folder / f".{table}").rmdir()
    return number
