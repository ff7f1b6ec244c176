"""Loading: admitted rows become a new generation, or corrections laid over the present one.

Nothing of the present state is touched until the new folder is whole on disk; then one small file
is replaced. Whatever a killed run left behind is cleared away by the next load.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tilsyn.errors import InputError
from tilsyn.register.coding import TABLES
from tilsyn.register.contract import TABLES as CONTRACT
from tilsyn.register.door.admission import Admission
from tilsyn.register.limits import MOST_SET_ASIDE
from tilsyn.register.store.clustering import Progress, cluster
from tilsyn.register.store.companions import keep
from tilsyn.register.store.layout import (
    REPLACED,
    STORE,
    TEXTS,
    Generation,
    State,
    bucket_folder,
    bucket_of,
    completed,
    read_generation,
    write_state,
)
from tilsyn.register.store.lock import is_being_read, writing
from tilsyn.register.store.reading import Part, Store, added, open_store
from tilsyn.work.files import MY_FOLDER, flush, keep_mine
from tilsyn.work.spreading import Threads

_THREADS = 2

FOLD_AT = 0.1
"""Corrections of more than this part of all persons are folded in at once."""


def _quiet(_what: str, _step: int, _of: int) -> None:
    pass


def load(
    admitted: Path,
    store: Path,
    *,
    update: bool = False,
    buckets: int | None = None,
    most_set_aside: Decimal = MOST_SET_ASIDE,
    progress: Progress = _quiet,
) -> Store:
    """Load admitted rows into a store.

    Args:
        admitted: folder with a folder of Parquet files a table, coded as `tilsyn.register.coding`
            says, and the door's report.
        store: made if it is not there.
        update: the rows are all rows of the persons they name and replace these persons; others
            stay. Without it the rows are the whole register.
        buckets: how many buckets; None: as many as the persons ask for.
        most_set_aside: the share of a table's rows that may have been set aside at the door.

    Returns:
        The store as it is then. Loading the same rows again changes nothing.

    Raises:
        InputError: the rows cannot be used, too many were set aside, the disk is full, or there is nothing to update; the
            store stays as it was.
    """
    admission = Admission.read(admitted)
    admission.must_stand(most_set_aside)
    with _held(store, progress):
        if not update:
            _new_generation(store, admission, buckets, progress)
        else:
            _correct(store, admission, progress)
            now = open_store(store)
            if now.corrections and now.corrections.persons > FOLD_AT * now.generation.persons:
                _fold(store, progress)
        _clear(store)
        return open_store(store)


def fold(store: Path, *, progress: Progress = _quiet) -> Store:
    """Fold corrections into a new generation; the figures stay the same."""
    with _held(store, progress):
        _fold(store, progress)
        _clear(store)
        return open_store(store)


def _new_generation(
    store: Path, admission: Admission, buckets: int | None, progress: Progress
) -> None:
    admitted = admission.folder
    sources = _sources({table: [admitted / table] for table in TABLES})
    with _unfinished(store) as folder:
        generation = cluster(sources, folder, buckets=buckets, progress=progress)
        generation = completed(generation, folder, keep(admitted, (), folder), **_said(admission))
        state = State(_settle(folder, store / f"generation-{generation.content[:16]}"))
    write_state(state, store)


def _said(admission: Admission) -> dict[str, Any]:
    """What the generation of an admission's rows says of them."""
    return {
        "coverage": admission.coverage.record() if admission.coverage else {},
        "set_aside": {name: c.set_aside for name, c in admission.tables.items() if c.set_aside},
        "codes": admission.codes,
        "absent": _absent(admission.folder),
    }


def _absent(admitted: Path) -> list[str]:
    """The optional tables that were not delivered."""
    return [name for name in TABLES if CONTRACT[name].optional and not (admitted / name).is_dir()]


def _must_match(now: Store, absent: list[str], store: Path) -> None:
    """Refuse an update that knows less, or more, than the register it updates."""
    for name in now.absent ^ set(absent):
        has, mend = "has", "bring it, with a header alone where it has no rows"
        if name in now.absent:
            has, mend = "does not have", "load the whole register anew with it"
        raise InputError(
            f"the register {has} the table {name}, of which the update says otherwise: {mend}",
            file=store,
        )


def _correct(store: Path, admission: Admission, progress: Progress) -> None:
    now, admitted, said = open_store(store), admission.folder, _said(admission)
    _must_match(now, said["absent"], store)
    with _unfinished(store) as folder:
        earlier = folder / "earlier"
        named = _persons(admitted)
        for part in now.corrected:
            _decode(part, pc.is_in(part.persons, named), earlier)
        sources = _sources({table: [admitted / table, earlier / table] for table in TABLES})
        corrections = cluster(sources, folder, buckets=None, progress=progress)
        shutil.rmtree(earlier, ignore_errors=True)
        _write_replaced(now, folder, corrections)
        kept = keep(admitted, (now.corrections_folder, now.folder), folder)
        # These corrections stand for the earlier ones too, whose bad rows are not there either.
        before = now.corrections.set_aside if now.corrections else {}
        corrections = completed(
            corrections,
            folder,
            kept,
            coverage=said["coverage"] or (now.coverage.record() if now.coverage else {}),
            set_aside=added(before, said["set_aside"]),
            codes=said["codes"],
            absent=said["absent"],
        )
        name = _settle(folder, store / f"corrections-{corrections.content[:16]}")
    write_state(State(now.folder.name, name), store)


