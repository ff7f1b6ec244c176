"""The commands figures read, show and correct: published tables become releases."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from tilsyn.cli import arguments, compare, diff, disclosure, exports, revisions
from tilsyn.cli.terminal import out, remark
from tilsyn.errors import InputError
from tilsyn.figures import release as releases
from tilsyn.figures.anomalies import Anomaly, find
from tilsyn.figures.reading import read_published
from tilsyn.figures.release import Release
from tilsyn.figures.table import CELL, rows
from tilsyn.figures.vintages import (
    Vintages,
    comparable,
    corrected,
    known_on,
    latest_beside,
    release_of,
)
from tilsyn.vocabulary import (
    AREA_KINDS,
    MEASURES,
    ROWS,
    STATISTIC_NAMES,
    VISITATION,
    YearMonth,
    area_name,
)

app = typer.Typer(no_args_is_help=True, help="Published tables and releases of figures.")

for _part in (compare, diff, disclosure, exports, revisions):
    _part.register(app)


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="figures")


@app.command("read", no_args_is_help=True)
def _read(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Letters, notes, sheets, CSV.")
    ],
    into: Annotated[Path, typer.Option("--into", metavar="RELEASE", help="The release to make.")],
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="DATE", help="Required where the file does not say."),
    ] = None,
    municipality: Annotated[
        str | None,
        typer.Option("--municipality", "-m", metavar="NAME", help="Where the file does not say."),
    ] = None,
    seniority: Annotated[
        int | None,
        typer.Option("--seniority", metavar="MONTHS", help="6 or 12, where the file does not say."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="RELEASE",
            help="Look for rows that slipped against this release (default: the releases beside it).",
        ),
    ] = None,
) -> None:
    """Read published tables into a release; what is odd is reported and kept beside the figures.

    Example: `tilsyn figures read letter.txt --published 2023-02-20 --into releases/ishoej-2023-02`
    """
    date = arguments.day(published, "--published") if published else None
    place = arguments.municipality(municipality) if municipality else None
    readings = [
        read_published(file, published=date, municipality=place, seniority=seniority)
        for file in files
    ]
    made = release_of(readings, into, against=against)
    releases.write(made, into)
    out.print(f"{into}: {made.figures.height} figures, published {made.published}")
    for anomaly in made.anomalies:
        remark(anomaly.da)


@app.command("show", no_args_is_help=True)
def _show(
    source: arguments.Sources,
    municipality: arguments.MunicipalityName = None,
    measure: Annotated[str | None, typer.Option("--measure", help="Only this measure.")] = None,
    months: Annotated[
        str | None,
        typer.Option("--months", metavar="A..B", help="Default: the latest twelve."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show the splits by visitation too (JSON always does).")
    ] = False,
    known: arguments.KnownOn = None,
    language: arguments.LanguageOption = "da",
    output: arguments.FormatOption = "table",
) -> None:
    """Show figures as tables: groups down, months across; "." is hidden, "–" not there.

    Example: `tilsyn figures show releases/ishoej-2023-11 --measure conversations_12m`
    """
    day = arguments.day(known, "--known-on") if known else dt.date.max
    vintages = Vintages(source)  # a release says what measures of its own are called
    conditions = [pl.col("published") <= day]
    if municipality:
        conditions.append(pl.col("area") == arguments.municipality(municipality))
    if measure:
        conditions.append(pl.col("measure") == arguments.measure(measure))
    if months:
        span = arguments.months(months)
        conditions.append(pl.col("month").is_between(span.first.first, span.last.first))
    frame = known_on(vintages.figures(*conditions), day)
    if frame.is_empty():
        wanted = ", ".join(filter(None, (municipality, measure, months)))
        raise InputError("no figures here" + (f" for {wanted}" if wanted else ""))
    if output == "json":
        records = [
            {**row, "month": str(row["month"]), "published": str(row["published"])}
            for row in frame.iter_rows(named=True)
        ]
        out.print_json(json.dumps(records, ensure_ascii=False))
        return
    for part in tables(frame, language, recent=not months, split=every):
        out.print(part)
    for anomaly in _anomalies(source):
        remark(anomaly.text(language))


def tables(
    frame: pl.DataFrame,
    language: arguments.Language,
    *,
    recent: bool = True,
    split: bool = False,
) -> Iterator[str | Table]:
    """A figure table as titles and tables: one an area, measure and statistic.

    Args:
        frame: one vintage a cell.
        language: "da" or "en".
        recent: only each table's latest twelve months.
        split: those by visitation too.
    """
    if recent:
        frame = _recent(frame)
    if not split:
        unsplit = pl.col("visitation") == ""
        only_split = ~unsplit.any().over("measure", "statistic", "grp", "month")
        frame = frame.filter(unsplit | only_split)
    for title, part in _tables(frame, language):
        yield f"[bold]{title}[/]"
        yield _pivoted(part, language)


def _recent(frame: pl.DataFrame) -> pl.DataFrame:
    """Each table's latest twelve months, of persons by number the latest."""
    newest = pl.col("month").max().over("area", "measure", "statistic", "visitation")
    by_number = (pl.col("category") != "").any().over("measure", "statistic")
    return frame.filter(
        pl.when(by_number)
        .then(pl.col("month") == newest)
        .otherwise(pl.col("month") > newest.dt.offset_by("-12mo"))
    )


