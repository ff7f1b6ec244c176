"""The command figures diff: what moved between releases, by how much, and which judgements flip."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from tilsyn.cli import arguments, installation
from tilsyn.cli.terminal import out, remark
from tilsyn.errors import InputError
from tilsyn.figures.printing import printed_change
from tilsyn.figures.revisions import summary
from tilsyn.figures.table import CELL, Figure
from tilsyn.figures.vintages import Vintages, known_on, moved
from tilsyn.rules import Finding, asked_about, at_hand, judge
from tilsyn.rules.finding import Flip, SetAsideOf, flips
from tilsyn.vocabulary import MEASURES, STATISTIC_NAMES, STATISTICS

if TYPE_CHECKING:
    from tilsyn.cases.models import Case

_CELL = list(CELL)
_MOST_SHOWN = 60


def register(figures: typer.Typer) -> None:
    """Add the command to the group `figures`."""
    figures.command("diff", no_args_is_help=True)(_diff)


@dataclass(frozen=True)
class _Side:
    """What was known from some sources, of all or until a day."""

    name: str
    vintages: Vintages
    day: dt.date

    def known(self, *wanted: pl.Expr) -> pl.DataFrame:
        """The figures known that meet all conditions, one vintage a cell."""
        until = pl.col("published") <= self.day
        return known_on(self.vintages.figures(until, *wanted), self.day)


class _Step:
    """From what was known to what was known later."""

    def __init__(self, before: _Side, after: _Side) -> None:
        self.before, self.after = before, after
        # A statistic of a measure at a time: two countries over ten years are not held at once.
        self.moved = (
            pl.concat(
                moved(before.known(*part), after.known(*part))
                for measure in MEASURES.codes
                for statistic in STATISTICS
                for part in [(pl.col("measure") == measure, pl.col("statistic") == statistic)]
            )
            .with_columns((pl.col("value_new") - pl.col("value")).alias("change"))
            .sort(_CELL)
        )


def _diff(
    before: Annotated[
        Path, typer.Argument(metavar="A", help="A release, a file or a folder of releases.")
    ],
    after: Annotated[
        Path | None,
        typer.Argument(metavar="[B]", help="A later one; without it A's releases, one by one."),
    ] = None,
    cases: Annotated[
        bool | None,
        typer.Option(
            "--cases/--no-cases",
            help="Name the cases under way that it touches; by default where DATA_DIR or "
            "DATABASE_URL tells of an installation.",
        ),
    ] = None,
    language: arguments.LanguageOption = "da",
    output: arguments.FormatOption = "table",
) -> None:
    """Show what moved between releases, by how much, and every judgement that flips.

    With two arguments all that is known from A is laid beside all that is known from B. With one
    folder its releases are walked through in the order they were published.

    Each side is judged on the day it was published. A flip is "revised" when the moved cells alone,
    judged on the first day, give it; else it comes with newer months or another rule.

    A case is touched when a figure of one of its matters moved, or its judgement flips.

    Example: `tilsyn figures diff releases/ishoej-2023-09 releases/ishoej-2023-11`
    """
    if cases is None:
        cases = "DATA_DIR" in os.environ or "DATABASE_URL" in os.environ
    if cases:
        installation.ready()
    aside = arguments.set_aside([before, *([after] if after else [])])
    steps = _walk(before) if after is None else [_Step(_side(before), _side(after))]
    told = []
    for step in steps:
        flipped, revised = _flipped(step, aside)
        told.append((step, flipped, revised, _touched(step, flipped) if cases else None))
    if output == "json":
        records = [_record(*one) for one in told]
        out.print_json(json.dumps(records if after is None else records[0], ensure_ascii=False))
        return
    for step, flipped, revised, touched in told:
        _show(step, flipped, revised, language)
        if touched is not None:
            _show_cases(touched, language)


def _touched(step: _Step, flipped: list[Flip]) -> list[Case]:
    """The installation's cases under way that a step touches."""
    from tilsyn.cases.models import Case
    from tilsyn.cases.touched import touched

    return list(touched(Case.objects.under_way(), step.moved, flipped))


def _show_cases(touched: list[Case], language: arguments.Language) -> None:
    if not touched:
        out.print("No case under way is touched.")
        return
    out.print(f"[bold]{len(touched)} cases touched[/]")
    for case in touched:
        record = _case(case)
        title = case.course_data.title[language]
        due = f", {record['due_on']}" if record["due_on"] else ""
        out.print(f"  {case.number} {case.place}: {title} ({record['step']}{due})", markup=False)


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "area": case.area,
        "course": case.course,
        "step": case.step,
        "due_on": str(case.due_on) if case.due_on else None,
    }


