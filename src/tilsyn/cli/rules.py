"""The commands rules show, rules diff and rules check: what holds, since when, and by what source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.table import Table

from tilsyn.cli import arguments
from tilsyn.cli.terminal import out
from tilsyn.errors import InputError
from tilsyn.rules import asked_about
from tilsyn.rules.catalogue import Catalogue, at_hand, in_force, own_rule, read_rule
from tilsyn.rules.examples import check as run_examples
from tilsyn.rules.model import Rule, Version

app = typer.Typer(no_args_is_help=True, help="What the rules say on a day, and own rule files.")


def register(root: typer.Typer) -> None:
    """Add the commands to the program."""
    root.add_typer(app, name="rules")


@app.command("show")
def _show(
    on: arguments.On,
    rule: Annotated[str | None, typer.Argument(metavar="[RULE]", help="Only this rule.")] = None,
    language: arguments.LanguageOption = "da",
) -> None:
    """Show what the rules say on a day, with their sources.

    Example: `tilsyn rules show early_effort --on 2022-05-15`
    """
    catalogue, day = at_hand(), arguments.day(on, "--on")
    picked = [catalogue[rule]] if rule else [r for r in catalogue if in_force(r, day)]
    if not picked:
        catalogue.version(next(iter(catalogue)).rule, day)
    for one in picked:
        out.print(_described(one, catalogue.version(one.rule, day), language))


@app.command("diff", no_args_is_help=True)
def _diff(
    rule: Annotated[str, typer.Argument(metavar="RULE")],
    before: Annotated[str, typer.Argument(metavar="DATE")],
    after: Annotated[str, typer.Argument(metavar="DATE")],
    language: arguments.LanguageOption = "da",
) -> None:
    """Show what differs in a rule between two days.

    Example: `tilsyn rules diff early_effort 2022-05-15 2023-12-01`
    """
    catalogue: Catalogue = at_hand()
    days = (arguments.day(before, "DATE"), arguments.day(after, "DATE"))
    old, new = (catalogue.version(rule, day) for day in days)
    lines = [
        (key, was, now)
        for key, was, now in _paired(dict(_entries(old, language)), dict(_entries(new, language)))
        if was != now
    ]
    if not lines:
        out.print(f"{rule}: the same version ({old.name}) on both days.")
        return
    table = Table("", f"{days[0]} ({old.name})", f"{days[1]} ({new.name})", title=rule)
    for line in lines:
        table.add_row(*line)
    out.print(table)


@app.command("try", no_args_is_help=True)
def _try(
    source: arguments.Sources,
    on: arguments.On,
    months: Annotated[
        str | None,
        typer.Option(
            "--months", metavar="A..B", help="Only these months (default: all there are)."
        ),
    ] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="RULE.KEY=VALUE[,KEY=VALUE]",
            help="A set of rules to hold beside those in force; may be repeated.",
        ),
    ] = None,
    grid: Annotated[
        str | None,
        typer.Option(
            "--grid",
            metavar="RULE.KEY=A..B,KEY=C,D",
            help="Every combination of two keys' values: spells of breach, as a table of heat. "
            "A..B are whole numbers, A..B/5 every fifth.",
        ),
    ] = None,
    language: arguments.LanguageOption = "da",
    into: arguments.Into = None,
) -> None:
    """Try rules on a country's months: whom they would have breached, for how long, and where sets differ.

    The rules in force on a day are held against every month, on the latest figures known.

    Example: `tilsyn rules try releases --on 2023-12-01 --set early_effort.threshold=25`
    """
    from tilsyn.cli import rules_try
    from tilsyn.exports.files import check_ending
    from tilsyn.figures.vintages import gather, known_on

    day = arguments.day(on, "--on")
    if into:
        check_ending(into)
    known = known_on(gather(source, asked_about(at_hand(), day)), dt.date.max)
    if months:
        span = arguments.months(months)
        known = known.filter(pl.col("month").is_between(span.first.first, span.last.first))
    if known.is_empty():
        raise InputError(f"no figures here that a rule in force on {day} asks about")
    if grid:
        rules_try.show_grid(known, day, grid, language, into)
    else:
        rules_try.show_sets(known, day, change or [], language, into)


@app.command("check", no_args_is_help=True)
def _check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rule files to check.")],
) -> None:
    """Check rule files: keys, dates, sentences, and every boundary example run.

    Example: `tilsyn rules check our-rules/early_effort.toml`
    """
    for file in files:
        rule = read_rule(file)
        run = run_examples(rule, Catalogue([*at_hand(), rule]), file=file)
        own_rule(file)
        out.print(f"{file}: {len(rule.version)} versions, {run} examples, all as they say.")


def _described(rule: Rule, version: Version, language: arguments.Language) -> Table:
    table = Table(
        title=f"{rule.rule}: {rule.title[language]}", show_header=False, title_style="bold"
    )
    for key, value in _entries(version, language):
        table.add_row(key, value)
    return table


def _entries(version: Version, language: arguments.Language) -> Iterator[tuple[str, str]]:
    """A version's contents, flat, in the file's order."""
    yield "version", f"{version.name} ({version.title[language]})"
    yield "in force", version.interval
    yield "picked by", version.picked_by.replace("_", " ")
    yield "status", version.status
    if version.unverified:
        yield "unverified", version.unverified[language]
    yield "measures", ", ".join(version.measures)
    yield "stale after months", str(version.stale_after_months)
    if version.suspended:
        yield "suspended", version.suspended_because[language]
    yield from _flat("criterion", version.criterion.model_dump())
    if version.follow_up:
        yield from _flat("follow-up", version.follow_up.model_dump())
    for number, source in enumerate(version.source, 1):
        quote = f" »{source.quote}«" if source.quote else ""
        yield f"source {number}", f"{source.title} [{source.confidence}]{quote}"


def _flat(prefix: str, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if value not in (None, (), []):
            text = ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
            yield f"{prefix}: {key.replace('_', ' ')}", text


def _paired(old: dict[str, str], new: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for key in dict.fromkeys([*old, *new]):
        yield key, old.get(key, "–"), new.get(key, "–")
