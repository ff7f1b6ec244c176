"""The command report committee: all municipalities' focus goals in one report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tilsyn.cli import arguments, letter
from tilsyn.cli.audience import WithinWalls, seen
from tilsyn.cli.terminal import out
from tilsyn.documents.assistance import read_assistance
from tilsyn.documents.committee import committee
from tilsyn.documents.contents.templates import check_folder
from tilsyn.documents.letterhead import letterhead_of, named_letterhead
from tilsyn.documents.outputs import save
from tilsyn.rules import at_hand

app = typer.Typer(no_args_is_help=True, help="Reports on all municipalities.")


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="report")


@app.callback()
def _report() -> None:
    pass


@app.command("committee", no_args_is_help=True)
def _committee(
    source: letter.Sources,
    on: arguments.On,
    folder: letter.Folder,
    assistance: Annotated[
        Path | None,
        typer.Option("--assistance", metavar="FILE", help="The assistance offered (CSV)."),
    ] = None,
    reference: Annotated[
        str | None, typer.Option("--reference", help="The case's reference number.")
    ] = None,
    known: arguments.KnownOn = None,
    formats: letter.Formats = "pdf,docx",
    letterhead: letter.LetterheadName = None,
    language: arguments.LanguageOption = "da",
    audience: WithinWalls = "public",
    force: letter.Force = False,
) -> None:
    """Write the quarterly report on the focus goals to the parliament's committee.

    Example: `tilsyn report committee --source releases/ --on 2021-09-01
    --assistance assistance.csv --out reports`
    """
    day = arguments.day(on, "--on")
    known_day = arguments.day(known, "--known-on") if known else day
    check_folder()
    document = committee(
        seen(arguments.figures(source), known_day, audience),
        on=day,
        dated=day,
        catalogue=at_hand(),
        letterhead=named_letterhead(letterhead) if letterhead else letterhead_of("ministry"),
        reference=reference,
        assistance=read_assistance(assistance, day) if assistance else None,
        language=language,
        anomalies=arguments.anomalies(source),
    )
    for file in save(document, folder, f"committee-{day}", arguments.listed(formats), force=force):
        out.print(str(file))
