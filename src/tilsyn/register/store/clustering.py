"""Clustering: admitted rows in any order become buckets of persons.

DuckDB numbers the persons and sorts, out of core; the sorted rows stream past and are cut into
buckets, which are written by a few threads. Memory is bounded whatever the size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tilsyn.errors import InputError
from tilsyn.register.coding import (
    ALWAYS_KNOWN,
    ANSWERS,
    DUTIES,
    GROUP_CODES,
    NO_WEEKS,
    NUMBERED,
    OFFER_KINDS,
    OPEN_END,
    REASONS,
    SCOPES,
    TABLES,
    TYPES,
    VISITATION_CODES,
)
from tilsyn.register.database import opened
from tilsyn.register.store.layout import (
    COLUMNS,
    PERSONS,
    TEXTS,
    Generation,
    bucket_folder,
    write_generation,
)

PERSONS_A_BUCKET = 40_000
"""How many persons a bucket is meant to hold."""

ROWS_A_GROUP = 32_768
"""Rows that are read, or passed over, together."""

FIRST_DAY, LAST_DAY = 7305, 47846
"""1990-01-01 and 2100-12-31: the days a register may name."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, the step it is, and how many steps there are."""

MEMORY = "1500MB"
"""What DuckDB may keep in memory; beyond it sorts on disk."""

_BATCH = 500_000

# Each column with the highest number it may hold, which says how many bits it takes.
# Sorting packed numbers is several times quicker than sorting the columns they hold. The first holds
# the person and the date, the others what else tells rows apart; together the whole row but its texts.
_DAYS, _ANY = 2**17 - 1, 2**32 - 1
_DAY = f"({{0}} - {FIRST_DAY})"
_END = f"(CASE WHEN {{0}} = {OPEN_END} THEN {_DAYS} ELSE {{0}} - {FIRST_DAY} END)"
_REGISTERED = "({0}::BIGINT + 2147483648)"
_SIGNED = "({0}::BIGINT + 2147483648)"
_PLAIN = "({0})"
_MAYBE = f"(CASE WHEN {{0}} = {ALWAYS_KNOWN} THEN {_DAYS} ELSE {{0}} - {FIRST_DAY} END)"
_WEEKS = f"({{0}} - {NO_WEEKS})"
_PACKED: dict[str, tuple[list[tuple[str, str, int]], ...]] = {
    "spells": (
        [("start", _DAY, _DAYS)],
        [("end", _END, _DAYS), ("grp", _PLAIN, len(GROUP_CODES) - 1), ("municipality", _PLAIN, 999),
         ("visitation", _PLAIN, len(VISITATION_CODES) - 1)],
        [("takeover", _MAYBE, _DAYS), ("has_job", _PLAIN, len(ANSWERS) - 1),
         ("expected_weeks", _WEEKS, 2**20 - 1)],
    ),
    "conversations": ([("held", _DAY, _DAYS), ("type", _PLAIN, TYPES - 1)], [("registered", _REGISTERED, _ANY)]),
    "offers": (
        [("start", _DAY, _DAYS), ("kind", _PLAIN, len(OFFER_KINDS) - 1)],
        [("end", _END, _DAYS), ("registered", _REGISTERED, _ANY)],
    ),
    "hours": ([("month", _PLAIN, _DAYS)], [("hours", _SIGNED, _ANY)]),
    "exemptions": (
        [("start", _DAY, _DAYS), ("scope", _PLAIN, len(SCOPES) - 1)],
        [("end", _END, _DAYS), ("reason", _PLAIN, len(REASONS) - 1), ("decided", _MAYBE, _DAYS)],
    ),
    "duties": ([("start", _DAY, _DAYS), ("kind", _PLAIN, len(DUTIES) - 1)], [("end", _END, _DAYS)]),
}  # fmt: skip
_UNPACKED = {
    _DAY: f"({{0}} + {FIRST_DAY})",
    _END: f"(CASE WHEN {{0}} = {_DAYS} THEN {OPEN_END} ELSE {{0}} + {FIRST_DAY} END)",
    _MAYBE: f"(CASE WHEN {{0}} = {_DAYS} THEN {ALWAYS_KNOWN} ELSE {{0}} + {FIRST_DAY} END)",
    _WEEKS: f"({{0}} + {NO_WEEKS})",
    _REGISTERED: "({0} - 2147483648)",
    _SIGNED: "({0} - 2147483648)",
    _PLAIN: "({0})",
}


_BUCKET = "(md5_number_lower(person) % {buckets})::INTEGER"