def _tables(frame: pl.DataFrame, language: arguments.Language) -> list[tuple[str, pl.DataFrame]]:
    keys = ["area_kind", "area", "measure", "statistic", "visitation"]
    order = {code: i for i, code in enumerate((*MEASURES.codes, *AREA_KINDS))}
    parts = frame.partition_by(keys, as_dict=True)
    titled = []
    for key in sorted(parts, key=lambda k: (k[1], order[str(k[2])], *map(str, k))):
        kind, area, measure, statistic, visitation = map(str, key)
        name = f"{area_name(kind, area, language)}, {MEASURES[measure].name(language)}: "
        name += STATISTIC_NAMES[statistic].name(language)
        if visitation:
            name += f" ({VISITATION[visitation].name(language).lower()})"
        titled.append((name, parts[key]))
    return titled


def _pivoted(part: pl.DataFrame, language: arguments.Language) -> Table:
    """One table of one statistic: rows are groups, columns months (or categories of one month)."""
    cells = {
        (
            figure.grp,
            f"{YearMonth.of(figure.month).short(language)} {figure.category}".strip(),
        ): figure
        for figure in rows(part.sort("month", "category"))
    }
    heads = list(dict.fromkeys(head for _, head in cells))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("", min_width=20)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for code in ROWS.codes:
        if any(grp == code for grp, _ in cells):
            shown = [
                cells[code, head].shown(language) if (code, head) in cells else "" for head in heads
            ]
            table.add_row(ROWS[code].name(language), *shown)
    return table


def _anomalies(sources: list[Path]) -> list[Anomaly]:
    folders = [source for source in sources if source.is_dir() and releases.is_release(source)]
    return [anomaly for folder in folders for anomaly in releases.anomalies(folder)]


@app.command("correct", no_args_is_help=True)
def _correct(
    release: Annotated[Path, typer.Argument(metavar="RELEASE", help="The release to correct.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The mended cells, as tidy CSV.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept in the manifest.")],
    into: Annotated[Path, typer.Option("--into", metavar="RELEASE", help="The new release.")],
    published: Annotated[
        str | None,
        typer.Option(
            "--published",
            metavar="DATE",
            help="Day the mended cells count from (default: today). With the old release's day the "
            "correction stands in its place.",
        ),
    ] = None,
) -> None:
    """Make a new release from mended cells; the old one stays as it was.

    Example: `tilsyn figures correct releases/ishoej-2023-09 mended.csv --reason "rows had slipped"
    --into releases/ishoej-2023-09-corrected --published 2023-09-04`
    """
    old = releases.read(release)
    day = arguments.day(published, "--published") if published else dt.date.today()
    reading = read_published(file, published=day)
    figures = corrected(old, reading.figures, release=into.name, published=day)
    before = latest_beside(into, comparable(figures))
    made = Release(
        id=into.name,
        published=max(old.published, day),
        figures=figures,
        sources=(*old.sources, reading.source),
        printed=old.printed,
        anomalies=tuple(find(figures, against=before)),
        supersedes=old.id,
        reason=reason,
        set_aside=old.set_aside,
    )
    releases.write(made, into)
    changed = figures.join(old.figures, on=[*CELL, "value", "status"], how="anti", nulls_equal=True)
    out.print(f"{into}: {changed.height} cells mended, the others as in {old.id}")
    for anomaly in made.anomalies:
        remark(anomaly.da)
