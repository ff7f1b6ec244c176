"""Small tables, and what follows from them by looking at every table there is."""

import datetime as dt
from itertools import product

import polars as pl
from hypothesis import strategies as st

from tilsyn.figures.table import SCHEMA, Figure, status_of, table

MONTH = dt.date(2023, 8, 1)
LATER = dt.date(2025, 8, 1)
"""Of the four groups with early offers two are left."""
GROUPS = ("a_dagpenge", "kontanthjaelp", "uddannelseshjaelp", "overgangsydelse")
NUMBERS = ("0", "1", "2+")


def figure(
    statistic,
    grp,
    value,
    *,
    category="",
    hidden=False,
    measure="offers_6m",
    visitation="",
    provenance="published",
    release="small",
    area_kind="municipality",
    area="183",
    published=dt.date(2023, 11, 1),
    month=MONTH,
):
    return Figure(
        measure,
        statistic,
        area_kind,
        area,
        grp,
        visitation,
        category,
        month,
        None if value is None else float(value),
        status_of(None if value is None else float(value), hidden=hidden or value is None),
        provenance,
        release,
        published,
    )


counts = st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=4, max_size=4).map(
    lambda rows: dict(zip(GROUPS, rows, strict=True))
)
"""Persons of the early offers by group and number of offers."""

two_groups = st.lists(
    st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=2, max_size=2
).map(lambda rows: dict(zip(GROUPS[:2], rows, strict=True)))
"""The same for a month in which two groups are left."""


def everything(persons, *, provenance="register", release="small", area="183", month=MONTH):
    """All figures of one municipality's early offers, exact, as a list."""
    rows = dict(persons)
    rows["total"] = [sum(column) for column in zip(*persons.values(), strict=True)]
    found = []
    for grp, row in rows.items():
        told = {"provenance": provenance, "release": release, "area": area, "month": month}
        found += [
            figure("persons", grp, n, category=c, **told) for c, n in zip(NUMBERS, row, strict=True)
        ]
        found += [figure("population", grp, sum(row), **told), figure("unmet", grp, row[0], **told)]
    return found


def with_hidden(figures, hide):
    """The figures as a table, those that `hide` picks shown as "."."""
    return table(
        figure
        if not hide(figure)
        else Figure(
            *[getattr(figure, n) for n in SCHEMA.names()[:8]],
            None,
            "suppressed",
            figure.provenance,
            figure.release,
            figure.published,
        )
        for figure in figures
    )


def shown_of(frame):
    """The printed counts: (statistic, group, category) → number or None."""
    return {
        (s, g, c): None if v is None else int(v)
        for s, g, c, v in frame.filter(pl.col("statistic") != "share")
        .select("statistic", "grp", "category", "value")
        .iter_rows()
    }


def extremes(frame, shares, low, high, *, larger=False):
    """The least and largest value of every hidden count over all tables there are.

    Rows are laid down one by one; of those that give the same column sums so far only the extremes
    are kept, so that small tables are looked through completely.

    Args:
        frame: the printed table.
        shares: printed shares by group, per cent.
        low: the least a hidden count can be.
        high: the most.
        larger: whether hidden sums may be larger than `high`.
    """
    shown = shown_of(frame)

    def fits(value, key):
        printed = shown.get(key, value)
        if printed is None:
            return low <= value and (larger or value <= high)
        return value == printed

    def possible(grp):
        sides = [
            range(low, high + 1) if shown["persons", grp, c] is None else [shown["persons", grp, c]]
            for c in NUMBERS
        ]
        for row in product(*sides):
            whole = sum(row)
            if not fits(whole, ("population", grp, "")) or not fits(row[0], ("unmet", grp, "")):
                continue
            share = shares.get(grp)
            if share is None or (
                whole and (2000 * row[0] + whole) // (2 * whole) == round(share * 10)
            ):
                yield row

    def values(grp, row):
        yield ("population", grp, ""), sum(row)
        yield ("unmet", grp, ""), row[0]
        yield from ((("persons", grp, c), n) for c, n in zip(NUMBERS, row, strict=True))

    def widen(found, more):
        for key, (least, most) in more.items():
            old = found.get(key, (least, most))
            found[key] = (min(old[0], least), max(old[1], most))

    partial = {(0, 0, 0): {}}
    for grp in [g for g in GROUPS if ("persons", g, "0") in shown]:
        rows = list(possible(grp))
        onward = {}
        for sums, before in partial.items():
            for row in rows:
                here = onward.setdefault(tuple(map(sum, zip(sums, row, strict=True))), {})
                widen(here, before)
                widen(here, {key: (n, n) for key, n in values(grp, row)})
        partial = onward
    found = {}
    for sums, extreme in partial.items():
        if all(fits(n, key) for key, n in values("total", sums) if key in shown):
            widen(found, extreme)
            widen(found, {key: (n, n) for key, n in values("total", sums)})
    return {key: found[key] for key, value in shown.items() if value is None}
