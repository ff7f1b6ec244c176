"""The commands ``register check``, ``load``, ``make`` and ``reconstruct``."""

from __future__ import annotations

import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tilsyn.cli import arguments, look, sources
from tilsyn.cli.admission import (
    Empty,
    Folder,
    MappingFile,
    MostSetAside,
    Output,
    Persons,
    PersonsAre,
    Secret,
    SetAside,
    admitted,
    register_of,
    report,
)
from tilsyn.cli.arguments import read_month
from tilsyn.cli.terminal import out, progress, remark
from tilsyn.errors import InputError, UsageError
from tilsyn.register.limits import MOST_SET_ASIDE
from tilsyn.vocabulary import MonthRange, YearMonth
from tilsyn.work.files import folder_beside

# The door's libraries take a while to start: commands import them when they are called.

app = typer.Typer(
    no_args_is_help=True, help="Person-level registers: check, load, make, reconstruct."
)


class FileFormat(StrEnum):
    """How a register's files are written."""

    csv = "csv"
    parquet = "parquet"


Print = Annotated[Output, typer.Option("--format", help="For people or for programs.")]


sources.register_on(app)
look.register(app)


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="register")


@app.command(no_args_is_help=True)
def check(
    folder: Folder = None,
    mapping: MappingFile = None,
    set_aside: SetAside = None,
    empty: Empty = None,
    persons: PersonsAre = Persons.detect,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with exit code 3 when rows are set aside.")
    ] = False,
    most_set_aside: MostSetAside = MOST_SET_ASIDE,
    format: Print = Output.text,
) -> None:
    """Read a register and say what is read, set aside and remarkable; nothing is kept.

    Rows set aside are no error: the exit code is 0 unless --strict is given. A table too much of
    which is set aside is named; it would not be loaded. CPR numbers need no
    secret here, as nothing is stored.

    Example: **tilsyn register check delivery/2025-01 --set-aside set_aside.csv**
    """
    from tilsyn.register.door import throw_away_secret

    source, how = register_of(folder, mapping, unplaced=True)
    with folder_beside(Path(tempfile.gettempdir()) / "tilsyn-admitted") as place:
        admission = admitted(source, place, throw_away_secret(), empty, persons, how)
        report(admission, set_aside, format, fingerprint=False)
    if refusal := admission.refused(most_set_aside):
        remark(f"would not be loaded: {refusal}")
    if strict and admission.set_aside:
        raise InputError(f"{admission.set_aside} rows were set aside", file=source)


@app.command(no_args_is_help=True)
def load(
    *,
    folder: Folder = None,
    mapping: MappingFile = None,
    store: Annotated[
        Path, typer.Option(metavar="STORE", help="The store; made if it is not there.")
    ],
    update: Annotated[
        bool,
        typer.Option("--update", help="Replace only the persons named here; the others stay."),
    ] = False,
    secret_file: Secret = None,
    set_aside: SetAside = None,
    empty: Empty = None,
    persons: PersonsAre = Persons.detect,
    most_set_aside: MostSetAside = MOST_SET_ASIDE,
    format: Print = Output.text,
) -> None:
    """Read a register and load its good rows into a store.

    Loading the same rows again changes nothing. With --update the files hold all rows of the
    persons they name.

    Example: **tilsyn register load delivery/2025-01 --store store --secret-file ~/tilsyn.secret**
    """
    from tilsyn.register.keys import agree
    from tilsyn.register.pseudonyms import read_secret
    from tilsyn.register.store import load as load_store

    secret = read_secret(secret_file)
    source, how = register_of(folder, mapping)
    with folder_beside(store.absolute()) as place:
        admission = admitted(source, place, secret, empty, persons, how)
        report(admission, set_aside, format, fingerprint=True)
        # Before the store is touched: what is refused leaves nothing behind.
        admission.must_stand(most_set_aside)
        agree(store, admission.fingerprint)
        with progress() as shown:
            task = shown.add_task("loading", total=None)
            loaded = load_store(
                admission.folder,
                store,
                update=update,
                most_set_aside=most_set_aside,
                progress=lambda what, step, of: shown.update(
                    task, description=what, completed=step, total=of
                ),
            )
    if format is Output.text:
        out.print(f"{store}: {loaded.generation.persons:,} persons", soft_wrap=True)


