"""The command ``outlook``: the coming months' figures of a municipality, from its own register."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tilsyn.cli import arguments, engines
from tilsyn.cli.outlook_tables import OutlookRows
from tilsyn.cli.terminal import out, progress, remark
from tilsyn.errors import InputError, UsageError
from tilsyn.vocabulary import MUNICIPALITIES, TOTAL
from tilsyn.words import gettext

if TYPE_CHECKING:
    from tilsyn.outlook.backtest import Backtest
    from tilsyn.outlook.figures import Outlook
    from tilsyn.rules import Catalogue

# The engine's libraries take a while to start: the command imports them when it is called.

Form = Literal["text", "json", "csv"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("outlook", no_args_is_help=True)(_outlook)


def _outlook(
    store: Annotated[
        Path, typer.Argument(metavar="STORE", help="Store made by *tilsyn register load*.")
    ],
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="The day; nothing later is seen.")
    ],
    municipality: Annotated[
        str | None,
        typer.Option(
            "--municipality", "-m", metavar="NAME", help="Name or code (default: every one)."
        ),
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=24, help="How many coming months.")] = 12,
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", metavar="MEASURE", help="Only this measure; may be repeated."),
    ] = None,
    backtest: Annotated[
        bool,
        typer.Option(
            "--backtest",
            help="Also try the outlook on the register's own past, and say how it did.",
        ),
    ] = False,
    chart: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Also draw it (.svg, .png or .pdf); one municipality and measure."
        ),
    ] = None,
    simulations: Annotated[
        int, typer.Option(min=1, max=100_000, help="How often the months are lived through.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other chance.")] = 1,
    engine: engines.Option = engines.Name.local,
    master: engines.Master = None,
    into: arguments.Into = None,
    output: Annotated[Form, typer.Option("--format", help="For people or for programs.")] = "text",
    language: arguments.LanguageOption = "da",
) -> None:
    """Say what the coming months' figures will be: at best, likely, and if nothing more is done.

    Example: **tilsyn outlook store --municipality Ishøj --on 2024-06-30 --months 12**
    """
    from tilsyn.measures import definitions as defined
    from tilsyn.outlook.basis import gather
    from tilsyn.outlook.figures import outlooks
    from tilsyn.outlook.verdicts import not_foretold
    from tilsyn.register.store import opened
    from tilsyn.rules import at_hand

    day = arguments.day(on, "--on")
    judged = defined.load()
    measures = [arguments.measure(code) for code in measure or ()]
    if chart and (municipality is None or len(measures) != 1):
        raise UsageError("--chart draws one municipality and measure: name both")
    if chart:
        from tilsyn.charts import form_of

        form_of(chart)
    if into:
        # Spreadsheets need libraries that an outlook alone does not.
        from tilsyn.exports.files import check_ending, write_table

        check_ending(into)
    catalogue = at_hand()
    _say_if_compiling()
    with opened(store) as read, progress() as bar:
        task = bar.add_task("reading", total=len(read.parts))
        basis = gather(read, day, months, judged, done=lambda: bar.advance(task))
        if unknown := [code for code in measures if code not in basis.measures]:
            raise UsageError(
                f"--measure: '{unknown[0]}' requires nothing; choose of {', '.join(basis.measures)}"
            )
        codes = (
            (int(arguments.municipality(municipality)),) if municipality else basis.municipalities
        )
        task = bar.add_task("simulating", total=len(codes))
        wanted = partial(_wanted, measures=measures, catalogue=catalogue, draws=chart is not None)
        several = outlooks(
            basis, codes, wanted, simulations=simulations, seed=seed,
            engine=engines.spark(engine, master), done=lambda: bar.advance(task),
        )  # fmt: skip
        outcomes = list(several)
        found = [rows for rows, _ in outcomes]
        trial = None
        if backtest:
            # Measuring anew needs libraries that an outlook alone does not.
            from tilsyn.outlook.backtest import backtest as tried

            task = bar.add_task("trying it on the past", total=None)
            trial = tried(
                read, day, months, judged, codes, simulations=simulations, seed=seed,
                done=lambda total: bar.update(task, advance=1, total=total),
            )  # fmt: skip
    for rule in not_foretold(catalogue, basis.measures, basis.months):
        title = rule.title["da" if language == "da" else "en"]
        remark(
            gettext(
                "{rule}: not foretold, for what it asks about is not simulated yet.",
                language,
                rule=title,
            )
        )
    if chart and (drawn := outcomes[0][1]):
        _draw(drawn, measures[0], catalogue, chart, language)
    if into:
        rows = [row for one in found for row in one.rows]
        heads = list(rows[0]) if rows else []
        write_table(heads, (list(row.values()) for row in rows), into)
        out.print(f"{into}: {len(rows)} rows")
    else:
        _print(found, trial, measures, output, language)


def _wanted(
    outlook: Outlook, measures: list[str], catalogue: Catalogue, draws: bool
) -> tuple[OutlookRows, Outlook | None]:
    """The numbers of an outlook, and where they are drawn itself."""
    from tilsyn.outlook.verdicts import chances

    kept = [c for c in chances(outlook, catalogue) if not measures or c.measure in measures]
    rows = list(outlook.rows(measures))
    numbers = OutlookRows(outlook.on, outlook.municipality, outlook.months, rows, kept)
    return numbers, outlook if draws else None


PAST = 12
"""Months that have been, drawn before the coming ones."""


def _draw(
    outlook: Outlook, measure: str, catalogue: Catalogue, file: Path, language: arguments.Language
) -> None:
    """Draw one municipality's measure, all groups together.

    Raises:
        InputError: nobody is in the measure, or the file cannot be written.
    """
    from tilsyn.charts import save
    from tilsyn.charts.months import subject
    from tilsyn.charts.outlook import outlook as chart

    rows = [row for row in outlook.rows([measure]) if row["group"] == TOTAL.code]
    if not rows:
        raise InputError("nobody is in this measure: there is nothing to draw", file=file)
    past = outlook.past[outlook.measures.index(measure), 0][-PAST:].tolist()
    place = MUNICIPALITIES[f"{outlook.municipality:03d}"].name
    unit = subject(measure, TOTAL.code, language, place)
    lines = chart(past, rows, catalogue.line(measure, outlook.on), unit, language)
    save(lines.spec(language), language, file)


def _print(
    found: list[OutlookRows],
    trial: Backtest | None,
    measures: list[str],
    output: Form,
    language: arguments.Language,
) -> None:
    if output == "json":
        record: dict[str, Any] = {
            "outlook": [row for one in found for row in one.rows],
            "verdicts": [
                {"municipality": f"{one.municipality:03d}", **chance.model_dump()}
                for one in found
                for chance in one.chances
            ],
        }
        if trial is not None:
            record["backtest"] = [row for row in trial.rows() if _asked(row, measures)]
        sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    elif output == "csv":
        _csv(row for one in found for row in one.rows)
    else:
        from tilsyn.cli.outlook_tables import show, show_backtest

        for one in found:
            show(one, language)
        if trial is not None:
            show_backtest([row for row in trial.rows() if _asked(row, measures)], language)


def _asked(row: dict[str, Any], measures: list[str]) -> bool:
    return not measures or row["measure"] in measures


def _csv(rows: Iterator[dict[str, Any]]) -> None:
    writer: Any = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    if writer is None:
        out.print("", end="")
        remark("nobody is in these populations")


def _say_if_compiling() -> None:
    from tilsyn.measures.kernel.compiled import is_compiled
    from tilsyn.outlook.kernel.entrants import simulate

    if not is_compiled(simulate):
        remark("compiling the simulation for this machine, once: about ten seconds")
