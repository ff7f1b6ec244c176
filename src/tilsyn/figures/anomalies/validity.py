"""Figures of what was not formed in their month: groups, visitation categories, measures, areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import polars as pl

from tilsyn.figures.anomalies.model import Anomaly
from tilsyn.figures.table import rows
from tilsyn.vocabulary import MEASURES, YearMonth, area_name
from tilsyn.vocabulary.wording import date, months


def validity_anomalies(figures: pl.DataFrame) -> Iterator[Anomaly]:
    """One for each measure, area and member of a list that has numbers outside its validity."""
    # What is outside depends on no more than this; of a country's figures it is soon told.
    keys = ["measure", "area_kind", "area", "grp", "visitation", "month"]
    known = figures.filter(pl.col("value").is_not_null()).unique(keys).sort(keys)
    outside = defaultdict(list)
    for figure in rows(known):
        for member in figure.outside:
            outside[figure.measure, figure.area_kind, figure.area, member].append(figure)
    for (measure, kind, area, member), found in outside.items():
        span = sorted({YearMonth.of(figure.month) for figure in found})
        ended = member.valid_to is not None and member.valid_to <= span[0].first
        day = member.valid_to if ended else member.valid_from
        assert day is not None
        da, en = (
            f"{area_name(kind, area, language)}, {MEASURES[measure].name(language)}: "
            for language in ("da", "en")
        )
        da += f"»{member.da}« har tal for {months(span)}, men opgøres "
        en += f"'{member.en}' has figures for {months(span, 'en')}, but is "
        da += f"ikke længere fra {date(day)}." if ended else f"først fra {date(day)}."
        en += (
            f"no longer counted from {date(day, 'en')}."
            if ended
            else f"counted only from {date(day, 'en')}."
        )
        groups = {figure.grp for figure in found}
        yield Anomaly(
            "outside_validity",
            da,
            en,
            measure=measure,
            area_kind=kind,
            area=area,
            grp=groups.pop() if len(groups) == 1 else "",
            month=found[0].month if len(span) == 1 else None,
        )
