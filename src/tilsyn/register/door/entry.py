"""The door: a register's files in, admitted tables and the rows set aside out."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tilsyn import cpr
from tilsyn.errors import InputError
from tilsyn.register import coverage
from tilsyn.register.codes import Codes
from tilsyn.register.codes import read as read_codes
from tilsyn.register.coding import COMPANIONS, DELIVERIES, TABLES
from tilsyn.register.contract import TABLES as CONTRACT
from tilsyn.register.contract import Table
from tilsyn.register.database import opened
from tilsyn.register.door import afterwards, deliveries
from tilsyn.register.door.admission import Admission, Count
from tilsyn.register.door.aside import Aside
from tilsyn.register.door.judging import Judged, judge
from tilsyn.register.door.sources import Extract, Source, find, mapped
from tilsyn.register.door.values import Judges
from tilsyn.register.mapping import RegisterMapping
from tilsyn.register.pseudonyms import Pseudonymiser, Signs, fingerprint
from tilsyn.tables.reading import Batch
from tilsyn.tables.values import Reading
from tilsyn.work.files import MY_FOLDER
from tilsyn.work.spreading import Threads

Persons = Literal["detect", "cpr", "pseudonyms", "kept"]
"""What the column `person` holds; `detect` looks at the first rows of every file. `kept`: whatever it holds
stays, in tables that are no store's.

