"""``set_aside.csv``: every row that was not read, with its place, its faulty value and the reason."""

from __future__ import annotations

import csv
from typing import TextIO

from tilsyn.cpr import masked
from tilsyn.figures.formulas import neutral
from tilsyn.register.contract import FAULTS
from tilsyn.register.door.admission import Count
from tilsyn.register.door.judging import Fault, Judged

COLUMNS = ("file", "row", "column", "value", "reason")
_LONGEST_VALUE = 200


def harmless(value: str) -> str:
    """A value fit to be written: CPR numbers masked, cut, and never taken for a formula."""
    # Masked before it is cut, so that no number loses the digits it is known by.
    value = masked(value, near=True)
    if len(value) > _LONGEST_VALUE:
        value = value[:_LONGEST_VALUE] + "…"
    return neutral(value)


def told(name: str, fault: Fault) -> str:
    """Where a fault is and what stands there."""
    value = harmless(fault.value)
    said = f", column {fault.column} ('{value}')" if value else ""
    return f"{neutral(masked(name))}, row {fault.row}{said}"


class Aside:
    """Writes the rows set aside.

    Args:
        stream: an open text file with newline="".
    """

    def __init__(self, stream: TextIO):
        self._writer = csv.writer(stream)
        self._writer.writerow(COLUMNS)

    def add(self, name: str, judged: Judged, count: Count) -> None:
        """Write and count the faults of one extract's rows.

        Args:
            name: what the extract is called.
        """
        file = neutral(masked(name))
        for fault in judged.faults:
            value = harmless(fault.value)
            self._writer.writerow((file, fault.row, fault.column, value, FAULTS[fault.code]))
            count.set_one_aside(fault.code, told(name, fault))
        for key, (number, first) in judged.wrong.items():
            before, place = count.wrong.get(key, (0, ""))
            count.wrong[key] = before + number, place or told(name, first)
