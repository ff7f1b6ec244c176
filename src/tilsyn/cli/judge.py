"""The commands judge and follow-up: figures held against the rules of a day."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from tilsyn.cli import arguments
from tilsyn.cli.terminal import out, remark
from tilsyn.errors import InputError
from tilsyn.figures.printing import ABSENT
from tilsyn.figures.series import in_series
from tilsyn.figures.vintages import Vintages, known_on
from tilsyn.rules import Catalogue, Finding, asked_about, at_hand, follow_up, judge
from tilsyn.rules.catalogue import in_force
from tilsyn.rules.criteria import JUDGED
from tilsyn.rules.model import STATE
from tilsyn.rules.sentences import not_confirmed, told_aside
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, TOTAL, wording
from tilsyn.words import gettext, pgettext, pgettext_noop

if TYPE_CHECKING:
    from tilsyn.rules.chance import Chance

_MOST_NAMED = 10
"""Municipalities that are named where the one asked for has no figures."""

HEADS = (
    pgettext_noop("column of a command", "Municipality"),
    pgettext_noop("column of a command", "Measure"),
    pgettext_noop("column of a command", "Group"),
    pgettext_noop("column of a command", "Months"),
    pgettext_noop("column of a command", "Verdict"),
    pgettext_noop("column of a command", "Reason"),
)
"""What a table of findings is headed by, here and on the demo's page."""

_FILE_HEADS = (
    *HEADS[:4],
    pgettext_noop("column of a command", "Population"),
    pgettext_noop("column of a command", "Without the effort"),
    pgettext_noop("column of a command", "Share, per cent"),
    pgettext_noop("column of a command", "Mean, per cent"),
    pgettext_noop("column of a command", "Line, per cent"),
    pgettext_noop("column of a command", "Distance, percentage points"),
    *HEADS[4:],
    pgettext_noop("column of a command", "Rule"),
    pgettext_noop("column of a command", "Version"),
    pgettext_noop("column of a command", "Reading"),
    pgettext_noop("column of a command", "Verified"),
    pgettext_noop("column of a command", "Day"),
)
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
    otherwise: Annotated[
        bool,
        typer.Option(
            "--readings",
            help="Judge also by every reading of what a rule leaves open, side by side.",
        ),
    ] = False,
    with_chance: Annotated[
        bool,
        typer.Option(
            "--chance",
            help="Also say how much of each finding may be chance; the sources' other municipalities "
            "are the peers.",
        ),
    ] = False,
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
        # What protects and exports takes a while to start.
        from tilsyn.exports.files import check_ending, write_table

        check_ending(into)
    vintages = Vintages(source)
    if not (days := list(vintages.days())) or days[0] > known_day:
        later = f"; the first figure is published {days[0]}" if days else ""
        raise InputError(f"nothing was known on {known_day}{later}")
    catalogue = at_hand()
    area = arguments.municipality(municipality) if municipality else None
    until = pl.col("published") <= known_day
    peers_too = None if with_chance else area
    asked = asked_about(catalogue, on_day, rule=rule, municipality=peers_too)
    seen = known_on(vintages.figures(until, asked), known_day)
    findings = judge(
        seen,
        on=on_day,
        catalogue=catalogue,
        rule=rule,
        municipality=area,
        set_aside=arguments.set_aside(source),
        otherwise=otherwise,
    )
    if not findings:
        whole = vintages.figures(until, in_series())
        if why := _why_nothing(whole, catalogue, on_day, rule, area):
            raise InputError(why)
    told: list[Chance | None] = [None] * len(findings)
    if with_chance:
        # What reckons with chance takes a while to start.
        from tilsyn.rules.chance import chances

        told = chances(findings, seen)
    if into:
        write_table(
            [pgettext("column of a command", head, language) for head in _FILE_HEADS],
            (_line(f, language) for f in findings),
            into,
        )
        out.print(f"{into}: {len(findings)} findings")
        return
    if output == "json":
        records = [
            finding.record() | ({"chance": chance and chance.record()} if with_chance else {})
            for finding, chance in zip(findings, told, strict=True)
        ]
        out.print_json(json.dumps(records, ensure_ascii=False))
        return
    shown = [f for f in findings if every or f.verdict != "not_judged"]
    plain = [f for f in shown if not (otherwise and f.alternative)]
    for owner in dict.fromkeys(f.owner for f in plain):
        if owner != STATE:
            name = MUNICIPALITIES[owner].name
            own = gettext(
                "{municipality}: the municipality's own rules", language, municipality=name
            )
            out.print(f"[bold]{own}[/]")
        out.print(table([f for f in plain if f.owner == owner], language))
    for finding, chance in zip(findings, told, strict=True):
        if chance is not None and finding in shown:
            about = [one.name(language) for one in (MEASURES[finding.measure], ROWS[finding.grp])]
            place = MUNICIPALITIES[finding.municipality].name
            out.print(", ".join([place, *about]), style="bold")
            out.print(chance.sentence(language) + "\n", markup=False)
    if otherwise:
        _side_by_side([f for f in findings if f.alternative], catalogue, language)
    for aside in filter(None, dict.fromkeys(told_aside(f, language) for f in shown)):
        remark(aside)
    if hidden := Counter(f.reason for f in findings if f not in shown):
        reasons = ", ".join(
            f"{count} {reason.replace('_', ' ')}" for reason, count in hidden.items()
        )
        remark(f"{hidden.total()} not judged ({reasons}); --all shows them.")
    if rule is None:
        for line in _unanswered(findings, catalogue, on_day):
            remark(line)


