"""Which cases new figures touch: those whose matters have moved, or whose judgement has turned."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tilsyn.cases.models import Matter
from tilsyn.cases.models.case import CaseQuerySet
from tilsyn.rules.finding import Flip


def touched(cases: CaseQuerySet, moved: pl.DataFrame, flips: Iterable[Flip]) -> CaseQuerySet:
    """Those of the cases that have a matter among the cells that moved or the judgements that turned.

    Args:
        cases: where to look.
        moved: cells by the columns of a figure table.
        flips: judgements.
    """
    cells = moved.filter(pl.col("area_kind") == "municipality").select("area", "measure", "grp")
    told = set(cells.unique().iter_rows())
    told |= {(f.after.municipality, f.after.measure, f.after.grp) for f in flips}
    matters = Matter.objects.filter(case__in=cases).values_list("case", "area", "measure", "grp")
    found = {case for case, *matter in matters if tuple(matter) in told}
    return cases.filter(pk__in=found).by_deadline()