def cluster(
    sources: dict[str, str], folder: Path, *, buckets: int | None = None, progress: Progress
) -> Generation:
    """Cluster rows into a generation.

    Args:
        sources: by table, what DuckDB reads its admitted rows from.
        folder: where the buckets are written; it exists and is empty.
        buckets: how many; None: as many as the persons ask for.

    Raises:
        InputError: a date lies outside 1990 to 2100 or a code outside its list.
    """
    steps = len(TABLES) + 1
    try:
        with opened(folder / "spill", MEMORY) as con:
            progress("numbering persons", 0, steps)
            firsts = _number_persons(con, sources, buckets)
            with ThreadPoolExecutor(2) as pool:
                written = [*_write_persons(con, folder, firsts, pool)]
                rows = {}
                for step, table in enumerate(TABLES, 1):
                    progress(f"sorting {table}", step, steps)
                    files = [*_write_table(con, table, sources[table], folder, firsts, pool)]
                    rows[table] = sum(count for count, _ in files)
                    written += files
            municipalities = con.execute(
                f"SELECT DISTINCT municipality FROM {sources['spells']} ORDER BY 1"
            ).fetchall()
    except duckdb.Error as error:
        raise InputError(_in_words(error), file=folder) from error
    progress("sorted", steps, steps)
    content = hashlib.sha256("".join(digest for _, digest in written).encode()).hexdigest()
    generation = Generation(
        content=content,
        buckets=len(firsts) - 1,
        persons=int(firsts[-1]),
        municipalities=tuple(code for (code,) in municipalities),
        rows=rows,
        lists={what: list(codes) for what, codes in NUMBERED.items()},
    )
    write_generation(generation, folder)
    return generation


def _in_words(error: duckdb.Error) -> str:
    text = str(error).splitlines()[0]
    if "No space left" in text or ("disk" in text.lower() and "full" in text.lower()):
        return "the disk is full; free some space and load again (the previous store stands)"
    return f"could not be clustered: {text}"


