"""What only shows when a table is read to its end: identical rows, overlaps, early conversations.

Works on the admitted Parquet files with DuckDB, out of core, in bounded memory.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from tilsyn.register.contract import TABLES


def _rows(table: str, folder: Path) -> str:
    files = str(folder / table / "*.parquet").replace("'", "''")
    return f"read_parquet('{files}')"


def drop_identical(database: duckdb.DuckDBPyConnection, folder: Path, table: str) -> int:
    """Keep exactly identical rows of an admitted table once; returns how many went.

    Rows whose hash is met once cannot have a twin, so only the others are compared.
    """
    rows = _rows(table, folder)
    names = [str(row[0]) for row in database.sql(f"DESCRIBE SELECT * FROM {rows}").fetchall()]
    mark = "hash(" + ", ".join(f'"{name}"' for name in names) + ")"
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE twins AS SELECT {mark} AS mark FROM {rows} "
        "GROUP BY mark HAVING count(*) > 1"
    )
    if not _number(database, "SELECT count(*) FROM twins"):
        return 0
    before = _number(database, f"SELECT count(*) FROM {rows}")
    once = folder / table / "once.parquet.tmp"
    database.execute(
        f"COPY (SELECT * FROM {rows} WHERE {mark} NOT IN (FROM twins) UNION ALL "
        f"SELECT DISTINCT * FROM {rows} WHERE {mark} IN (FROM twins)) "
        f"TO '{str(once).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION lz4)"
    )
    for file in (folder / table).glob("*.parquet"):
        file.unlink()
    once.rename(once.with_suffix(""))
    return before - _number(database, f"SELECT count(*) FROM {rows}")


def look_back(database: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, dict[str, int]]:
    """By table: remarks on spells that overlap and conversations before any spell."""
    # Persons are told apart by their hash: a remark may be one off in a billion, and sorts faster.
    spells, conversations = _rows("spells", folder), _rows("conversations", folder)
    overlaps = _number(
        database,
        'SELECT count(*) FROM (SELECT start, max("end") OVER (PARTITION BY hash(person) '
        'ORDER BY start, "end" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier '
        f"FROM {spells}) WHERE start <= earlier",
    )
    early = _number(
        database,
        f"SELECT count(*) FROM (SELECT hash(person) AS p, held FROM {conversations}) "
        f"LEFT JOIN (SELECT hash(person) AS p, min(start) AS first FROM {spells} GROUP BY p) "
        "USING (p) WHERE first IS NULL OR held < first",
    )
    found = {"spells": {"overlap": overlaps}, "conversations": {"before_any_spell": early}}
    return {table: {k: n for k, n in counts.items() if n} for table, counts in found.items()}


def once_tables() -> tuple[str, ...]:
    """The admitted tables whose identical rows are read once."""
    return tuple(name for name, table in TABLES.items() if table.once and table.measured)


def _number(database: duckdb.DuckDBPyConnection, query: str) -> int:
    [(number,)] = database.execute(query).fetchall()
    return int(number)
