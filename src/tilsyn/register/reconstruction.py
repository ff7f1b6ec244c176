"""Reconstruction: a register whose 12-month measures equal published tables cell for cell.

For each group all possible rows are listed (a hidden count is 0, 1 or 2; the share, rounded to one
decimal, must be the printed one). One row a group is chosen such that the columns add up to the printed
totals: group by group, keeping one best choice for each sum reached so far. Then persons are made whose
spells, conversations, offers and hours give these numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from tilsyn.errors import InputError
from tilsyn.figures.table import Figure, rows
from tilsyn.register import coverage
from tilsyn.register.coding import GROUP_CODES, OPEN_END, VISITATION_CODES
from tilsyn.register.contract import TABLES
from tilsyn.register.writing import RegisterWriter
from tilsyn.vocabulary import GROUPS, MEASURES, TOTAL, YearMonth, add_months, area_name

(TALKS,), (OFFERS,) = (MEASURES.of_effort("focus", event) for event in ("conversations", "offers"))
"""The measures of the focus goals."""

MOST_ROWS = 200_000
"""More possible rows of a group than this are not searched."""

_HIDDEN = 2
"""The most a count that is not shown may be."""
_HALF_DECIMAL = Fraction(1, 20)
_COUNTING_TYPES = (4, 7)
_OTHER_TYPE = 9
_SCOPE = {OFFERS: 0, TALKS: 1}
_MONTHLY_HOURS = 3_700
"""Hundredths: a full working week each month is enough under every limit that was in force."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is published of one group (or of the total); None where a cell is missing.

    Attributes:
        persons: by category, in order.
        share: unmet persons in per cent as printed with one decimal.
    """

    persons: dict[str, Figure | None]
    unmet: Figure | None
    population: Figure | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Table:
    """What is published of one measure: the row over all groups, the published groups', in order.

    Attributes:
        unmet_by_visitation: group -> visitation -> persons, where it is published.
    """

    measure: str
    total: Row
    groups: dict[str, Row]
    unmet_by_visitation: dict[str, dict[str, int]]


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


Choices = dict[str, Choice]
"""By group."""


def reconstruct(
    figures: pl.DataFrame, municipality: str, month: YearMonth, folder: Path
) -> dict[str, Choices]:
    """Build a register whose 12-month measures of one month equal published tables cell for cell.

    Cells that are not shown get whole numbers that agree with everything that is. Between the two
    measures as few exemptions as possible.

    Args:
        figures: a figure table with persons by number of `conversations_12m` and, if it is
            published, of `offers_12m`; shares, unmet and populations bind where they are there.
        municipality: its code.
        month: the measured month.
        folder: to be made; must not exist or be empty.

    Returns:
        By measure and group the numbers chosen; those of shown cells are the shown ones.

    Raises:
        InputError: the tables are missing, leave too much open, or no register can give them.
    """
    talks = read(figures, TALKS, municipality, month)
    if talks is None:
        place = area_name("municipality", municipality)
        raise InputError(
            f"persons by number of conversations are not published for {place}, {month}: "
            "without them there is nothing to rebuild from"
        )
    offers = read(figures, OFFERS, municipality, month)
    chosen = {TALKS: choose(talks)}
    if offers:
        populations = {group: choice.population for group, choice in chosen[TALKS].items()}
        chosen[OFFERS] = choose(offers, populations)
    people = _People(int(municipality), month, offers=bool(offers))
    people.add(chosen[TALKS], chosen.get(OFFERS, {}), talks.unmet_by_visitation)
    columns = {
        name: {
            TABLES[name].column(column).stored: np.array([row[place] for row in rows], np.int64)
            for place, column in enumerate(TABLES[name].required)
        }
        for name, rows in people.tables.items()
    }
    names = pa.array([f"person-{n + 1:05d}" for n in range(people.count)], pa.string())
    with RegisterWriter(folder, "csv") as writer:
        writer.write(columns, names)
    coverage.write(folder, [municipality], (month - 11).first, month.last)
    return chosen


def read(figures: pl.DataFrame, measure: str, municipality: str, month: YearMonth) -> Table | None:
    """The published cells of a measure; None if there are none of persons by number.

    Raises:
        InputError: the total of a category is not shown, or one cell was published twice.
    """
    cells: dict[tuple[str, str, str, str], Figure] = {}
    for figure in rows(
        figures.filter(
            (pl.col("measure") == measure)
            & (pl.col("area_kind") == "municipality")
            & (pl.col("area") == municipality)
            & (pl.col("month") == month.first)
        )
    ):
        key = (figure.statistic, figure.grp, figure.visitation, figure.category)
        if key in cells:
            raise InputError(
                f"{figure.describe()}: published more than once "
                f"({cells[key].release} and {figure.release}); choose one release"
            )
        cells[key] = figure
    if not any(statistic == "persons" for statistic, *_ in cells):
        return None

    def row(group: str) -> Row:
        share = cells.get(("share", group, "", ""))
        return Row(
            {c: cells.get(("persons", group, "", c)) for c in MEASURES[measure].categories},
            cells.get(("unmet", group, "", "")),
            cells.get(("population", group, "", "")),
            share.value if share is not None else None,
        )

    total = row(TOTAL.code)
    for category, known in total.persons.items():
        if known is None or known.value is None:
            place = area_name("municipality", municipality)
            raise InputError(
                f"{place}, {measure}, {month}: the total of '{category}' is not shown, so the "
                "groups' hidden cells cannot be bounded; a table with all totals is needed"
            )
    split: dict[str, dict[str, int]] = {}
    for (statistic, group, visitation, _), figure in cells.items():
        if statistic == "unmet" and visitation and figure.value is not None:
            split.setdefault(group, {})[visitation] = round(figure.value)
    published = {group for _, group, _, _ in cells}
    groups = {code: row(code) for code in GROUPS.codes if code in published}
    return Table(measure, total, groups, split)


def choose(table: Table, populations: Mapping[str, int] | None = None) -> Choices:
    """Numbers for every group of a table.

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
        before, reached = reached, {}
        for sums, (cost, choices) in before.items():
            for one in options:
                added = tuple(a + b for a, b in zip(sums, (*one.persons, one.unmet), strict=True))
                if any(a > total for a, total in zip(added, totals, strict=False)):
                    continue
                more = cost + abs(one.population - wanted.get(group, one.population))
                if added not in reached or more < reached[added][0]:
                    reached[added] = (more, (*choices, one))
    for sums, (_, choices) in sorted(reached.items(), key=lambda item: item[1][0]):
        *persons, unmet = sums
        if persons == totals and _fits(table.total, sum(persons), unmet):
            return dict(zip(table.groups, choices, strict=True))
    raise InputError(
        f"{table.measure}: no whole numbers for the cells not shown make the groups add up to the "
        "printed totals; look for a wrong digit in the table"
    )


