"""The commands jobindsats tables, describe, fetch and watch: the official figures, without typing."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from tilsyn.cli import arguments
from tilsyn.cli.terminal import out, progress, remark
from tilsyn.errors import InputError, UsageError
from tilsyn.figures import release as releases
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.jobindsats import watching
from tilsyn.figures.jobindsats.archive import Archive
from tilsyn.figures.jobindsats.calls import Call
from tilsyn.figures.jobindsats.catalogue import Listed, all_tables
from tilsyn.figures.jobindsats.connection import BASE_URL, Connection, Patience
from tilsyn.figures.jobindsats.fetching import (
    Found,
    Wanted,
    catalogue,
    described,
    fetch,
    moved,
    supervisory,
)
from tilsyn.figures.jobindsats.settings import Settings, settings
from tilsyn.figures.jobindsats.token import token
from tilsyn.figures.release import Release
from tilsyn.figures.vintages import release_of

app = typer.Typer(no_args_is_help=True, help="Official figures from Jobindsats (API version 3).")

_NEWEST = 13
_MOST_REMARKS = 10

Url = Annotated[
    str,
    typer.Option(
        "--url", metavar="URL", envvar="TILSYN_JOBINDSATS_URL", help="Where the API answers."
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        metavar="FILE",
        help="File that holds the key; else TILSYN_JOBINDSATS_TOKEN does.",
    ),
]
Cache = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        help="Where raw answers are kept (default: the user's cache folder).",
    ),
]
Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", metavar="MEASURE", help="Only this measure; may be repeated."),
]
Timeout = Annotated[
    float, typer.Option("--timeout", metavar="SECONDS", help="How long to wait for an answer.")
]


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="jobindsats")


@app.command("tables")
def _tables(
    subject: Annotated[
        int | None,
        typer.Option("--subject", metavar="ID", help="Default: the supervisory subject."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="The tables of every subject.")] = False,
    url: Url = BASE_URL,
    token_file: TokenFile = None,
    timeout: Timeout = 180,
    output: arguments.FormatOption = "table",
) -> None:
    """List the tables of a subject, when they were updated, and which measure each is used for.

    Example: `tilsyn jobindsats tables`
    """
    chosen = settings()
    with Connection(token(token_file), url, Patience(timeout=timeout)) as connection:
        wanted = None if every else subject or chosen.subject
        found = list(all_tables(catalogue(connection, wanted)))
    if not found:
        raise InputError(f"no tables under subject {wanted}; --all lists every subject's")
    rows = [
        {
            "table": table.table_id,
            "name": table.table_name,
            "subject": subject_tables.subject_id,
            "updated": str(table.update_latest or ""),
            "next": str(table.update_next or ""),
            "measure": ", ".join(_used_for(table, chosen)),
        }
        for subject_tables, table in found
    ]
    if output == "json":
        out.print_json(json.dumps(rows, ensure_ascii=False))
        return
    shown = Table("table", "name", "updated", "next", "measure", box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        shown.add_row(*(Text(str(row[n])) for n in ("table", "name", "updated", "next", "measure")))
    out.print(shown)


def _used_for(table: Listed, chosen: Settings) -> list[str]:
    return [s.measure for s in chosen.table if s.fits(table.table_id, table.table_name)]


@app.command("describe", no_args_is_help=True)
def _describe(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="The table's id, e.g. y30r21.")],
    url: Url = BASE_URL,
    token_file: TokenFile = None,
    timeout: Timeout = 180,
    output: arguments.FormatOption = "table",
) -> None:
    """Show what a table can be asked for: its periods, its columns, and what it is divided by.

    Example: `tilsyn jobindsats describe y30r21`
    """
    with Connection(token(token_file), url, Patience(timeout=timeout)) as connection:
        found = described(connection, table)
    if output == "json":
        out.print_json(found.model_dump_json())
        return
    out.print(f"{found.table_id}: {found.table_name}", style="bold", markup=False)
    for periods in found.periods:
        ids = found.period_ids(periods.periodtype_id)
        out.print(f"periods {periods.periodtype_id}: {ids[0]} to {ids[-1]} ({len(ids)})")
    for group in found.mgroups:
        for measure in group.measures:
            out.print(f"column: {measure.measure_name}", markup=False)
    for id, hierarchy in found.hierarchies.items():
        names = [value.value_name for value in hierarchy.values]
        some = ", ".join(names[:6]) + (f", … ({len(names)})" if len(names) > 6 else "")
        out.print(f"divided by {id}: {some}", markup=False)


@app.command("fetch", no_args_is_help=True)
def _fetch(
    into: Annotated[Path, typer.Option("--into", metavar="RELEASE", help="The release to make.")],
    measure: Measures = None,
    months: Annotated[
        str | None,
        typer.Option("--months", metavar="RANGE", help="Only these months, 2026-01..2026-06."),
    ] = None,
    latest: Annotated[
        int | None,
        typer.Option("--latest", metavar="N", min=1, help="Only the newest N periods."),
    ] = None,
    cache: Cache = None,
    url: Url = BASE_URL,
    token_file: TokenFile = None,
    timeout: Timeout = 180,
) -> None:
    """Fetch the supervisory figures into a release; started again, it goes on where it stopped.

    Without --months and --latest the newest 13 periods are fetched.

    Example: `tilsyn jobindsats fetch --latest 3 --into releases/jobindsats-2026-07`
    """
    if into.exists():
        raise UsageError(f"--into: {into} exists already, and a release is never changed")
    chosen, only = settings(), [arguments.measure(name) for name in measure or ()]
    span = arguments.months(months) if months else None
    wanted = Wanted(into.name, span, latest or (None if span else _NEWEST))
    with Connection(token(token_file), url, Patience(timeout=timeout)) as connection:
        found = supervisory(connection, chosen, only)
        _write(_fetched(connection, found, wanted, _archive(cache), into), into)


@app.command("watch", no_args_is_help=True)
def _watch(
    into: Annotated[
        Path, typer.Option("--into", metavar="DIR", help="The folder releases are made in.")
    ],
    state: Annotated[
        Path | None,
        typer.Option(
            "--state", metavar="FILE", help="What was seen (default: in the folder, hidden)."
        ),
    ] = None,
    measure: Measures = None,
    latest: Annotated[
        int, typer.Option("--latest", metavar="N", min=1, help="Only the newest N periods.")
    ] = _NEWEST,
    cache: Cache = None,
    url: Url = BASE_URL,
    token_file: TokenFile = None,
    timeout: Timeout = 180,
) -> None:
    """Fetch the tables that were updated since the last time; run it every morning.

    Example: `tilsyn jobindsats watch --into releases`
    """
    chosen, only = settings(), [arguments.measure(name) for name in measure or ()]
    file = state or into / ".jobindsats.json"
    seen = watching.seen(file)
    with Connection(token(token_file), url, Patience(timeout=timeout)) as connection:
        new = list(moved(supervisory(connection, chosen, only), seen))
        if not new:
            out.print("Nothing new: no table was updated since the last time.")
            return
        target = watching.free(into, max(found.updated for found in new))
        wanted = Wanted(target.name, latest=latest)
        _write(_fetched(connection, new, wanted, _archive(cache), target), target)
    watching.note(file, seen | {found.listed.table_id: str(found.updated) for found in new})


def _fetched(
    connection: Connection, found: Sequence[Found], wanted: Wanted, archive: Archive, into: Path
) -> Release:
    """The release that the figures of some tables make."""
    readings, left_out = [], list[Anomaly]()
    with progress() as bar:
        tally = _Tally(bar)
        for one in found:
            got, anomalies = fetch(connection, one, wanted, archive, tally)
            readings += got
            left_out += anomalies
    if tally.kept:
        remark(f"{tally.kept} answers were kept from before, {tally.asked} asked for")
    if not readings:
        raise InputError("the answers hold no figures", file=into)
    made = release_of(readings, into)
    source = {
        "url": connection.base_url,
        "tables": [
            {"id": o.listed.table_id, "name": o.listed.table_name, "updated": o.updated}
            for o in found
        ],
    }
    return replace(
        made, anomalies=(*left_out, *made.anomalies), extra=made.extra | {"jobindsats": source}
    )


class _Tally:
    """Counts the answers, kept from before and asked for, and shows them as they come."""

    def __init__(self, bar: Progress):
        self.kept = self.asked = 0
        self._bar, self._task = bar, bar.add_task("fetching", total=None)

    def __call__(self, call: Call, kept: bool) -> None:
        self.kept, self.asked = self.kept + kept, self.asked + (not kept)
        self._bar.update(self._task, advance=1, description=f"{call.table} {call.periods[-1]}")


def _write(made: Release, into: Path) -> None:
    releases.write(made, into)
    out.print(f"{into}: {made.figures.height} figures, published {made.published}")
    for anomaly in made.anomalies[:_MOST_REMARKS]:
        remark(anomaly.da)
    if (more := len(made.anomalies) - _MOST_REMARKS) > 0:
        remark(f"{more} more oddities stand in {into}/anomalies.json")


def _archive(folder: Path | None) -> Archive:
    if folder is None:
        home = os.environ.get("XDG_CACHE_HOME")
        folder = (Path(home) if home else Path.home() / ".cache") / "tilsyn" / "jobindsats"
    return Archive(folder)
