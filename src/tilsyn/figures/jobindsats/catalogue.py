"""What Jobindsats has: subjects, tables and what a table can be asked for.

Keys of an answer that are not used here are passed over: the catalogue may grow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from tilsyn.errors import InputError
from tilsyn.figures.jobindsats.connection import shown
from tilsyn.figures.jobindsats.settings import TableSetting
from tilsyn.records import in_words
from tilsyn.vocabulary.names import plain


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    @field_validator("*", mode="after")
    @classmethod
    def _printable(cls, value: Any) -> Any:
        """Names as one printable line: they are shown on terminals."""
        return shown(value) if isinstance(value, str) else value


class Value(_Part):
    """A value of a hierarchy: its id is asked for, its name answered."""

    value_id: str
    value_name: str


class Level(_Part):
    """One level of a hierarchy."""

    level_id: str = ""
    level_name: str = ""
    values: tuple[Value, ...] = ()


class Hierarchy(_Part):
    """One way to divide a dimension; its id is what calls name."""

    hierarchy_id: str
    hierarchy_name: str = ""
    levels: tuple[Level, ...] = ()

    @property
    def values(self) -> tuple[Value, ...]:
        """All values, level by level."""
        return tuple(value for level in self.levels for value in level.values)


class Dimension(_Part):
    """What a table's persons are divided by."""

    dimension_id: str
    dimension_name: str = ""
    hierarchies: tuple[Hierarchy, ...] = ()


class PeriodId(_Part):
    """A period there are figures for."""

    period_id: str
    period_name: str = ""


class Periods(_Part):
    """The periods of one type."""

    periodtype_id: str
    values: tuple[PeriodId, ...] = ()


class MeasureName(_Part):
    """A column of numbers."""

    measure_id: str
    measure_name: str = ""


class MeasureGroup(_Part):
    """Columns of numbers that belong together."""

    mgroup_id: str
    mgroup_name: str = ""
    measures: tuple[MeasureName, ...] = ()


class Table(_Part):
    """One table and what it can be asked for (``/v3/table/{id}``)."""

    table_id: str
    table_name: str = ""
    periods: tuple[Periods, ...] = ()
    mgroups: tuple[MeasureGroup, ...] = ()
    dimensions: tuple[Dimension, ...] = ()

    def period_ids(self, period_type: str) -> tuple[str, ...]:
        """The ids of its periods of a type, oldest first.

        Raises:
            InputError: it has none of that type.
        """
        for periods in self.periods:
            if periods.periodtype_id == period_type and periods.values:
                return tuple(sorted(value.period_id for value in periods.values))
        types = ", ".join(p.periodtype_id for p in self.periods) or "none"
        raise InputError(
            f"has no periods of type {period_type}; its types are: {types}", file=self.table_id
        )

    @property
    def hierarchies(self) -> dict[str, Hierarchy]:
        """Every hierarchy by its id."""
        return {h.hierarchy_id: h for d in self.dimensions for h in d.hierarchies}


class Listed(_Part):
    """A table as the catalogue lists it (``/v3/tables``)."""

    table_id: str
    table_name: str = ""
    update_freq: str = ""
    update_latest: dt.date | None = None
    update_next: dt.date | None = None
    dimensions: tuple[Dimension, ...] = ()


class _TableGroup(_Part):
    tables: tuple[Listed, ...] = ()


class SubjectTables(_Part):
    """A subject and its tables."""

    subject_id: int
    subject_name: str = ""
    table_groups: tuple[_TableGroup, ...] = ()

    @property
    def tables(self) -> tuple[Listed, ...]:
        """Its tables, whatever group they stand in."""
        return tuple(table for group in self.table_groups for table in group.tables)


M = TypeVar("M", bound=BaseModel)


def subjects_of(value: Any, *, name: str) -> tuple[SubjectTables, ...]:
    """The catalogue from its JSON value.

    Raises:
        InputError: it is not shaped as a catalogue.
    """
    if not isinstance(value, list):
        raise InputError("the catalogue is not a list of subjects", file=name)
    return tuple(_shaped(SubjectTables, item, name) for item in value)


def table_of(value: Any, *, name: str) -> Table:
    """A table's description from its JSON value.

    Raises:
        InputError: it is not shaped as one.
    """
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return _shaped(Table, value, name)


def _shaped(model: type[M], value: Any, name: str) -> M:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        raise InputError(
            f"not shaped as the API's version 3 answers are: {in_words(fault)}",
            file=name,
            place=place or None,
        ) from None


def resolve(setting: TableSetting, listed: tuple[Listed, ...], subject: int) -> Listed:
    """The table of the catalogue that a setting means.

    Raises:
        InputError: none fits, or more than one; what there is, is listed.
    """
    found = [table for table in listed if setting.fits(table.table_id, table.table_name)]
    if len(found) == 1:
        return found[0]
    meant = setting.id or " or ".join(f"'{name}'" for name in setting.names)
    mend = "write the right id or name in tables/supervision.toml of your own folder (--own DIR)"
    if found:
        several = "; ".join(f"{t.table_id} '{t.table_name}'" for t in found)
        raise InputError(f"{setting.measure}: {len(found)} tables fit {meant}: {several}; {mend}")
    raise InputError(
        f"{setting.measure}: no table under subject {subject} is {meant}; "
        f"{_nearest(setting, listed)}; {mend}"
    )


def _nearest(setting: TableSetting, listed: tuple[Listed, ...]) -> str:
    if not listed:
        return "the subject has no tables at all"
    by_name = {plain(table.table_name): table for table in listed}
    wanted = " ".join(plain(name.replace("*", " ")) for name in (setting.names or (setting.id,)))
    near = get_close_matches(wanted, list(by_name), n=3, cutoff=0.2) or list(by_name)[:3]
    names = "; ".join(f"{by_name[name].table_id} '{by_name[name].table_name}'" for name in near)
    return f"the nearest of its {len(listed)} are: {names}"


def all_tables(subjects: tuple[SubjectTables, ...]) -> Iterator[tuple[SubjectTables, Listed]]:
    """Every table with its subject."""
    for subject in subjects:
        for table in subject.tables:
            yield subject, table
