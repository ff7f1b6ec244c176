"""The command figures export: figures for others' programs, through disclosure control."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from tilsyn.cli import arguments
from tilsyn.cli.audience import Against, WithinWalls, seen
from tilsyn.cli.terminal import out, remark
from tilsyn.errors import InputError
from tilsyn.figures.vintages import gather
from tilsyn.protection import Shown

Form = Literal["tidy", "jsonstat", "excel", "kmd"]

# The writers' libraries take a while to start: they are imported when the command is called.


def register(figures: typer.Typer) -> None:
    """Add the command to the group `figures`."""
    figures.command("export", no_args_is_help=True)(_export)


def _export(
    source: arguments.Sources,
    form: Annotated[
        Form,
        typer.Option(
            "--as",
            help="tidy: CSV with datapackage.json; jsonstat: JSON-stat 2.0; excel: the letters' "
            "layout; kmd: KMD Insight Custom Data.",
        ),
    ],
    to: Annotated[
        Path,
        typer.Option("--out", metavar="PATH", help="File to make (a folder for tidy)."),
    ],
    audience: WithinWalls = "public",
    municipality: arguments.MunicipalityName = None,
    measure: Annotated[str | None, typer.Option("--measure", help="Only this measure.")] = None,
    known: arguments.KnownOn = None,
    against: Against = None,
) -> None:
    """Export figures for other programs; of every cell the latest vintage.

    Protection looks at all figures of the sources together; --municipality and --measure choose
    from what it leaves.

    Example: `tilsyn figures export releases/ishoej-2023-11 --as tidy --out ishoej`
    """
    day = arguments.day(known, "--known-on") if known else dt.date.max
    everything = seen(gather(source), day, audience, against)
    wanted = []
    if municipality:
        wanted.append(pl.col("area") == arguments.municipality(municipality))
    if measure:
        wanted.append(pl.col("measure") == arguments.measure(measure))
    shown = everything.part(*wanted)
    if shown.figures.is_empty():
        raise InputError("no figures here to export")
    left_out = _WRITERS[form](shown, to)
    out.print(f"{to}: {shown.figures.height - left_out} figures", markup=False)
    for why, count in shown.hidden.items():
        if count:
            remark(f"{count} figures are hidden ({why.replace('_', ' ')})")
    if recovered := everything.remarks():
        remark(
            f"{len(recovered)} figures hidden by their publisher can be computed all the same; "
            "they pass as printed"
        )
    if left_out:
        remark(f"{left_out} figures have no place in this layout; --as tidy has all")


def _tidy(shown: Shown, to: Path) -> int:
    from tilsyn.exports import write_tidy

    write_tidy(shown, to)
    return 0


def _jsonstat(shown: Shown, to: Path) -> int:
    from tilsyn.exports import write_jsonstat

    write_jsonstat(shown, to)
    return 0


def _excel(shown: Shown, to: Path) -> int:
    from tilsyn.exports import write_excel

    return write_excel(shown, to)


def _kmd(shown: Shown, to: Path) -> int:
    from tilsyn.exports import write_kmd

    write_kmd(shown, to)
    return 0


_WRITERS: dict[Form, Callable[[Shown, Path], int]] = {
    "tidy": _tidy,
    "jsonstat": _jsonstat,
    "excel": _excel,
    "kmd": _kmd,
}
