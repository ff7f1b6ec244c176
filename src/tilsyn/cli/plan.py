"""The command ``plan``: whom to call in by when, so that the lines hold and nobody is left out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from tilsyn.cli import arguments
from tilsyn.cli.terminal import out, progress
from tilsyn.errors import UsageError
from tilsyn.vocabulary.wording import number, percent
from tilsyn.words import gettext, pgettext

if TYPE_CHECKING:
    from tilsyn.planning.record import Figures

# The libraries take a while to start: commands import them when they are called.

MOST_SECONDS = 120.0


def register(root: typer.Typer) -> None:
    """Add the command to the program."""
    root.command("plan", no_args_is_help=True)(plan)


def plan(
    store: Annotated[
        Path, typer.Argument(metavar="STORE", help="Store made by *tilsyn register load*.")
    ],
    municipality: Annotated[str, typer.Option("--municipality", "-m", metavar="NAME")],
    first: Annotated[
        str,
        typer.Option("--from", metavar="DATE", help="First day; known is what was known before."),
    ],
    capacity: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Room a week and team (TOML); see the planning page."),
    ],
    folder: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder to make; must not exist.")
    ],
    goal: Annotated[
        str, typer.Option(metavar="GOAL", help="duty, early, focus, lines, or a goal file (TOML).")
    ] = "lines",
    weeks: Annotated[int, typer.Option(min=1, help="How many weeks, at most 44.")] = 26,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="CHANGE",
            help="Also reckon with capacity+20%, goal=focus, margin=0, spacing=7; repeatable.",
        ),
    ] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="SECONDS", min=1, help="For each plan.")
    ] = MOST_SECONDS,
    language: arguments.LanguageOption = "da",
    form: arguments.FormatOption = "table",
) -> None:
    """Plan conversations and offers week by week: worklist, duty list, load, outlook, milestones.

    Ongoing benefits are taken to go on; whoever leaves frees room. The folder holds pseudonyms: it
    is written for your eyes alone, outside the store.

    Example: **tilsyn plan store -m Ishøj --from 2023-09-04 --capacity capacity.toml --goal lines
    --what-if capacity+20% --out plan**
    """
    from tilsyn.charts.plan import pictures
    from tilsyn.measures import definitions as defined
    from tilsyn.planning import goals, record, sheets, summary, telling, whatif, worklist
    from tilsyn.planning import plan as plans
    from tilsyn.planning.aims import left_out
    from tilsyn.planning.capacity import read_capacity
    from tilsyn.planning.weeks import MOST_WEEKS
    from tilsyn.register import looks
    from tilsyn.register.outside import refuse_inside, write_folder
    from tilsyn.register.store import opened
    from tilsyn.rules import at_hand

    code, day = arguments.municipality(municipality), arguments.day(first, "--from")
    measures = defined.load()
    if weeks > MOST_WEEKS:
        raise UsageError(f"--weeks: at most {MOST_WEEKS} weeks can be planned")
    refuse_inside(folder)
    own = whatif.Setting("", goals.find(goal), read_capacity(capacity))
    asked = [own, *(whatif.changed(own, text) for text in what_if or ())]
    with opened(store) as read, _status() as tell:
        tell("reading the register")
        ground = plans.read(read, code, day, weeks, at_hand(), measures)
        made = []
        for setting in asked:
            tell(f"planning {setting.name}")
            made.append(plans.planned(ground, setting, seconds=time_limit))
        found = None
        if made[0].over:
            tell("looking for what would help")
            found = plans.help_for(ground, own, made[0], seconds=time_limit)
        tell("writing")
        persons = ground.situation.persons.to_pylist()
        rows, due = worklist.table(made[0], persons), worklist.duties(made[0], persons)
        others = list(zip(asked[1:], made[1:], strict=True))
        whole = summary.summary(ground, own, made[0], due, found=found, others=others)
        files = {
            **sheets.files(whole, rows, due, language),
            record.WORKLIST: worklist.as_parquet(rows),
            record.MILESTONES: record.milestones_file(whole),
            record.FILE: record.to_toml(whole.summary()),
        }
        for name, picture in pictures(whole, language):
            files[f"{name}.png"] = picture.png
            files[f"{name}.svg"] = picture.svg.encode()
        looks.note(
            looks.log_file(),
            look="plan",
            persons=len(ground.situation.persons),
            store=str(store.absolute()),
            into=str(folder.absolute()),
        )
        write_folder(folder, files)
    if form == "json":
        sys.stdout.write(json.dumps({**whole.summary(), "out": str(folder)}, default=str) + "\n")
        return
    for line in telling.sentences(whole, own.goal, language):
        out.print(line, markup=False, soft_wrap=True)
    for line in left_out(own.goal, ground.catalogue, day, language):
        out.print(line, markup=False, soft_wrap=True)
    if whole.others:
        out.print(_beside([("", whole.figures), *((o.name, o) for o in whole.others)], language))
    out.print(f"{folder}: {', '.join(sorted(files))}", soft_wrap=True)


@contextmanager
def _status() -> Iterator[Callable[[str], None]]:
    """What is being done, on a terminal."""
    with progress() as bar:
        task = bar.add_task("", total=None)
        yield lambda what: bar.update(task, description=what)


def _beside(plans: list[tuple[str, Figures]], language: str) -> Table:
    """The plan and the what-ifs, side by side."""
    from tilsyn.planning.sheets import COLUMNS

    table = Table(title=gettext("Side by side", language), box=None, title_justify="left")
    table.add_column(gettext("plan", language))
    names = {
        "conversations": pgettext("column", COLUMNS["conversations"], language),
        "offers": pgettext("column", COLUMNS["offers"], language),
        "over": gettext("too many", language),
        "lacking": gettext("persons lacking something", language),
    }
    for name in (*names.values(), gettext("at most from best", language)):
        table.add_column(name, justify="right")
    for name, of in plans:
        table.add_row(
            name or gettext("the plan", language),
            *(number(getattr(of, name), language) for name in names),
            percent(100 * of.gap, language, 2),
        )
    return table