@app.command(no_args_is_help=True)
def fold(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="The store.")],
) -> None:
    """Fold corrected persons into the store's buckets; the figures stay the same.

    Corrections (`load --update`) are kept beside the buckets and folded in by themselves when they
    are many; fold them before long measuring work.

    Example: **tilsyn register fold store**
    """
    from tilsyn.register.store import fold as fold_store

    with progress() as shown:
        task = shown.add_task("folding", total=None)
        folded = fold_store(
            store,
            progress=lambda what, step, of: shown.update(
                task, description=what, completed=step, total=of
            ),
        )
    out.print(f"{store}: {folded.generation.persons:,} persons", soft_wrap=True)


@app.command(no_args_is_help=True)
def make(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make; must be empty.")],
    persons: Annotated[int, typer.Option(min=1, help="How many persons.")],
    first: Annotated[
        YearMonth, typer.Option("--from", parser=read_month, metavar="MONTH", help="First month.")
    ],
    last: Annotated[
        YearMonth, typer.Option("--to", parser=read_month, metavar="MONTH", help="Last month.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same files.")] = 1,
    faults: Annotated[
        int, typer.Option(min=0, help="Bad rows to plant: so many for each reason.")
    ] = 0,
    file_format: Annotated[
        FileFormat | None,
        typer.Option("--format", help="Default: csv up to 100,000 persons, else parquet."),
    ] = None,
    municipality: Annotated[
        str | None,
        typer.Option(
            "--municipality",
            "-m",
            parser=arguments.municipality,
            metavar="NAME",
            help="All live here.",
        ),
    ] = None,
) -> None:
    """Make a synthetic register of a realistic Denmark (2.2 million persons over ten years).

    Example: **tilsyn register make demo/register --persons 25000 --from 2022-01 --to 2024-12 -m Ishøj**
    """
    from tilsyn.register.synthetic import make as make_register

    if last < first:
        raise UsageError(f"--to {last} lies before --from {first}")
    chosen = file_format or (FileFormat.csv if persons <= 100_000 else FileFormat.parquet)
    with progress() as shown:
        task = shown.add_task("making persons", total=persons)
        made = make_register(
            folder,
            persons,
            MonthRange(first, last),
            seed,
            format=chosen.value,
            municipality=municipality,
            faults=faults,
            progress=lambda done: shown.advance(task, done),
        )
    rows = ", ".join(f"{count:,} {table}" for table, count in made.rows.items())
    out.print(f"{folder}: {rows}", soft_wrap=True)
    for table, reasons in made.planted.items():
        words = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
        out.print(f"planted in {table}: {words}", soft_wrap=True)


@app.command(no_args_is_help=True)
def reconstruct(
    published: Annotated[
        Path,
        typer.Argument(
            metavar="PUBLISHED", help="A release of published figures, or its figures.parquet."
        ),
    ],
    municipality: Annotated[
        str,
        typer.Option(
            "--municipality",
            "-m",
            parser=arguments.municipality,
            metavar="NAME",
            help="Name or code.",
        ),
    ],
    month: Annotated[
        YearMonth, typer.Option(parser=read_month, metavar="MONTH", help="The measured month.")
    ],
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to make.")],
) -> None:
    """Build a register whose 12-month measures equal published tables cell for cell.

    Cells that are not shown get numbers that agree with all the others.

    Example: **tilsyn register reconstruct releases/ishoej-2023-11 -m Ishøj --month 2023-08 --out rebuilt**
    """
    import polars as pl

    from tilsyn.figures import release
    from tilsyn.figures.table import checked
    from tilsyn.register.reconstruction import reconstruct as rebuild

    if release.is_release(published):
        figures = release.read(published).figures
    else:
        try:
            figures = checked(pl.read_parquet(published), file=published)
        except (OSError, pl.exceptions.PolarsError):
            raise InputError(
                "is no release and no figure table; make a release of the published tables first "
                "(tilsyn figures read)",
                file=published,
            ) from None
    chosen = rebuild(figures, municipality, month, folder)
    everybody = pl.scan_csv(folder / "spells.csv").select(pl.len()).collect().item()
    out.print(f"{folder}: {everybody:,} persons", soft_wrap=True)
    for measure, groups in chosen.items():
        table = Table(title=measure, box=None, title_justify="left")
        table.add_column("group")
        for heading in ("persons by number", "population", "unmet"):
            table.add_column(heading, justify="right")
        for group, choice in groups.items():
            numbers = "  ".join(f"{count:4}" for count in choice.persons)
            table.add_row(group, numbers, str(choice.population), str(choice.unmet))
        out.print(table)
