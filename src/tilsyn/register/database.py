"""DuckDB as this room uses it: out of core, in bounded memory, silent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


@contextmanager
def opened(spill: Path, memory: str = "1GB") -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory for as long as the block runs.

    Args:
        spill: where it puts what does not fit in memory; the caller removes it.
        memory: how much it may take, as DuckDB writes it.
    """
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(spill),
        "preserve_insertion_order": "false",
    }
    with duckdb.connect(config=options) as database:
        # Its own progress bar goes to stdout, even into a pipe; in a notebook without widgets there is
        # none, and saying so again fails.
        if database.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [
            (True,)
        ]:
            database.execute("SET enable_progress_bar = false")
        yield database
