"""An answer's rows as figures: areas and groups to codes, and what a missing number means.

The publisher leaves out counts of 0, 1 and 2, and prints the share beside a hidden count; numbers of
periods that have not matured are left out too. All of these are ``null`` in an answer. Here

- a count without a number beside a share, or beside other persons by number, is ``suppressed``;
- neither count nor share, in a period that has matured: as the settings say (``suppressed``);
- in one of the newest periods, or where no area at all has the number: ``not_available``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tilsyn.errors import InputError
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.jobindsats.answers import (
    AREA_LABELS,
    PERIOD_LABELS,
    Answer,
    Cell,
    number,
    printed,
)
from tilsyn.figures.jobindsats.periods import MONTHS_OF, Period
from tilsyn.figures.jobindsats.settings import TableSetting
from tilsyn.figures.table import Figure, status_of
from tilsyn.vocabulary import (
    AREA_KINDS,
    AREAS,
    MEASURES,
    MUNICIPALITIES,
    ROWS,
    TOTAL,
    VISITATION,
    ranges,
)
from tilsyn.vocabulary.names import plain

_COUNTS = ("population", "unmet", "persons")
_SHARES = ("share", "actual_share", "expected_share")

_Slot = tuple[str, str]
"""A statistic, and the category its column is about; empty where the column is about none."""


@dataclass(frozen=True, slots=True)
class Told:
    """One figure, the cell it was told by, and where that stands."""

    figure: Figure
    raw: str
    place: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Rows of an answer that are about something else, counted by what they are about; and columns."""

    rows: Counter[tuple[str, str]] = field(default_factory=Counter)

    def anomalies(self, measure: str) -> Iterator[Anomaly]:
        """What was left out, in words."""
        for (kind, name), count in sorted(self.rows.items()):
            da, en = f"Kolonnen »{name}« er ikke læst.", f"The column '{name}' is not read."
            if kind in _KINDS:
                da_kind, en_kind = _KINDS[kind]
                da = f"{count} rækker om {da_kind} »{name}« er ikke læst."
                en = f"{count} rows about the {en_kind} '{name}' are not read."
            yield Anomaly("reading", da, en, measure=measure)


