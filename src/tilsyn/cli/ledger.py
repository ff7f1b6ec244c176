"""The command ``ledger``: who is exempted by decision, who misses the effort without one, and the room left."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from tilsyn.cli import arguments
from tilsyn.cli.terminal import out, progress, remark
from tilsyn.documents.contents.phrasing import in_running_text
from tilsyn.errors import InputError
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, TOTAL, YearMonth
from tilsyn.vocabulary.wording import date, number, percent
from tilsyn.words import gettext, pgettext, pgettext_noop

if TYPE_CHECKING:
    import polars as pl

    from tilsyn.planning.ledger import Ledger

# The engine's libraries take a while to start: the command imports them when it is called.

_HEADS = (
    pgettext_noop("column of the ledger", "Month"),
    pgettext_noop("column of the ledger", "Group"),
    pgettext_noop("column of the ledger", "Persons"),
    pgettext_noop("column of the ledger", "Met"),
    pgettext_noop("column of the ledger", "Exempted"),
    pgettext_noop("column of the ledger", "Open"),
    pgettext_noop("column of the ledger", "Missed"),
    pgettext_noop("column of the ledger", "Room left"),
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("ledger", no_args_is_help=True)(_ledger)


def _ledger(
    store: Annotated[
        Path, typer.Argument(metavar="STORE", help="Store made by *tilsyn register load*.")
    ],
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="The day; nothing later is seen.")
    ],
    municipality: Annotated[
        str, typer.Option("--municipality", "-m", metavar="NAME", help="Name or code.")
    ],
    months: Annotated[int, typer.Option(min=1, max=12, help="How many coming months.")] = 6,
    persons: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Also list the persons, by pseudonym, with the day their case can last be mended "
            "(.csv or .xlsx); the look is logged.",
        ),
    ] = None,
    into: arguments.Into = None,
    output: Annotated[
        Literal["table", "json"], typer.Option("--format", help="For people or for programs.")
    ] = "table",
    language: arguments.LanguageOption = "da",
) -> None:
    """Say who is exempted by decision, how many more may be, and who misses the effort without a decision.

    Of the coming months, from the municipality's own register. An exemption is a decision that people make;
    nothing is decided here.

    Example: **tilsyn ledger store --municipality Ishøj --on 2026-11-30**
    """
    from tilsyn.exports.files import TABLES, check_ending, write_table
    from tilsyn.measures import definitions
    from tilsyn.planning.ledger import ledger
    from tilsyn.register import looks
    from tilsyn.register.store import opened
    from tilsyn.rules import at_hand
    from tilsyn.work.files import MINE, put_whole

    day, code = arguments.day(on, "--on"), arguments.municipality(municipality)
    for file in filter(None, (into, persons)):
        check_ending(file)
    with opened(store) as read, progress() as bar:
        task = bar.add_task("reading", total=len(read.parts))
        found = ledger(
            read, day, int(code), months, definitions.load(), at_hand(),
            done=lambda: bar.advance(task),
        )  # fmt: skip
    if not found.limits:
        raise InputError(
            gettext(
                "No rule in force on {day} limits who may be exempted.",
                language,
                day=date(day, language),
            )
        )
    rows = found.rows()
    if persons:
        looks.note(
            looks.log_file(), look="list", persons=found.persons["person"].n_unique(),
            store=str(store.absolute()), into=str(persons.absolute()),
        )  # fmt: skip
        listed = TABLES[persons.suffix.lower()](found.persons.columns, found.persons.iter_rows())
        put_whole(persons, listed, mode=MINE)
        out.print(f"{persons}: {found.persons.height} rows")
    if into:
        write_table(rows.columns, rows.iter_rows(), into)
        out.print(f"{into}: {rows.height} rows")
    elif output == "json":
        sys.stdout.write(json.dumps(_record(found, rows), ensure_ascii=False, indent=1) + "\n")
    else:
        _print(found, rows, language)


def _record(found: Ledger, rows: pl.DataFrame) -> dict[str, object]:
    return {
        "on": found.on.isoformat(),
        "municipality": f"{found.municipality:03d}",
        "measures": {
            measure: {
                "limit": float(limit),
                "pace": None if (pace := found.pace(measure)) is None else float(100 * pace),
                "overrun": None if (month := found.overrun(measure)) is None else str(month),
            }
            for measure, limit in found.limits.items()
        },
        "rows": [{**row, "month": str(YearMonth.of(row["month"]))} for row in rows.to_dicts()],
    }


def _print(found: Ledger, rows: pl.DataFrame, language: arguments.Language) -> None:
    place = MUNICIPALITIES[f"{found.municipality:03d}"].name
    for measure, limit in found.limits.items():
        mine = [
            row
            for row in rows.iter_rows(named=True)
            if row["measure"] == measure and row["month"] >= found.months.first.first
        ]
        title = gettext(
            "{municipality}: {measure}. As known on {day}", language, municipality=place,
            measure=in_running_text(MEASURES[measure].name(language)), day=date(found.on, language),
        )  # fmt: skip
        table = Table(
            box=SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left", title_style="bold"
        )
        for place_of, head in enumerate(_HEADS):
            justify: Literal["left", "right"] = "left" if place_of < 2 else "right"
            table.add_column(pgettext("column of the ledger", head, language), justify=justify)
        for row in mine:
            pooled = row["grp"] == TOTAL.code
            table.add_row(
                YearMonth.of(row["month"]).short(language) if pooled else "",
                ROWS[row["grp"]].name(language),
                *(
                    number(row[name], language)
                    for name in ("population", "met", "exempted", "open", "missed", "room")
                ),
                style="bold" if pooled else "",
            )
        out.print(table)
        for sentence in _sentences(found, measure, percent(limit, language), language):
            out.print(sentence, markup=False)
        out.print()
    remark(
        gettext(
            "The rule is not verified: how the 25% is read was not published in what could be read.",
            language,
        )
    )


def _sentences(found: Ledger, measure: str, limit: str, language: arguments.Language) -> list[str]:
    """What the ledger says of a measure."""
    if (pace := found.pace(measure)) is None:
        said = [gettext("Nobody was counted in the months before: no pace can be told.", language)]
    else:
        said = [
            gettext(
                "In the months before, {share} were exempted; at most {limit} may be.", language,
                share=percent(round(100 * pace, 1), language), limit=limit,
            )
        ]  # fmt: skip
    if month := found.overrun(measure):
        said.append(
            gettext(
                "At this pace the limit is passed in {month}.", language, month=month.name(language)
            )
        )
    else:
        said.append(
            gettext(
                "By those exempted already, and at this pace, the limit holds in all months shown; decisions still to come are not foretold.",
                language,
            )
        )
    return said
