"""A register's mapping: from which extracts its tables are read, and how (``mapping.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, model_validator

from tilsyn.errors import InputError
from tilsyn.records import Record, Unfit, read_toml
from tilsyn.register.contract import TABLES, Table
from tilsyn.register.coverage import Coverage
from tilsyn.register.naming import names
from tilsyn.tables.mapping import TableMapping
from tilsyn.tables.values import Reading

MAPPING = "mapping.toml"

FORMS = {"date": "date", "monday": "date", "month": "month", "hours": "number", "amount": "number"}
"""How values are written, by the kind of column; others are texts and codes."""


class RegisterMapping(Record):
    """Where a register's tables come from.

    Attributes:
        tables: in the file ``[[table]]``; several may make one table of the register.
        coverage: as in ``coverage.toml``.
        empty: tables that may be absent because they have no rows.
    """

    tables: tuple[TableMapping, ...] = Field(alias="table", min_length=1)
    coverage: Coverage | None = None
    empty: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _of_the_contract(self) -> RegisterMapping:
        for one in self.tables:
            if one.table not in TABLES:
                raise Unfit(f"there is no table '{one.table}'; there are: {', '.join(TABLES)}")
            table = TABLES[one.table]
            said = {*one.columns, *one.constants}
            if strange := sorted(said - set(table.names)):
                names = ", ".join(table.names)
                raise Unfit(f"{table.name} has no column {strange[0]}; it has: {names}")
            if {"person"} & {*one.values, *one.by_name, *one.optional, *one.constants}:
                raise Unfit("persons are read as they stand: only a heading can be given")
            for column in table.columns:
                if column.name not in said and column.empty is None:
                    raise Unfit(f"{table.name}: nothing is said of the column {column.name}")
        return self


def read_mapping(file: Path) -> RegisterMapping:
    """A mapping.

    Raises:
        InputError: it cannot be read, or says what has no meaning.
    """
    return read_toml(file, RegisterMapping)


def whole_mapping(file: Path) -> RegisterMapping:
    """A mapping that says what every value it names means.

    Raises:
        InputError: as `read_mapping`; or a value stands as "?": how many do, and the first.
    """
    mapping = read_mapping(file)
    found = [
        (one.table, name, word)
        for one in mapping.tables
        for name, words in one.unplaced.items()
        for word in words
    ]
    if found:
        table, name, word = found[0]
        what = TABLES[table].column(name).description
        raise InputError(
            f"{len(found)} values wait for a meaning, first '{word}' of {table}.{name} ({what}): write a "
            "code in place of '?', or name the values in leave_out",
            file=file,
        )
    return mapping


def readings(mapping: TableMapping, table: Table) -> Mapping[str, Reading]:
    """What is written in each column, by name; persons are read as they stand."""
    return {
        column.name: mapping.reading(column.name, FORMS.get(column.kind, ""), names(column.kind))
        for column in table.columns[1:]
    }
