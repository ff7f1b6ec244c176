"""The commands judge and follow-up: figures held against the rules of a day."""

from __future__ import annotations

import json
from collections import Counter
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from tilsyn.cli import arguments
from tilsyn.cli.terminal import out, remark
from tilsyn.errors import InputError
from tilsyn.figures.knowledge import known_on
from tilsyn.rules import Finding, follow_up, judge
from tilsyn.rules.sentences import told_aside
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, wording

VERDICTS = {
    "flagged": ("bold red", "henvendelse", "flagged"),
    "at_risk": ("bold red", "i risiko", "at risk"),
    "not_restored": ("bold red", "ikke genoprettet", "not restored"),
    "missed": ("red", "ikke opfyldt", "missed"),
    "over_line": ("yellow", "over grænsen", "over the line"),
    "near_line": ("yellow", "lige på grænsen", "near the line"),
    "met": ("green", "opfyldt", "met"),
    "restored": ("green", "genoprettet", "restored"),
    "suspended": ("blue", "suspenderet", "suspended"),
    "not_judged": ("dim", "ikke bedømt", "not judged"),
}
"""How each verdict is shown: style, Danish, English."""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("judge", no_args_is_help=True)(_judge)
    app.command("follow-up", no_args_is_help=True)(_follow_up)


def _judge(
    source: arguments.Sources,
    on: arguments.On,
    known: arguments.KnownOn = None,
    municipality: arguments.MunicipalityName = None,
    rule: Annotated[
        str | None, typer.Option("--rule", "-r", metavar="RULE", help="Only this rule.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show also what could not be judged (JSON always does).")
    ] = False,
    rules: arguments.RulesFolder = None,
    language: arguments.LanguageOption = "da",
    output: arguments.FormatOption = "table",
) -> None:
    """Judge figures by the rules in force on a day.

    Example: `tilsyn judge releases/ --on 2022-05-15 --municipality Hedensted`
    """
    on_day = arguments.day(on, "--on")
    known_day = arguments.day(known, "--known-on") if known else on_day
    figures = arguments.figures(source)
    seen = known_on(figures, known_day)
    if seen.is_empty():
        first = str(figures["published"].min())
        later = f"; the first figure is published {first}" if figures.height else ""
        raise InputError(f"nothing was known on {known_day}{later}")
    findings = judge(
        seen,
        on=on_day,
        catalogue=arguments.rules(rules),
        rule=rule,
        municipality=arguments.municipality(municipality) if municipality else None,
        set_aside=arguments.set_aside(source),
    )
    if output == "json":
        out.print_json(json.dumps([finding.record() for finding in findings], ensure_ascii=False))
        return
    shown = [f for f in findings if every or f.verdict != "not_judged"]
    out.print(table(shown, language))
    for aside in filter(None, dict.fromkeys(told_aside(f, language) for f in shown)):
        remark(aside)
    if hidden := Counter(f.reason for f in findings if f not in shown):
        reasons = ", ".join(
            f"{count} {reason.replace('_', ' ')}" for reason, count in hidden.items()
        )
        remark(f"{hidden.total()} not judged ({reasons}); --all shows them.")


def _follow_up(
    source: arguments.Sources,
    municipality: Annotated[str, typer.Option("--municipality", "-m", metavar="NAME")],
    measure: Annotated[str, typer.Option("--measure", metavar="MEASURE", help="As in the notice.")],
    group: Annotated[str, typer.Option("--group", "-g", metavar="GROUP", help="As in the notice.")],
    months: Annotated[
        str, typer.Option("--months", metavar="A..B", help="The follow-up months the letter names.")
    ],
    on: arguments.On,
    letter: Annotated[
        str | None,
        typer.Option(
            "--letter",
            metavar="DATE",
            help="Day of the notice; it picks the rule version (default: the day of the judgement).",
        ),
    ] = None,
    known: arguments.KnownOn = None,
    rules: arguments.RulesFolder = None,
    language: arguments.LanguageOption = "da",
    output: arguments.FormatOption = "table",
) -> None:
    """Judge whether a group's effort is restored in the months named in the notice.

    Example: `tilsyn follow-up releases/ -m Ishøj --measure conversations_6m -g sygedagpenge
    --months 2022-09..2022-11 --letter 2022-08-29 --on 2023-02-20`
    """
    on_day = arguments.day(on, "--on")
    known_day = arguments.day(known, "--known-on") if known else on_day
    finding = follow_up(
        known_on(arguments.figures(source), known_day),
        on=on_day,
        letter=arguments.day(letter, "--letter") if letter else on_day,
        catalogue=arguments.rules(rules),
        municipality=arguments.municipality(municipality),
        measure=arguments.measure(measure),
        grp=arguments.group(group),
        months=arguments.months(months),
        set_aside=arguments.set_aside(source),
    )
    if output == "json":
        out.print_json(json.dumps([finding.record()], ensure_ascii=False))
    else:
        out.print(table([finding], language))
        out.print(finding.explanation[language])


def table(findings: list[Finding], language: arguments.Language) -> Table:
    """Findings as a table: municipality, measure, group, months, verdict, one-line reason."""
    danish = language == "da"
    heads = (
        ("Kommune", "Måling", "Gruppe", "Måneder", "Vurdering", "Begrundelse")
        if danish
        else ("Municipality", "Measure", "Group", "Months", "Verdict", "Reason")
    )
    shown = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, expand=True)
    for head, width in zip(heads, (14, 12, 20, 17, 12), strict=False):
        shown.add_column(head, max_width=width)
    shown.add_column(heads[-1], ratio=1, min_width=30)
    for finding in findings:
        style, da, en = VERDICTS[finding.verdict]
        shown.add_row(
            MUNICIPALITIES[finding.municipality].name,
            MEASURES[finding.measure].name(language),
            ROWS[finding.grp].name(language),
            wording.months_short(finding.span, language),
            Text(da if danish else en, style=style),
            finding.sentence[language],
        )
    return shown