_Key = tuple[str, str, str, str, str]
_KINDS = {
    "area": ("området", "area"),
    "group": ("ydelsesgruppen", "benefit group"),
    "visitation": ("visitationskategorien", "visitation category"),
    "category": ("kategorien", "category"),
}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where what stands in an answer; None where it has no such column."""

    period: int
    area: int
    group: int | None
    visitation: int | None
    category: int | None
    where: dict[int, str]
    statistics: dict[_Slot, int]

    @property
    def used(self) -> set[int | None]:
        """All of them."""
        by_name = (self.period, self.area, self.group, self.visitation, self.category)
        return {*by_name, *self.where, *self.statistics.values()}


def told(
    answer: Answer,
    setting: TableSetting,
    *,
    release: str,
    published: dt.date,
    newest: Period | None = None,
    hierarchy: str = "",
) -> tuple[list[Told], Unread]:
    """The figures of an answer.

    Args:
        answer: a table as answered.
        setting: what its columns are.
        release: the release the figures belong to.
        published: the day the table was updated.
        newest: the table's newest period; by default the newest in the answer.
        hierarchy: the area hierarchy that was asked for.

    Raises:
        InputError: a column the settings name is missing, or a cell cannot be read.
    """
    columns = _columns(answer, setting)
    read: list[tuple[int, Period, _Key, dict[_Slot, float | None]]] = []
    unread = Unread()
    for at, label in enumerate(answer.columns):
        if at not in columns.used:
            unread.rows["column", label] = 1
    for row_number, row in enumerate(answer.rows, 1):
        if any(plain(str(row[at])) != plain(value) for at, value in columns.where.items()):
            continue
        period = _period(answer, row[columns.period], setting, row_number)
        key = _key(row, columns, setting, hierarchy, unread)
        if key is not None and period is not None:
            read.append((row_number, period, key, _values(answer, row, columns, row_number)))
    newest = newest or max((period for _, period, _, _ in read), key=_last, default=None)
    given = {(p, s) for _, p, _, values in read for s, v in values.items() if v is not None}
    found = []
    for row_number, period, key, values in read:
        young = newest is not None and _age(period, newest) < setting.matures_after
        for slot, value in values.items():
            absent = (period, slot) not in given
            status = _status(slot, values, setting, young=young, absent=absent)
            figure = Figure(
                setting.measure,
                slot[0],
                *key[:4],
                slot[1] or key[4],
                period.month.first,
                0.0 if status == "zero" else value,
                status,
                "published",
                release,
                published,
            )
            label = answer.columns[columns.statistics[slot]]
            raw = printed(answer.rows[row_number - 1][columns.statistics[slot]])
            found.append(Told(figure, raw, f"row {row_number}, column {label}"))
    return found, unread


def _columns(answer: Answer, setting: TableSetting) -> _Columns:
    def needed(what: str, labels: tuple[str, ...]) -> int:
        at = answer.index(*labels)
        if at is None:
            raise InputError(
                f"no column for {what} (looked for: {', '.join(labels)}); the columns are: "
                f"{', '.join(answer.columns)}; write the right label in tables/supervision.toml of your own folder (--own DIR)",
                file=answer.name,
            )
        return at

    statistics: dict[_Slot, int] = {}
    for name, labels in setting.statistics.items():
        if answer.index(*labels) is None and (divided := answer.divided(*labels)):
            found = ((_category(text, setting), at) for text, at in divided.items())
            statistics |= {(name, category): at for category, at in found if category}
        else:
            statistics[name, ""] = needed(f"{setting.measure} {name}", labels)
    return _Columns(
        period=needed("the period", PERIOD_LABELS),
        area=needed("the area", AREA_LABELS),
        group=answer.index(*setting.group),
        visitation=answer.index(*setting.visitation),
        category=answer.index(*setting.category),
        where={needed(f"'{label}'", (label,)): value for label, value in setting.where.items()},
        statistics=statistics,
    )


def _period(answer: Answer, cell: Cell, setting: TableSetting, row_number: int) -> Period | None:
    """The row's period; None where it is of another type than the table's."""
    try:
        period = Period.parse(str(cell))
    except ValueError as error:
        raise InputError(str(error), file=answer.name, place=f"row {row_number}") from None
    return period if period.type == setting.period_type else None


def _key(
    row: tuple[Cell, ...],
    columns: _Columns,
    setting: TableSetting,
    hierarchy: str,
    unread: Unread,
) -> _Key | None:
    """Area kind, area, group, visitation and category; None where the row is not to be read."""
    area = str(row[columns.area])
    try:
        if is_not_stated(area):
            raise ValueError(area)
        kind, code = area_of(area, hierarchy)
    except ValueError:
        unread.rows["area", area] += 1
        return None
    parts = []
    for what, at, read in (
        ("group", columns.group, _group),
        ("visitation", columns.visitation, _visitation),
        ("category", columns.category, _category),
    ):
        text = "" if at is None else str(row[at])
        part = read(text, setting) if at is not None else (TOTAL.code if what == "group" else "")
        if part is None:
            # The sum over categories is the population, which has a column of its own.
            if not (what == "category" and _is_all(text)):
                unread.rows[what, text] += 1
            return None
        parts.append(part)
    return kind, code, parts[0], parts[1], parts[2]


def _is_all(text: str) -> bool:
    return plain(text) == "i alt" or plain(text).endswith(" i alt")


def _group(text: str, setting: TableSetting) -> str | None:
    if text in setting.groups:
        return setting.groups[text]
    found = ROWS.find(text)
    return found.code if found else None


def _visitation(text: str, setting: TableSetting) -> str | None:
    if _is_all(text):
        return ""
    found = VISITATION.find(text)
    return found.code if found else None


def _category(text: str, setting: TableSetting) -> str | None:
    category = setting.categories.get(text, text.strip())
    measure = setting.measure
    known = category in MEASURES[measure].categories or category in ranges(measure)
    return category if known else None


def _values(
    answer: Answer, row: tuple[Cell, ...], columns: _Columns, row_number: int
) -> dict[_Slot, float | None]:
    values: dict[_Slot, float | None] = {}
    for slot, at in columns.statistics.items():
        try:
            values[slot] = number(row[at], comma=answer.comma)
            _refuse_impossible(slot[0], values[slot])
        except ValueError as error:
            raise InputError(
                str(error), file=answer.name, place=f"row {row_number}, column {answer.columns[at]}"
            ) from None
    return values


def _refuse_impossible(statistic: str, value: float | None) -> None:
    if value is None:
        return
    if statistic in _COUNTS and (value < 0 or value != int(value)):
        raise ValueError(f"{value:g} is no count of persons")
    if statistic in _SHARES and not 0 <= value <= 100:
        raise ValueError(f"{value:g} is no share in per cent")


def _status(
    slot: _Slot,
    values: dict[_Slot, float | None],
    setting: TableSetting,
    *,
    young: bool,
    absent: bool,
) -> str:
    """What a cell is, seen together with the others of its row."""
    if values[slot] is not None:
        return status_of(values[slot])

    def given(*statistics: str) -> bool:
        return any(value is not None for (name, _), value in values.items() if name in statistics)

    if slot[0] in _COUNTS:
        if given(*_SHARES) or (slot[1] and given(slot[0])):
            return "suppressed"
        return "not_available" if young or absent else setting.both_missing
    # A share is printed also where its count is hidden; where it is missing beside a count it is
    # not there yet, and where both are missing it is hidden with the count.
    counted = {"unmet", "persons"} & {name for name, _ in values}
    if young or absent or not counted or given(*counted):
        return "not_available"
    if setting.both_missing == "zero":
        return "zero" if values.get(("population", "")) else "not_available"
    return setting.both_missing


def _last(period: Period) -> int:
    return period.month.index


def _age(period: Period, newest: Period) -> int:
    """How many periods older than the newest one."""
    between = newest.month.since(period.month)
    return between // MONTHS_OF[period.type]


NOT_STATED = "Uoplyst område"
"""Persons whose municipality is not known: in the country's figures, in no area's."""

# The kinds of area a hierarchy of the API holds; names of other hierarchies are looked for in all.
_HIERARCHIES = {
    "_hele_landet": ("country",),
    "_nykom": ("country", "municipality"),
    "_region": ("country", "region"),
    "_reko": ("country", "region", "rar"),
}


def is_not_stated(name: str) -> bool:
    """Whether the name stands for persons without a known municipality."""
    return plain(name) in (plain(NOT_STATED), "uoplyst kommune", "uoplyst")


@cache
def area_of(name: str, hierarchy: str = "") -> tuple[str, str]:
    """The kind and code of an area named as Jobindsats does.

    Args:
        name: "Hele landet", "Aarhus", "RAR Fyn", "Region Syddanmark".
        hierarchy: the hierarchy that was asked for, where it is known ("_nykom").

    Raises:
        ValueError: no area has this name.
    """
    for kind in _HIERARCHIES.get(hierarchy, AREA_KINDS):
        known = MUNICIPALITIES if kind == "municipality" else AREAS[kind]
        if (found := known.find(name)) is not None:
            return kind, found.code
    raise ValueError(f"'{name}' is no known area")