def _side(source: Path) -> _Side:
    vintages = Vintages([source])
    return _Side(str(source), vintages, max(vintages.days(), default=dt.date.min))


def _walk(folder: Path) -> list[_Step]:
    """The releases of a folder, each beside what was known before it."""
    vintages = Vintages([folder])
    if len(vintages.releases) < 2:
        raise InputError(
            "one release or file alone has nothing to be compared with; name a second one, or a "
            "folder of releases",
            file=folder,
        )
    # Corrections under the old day are known from the beginning, as everywhere else.
    sides = [
        _Side(f"{', '.join(names)} ({day})", vintages, day)
        for day, names in vintages.days().items()
    ]
    return [_Step(*pair) for pair in pairwise(sides)]


def _flipped(step: _Step, aside: SetAsideOf) -> tuple[list[Flip], set[Any]]:
    """The judgements that flip, and the keys of those the moved cells alone turn."""
    asked = asked_about(at_hand())
    old, new = step.before.known(asked), step.after.known(asked)
    first, second = _judged(old, step.before, aside), _judged(new, step.after, aside)
    revised_cells = old.update(
        step.moved.select(
            *_CELL, pl.col("value_new").alias("value"), pl.col("status_new").alias("status")
        ),
        on=_CELL,
        include_nulls=True,
    )
    revised = flips(first, _judged(revised_cells, step.before, aside))
    return flips(first, second), {flip.after.key for flip in revised}


def _judged(frame: pl.DataFrame, side: _Side, aside: SetAsideOf) -> list[Finding]:
    if frame.is_empty():
        return []
    return judge(frame, on=side.day, catalogue=at_hand(), set_aside=aside)


def _record(
    step: _Step, flipped: list[Flip], revised: set[Any], touched: list[Case] | None
) -> dict[str, Any]:
    cells = step.moved
    asked = {} if touched is None else {"cases": [_case(case) for case in touched]}
    return {
        **asked,
        "before": step.before.name,
        "after": step.after.name,
        "summary": summary(cells).to_dicts(),
        "moved": [{**row, "month": str(row["month"])} for row in cells.iter_rows(named=True)],
        "flipped": [{**flip.record(), "revised": flip.after.key in revised} for flip in flipped],
    }


def _show(step: _Step, flipped: list[Flip], revised: set[Any], language: str) -> None:
    cells = step.moved
    out.print(f"{step.before.name} → {step.after.name}", style="bold", markup=False)
    out.print(f"[bold]{cells.height} cells moved[/]")
    for row in summary(cells).iter_rows(named=True):
        names = (MEASURES[row["measure"]], STATISTIC_NAMES[row["statistic"]])
        name = ", ".join(one.name(language) for one in names)
        by = ""
        if row["largest"] is not None:
            largest = printed_change(row["largest"], row["statistic"], language)
            by = f", at most by {largest.lstrip('+')}"
        out.print(f"  {name}: {row['cells']} ({row['up']} up, {row['down']} down{by})")
    table = Table("", "before", "after", "change", box=SIMPLE_HEAD, pad_edge=False)
    # The largest changes first, then those of status alone.
    by_size = cells.sort(pl.col("change").abs(), descending=True, nulls_last=True)
    for row in by_size.head(_MOST_SHOWN).sort(_CELL).iter_rows(named=True):
        told = {name: row[name] for name in (*_CELL, "value", "status")}
        old = Figure(**told, provenance="", release="", published=step.before.day)
        table.add_row(
            old.describe(language),
            old.shown(language),
            replace(old, value=row["value_new"], status=row["status_new"]).shown(language),
            ""
            if row["change"] is None
            else printed_change(row["change"], row["statistic"], language),
        )
    out.print(table)
    if cells.height > _MOST_SHOWN:
        remark(f"the {_MOST_SHOWN} largest changes are shown; --format json has all")
    if not flipped:
        out.print("No judgement flips.")
    for flip in flipped:
        cause = "revised" if flip.after.key in revised else "newer figures or another rule"
        out.print(
            f"{flip.before.verdict} → {flip.after.verdict} ({cause}): {flip.after.sentence[language]}"
        )
