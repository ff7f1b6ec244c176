"""The commands ``worklist identify``, ``worklist progress`` and ``looks``: a plan's worklist, and who saw whom."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tilsyn.cli import arguments
from tilsyn.cli.terminal import out, remark
from tilsyn.errors import InputError, UsageError

# The libraries take a while to start: commands import them when they are called.

app = typer.Typer(no_args_is_help=True, help="What is done with a plan's worklist.")


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="worklist")
    root.command(name="looks")(looks)


@app.command(no_args_is_help=True)
def identify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A list with pseudonyms: worklist.csv, duty.csv.")
    ],
    people: Annotated[
        Path,
        typer.Option(
            metavar="CSV", help="The municipality's people: columns cpr, reference, name."
        ),
    ],
    into: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The list with names; must not exist.")
    ],
    purpose: Annotated[str, typer.Option("--purpose", metavar="TEXT", help="Why; it is logged.")],
    secret_file: Annotated[
        Path | None,
        typer.Option(
            "--secret-file",
            metavar="FILE",
            help="The secret the store was loaded with (or the environment variable TILSYN_SECRET).",
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where it is logged (or TILSYN_LOOKS_LOG; default: "
            "~/.local/state/tilsyn/looks.jsonl).",
        ),
    ] = None,
) -> None:
    """Put case references and names in the place of pseudonyms; for calling people in.

    Written for your eyes alone, outside every store, and logged: who, when, why, which file, how
    many persons.

    Example: **tilsyn worklist identify plan/worklist.csv --people people.csv --purpose "indkaldelse
    uge 36" --secret-file ~/tilsyn.secret --out ~/week-36.csv**
    """
    from tilsyn.register import identification, looks
    from tilsyn.register.outside import refuse_inside, write_file
    from tilsyn.register.pseudonyms import read_secret

    if not purpose.strip():
        raise UsageError("--purpose: say why; it is logged")
    if (secret := read_secret(secret_file)) is None:
        raise UsageError("no secret: give --secret-file or TILSYN_SECRET, the one of the store")
    refuse_inside(into)
    found = identification.identified(file, identification.people(people, secret))
    if found.rows and not found.persons:
        raise UsageError(
            f"none of the persons of {file} is on the list {people}: is the secret the store's?"
        )
    looks.note(
        looks.log_file(log),
        look="identify",
        purpose=purpose,
        persons=found.persons,
        file=str(file.absolute()),
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        into=str(into.absolute()),
    )
    write_file(into, found.as_csv())
    out.print(f"{into}: {found.persons:,} persons, {len(found.rows):,} rows", soft_wrap=True)
    if found.unknown:
        remark(f"{found.unknown:,} rows have a person who is not on the list {people}")


@app.command(no_args_is_help=True)
def progress(
    folder: Annotated[Path, typer.Argument(metavar="PLAN", help="Folder made by *tilsyn plan*.")],
    store: Annotated[Path, typer.Argument(metavar="STORE", help="The store, loaded anew since.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="Until and with this day.")],
    form: arguments.FormatOption = "table",
) -> None:
    """Hold a plan against what was done: week by week planned, held, held late, missing.

    Example: **tilsyn worklist progress plan store --on 2023-11-30**
    """
    from tilsyn.measures import definitions
    from tilsyn.planning import earlier, record, worklist
    from tilsyn.planning import progress as progresses
    from tilsyn.register.store import opened

    made = record.read(folder)
    day = arguments.day(on, "--on")
    if day < made.first:
        raise UsageError(f"--on: the plan begins on {made.first}, {day} lies before it")
    calls = worklist.call_ins(earlier.worklist(folder), "en")
    with opened(store) as read:
        held, gone = progresses.held(read, definitions.load(), made.first, day)
    found = list(progresses.weeks(calls, held, day, gone))
    if form == "json":
        rows = [w.model_dump(exclude={"team"}) | {"missing": w.missing} for w in found]
        sys.stdout.write(json.dumps({"plan": str(folder), "on": str(day), "weeks": rows}) + "\n")
        return
    if not found:
        out.print(f"{folder}: nothing was planned to be done by {day}", soft_wrap=True)
        return
    table = Table(box=None)
    for name in ("week", "kind"):
        table.add_column(name)
    for name in ("planned", "held", "late", "left", "missing"):
        table.add_column(name, justify="right")
    for w in found:
        table.add_row(w.week, w.kind, *map(str, (w.planned, w.held, w.late, w.left, w.missing)))
    planned, missing = sum(w.planned for w in found), sum(w.missing for w in found)
    out.print(table)
    out.print(f"{planned:,} planned by {day}, {missing:,} missing", soft_wrap=True)


_COLUMNS = ("at", "by", "look", "persons", "purpose", "into")


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
    from tilsyn.register import looks as log_of_looks

    where = log_of_looks.log_file(log)
    found = log_of_looks.noted(where)
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
    if (number := log_of_looks.broken_at(where)) is not None:
        raise InputError(
            "does not follow from the line before: the log was changed",
            file=where,
            place=f"line {number}",
        )
