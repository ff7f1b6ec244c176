"""Areas that were asked for and are not in the answers: said, so that a gap is not taken for nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import polars as pl

from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.jobindsats.areas import area_of
from tilsyn.figures.jobindsats.catalogue import Hierarchy
from tilsyn.vocabulary import YearMonth, area_name
from tilsyn.vocabulary.wording import joined


def missing_areas(
    hierarchies: Iterable[Hierarchy], figures: pl.DataFrame, measure: str
) -> Iterator[Anomaly]:
    """An oddity for each area that the table has and some month of the figures lacks altogether.

    Args:
        hierarchies: of areas, those that were asked for; names that are no area are passed over.
        figures: what the answers told of one measure.
        measure: its code.
    """
    asked = {one for hierarchy in hierarchies for one in _areas(hierarchy)}
    told = set(figures.select("area_kind", "area", "month").unique().iter_rows())
    months = sorted(figures["month"].unique().to_list())
    lacking = defaultdict(list)
    for kind, area in sorted(asked):
        for month in months:
            if (kind, area, month) not in told:
                lacking[kind, area].append(month)
    for (kind, area), found in lacking.items():
        whole = len(found) == len(months)
        names = [str(YearMonth.of(month)) for month in found]
        da = "alle måneder" if whole else joined(names, "da")
        en = "every month" if whole else joined(names, "en")
        yield Anomaly(
            "reading",
            f"Området »{area_name(kind, area, 'da')}« mangler i svaret for {da}.",
            f"The area '{area_name(kind, area, 'en')}' is missing from the answer for {en}.",
            measure=measure,
            area_kind=kind,
            area=area,
            month=found[0] if len(found) == 1 else None,
        )


def _areas(hierarchy: Hierarchy) -> Iterator[tuple[str, str]]:
    for value in hierarchy.values:
        try:
            yield area_of(value.value_name, hierarchy.hierarchy_id)
        except ValueError:
            continue  # no area of ours; rows about it are reported where they are read
