"""The command figures export: figures for others' programs, through disclosure control."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from tilsyn.cli import arguments
from tilsyn.cli.terminal import out, remark
from tilsyn.errors import InputError
from tilsyn.figures.disclosure import Audience, Shown, for_audience
from tilsyn.figures.knowledge import known_on

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
    audience: Annotated[
        Audience,
        typer.Option(
            "--audience",
            help="Who gets it: public hides what must be hidden of figures measured from a "
            "register; own is for within the walls.",
        ),
    ] = "public",
    municipality: arguments.MunicipalityName = None,
    measure: Annotated[str | None, typer.Option("--measure", help="Only this measure.")] = None,
    known: arguments.KnownOn = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against",
            metavar="SOURCE",
            help="What others were given before: what it tells is reckoned with; may be repeated.",
        ),
    ] = None,
) -> None:
    """Export figures for other programs; of every cell the latest vintage.

    Protection looks at all figures of the sources together; --municipality and --measure choose
    from what it leaves.

    Example: `tilsyn figures export releases/ishoej-2023-11 --as tidy --out ishoej`
    """
    day = arguments.day(known, "--known-on") if known else dt.date.max
    shown = _for(audience, arguments.figures(source), day, against or ())
    frame = shown.figures
    if municipality:
        frame = frame.filter(pl.col("area") == arguments.municipality(municipality))
    if measure:
        frame = frame.filter(pl.col("measure") == arguments.measure(measure))
    if frame.is_empty():
        raise InputError("no figures here to export")
    left_out = _WRITERS[form](replace(shown, figures=frame), to)
    out.print(f"{to}: {frame.height - left_out} figures", markup=False)
    for why, count in shown.hidden.items():
        if count:
            remark(f"{count} figures are hidden ({why.replace('_', ' ')})")
    if shown.remarks:
        remark(
            f"{len(shown.remarks)} figures hidden by their publisher can be computed all the same; "
            "they pass as printed"
        )
    if left_out:
        remark(f"{left_out} figures have no place in this layout; --as tidy has all")


def _for(
    audience: Audience, vintages: pl.DataFrame, day: dt.date, against: Sequence[Path]
) -> Shown:
    """The figures an audience may see, of every cell the latest vintage.

    Earlier vintages that were published are known to everybody and reckoned with.
    """
    latest = known_on(vintages, day)
    published = vintages.filter(
        (pl.col("provenance") == "published") & (pl.col("published") <= day)
    ).join(latest, on=latest.columns, how="anti", nulls_equal=True)
    earlier = published.partition_by("published") if published.height else []
    earlier += [known_on(arguments.figures([given]), dt.date.max) for given in against]
    return for_audience(latest, audience, against=earlier)


def _tidy(shown: Shown, to: Path) -> int:
    from tilsyn.figures.exports import write_tidy

    write_tidy(shown, to)
    return 0


def _jsonstat(shown: Shown, to: Path) -> int:
    from tilsyn.figures.exports import write_jsonstat

    write_jsonstat(shown, to)
    return 0


def _excel(shown: Shown, to: Path) -> int:
    from tilsyn.figures.exports import write_excel

    return write_excel(shown, to)


def _kmd(shown: Shown, to: Path) -> int:
    from tilsyn.figures.exports import write_kmd

    write_kmd(shown, to)
    return 0


_WRITERS: dict[Form, Callable[[Shown, Path], int]] = {
    "tidy": _tidy,
    "jsonstat": _jsonstat,
    "excel": _excel,
    "kmd": _kmd,
}
