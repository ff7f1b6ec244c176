"""The command note: the status note on a municipality, with its numbers as a workbook."""

from __future__ import annotations

from typing import Annotated

import typer

from tilsyn.cli import arguments
from tilsyn.cli.audience import Addressee, door
from tilsyn.cli.letter import (
    FactsFile,
    Folder,
    Force,
    LetterheadName,
    Municipality,
    Sources,
)
from tilsyn.cli.terminal import out
from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.contents.templates import check_folder
from tilsyn.documents.facts import CourseFacts, read_facts
from tilsyn.documents.letterhead import named_letterhead
from tilsyn.documents.outputs import put
from tilsyn.documents.production import issue
from tilsyn.protection import readers
from tilsyn.rules import at_hand


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("note", no_args_is_help=True)(_note)


def _note(
    source: Sources,
    municipality: Municipality,
    on: arguments.On,
    folder: Folder,
    facts: FactsFile = None,
    known: arguments.KnownOn = None,
    formats: Annotated[
        str, typer.Option("--format", help="Any of pdf, docx, html, xlsx, png; commas between.")
    ] = "pdf,docx,xlsx",
    letterhead: LetterheadName = None,
    language: arguments.LanguageOption = "da",
    audience: Addressee = "own",
    force: Force = False,
) -> None:
    """Write the status note: result goal, focus goals and early effort, with the sentences they bear.

    Example: `tilsyn note --source releases/ --municipality Ishøj --on 2023-12-01 --out notes`
    """
    code, day = arguments.municipality(municipality), arguments.day(on, "--on")
    check_folder()
    known_day = arguments.day(known, "--known-on") if known else day
    files = issue(
        KINDS["note"],
        door(arguments.figures(source), known_day).shown(readers(audience, code)),
        formats=arguments.listed(formats),
        municipality=code,
        on=day,
        facts=read_facts(facts) if facts else CourseFacts(date=day),
        catalogue=at_hand(),
        letterhead=named_letterhead(letterhead) if letterhead else None,
        language=language,
    )
    for file in put(files, folder, force=force):
        out.print(str(file))
