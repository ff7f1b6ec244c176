"""The attacker's view: what follows about every hidden cell from everything published together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import cached_property, partial

import numpy as np
import polars as pl

from tilsyn.figures.table import Figure, rows
from tilsyn.protection.derivation import Derivations
from tilsyn.protection.intervals import tightest
from tilsyn.protection.matrix import MOST, ContradictionError
from tilsyn.protection.model import SOURCES, Recovered, Rules
from tilsyn.protection.relations import Cell, Relation, is_counted
from tilsyn.protection.system import Failing, System, sound, system

_PUBLICATION = ["release", "published", "provenance"]


def audit(
    figures: pl.DataFrame,
    *,
    discretion: Rules = SOURCES,
    failing: Failing = frozenset(),
    exact: pl.DataFrame | None = None,
) -> list[Recovered]:
    """The tightest interval of every hidden cell.

    Each publication is looked at alone and all of them together; the narrower answer counts.
    Relations that the figures break (`dropped`) are left out.

    Args:
        figures: figure tables laid together, every vintage kept.
        failing: measures and kinds of relations of which the releases say that they do not hold.
        exact: the figures that they were made from, where they are known: relations that these break
            are left out, and `failing` is not needed.
        discretion: what "." says, for all or by provenance; by default that counts up to 2 are hidden in published figures,
            and any count may be in figures measured from a register and protected.

    Returns:
        One record a hidden cell and publication, in the figures' order. Intervals of counts are the
        tightest there are; those of shares follow from the intervals of their counts.
    """
    hidden = figures.filter((pl.col("status") == "suppressed") & is_counted())
    if hidden.is_empty():
        return []
    solved = partial(_View, discretion=discretion, failing=failing, exact=exact)
    together = solved(figures)
    publications = figures.partition_by(_PUBLICATION, as_dict=True, maintain_order=True)
    alone = (
        {key: solved(part) for key, part in publications.items()} if len(publications) > 1 else {}
    )
    found = []
    for figure in rows(hidden):
        own = alone.get((figure.release, figure.published, figure.provenance))
        found.append(together.recovered(figure, own))
    return found


def dropped(
    figures: pl.DataFrame,
    *,
    discretion: Rules = SOURCES,
    failing: Failing = frozenset(),
    exact: pl.DataFrame | None = None,
) -> Counter[str]:
    """How many relations `audit` leaves out because the figures break them, by kind."""
    _, broken = _sound(figures, discretion, failing, exact)
    return Counter(one.kind for one in broken)


def _sound(
    figures: pl.DataFrame, discretion: Rules, failing: Failing, exact: pl.DataFrame | None
) -> tuple[System, list[Relation]]:
    if exact is None:
        return sound(system(figures, discretion, failing))
    return sound(system(figures, discretion), system(exact))


class _View:
    """A system solved."""

    def __init__(
        self,
        figures: pl.DataFrame,
        discretion: Rules,
        failing: Failing,
        exact: pl.DataFrame | None,
    ) -> None:
        self.system, _ = _sound(figures, discretion, failing, exact)
        wanted = np.zeros(len(self.system.cells), dtype=np.bool_)
        for cell in _hidden_counts(figures):
            if cell in self.system.index:
                wanted[self.system.index[cell]] = True
        self.matrix = self.system.matrix
        try:
            self.low, self.high = tightest(self.matrix, self.system.low, self.system.high, wanted)
        except ContradictionError:
            self.low, self.high = self.system.low, self.system.high

    @cached_property
    def derivations(self) -> Derivations:
        """How the counts known exactly follow."""
        return Derivations(self.system, self.low, self.high)

    def recovered(self, figure: Figure, own: _View | None) -> Recovered:
        """What follows about a hidden figure here, or in its own publication alone."""
        if figure.statistic == "share":
            views = [view for view in (own, self) if view is not None]
            return max((view._share(figure) for view in views), key=lambda r: (r.exact, r.low))
        views = [
            view for view in (own, self) if view is not None and figure.cell in view.system.index
        ]
        low, high, by = 0, MOST, None
        for view in views:
            least, most = view.interval(figure)
            if least > high or most < low:
                continue  # a later release revised what this one says
            if least > low or most < high or by is None:
                by = view
            low, high = max(low, least), min(high, most)
        words: dict[str, str] = {}
        if by is not None and low == high:
            i = by.system.index[figure.cell]  # type: ignore[index]
            words = by.derivations.of(i)
        return Recovered(figure, low, None if high >= MOST else high, words)

    def interval(self, figure: Figure) -> tuple[int, int]:
        """The bounds of a count, persons."""
        i = self.system.index[figure.cell]  # type: ignore[index]
        return int(self.low[i]), int(self.high[i])

    def _share(self, figure: Figure) -> Recovered:
        measure, _, kind, area, grp, visitation, _, month = figure.cell
        bounds: list[tuple[int, int]] = []
        for statistic in ("unmet", "population"):
            i = self.system.index.get(
                (measure, statistic, kind, area, grp, visitation, "", month)  # type: ignore[arg-type]
            )
            bounds.append((0, MOST) if i is None else (int(self.low[i]), int(self.high[i])))
        (least, most), (fewest, largest) = bounds
        low = _tenth(least, largest)
        high = _tenth(min(most, fewest), fewest) if most <= fewest else 100.0
        words = {}
        if low == high:
            words = (
                {"da": f"{least} af {largest}", "en": f"{least} of {largest}"}
                if fewest == largest
                else {"da": "0 af målgruppen", "en": "0 of the population"}
            )
        return Recovered(figure, low, high, words)


def _tenth(count: int, population: int) -> float:
    """A share as printed, per cent; 0 where there is nobody."""
    return math.floor(1000 * count / population + 0.5) / 10 if population else 0.0


def _hidden_counts(figures: pl.DataFrame) -> Iterator[Cell]:
    hidden = figures.filter((pl.col("status") == "suppressed") & (pl.col("statistic") != "share"))
    columns = [
        "measure",
        "statistic",
        "area_kind",
        "area",
        "grp",
        "visitation",
        "category",
        "month",
    ]
    yield from hidden.select(columns).iter_rows()
    shares = figures.filter((pl.col("status") == "suppressed") & (pl.col("statistic") == "share"))
    for measure, _, kind, area, grp, visitation, _, month in shares.select(columns).iter_rows():
        for statistic in ("unmet", "population"):
            yield (measure, statistic, kind, area, grp, visitation, "", month)
