"""From the API to readings: resolve the tables, ask in small windows, keep every raw answer."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.jobindsats.answers import answer, parsed
from tilsyn.figures.jobindsats.archive import Archive, key_of
from tilsyn.figures.jobindsats.calls import Call, area_hierarchies, calls, chosen_periods
from tilsyn.figures.jobindsats.catalogue import (
    Hierarchy,
    Listed,
    SubjectTables,
    Table,
    resolve,
    subjects_of,
    table_of,
)
from tilsyn.figures.jobindsats.connection import Connection
from tilsyn.figures.jobindsats.figures import Unread, area_of, told
from tilsyn.figures.jobindsats.periods import Period
from tilsyn.figures.jobindsats.settings import Settings, TableSetting
from tilsyn.figures.reading.model import Cell, Reading, reading
from tilsyn.vocabulary import MonthRange, YearMonth, area_name
from tilsyn.vocabulary.wording import joined


@dataclass(frozen=True, slots=True)
class Found:
    """A table of the settings, resolved in the catalogue."""

    setting: TableSetting
    listed: Listed

    @property
    def updated(self) -> dt.date:
        """The day its figures were last updated.

        Raises:
            InputError: the catalogue does not say.
        """
        if self.listed.update_latest is None:
            raise InputError(
                "the catalogue does not say when it was updated", file=self.listed.table_id
            )
        return self.listed.update_latest


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures are fetched.

    Attributes:
        release: the id of the release they will belong to.
        months: only periods that end in these months.
        latest: only that many of the newest periods.
    """

    release: str
    months: MonthRange | None = None
    latest: int | None = None


Progress = Callable[[Call, bool], None]
"""Told each answer, and whether it was kept from before."""


def catalogue(connection: Connection, subject: int | None = None) -> tuple[SubjectTables, ...]:
    """The catalogue's subjects with their tables; only one subject where it is given.

    Raises:
        TilsynError: as `Connection.get`; or the answer is no catalogue.
    """
    parameters = {"format": "json"} | ({} if subject is None else {"subject_id": str(subject)})
    data = connection.get("v3/tables", parameters)
    found = subjects_of(parsed(data, name="v3/tables"), name="v3/tables")
    return tuple(one for one in found if subject is None or one.subject_id == subject)


def described(connection: Connection, table: str) -> Table:
    """What one table can be asked for.

    Raises:
        InputError: its id cannot be one, or the answer is no description.
        TilsynError: as `Connection.get`.
    """
    if not table.isidentifier():
        raise InputError(f"'{table}' is no table id; ids look like y30r21")
    path = f"v3/table/{table.lower()}"
    return table_of(parsed(connection.get(path, {"format": "json"}), name=path), name=path)


def supervisory(
    connection: Connection, settings: Settings, measures: Sequence[str] = ()
) -> tuple[Found, ...]:
    """The tables of the settings, looked up by name in today's catalogue.

    Args:
        connection: to the API.
        settings: which tables are meant.
        measures: only these; all where empty.

    Raises:
        InputError: a table is not found; the nearest names are listed.
    """
    meant = [s for s in settings.table if s.fetched and (not measures or s.measure in measures)]
    if not meant:
        raise InputError(f"the tables file has no table for {', '.join(measures)}")
    subjects = catalogue(connection, settings.subject)
    listed = tuple(table for subject in subjects for table in subject.tables)
    return tuple(Found(s, resolve(s, listed, settings.subject)) for s in meant)


def fetch(
    connection: Connection,
    found: Found,
    wanted: Wanted,
    archive: Archive,
    progress: Progress = lambda call, kept: None,
) -> tuple[list[Reading], list[Anomaly]]:
    """The figures of one table, answer by answer, and what of them was left out.

    An answer kept from an interrupted run is not asked for again.

    Raises:
        InputError: an answer cannot be understood, or there is no period wanted.
        TilsynError: as `Connection.get`.
    """
    table = described(connection, found.listed.table_id)
    ids = table.period_ids(found.setting.period_type)
    periods = chosen_periods(ids, wanted.months, wanted.latest)
    if not periods:
        raise InputError(
            f"no figures for the months asked for; it has {ids[0]} to {ids[-1]}",
            file=table.table_id,
        )
    newest, unread = Period.parse(ids[-1]), Unread()
    readings = []
    for call in calls(table, found.listed, found.setting, periods):
        file = _asked(connection, call, found, archive, progress)
        cells, left_out = _cells(file, call, found, wanted, newest)
        unread.rows.update(left_out.rows)
        if cells:
            readings.append(reading(file, cells))
    odd = list(unread.anomalies(found.setting.measure))
    if readings:
        figures = pl.concat([one.figures for one in readings])
        asked = area_hierarchies(table, found.setting)
        odd += missing_areas(asked, figures, found.setting.measure)
    return readings, odd


def _asked(
    connection: Connection, call: Call, found: Found, archive: Archive, progress: Progress
) -> Path:
    """The file of the answer to a call, kept or asked for."""
    key = key_of(connection.base_url, call.path, call.parameters, str(found.updated))
    kept = archive.find(call.table, key)
    if kept is None:
        data = connection.get(call.path, call.parameters)
        answer(data, name=call.path)  # what is no answer is not kept
        progress(call, False)
        return archive.keep(call.table, key, call.periods[0], data)
    progress(call, True)
    return kept


def _cells(
    file: Path, call: Call, found: Found, wanted: Wanted, newest: Period
) -> tuple[list[Cell], Unread]:
    name = f"{call.path} ({', '.join(call.periods)})"
    told_by, unread = told(
        answer(file.read_bytes(), name=name),
        found.setting,
        release=wanted.release,
        published=found.updated,
        newest=newest,
        hierarchy=call.hierarchy,
    )
    return [Cell(one.figure, one.raw, one.place) for one in told_by], unread


def moved(found: Sequence[Found], seen: dict[str, str]) -> Iterator[Found]:
    """The tables updated since they were last seen (table id → date)."""
    return (one for one in found if seen.get(one.listed.table_id, "") < str(one.updated))


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
