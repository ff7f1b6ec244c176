"""A batch of rows judged: coded numbers for the good rows, the first fault of each other row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tilsyn.cpr import masked
from tilsyn.register.coding import ALWAYS_KNOWN, GROUP_CODES, OPEN_END, REASONS, VISITATION_CODES
from tilsyn.register.contract import FAULTS, REMARKS, Column, Table
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
        (np.datetime64(until) - np.datetime64("1970-01-01")).astype(np.int64)
        if (until := GROUPS[code].valid_to)
        else OPEN_END + 1
        for code in GROUP_CODES
    ]
)
"""By group: the first day it is no longer formed, in days since 1970-01-01; none is after every end."""


_STATES_NONE = np.array(
    [
        [
            bool(names := GROUPS[group].without_category) and visitation in ("", names)
            for visitation in VISITATION_CODES
        ]
        for group in GROUP_CODES
    ]
)
"""By group and visitation: whether a category ought to be stated, and is not."""


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
        coded = batch.columns.get(column.name)
        if coded is None:
            values[column.name] = _left_out(column, len(batch.numbers))
            continue
        words = coded.dictionary.to_pylist()
        meant, wrong = _meanings(words, judges, column.kind, column.empty)
        at = coded.indices.to_numpy()
        if column.kind == "text":
            values[column.name] = np.array([masked(word.strip()) for word in words], dtype=object)[
                at
            ]
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


def _left_out(column: Column, rows: int) -> Values:
    """The values of a column that the file is without."""
    empty = "" if column.kind == "text" else column.empty
    return np.full(rows, empty, dtype=object if column.kind == "text" else np.int64)


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
        found["group_closed"] = values["end"] >= _CLOSED_ON[values["group"]]
        found["unvisitated"] = _STATES_NONE[values["group"], values["visitation"]]
    if "takeover" in values:
        takeover = values["takeover"]
        found["takeover_before"] = (takeover < values["start"]) & (takeover != ALWAYS_KNOWN)
    for column in table.columns:
        code = f"{column.name}_unknown"
        if column.optional and code in REMARKS and column.name in batch.columns:
            unknown = values[column.name] == column.empty
            if column.groups:
                unknown &= np.isin(values["group"], [GROUP_CODES.index(g) for g in column.groups])
            if "reason" in values:
                unknown &= values["reason"] != REASONS.index("statutory")
            found[code] = unknown
    if "registered" in values:
        registered = values["registered"]
        late = registered - values[table.begins] > LATE_DAYS
        found["late"] = late & (registered != ALWAYS_KNOWN)
    counts = {name: int((rows & good).sum()) for name, rows in found.items()}
    return {name: count for name, count in counts.items() if count}
