"""Reading a store: its parts, bucket by bucket, as arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tilsyn.errors import InputError
from tilsyn.records import build
from tilsyn.register.coverage import Coverage
from tilsyn.register.store import companions
from tilsyn.register.store.layout import (
    COLUMNS,
    PERSONS,
    REPLACED,
    STORE,
    TEXTS,
    Generation,
    bucket_folder,
    bucket_of,
    read_generation,
    read_state,
)
from tilsyn.register.store.lock import reading

if TYPE_CHECKING:
    from tilsyn.figures.release import SetAside

Arrays = dict[str, dict[str, Any]]
"""By table and column: the values as read-only NumPy arrays."""


@dataclass(frozen=True)
class Part:
    """One bucket: some persons with all their rows.

    Attributes:
        folder: where it lies.
        replaced: indices of its persons whose rows stand in the corrections instead.
        since: rows of persons whose last spell ended before this day may be left out; None: none.
    """

    folder: Path
    replaced: Any
    since: int | None = None

    def arrays(self) -> Arrays:
        """Its rows, sorted by person, then date.

        Raises:
            InputError: a file of it is damaged.
        """
        return {table: self.table(table) for table in COLUMNS}

    def table(self, table: str) -> dict[str, Any]:
        """The rows of one table, as `arrays` has them."""
        # By whole row groups: of the first of them some persons may have left before.
        first = 0 if self.since is None else int(np.searchsorted(self.last_days, self.since))
        columns = COLUMNS[table]
        file = self.folder / f"{table}.parquet"
        try:
            with pq.ParquetFile(file, memory_map=True) as stored:
                groups = [
                    g
                    for g in range(stored.metadata.num_row_groups)
                    if not first or _last_person(stored.metadata, g) >= first
                ]
                rows = stored.read_row_groups(groups, columns=list(columns), use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise InputError(
                f"a damaged store: {error}; load the register again", file=file
            ) from None
        return {name: _plain(rows.column(name)) for name in columns}

    def texts(self, table: str) -> pa.Table:
        """A table's columns of text, row by row as all of `arrays` without `since`.

        Raises:
            InputError: the file is damaged.
        """
        file = self.folder / f"{table}.parquet"
        try:
            return pq.read_table(file, columns=list(TEXTS[table]))
        except (OSError, pa.ArrowException) as error:
            raise InputError(
                f"a damaged store: {error}; load the register again", file=file
            ) from None

    @cached_property
    def persons(self) -> pa.Array:
        """The pseudonyms, by index."""
        return self._of_persons("person").combine_chunks()

    @cached_property
    def last_days(self) -> Any:
        """The last day of each person's spells, by index; it never falls."""
        return _plain(self._of_persons("last"))

    def _of_persons(self, column: str) -> pa.ChunkedArray:
        with pq.ParquetFile(self.folder / PERSONS) as stored:
            return stored.read(columns=[column]).column(column)

    def skipped(self) -> Any:
        """By person: whether the person's rows here are replaced."""
        skip = np.zeros(len(self.last_days), dtype=np.bool_)
        skip[self.replaced] = True
        return skip


def _last_person(metadata: pq.FileMetaData, group: int) -> int:
    """The highest person of a row group; ``person`` is every table's first column."""
    bounds = metadata.row_group(group).column(0).statistics
    return int(bounds.max) if bounds is not None and bounds.has_min_max else -1


def _plain(column: pa.ChunkedArray) -> Any:
    """The column's memory as a read-only array (pyarrow's `to_numpy` imports pandas if it can)."""
    array = np.from_dlpack(column.chunk(0) if column.num_chunks == 1 else column.combine_chunks())
    array.flags.writeable = False
    return array


