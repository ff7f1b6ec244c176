"""Made-up figures for a demonstration: every municipality but those the sample documents tell about.

The numbers are drawn, not measured; the same seed gives the same. Releases come monthly with a lag of
two months, and late registrations move the newest months a little, as they do in truth.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

from tilsyn.figures import release as releases
from tilsyn.figures.release import Release
from tilsyn.figures.table import Figure, status_of, table
from tilsyn.vocabulary import GROUPS, MEASURES, MUNICIPALITIES, TOTAL, MonthRange, YearMonth

REAL = ("183", "766")
"""Municipalities whose published figures are among the samples."""

_SIZE = {
    "a_dagpenge": 90, "kontanthjaelp": 70, "uddannelseshjaelp": 45, "overgangsydelse": 12,
    "sygedagpenge": 60, "jobafklaring": 22, "ledighedsydelse": 14, "ressourceforloeb": 18,
    "revalidering": 4,
}  # fmt: skip
_BASE = {"conversations_6m": 0.12, "offers_6m": 0.11, "conversations_12m": 0.14, "offers_12m": 0.21}
_SEED = 2023

Counts = dict[tuple[str, str, YearMonth], tuple[int, int]]
"""Population and unmet by measure, group and month."""


def national(
    folder: Path, published: list[dt.date], *, months: int = 13, earlier: int = 0
) -> list[tuple[Path, dt.date]]:
    """Write made-up releases, and say which day each is judged.

    Args:
        folder: where releases are.
        published: when each came out; each holds the months to two before.
        months: how many months a release holds.
        earlier: how many more the first one does.
    """
    made = []
    for number, day in enumerate(published):
        last = YearMonth.of(day) - 3
        span = MonthRange.ending(last, months + (earlier if number == 0 else 0))
        target = folder / f"landet-{YearMonth.of(day)}"
        if not target.exists():
            figures = table(_figures(span, day, target.name))
            releases.write(Release(target.name, day, figures), target)
        made.append((target, day))
    return made


def _figures(span: MonthRange, day: dt.date, release: str) -> Iterator[Figure]:
    sums: dict[tuple[str, str], Counts] = {}
    for place in MUNICIPALITIES:
        counts = _counts(place.code, span, day)
        for kind in ("rar", "amk", "country"):
            of_area = sums.setdefault((kind, place.area(kind)), {})
            for cell, (population, unmet) in counts.items():
                before = of_area.get(cell, (0, 0))
                of_area[cell] = (before[0] + population, before[1] + unmet)
        if place.code not in REAL:
            yield from _cells("municipality", place.code, counts, day, release)
            yield from _goal(place.code, span, day, release)
    for (kind, area), counts in sums.items():
        yield from _cells(kind, area, counts, day, release)


def _counts(area: str, span: MonthRange, day: dt.date) -> Counts:
    """A municipality's persons: a level of its own that wanders slowly, more for some groups."""
    own = random.Random(f"{_SEED}/{area}")
    size, level = own.lognormvariate(0, 0.65), own.lognormvariate(-0.12, 0.30)
    if area in ("101", "751", "461", "851"):
        size = 6.0
    found: Counts = {}
    for measure, base in _BASE.items():
        long = 2.2 if MEASURES[measure].effort == "focus" else 1.0
        effort = level * own.lognormvariate(0, 0.16)
        for month in span:
            wave = random.Random(f"{_SEED}/{area}/{measure}/{month}")
            whole = [0, 0]
            for grp in GROUPS.codes:
                leaning = random.Random(f"{_SEED}/{area}/{measure}/{grp}").lognormvariate(
                    -0.02, 0.16
                )
                mean = _SIZE.get(grp, 10) * size * long
                population = max(0, round(wave.gauss(mean, mean * 0.08 + 1)))
                share = min(0.9, base * effort * leaning * wave.lognormvariate(0, 0.08))
                # What was held but not yet registered when the release was made.
                share *= 1 + 0.05 * max(0, 3 - (YearMonth.of(day).since(month) - 2))
                unmet = min(population, max(0, round(population * share)))
                found[measure, grp, month] = (population, unmet)
                whole[0] += population
                whole[1] += unmet
            found[measure, TOTAL.code, month] = (whole[0], whole[1])
    return found


def _cells(kind: str, area: str, counts: Counts, day: dt.date, release: str) -> Iterator[Figure]:
    for (measure, grp, month), (population, unmet) in counts.items():
        share = round(100 * unmet / population, 1) if population else None
        for statistic, value in (("population", population), ("unmet", unmet), ("share", share)):
            # A count below three is hidden, and so is the share that would give it back.
            hidden = (0 < population < 3) or (0 < unmet < 3 and statistic != "population")
            number = None if hidden or value is None else float(value)
            yield Figure(
                measure, statistic, kind, area, grp, "", "", month.first, number,
                status_of(number, hidden=hidden), "published", release, day,
            )  # fmt: skip


def _goal(area: str, span: MonthRange, day: dt.date, release: str) -> Iterator[Figure]:
    """The result goal, twice a year."""
    for month in span:
        if month.month not in (6, 12):
            continue
        own = random.Random(f"{_SEED}/{area}/goal")
        expected = round(own.gauss(18, 3), 1)
        actual = round(expected + random.Random(f"{_SEED}/{area}/{month}").gauss(-1.0, 0.7), 1)
        for statistic, value in (("actual_share", actual), ("expected_share", expected)):
            yield Figure(
                "result_goal", statistic, "municipality", area, TOTAL.code, "", "", month.first,
                value, "value", "published", release, day,
            )  # fmt: skip