def _number_persons(
    con: duckdb.DuckDBPyConnection, sources: dict[str, str], buckets: int | None
) -> np.ndarray:
    """Make the table of persons; returns each bucket's first person, and the number of persons."""
    every = " UNION ALL ".join(f"SELECT DISTINCT person FROM {sources[t]}" for t in TABLES)
    con.execute(f"CREATE TEMP TABLE found AS SELECT DISTINCT person FROM ({every})")
    found = _number(con, "SELECT count(*) FROM found")
    if buckets is None:
        buckets = 1 << max(0, (found // PERSONS_A_BUCKET).bit_length())
    # Persons whose last spell ended long ago come first: a late month is measured without them.
    con.execute(
        f"""CREATE TEMP TABLE persons AS
        SELECT person, bucket, last,
            (row_number() OVER (ORDER BY bucket, last, person) - 1)::BIGINT AS rank
        FROM (SELECT person, {_BUCKET.format(buckets=buckets)} AS bucket,
                  coalesce(ended, {FIRST_DAY - 1})::INTEGER AS last
              FROM found LEFT JOIN
                  (SELECT person, max("end") AS ended FROM {sources["spells"]} GROUP BY person)
                  USING (person))"""
    )
    con.execute("DROP TABLE found")
    sizes = np.zeros(buckets + 1, dtype=np.int64)
    for bucket, size in con.execute("SELECT bucket, count(*) FROM persons GROUP BY 1").fetchall():
        sizes[bucket + 1] = size
    return np.cumsum(sizes)


def _number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(query).fetchall()[0][0])


Written = tuple[int, str]
"""Rows and SHA-256 of the values of one file."""


def _write_persons(
    con: duckdb.DuckDBPyConnection, folder: Path, firsts: np.ndarray, pool: ThreadPoolExecutor
) -> Iterator[Written]:
    reader = con.sql("SELECT rank, person, last FROM persons ORDER BY rank").to_arrow_reader(_BATCH)
    for bucket in range(len(firsts) - 1):
        bucket_folder(folder, bucket).mkdir()
    yield from _cut(reader, firsts, folder, PERSONS, pool)


def _write_table(
    con: duckdb.DuckDBPyConnection,
    table: str,
    source: str,
    folder: Path,
    firsts: np.ndarray,
    pool: ThreadPoolExecutor,
) -> Iterator[Written]:
    first, *others = packed = _PACKED[table]
    # A value outside its bits would silently become another row's.
    bounds = " AND ".join(
        f"{form.format(f'src.{quoted(name)}')} BETWEEN 0 AND {highest}"
        for pack in packed
        for name, form, highest in pack
    )
    if bad := _number(con, f"SELECT count(*) FROM {source} src WHERE NOT ({bounds})"):
        raise InputError(
            f"{bad} rows of {table} hold dates outside 1990 to 2100 or codes that are no codes; "
            "admit the register with 'tilsyn register check' first",
            file=folder,
        )
    keys = {"key0": _pack("p.rank", first)}
    keys |= {f"key{n}": _pack("0::BIGINT", pack) for n, pack in enumerate(others, 1)}
    keys |= {quoted(name): f"src.{quoted(name)}" for name in TEXTS[table]}
    columns: dict[str, str] = {}
    for key, pack in zip(keys, packed, strict=False):
        columns |= _unpack(key, pack)
    shift = sum(highest.bit_length() for *_, highest in first)
    chosen = ", ".join(
        f"{columns[name]}::{_sql_type(kind)} AS {quoted(name)}"
        for name, kind in COLUMNS[table].items()
        if name != "person"
    )
    chosen = ", ".join((chosen, *map(quoted, TEXTS[table])))
    made = ", ".join(f"{form} AS {key}" for key, form in keys.items())
    reader = con.sql(
        f"""SELECT key0 >> {shift} AS rank, {chosen}
        FROM (SELECT {made} FROM {source} src JOIN persons p USING (person)
              ORDER BY {", ".join(keys)})"""
    ).to_arrow_reader(_BATCH)
    yield from _cut(reader, firsts, folder, f"{table}.parquet", pool)


def quoted(name: str) -> str:
    """A column name in SQL."""
    return f'"{name}"'


def _pack(head: str, parts: list[tuple[str, str, int]]) -> str:
    packed = head
    for name, form, highest in parts:
        packed = (
            f"(({packed} << {highest.bit_length()}) + {form.format(f'src.{quoted(name)}')}::BIGINT)"
        )
    return packed


def _unpack(packed: str, parts: list[tuple[str, str, int]]) -> dict[str, str]:
    columns, shift = {}, 0
    for name, form, highest in reversed(parts):
        bits = highest.bit_length()
        columns[name] = _UNPACKED[form].format(f"(({packed} >> {shift}) & {2**bits - 1})")
        shift += bits
    return columns


def _sql_type(kind: pa.DataType) -> str:
    return {pa.int8(): "TINYINT", pa.int16(): "SMALLINT", pa.int32(): "INTEGER"}[kind]


def _cut(
    reader: pa.RecordBatchReader,
    firsts: np.ndarray,
    folder: Path,
    name: str,
    pool: ThreadPoolExecutor,
) -> Iterator[Written]:
    """Cut rows sorted by rank into one file a bucket; rows of the next bucket wait in memory."""
    waiting: list[pa.RecordBatch] = []
    jobs: list[Future[Written]] = []
    bucket, last = 0, len(firsts) - 1

    def hand_over() -> None:
        table = pa.Table.from_batches(waiting, reader.schema)
        waiting.clear()
        if len(jobs) >= 4:  # bound what waits to be written
            jobs[-4].result()
        jobs.append(
            pool.submit(_write, table, int(firsts[bucket]), bucket_folder(folder, bucket) / name)
        )

    for batch in reader:
        ranks = batch.column("rank").to_numpy()
        done = 0
        while done < len(ranks):
            end = int(np.searchsorted(ranks, firsts[bucket + 1], side="left"))
            if end > done:
                waiting.append(batch.slice(done, end - done))
                done = end
            if done < len(ranks):
                hand_over()
                bucket += 1
    while bucket < last:
        hand_over()
        bucket += 1
    for job in jobs:
        yield job.result()


def _write(table: pa.Table, first: int, file: Path) -> Written:
    digest = hashlib.sha256(file.name.encode())
    table = table.combine_chunks()
    if file.name == PERSONS:
        table = table.drop_columns("rank")
        digest.update("\n".join(table.column("person").to_pylist()).encode())
        digest.update(table.column("last").to_numpy().tobytes())
    else:
        person = (table.column("rank").to_numpy() - first).astype(np.int32)
        columns = {"person": pa.array(person)}
        columns |= {name: table.column(name) for name in table.column_names if name != "rank"}
        table = pa.table(columns)
        for column in table.columns:
            if column.type == pa.string():
                digest.update("\0".join(column.to_pylist()).encode())
            else:
                digest.update(np.ascontiguousarray(column.to_numpy()).data)
    pq.write_table(table, file, compression="lz4", store_schema=False, row_group_size=ROWS_A_GROUP)
    return table.num_rows, digest.hexdigest()