Pseudonyms by the user's word are looked at too: they are refused where one is written as a CPR number, or
more of them begin with a birthday than chance gives (`tilsyn.register.pseudonyms.Signs`).
"""

SET_ASIDE = "set_aside.csv"
_ADMITTED = TABLES | COMPANIONS | DELIVERIES
_THREADS = 2


def admit(
    source: Path,
    into: Path,
    *,
    codes: Codes | None = None,
    secret: bytes | None = None,
    persons: Persons = "detect",
    empty: Collection[str] = (),
    mapping: RegisterMapping | None = None,
    whole: bool = True,
    set_aside: Path | None = None,
    progress: Callable[[int], None] = lambda _bytes: None,
) -> Admission:
    """Read a register: write its good rows, coded, and set the others aside.

    Every row of every file is either read or set aside, and the counts add up. Memory is bounded
    whatever the size. Nothing is left in `into` when an error is raised.

    Args:
        source: the register's folder (`tilsyn.register.door.sources.find`).
        into: folder to be made; gets one folder of Parquet files a table, coded as
            `tilsyn.register.coding` says, and ``admission.json``.
        codes: code lists in place of the shipped ones.
        secret: makes pseudonyms of CPR numbers; unused when the persons are none.
        persons: what the column `person` holds.
        empty: tables that may be absent because they have no rows.
        mapping: how files in `source` are read that are not as the contract says.
        whole: whether a mapping must name all tables that are not `empty`.
        set_aside: the file for rows set aside; ``into/set_aside.csv`` if not given.
        progress: told the bytes read, again and again.

    Raises:
        InputError: a table, file or column is missing or twofold, a file cannot be read, what
            ``coverage.toml`` says has no meaning, the persons are CPR numbers and there is no
            secret, or `into` cannot be written.
    """
    sources = _found(source, empty, mapping, whole)
    covers = mapping.coverage if mapping and mapping.coverage else coverage.read(source)
    codes = codes or read_codes()
    told = persons == "pseudonyms"
    if persons == "detect":
        persons = "cpr" if _any_cpr(sources) else "pseudonyms"
    if persons == "cpr" and secret is None:
        raise InputError(
            "the persons look like CPR numbers, which are never stored: give a secret "
            "(--secret-file, or TILSYN_SECRET) that makes pseudonyms of them; if they are "
            "pseudonyms, say so when they are loaded (register load --persons pseudonyms)",
            file=source,
        )
    hidden = Pseudonymiser(secret) if persons == "cpr" and secret else None
    if into.exists():
        raise InputError("exists already; choose a new folder", file=into)
    try:
        into.mkdir(mode=MY_FOLDER, parents=True)
        with (set_aside or into / SET_ASIDE).open("w", encoding="utf-8", newline="") as stream:
            door = _Door(
                into, Judges.with_codes(codes), Aside(stream), hidden, kept=persons == "kept"
            )
            counts = {
                found.table.name: door.table(found, progress)
                for found in sources
                if found.delivered
            }
        with opened(into / ".spill") as database:
            if hidden is None and persons != "kept":
                _refuse_cpr(_numbered(database, into), source, likely=not told)
            for name in counts:
                if CONTRACT[name].becomes:
                    counts[name].remark(deliveries.make(database, into, name))
            for name in afterwards.once_tables():
                if name in counts:
                    twins = afterwards.drop_identical(database, into, name)
                    counts[name].remark(_nonzero(identical=twins))
            for name, remarks in afterwards.look_back(database, into).items():
                counts[name].remark(remarks)
        if hidden:
            counts["spells"].remark(_nonzero(modulus_11=hidden.failing_modulus_11))
        shutil.rmtree(into / ".spill", ignore_errors=True)
        known = fingerprint(secret) if hidden and secret else ""
        admission = Admission(into, counts, known, codes.hashes, covers)
        admission.write()
    except (OSError, duckdb.Error) as error:
        shutil.rmtree(into, ignore_errors=True)
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise InputError(f"cannot be written ({reason}); nothing was kept", file=into) from None
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise
    return admission


def throw_away_secret() -> bytes:
    """A secret for a look at a register that is not kept."""
    return secrets.token_bytes(32)


def _found(
    source: Path, empty: Collection[str], mapping: RegisterMapping | None, whole: bool = True
) -> list[Source]:
    return mapped(mapping, source, empty, whole=whole) if mapping else find(source, empty)


def size(source: Path, empty: Collection[str] = (), mapping: RegisterMapping | None = None) -> int:
    """Bytes that `admit` will read.

    Raises:
        InputError: as `admit` does for missing and twofold tables.
    """
    return sum(found.size for found in _found(source, empty, mapping))


def _nonzero(**counts: int) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def _any_cpr(sources: list[Source]) -> bool:
    persons = [
        extract.first_persons(found.table) for found in sources for extract in found.extracts
    ]
    return Signs.of(pa.chunked_array(persons, pa.string())).likely


def _numbered(database: duckdb.DuckDBPyConnection, into: Path) -> pa.Array:
    """All different persons that may be CPR numbers: few where pseudonyms are no numbers."""
    found = database.sql(
        "SELECT DISTINCT person FROM read_parquet($1, union_by_name = true) "
        "WHERE length(person) BETWEEN 9 AND $3 AND regexp_matches(person, $2)",
        params=[str(into / "*" / "rows.parquet"), cpr.SHAPE, cpr.LONGEST],
    ).to_arrow_table()
    return found.column("person").combine_chunks()


def _refuse_cpr(persons: pa.Array, file: Path, *, likely: bool = False, place: str = "") -> None:
    signs = Signs.of(persons)
    if not (signs.likely if likely else signs.beyond_chance):
        return
    if signs.parted:
        why = f"{signs.parted} of them are written as CPR numbers"
    else:
        known, bare = sum(signs.known.values()), sum(signs.bare.values())
        why = f"{known} of {bare} different numbers begin with a birthday"
    raise InputError(
        f"persons here look like CPR numbers ({why}), which are never stored: give a secret and "
        "--persons cpr; pseudonyms that only look so need a letter before them",
        file=file,
        place=place or None,
    )


@dataclass(frozen=True, slots=True)
class _Door:
    """Where rows go, and what they are judged by."""

    into: Path
    judges: Judges
    aside: Aside
    hidden: Pseudonymiser | None
    kept: bool = False

    def table(self, source: Source, progress: Callable[[int], None]) -> Count:
        """Read one table."""
        count, schema = Count(), _ADMITTED[source.table.name]
        target = self.into / source.table.name
        target.mkdir()
        with pq.ParquetWriter(target / "rows.parquet", schema, compression="lz4") as writer:
            self._files(source, writer, count, progress)
        return count

    def _files(
        self,
        source: Source,
        writer: pq.ParquetWriter,
        count: Count,
        progress: Callable[[int], None],
    ) -> None:
        table = source.table
        for extract in source.extracts:
            readings, other_columns = extract.readings(table), False

            def judged(
                read: tuple[Batch, int],
                extract: Extract = extract,
                readings: Mapping[str, Reading] = readings,
            ) -> tuple[Batch, int, Judged]:
                batch, left_out = read
                if self.hidden is None and not self.kept and batch.columns:
                    place = f"after row {batch.numbers[0]}" if len(batch.numbers) else ""
                    _refuse_cpr(batch.columns["person"], extract.place.file, place=place)
                return batch, left_out, judge(batch, table, self.judges, readings)

            for batch, left_out, result in Threads(_THREADS).over(extract.batches(table), judged):
                count.rows += result.good + len(result.faults) + left_out
                count.left_out += left_out
                count.remark(result.remarks | _nonzero(hidden=batch.hidden))
                self.aside.add(extract.name, result, count)
                if result.good:
                    writer.write_table(self._coded(result, table, writer.schema))
                other_columns |= batch.other_columns
                progress(batch.size)
            count.remark(_nonzero(other_columns=int(other_columns)))

    def _coded(self, result: Judged, table: Table, schema: pa.Schema) -> pa.Table:
        persons: pa.Array = result.persons
        if self.hidden is not None:
            coded = persons.dictionary_encode()
            names = pa.array(self.hidden(coded.dictionary.to_pylist()), pa.string())
            persons = names.take(coded.indices)
        values = (
            pa.array(result.columns[column.name], schema.field(column.stored).type)
            for column in table.columns[1:]
        )
        return pa.Table.from_arrays([persons, *values], schema=schema)


__all__ = ["Admission", "Persons", "admit", "size", "throw_away_secret"]
