"""The published cells of one measure, municipality and month, as bounds on unknown whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.table import Figure, rows
from tilsyn.vocabulary import GROUPS, MEASURES, TOTAL, YearMonth, area_name

HIDDEN = range(3)
"""What a count that is not shown may be: 0, 1 or 2."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is published of one group (or of the total).

    Attributes:
        persons: by category; None where the cell is missing.
        unmet, population: a count; None where it is missing.
        share: unmet persons in per cent as printed with one decimal; None where not known.
    """

    persons: dict[str, Figure | None]
    unmet: Figure | None
    population: Figure | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Table:
    """What is published of one measure.

    Attributes:
        measure: its code.
        categories: of `persons`, in order.
        total: the row over all groups.
        groups: the published groups, in order.
        unmet_by_visitation: group -> visitation -> persons, where it is published.
    """

    measure: str
    categories: tuple[str, ...]
    total: Row
    groups: dict[str, Row]
    unmet_by_visitation: dict[str, dict[str, int]]


def possible(figure: Figure | None, most: int) -> range:
    """The whole numbers a count may be.

    Args:
        figure: the published cell, or None.
        most: an upper bound from elsewhere.
    """
    if figure is None or figure.status == "not_available":
        return range(most + 1)
    if figure.status == "suppressed":
        return range(min(most, HIDDEN[-1]) + 1)
    number = round(figure.value or 0)
    return range(number, number + 1)


def read(figures: pl.DataFrame, measure: str, municipality: str, month: YearMonth) -> Table | None:
    """The published cells of a measure; None if there are none of persons by number.

    Raises:
        InputError: the total of a category is not shown, or one cell was published twice.
    """
    frame = figures.filter(
        (pl.col("measure") == measure)
        & (pl.col("area_kind") == "municipality")
        & (pl.col("area") == municipality)
        & (pl.col("month") == month.first)
    )
    cells: dict[tuple[str, str, str, str], Figure] = {}
    for figure in rows(frame):
        key = (figure.statistic, figure.grp, figure.visitation, figure.category)
        if key in cells:
            raise InputError(
                f"{figure.describe()}: published more than once "
                f"({cells[key].release} and {figure.release}); choose one release"
            )
        cells[key] = figure
    if not any(statistic == "persons" for statistic, *_ in cells):
        return None
    categories = tuple(MEASURES[measure].categories)

    def row(group: str) -> Row:
        share = cells.get(("share", group, "", ""))
        return Row(
            persons={c: cells.get(("persons", group, "", c)) for c in categories},
            unmet=cells.get(("unmet", group, "", "")),
            population=cells.get(("population", group, "", "")),
            share=share.value if share is not None else None,
        )

    total = row(TOTAL.code)
    for category in categories:
        known = total.persons[category]
        if known is None or known.value is None:
            place = area_name("municipality", municipality)
            raise InputError(
                f"{place}, {measure}, {month}: the total of '{category}' is not shown, so the "
                "groups' hidden cells cannot be bounded; a table with all totals is needed"
            )
    published = {group for _, group, _, _ in cells}
    split: dict[str, dict[str, int]] = {}
    for (statistic, group, visitation, _), figure in cells.items():
        if statistic == "unmet" and visitation and figure.value is not None:
            split.setdefault(group, {})[visitation] = round(figure.value)
    groups = {code: row(code) for code in GROUPS.codes if code in published}
    return Table(measure, categories, total, groups, split)
