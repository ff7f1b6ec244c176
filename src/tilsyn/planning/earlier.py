"""Plans whose lists an earlier version wrote as CSV: their rows as they are kept now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.formulas import meant
from tilsyn.parsing import csv_rows, parse_json, read_bytes
from tilsyn.planning import record
from tilsyn.planning.worklist import CALL_INS, DUTIES, REASONS, as_parquet, read
from tilsyn.records import build


def worklist(folder: Path) -> pl.DataFrame:
    """The worklist of a folder that was made by command, of this version or an earlier one.

    Raises:
        InputError: it is none.
    """
    file = folder / record.WORKLIST
    if file.exists() or not (folder / "worklist.csv").exists():
        return read(file, CALL_INS)
    return call_ins(dict.fromkeys(REASONS, folder / "worklist.csv"))


def call_ins(files: Mapping[str, Path]) -> pl.DataFrame:
    """One worklist.

    Args:
        files: by language; they differ in their reasons.

    Raises:
        InputError: it is no worklist.
    """
    same = set(CALL_INS) - set(REASONS.values())
    parts = {language: _rows(file, {*same, "reason"}) for language, file in files.items()}
    first = next(iter(parts.values()))
    more = [
        {column: part[number]["reason"] for one, part in parts.items() for column in [REASONS[one]]}
        for number in range(len(first))
    ]
    return pl.DataFrame(
        [{k: v for k, v in row.items() if k in same} | reasons
         for row, reasons in zip(first, more, strict=True)],
        CALL_INS,
    )  # fmt: skip


def duties(file: Path) -> pl.DataFrame:
    """A duty list.

    Raises:
        InputError: it is none.
    """
    return pl.DataFrame(_rows(file, set(DUTIES)), DUTIES)


def site_files(folder: Path) -> dict[str, bytes]:
    """The files of a plan's folder on a site, from the lists and the page an earlier version wrote.

    Raises:
        InputError: one is missing, or damaged.
    """
    page = parse_json(read_bytes(folder / "plan.json"), file=folder / "plan.json")
    made = record.read(folder / "da")
    values = made.model_dump(by_alias=True) | {
        key: page.get(old)
        for key, old in (("persons", "persons"), ("line", "lines"), ("load", "load"),
                         ("counts", "forecast"), ("due", "due"), ("teams", "teams"))
    }  # fmt: skip
    files = {language: folder / language / "worklist.csv" for language in REASONS}
    return {
        record.WORKLIST: as_parquet(call_ins(files)),
        record.DUTIES: as_parquet(duties(folder / "da" / "duty.csv")),
        "plan.json": build(record.PlanRecord, values, file=folder / "plan.json").as_json(),
    }


READ: dict[str, Callable[[str], Any]] = {
    "first_day": dt.date.fromisoformat,
    "last_day": dt.date.fromisoformat,
    "measures": lambda text: [part for part in text.split(";") if part],
    "weeks": lambda text: [part for part in text.split(";") if part],
    "lacking": int,
    "on_goal_list": lambda text: text == "1",
}
"""How columns that are no text were written."""


def _rows(file: Path, wanted: set[str]) -> list[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", file=file) from None
    columns, rows = csv_rows(text, file=file)
    if wanted - set(columns):
        raise InputError(f"is no such list; its columns are {', '.join(sorted(wanted))}", file=file)
    found = []
    for number, row in enumerate(rows, 2):
        try:
            found.append({name: READ.get(name, meant)(row[name]) for name in wanted})
        except (AttributeError, TypeError, ValueError) as error:
            raise InputError(f"a damaged row ({error})", file=file, place=f"row {number}") from None
    return found
