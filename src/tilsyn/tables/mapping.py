"""How a table from outside becomes one that is wanted: columns, values, what is kept; as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, model_validator

from tilsyn.records import Unfit
from tilsyn.tables import values
from tilsyn.tables.formats import Format
from tilsyn.tables.values import Reading
from tilsyn.vocabulary.names import plain

UNPLACED: Final = "?"
"""What stands in a mapping for a value nobody has said the meaning of."""


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Headings = Annotated[tuple[str, ...], BeforeValidator(_several)]
"""One heading, or several of which the first that is there counts."""


class TableMapping(Format):
    """Where the rows of one table come from, and what they mean.

    Attributes:
        table: the table that is wanted.
        files: names or patterns, from the folder of the mapping.
        sheet: of a workbook; empty: the first that has the columns.
        database: a file of SQLite, or the name of an environment variable that holds a connection to
            PostgreSQL ("env:EXTRACTS").
        query: whose rows are read from it.
        columns: headings, by the columns that are wanted.
        optional: of these columns those whose heading may be missing; they are empty then.
        constants: the value of a column in all rows.
        by_name: columns whose values are names of things that have a code.
        values: by column what a written value means; `UNPLACED` where nobody has said.
        no_end: what stands for an end that is not known, in columns of dates.
        keep: by column or heading the values of rows that are read; others are left out.
        leave_out: by column or heading the values of rows that are left out.
    """

    table: str
    files: Headings = ()
    sheet: str = ""
    database: str = ""
    query: str = ""
    columns: dict[str, Headings] = Field(default_factory=dict)
    optional: tuple[str, ...] = ()
    constants: dict[str, str] = Field(default_factory=dict)
    by_name: tuple[str, ...] = ()
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    no_end: tuple[str, ...] = ()
    keep: dict[str, Headings] = Field(default_factory=dict)
    leave_out: dict[str, Headings] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> TableMapping:
        for form in self.dates:
            values.checked_form(form)
        if self.thousands and self.thousands == self.decimals:
            raise Unfit("decimals and thousands are one mark; name the two that are written")
        if bool(self.database) != bool(self.query):
            raise Unfit("a database is read by a query: give both, or neither")
        if bool(self.files) == bool(self.database):
            raise Unfit("give files, or a database and a query")
        if twice := sorted(self.columns.keys() & self.constants.keys()):
            raise Unfit(f"the column {twice[0]} stands in columns and in constants; keep one")
        for name in (*self.values, *self.by_name, *self.optional):
            if name not in self.columns:
                raise Unfit(f"{name} is none of the columns; there are: {', '.join(self.columns)}")
        for name, meanings in self.values.items():
            seen: dict[str, str] = {}
            for word in meanings:
                if meanings[seen.setdefault(plain(word), word)] != meanings[word]:
                    raise Unfit(f"values.{name}: '{seen[plain(word)]}' and '{word}' are one value")
        return self

    @property
    def unplaced(self) -> dict[str, tuple[str, ...]]:
        """By column the values whose meaning nobody has said; of a constant nothing is written."""
        found = {
            name: tuple(word for word, meant in meanings.items() if meant == UNPLACED)
            for name, meanings in self.values.items()
        }
        found |= {name: ("",) for name, value in self.constants.items() if value == UNPLACED}
        return {name: words for name, words in found.items() if words}

    def reading(self, column: str, kind: str, codes: Mapping[str, str]) -> Reading:
        """What a written value of a column means.

        Args:
            column: the column that is wanted.
            kind: "date", "month", "number"; any other is text or a code.
            codes: by the name of what has a code, as `plain` writes it.
        """
        meanings = {plain(word): meant for word, meant in self.values.get(column, {}).items()}
        by_name = column in self.by_name
        form = {
            "date": lambda: values.day(self.dates),
            "month": lambda: values.month(self.dates),
            "number": lambda: values.number(self.decimals, self.thousands),
        }.get(kind, lambda: str)()
        never = {form(text) for text in self.no_end} if kind == "date" else set()

        def meaning(text: str) -> str:
            if (meant := meanings.get(plain(text))) is not None:
                return meant
            if by_name and (code := codes.get(plain(text))) is not None:
                return code
            found = form(text)
            return "" if found in never else found

        return meaning


def found_files(folder: Path, patterns: Iterable[str]) -> tuple[list[Path], list[str]]:
    """The files of names and patterns, each once, by name; and what no file has."""
    files: dict[Path, None] = {}
    missing = []
    for pattern in patterns:
        some = _matching(folder, pattern)
        files |= dict.fromkeys(some)
        missing += [] if some else [pattern]
    return list(files), missing


def _matching(folder: Path, pattern: str) -> list[Path]:
    try:
        if (named := folder / pattern).exists():
            return [named]
        return sorted(folder.glob(pattern)) if pattern else []
    except (OSError, ValueError, NotImplementedError):
        # A name no file can have, or a pattern that is none.
        return []
