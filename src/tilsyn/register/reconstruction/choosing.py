"""Whole numbers for the cells not shown, such that every printed figure comes out again.

For each group all possible rows are listed (hidden counts are 0, 1 or 2; the share, rounded to one
decimal, must be the printed one). Then one row a group is chosen such that the columns add up to the
printed totals: group by group, keeping one best choice for each sum reached so far.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from tilsyn.errors import InputError
from tilsyn.register.reconstruction.published import Row, Table, possible
from tilsyn.vocabulary import GROUPS, MEASURES

MOST_ROWS = 200_000
"""More possible rows of a group than this are not searched."""

_HALF_DECIMAL = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Choice:
    """The numbers of one group.

    Attributes:
        persons: by category, in the table's order.
        unmet: how many of them do not meet the measure.
    """

    persons: tuple[int, ...]
    unmet: int

    @property
    def population(self) -> int:
        """All persons of the group."""
        return sum(self.persons)


def choose(table: Table, populations: Mapping[str, int] | None = None) -> dict[str, Choice]:
    """Numbers for every group of a table, by group code.

    Args:
        table: the published cells.
        populations: populations by group to stay as near to as the cells allow.

    Raises:
        InputError: no whole numbers give the printed figures, or the cells leave too much open.
    """
    wanted = populations or {}
    totals = [round(figure.value or 0) for figure in table.total.persons.values() if figure]
    # Sum over the groups so far (columns, then unmet) -> (cost, the choices).
    reached: dict[tuple[int, ...], tuple[int, tuple[Choice, ...]]] = {
        (0,) * (len(totals) + 1): (0, ())
    }
    for group, row in table.groups.items():
        options = list(_rows_of(table, group, row, totals))
        if not options:
            raise InputError(
                f"{table.measure}, {GROUPS[group].da}: no whole numbers give its printed cells; "
                "look for a wrong digit in the row"
            )
        reached = _extended(reached, options, totals, wanted.get(group))
    for sums, (_, choices) in sorted(reached.items(), key=lambda item: item[1][0]):
        *persons, unmet = sums
        if persons == totals and _fits(table.total, sum(persons), unmet):
            return dict(zip(table.groups, choices, strict=True))
    raise InputError(
        f"{table.measure}: no whole numbers for the cells not shown make the groups add up to the "
        "printed totals; look for a wrong digit in the table"
    )


def _extended(
    reached: dict[tuple[int, ...], tuple[int, tuple[Choice, ...]]],
    options: list[Choice],
    totals: list[int],
    wanted: int | None,
) -> dict[tuple[int, ...], tuple[int, tuple[Choice, ...]]]:
    further: dict[tuple[int, ...], tuple[int, tuple[Choice, ...]]] = {}
    for sums, (cost, choices) in reached.items():
        for option in options:
            added = tuple(a + b for a, b in zip(sums, (*option.persons, option.unmet), strict=True))
            if any(a > total for a, total in zip(added, totals, strict=False)):
                continue
            total_cost = cost + (0 if wanted is None else abs(option.population - wanted))
            if added not in further or total_cost < further[added][0]:
                further[added] = (total_cost, (*choices, option))
    return further


def _rows_of(table: Table, group: str, row: Row, totals: list[int]) -> Iterator[Choice]:
    """All rows a group may have."""
    ranges = [
        possible(figure, total) for figure, total in zip(row.persons.values(), totals, strict=True)
    ]
    if prod(map(len, ranges)) > MOST_ROWS:
        raise InputError(
            f"{table.measure}, {GROUPS[group].da}: too many cells are missing to choose from; "
            "persons by number must be published for the group"
        )
    for persons in product(*ranges):
        for unmet in _unmet(table.measure, persons):
            if _fits(row, sum(persons), unmet):
                yield Choice(persons, unmet)


def _unmet(measure: str, persons: tuple[int, ...]) -> range:
    """How many do not meet the measure: decided by conversations, bounded by offers (hours count)."""
    known, categories = (
        MEASURES[measure].unmet_numbers("", dt.date.max),
        MEASURES[measure].categories,
    )
    by_number = dict(zip(categories, persons, strict=True))
    most = sum(by_number[c] for c in ((known.equals or known.at_most) if known else categories))
    return range(most if known and known.equals else 0, most + 1)


def _fits(row: Row, population: int, unmet: int) -> bool:
    if unmet not in possible(row.unmet, population):
        return False
    if population not in possible(row.population, population):
        return False
    if row.share is None:
        return True
    if not population:
        return row.share == 0
    exact = Fraction(100 * unmet, population)
    return abs(exact - Fraction(str(row.share))) <= _HALF_DECIMAL
