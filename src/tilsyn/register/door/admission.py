"""What came of reading a register: rows read and set aside, table by table, with remarks."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tilsyn.register.contract import FAULTS, REMARKS

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
        remarks: by kind, a key of REMARKS; identical rows are among the good ones.
    """

    rows: int = 0
    set_aside: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, int] = field(default_factory=dict)

    @property
    def good(self) -> int:
        """Rows read."""
        return self.rows - sum(self.set_aside.values())

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
    """

    folder: Path
    tables: dict[str, Count]
    fingerprint: str = ""
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def set_aside(self) -> int:
        """Rows set aside, over all tables."""
        return sum(sum(count.set_aside.values()) for count in self.tables.values())

    def record(self) -> dict[str, Any]:
        """The same as plain data, for JSON: codes, numbers and the codes' wording."""
        tables = {
            name: {
                "rows": count.rows,
                "good": count.good,
                "set_aside": {
                    code: count.set_aside[code] for code in FAULTS if code in count.set_aside
                },
                "remarks": {code: count.remarks[code] for code in REMARKS if code in count.remarks},
            }
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
            "wording": wording,
        }

    def write(self) -> None:
        """Write the report beside the admitted tables."""
        text = json.dumps(self.record(), ensure_ascii=False, indent=1)
        (self.folder / REPORT).write_text(text + "\n", encoding="utf-8")