@dataclass(frozen=True)
class Store:
    """A store as it is at one moment; later loads do not change what it reads.

    Attributes:
        folder: of its generation.
        corrections_folder: of the corrections laid over it; None where there are none.
    """

    folder: Path
    generation: Generation
    corrections_folder: Path | None
    corrections: Generation | None

    @property
    def content(self) -> str:
        """SHA-256 of what the store holds; the same loads give the same."""
        if self.corrections is None:
            return self.generation.content
        both = self.generation.content + self.corrections.content
        return hashlib.sha256(both.encode()).hexdigest()

    @property
    def municipalities(self) -> tuple[int, ...]:
        """Codes that occur in spells, in order."""
        more = self.corrections.municipalities if self.corrections else ()
        return tuple(sorted({*self.generation.municipalities, *more}))

    @property
    def absent(self) -> frozenset[str]:
        """Optional tables that were not delivered."""
        return frozenset(self.generation.absent)

    @property
    def codes(self) -> dict[str, str]:
        """SHA-256 of the code lists it was admitted with that were not the shipped ones."""
        return self.generation.codes | (self.corrections.codes if self.corrections else {})

    @property
    def coverage(self) -> Coverage | None:
        """What the register says it covers; None where it does not say.

        Raises:
            InputError: the store's record of it is damaged.
        """
        latest = self.corrections or self.generation
        said = latest.coverage or self.generation.coverage
        return build(Coverage, said, file=self.folder) if said else None

    @property
    def set_aside(self) -> SetAside:
        """Rows that were not loaded, by table and reason, the updates' beside the whole load's."""
        corrected = self.corrections.set_aside if self.corrections else {}
        return added(self.generation.set_aside, corrected)

    @cached_property
    def base(self) -> tuple[Part, ...]:
        """The generation's buckets."""
        replaced = self._replaced()
        return tuple(
            Part(bucket_folder(self.folder, b), replaced.get(b, np.empty(0, np.int64)))
            for b in range(self.generation.buckets)
        )

    @cached_property
    def corrected(self) -> tuple[Part, ...]:
        """The buckets of corrected persons."""
        if self.corrections is None or self.corrections_folder is None:
            return ()
        nobody = np.empty(0, np.int64)
        return tuple(
            Part(bucket_folder(self.corrections_folder, b), nobody)
            for b in range(self.corrections.buckets)
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everybody once: all buckets, without those of their persons who are replaced."""
        return (*self.base, *self.corrected)

    def companion(self, table: str) -> pa.Table:
        """The rows of `bookings` or `caseworkers` as last loaded; none where none were."""
        return companions.read(table, (self.corrections_folder, self.folder))

    def find(self, person: str) -> tuple[Part, int]:
        """The bucket a person lies in, and the person's index there.

        Raises:
            InputError: the person is not in the store.
        """
        for parts in (self.corrected, self.base):
            if parts:
                part = parts[bucket_of(person, len(parts))]
                index = part.persons.index(person).as_py()
                if index >= 0:
                    return part, index
        raise InputError(f"the person '{person}' is not in the store", file=self.folder.parent)

    def _replaced(self) -> dict[int, Any]:
        if self.corrections_folder is None:
            return {}
        rows = pq.read_table(self.corrections_folder / REPLACED)
        buckets, persons = rows.column("bucket").to_numpy(), rows.column("person").to_numpy()
        return {int(b): persons[buckets == b] for b in np.unique(buckets)}


def added(some: SetAside, more: SetAside) -> SetAside:
    """Both counts of rows set aside together."""
    total = {table: dict(reasons) for table, reasons in some.items()}
    for table, reasons in more.items():
        of = total.setdefault(table, {})
        for reason, rows in reasons.items():
            of[reason] = of.get(reason, 0) + rows
    return total


def is_store(path: Path) -> bool:
    """Whether a store has been loaded at `path`."""
    return (path / STORE).is_file()


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """The store at `path`, kept from being cleaned away while the block runs.

    Raises:
        InputError: there is no store, or it is damaged.
    """
    with ExitStack() as held:
        store = open_store(path)
        for folder in (store.folder, store.corrections_folder):
            if folder is not None:
                held.enter_context(reading(folder))
        yield store


def open_store(path: Path) -> Store:
    """The store at `path`, as it is now.

    Raises:
        InputError: there is no store, or it is damaged.
    """
    state = read_state(path)
    corrections = path / state.corrections if state.corrections else None
    return Store(
        folder=path / state.generation,
        generation=read_generation(path / state.generation),
        corrections_folder=corrections,
        corrections=read_generation(corrections) if corrections else None,
    )
