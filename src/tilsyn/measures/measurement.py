"""Measuring: a store becomes counts, and counts a release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tilsyn import own
from tilsyn.errors import InputError
from tilsyn.figures.formulas import neutral
from tilsyn.figures.release import Release, write_in_blocks
from tilsyn.figures.table import SCHEMA
from tilsyn.measures import counting
from tilsyn.measures.coverage import covered, must_be_over
from tilsyn.measures.definitions import Definitions
from tilsyn.measures.earlier import Earlier
from tilsyn.measures.kernel.calendar import day_number
from tilsyn.measures.plan import Plan
from tilsyn.measures.tabulation import Counts, blocks
from tilsyn.register.store import Part, Store
from tilsyn.vocabulary import MonthRange, YearMonth
from tilsyn.work.files import MINE
from tilsyn.work.spreading import Done, Sharing, Threads, nothing

MEMORY_FOR_COUNTS = 1 << 30
"""Bytes that the counts of this machine's threads may take together."""


def plan_of(
    store: Store, definitions: Definitions, months: MonthRange, known_on: dt.date | None = None
) -> Plan:
    """What can be measured of a store: the months asked for without those it does not cover.

    Raises:
        InputError: the months lie outside what a register can hold, had not ended on `known_on`
            (else today), or are none the register covers.
    """
    if months.first < YearMonth(1990, 1) or months.last > YearMonth(2100, 12):
        raise InputError(f"the months {months} lie outside 1990-01..2100-12; choose others")
    must_be_over(months, known_on)
    if "duties" in store.absent:
        definitions = definitions.only(
            *(d.measure for d in definitions.measures if not d.under_duty)
        )
    return covered(Plan(definitions, store.municipalities, months, known_on), store.coverage)


def needed(plan: Plan, parts: Sequence[Part]) -> list[Part]:
    """The parts without persons who have been on no benefit since the day before the first month.

    Nobody else counts; a run that reaches its seniority on the first day of a month may have ended
    the day before.
    """
    return [replace(part, since=day_number(plan.months.first.first) - 1) for part in parts]


def measure(
    store: Store,
    plan: Plan,
    *,
    engine: Sharing | None = None,
    earlier: Earlier | None = None,
    done: Done = nothing,
) -> Counts:
    """Measure a store.

    Args:
        store: what is measured.
        plan: measures and months, from `plan_of`.
        engine: this machine's threads where none is given.
        earlier: counts of an earlier release of the same register; only corrected persons and
            further months are computed then. The result is that of a full run.
        done: called after each bucket.

    Raises:
        InputError: a month had not ended on the day the plan is known on (else today).
    """
    must_be_over(plan.months, plan.known_on)
    count = partial(_counted, engine=engine or Threads(), done=done)
    if earlier is None:
        return Counts(plan, count(plan, needed(plan, store.parts)))
    values = counting.zeros(plan)
    for months, reused in earlier.pieces(plan):
        piece = plan.cut(months)
        begin = months.first.since(plan.months.first)
        place = values[:, :, begin : begin + len(months)]
        if not reused:
            place += count(piece, needed(piece, store.parts))
            continue
        place += earlier.counts(piece)
        if not earlier.is_current(store):
            place -= count(piece, needed(piece, store.base), only_replaced=True)
            place += count(piece, needed(piece, store.corrected))
    return Counts(plan, values)


def _counted(
    plan: Plan, parts: Sequence[Part], *, engine: Sharing, done: Done, only_replaced: bool = False
) -> Any:
    """Counts of the plan's shape over these parts."""
    values = counting.zeros(plan)
    flat = values.reshape(-1)
    of_share = partial(_of_share, plan=plan, shape=plan.shape, only_replaced=only_replaced)
    for place, persons in engine.shares(
        parts, of_share, most=MEMORY_FOR_COUNTS // max(1, values.nbytes), done=done
    ):
        flat[place] += persons
    return values


