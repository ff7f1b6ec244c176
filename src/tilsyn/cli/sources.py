"""The commands register from ydelsesrefusion, eindkomst and dfdg: deliveries to a register's tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tilsyn.cli import arguments
from tilsyn.cli.admission import MostSetAside
from tilsyn.cli.terminal import out, remark
from tilsyn.register.limits import MOST_SET_ASIDE

if TYPE_CHECKING:
    from tilsyn.register.sources.maps import Maps
    from tilsyn.register.sources.tables import Report

# The readers' libraries take a while to start: commands import them when they are called.

app = typer.Typer(no_args_is_help=True, help="Municipal deliveries as a register's tables.")

_MOST_CODES = 12

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Delivered CSV files.")]
Out = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Folder to make; nothing is in it yet.")
]


def register_on(register: typer.Typer) -> None:
    """Add the commands to the group `register`."""
    register.add_typer(app, name="from")


@app.command("ydelsesrefusion", no_args_is_help=True)
def _ydelsesrefusion(
    files: Files,
    folder: Out,
    most_set_aside: MostSetAside = MOST_SET_ASIDE,
    output: arguments.FormatOption = "table",
) -> None:
    """Weekly benefit payments: corrections add up, weeks become spells.

    Example: `tilsyn register from ydelsesrefusion yr-*.csv --out register`
    """
    from tilsyn.register.sources import ydelsesrefusion

    _run(ydelsesrefusion.read, files, folder, most_set_aside, output)


@app.command("eindkomst", no_args_is_help=True)
def _eindkomst(
    files: Files,
    folder: Out,
    most_set_aside: MostSetAside = MOST_SET_ASIDE,
    output: arguments.FormatOption = "table",
) -> None:
    """Paid hours (field 096): reversals are taken back, pay periods shared out over months.

    Example: `tilsyn register from eindkomst loen-*.csv --out register`
    """
    from tilsyn.register.sources import eindkomst

    _run(eindkomst.read, files, folder, most_set_aside, output)


@app.command("dfdg", no_args_is_help=True)
def _dfdg(
    files: Files,
    folder: Out,
    most_set_aside: MostSetAside = MOST_SET_ASIDE,
    output: arguments.FormatOption = "table",
) -> None:
    """Conversations and activities in the shape of the common data model; the header says which.

    Example: `tilsyn register from dfdg samtaler.csv aktiviteter.csv --out register`
    """
    from tilsyn.register.sources import dfdg

    _run(dfdg.read, files, folder, most_set_aside, output)


def _run(
    read: Callable[[Sequence[Path], Path, Maps], Report],
    files: list[Path],
    folder: Path,
    most_set_aside: Decimal,
    output: arguments.Format,
) -> None:
    from tilsyn.register.sources.maps import maps
    from tilsyn.register.sources.tables import SET_ASIDE, write_report
    from tilsyn.work.files import MY_FOLDER, written_whole

    known = maps()
    with written_whole(folder, mode=MY_FOLDER) as unfinished:
        report = read(files, unfinished, known)
        write_report(report, unfinished, most_set_aside)
    if output == "json":
        out.print_json(json.dumps(report.record(), ensure_ascii=False))
        return
    for table, rows in report.written.items():
        out.print(f"{folder / table}.csv: {rows} rows", markup=False)
    aside, outside = sum(report.aside.values()), sum(report.outside.values())
    out.print(
        f"{report.read} rows read: {report.taken} taken, {outside} outside, {aside} set aside"
    )
    for counts, what in ((report.outside, "outside"), (report.aside, "set aside")):
        shown = sorted(counts.items(), key=lambda item: -item[1])
        for (reason, code), rows in shown[:_MOST_CODES]:
            about = f" '{code}'" if code else ""
            remark(f"{rows} rows {what}: {reason}{about}")
        if len(shown) > _MOST_CODES:
            remark(f"{len(shown) - _MOST_CODES} more reasons stand in {folder}/report.json")
    for text, count in report.remarks.items():
        remark(f"{count} {text}")
    if aside:
        remark(
            f"the rows set aside stand in {folder / SET_ASIDE}; map unknown codes in sources/ of your own folder (--own DIR)"
        )