def _rows_of(table: Table, group: str, row: Row, totals: list[int]) -> Iterator[Choice]:
    """All rows a group may have."""
    ranges = [
        _possible(figure, total) for figure, total in zip(row.persons.values(), totals, strict=True)
    ]
    if prod(map(len, ranges)) > MOST_ROWS:
        raise InputError(
            f"{table.measure}, {GROUPS[group].da}: too many cells are missing to choose from; "
            "persons by number must be published for the group"
        )
    # Conversations decide how many do not meet the measure, offers bound it: hours count as well.
    known = MEASURES[table.measure].unmet_numbers("", dt.date.max)
    exact = known is not None and bool(known.equals)
    short = (known.equals or known.at_most) if known else tuple(row.persons)
    for persons in product(*ranges):
        most = sum(n for category, n in zip(row.persons, persons, strict=True) if category in short)
        for unmet in range(most if exact else 0, most + 1):
            if _fits(row, sum(persons), unmet):
                yield Choice(persons, unmet)


def _possible(figure: Figure | None, most: int) -> range:
    """The whole numbers a published count may be; `most` bounds it from elsewhere."""
    if figure is None or figure.status == "not_available":
        return range(most + 1)
    if figure.status == "suppressed":
        return range(min(most, _HIDDEN) + 1)
    number = round(figure.value or 0)
    return range(number, number + 1)


def _fits(row: Row, population: int, unmet: int) -> bool:
    if unmet not in _possible(row.unmet, population):
        return False
    if population not in _possible(row.population, population):
        return False
    if row.share is None or not population:
        return not row.share
    exact = Fraction(100 * unmet, population)
    return abs(exact - Fraction(str(row.share))) <= _HALF_DECIMAL


