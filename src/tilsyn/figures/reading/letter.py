"""Tables as letters, notes and Jobindsats print them: titles, months as heads, groups as rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tilsyn.errors import InputError
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.reading.blocks import blocks
from tilsyn.figures.reading.lines import in_danish
from tilsyn.figures.reading.model import Cell, Reading, reading
from tilsyn.figures.reading.numbers import printed_value
from tilsyn.figures.reading.settling import Settled, group_of_visitation, settled
from tilsyn.figures.reading.tables import Table, column_place, tables
from tilsyn.figures.reading.tidy import Defaults
from tilsyn.figures.reading.titles import captions
from tilsyn.figures.table import Figure
from tilsyn.tables.line import Line
from tilsyn.vocabulary import category_of
from tilsyn.vocabulary.months import DANISH, YearMonth

_DATED = re.compile(r"(?:sendt\s+|modtaget\s+)?dato\b\s*:?\s*(.+)", re.I)
_IN_WORDS = re.compile(rf"(\d{{1,2}})\.?\s+({'|'.join(DANISH)})\s+(\d{{4}})\b", re.I)
_IN_FIGURES = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})\b")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\b")

EARLIEST = dt.date(2000, 1, 1)
"""Dates before this are no dates of a supervision document (mail programs write 01-01-1753)."""


def read_layout(lines: Sequence[Line], file: Path, defaults: Defaults) -> Reading:
    """Read every table of a document.

    Raises:
        InputError: there is no table, or one that cannot be read or placed.
    """
    found = tables(lines, file)
    if not found:
        raise no_table(file)
    complete, remarks = settled(blocks(lines, found), captions(lines), defaults, file)
    published = defaults.published or _published(lines, found, file)
    release = defaults.release or file.stem
    cells = [cell for block in complete for cell in _cells(block, published, release, file)]
    return reading(file, cells, [*(_doubtful_months(complete)), *remarks])


def no_table(file: Path) -> InputError:
    """The error for a file without a table."""
    return InputError(
        "no table found; a table has months (or 0 1 2 … 5+) as column heads and benefit groups as "
        "rows below them",
        file=file,
    )


def _published(lines: Sequence[Line], found: Sequence[Table], file: Path) -> dt.date:
    """The date the document gives itself, if it is one at which its figures can have been known."""
    months = [c.month for table in found for c in table.head.columns if c.month]
    earliest = max([EARLIEST, *(month.last for month in months)])
    for line in lines:
        match = _DATED.match(line.text.replace("*", ""))
        day = _date(match[1]) if match else None
        if day and day >= earliest:
            return day
    raise InputError(
        "when was it published? The document gives no date after its last month; give "
        "--published 2023-02-20",
        file=file,
    )


def _date(text: str) -> dt.date | None:
    try:
        if match := _IN_WORDS.match(text):
            return dt.date(int(match[3]), DANISH.index(match[2].lower()) + 1, int(match[1]))
        if match := _IN_FIGURES.match(text):
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        if match := _ISO.match(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return None


def _cells(of: Settled, published: dt.date, release: str, file: Path) -> Iterator[Cell]:
    block, table, statistic = of.block, of.block.table, of.facts.statistic
    above = ""
    for row in table.rows:
        if row.label is None:
            continue
        if row.label.grp:
            group = above = row.label.grp
        else:
            group = group_of_visitation(of, above, file, row.place)
        for column, raw in zip(block.columns, row.cells[block.first : block.last], strict=True):
            place = column_place(row, column, table.head)
            try:
                value, status = printed_value(raw, statistic)
                category = category_of(column.category, of.measure) if column.category else ""
            except ValueError as error:
                raise InputError(str(error), file=file, place=place) from None
            month = column.month or of.facts.month
            if month is None:  # settled() has refused the block
                raise AssertionError(f"{place}: no month")
            figure = Figure(
                of.measure,
                statistic,
                "municipality",
                of.facts.area,
                group,
                row.label.visitation,
                category,
                month.first,
                value,
                status,
                "published",
                release,
                published,
            )
            yield Cell(figure, raw, place)


def _doubtful_months(complete: Sequence[Settled]) -> Iterator[Anomaly]:
    for of in complete:
        for column in of.block.columns:
            if column.doubt and column.month is not None:
                month: YearMonth = column.month
                place = of.block.table.place
                yield Anomaly(
                    "reading",
                    f"Månedsnavnet »{column.text}« ({in_danish(place)}) er læst som "
                    f"{month.name()}.",
                    f"The month '{column.text}' ({place}) is read as {month.name('en')}.",
                    measure=of.measure,
                    statistic=of.facts.statistic,
                    area_kind="municipality",
                    area=of.facts.area,
                    month=month.first,
                )
