"""The commands letter notice and letter facts: from a judgement to a letter that can be signed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

import tilsyn
from tilsyn.cli import arguments
from tilsyn.cli.terminal import out
from tilsyn.documents.contents.notice import notice
from tilsyn.documents.contents.rule_wording import RuleWording
from tilsyn.documents.facts import CourseFacts, NoticeFacts, Subject, read_facts, to_toml
from tilsyn.documents.letterhead import Letterhead, read_letterhead, sample_letterhead
from tilsyn.documents.model import Document, Stamp
from tilsyn.documents.outputs import save, write
from tilsyn.errors import InputError, UsageError
from tilsyn.figures.knowledge import known_on
from tilsyn.rules import Catalogue, Finding, judge
from tilsyn.vocabulary import MUNICIPALITIES, MonthRange

app = typer.Typer(no_args_is_help=True, help="Letters from judgements, as PDF, Word and HTML.")

RULE = "early_effort"

Sources = Annotated[
    list[Path],
    typer.Option("--source", metavar="SOURCE", help="A file, release or folder; may be repeated."),
]
Municipality = Annotated[str, typer.Option("--municipality", "-m", metavar="NAME")]


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="letter")


@app.command("notice", no_args_is_help=True)
def _notice(
    source: Sources,
    municipality: Municipality,
    on: arguments.On,
    facts: Annotated[
        Path,
        typer.Option("--facts", metavar="FILE", help="The course's facts; see `letter facts`."),
    ],
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")],
    known: arguments.KnownOn = None,
    formats: Annotated[
        str, typer.Option("--format", help="Any of pdf, docx, html, png; parted by commas.")
    ] = "pdf,docx",
    letterhead: Annotated[
        Path | None,
        typer.Option("--letterhead", metavar="FILE", help="The office's own (default: a sample)."),
    ] = None,
    rules: arguments.RulesFolder = None,
    language: arguments.LanguageOption = "da",
) -> None:
    """Write the notice of the early-effort supervision to a municipality that is flagged.

    Example: `tilsyn letter notice --source releases/ --municipality Hedensted --on 2022-05-15
    --facts facts.toml --out letters`
    """
    code, day = arguments.municipality(municipality), arguments.day(on, "--on")
    known_day = arguments.day(known, "--known-on") if known else day
    document = notice_document(
        known_on(arguments.figures(source), known_day),
        municipality=code,
        on=day,
        facts=read_facts(facts),
        catalogue=arguments.rules(rules),
        letterhead=read_letterhead(letterhead) if letterhead else None,
        language=language,
    )
    name = f"notice-{MUNICIPALITIES[code].name.lower()}-{day}"
    for file in save(document, folder, name, [form.strip() for form in formats.split(",")]):
        out.print(str(file))


def notice_document(
    figures: pl.DataFrame,
    *,
    municipality: str,
    on: dt.date,
    facts: CourseFacts,
    catalogue: Catalogue,
    letterhead: Letterhead | None = None,
    language: str = "da",
) -> Document:
    """The notice to a municipality, from figures with one vintage a cell.

    Args:
        figures: a figure table as it was known.
        municipality: its code.
        on: the day of the judgement.
        facts: the course's facts.
        catalogue: the rules at hand.
        letterhead: the office's; by default the sample of the municipality's office.
        language: "da" or "en".

    Raises:
        InputError: nothing is flagged, or facts and findings disagree.
        NoRuleError: the rule has no version on that day.
    """
    findings = _flagged(figures, municipality, on, catalogue)
    return notice(
        municipality=municipality,
        findings=findings,
        figures=figures,
        facts=facts,
        letterhead=letterhead or sample_letterhead(MUNICIPALITIES[municipality].amk),
        rule=RuleWording.of(catalogue, letter=facts.date, month=findings[0].span[-1]),
        stamp=Stamp(
            release=", ".join(sorted({name for f in findings for name in f.release})),
            rule=f"{RULE} {findings[0].version.name}",
            program=f"tilsyn {tilsyn.__version__}",
        ),
        language=language,
    )


def _flagged(
    figures: pl.DataFrame, municipality: str, on: dt.date, catalogue: Catalogue
) -> list[Finding]:
    findings = judge(figures, on=on, catalogue=catalogue, rule=RULE, municipality=municipality)
    flagged = [finding for finding in findings if finding.verdict == "flagged"]
    if not flagged:
        raise InputError(
            f"{MUNICIPALITIES[municipality].name} is not flagged on {on}, so there is no notice to "
            f"write; `tilsyn judge ... --on {on} --all` shows why"
        )
    return flagged


@app.command("facts", no_args_is_help=True)
def _facts(
    source: Sources,
    municipality: Municipality,
    on: arguments.On,
    reference: Annotated[str, typer.Option("--reference", help="The case's reference number.")],
    into: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Default: print them.")
    ] = None,
    rules: arguments.RulesFolder = None,
) -> None:
    """Propose the facts of a notice from the judgement and the rule; a human fixes them.

    Example: `tilsyn letter facts --source releases/ -m Hedensted --on 2022-05-15
    --reference 22/00000 --out facts.toml`
    """
    code, day = arguments.municipality(municipality), arguments.day(on, "--on")
    flagged = _flagged(known_on(arguments.figures(source), day), code, day, arguments.rules(rules))
    proposal = flagged[0].version.follow_up
    if proposal is None:
        raise UsageError(f"the rule {RULE}, {flagged[0].version.name}, proposes no follow-up")
    facts = CourseFacts(
        date=day,
        reference=reference,
        addressee=f"Jobcenterchefen, {MUNICIPALITIES[code].name} Kommune",
        follow_up=proposal.months_after(day),
        restore_by=proposal.restore_by(day),
        notice=NoticeFacts(
            months=MonthRange(flagged[0].span[0], flagged[0].span[-1]),
            subjects=tuple(Subject(measure=f.measure, group=f.grp) for f in flagged),
        ),
    )
    if into is None:
        out.print(to_toml(facts), markup=False, soft_wrap=True)
    elif into.exists():
        raise InputError("exists already; remove it or choose another name", file=into)
    else:
        write(into, to_toml(facts).encode())
        out.print(f"{into}: read it through and correct it before the letter is written")
