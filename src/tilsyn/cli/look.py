"""The command ``register look``: what extracts of any form are, and everything that is wrong with them."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from tilsyn.cli.admission import Output, Persons, PersonsAre
from tilsyn.cli.terminal import out, progress, remark
from tilsyn.errors import InputError
from tilsyn.vocabulary.wording import counted
from tilsyn.work.files import folder_beside, put_whole

if TYPE_CHECKING:
    from tilsyn.register.door import Admission
    from tilsyn.register.proposal import Proposal

# The libraries take a while to start: the command imports them when it is called.

_MOST_TOLD = 20


def register(app: typer.Typer) -> None:
    """Add the command to the group `register`."""
    app.command("look", no_args_is_help=True)(look)


def look(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="CSV in any form, XLSX, Parquet, SQLite; or folders of them."
        ),
    ],
    target: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Where to write the mapping (default: mapping.toml beside the first file).",
        ),
    ] = None,
    persons: PersonsAre = Persons.detect,
    format: Annotated[Output, typer.Option("--format", help="For people or for programs.")] = (
        Output.text
    ),
) -> None:
    """Look at extracts of any form: propose how they are read, and say everything that is wrong.

    Tables, columns and codes are recognised by names, spellings and what stands in them; encoding,
    separator, dates and numbers by looking. Values that mean nothing known are listed in the mapping to
    be filled in. Nothing is kept but the mapping.

    Example: **tilsyn register look udtraek/*.csv** and then **tilsyn register check --mapping
    udtraek/mapping.toml**
    """
    from tilsyn.parsing import parse_toml
    from tilsyn.records import build
    from tilsyn.register.coverage import COVERAGE
    from tilsyn.register.mapping import MAPPING, RegisterMapping
    from tilsyn.register.proposal import propose, written

    beside = files[0] if files[0].is_dir() else files[0].parent
    mapping = target or beside / MAPPING
    if mapping.exists():
        raise InputError(
            f"exists already: see what is wrong by it (tilsyn register check --mapping {mapping}), "
            "or choose another name (--out FILE)",
            file=mapping,
        )
    if not mapping.parent.is_dir():
        raise InputError("there is no such folder", file=mapping.parent)
    with progress() as shown:
        shown.add_task("looking", total=None)
        proposal = propose(files, mapping.parent)
    if not proposal.tables:
        for name, reason in proposal.strange:
            remark(f"{name}: {reason}")
        raise InputError("none of the files is a table of a register", file=files[0])
    text = written(proposal, covered=(mapping.parent / COVERAGE).exists()).encode()
    read = build(RegisterMapping, parse_toml(text, file=mapping), file=mapping)
    with folder_beside(Path(tempfile.gettempdir()) / "tilsyn-admitted") as place:
        from tilsyn.register.door import admit, throw_away_secret

        admission = admit(
            mapping.parent,
            place / "rows",
            secret=throw_away_secret(),
            persons=persons.value,
            mapping=read,
            whole=False,
        )
    put_whole(mapping, text)
    if format is Output.json:
        sys.stdout.write(
            json.dumps(_record(proposal, admission, mapping), ensure_ascii=False) + "\n"
        )
        return
    _print_tables(proposal)
    _print_faults(proposal, admission)
    out.print(f"{mapping}: written; read it through", soft_wrap=True, markup=False)


def _record(proposal: Proposal, admission: Admission, mapping: Path) -> dict[str, Any]:
    from tilsyn.register.contract import FAULTS

    return {
        "mapping": str(mapping),
        "tables": [
            {
                "extracts": [extract.name for extract in one.extracts],
                "rows": one.height,
                "table": one.mapping.table,
                "columns": {name: said[0] for name, said in one.mapping.columns.items()},
                "absent": one.absent,
                "unused": one.unused,
                "unplaced": one.mapping.unplaced,
            }
            for one in proposal.tables
        ],
        "not_recognised": [
            {"extract": name, "reason": reason} for name, reason in proposal.strange
        ],
        "missing": proposal.missing,
        "wrong": [
            {
                "table": table,
                "column": column,
                "reason": code,
                "words": FAULTS[code],
                "rows": rows,
                "first": first,
            }
            for table, count in admission.tables.items()
            for (column, code), (rows, first) in count.wrong.items()
        ],
        "remarks": {name: count.remarks for name, count in admission.tables.items()},
    }


def _print_tables(proposal: Proposal) -> None:
    table = Table(box=None)
    for heading in ("files", "table", "rows", "columns"):
        table.add_column(heading, justify="right" if heading == "rows" else "left")
    for one in proposal.tables:
        columns = ", ".join(f"{n} = {said[0]}" for n, said in one.mapping.columns.items())
        table.add_row(one.names, one.mapping.table, f"{one.height:,}", columns)
    out.print(table, markup=False)
    for one in proposal.tables:
        name = one.mapping.table
        if one.absent:
            remark(f"{name}: nothing found for the column {', '.join(one.absent)}")
        if one.unused:
            remark(f"{name}: not used: {', '.join(one.unused)}")
        for heading, values in one.mapping.keep.items():
            remark(f"{name}: only rows are read whose {heading} is {', '.join(values)}")
        if twice := [heading for extract in one.extracts for heading in extract.twice]:
            remark(f"{name}: headings that stand twice are not used: {', '.join(twice)}")
    for name, reason in proposal.strange:
        remark(f"{name}: {reason}")
    if proposal.missing:
        remark(f"nothing found for: {', '.join(proposal.missing)}")


def _print_faults(proposal: Proposal, admission: Admission) -> None:
    from tilsyn.register.contract import FAULTS, REMARKS

    def rows_of(number: int) -> str:
        return counted(number, "row", "rows", "en")

    for one in proposal.tables:
        for column, words in one.mapping.unplaced.items():
            told = (
                f"'{word}'" + (f" ({rows_of(n)})" if (n := one.rows.get((column, word))) else "")
                for word in words[:_MOST_TOLD]
            )
            more = f" and {len(words) - _MOST_TOLD} more" if len(words) > _MOST_TOLD else ""
            out.print(
                f"{one.mapping.table}, column {column}: {counted(len(words), 'value', 'values', 'en')} to be "
                f"filled in: {', '.join(told)}{more}",
                soft_wrap=True,
                markup=False,
            )
    for name, count in admission.tables.items():
        for (column, code), (rows, first) in count.wrong.items():
            if code == "unplaced":
                continue
            where = f", column {column}" if column else ""
            out.print(
                f"{name}{where}: {rows_of(rows)} with {FAULTS[code]}, first in {first}",
                soft_wrap=True,
                markup=False,
            )
        for code, number in count.remarks.items():
            remark(f"{name}: {number:,} {REMARKS[code]}")
