"""Writing an export whole or not at all, for whom it is, and CSV that a spreadsheet shows and never computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from tilsyn.errors import InputError, UsageError
from tilsyn.figures.formulas import STARTS, neutral
from tilsyn.protection import Shown
from tilsyn.work.files import put_whole


def write_whole(target: Path, data: bytes) -> Path:
    """Write a file that must not exist yet.

    Raises:
        InputError: it exists, or cannot be written.
    """
    if target.exists():
        raise InputError("exists already; choose another name", file=target)
    return put_whole(target, data)


def protection(shown: Shown) -> dict[str, Any]:
    """For whom figures are, as JSON-ready values; not how many were hidden and why, from which small counts follow."""
    return {"audience": shown.audience.name}


def neutral_csv(frame: pl.DataFrame, *, mark: bool = False) -> str:
    """A frame as CSV, its texts neutral.

    Args:
        frame: of plain columns.
        mark: whether a byte-order mark goes before it, which Excel needs to read it as UTF-8.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    plain = [_neutral(pl.col(name)).alias(name) for name in texts]
    return frame.with_columns(plain).write_csv(include_bom=mark)


def _neutral(text: pl.Expr) -> pl.Expr:
    starts = text.str.slice(0, 1).is_in(list(STARTS))
    return pl.when(starts).then(pl.lit("'") + text).otherwise(text)


Sheet = tuple[Sequence[str], Iterable[Sequence[Any]]]
"""Heads and lines of a table."""


def workbook(
    heads: Sequence[str], lines: Iterable[Sequence[Any]], more: Mapping[str, Sheet] | None = None
) -> bytes:
    """Lines as an Excel workbook: numbers formatted, with a head that stays and can be filtered by.

    Args:
        heads: of the first sheet; lines: its rows.
        more: further sheets by name.
    """
    kept = io.BytesIO()
    # Text is text: nothing that comes from outside becomes a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        whole, broken = (book.add_format({"num_format": one}) for one in ("#,##0", "#,##0.0"))
        for name, (own_heads, own_lines) in {"tilsyn": (heads, lines), **(more or {})}.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, own_heads, head)
            count = 0
            for count, line in enumerate(own_lines, 1):
                for place, value in enumerate(line):
                    form = None
                    if isinstance(value, int | float | Decimal | Fraction):
                        form = whole if isinstance(value, int) else broken
                    sheet.write(count, place, value, form)
            sheet.autofilter(0, 0, max(1, count), len(own_heads) - 1)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(own_heads) - 1, 20)
    return kept.getvalue()


def danish_csv(heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    """Lines as a Danish spreadsheet opens them: semicolons, decimal commas, UTF-8 with a mark."""

    def cell(value: Any) -> str:
        if isinstance(value, float | Decimal | Fraction):
            return str(float(value)).replace(".", ",")
        return "" if value is None else neutral(str(value))

    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(map(cell, line) for line in lines)
    return text.getvalue().encode("utf-8-sig")


TABLES = {".csv": danish_csv, ".xlsx": workbook}
"""How a table is written, by the ending of its file."""


def check_ending(file: Path) -> None:
    """Refuse a file of another ending than `TABLES` has, before anything is computed for it.

    Raises:
        UsageError: it is another one, or the file exists.
    """
    if file.suffix.lower() not in TABLES:
        raise UsageError(f"{file}: end the name with {' or '.join(TABLES)}")
    if file.exists():
        raise UsageError(f"{file} exists already; choose another name")


def write_table(heads: Sequence[str], lines: Iterable[Sequence[Any]], file: Path) -> Path:
    """Write a table to a file that must not exist yet, as its ending says.

    Raises:
        InputError: it exists, or cannot be written.
    """
    return write_whole(file, TABLES[file.suffix.lower()](heads, lines))
