"""The command figures revisions: how figures settle over releases, and how much they usually move."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from tilsyn.cli import arguments
from tilsyn.cli.audience import WithinWalls, seen
from tilsyn.cli.terminal import out, remark
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.formulas import neutral
from tilsyn.figures.printing import printed, printed_change
from tilsyn.figures.revisions import Movement, movements, newest, triangle
from tilsyn.figures.table import CELL
from tilsyn.figures.vintages import gather
from tilsyn.protection import Wall
from tilsyn.vocabulary import MEASURES, ROWS, STATISTIC_NAMES, YearMonth, area_name

_NEWEST = 6
_ONE = [*CELL, "published"]


def register(figures: typer.Typer) -> None:
    """Add the command to the group `figures`."""
    figures.command("revisions", no_args_is_help=True)(_revisions)


def _revisions(
    source: arguments.Sources,
    measure: Annotated[str, typer.Option("--measure", help="Of this measure.")],
    statistic: Annotated[
        str, typer.Option("--statistic", help="Of this statistic (share, unmet, population …).")
    ] = "share",
    municipality: arguments.MunicipalityName = None,
    group: Annotated[
        str, typer.Option("--group", "-g", metavar="NAME", help="Of this benefit group.")
    ] = "total",
    chart: Annotated[
        Path | None,
        typer.Option(
            "--chart",
            metavar="FILE",
            help="Also draw it, a line for each release: an svg, png or pdf.",
        ),
    ] = None,
    audience: WithinWalls = "public",
    language: arguments.LanguageOption = "da",
    output: Annotated[
        Literal["table", "csv", "json"], typer.Option("--format", help="For people or programs.")
    ] = "table",
) -> None:
    """Show how the figures of each month settled over later releases, and how much they usually move.

    The estimate rests on every area and group in the sources; the triangle shows one. A chart may be
    handed on, so it shows what its audience may see.

    Example: `tilsyn figures revisions releases --measure conversations_12m --municipality Ishøj`
    """
    everything = gather(source)
    code, grp = arguments.measure(measure), arguments.group(group)
    if statistic not in STATISTIC_NAMES.codes:
        raise UsageError(
            f"--statistic: no statistic '{statistic}'; there are: {', '.join(STATISTIC_NAMES.codes)}"
        )
    figures = everything.filter((pl.col("measure") == code) & (pl.col("statistic") == statistic))
    history = movements(figures)
    one = figures.filter(
        (pl.col("grp") == grp) & (pl.col("visitation") == "") & (pl.col("category") == "")
    )
    if municipality:
        one = one.filter(pl.col("area") == arguments.municipality(municipality))
    if one.is_empty():
        raise InputError(f"no figures here for {code} {statistic}, {grp}")
    settled = triangle(one)
    latest = newest(one, history).sort("area_kind", "area", "month")
    if chart:
        # Protection must see the counts beside a share.
        _draw(_as_shown(everything, audience).join(one, on=_ONE, how="semi"), chart, language)
    if output == "csv":
        _csv(settled)
    elif output == "json":
        out.print_json(
            json.dumps(
                {
                    "triangle": _dated(settled),
                    "movements": [movement.record() for movement in history],
                    "newest": _dated(latest),
                },
                ensure_ascii=False,
            )
        )
    else:
        _tables(settled, latest, history, language)


def _as_shown(vintages: pl.DataFrame, audience: Wall) -> pl.DataFrame:
    """Every vintage as its audience may see it."""
    if audience == "own":
        return vintages
    days = vintages["published"].unique().sort().to_list()
    shown = [seen(vintages, day, audience).part(pl.col("published") == day) for day in days]
    return pl.concat([one.figures for one in shown])


def _draw(vintages: pl.DataFrame, file: Path, language: str) -> None:
    """One series as each release told it.

    Raises:
        UsageError: more than one area, or another kind of file.
    """
    from tilsyn.charts import save
    from tilsyn.charts.revisions import revisions as drawn

    if vintages.select("area_kind", "area").n_unique() > 1:
        raise UsageError("--chart: draws one area; choose it with --municipality")
    statistic, grp = vintages.row(0, named=True)["statistic"], vintages.row(0, named=True)["grp"]
    names = (STATISTIC_NAMES[statistic].name(language), ROWS[grp].name(language).lower())
    unit = ", ".join(names)
    lines = drawn(triangle(vintages), language, unit[:1].upper() + unit[1:])
    save(lines.spec(language), language, file)
    remark(f"drawn: {file}")


def _dated(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.with_columns(pl.col(pl.Date).dt.to_string("iso")).to_dicts()


def _csv(frame: pl.DataFrame) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.iter_rows():
        writer.writerow([neutral(v) if isinstance(v, str) else v for v in row])
    sys.stdout.write(stream.getvalue())


def _tables(
    settled: pl.DataFrame, latest: pl.DataFrame, history: list[Movement], language: str
) -> None:
    """A triangle an area, then what usually happens, then the newest months."""
    figure_of = {
        (row["area_kind"], row["area"], row["month"], row["published"]): row
        for row in settled.iter_rows(named=True)
    }
    for kind, area in settled.select("area_kind", "area").unique().sort("area_kind", "area").rows():
        part = settled.filter((pl.col("area_kind") == kind) & (pl.col("area") == area))
        row = part.row(0, named=True)
        title = (
            f"{area_name(kind, area, language)}, {MEASURES[row['measure']].name(language)}: "
            f"{STATISTIC_NAMES[row['statistic']].name(language)}, {ROWS[row['grp']].name(language)}"
        )
        out.print(title, style="bold", markup=False)
        days = part["published"].unique().sort().to_list()
        table = Table("", *map(str, days), box=SIMPLE_HEAD, pad_edge=False)
        for month in part["month"].unique().sort().to_list():
            shown = [figure_of.get((kind, area, month, day)) for day in days]
            table.add_row(
                YearMonth.of(month).short(language),
                *(_vintage(row, language) if row else "" for row in shown),
            )
        out.print(table)
        newest_here = latest.filter((pl.col("area_kind") == kind) & (pl.col("area") == area))
        _expectations(newest_here, language)
    if not history:
        out.print("Too little history: no figure here was published twice.")
        return
    scarce = [movement for movement in history if not movement.enough]
    for movement in history:
        if movement.enough:
            out.print(_usual(movement, language), markup=False)
    if scarce:
        ages = ", ".join(str(movement.age) for movement in scarce)
        out.print(f"Too little history to say how figures {ages} months old move.")


def _vintage(row: dict[str, Any], language: str) -> str:
    """A value, with its change since the vintage before."""
    text = printed(row["value"], row["statistic"], language, status=row["status"])
    if row["value"] is None or not row["change"]:
        return text
    return f"{text} ({printed_change(row['change'], row['statistic'], language)})"


def _usual(movement: Movement, language: str) -> str:
    unit = "percentage points" if movement.unit == "points" else "%"
    assert movement.median is not None and movement.low is not None and movement.high is not None
    middle, low, high = (
        printed_change(move, "share", language)
        for move in (movement.median, movement.low, movement.high)
    )
    return (
        f"{movement.age} months old: usually moves {middle} {unit}, 8 in 10 between {low} and {high} "
        f"({movement.cells} figures)"
    )


def _expectations(latest: pl.DataFrame, language: str) -> None:
    """Where the newest months will probably settle, where history can say."""
    for row in latest.tail(_NEWEST).iter_rows(named=True):
        if row["expected"] is None:
            continue
        said = [
            printed(row[n], row["statistic"], language)
            for n in ("value", "expected", "low", "high")
        ]
        out.print(
            f"{YearMonth.of(row['month']).short(language)}: {said[0]} now, will probably settle at "
            f"{said[1]} ({said[2]} to {said[3]})",
            markup=False,
        )
