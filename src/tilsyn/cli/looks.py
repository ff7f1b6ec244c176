"""The command ``looks``: who looked at persons."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tilsyn.cli import arguments
from tilsyn.cli.terminal import out
from tilsyn.errors import InputError

_COLUMNS = ("at", "by", "look", "persons", "purpose", "into")


def register(root: typer.Typer) -> None:
    """Add the command to the program."""
    root.command(name="looks")(looks)


def looks(
    log: Annotated[
        Path | None,
        typer.Argument(
            metavar="[LOG]",
            help="The log (default: TILSYN_LOOKS_LOG, or ~/.local/state/tilsyn/looks.jsonl).",
        ),
    ] = None,
    form: arguments.FormatOption = "table",
) -> None:
    """Show who looked at persons, when and why, and whether the log is whole.

    Commands that show or list persons (*explain*, *measure --persons*, *plan*, *worklist identify*)
    add a line before they show anything. On the site looks stand in its audit log.

    Example: **tilsyn looks --format json**
    """
    from tilsyn.register import looks as register_looks

    where = register_looks.log_file(log)
    found = register_looks.noted(where)
    if form == "json":
        sys.stdout.write(json.dumps({"log": str(where), "looks": found}, ensure_ascii=False) + "\n")
    elif not found:
        out.print(f"{where}: nobody has looked at persons", soft_wrap=True)
    else:
        table = Table(box=None)
        for name in _COLUMNS:
            table.add_column(name, justify="right" if name == "persons" else "left")
        for line in found:
            told = (line.get(name) for name in _COLUMNS)
            table.add_row(*("" if value is None else str(value) for value in told))
        out.print(table)
    if (number := register_looks.broken_at(where)) is not None:
        raise InputError(
            "does not follow from the line before: the log was changed",
            file=where,
            place=f"line {number}",
        )
