"""A query's rows, from a file of SQLite or from PostgreSQL; nothing is ever written there."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from tilsyn.errors import InputError

BY_VARIABLE: Final = "env:"
"""A database whose connection an environment variable holds: no password stands in a mapping."""


def rows(
    database: Path, query: str, most: int
) -> tuple[tuple[str, ...], Iterator[list[tuple[Any, ...]]]]:
    """The headings of a query and its rows, so many at a time.

    Args:
        database: a file of SQLite; or "env:NAME".
        query: one that reads.
        most: rows at a time.

    Raises:
        InputError: the database cannot be opened, or the query not be run.
    """
    parts = _rows(database, query, most)
    return next(parts), parts


def _rows(database: Path, query: str, most: int) -> Iterator[Any]:
    try:
        # On a server the cursor is too, so that rows come as they are asked for, of one query that reads.
        named = {"name": "rows"} if _by_variable(database) else {}
        with (
            closing(_opened(database)) as connection,
            closing(connection.cursor(**named)) as cursor,
        ):
            cursor.execute(query)
            if cursor.description is None:
                raise InputError("the query gives no rows; it must be a SELECT", file=database)
            yield tuple(str(column[0]) for column in cursor.description)
            while some := cursor.fetchmany(most):
                yield some
    except InputError:
        raise
    except Exception as error:
        # Drivers have errors of their own; each is a fault of the query or of the database.
        if not _is_of_driver(error):
            raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"cannot be read ({reason})", file=database) from None


def _is_of_driver(error: Exception) -> bool:
    return any(
        base.__module__.partition(".")[0] in ("sqlite3", "psycopg") for base in type(error).__mro__
    )


def _by_variable(database: Path) -> bool:
    return str(database).startswith(BY_VARIABLE)


def _opened(database: Path) -> Any:
    if not _by_variable(database):
        if not database.is_file():
            raise InputError("there is no such database", file=database)
        connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
        connection.execute("PRAGMA query_only = ON")
        return connection
    variable = str(database).removeprefix(BY_VARIABLE)
    if not (url := os.environ.get(variable)):
        raise InputError(f"the environment variable {variable} holds no connection", file=database)
    try:
        import psycopg
    except ModuleNotFoundError:
        raise InputError("reading PostgreSQL needs psycopg: install tilsyn[site]") from None
    return psycopg.connect(url, options="-c default_transaction_read_only=on")


def tables(database: Path) -> list[str]:
    """The tables and views of a file of SQLite.

    Raises:
        InputError: it cannot be read.
    """
    _, parts = rows(
        database,
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
        "AND name NOT LIKE 'sqlite_%' ORDER BY name",
        1000,
    )
    return [str(name) for part in parts for (name,) in part]