def _of_share(
    share: Iterator[Part], plan: Plan, shape: tuple[int, ...], only_replaced: bool
) -> tuple[Any, Any]:
    """Where the counts over a share of the parts are not nought, and how many persons stand there.

    Args:
        shape: of the counts where the plan was made.
    """
    values = counting.zeros(plan)
    if values.shape != shape:  # the place of a cell would mean another one here
        raise InputError(f"a worker has other code lists; give all the same {own.VARIABLE}")
    for part in share:
        counting.add(plan, part, values, only_replaced=only_replaced)
    flat = values.reshape(-1)
    place = np.flatnonzero(flat)
    return place, flat[place]


def write(
    counts: Counts, store: Store, folder: Path, *, published: dt.date, engine: str = "local"
) -> Path:
    """Write counts as a release.

    Args:
        counts: what was measured.
        store: what it was measured from.
        folder: the release; must not exist; its name is the release's.
        published: the day the content counts as published.
        engine: which engine counted.

    Raises:
        InputError: the folder exists, the disk refuses, or a month had not ended on `published`.
    """
    plan = counts.plan
    must_be_over(plan.months, published)
    measured: dict[str, Any] = {
        "from": str(plan.months.first),
        "to": str(plan.months.last),
        "measures": [d.measure for d in plan.definitions.measures],
        "engine": engine,
        "register": store.content,
        "definitions": plan.definitions.hashes,
    }
    if used := own_of(store):
        measured["own"] = used
    if plan.known_on:
        measured["known_on"] = plan.known_on
    if store.coverage:
        measured["coverage"] = store.coverage.record()
        measured["since"] = {measure: str(month) for measure, month in plan.since.items()}
    release = Release(
        id=folder.name,
        published=published,
        figures=SCHEMA.to_frame(),
        set_aside=store.set_aside,
        extra={"measured": measured},
    )
    return write_in_blocks(
        release, blocks(counts, release=folder.name, published=published), folder
    )


def own_of(store: Store) -> dict[str, str]:
    """SHA-256 of the files of one's own behind its figures, by path in their folder.

    Code lists that the store was loaded with are those of that time.
    """
    then = {f"vocabulary/{name}": sha256 for name, sha256 in store.codes.items()}
    return own.hashes("vocabulary", "measures") | then


def persons_writer(file: Path) -> Callable[[Path], Any]:
    """What writes the persons behind the unmet counts to a file of this ending.

    Raises:
        InputError: the ending is neither ``.csv`` nor ``.parquet``.
    """
    if (writer := _PERSONS_WRITERS.get(file.suffix.lower())) is None:
        endings = " or ".join(_PERSONS_WRITERS)
        raise InputError(f"the persons are written to a file that ends in {endings}", file=file)
    return writer


_PERSONS_WRITERS: dict[str, Callable[[Path], Any]] = {
    ".csv": lambda file: pacsv.CSVWriter(
        file, counting.PERSONS, write_options=pacsv.WriteOptions(quoting_style="needed")
    ),
    ".parquet": lambda file: pq.ParquetWriter(file, counting.PERSONS, compression="zstd"),
}


def write_unmet_persons(store: Store, plan: Plan, file: Path, *, done: Done = nothing) -> int:
    """Write the persons behind the unmet counts to a file, in person order by bucket.

    Args:
        file: CSV or Parquet, as its ending says; only its owner may read it.

    Its owner alone can read it.

    Returns:
        How many rows were written.

    Raises:
        InputError: the file cannot be written, or has another ending.
    """
    opened = persons_writer(file)
    unfinished = file.with_name(f".{file.name}.unfinished")
    rows = 0
    try:
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=MINE)
        with opened(unfinished) as writer:
            unmet = partial(counting.unmet_persons, plan)
            for table in Threads().over(needed(plan, store.parts), unmet, done=done):
                writer.write_table(table if file.suffix.lower() == ".parquet" else _neutral(table))
                rows += table.num_rows
        unfinished.replace(file)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"cannot be written ({error})", file=file) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def _neutral(table: pa.Table) -> pa.Table:
    """The rows with pseudonyms that no spreadsheet computes."""
    names = pa.array([neutral(name) for name in table.column("person").to_pylist()], pa.string())
    return table.set_column(0, "person", names)
