"""Figure tables of every shape that can be exported."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from tilsyn.figures.table import Figure, status_of, table
from tilsyn.vocabulary import GROUPS, MEASURES, MUNICIPALITIES, VISITATION, YearMonth, ranges

AREAS = [("municipality", m.code) for m in MUNICIPALITIES] + [
    ("country", "dk"),
    ("rar", "fyn"),
    ("region", "1083"),
    ("amk", "oest"),
]
DAY = dt.date(2031, 1, 1)


@st.composite
def values(draw, statistic):
    """A value and its status; shares with one decimal, as they are published."""
    kind = draw(st.sampled_from(["value", "value", "suppressed", "not_available"]))
    if kind != "value":
        return None, kind
    if statistic.endswith("share"):
        value = draw(st.integers(0, 1000)) / 10
    elif statistic == "met":
        value = float(draw(st.integers(0, 1)))
    else:
        value = float(draw(st.integers(0, 30_000)))
    return value, status_of(value)


@st.composite
def figures(draw, areas=None, releases=("r", "jobindsats-2026-07-26")):
    measure = draw(st.sampled_from(list(MEASURES)))
    event = ["population", "unmet", "share", "persons"]
    of_goal = ["actual_share", "expected_share", "met"]
    names = of_goal if measure.code == "result_goal" else event if measure.event else ["persons"]
    statistic = draw(st.sampled_from(names))
    kind, area = draw(st.sampled_from(areas or AREAS))
    begins = YearMonth.of(measure.valid_from or dt.date(2022, 1, 1))
    month = begins + draw(st.integers(0, 5))
    there = [group.code for group in GROUPS if group.exists_in(month)]
    group = draw(st.sampled_from(["total", *there]))
    visitation = "" if group == "total" else draw(st.sampled_from(["", *VISITATION.codes]))
    value, status = draw(values(statistic))
    return Figure(
        measure.code,
        statistic,
        kind,
        area,
        group,
        visitation,
        draw(st.sampled_from([*measure.categories, *ranges(measure.code)]))
        if statistic == "persons"
        else "",
        month.first,
        value,
        status,
        draw(st.sampled_from(["published", "register"])),
        draw(st.sampled_from(releases)),
        DAY,
    )


def tables(areas=None, min_size=0):
    """Figure tables with one vintage a cell."""
    return st.lists(
        figures(areas), min_size=min_size, max_size=60, unique_by=lambda figure: figure.cell
    ).map(table)
