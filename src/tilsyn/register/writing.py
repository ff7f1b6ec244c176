"""Coded tables written as the contract's files: what the door reads, made by the program itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tilsyn.register.coding import NUMBERED, SCOPES
from tilsyn.register.contract import TABLES, Column
from tilsyn.work.files import written_whole

Format = Literal["csv", "parquet"]
Ints = npt.NDArray[np.int64]

_CODES = NUMBERED | {"scope": SCOPES}
_TEXT = pa.dictionary(pa.int32(), pa.string())


class RegisterWriter:
    """Writes the measured tables of a register, part by part; use it as a context.

    CSV: one file a table. Parquet: a folder a table, one file a part. The same parts give the same
    bytes.

    Args:
        folder: is made; must not exist or be empty.
        format: "csv" or "parquet".

    Raises:
        InputError: `folder` has something in it already, or cannot be written.
    """

    def __init__(self, folder: Path, format: Format):
        self.format = format
        self._whole = written_whole(folder)
        self._parts = 0

    def __enter__(self) -> RegisterWriter:
        self.folder = self._whole.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._whole.__exit__(kind, error, trace)

    def write(self, tables: Mapping[str, Mapping[str, Ints]], persons: pa.Array) -> None:
        """Write one part.

        Args:
            tables: by table name, the coded columns by stored name; `person` indexes `persons`.
            persons: the persons' names.
        """
        for name, columns in tables.items():
            part = pa.table(
                {
                    column.name: _as_text(columns[column.stored], column, persons)
                    for column in TABLES[name].columns
                }
            )
            if self.format == "parquet":
                target = self.folder / name / f"part-{self._parts:05d}.parquet"
                target.parent.mkdir(exist_ok=True)
                pq.write_table(part, target, compression="zstd")
                continue
            # Nothing is written as nothing, not as an empty text in quotation marks.
            rows = pl.DataFrame(part).select(pl.all().cast(pl.String).replace("", None))
            with (self.folder / f"{name}.csv").open("ab") as stream:
                rows.write_csv(stream, include_header=stream.tell() == 0)
        self._parts += 1


def _as_text(values: Ints, column: Column, persons: pa.Array) -> pa.Array:
    if column.kind == "person":
        return pa.DictionaryArray.from_arrays(pa.array(values, pa.int32()), persons)
    if column.kind == "date":
        days = pa.array(values, pa.int32(), mask=values == column.empty)
        return days.cast(pa.date32())
    if column.kind in _CODES:
        words = _CODES[column.kind]
        return pa.DictionaryArray.from_arrays(pa.array(values, pa.int32()), pa.array(words))
    distinct, at = np.unique(values, return_inverse=True)
    words = tuple(_WORDS[column.kind](int(value)) for value in distinct)
    return pa.DictionaryArray.from_arrays(pa.array(at, pa.int32()), pa.array(words, pa.string()))


def _month(index: int) -> str:
    return f"{(index - 1) // 12:04d}-{(index - 1) % 12 + 1:02d}"


def _hours(hundredths: int) -> str:
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


_WORDS: dict[str, Callable[[int], str]] = {
    "month": _month,
    "hours": _hours,
    "municipality": str,
    "conversation_type": str,
}
