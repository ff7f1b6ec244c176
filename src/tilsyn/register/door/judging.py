"""A batch of rows judged: coded numbers for the good rows, the first fault of each other row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tilsyn.register.coding import ALWAYS_KNOWN, GROUP_CODES
from tilsyn.register.contract import FAULTS, Table
from tilsyn.register.door.lines import Numbers
from tilsyn.register.door.rows import Batch
from tilsyn.register.door.values import Judges, is_unknown_visitation
from tilsyn.register.limits import LATE_DAYS
from tilsyn.vocabulary import GROUPS

_FAULT_NUMBER = {code: number for number, code in enumerate(FAULTS, 1)}
_FAULT_CODES = ("", *FAULTS)
_SOUND = 0

Values = npt.NDArray[Any]
"""Coded numbers; texts where the column is text."""

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
    """

    persons: pa.Array | None
    columns: dict[str, Values]
    faults: list[Fault]
    remarks: dict[str, int]

    @property
    def good(self) -> int:
        """How many rows are good."""
        return 0 if self.persons is None else len(self.persons)


def judge(batch: Batch, table: Table, judges: Judges) -> Judged:
    """Judge the rows of a batch."""
    faults = [Fault(row, "", "", code) for row, code in batch.faults]
    if not len(batch.numbers):
        return Judged(None, {}, faults, {})
    persons = batch.columns["person"]
    nobody = pc.equal(pc.binary_length(persons), 0).to_numpy(zero_copy_only=False)
    fault = np.where(nobody, _FAULT_NUMBER["no_person"], _SOUND).astype(np.int8)
    place = np.zeros(len(batch.numbers), np.int8)
    values: dict[str, Values] = {}
    for index, column in enumerate(table.columns[1:], 1):
        coded = batch.columns[column.name]
        words = coded.dictionary.to_pylist()
        meant, wrong = _meanings(words, judges, column.kind, column.empty)
        at = coded.indices.to_numpy()
        if column.kind == "text":
            values[column.name] = np.array([word.strip() for word in words], dtype=object)[at]
        else:
            values[column.name] = meant[at]
        if wrong.any():
            first = (fault == _SOUND) & (wrong[at] != _SOUND)
            fault[first], place[first] = wrong[at][first], index
    if table.ends:
        backwards = (values[table.ends] < values[table.begins]) & (fault == _SOUND)
        fault[backwards] = _FAULT_NUMBER["end_before_start"]
        place[backwards] = table.names.index(table.ends)
    good = fault == _SOUND
    for row in np.flatnonzero(~good):
        name = table.names[place[row]]
        value = batch.columns[name][int(row)].as_py()
        faults.append(Fault(int(batch.numbers[row]), name, value, _FAULT_CODES[fault[row]]))
    faults.sort(key=lambda fault: fault.row)
    remarks = _remarks(batch, table, values, good)
    if not good.all():
        persons = persons.filter(pa.array(good))
        values = {name: column[good] for name, column in values.items()}
    return Judged(persons, values, faults, remarks)


def _meanings(
    words: list[str], judges: Judges, kind: str, empty: int | None
) -> tuple[Numbers, npt.NDArray[np.int8]]:
    """The coded number and the fault of each distinct word of a column."""
    meant, wrong = np.zeros(len(words), np.int64), np.zeros(len(words), np.int8)
    of = judges.of[kind]
    for index, word in enumerate(words):
        text = word.strip()
        found: int | str = of(text) if text else "no_value" if empty is None else empty
        if isinstance(found, str):
            wrong[index] = _FAULT_NUMBER[found]
        else:
            meant[index] = found
    return meant, wrong


def _remarks(
    batch: Batch, table: Table, values: dict[str, Values], good: npt.NDArray[np.bool_]
) -> dict[str, int]:
    found: dict[str, npt.NDArray[np.bool_]] = {}
    if "visitation" in values:
        coded = batch.columns["visitation"]
        unknown = np.array([is_unknown_visitation(w.strip()) for w in coded.dictionary.to_pylist()])
        found["visitation_unknown"] = unknown[coded.indices.to_numpy()]
    if "group" in values:
        found["group_closed"] = values["start"] >= _CLOSED_ON[values["group"]]
    if "registered" in values:
        registered = values["registered"]
        late = registered - values[table.begins] > LATE_DAYS
        found["late"] = late & (registered != ALWAYS_KNOWN)
    counts = {name: int((rows & good).sum()) for name, rows in found.items()}
    return {name: count for name, count in counts.items() if count}
