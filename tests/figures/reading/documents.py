"""The tables of four real documents, and what they hold cell by cell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from tilsyn.figures.reading import Reading, read_published
from tilsyn.figures.table import CELL

TABLES = Path(__file__).parent / "tables"

# Document number in published.csv: its file, and the day it was published where it does not say.
DOCUMENTS = {
    "000": ("long_term_conversations.txt", None),
    "001": ("restoration.txt", dt.date(2023, 2, 20)),
    "002": ("side_by_side.txt", dt.date(2022, 5, 1)),
    "003": ("status_note.txt", dt.date(2023, 11, 1)),
}

# Two cells of document 000 stand in a sentence of the letter, not in a table.
IN_PROSE = pl.col("release").eq("000") & pl.col("visitation").ne("")


def read_document(number: str) -> Reading:
    name, published = DOCUMENTS[number]
    return read_published(TABLES / name, published=published, release=number)


def transcribed() -> Reading:
    return read_published(TABLES / "published.csv")


def figures_of(number: str) -> pl.DataFrame:
    return transcribed().figures.filter(pl.col("release") == number)


def cells(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """Rows as a sorted list: equal lists are equal cells, none twice."""
    return sorted(frame.select(*CELL, *columns).rows(), key=repr)
