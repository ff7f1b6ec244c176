"""The commands judge and follow-up: figures held against the rules of a day."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import polars as pl
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from tilsyn.cli import arguments
from tilsyn.cli.terminal import out, remark
from tilsyn.errors import InputError
from tilsyn.exports.files import check_ending, write_table
from tilsyn.figures.series import in_series
from tilsyn.figures.vintages import Vintages, gather, known_on
from tilsyn.rules import Catalogue, Finding, asked_about, at_hand, follow_up, judge
from tilsyn.rules.sentences import told_aside
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, wording

_MOST_NAMED = 10
"""Municipalities that are named where the one asked for has no figures."""

HEADS = {
    "da": ("Kommune", "Måling", "Gruppe", "Måneder", "Vurdering", "Begrundelse"),
    "en": ("Municipality", "Measure", "Group", "Months", "Verdict", "Reason"),
}
"""What a table of findings is headed by, here and on the demo's page."""

_FILE_HEADS = {
    "da": (*HEADS["da"][:4], "Population", "Uden indsats", "Andel, pct.", "Snit, pct.", "Grænse, pct.",
           "Afstand, procentpoint", *HEADS["da"][4:], "Regel", "Version", "Bekræftet", "Dag"),
    "en": (*HEADS["en"][:4], "Population", "Without the effort", "Share, per cent", "Mean, per cent",
           "Line, per cent", "Distance, percentage points", *HEADS["en"][4:], "Rule", "Version",
           "Verified", "Day"),
}  # fmt: skip
"""What a file of findings is headed by."""

STYLES = {"bad": "bold red", "warn": "yellow", "good": "green", "none": "dim"}
"""How a verdict's tone is shown."""


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
    into: arguments.Into = None,
    language: arguments.LanguageOption = "da",
    output: arguments.FormatOption = "table",
) -> None:
    """Judge figures by the rules in force on a day.

    Example: `tilsyn judge releases/ --on 2022-05-15 --municipality Hedensted`
    """
    on_day = arguments.day(on, "--on")
    known_day = arguments.day(known, "--known-on") if known else on_day
    if into:
        check_ending(into)
    vintages = Vintages(source)
    if not (days := list(vintages.days())) or days[0] > known_day:
        later = f"; the first figure is published {days[0]}" if days else ""
        raise InputError(f"nothing was known on {known_day}{later}")
    catalogue = at_hand()
    area = arguments.municipality(municipality) if municipality else None
    until = pl.col("published") <= known_day
    asked = asked_about(catalogue, on_day, rule=rule, municipality=area)
    seen = known_on(vintages.figures(until, asked), known_day)
    findings = judge(
        seen,
        on=on_day,
        catalogue=catalogue,
        rule=rule,
        municipality=area,
        set_aside=arguments.set_aside(source),
    )
    if not findings:
        told = vintages.figures(until, in_series())
        raise InputError(_why_nothing(told, catalogue, on_day, rule, area))
    if into:
        write_table(_FILE_HEADS[language], (_line(f, language) for f in findings), into)
        out.print(f"{into}: {len(findings)} findings")
        return
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


def _why_nothing(
    told: pl.DataFrame, catalogue: Catalogue, on: dt.date, rule: str | None, area: str | None
) -> str:
    """Why nothing was judged: nothing of the municipality, or nothing the rules ask about."""
    places = told["area"].unique()
    if area is not None and area not in places:
        known = sorted(MUNICIPALITIES[code].name for code in places if code in MUNICIPALITIES)
        more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
        named = ", ".join(known[:_MOST_NAMED]) + more
        return f"no figures of {MUNICIPALITIES[area].name} here; there are of {named or 'none'}"
    if rule is None:
        return "no figures here that a rule in force asks about"
    version = catalogue.version(rule, on)
    kind = version.criterion.kind
    if kind == "any_month":
        return f"the rule {rule} answers a notice; `tilsyn follow-up` judges by it"
    if kind == "requirement":
        return f"the rule {rule} says what the law requires and is not judged by itself"
    level = "benefit groups" if getattr(version.criterion, "level", "") == "group" else "the total"
    return f"no figures here of {' or '.join(version.measures)} of {level}, which {rule} asks about"


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
    language: arguments.LanguageOption = "da",
    output: arguments.FormatOption = "table",
) -> None:
    """Judge whether a group's effort is restored in the months named in the notice.

    Example: `tilsyn follow-up releases/ -m Ishøj --measure conversations_6m -g sygedagpenge
    --months 2022-09..2022-11 --letter 2022-08-29 --on 2023-02-20`
    """
    on_day = arguments.day(on, "--on")
    known_day = arguments.day(known, "--known-on") if known else on_day
    area, code = arguments.municipality(municipality), arguments.measure(measure)
    grp = arguments.group(group)
    wanted = (pl.col("area") == area, pl.col("measure") == code, pl.col("grp") == grp)
    finding = follow_up(
        known_on(gather(source, *wanted), known_day),
        on=on_day,
        letter=arguments.day(letter, "--letter") if letter else on_day,
        catalogue=at_hand(),
        municipality=area,
        measure=code,
        grp=grp,
        months=arguments.months(months),
        set_aside=arguments.set_aside(source),
    )
    if output == "json":
        out.print_json(json.dumps([finding.record()], ensure_ascii=False))
    else:
        out.print(table([finding], language))
        out.print(finding.explanation[language])


def _line(finding: Finding, language: arguments.Language) -> list[Any]:
    """A finding as a line of a file; figures are those of its latest month."""
    latest = finding.months[-1] if finding.months else None

    def per_cent(value: Fraction | Decimal | None) -> float | None:
        return None if value is None else float(wording.decimal(value, 2))

    yes, no = ("ja", "nej") if language == "da" else ("yes", "no")
    return [
        MUNICIPALITIES[finding.municipality].name,
        MEASURES[finding.measure].name(language),
        ROWS[finding.grp].name(language),
        wording.months_short(finding.span, language),
        latest and latest.population,
        latest and latest.unmet,
        per_cent(latest.exact if latest else None),
        per_cent(finding.mean),
        per_cent(finding.threshold),
        per_cent(finding.distance),
        VERDICTS[finding.verdict].name(language),
        finding.sentence[language],
        finding.rule,
        finding.version.title[language],
        yes if finding.version.status == "verified" else no,
        str(finding.on),
    ]


def table(findings: list[Finding], language: arguments.Language) -> Table:
    """Findings as a table: municipality, measure, group, months, verdict, one-line reason."""
    heads = HEADS[language]
    shown = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, expand=True)
    for head, width in zip(heads, (14, 12, 20, 17, 12), strict=False):
        shown.add_column(head, max_width=width)
    shown.add_column(heads[-1], ratio=1, min_width=30)
    for finding in findings:
        verdict = VERDICTS[finding.verdict]
        shown.add_row(
            MUNICIPALITIES[finding.municipality].name,
            MEASURES[finding.measure].name(language),
            ROWS[finding.grp].name(language),
            wording.months_short(finding.span, language),
            Text(verdict.name(language), style=STYLES[verdict.tone]),
            finding.sentence[language],
        )
    return shown
