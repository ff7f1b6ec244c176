"""``set_aside.csv``: every row that was not read, with its place, its faulty value and the reason."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TextIO

from tilsyn.cpr import masked
from tilsyn.figures.formulas import neutral
from tilsyn.register.contract import FAULTS
from tilsyn.register.door.admission import Count
from tilsyn.register.door.judging import Fault

COLUMNS = ("file", "row", "column", "value", "reason")
_LONGEST_VALUE = 200


def harmless(value: str) -> str:
    """A value fit to be written: CPR numbers masked, cut, and never taken for a formula."""
    # Masked before it is cut, so that no number loses the digits it is known by.
    value = masked(value, near=True)
    if len(value) > _LONGEST_VALUE:
        value = value[:_LONGEST_VALUE] + "…"
    return neutral(value)


class Aside:
    """Writes the rows set aside.

    Args:
        stream: an open text file with newline="".
        root: the register's folder; files are named from there.
    """

    def __init__(self, stream: TextIO, root: Path):
        self._writer, self._root = csv.writer(stream), root
        self._writer.writerow(COLUMNS)

    def add(self, file: Path, faults: list[Fault], count: Count) -> None:
        """Write and count the faults of one file's rows."""
        name = neutral(masked(str(file.relative_to(self._root))))
        for fault in faults:
            value = harmless(fault.value)
            self._writer.writerow((name, fault.row, fault.column, value, FAULTS[fault.code]))
            said = f", column {fault.column} ('{value}')" if value else ""
            count.set_one_aside(fault.code, f"{name}, row {fault.row}{said}")
