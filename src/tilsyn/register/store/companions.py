"""The optional tables beside the buckets: bookings and caseworkers, kept as they were delivered.

Each is a snapshot: a load or update that brings the table replaces it whole, an update that does
not leaves it as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tilsyn.register.coding import COMPANIONS


def keep(admitted: Path | None, earlier: Iterable[Path | None], into: Path) -> str:
    """Write the tables that were admitted, or else those there are, into a folder.

    Args:
        admitted: folder with a folder of Parquet files a table; None: nothing new.
        earlier: where they lay before, the latest first.
        into: a folder that exists.

    Returns:
        SHA-256 of their rows; empty where there is no table.
    """
    digests = []
    for table, schema in COMPANIONS.items():
        files = sorted((admitted / table).glob("*.parquet")) if admitted else []
        if files:
            rows = pa.concat_tables([pq.read_table(file, schema=schema) for file in files])
            rows = rows.sort_by([(name, "ascending") for name in schema.names])
        else:
            rows = read(table, earlier)
        if rows.num_rows:
            pq.write_table(rows, into / f"{table}.parquet", compression="lz4", store_schema=False)
            digests.append(_digest(table, rows))
    return hashlib.sha256("".join(digests).encode()).hexdigest() if digests else ""


def read(table: str, folders: Iterable[Path | None]) -> pa.Table:
    """The rows of a table in the first folder that has it."""
    for folder in folders:
        if folder is not None and (file := folder / f"{table}.parquet").is_file():
            return pq.read_table(file, schema=COMPANIONS[table])
    return COMPANIONS[table].empty_table()


def _digest(table: str, rows: pa.Table) -> str:
    digest = hashlib.sha256(table.encode())
    for column in rows.columns:
        digest.update("\n".join(pc.cast(column, pa.string()).to_pylist()).encode() + b"\0")
    return digest.hexdigest()
