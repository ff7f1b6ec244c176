"""Excel in the letters' layout: a sheet a municipality, titles above, months across, groups down.

What the layout has no place for (other areas than municipalities, durations, the result goal, the
total divided by visitation) is left out and counted; the tidy export has everything. Shares have one
decimal, as in the letters. Hidden numbers told together take one wide cell: "1+: 4".
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from tilsyn.errors import InputError
from tilsyn.exports.files import write_whole
from tilsyn.figures.grid import across, in_cell
from tilsyn.figures.printing import HIDDEN, printed
from tilsyn.figures.sources import own_registers, source
from tilsyn.figures.table import Figure, checked, ordered, rows
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


_TOGETHER = (
    "»{cell}« betyder, at kolonnerne er talt sammen: i alt {number} personer. "
    "Hvor mange der er i hver af dem, vises ikke."
)


@dataclass(frozen=True, slots=True)
class _Block:
    """One table: its titles, heads and rows; a cell is a figure or None, and the columns it takes."""

    titles: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Figure | None, int], ...]], ...]

    @property
    def placed(self) -> int:
        """How many figures it shows, or tells together."""
        cells = [cell for _, row in self.rows for cell in row]
        return sum(figure is not None for figure, _ in cells) + sum(
            width for _, width in cells if width > 1
        )


def fits(figures: pl.DataFrame) -> pl.DataFrame:
    """The figures that have a place in the layout."""
    measures = [measure.code for measure in MEASURES if measure.event]
    return figures.filter(
        (pl.col("area_kind") == "municipality")
        & pl.col("measure").is_in(measures)
        & pl.col("statistic").is_in(list(_TITLES))
        & ((pl.col("visitation") == "") | pl.col("grp").is_in(list(GROUPS.codes)))
        & ((pl.col("statistic") == "persons") == (pl.col("category") != ""))
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
        "together": book.add_format({"align": "center"}),
        "note": book.add_format({"italic": True}),
    }
    placed, own = 0, own_registers(figures)
    for (area,), part in table.partition_by("area", as_dict=True, maintain_order=True).items():
        name = MUNICIPALITIES[str(area)].name if str(area) in MUNICIPALITIES else str(area)
        sheet = book.add_worksheet(name[:31])
        sheet.set_column(0, 0, 48)
        at = 0
        for block in _blocks(name, part):
            at = _write(sheet, at, block, forms) + 1
            placed += block.placed
        sheet.write_string(at, 0, source({0: rows(part)}, "da", own), forms["note"])
    book.close()
    write_whole(file, stream.getvalue())
    return figures.height - placed


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
                    yield _by_number(titles, str(measure), one)
            else:
                yield _by_month((name, title), of)


def _title(measure: str, statistic: str, group: str) -> str:
    of = MEASURES[measure]
    return _TITLES[statistic].format(
        persons=ROWS[group].da_persons if group else "personer",
        seniority=of.seniority_months,
        lacking=_LACKING[of.event],
        event=of.events("da"),
    )


def _by_month(titles: tuple[str, ...], figures: pl.DataFrame) -> _Block:
    months = figures["month"].unique().sort().to_list()
    return _Block(
        titles,
        tuple(YearMonth.of(month).short() for month in months),
        tuple(
            (label, tuple((of.get(month), 1) for month in months))
            for label, of in _labelled(figures, "month").items()
        ),
    )


def _by_number(titles: tuple[str, ...], measure: str, figures: pl.DataFrame) -> _Block:
    return _Block(
        titles,
        MEASURES[measure].categories,
        tuple(
            (label, tuple((of.get(category), width) for category, width in across(measure, of)))
            for label, of in _labelled(figures, "category").items()
        ),
    )


def _labelled(figures: pl.DataFrame, column: str) -> dict[str, dict[Any, Figure]]:
    """Figures by what their row and their column are called."""
    cells: dict[str, dict[Any, Figure]] = {}
    for figure in rows(figures):
        label = VISITATION[figure.visitation].da if figure.visitation else ROWS[figure.grp].da
        cells.setdefault(label, {})[getattr(figure, column)] = figure
    return cells


def _write(sheet: Any, at: int, block: _Block, forms: dict[str, Any]) -> int:
    """Write a table from row `at` on; returns the row after it."""
    for title in block.titles:
        sheet.write_string(at, 0, title, forms["title"])
        at += 1
    for column, head in enumerate(block.heads, 1):
        sheet.write_string(at, column, head, forms["hidden"])
    note = ""
    for label, cells in block.rows:
        at += 1
        sheet.write_string(at, 0, label, forms["title"] if label == ROWS["total"].da else None)
        column = 1
        for figure, width in cells:
            place, column = column, column + width
            if figure is None or figure.status == "not_available":
                continue
            if width > 1 and figure.value is not None:
                text = in_cell(figure.category, printed(figure.value), width)
                sheet.merge_range(at, place, at, column - 1, text, forms["together"])
                note = note or _TOGETHER.format(cell=text, number=printed(figure.value))
            elif figure.value is None:
                sheet.write_string(at, place, HIDDEN, forms["hidden"])
            elif figure.statistic == "share":
                sheet.write_number(at, place, float(decimal(figure.value) / 100), forms["share"])
            else:
                sheet.write_number(at, place, figure.value, forms["count"])
    if note:
        at += 1
        sheet.write_string(at, 0, note, forms["note"])
    return at + 1
