"""Writing an export whole or not at all, for whom it is, and CSV that a spreadsheet shows and never computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.formulas import STARTS
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
