"""The commands documents batch and documents seal: many documents at once, and final originals."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from tilsyn.cli import arguments, engines
from tilsyn.cli.audience import Addressee, door
from tilsyn.cli.letter import Folder, Force, Formats, Sources
from tilsyn.cli.terminal import err, out, progress, remark
from tilsyn.documents.batch import Order, Outcome, batch
from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.contents.own_templates import check_folder
from tilsyn.documents.production import kind_of
from tilsyn.documents.sealing import seal, verify
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.vintages import gather
from tilsyn.vocabulary import MUNICIPALITIES
from tilsyn.work.spreading import Processes, cores

app = typer.Typer(no_args_is_help=True, help="Many documents at once, and final originals.")


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="documents")


@app.command("batch", no_args_is_help=True)
def _batch(
    kind: Annotated[str, typer.Option("--kind", help=f"One of {', '.join(KINDS)}.")],
    source: Sources,
    on: arguments.On,
    folder: Folder,
    every: Annotated[bool, typer.Option("--all", help="All municipalities.")] = False,
    municipality: Annotated[
        list[str] | None,
        typer.Option("--municipality", "-m", metavar="NAME", help="May be repeated."),
    ] = None,
    facts: Annotated[
        Path | None,
        typer.Option(
            "--facts",
            metavar="DIR",
            help="A file of facts for each municipality (ishøj.toml or 183.toml).",
        ),
    ] = None,
    known: arguments.KnownOn = None,
    formats: Formats = "pdf,docx",
    letterhead: Annotated[
        Path | None,
        typer.Option(
            "--letterhead", metavar="PATH", help="A file, or a folder with one for each office."
        ),
    ] = None,
    language: arguments.LanguageOption = "da",
    audience: Addressee = "own",
    force: Force = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes (default: the processors).")
    ] = None,
    engine: engines.Option = engines.Name.local,
    master: engines.Master = None,
) -> None:
    """Write one kind of document for many municipalities; what fails is listed and stops no other.

    Example: `tilsyn documents batch --kind notice --all --source releases/ --on 2022-05-15
    --out letters`
    """
    if every == bool(municipality):
        raise UsageError("give either --all or --municipality")
    codes = (
        list(MUNICIPALITIES.codes) if every else [*map(arguments.municipality, municipality or [])]
    )
    day = arguments.day(on, "--on")
    check_folder()
    order = Order(
        kind=kind_of(kind).name,
        on=day,
        folder=folder,
        formats=tuple(arguments.listed(formats)),
        facts=facts,
        letterhead=letterhead,
        language=language,
        audience=audience,
        force=force,
    )
    known_day = arguments.day(known, "--known-on") if known else day
    way = door(gather(source), known_day)
    here = Processes(min(workers or cores(), len(codes)))
    with progress() as bar:
        task = bar.add_task(f"Writing: {order.kind}", total=len(codes))
        outcomes = list(
            batch(
                order, way, codes, engine=engines.spark(engine, master) or here,
                done=lambda: bar.advance(task),
            )
        )  # fmt: skip
    _report(sorted(outcomes, key=lambda outcome: outcome.municipality), folder)


def _report(outcomes: list[Outcome], folder: Path) -> None:
    for outcome in outcomes:
        for name in outcome.files:
            out.print(str(folder / name))
    results = Counter(outcome.result for outcome in outcomes)
    remark(
        f"{results['written']} written, {results['nothing']} with nothing to write, "
        f"{results['failed']} failed"
    )
    failed = [outcome for outcome in outcomes if outcome.result == "failed"]
    for outcome in failed:
        name = MUNICIPALITIES[outcome.municipality].name
        reason = outcome.reason.removeprefix(f"{name}: ")
        err.print(f"  {name}: {reason}", markup=False, soft_wrap=True)
    if failed:
        raise InputError(
            f"{len(failed)} of {len(outcomes)} could not be written; the reasons stand above"
        )


@app.command("seal", no_args_is_help=True)
def _seal(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The document, edited and approved.")
    ],
    into: Annotated[
        Path, typer.Option("--into", metavar="DIR", help="The folder of sealed documents.")
    ] = Path("sealed"),
    check: Annotated[
        bool, typer.Option("--verify", help="Only check that a sealed document is unchanged.")
    ] = False,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day (default: today).")
    ] = None,
) -> None:
    """Keep a document as the final original: a read-only copy with its SHA-256.

    Example: `tilsyn documents seal letters/notice-hedensted-2022-05-15.docx --into sealed`
    """
    if check:
        found = verify(file)
        out.print(f"{found.file}: unchanged since {found.sealed}, SHA-256 {found.sha256}")
        return
    day = arguments.day(on, "--on") if on else dt.date.today()
    made = seal(file, into, day)
    out.print(f"{made.file}: sealed on {made.sealed}, SHA-256 {made.sha256}")
