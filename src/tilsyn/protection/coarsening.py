"""Hidden numbers of a row told as one: persons with one and with two or more offers as "1+".

Where a row shows all of a sum but some neighbouring numbers, what these are together can be computed
by anybody. It is said, then, in the row: nothing new is told, so nothing need be protected anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from tilsyn.figures.table import Figure, rows, table
from tilsyn.protection.model import Parameters
from tilsyn.protection.relations import is_counted
from tilsyn.vocabulary import MEASURES, range_of

_ROW = ["measure", "area_kind", "area", "grp", "visitation", "month", "release", "published"]
_Cells = Mapping[tuple[str, str], Figure]
"""A row of one publication: its figures by statistic and category."""


def coarsened(figures: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """The figures, with the ranges that follow from those of their row added at the end.

    A range is told where its sum follows from the row's own shown figures of the same publication,
    by one of the sums of the measures' `numbers` that are equations; never below the smallest count shown.

    Args:
        figures: figures as others see them; those measured from a register are looked at.
        parameters: whether to do so at all, and the smallest count shown.
    """
    if not parameters.coarsen:
        return figures
    ours = figures.filter(
        (pl.col("provenance") == "register")
        & is_counted()
        & pl.col("statistic").is_in(["population", "unmet", "persons"])
    )
    hidden = (pl.col("statistic") == "persons") & (pl.col("status") == "suppressed")
    found: dict[tuple[object, ...], dict[tuple[str, str], Figure]] = defaultdict(dict)
    for figure in rows(ours.filter(hidden.sum().over(_ROW) > 1)):
        row = tuple(getattr(figure, name) for name in _ROW)
        found[row][figure.statistic, figure.category] = figure
    told = [one for cells in found.values() for one in _told(cells, parameters.smallest)]
    return pl.concat([figures, table(told)])


def _told(cells: _Cells, smallest: int) -> Iterator[Figure]:
    """The ranges of a row."""
    like = next(iter(cells.values()))
    taken: set[str] = set()
    for categories, whole in _sums(like, cells):
        persons = [cells.get(("persons", category)) for category in categories]
        if any(cell is None or cell.status == "not_available" for cell in persons):
            continue
        hidden = [cell.category for cell in persons if cell and cell.value is None]
        together = whole - sum(cell.value or 0 for cell in persons if cell)
        name = range_of(like.measure, hidden) if len(hidden) > 1 else ""
        if not name or ("persons", name) in cells or taken & set(hidden) or together < smallest:
            continue
        taken |= set(hidden)
        yield replace(
            like, statistic="persons", category=name, value=float(together), status="value"
        )


def _sums(like: Figure, cells: _Cells) -> Iterator[tuple[tuple[str, ...], float]]:
    """The categories whose sum a row shows, and that sum; the finest first."""
    every = MEASURES[like.measure].categories
    short = MEASURES[like.measure].unmet_numbers(like.grp, like.month)
    unmet, population = _number(cells, "unmet"), _number(cells, "population")
    if short is not None and short.equals and unmet is not None:
        yield short.equals, unmet
        if population is not None:
            yield tuple(c for c in every if c not in short.equals), population - unmet
    if population is not None:
        yield every, population


def _number(cells: _Cells, statistic: str) -> float | None:
    figure = cells.get((statistic, ""))
    return None if figure is None else figure.value
