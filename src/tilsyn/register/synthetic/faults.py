"""Bad rows planted on purpose: so many of each reason for setting a row aside."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from tilsyn.register.contract import TABLES
from tilsyn.register.writing import Format

_SOUND: Final = {
    "spells": "{p},101,kontanthjaelp,jobparat,2020-01-01,2020-06-30,,,",
    "conversations": "{p},2020-02-01,4,2020-02-01",
    "offers": "{p},virksomhedspraktik,2020-02-01,2020-03-01,",
    "hours": "{p},2020-02,37.5",
    "exemptions": "{p},offers,2020-02-01,,flex25,2020-01-02,Team 1",
    "duties": "{p},arbejdspligt,2020-02-01,",
}
"""One sound row of each table."""

_BAD_VALUES: Final = (
    ("spells", "person", "", "no_person"),
    ("spells", "municipality", "999", "municipality"),
    ("spells", "group", "introduktionsydelse", "group"),
    ("spells", "start", "", "no_value"),
    ("spells", "start", "2020-02-30", "date"),
    ("spells", "end", "9999-12-31", "date_range"),
    ("spells", "end", "2019-12-31", "end_before_start"),
    ("conversations", "held", "01-02-2020", "date"),
    ("conversations", "type", "99", "type"),
    ("offers", "kind", "ukendt", "kind"),
    ("offers", "end", "2020-01-31", "end_before_start"),
    ("hours", "month", "2020-13", "month"),
    ("hours", "month", "1889-02", "month_range"),
    ("hours", "hours", "mange", "hours"),
    ("hours", "hours", "1.125", "hours_decimals"),
    ("hours", "hours", "-744.01", "hours_range"),
    ("spells", "takeover", "i maj", "date"),
    ("exemptions", "scope", "=HYPERLINK(0)", "scope"),
    ("exemptions", "reason", "andet", "reason"),
    ("exemptions", "decided", "2020-13-01", "date"),
    ("duties", "kind", "ukendt", "duty"),
    ("duties", "end", "2020-01-31", "end_before_start"),
)
"""Table, column, value in place of the sound one, and the reason."""

_BAD_LINES: Final[tuple[tuple[str, bytes, str], ...]] = (
    ("conversations", b"{p},2020-02-01,4", "columns"),
    ("conversations", b'"{p},2020-02-01,4,', "quotes"),
    ("conversations", b"{p}\0,2020-02-01,4,", "nul"),
    ("conversations", b"{p}\xf8,2020-02-01,4,", "not_utf8"),
    ("conversations", b"{p}\r{p},2020-02-01,4,", "carriage_return"),
    ("conversations", b"{p}" + b"x" * 70_000 + b",2020-02-01,4,", "too_long"),
)
"""Table, line and reason: only in CSV files."""

Planted = dict[str, dict[str, int]]
"""By table and reason: how many rows."""


def plant(folder: Path, format: Format, each: int) -> Planted:
    """Add `each` bad rows of every kind to a register's files; returns how many went where."""
    planted: Planted = {}
    rows: dict[str, list[list[str]]] = {}

    def count(table: str, reason: str) -> None:
        of = planted.setdefault(table, {})
        of[reason] = of.get(reason, 0) + 1

    for number in range(each):
        for table, column, value, reason in _BAD_VALUES:
            row = _SOUND[table].format(p=f"fault{number}").split(",")
            row[TABLES[table].names.index(column)] = value
            rows.setdefault(table, []).append(row)
            count(table, reason)
    if format == "parquet":
        for table, bad in rows.items():
            columns = zip(TABLES[table].names, zip(*bad, strict=True), strict=True)
            part = pa.table({name: pa.array(values, pa.string()) for name, values in columns})
            pq.write_table(part, folder / table / "part-faults.parquet")
        return planted
    for table, bad in rows.items():
        with (folder / f"{table}.csv").open("ab") as file:
            file.write("".join(",".join(row) + "\n" for row in bad).encode())
    for number in range(each):
        for table, line, reason in _BAD_LINES:
            with (folder / f"{table}.csv").open("ab") as file:
                file.write(line.replace(b"{p}", b"fault%d" % number) + b"\n")
            count(table, reason)
    return planted
