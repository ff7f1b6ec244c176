"""The commands ``register check``, ``load``, ``make`` and ``reconstruct``."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from tilsyn.cli import sources
from tilsyn.cli.parameters import read_month
from tilsyn.cli.terminal import out, progress, remark
from tilsyn.errors import InputError, UsageError
from tilsyn.vocabulary import MUNICIPALITIES, MonthRange, YearMonth

if TYPE_CHECKING:
    from tilsyn.register.door import Admission

# The door's libraries take a while to start: commands import them when they are called.

app = typer.Typer(
    no_args_is_help=True, help="Person-level registers: check, load, make, reconstruct."
)

SET_ASIDE = Path("set_aside.csv")
_UNFINISHED = ".tilsyn-admitted-"


class FileFormat(StrEnum):
    """How a register's files are written."""

    csv = "csv"
    parquet = "parquet"


class Output(StrEnum):
    """How to print."""

    text = "text"
    json = "json"


class Persons(StrEnum):
    """What the column `person` holds."""

    detect = "detect"
    cpr = "cpr"
    pseudonyms = "pseudonyms"


def _municipality(text: str) -> str:
    if (found := MUNICIPALITIES.find(text)) is None:
        raise typer.BadParameter(f"'{text}' is no municipality; write e.g. Ishøj or 183")
    return found.code


Folder = Annotated[
    Path,
    typer.Argument(metavar="DIR", help="The register: a CSV or Parquet file or folder a table."),
]
SetAside = Annotated[
    Path | None,
    typer.Option(
        "--set-aside",
        metavar="FILE",
        help="Write the rows set aside here (default: set_aside.csv, when there are any).",
    ),
]
Codes = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Own code lists: conversation_types.csv and/or offer_kinds.csv."
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
PersonsAre = Annotated[Persons, typer.Option("--persons", help="What the column person holds.")]
Print = Annotated[Output, typer.Option("--format", help="For people or for programs.")]


sources.register_on(app)


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="register")


@app.command(no_args_is_help=True)
def check(
    folder: Folder,
    set_aside: SetAside = None,
    codes: Codes = None,
    empty: Empty = None,
    persons: PersonsAre = Persons.detect,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with exit code 3 when rows are set aside.")
    ] = False,
    format: Print = Output.text,
) -> None:
    """Read a register and say what is read, set aside and remarkable; nothing is kept.

    Rows set aside are no error: the exit code is 0 unless --strict is given. CPR numbers need no
    secret here, as nothing is stored.

    Example: **tilsyn register check delivery/2025-01 --set-aside set_aside.csv**
    """
    from tilsyn.register.door import throw_away_secret

    with (
        _workplace(Path(tempfile.gettempdir())) as place,
        _admitted(folder, place, throw_away_secret(), codes, empty, persons) as admission,
    ):
        _report(admission, set_aside, format, fingerprint=False)
    if strict and admission.set_aside:
        raise InputError(f"{admission.set_aside} rows were set aside", file=folder)


@app.command(no_args_is_help=True)
def load(
    folder: Folder,
    store: Annotated[
        Path, typer.Option(metavar="STORE", help="The store; made if it is not there.")
    ],
    update: Annotated[
        bool,
        typer.Option("--update", help="Replace only the persons named here; the others stay."),
    ] = False,
    secret_file: Secret = None,
    set_aside: SetAside = None,
    codes: Codes = None,
    empty: Empty = None,
    persons: PersonsAre = Persons.detect,
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
    with (
        _workplace(store.absolute().parent) as place,
        _admitted(folder, place, secret, codes, empty, persons) as admission,
    ):
        _report(admission, set_aside, format, fingerprint=True)
        agree(store, admission.fingerprint)
        with progress() as shown:
            task = shown.add_task("loading", total=None)
            loaded = load_store(
                admission.folder,
                store,
                update=update,
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
            "--municipality", "-m", parser=_municipality, metavar="NAME", help="All live here."
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
            "--municipality", "-m", parser=_municipality, metavar="NAME", help="Name or code."
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
    rebuilt = rebuild(figures, municipality, month, folder)
    out.print(f"{folder}: {rebuilt.persons:,} persons", soft_wrap=True)
    for measure, groups in rebuilt.choices.items():
        table = Table(title=measure, box=None, title_justify="left")
        table.add_column("group")
        for heading in ("persons by number", "population", "unmet"):
            table.add_column(heading, justify="right")
        for group, choice in groups.items():
            numbers = "  ".join(f"{count:4}" for count in choice.persons)
            table.add_row(group, numbers, str(choice.population), str(choice.unmet))
        out.print(table)


@contextmanager
def _workplace(parent: Path) -> Iterator[Path]:
    """A folder for admitted rows that goes when the block ends; a killed run's goes at the next."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.glob(f"{_UNFINISHED}[0-9]*"):
            if not _is_running(int(left.name.removeprefix(_UNFINISHED))):
                shutil.rmtree(left, ignore_errors=True)
        place = parent / f"{_UNFINISHED}{os.getpid()}"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", file=parent) from None
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _admitted(
    folder: Path,
    place: Path,
    secret: bytes | None,
    codes: Path | None,
    empty: list[str] | None,
    persons: Persons,
) -> Iterator[Admission]:
    from tilsyn.register.codes import read as read_codes
    from tilsyn.register.door import admit, size

    absent = empty or []
    with progress() as shown:
        task = shown.add_task("reading", total=size(folder, absent))
        step: Callable[[int], None] = lambda done: shown.advance(task, done)  # noqa: E731
        admission = admit(
            folder,
            place / "rows",
            codes=read_codes(codes),
            secret=secret,
            persons=persons.value,
            empty=absent,
            progress=step,
        )
    yield admission


def _report(
    admission: Admission, set_aside: Path | None, format: Output, *, fingerprint: bool
) -> None:
    """Print what came of the reading and keep the rows set aside."""
    target = set_aside or (SET_ASIDE if admission.set_aside else None)
    if target is not None:
        try:
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
    for heading in ("rows", "read", "set aside"):
        table.add_column(heading, justify="right")
    for name, count in admission.tables.items():
        aside = sum(count.set_aside.values())
        table.add_row(name, f"{count.rows:,}", f"{count.good:,}", f"{aside:,}")
    out.print(table)
    for name, found in record["tables"].items():
        for code, number in found["set_aside"].items():
            out.print(
                f"{name}, set aside: {number:,} with {record['wording'][code]}", soft_wrap=True
            )
    for name, found in record["tables"].items():
        for code, number in found["remarks"].items():
            remark(f"{name}: {number:,} {record['wording'][code]}")
    if target is not None:
        out.print(f"rows set aside: {target}", soft_wrap=True)
