"""What came of reading a register: rows read and set aside, table by table, with remarks."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tilsyn.errors import InputError
from tilsyn.records import build
from tilsyn.register.contract import FAULTS, REMARKS
from tilsyn.register.coverage import Coverage
from tilsyn.register.limits import MOST_SET_ASIDE, too_many

REPORT: Final = "admission.json"


def codes_of(admitted: Path) -> dict[str, str]:
    """What the report beside admitted tables says of `Admission.codes`; nothing without one."""
    file = admitted / REPORT
    if not file.is_file():
        return {}
    codes: dict[str, str] = json.loads(file.read_text(encoding="utf-8")).get("codes", {})
    return codes


@dataclass(slots=True)
class Count:
    """The rows of one table.

    Attributes:
        rows: in the files.
        set_aside: by reason, a key of FAULTS.
        first: by the same reasons, where the first such row is and what it says.
        remarks: by kind, a key of REMARKS; identical rows are among the good ones.
        left_out: rows that a mapping says are not meant.
        wrong: by column and reason how many rows have it, whatever else is wrong with them, and
            where the first is; known while they are read, and not reported.
    """

    rows: int = 0
    set_aside: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, int] = field(default_factory=dict)
    left_out: int = 0
    wrong: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    @property
    def aside(self) -> int:
        """Rows set aside."""
        return sum(self.set_aside.values())

    @property
    def good(self) -> int:
        """Rows read."""
        return self.rows - self.aside - self.left_out

    def set_one_aside(self, code: str, place: str) -> None:
        """Count a row set aside, and where the first of its reason is."""
        self.set_aside[code] = self.set_aside.get(code, 0) + 1
        self.first.setdefault(code, place)

    def remark(self, counts: dict[str, int]) -> None:
        """Add remarks."""
        for kind, number in counts.items():
            self.remarks[kind] = self.remarks.get(kind, 0) + number


@dataclass(frozen=True, slots=True)
class Admission:
    """What came of reading a register.

    Attributes:
        folder: where the admitted tables are.
        tables: by name, in the contract's order; absent optional tables are left out.
        fingerprint: of the secret the persons were pseudonymised with; empty when they came as
            pseudonyms.
        codes: SHA-256 of the code lists that were not the shipped ones, by file name.
        coverage: what the register says it covers; None where it does not say.
    """

    folder: Path
    tables: dict[str, Count]
    fingerprint: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    coverage: Coverage | None = None

    @classmethod
    def read(cls, folder: Path) -> Admission:
        """The report beside admitted tables; of tables admitted without one nothing is known."""
        file = folder / REPORT
        if not file.is_file():
            return cls(folder, {})
        record = json.loads(file.read_text(encoding="utf-8"))
        tables = {
            name: Count(
                of["rows"], of["set_aside"], of["first"], of["remarks"], of.get("left_out", 0)
            )
            for name, of in record["tables"].items()
        }
        covers = record["coverage"]
        coverage = build(Coverage, covers, file=file) if covers else None
        return cls(folder, tables, record["fingerprint"], record.get("codes", {}), coverage)

    @property
    def set_aside(self) -> int:
        """Rows set aside, over all tables."""
        return sum(count.aside for count in self.tables.values())

    def refused(self, most: Decimal = MOST_SET_ASIDE) -> str:
        """Why these tables cannot stand for the register; empty where they can.

        Args:
            most: the share of a table's rows that may be set aside.
        """
        for name, count in self.tables.items():
            if too_many(count.aside, count.rows, most):
                reasons = "; ".join(
                    f"{number:,} with {FAULTS[code]}, first in {count.first[code]}"
                    for code, number in count.set_aside.items()
                )
                return (
                    f"{name}: {count.aside:,} of {count.rows:,} rows set aside, more than "
                    f"{float(100 * most):g} % ({reasons}); mend the files, have them read by a "
                    "mapping (register look), or say how large a share may be set aside "
                    "(--most-set-aside)"
                )
        return ""

    def must_stand(self, most: Decimal) -> None:
        """Raise if too many of a table's rows are set aside.

        Raises:
            InputError: with the reasons, their counts and the first places.
        """
        if refusal := self.refused(most):
            raise InputError(refusal)

    def record(self) -> dict[str, Any]:
        """The same as plain data, for JSON: codes, numbers and the codes' wording."""
        tables = {
            name: {
                "rows": count.rows,
                "good": count.good,
                "set_aside": {
                    code: count.set_aside[code] for code in FAULTS if code in count.set_aside
                },
                "first": count.first,
                "remarks": {code: count.remarks[code] for code in REMARKS if code in count.remarks},
            }
            | ({"left_out": count.left_out} if count.left_out else {})
            for name, count in self.tables.items()
        }
        met = {
            code for count in self.tables.values() for code in (*count.set_aside, *count.remarks)
        }
        wording = {code: text for code, text in (FAULTS | REMARKS).items() if code in met}
        return {
            "tables": tables,
            "fingerprint": self.fingerprint,
            "codes": self.codes,
            "coverage": self.coverage.record() if self.coverage else {},
            "wording": wording,
        }

    def write(self) -> None:
        """Write the report beside the admitted tables."""
        text = json.dumps(self.record(), ensure_ascii=False, indent=1)
        (self.folder / REPORT).write_text(text + "\n", encoding="utf-8")