def _fold(store: Path, progress: Progress) -> None:
    now = open_store(store)
    if now.corrections is None:
        return
    with _unfinished(store) as folder:
        whole = folder / "whole"
        for step, part in enumerate(now.parts):
            progress("folding corrections in", step, len(now.parts))
            _decode(part, part.skipped(), whole)
        generation = cluster(
            _sources({table: [whole / table] for table in TABLES}), folder, progress=progress
        )
        shutil.rmtree(whole)
        kept = keep(None, (now.corrections_folder, now.folder), folder)
        generation = completed(
            generation,
            folder,
            kept,
            coverage=now.coverage.record() if now.coverage else {},
            set_aside=now.set_aside,
            codes=now.codes,
            absent=sorted(now.absent),
        )
        state = State(_settle(folder, store / f"generation-{generation.content[:16]}"))
    write_state(state, store)


def _sources(folders: dict[str, list[Path]]) -> dict[str, str]:
    """What DuckDB reads each table from."""
    sources = {}
    for table, places in folders.items():
        files = [str(file) for place in places for file in sorted(place.glob("*.parquet"))]
        names = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        empty = ", ".join(f'NULL AS "{name}"' for name in TABLES[table].names)
        sources[table] = f"read_parquet([{names}])" if files else f"(SELECT {empty} WHERE false)"
    return sources


def _persons(admitted: Path) -> pa.Array:
    """The persons an update names."""
    found = [
        pc.unique(pq.ParquetFile(file).read(columns=["person"]).column("person"))
        for table in TABLES
        for file in sorted((admitted / table).glob("*.parquet"))
    ]
    return pc.unique(pa.chunked_array(found, pa.string()))


def _decode(part: Part, left_out: pa.Array | np.ndarray, into: Path) -> None:
    """Write a bucket's rows in admitted form, without some of its persons."""
    left_out = np.asarray(left_out)
    for table, columns in part.arrays().items():
        kept = ~left_out[columns["person"]]
        rows = {name: pa.array(values[kept]) for name, values in columns.items()}
        rows["person"] = part.persons.take(rows["person"])
        if TEXTS[table]:
            texts = part.texts(table).filter(pa.array(kept))
            rows |= {name: texts.column(name) for name in TEXTS[table]}
        (into / table).mkdir(parents=True, exist_ok=True)
        file = into / table / f"{part.folder.parent.name}-{part.folder.name}.parquet"
        pq.write_table(pa.table(rows), file)


def _write_replaced(now: Store, folder: Path, corrections: Generation) -> None:
    """Note which persons of the generation's buckets the corrections replace."""
    names = [
        name
        for bucket in range(corrections.buckets)
        for name in Part(bucket_folder(folder, bucket), None).persons.to_pylist()
    ]
    by_bucket: dict[int, list[str]] = {}
    for name in names:
        by_bucket.setdefault(bucket_of(name, now.generation.buckets), []).append(name)

    def found(bucket: int) -> np.ndarray:
        named = pa.array(by_bucket[bucket], pa.string())
        return np.sort(pc.index_in(named, now.base[bucket].persons).drop_null().to_numpy())

    touched = sorted(by_bucket)
    persons = [np.empty(0, np.int64), *Threads(_THREADS).over(touched, found)]
    buckets = np.repeat([0, *touched], [len(some) for some in persons])
    table = {"bucket": buckets.astype(np.int64), "person": np.concatenate(persons, dtype=np.int64)}
    pq.write_table(pa.table(table), folder / REPLACED)


@contextmanager
def _held(store: Path, progress: Progress) -> Iterator[None]:
    """Hold the store for writing; errors of the disk become one line."""
    try:
        store.mkdir(mode=MY_FOLDER, parents=True, exist_ok=True)
        store.chmod(MY_FOLDER)
        waiting: Callable[[], None] = lambda: progress(  # noqa: E731
            "waiting for another load of this store", 0, 1
        )
        with writing(store, waiting):
            if not (store / STORE).exists() and _foreign(store):
                raise InputError(
                    "holds other files and is no store; choose a new folder", file=store
                )
            _clear(store)
            yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno == errno.ENOSPC:
            reason = "the disk is full; free some space and load again"
        raise InputError(
            f"could not be loaded ({reason}); the previous store stands", file=store
        ) from error


def _foreign(store: Path) -> bool:
    ours = ("generation-", "corrections-", ".")
    return any(not entry.name.startswith(ours) for entry in store.iterdir())


@contextmanager
def _unfinished(store: Path) -> Iterator[Path]:
    folder = store / ".unfinished"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settle(folder: Path, target: Path) -> str:
    """Have everything on disk, then give the folder its name; returns the name."""
    if target.exists():
        try:
            read_generation(target)
            return target.name
        except InputError:
            shutil.rmtree(target)
    shutil.rmtree(folder / "spill", ignore_errors=True)
    keep_mine(folder)
    for path in folder.rglob("*"):
        flush(path)
    flush(folder)
    folder.rename(target)
    flush(target.parent)
    return target.name


def _clear(store: Path) -> None:
    """Remove what no state names: earlier generations, and what a killed run left."""
    kept = set()
    if (store / STORE).exists():
        now = open_store(store)
        kept = {now.folder.name, now.corrections_folder and now.corrections_folder.name}
    for entry in store.iterdir():
        if entry.name == ".unfinished" or (
            entry.name.startswith(("generation-", "corrections-"))
            and entry.name not in kept
            and not is_being_read(entry)
        ):
            shutil.rmtree(entry)
