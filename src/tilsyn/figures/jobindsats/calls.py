"""Which calls a table's figures are asked with: small windows of periods, under the cell limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from tilsyn.errors import InputError
from tilsyn.figures.jobindsats.catalogue import Dimension, Hierarchy, Listed, Table
from tilsyn.figures.jobindsats.periods import Period
from tilsyn.figures.jobindsats.settings import TableSetting
from tilsyn.vocabulary import MonthRange
from tilsyn.vocabulary.names import plain

MOST_CELLS = 25_000
"""Cells asked for in one call. The API's own limit is not documented; clients met one near 30,000."""

MOST_PERIODS = 6
"""Periods asked for in one call: wide calls time out."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call for data.

    Attributes:
        hierarchy: the area hierarchy asked for.
        periods: the ids asked for, oldest first.
        parameters: as sent.
    """

    table: str
    hierarchy: str
    periods: tuple[str, ...]
    parameters: dict[str, str]

    @property
    def path(self) -> str:
        """The path below the base address."""
        return f"v3/data/{self.table}"


def chosen_periods(
    ids: Sequence[str], months: MonthRange | None, latest: int | None
) -> tuple[str, ...]:
    """The periods to ask for, of those there are: never more than available.

    Args:
        ids: what the table has, oldest first.
        months: only periods that end in these months.
        latest: only that many of the newest.
    """
    found = [id for id in ids if months is None or Period.parse(id).month in months]
    return tuple(found if latest is None else found[max(0, len(found) - latest) :])


def calls(
    table: Table, listed: Listed, setting: TableSetting, periods: Sequence[str]
) -> Iterator[Call]:
    """The calls that together give a table's figures for some periods.

    Raises:
        InputError: the table lacks a division the settings name.
    """
    dimensions = _named(table, listed)
    selection, sizes = _selection(setting, dimensions, table.table_id)
    measures = max(1, sum(len(group.measures) for group in table.mgroups))
    each = max(1, prod(sizes)) * measures
    for hierarchy in area_hierarchies(table, setting):
        areas = hierarchy.values
        count = max(1, len(areas))
        if count * each <= MOST_CELLS:
            window = min(MOST_PERIODS, MOST_CELLS // (count * each))
            parts = [("*", periods[i : i + window]) for i in range(0, len(periods), window)]
        else:
            size = max(1, MOST_CELLS // each)
            chunks = [areas[i : i + size] for i in range(0, count, size)]
            parts = [
                (",".join(v.value_id for v in chunk) or "*", (period,))
                for period in periods
                for chunk in chunks
            ]
        for wanted, window_periods in parts:
            yield Call(
                table.table_id,
                hierarchy.hierarchy_id,
                tuple(window_periods),
                {
                    "mgroup.*": "*",
                    f"period.{setting.period_type}": ",".join(window_periods),
                    f"hierarchy.{hierarchy.hierarchy_id}": wanted,
                    **selection,
                    "format": "json",
                },
            )


def area_hierarchies(table: Table, setting: TableSetting) -> list[Hierarchy]:
    """The area hierarchies to ask for; none whose areas are all in one before it."""
    known = table.hierarchies
    found: list[Hierarchy] = []
    seen: set[str] = set()
    for id in setting.hierarchies:
        if id not in known:
            continue
        names = {value.value_name for value in known[id].values}
        if not names or not names <= seen:
            found.append(known[id])
        seen |= names
    if not found:
        raise InputError(
            f"none of the area hierarchies {', '.join(setting.hierarchies)}; it has: "
            f"{', '.join(known) or 'none'}; write the right ones as 'hierarchies' in the tables file",
            file=table.table_id,
        )
    return found


def _named(table: Table, listed: Listed) -> list[tuple[set[str], Dimension]]:
    """The table's dimensions, each with every name it goes by."""
    listed_names = {d.dimension_id: d for d in listed.dimensions}
    named = []
    for dimension in table.dimensions:
        names: set[str] = set()
        for one in (dimension, listed_names.get(dimension.dimension_id)):
            if one is not None:
                names |= {one.dimension_id, one.dimension_name}
                names |= {h.hierarchy_name for h in one.hierarchies}
                names |= {h.hierarchy_id for h in one.hierarchies}
        named.append(({plain(name) for name in names if name}, dimension))
    return named


def _selection(
    setting: TableSetting, dimensions: list[tuple[set[str], Dimension]], table: str
) -> tuple[dict[str, str], list[int]]:
    """What is asked of the divisions beside areas, and how many values each gives."""
    selection: dict[str, str] = {}
    sizes: list[int] = []
    divisions = (
        (setting.group, True),
        (setting.visitation, False),
        (setting.category if "persons" in setting.statistics else (), True),
    )
    for labels, needed in divisions:
        dimension = _dimension(labels, dimensions)
        if dimension is None:
            if labels and needed:
                raise _no_division(labels, dimensions, table)
            continue
        hierarchy = dimension.hierarchies[0]
        selection[f"hierarchy.{hierarchy.hierarchy_id}"] = "*"
        sizes.append(max(1, len(hierarchy.values)))
    for label, value in setting.where.items():
        dimension = _dimension((label,), dimensions)
        if dimension is None:
            raise _no_division((label,), dimensions, table)
        hierarchy = dimension.hierarchies[0]
        ids = [v.value_id for v in hierarchy.values if plain(v.value_name) == plain(value)]
        if not ids:
            names = ", ".join(v.value_name for v in hierarchy.values)
            raise InputError(f"'{label}' has no value '{value}'; it has: {names}", file=table)
        selection[f"hierarchy.{hierarchy.hierarchy_id}"] = ",".join(ids)
    return selection, sizes


def _dimension(
    labels: Sequence[str], dimensions: list[tuple[set[str], Dimension]]
) -> Dimension | None:
    wanted = {plain(label) for label in labels}
    return next((d for names, d in dimensions if names & wanted and d.hierarchies), None)


def _no_division(
    labels: Sequence[str], dimensions: list[tuple[set[str], Dimension]], table: str
) -> InputError:
    there = ", ".join(d.dimension_name or d.dimension_id for _, d in dimensions) or "none"
    return InputError(
        f"no division by {' or '.join(labels)}; it is divided by: {there}; write the right label in "
        "tables/supervision.toml of your own folder (--own DIR)",
        file=table,
    )
