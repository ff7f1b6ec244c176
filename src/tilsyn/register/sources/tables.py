"""What a reader leaves behind: the register's tables, the rows set aside, and a report of both."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import polars as pl

from tilsyn.cpr import masked
from tilsyn.errors import InputError
from tilsyn.register.limits import MOST_SET_ASIDE, too_many
from tilsyn.register.sources.delivery import MORE

SET_ASIDE, REPORT = "set_aside", "report.json"

_OUTSIDE = "outside: "
_STAGED = ".staged-"


@dataclass
class Report:
    """How many rows went where; every row read is taken, set aside or known to be outside.

    Attributes:
        read: rows in the files.
        taken: rows that count in the tables.
        aside: (reason, code) → rows set aside because they cannot be read.
        outside: (reason, code) → rows that are understood and not part of any table.
        written: table → rows.
        remarks: what else is worth knowing → how often.
    """

    read: int = 0
    taken: int = 0
    aside: dict[tuple[str, str], int] = field(default_factory=dict)
    outside: dict[tuple[str, str], int] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, int] = field(default_factory=dict)

    def record(self) -> dict[str, object]:
        """As JSON-ready values."""
        return {
            "read": self.read,
            "taken": self.taken,
            "set_aside": _counted(self.aside),
            "outside": _counted(self.outside),
            "written": self.written,
            "remarks": self.remarks,
        }


def _counted(counts: dict[tuple[str, str], int]) -> list[dict[str, object]]:
    return [{"reason": r, "code": c, "rows": n} for (r, c), n in sorted(counts.items())]


MOST_CODES = 200
"""Codes told one by one in a report; what comes beyond is in the file of the rows set aside."""


def sort_out(
    parts: Iterable[pl.LazyFrame], kept: Sequence[str], name: str, folder: Path, report: Report
) -> pl.LazyFrame:
    """Count and set aside what cannot be read; the rows that can.

    The delivery is read once and in blocks: what its rows say is staged in files of the folder, from
    which everything else is taken; `write_report` removes them.

    Args:
        parts: rows with ``fault`` (null where there is none; "outside: …" for what is understood
            and in no table) and ``code`` (what the fault is about), block by block.
        kept: the columns that are needed of the rows that can be read.
        name: of the source, for the file of the rows set aside.
        folder: the reader's folder.
        report: is added to.

    Returns:
        the columns `kept` of the rows that can be read.

    Raises:
        InputError: a file cannot be read.
    """
    staged = folder / f"{_STAGED}{name}"
    staged.mkdir()
    fault = (
        pl.when(pl.col(MORE).is_not_null())
        .then(pl.lit("more cells than the header (quote a cell that holds the delimiter)"))
        .otherwise(pl.col("fault"))
    )
    bad = pl.col("fault").is_not_null() & ~pl.col("fault").str.starts_with(_OUTSIDE)
    counts: Counter[tuple[str | None, str]] = Counter()
    for number, part in enumerate(parts):
        judged = part.with_columns(fault.alias("fault")).collect()
        for reason, code, rows in judged.group_by("fault", "code").len().iter_rows():
            counts[reason, code if len(counts) < MOST_CODES else "others"] += rows
        judged.filter(pl.col("fault").is_null()).select(kept).write_parquet(
            staged / f"{number:06d}.parquet", compression="lz4"
        )
        _set_aside(judged.filter(bad), name, folder)
    _count(counts, report)
    return pl.scan_parquet(staged / "*.parquet")


def _set_aside(rows: pl.DataFrame, name: str, folder: Path) -> None:
    """Write rows to the file of those set aside, after those already there; file and row name them.

    Anything like a CPR number is crossed out, as at the door.
    """
    if rows.is_empty():
        return
    (folder / SET_ASIDE).mkdir(exist_ok=True)
    told = rows.select(_neutral(n).alias(n) for n in rows.columns if n != MORE).with_columns(
        pl.all().map_elements(lambda text: masked(text, near=True), pl.String)
    )
    with (folder / SET_ASIDE / f"{name}.csv").open("ab") as stream:
        told.write_csv(stream, include_header=stream.tell() == 0)


def _count(counts: Counter[tuple[str | None, str]], report: Report) -> None:
    for (fault, code), rows in counts.items():
        report.read += rows
        if fault is None:
            report.taken += rows
            continue
        into = report.outside if fault.startswith(_OUTSIDE) else report.aside
        key = (fault.removeprefix(_OUTSIDE), masked(code, near=True))
        into[key] = into.get(key, 0) + rows


def _neutral(column: str) -> pl.Expr:
    """Text a spreadsheet would compute, made plain; signed numbers stay as they are."""
    text = pl.col(column).cast(pl.String)
    formula = text.str.contains(r"^[=+\-@\t\r]") & ~text.str.contains(r"^[+-]?[\d.,]*$")
    return pl.when(formula).then(pl.lit("'") + text).otherwise(text)


def append(frame: pl.DataFrame, table: str, folder: Path, report: Report) -> None:
    """Write rows to a table's file, after those already there."""
    file = folder / f"{table}.csv"
    with file.open("ab") as stream:
        frame.write_csv(stream, include_header=stream.tell() == 0)
    report.written[table] = report.written.get(table, 0) + frame.height


def write_report(report: Report, folder: Path, most_set_aside: Decimal = MOST_SET_ASIDE) -> None:
    """Write the report beside the tables, and remove what was staged.

    Args:
        most_set_aside: the share of the rows read that may be set aside.

    Raises:
        InputError: more are; with the commonest reasons.
    """
    aside = sum(report.aside.values())
    if too_many(aside, report.read, most_set_aside):
        commonest = sorted(report.aside.items(), key=lambda item: -item[1])[:3]
        reasons = "; ".join(
            f"{rows:,}: {reason}" + (f" '{code}'" if code else "")
            for (reason, code), rows in commonest
        )
        raise InputError(
            f"{aside:,} of {report.read:,} rows set aside, more than "
            f"{float(100 * most_set_aside):g} % ({reasons}); map unknown codes in sources/ of your own folder (--own DIR), mend "
            "the files, or say how large a share may be set aside (--most-set-aside)"
        )
    for staged in folder.glob(f"{_STAGED}*"):
        shutil.rmtree(staged)
    text = json.dumps(report.record(), ensure_ascii=False, indent=1)
    (folder / REPORT).write_text(text + "\n", encoding="utf-8")