class _People:
    """Persons as coded rows of the measured tables.

    Everyone has been on the benefit for 13 to 36 months at the month's end. Beside what counts there
    is what must not count: other types of conversation, a second one on the same day, offers that
    ended before the window.

    Args:
        municipality: their code.
        month: the measured month.
        offers: whether the offer measure is published; without it nobody gets an exemption from it.
    """

    def __init__(self, municipality: int, month: YearMonth, *, offers: bool) -> None:
        self.municipality, self.month, self.offers = municipality, month, offers
        self.window = _day((month - 11).first)
        self.tables: dict[str, list[tuple[int, ...]]] = {
            name: [] for name, table in TABLES.items() if table.measured and not table.optional
        }
        self.count = 0

    def add(self, talks: Choices, offers: Choices, split: dict[str, dict[str, int]]) -> None:
        """Persons with these numbers; those with fewest conversations and most offers come first.

        Args:
            talks, offers: of the two measures; who is of one only is exempt from the other.
            split: group -> visitation -> persons with too few conversations.
        """
        for group in sorted({*talks, *offers}, key=GROUP_CODES.index):
            held = _spread(talks[group].persons) if group in talks else []
            begun = _spread(offers[group].persons)[::-1] if group in offers else []
            by_hours = offers[group].persons[0] - offers[group].unmet if group in offers else 0
            visitations = [v for v, count in split.get(group, {}).items() for _ in range(count)]
            for at in range(max(len(held), len(begun))):
                # Those with fewest conversations come first, as the visitations of the unmet do.
                visitation = (visitations[at : at + 1] or visitations[-1:] or [""])[0]
                start = self._spell(group, visitation)
                self._talks(held[at] if at < len(held) else None, start)
                count = begun[at] if at < len(begun) else None
                self._offers(count)
                if count == 0 and by_hours > 0:
                    by_hours -= 1
                    self.tables["hours"] += [
                        (self.count, self.month.index - back, _MONTHLY_HOURS)
                        for back in range(11, -1, -1)
                    ]
                self.count += 1

    def _spell(self, group: str, visitation: str) -> int:
        nth = self.count
        first = add_months(self.month.first, -(13 + nth % 24)) + dt.timedelta(nth % 27)
        start, codes = _day(first), (GROUP_CODES.index(group), VISITATION_CODES.index(visitation))
        self.tables["spells"].append((nth, self.municipality, *codes, start, OPEN_END))
        return start

    def _talks(self, count: int | None, start: int) -> None:
        number, table, window = self.count, self.tables["conversations"], self.window
        if count is None:
            self.tables["exemptions"].append((number, _SCOPE[TALKS], start, OPEN_END))
        count = count or 0
        # The last category is open upwards.
        for nth in range(count + (count == 5) * (number % 3)):
            held = window + 3 + number % 29 + 45 * nth
            table.append((number, held, _COUNTING_TYPES[(number + nth) % 2], held + 2))
            if (number + nth) % 11 == 0:
                table.append((number, held, _COUNTING_TYPES[(number + nth + 1) % 2], held + 2))
        if number % 5 == 0:
            table.append((number, window + 100, _OTHER_TYPE, window + 100))
        if number % 4 == 0:
            table.append((number, window - 1, _COUNTING_TYPES[0], window - 1))

    def _offers(self, count: int | None) -> None:
        number, table, window = self.count, self.tables["offers"], self.window
        if count is None and self.offers:
            exempt = (number, _SCOPE[OFFERS], _day(self.month.first), OPEN_END)
            self.tables["exemptions"].append(exempt)
        count = count or 0
        for nth in range(count + (count == 2) * (number % 3)):
            # Every third reaches into the window from before it.
            start = window - 10 if nth == 0 and number % 3 == 0 else window + 40 * nth
            table.append((number, (number + nth) % 5, start, start + 27, start + 1))
        if number % 6 == 0:
            table.append((number, number % 5, window - 21, window - 1, window - 1))


def _spread(by_category: tuple[int, ...]) -> list[int]:
    return [category for category, count in enumerate(by_category) for _ in range(count)]


def _day(day: dt.date) -> int:
    return day.toordinal() - dt.date(1970, 1, 1).toordinal()
