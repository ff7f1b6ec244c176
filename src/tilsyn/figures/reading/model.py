"""What a reader returns: the figures, each cell as it was printed, and what was odd.

Every reader's cells become figures in `reading`; what holds for all of them is seen to there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.reading.units import in_per_cent
from tilsyn.figures.release import Source
from tilsyn.figures.table import CELL, SCHEMA, Figure, checked, table

PRINTED = pl.Schema(
    {name: SCHEMA[name] for name in (*CELL, "published", "release")}
    | {"raw": pl.String(), "file": pl.String(), "place": pl.String()}
)
"""Columns of the printed table: which cell, how it stood, in which file and where in it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell.

    Attributes:
        figure: the figure it gives.
        raw: the cell as printed ("25,8", ".", "").
        place: where it stands: "line 12, column 4 (Jul 2022)".
        per_cent: whether the file itself says that its shares are in per cent.
    """

    figure: Figure
    raw: str
    place: str
    per_cent: bool = False


@dataclass(frozen=True)
class Reading:
    """What one file gave.

    Attributes:
        figures: a figure table; provenance "published" unless the file itself says otherwise.
        printed: the cell columns with ``published``, ``release``, ``raw``, ``file`` (its name) and
            ``place``; one row a figure.
        anomalies: what the reader took from context, and lists that do not add up.
        source: the file's name and hash.
    """

    figures: pl.DataFrame
    printed: pl.DataFrame
    anomalies: tuple[Anomaly, ...]
    source: Source


def reading(file: Path, cells: Iterable[Cell], anomalies: Iterable[Anomaly] = ()) -> Reading:
    """The reading these cells make; a cell printed twice alike is kept once.

    Raises:
        InputError: a month had not ended on the day of publication, shares may be fractions, or one
            publication prints two values for one cell.
    """
    sound, converted = in_per_cent([_standing(cell, file) for cell in cells], file)
    kept: dict[tuple[object, ...], Cell] = {}
    for cell in sound:
        key = (*cell.figure.cell, cell.figure.published, cell.figure.provenance)
        first = kept.setdefault(key, cell)
        if (first.figure.value, first.figure.status) != (cell.figure.value, cell.figure.status):
            raise InputError(
                f"two values for the same cell ({cell.figure.describe()}): "
                f"{cell.figure.shown()} here and {first.figure.shown()} at {first.place}; "
                "remove one of them, or give them different publication dates",
                file=file,
                place=cell.place,
            )
    printed = [
        (
            *cell.figure.cell,
            cell.figure.published,
            cell.figure.release,
            cell.raw,
            file.name,
            cell.place,
        )
        for cell in kept.values()
    ]
    return Reading(
        checked(table(cell.figure for cell in kept.values()), file=file),
        pl.DataFrame(printed, schema=PRINTED, orient="row"),
        (*anomalies, *converted),
        Source.of(file),
    )


def _standing(cell: Cell, file: Path) -> Cell:
    """The cell, if it can have been known; what is hidden where nothing is formed is not there.

    Raises:
        InputError: its month had not ended.
    """
    figure = cell.figure
    if early := figure.too_early:
        raise InputError(early, file=file, place=cell.place)
    if figure.status == "suppressed" and figure.outside:
        return replace(cell, figure=replace(figure, status="not_available"))
    return cell
