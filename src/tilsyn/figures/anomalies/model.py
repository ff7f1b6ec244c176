"""An anomaly: what is odd, in which cell, in words a reader of the table understands."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One oddity of one cell, row or list.

    Attributes:
        kind: ``groups_exceed_total``, ``total_unexplained``, ``impossible_share``,
            ``share_contradicts_count``, ``shifted_rows``, ``names_differ_from_number``,
            ``outside_validity``, or ``reading`` (what the reader had to take from context).
        measure, statistic, area, grp, month: the cell it is about; empty or None where it is about
            more than one.
        da, en: the sentence.
        stated: the number a document says where it names others, for ``names_differ_from_number``.
    """

    kind: str
    da: str
    en: str
    measure: str = ""
    statistic: str = ""
    area_kind: str = ""
    area: str = ""
    grp: str = ""
    month: dt.date | None = None
    stated: int | None = None

    def text(self, language: str = "da") -> str:
        """The sentence."""
        return self.da if language == "da" else self.en

    def record(self) -> dict[str, Any]:
        """The anomaly as JSON-ready values."""
        return {**asdict(self), "month": self.month.isoformat() if self.month else None}

    @classmethod
    def of_record(cls, record: dict[str, Any]) -> Anomaly:
        """The anomaly back from its record."""
        month = record.get("month")
        return cls(**{**record, "month": dt.date.fromisoformat(month) if month else None})