def _unanswered(findings: list[Finding], catalogue: Catalogue, on: dt.date) -> Iterator[str]:
    """Which rules judged nothing, and why: not in force that day, or no figures of what they ask about."""
    away = []
    for one in catalogue:
        if one.version[-1].criterion.kind not in JUDGED or any(
            f.rule == one.rule for f in findings
        ):
            continue
        if (version := in_force(one, on)) is not None:
            yield f"{one.rule}: no figures here of {' or '.join(version.measures)}"
        elif on < one.version[0].valid_from:
            away.append(f"{one.rule} (from {one.version[0].valid_from})")
        else:
            away.append(f"{one.rule} (until {one.version[-1].last_day})")
    if away:
        yield f"not in force on {on}: {', '.join(away)}"


def _side_by_side(
    findings: list[Finding], catalogue: Catalogue, language: arguments.Language
) -> None:
    """Each matter under every reading: the first open question across, the others downwards."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    for rule, found in by_rule.items():
        version = found[0].version
        across, *down = version.alternatives
        answers = version.alternatives[across]
        names = wording.joined(f"{name}: {one.title[language]}" for name, one in answers.items())
        shown = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
        heads = [pgettext("column of a command", head, language) for head in HEADS[:2]]
        for head in (*heads, *("" for _ in down), *answers):
            shown.add_column(head)
        rows: dict[tuple[str, ...], dict[str, list[Finding]]] = {}
        for finding in found:
            row = (finding.municipality, finding.measure, *(finding.alternative[d] for d in down))
            rows.setdefault(row, {}).setdefault(finding.alternative[across], []).append(finding)
        for (area, measure, *others), cells in rows.items():
            titles = [
                version.alternatives[d][name].title[language]
                for d, name in zip(down, others, strict=True)
            ]
            shown.add_row(
                MUNICIPALITIES[area].name,
                MEASURES[measure].name(language),
                *titles,
                *(_cell(cells.get(name, []), language) for name in answers),
            )
        out.print(f"[bold]{catalogue[rule].title[language]}[/]")
        out.print(shown)
        remark(names)
        if version.unverified:
            remark(not_confirmed(version, language))


def _cell(findings: list[Finding], language: arguments.Language) -> Text:
    """The gravest verdict of some findings, with the groups that have it where each is judged."""
    if not findings:
        return Text(ABSENT)
    worst = min(findings, key=lambda finding: finding.gravity)
    verdict = VERDICTS[worst.verdict]
    same = [f for f in findings if f.verdict == worst.verdict and f.grp != TOTAL.code]
    some = ", ".join(ROWS[f.grp].name(language) for f in same) if len(same) < len(findings) else ""
    said = verdict.name(language) + (f" ({some})" if some else "")
    return Text(said, style=STYLES[verdict.tone])


def _why_nothing(
    told: pl.DataFrame, catalogue: Catalogue, on: dt.date, rule: str | None, area: str | None
) -> str:
    """Why nothing was judged that was asked for by name; empty where nothing was."""
    places = told["area"].unique()
    if area is not None and area not in places:
        known = sorted(MUNICIPALITIES[code].name for code in places if code in MUNICIPALITIES)
        more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
        named = ", ".join(known[:_MOST_NAMED]) + more
        return f"no figures of {MUNICIPALITIES[area].name} here; there are of {named or 'none'}"
    if rule is None:
        return ""
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
    vintages = Vintages(source)  # a release says what measures of its own are called
    area, code = arguments.municipality(municipality), arguments.measure(measure)
    grp = arguments.group(group)
    wanted = (pl.col("area") == area, pl.col("measure") == code, pl.col("grp") == grp)
    finding = follow_up(
        known_on(vintages.figures(*wanted), known_day),
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
        ", ".join(finding.alternative.values()),
        yes if finding.version.status == "verified" else no,
        str(finding.on),
    ]


def table(findings: list[Finding], language: arguments.Language) -> Table:
    """Findings as a table: municipality, measure, group, months, verdict, one-line reason."""
    heads = [pgettext("column of a command", head, language) for head in HEADS]
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
