"""A batch of rows judged: coded numbers for the good rows, the first fault of each other row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tilsyn.register.coding import ALWAYS_KNOWN, GROUP_CODES
from tilsyn.register.contract import FAULTS, Table
from tilsyn.register.door.values import Judges, is_unknown_visitation
from tilsyn.register.limits import LATE_DAYS
from tilsyn.tables.lines import Numbers
from tilsyn.tables.mapping import UNPLACED
from tilsyn.tables.reading import Batch
from tilsyn.tables.values import Reading
from tilsyn.vocabulary import GROUPS

_FAULT_NUMBER = {code: number for number, code in enumerate(FAULTS, 1)}
_FAULT_CODES = ("", *FAULTS)
_SOUND = 0

Values = npt.NDArray[Any]
"""Coded numbers; texts where the column is text."""

_HUNDREDTHS_A_DAY = 2400
_CLOSED_ON = np.array(
    [
        (np.datetime64(GROUPS[code].valid_to or "9999-12-31") - np.datetime64("1970-01-01")).astype(
            np.int64
        )
        for code in GROUP_CODES
    ]
)
"""By group: the first day it is no longer formed, in days since 1970-01-01."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one row is set aside.

    Attributes:
        row: its row number in the file.
        column: where the fault is; empty when the row could not be taken apart.
        value: the faulty value as delivered.
        code: the reason, a key of FAULTS.
    """

    row: int
    column: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A batch of rows, judged.

    Attributes:
        persons: of the good rows, Arrow strings; None where there are no good rows.
        columns: the values of their other columns.
        faults: one for every other row.
        remarks: how many good rows each remark applies to.
        wrong: by column and fault how many rows have it, whatever else is wrong with them, and the
            first of them; in `faults` each row stands once.
    """

    persons: pa.Array | None
    columns: dict[str, Values]
    faults: list[Fault]
    remarks: dict[str, int]
    wrong: dict[tuple[str, str], tuple[int, Fault]] = field(default_factory=dict)

    @property
    def good(self) -> int:
        """How many rows are good."""
        return 0 if self.persons is None else len(self.persons)


def judge(
    batch: Batch, table: Table, judges: Judges, readings: Mapping[str, Reading] | None = None
) -> Judged:
    """Judge the rows of a batch.

    Args:
        batch: the columns of the table.
        readings: by column what a written value means, where values stand other than the contract says.
    """
    readings = readings or {}
    faults = [Fault(row, "", "", code) for row, code in batch.faults]
    all_wrong = _counted(faults)
    if not len(batch.numbers):
        return Judged(None, {}, faults, {}, all_wrong)
    persons = batch.columns["person"]
    nobody = pc.equal(pc.binary_length(persons), 0).to_numpy(zero_copy_only=False)
    fault = np.where(nobody, _FAULT_NUMBER["no_person"], _SOUND).astype(np.int8)
    place = np.zeros(len(batch.numbers), np.int8)
    values: dict[str, Values] = {}

    def wrong_at(rows: npt.NDArray[np.bool_], name: str, code: str) -> None:
        if rows.any():
            first = int(rows.argmax())
            value = batch.columns[name][first].as_py()
            told = Fault(int(batch.numbers[first]), name, value, code)
            all_wrong[name, code] = int(rows.sum()), told

    wrong_at(nobody, "person", "no_person")
    for index, column in enumerate(table.columns[1:], 1):
        coded = batch.columns[column.name]
        words = [word.strip() for word in coded.dictionary.to_pylist()]
        if column.name in readings:
            words = [*map(readings[column.name], words)]
        meant, wrong = _meanings(words, judges, column.kind, column.empty, column.name in readings)
        at = coded.indices.to_numpy()
        if column.kind == "text":
            values[column.name] = np.array(words, dtype=object)[at]
        else:
            values[column.name] = meant[at]
        if wrong.any():
            found = wrong[at]
            first = (fault == _SOUND) & (found != _SOUND)
            fault[first], place[first] = found[first], index
            for number in np.unique(found[found != _SOUND]):
                wrong_at(found == number, column.name, _FAULT_CODES[number])
    for code, name, rows in _between(table, values):
        wrong_rows = rows & (fault == _SOUND)
        fault[wrong_rows] = _FAULT_NUMBER[code]
        place[wrong_rows] = table.names.index(name)
        wrong_at(wrong_rows, name, code)
    good = fault == _SOUND
    for row in np.flatnonzero(~good):
        name = table.names[place[row]]
        value = batch.columns[name][int(row)].as_py()
        faults.append(Fault(int(batch.numbers[row]), name, value, _FAULT_CODES[fault[row]]))
    faults.sort(key=lambda fault: fault.row)
    remarks = _remarks(batch, table, values, good, readings)
    if not good.all():
        persons = persons.filter(pa.array(good))
        values = {name: column[good] for name, column in values.items()}
    return Judged(persons, values, faults, remarks, all_wrong)


def _between(
    table: Table, values: dict[str, Values]
) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    """What can be wrong between two values of a row: the fault, the column and the rows."""
    if not table.ends:
        return
    days = values[table.ends] - values[table.begins] + 1
    yield "end_before_start", table.ends, days < 1
    if table.longest:
        yield "too_long_span", table.ends, days > table.longest
    if table.daily:
        yield "more_than_days", table.daily, np.abs(values[table.daily]) > days * _HUNDREDTHS_A_DAY


def _counted(faults: list[Fault]) -> dict[tuple[str, str], tuple[int, Fault]]:
    """The faults of rows that could not be taken apart, by their code."""
    found: dict[tuple[str, str], tuple[int, Fault]] = {}
    for one in faults:
        number, first = found.get(("", one.code), (0, one))
        found["", one.code] = number + 1, first
    return found


def _meanings(
    words: list[str], judges: Judges, kind: str, empty: int | None, mapped: bool
) -> tuple[Numbers, npt.NDArray[np.int8]]:
    """The coded number and the fault of each distinct word of a column."""
    meant, wrong = np.zeros(len(words), np.int64), np.zeros(len(words), np.int8)
    of = judges.of[kind]
    for index, word in enumerate(words):
        found: int | str = of(word) if word else "no_value" if empty is None else empty
        if mapped and word == UNPLACED:
            found = "unplaced"
        if isinstance(found, str):
            wrong[index] = _FAULT_NUMBER[found]
        else:
            meant[index] = found
    return meant, wrong


def _remarks(
    batch: Batch,
    table: Table,
    values: dict[str, Values],
    good: npt.NDArray[np.bool_],
    readings: Mapping[str, Reading],
) -> dict[str, int]:
    found: dict[str, npt.NDArray[np.bool_]] = {}
    if "visitation" in values:
        coded = batch.columns["visitation"]
        read = readings.get("visitation", str)
        words = (read(word.strip()) for word in coded.dictionary.to_pylist())
        unknown = np.array([is_unknown_visitation(word) for word in words])
        found["visitation_unknown"] = unknown[coded.indices.to_numpy()]
    if "group" in values:
        found["group_closed"] = values[table.begins] >= _CLOSED_ON[values["group"]]
    if "registered" in values:
        registered = values["registered"]
        late = registered - values[table.begins] > LATE_DAYS
        found["late"] = late & (registered != ALWAYS_KNOWN)
    counts = {name: int((rows & good).sum()) for name, rows in found.items()}
    return {name: count for name, count in counts.items() if count}
