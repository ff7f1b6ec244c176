"""The commands letter KIND, letter facts, note and report committee: from a judgement to a document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from tilsyn.cli import arguments
from tilsyn.cli.audience import Addressee, WithinWalls, door, seen
from tilsyn.cli.terminal import out
from tilsyn.documents.assistance import read_assistance
from tilsyn.documents.committee import committee
from tilsyn.documents.contents.kinds import KINDS, Kind
from tilsyn.documents.contents.own_templates import check_folder
from tilsyn.documents.facts import CourseFacts, read_facts, to_toml
from tilsyn.documents.letterhead import letterhead_of, named_letterhead
from tilsyn.documents.outputs import put, save
from tilsyn.documents.production import issue
from tilsyn.documents.proposal import proposed
from tilsyn.errors import InputError
from tilsyn.figures.vintages import gather, known_on
from tilsyn.planning.record import read_milestones
from tilsyn.protection import readers
from tilsyn.rules import at_hand
from tilsyn.work.files import put_whole

app = typer.Typer(no_args_is_help=True, help="Letters from judgements, as PDF, Word, HTML, e-mail.")
reports = typer.Typer(no_args_is_help=True, help="Reports on all municipalities.")

Sources = Annotated[
    list[Path],
    typer.Option("--source", metavar="SOURCE", help="A file, release or folder; may be repeated."),
]
Municipality = Annotated[str, typer.Option("--municipality", "-m", metavar="NAME")]
FactsFile = Annotated[
    Path | None,
    typer.Option("--facts", metavar="FILE", help="The course's facts; see `letter facts`."),
]
Folder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")]
Force = Annotated[
    bool,
    typer.Option("--force", help="Write over files that were changed since they were written."),
]
Formats = Annotated[
    str,
    typer.Option(
        "--format",
        help="Any of pdf, docx, html, xlsx, eml (an unsent e-mail), png; commas between.",
    ),
]
LetterheadName = Annotated[
    str | None,
    typer.Option(
        "--letterhead",
        metavar="NAME",
        help="A file, or one of your own folder's by name (default: its only one, else a sample).",
    ),
]
MilestonesFile = Annotated[
    Path | None,
    typer.Option(
        "--milestones",
        metavar="FILE",
        help="What a call-in plan promises (`tilsyn plan`); the restoration plan takes it.",
    ),
]


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="letter")
    root.command("note", no_args_is_help=True)(_note)
    root.add_typer(reports, name="report")


def _issue(
    kind: Kind,
    source: list[Path],
    municipality: str,
    on: str,
    *,
    facts: Path | None,
    known: str | None,
    formats: str,
    letterhead: str | None,
    language: arguments.Language,
    audience: Addressee,
    folder: Path,
    force: bool,
    milestones: Path | None = None,
) -> None:
    code, day = arguments.municipality(municipality), arguments.day(on, "--on")
    known_day = arguments.day(known, "--known-on") if known else day
    check_folder()
    given = read_facts(facts) if facts else CourseFacts(date=day)
    if milestones:
        given = given.model_copy(update={"milestones": read_milestones(milestones)})
    files = issue(
        kind,
        door(gather(source), known_day).shown(readers(audience, code)),
        formats=arguments.listed(formats),
        municipality=code,
        on=day,
        facts=given,
        catalogue=at_hand(),
        letterhead=named_letterhead(letterhead) if letterhead else None,
        language=language,
    )
    for file in put(files, folder, force=force):
        out.print(str(file))


def _command(kind: Kind) -> Callable[..., None]:
    def command(
        source: Sources,
        municipality: Municipality,
        on: arguments.On,
        folder: Folder,
        facts: FactsFile = None,
        known: arguments.KnownOn = None,
        formats: Formats = "pdf,docx",
        letterhead: LetterheadName = None,
        milestones: MilestonesFile = None,
        language: arguments.LanguageOption = "da",
        audience: Addressee = "own",
        force: Force = False,
    ) -> None:
        _issue(
            kind, source, municipality, on, facts=facts, known=known, formats=formats,
            letterhead=letterhead, language=language,
            audience=audience, folder=folder, force=force, milestones=milestones,
        )  # fmt: skip

    command.__doc__ = (
        f"{kind.about}\n\nExample: `tilsyn letter {kind.name} --source releases/ "
        f"--municipality Ishøj --on 2023-02-20 --facts facts.toml --out letters`"
    )
    return command


for _kind in KINDS.values():
    if _kind.command == "letter":
        app.command(_kind.name, no_args_is_help=True)(_command(_kind))


@app.command("facts", no_args_is_help=True)
def _facts(
    source: Sources,
    municipality: Municipality,
    on: arguments.On,
    reference: Annotated[str, typer.Option("--reference", help="The case's reference number.")],
    into: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Default: print them.")
    ] = None,
) -> None:
    """Propose the facts of a notice from the judgement and the rule; a human fixes them.

    Example: `tilsyn letter facts --source releases/ -m Hedensted --on 2022-05-15
    --reference 22/00000 --out facts.toml`
    """
    code, day = arguments.municipality(municipality), arguments.day(on, "--on")
    figures = known_on(gather(source), day)
    facts = proposed(figures, code, day, at_hand(), reference=reference)
    if into is None:
        out.print(to_toml(facts), markup=False, soft_wrap=True)
    elif into.exists():
        raise InputError("exists already; remove it or choose another name", file=into)
    else:
        put_whole(into, to_toml(facts).encode())
        out.print(f"{into}: read it through and correct it before the letter is written")


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
    _issue(
        KINDS["note"], source, municipality, on, facts=facts, known=known, formats=formats,
        letterhead=letterhead, language=language,
        audience=audience, folder=folder, force=force,
    )  # fmt: skip


@reports.callback()
def _report() -> None:
    pass


@reports.command("committee", no_args_is_help=True)
def _committee(
    source: Sources,
    on: arguments.On,
    folder: Folder,
    assistance: Annotated[
        Path | None,
        typer.Option("--assistance", metavar="FILE", help="The assistance offered (CSV)."),
    ] = None,
    reference: Annotated[
        str | None, typer.Option("--reference", help="The case's reference number.")
    ] = None,
    known: arguments.KnownOn = None,
    formats: Formats = "pdf,docx",
    letterhead: LetterheadName = None,
    language: arguments.LanguageOption = "da",
    audience: WithinWalls = "public",
    force: Force = False,
) -> None:
    """Write the quarterly report on the focus goals to the parliament's committee.

    Example: `tilsyn report committee --source releases/ --on 2021-09-01
    --assistance assistance.csv --out reports`
    """
    day = arguments.day(on, "--on")
    known_day = arguments.day(known, "--known-on") if known else day
    check_folder()
    document = committee(
        seen(gather(source), known_day, audience),
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
