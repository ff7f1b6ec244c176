"""The commands register from ydelsesrefusion, eindkomst and dfdg: deliveries to a register's tables."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from tilsyn.cli import arguments
from tilsyn.cli.admission import MostSetAside
from tilsyn.cli.terminal import out, remark
from tilsyn.register.limits import MOST_SET_ASIDE

# The readers' libraries take a while to start: commands import them when they are called.

app = typer.Typer(no_args_is_help=True, help="Municipal deliveries as a register's tables.")

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Delivered files: CSV, XLSX or Parquet.")
]
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
    _run("ydelsesrefusion", files, folder, most_set_aside, output)


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
    _run("eindkomst", files, folder, most_set_aside, output)


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
    _run("dfdg", files, folder, most_set_aside, output)


def _run(
    source: str,
    files: list[Path],
    folder: Path,
    most_set_aside: Decimal,
    output: arguments.Format,
) -> None:
    from tilsyn.register.contract import FAULTS, REMARKS
    from tilsyn.register.sources import read
    from tilsyn.work.files import MY_FOLDER, written_whole

    with written_whole(folder, mode=MY_FOLDER) as unfinished:
        admission, written = read(source, files, unfinished, most_set_aside)
    counts = admission.tables.values()
    if output == "json":
        out.print_json(json.dumps(admission.record() | {"written": written}, ensure_ascii=False))
        return
    for table, number in written.items():
        out.print(f"{folder / table}.csv: {number} rows", markup=False)
    rows, aside = sum(count.rows for count in counts), admission.set_aside
    good, left_out = sum(count.good for count in counts), sum(count.left_out for count in counts)
    out.print(f"{rows} rows read: {good} taken, {left_out} outside, {aside} set aside")
    for count in counts:
        for code, number in count.set_aside.items():
            remark(f"{number} rows set aside: {FAULTS[code]}, first in {count.first[code]}")
        for code, number in count.remarks.items():
            remark(f"{number} {REMARKS[code]}")
    if aside:
        remark(
            f"the rows set aside stand in {folder}/set_aside.csv; map unknown codes in "
            f"sources/{source}.toml of your own folder (--own DIR)"
        )
