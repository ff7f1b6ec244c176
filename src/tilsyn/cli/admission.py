"""Reading a register at the door, as several commands do: their options, a place to work, the report."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from tilsyn.cli.terminal import out, progress, remark
from tilsyn.errors import InputError, UsageError

if TYPE_CHECKING:
    from tilsyn.register.door import Admission
    from tilsyn.register.mapping import RegisterMapping

# The door's libraries take a while to start: they are imported when something is read.

SET_ASIDE = Path("set_aside.csv")


class Output(StrEnum):
    """How to print."""

    text = "text"
    json = "json"


class Persons(StrEnum):
    """What the column `person` holds."""

    detect = "detect"
    cpr = "cpr"
    pseudonyms = "pseudonyms"


def _share(text: str) -> Decimal:
    try:
        share = Decimal(text)
    except InvalidOperation:
        share = Decimal(-1)
    if not 0 <= share <= 1:
        raise typer.BadParameter(f"'{text}' is no share; write a number from 0 to 1, e.g. 0.05")
    return share


Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="DIR",
        help="The register: a CSV or Parquet file or folder a table; with *--mapping* the folder of the "
        "files it names (default: its own).",
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="How other files are read: columns, formats, values (*tilsyn register look* proposes one).",
    ),
]
SetAside = Annotated[
    Path | None,
    typer.Option(
        "--set-aside",
        metavar="FILE",
        help="Write the rows set aside here (default: set_aside.csv, when there are any).",
    ),
]
Empty = Annotated[
    list[str] | None,
    typer.Option(metavar="TABLE", help="A table that may be absent: it has no rows. Repeatable."),
]
Secret = Annotated[
    Path | None,
    typer.Option(
        "--secret-file",
        metavar="FILE",
        help="Secret of 32 bytes or more that makes pseudonyms of CPR numbers "
        "(or the environment variable TILSYN_SECRET).",
    ),
]
MostSetAside = Annotated[
    Decimal,
    typer.Option(
        "--most-set-aside",
        parser=_share,
        metavar="SHARE",
        help="Stop where a larger share of a table's rows is set aside: 0.05 is one row in twenty.",
    ),
]
PersonsAre = Annotated[Persons, typer.Option("--persons", help="What the column person holds.")]


def register_of(
    folder: Path | None, mapping: Path | None, *, unplaced: bool = False
) -> tuple[Path, RegisterMapping | None]:
    """The folder of a register's files, and how they are read.

    Args:
        unplaced: whether values may be left whose meaning the mapping does not say.

    Raises:
        UsageError: neither is given.
        InputError: the mapping is wrong.
    """
    if mapping is None:
        if folder is None:
            raise UsageError("name the register's folder, or a mapping (--mapping FILE)")
        return folder, None
    from tilsyn.register.mapping import read_mapping, whole_mapping

    read = read_mapping(mapping) if unplaced else whole_mapping(mapping)
    return folder or mapping.parent, read


def admitted(
    folder: Path,
    place: Path,
    secret: bytes | None,
    empty: list[str] | None,
    persons: Persons = Persons.detect,
    mapping: RegisterMapping | None = None,
) -> Admission:
    """Read a register into `place`, with progress."""
    from tilsyn.register.door import admit, size

    absent = empty or []
    with progress() as shown:
        task = shown.add_task("reading", total=size(folder, absent, mapping))
        step: Callable[[int], None] = lambda done: shown.advance(task, done)  # noqa: E731
        return admit(
            folder,
            place / "rows",
            secret=secret,
            persons=persons.value,
            empty=absent,
            mapping=mapping,
            progress=step,
        )


def report(
    admission: Admission, set_aside: Path | None, format: Output, *, fingerprint: bool
) -> None:
    """Print what came of the reading and keep the rows set aside."""
    target = set_aside or (SET_ASIDE if admission.set_aside else None)
    if target is not None:
        from tilsyn.work.files import MINE

        try:
            target.touch(mode=MINE)
            shutil.copyfile(admission.folder / SET_ASIDE.name, target)
        except OSError as error:
            raise InputError(f"cannot be written ({error.strerror})", file=target) from None
    record = admission.record()
    if not fingerprint:
        del record["fingerprint"]
    if format is Output.json:
        record["set_aside_file"] = str(target) if target else None
        sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=1) + "\n")
        return
    table = Table(box=None)
    table.add_column("table")
    left_out = any(count.left_out for count in admission.tables.values())
    for heading in ("rows", "read", "set aside", *(["left out"] if left_out else [])):
        table.add_column(heading, justify="right")
    for name, count in admission.tables.items():
        numbers = (count.rows, count.good, count.aside, *([count.left_out] if left_out else []))
        table.add_row(name, *(f"{number:,}" for number in numbers))
    out.print(table)
    for name, found in record["tables"].items():
        for code, number in found["set_aside"].items():
            out.print(
                f"{name}, set aside: {number:,} with {record['wording'][code]}, first in "
                f"{found['first'][code]}",
                soft_wrap=True,
                markup=False,
            )
    for name, found in record["tables"].items():
        for code, number in found["remarks"].items():
            remark(f"{name}: {number:,} {record['wording'][code]}")
    if target is not None:
        out.print(f"rows set aside: {target}", soft_wrap=True)
