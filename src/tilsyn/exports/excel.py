"""Excel in the letters' layout: a sheet a municipality, titles above, months across, groups down.

What the layout has no place for (other areas than municipalities, durations, the result goal, the
total divided by visitation, numbers that others publish together) is left out and counted; the tidy export has everything. Shares have one
decimal, as in the letters.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from tilsyn.errors import InputError
from tilsyn.exports.files import write_whole
from tilsyn.figures.printing import HIDDEN
from tilsyn.figures.reading.titles import measure_named
from tilsyn.figures.sources import own_registers, source
from tilsyn.figures.table import Figure, checked, is_range, ordered, rows
from tilsyn.protection import Shown
from tilsyn.vocabulary import GROUPS, MEASURES, MUNICIPALITIES, ROWS, VISITATION, YearMonth
from tilsyn.vocabulary.wording import decimal

_TITLES = {
    "share": "Andel {persons} ({seniority} mdr. på ydelse), {lacking}",
    "unmet": "Antal {persons} ({seniority} mdr. på ydelse), {lacking}",
    "population": "Antal {persons} med {seniority} mdr. anciennitet ({event})",
    "persons": "Antal {persons} ({seniority} mdr. på ydelse) fordelt på antal {event}",
}
_LACKING = {
    "conversations": "som har fået afholdt færre end 4 samtaler",
    "offers": "som ikke har fået tilbud",
}


@dataclass(frozen=True, slots=True)
class _Block:
    """One table: its titles, heads and rows; a cell is a figure or None."""

    titles: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Figure | None, ...]], ...]


def fits(figures: pl.DataFrame) -> pl.DataFrame:
    """The figures that have a place in the layout."""
    # A title tells a measure by its event and seniority alone.
    measures = [m.code for m in MEASURES if measure_named(m.event, m.seniority_months) == m.code]
    return figures.filter(
        (pl.col("area_kind") == "municipality")
        & pl.col("measure").is_in(measures)
        & pl.col("statistic").is_in(list(_TITLES))
        & ((pl.col("visitation") == "") | pl.col("grp").is_in(list(GROUPS.codes)))
        & ((pl.col("statistic") == "persons") == (pl.col("category") != ""))
        & ~is_range()
    )


def write_excel(shown: Shown, file: Path) -> int:
    """Write a workbook in the letters' layout.

    Args:
        shown: figures as their audience may see them, one vintage a cell.
        file: must not exist.

    Returns:
        How many figures were left out because the layout has no place for them.

    Raises:
        InputError: nothing fits the layout, the figures are unsound, or the file cannot be written.
    """
    figures = checked(shown.figures, file=file)
    table = fits(ordered(figures))
    if table.is_empty():
        raise InputError(
            "no figure has a place in the letters' layout (municipalities, the four measures); "
            "use --as tidy",
            file=file,
        )
    stream = io.BytesIO()
    day = table["published"].max()
    assert isinstance(day, dt.date)
    book = xlsxwriter.Workbook(
        stream, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    book.set_properties({"created": dt.datetime(day.year, day.month, day.day)})
    forms = {
        "title": book.add_format({"bold": True}),
        "share": book.add_format({"num_format": "0.0%"}),
        "count": book.add_format({"num_format": "0"}),
        "hidden": book.add_format({"align": "right"}),
        "note": book.add_format({"italic": True}),
    }
    own = own_registers(figures)
    for (area,), part in table.partition_by("area", as_dict=True, maintain_order=True).items():
        name = MUNICIPALITIES[str(area)].name if str(area) in MUNICIPALITIES else str(area)
        sheet = book.add_worksheet(name[:31])
        sheet.set_column(0, 0, 48)
        at = 0
        for block in _blocks(name, part):
            at = _write(sheet, at, block, forms) + 1
        sheet.write_string(at, 0, source({0: rows(part)}, "da", own), forms["note"])
    book.close()
    write_whole(file, stream.getvalue())
    return figures.height - table.height


def _blocks(name: str, figures: pl.DataFrame) -> Iterator[_Block]:
    """The tables of one municipality, measure by measure."""
    keys = ["measure", "statistic"]
    for (measure, statistic), part in figures.partition_by(
        keys, as_dict=True, maintain_order=True
    ).items():
        whole = part.filter(pl.col("visitation") == "")
        divided = part.filter(pl.col("visitation") != "")
        tables = [("", whole)] if whole.height else []
        tables += [
            (str(group), of)
            for (group,), of in divided.partition_by(
                ["grp"], as_dict=True, maintain_order=True
            ).items()
        ]
        for group, of in tables:
            title = _title(str(measure), str(statistic), group)
            if statistic == "persons":
                for (month,), one in of.partition_by(
                    ["month"], as_dict=True, maintain_order=True
                ).items():
                    assert isinstance(month, dt.date)
                    titles = (name, YearMonth.of(month).short(), title)
                    yield _block(titles, MEASURES[str(measure)].categories, one, "category")
            else:
                months = of["month"].unique().sort().to_list()
                yield _block((name, title), months, of, "month")


def _title(measure: str, statistic: str, group: str) -> str:
    of = MEASURES[measure]
    return _TITLES[statistic].format(
        persons=ROWS[group].da_persons if group else "personer",
        seniority=of.seniority_months,
        lacking=_LACKING[of.event],
        event=of.events("da"),
    )


def _block(
    titles: tuple[str, ...], columns: Sequence[Any], figures: pl.DataFrame, across: str
) -> _Block:
    cells: dict[str, dict[Any, Figure]] = {}
    for figure in rows(figures):
        label = VISITATION[figure.visitation].da if figure.visitation else ROWS[figure.grp].da
        cells.setdefault(label, {})[getattr(figure, across)] = figure
    heads = [YearMonth.of(c).short() if isinstance(c, dt.date) else str(c) for c in columns]
    return _Block(
        titles,
        tuple(heads),
        tuple((label, tuple(of.get(c) for c in columns)) for label, of in cells.items()),
    )


def _write(sheet: Any, at: int, block: _Block, forms: dict[str, Any]) -> int:
    """Write a table from row `at` on; returns the row after it."""
    for title in block.titles:
        sheet.write_string(at, 0, title, forms["title"])
        at += 1
    for column, head in enumerate(block.heads, 1):
        sheet.write_string(at, column, head, forms["hidden"])
    for label, cells in block.rows:
        at += 1
        sheet.write_string(at, 0, label, forms["title"] if label == ROWS["total"].da else None)
        for column, figure in enumerate(cells, 1):
            if figure is None or figure.status == "not_available":
                continue
            if figure.value is None:
                sheet.write_string(at, column, HIDDEN, forms["hidden"])
            elif figure.statistic == "share":
                sheet.write_number(at, column, float(decimal(figure.value) / 100), forms["share"])
            else:
                sheet.write_number(at, column, figure.value, forms["count"])
    return at + 1
