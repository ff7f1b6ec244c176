"""Frames as CSV that a spreadsheet shows and never computes."""

from __future__ import annotations

import polars as pl

from tilsyn.figures.formulas import STARTS


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
