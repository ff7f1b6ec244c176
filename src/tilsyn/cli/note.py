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
    LetterheadFile,
    Municipality,
    Sources,
    TemplatesFolder,
)
from tilsyn.cli.terminal import out
from tilsyn.documents.contents.kinds import KINDS
from tilsyn.documents.contents.templates import check_folder
from tilsyn.documents.facts import CourseFacts, read_facts
from tilsyn.documents.letterhead import read_letterhead
from tilsyn.documents.outputs import put
from tilsyn.documents.production import issue
from tilsyn.figures.vintages import gather
from tilsyn.protection import readers


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
    letterhead: LetterheadFile = None,
    templates: TemplatesFolder = None,
    rules: arguments.RulesFolder = None,
    language: arguments.LanguageOption = "da",
    audience: Addressee = "own",
    force: Force = False,
) -> None:
    """Write the status note: result goal, focus goals and early effort, with the sentences they bear.

    Example: `tilsyn note --source releases/ --municipality Ishøj --on 2023-12-01 --out notes`
    """
    code, day = arguments.municipality(municipality), arguments.day(on, "--on")
    check_folder(templates)
    known_day = arguments.day(known, "--known-on") if known else day
    files = issue(
        KINDS["note"],
        door(gather(source), known_day).shown(readers(audience, code)),
        formats=arguments.listed(formats),
        municipality=code,
        on=day,
        facts=read_facts(facts) if facts else CourseFacts(date=day),
        catalogue=arguments.rules(rules),
        letterhead=read_letterhead(letterhead) if letterhead else None,
        language=language,
        templates=templates,
    )
    for file in put(files, folder, force=force):
        out.print(str(file))
