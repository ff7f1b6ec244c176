"""The command figures compare: a municipality beside its peers, in one month of a measure and group."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from tilsyn.cli import arguments
from tilsyn.cli.audience import WithinWalls, seen
from tilsyn.cli.terminal import out, remark
from tilsyn.errors import InputError, UsageError
from tilsyn.exports.files import check_ending, write_table
from tilsyn.figures.series import in_series, series
from tilsyn.figures.vintages import gather
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, YearMonth
from tilsyn.vocabulary.wording import number
from tilsyn.words import gettext, pgettext, pgettext_noop

if TYPE_CHECKING:
    from tilsyn.rules.comparison import Comparison, Place

_HEADS = (
    pgettext_noop("column of a command", "Municipality"),
    pgettext_noop("column of a command", "Population"),
    pgettext_noop("column of a command", "Without the effort"),
    pgettext_noop("column of a command", "Share, per cent"),
    pgettext_noop("column of a command", "Percentile"),
    pgettext_noop("column of a command", "Rank from"),
    pgettext_noop("column of a command", "Rank to"),
    pgettext_noop("column of a command", "In the funnel"),
    pgettext_noop("column of a command", "Peer"),
)
_RANK = pgettext_noop("column of a command", "Rank")


def register(figures: typer.Typer) -> None:
    """Add the command to the group `figures`."""
    figures.command("compare", no_args_is_help=True)(_compare)


def _compare(
    source: arguments.Sources,
    measure: Annotated[str, typer.Option("--measure", help="Of this measure.")],
    group: Annotated[
        str, typer.Option("--group", "-g", metavar="NAME", help="Of this benefit group.")
    ] = "total",
    month: Annotated[
        str | None, typer.Option("--month", metavar="MONTH", help="Default: the newest.")
    ] = None,
    municipality: Annotated[
        str | None,
        typer.Option("--municipality", "-m", metavar="NAME", help="Whom it is about."),
    ] = None,
    peers: Annotated[
        str,
        typer.Option(
            "--peers",
            help="Who are its peers: country, result_goal (nearest expected share), size, region, or "
            "municipalities named, with commas.",
        ),
    ] = "country",
    chart: Annotated[
        Path | None,
        typer.Option("--chart", metavar="FILE", help="Also draw the funnel: an svg, png or pdf."),
    ] = None,
    into: arguments.Into = None,
    audience: WithinWalls = "public",
    known: arguments.KnownOn = None,
    language: arguments.LanguageOption = "da",
    output: arguments.FormatOption = "table",
) -> None:
    """Compare municipalities in one month: funnel limits, quartiles, percentiles and rank intervals.

    What must be hidden of figures measured from a register is hidden before anything is computed.

    Example: `tilsyn figures compare releases/ --measure conversations_6m --municipality Ishøj
    --peers result_goal`
    """
    from tilsyn.rules.comparison import LEAST, compare, figures_of
    from tilsyn.rules.peers import LIKENESSES, expected_shares, likeness, peers_of

    if into:
        check_ending(into)
    day = arguments.day(known, "--known-on") if known else dt.date.max
    everything = gather(source)
    code, grp = arguments.measure(measure), arguments.group(group)
    of = arguments.municipality(municipality) if municipality else ""
    by = peers if peers in LIKENESSES else "hand"
    named = (
        [arguments.municipality(n, "--peers") for n in arguments.listed(peers)]
        if by == "hand"
        else []
    )
    if not of and by != "country":
        raise UsageError(f"--peers {peers}: whose? name it with --municipality")
    shown = seen(everything, day, audience).figures
    row = shown.filter(in_series() & (pl.col("measure") == code) & (pl.col("grp") == grp))
    if row.is_empty():
        raise InputError(f"no figures of municipalities here for {code}, {grp}")
    at = arguments.read_month(month) if month else YearMonth.of(row["month"].max())  # type: ignore[arg-type]
    months = figures_of(series(row.filter(pl.col("month") == at.first)), at)
    expected = expected_shares(shown, at)
    with_whom = peers_of(of, by, months, expected, named=named)
    held = compare(months, code, grp, at)
    if held is None:
        raise InputError(
            f"{at}: the counts of fewer than {LEAST} municipalities are known; nothing is compared"
        )
    if chart:
        _draw(held, of, frozenset(with_whom.areas), chart, language)
    if into:
        heads = [pgettext("column of a command", head, language) for head in _HEADS]
        lines = (_line(one, one.area in with_whom.areas, language) for one in held.places)
        write_table(heads, lines, into)
        out.print(f"{into}: {len(held.places)} municipalities")
        return
    if output == "json":
        out.print_json(json.dumps(_record(held, with_whom.areas), ensure_ascii=False))
        return
    names = (MEASURES[code].name(language), ROWS[grp].name(language).lower(), at.name(language))
    out.print(", ".join(names), style="bold", markup=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(_HEADS[:-1]):
        if head != "Rank to":
            name = _RANK if head == "Rank from" else head
            justify: Any = "right" if 0 < place < 7 else "left"
            table.add_column(pgettext("column of a command", name, language), justify=justify)
    for one in held.places:
        if one.area in with_whom.everybody or not of:
            table.add_row(*_cells(one, language), style="bold" if one.area == of else None)
    out.print(table)
    for said in (
        with_whom.sentence(language),
        likeness(of, with_whom, expected, language),
        *held.sentences(language),
        MEASURES[code].not_said(language),
    ):
        if said:
            out.print(said, markup=False)


def _line(one: Place, peer: bool, language: arguments.Language) -> list[Any]:
    from tilsyn.charts.funnel import standing_name

    yes, no = gettext("yes", language), gettext("no", language)
    return [
        MUNICIPALITIES[one.area].name,
        one.population,
        one.unmet,
        round(one.share, 2),
        round(one.percentile, 1),
        *one.ranks,
        standing_name(one, language),
        yes if peer else no,
    ]


def _cells(one: Place, language: arguments.Language) -> list[str]:
    name, population, unmet, share, percentile, first, last, stands, _ = _line(one, False, language)
    return [
        name,
        number(population, language),
        number(unmet, language),
        number(share, language, 1),
        number(percentile, language),
        f"{first}–{last}",
        stands,
    ]


def _record(held: Comparison, peers: tuple[str, ...]) -> dict[str, Any]:
    return {
        "measure": held.measure,
        "group": held.grp,
        "month": str(held.month),
        "mean": round(held.mean, 3),
        "quartiles": [round(one, 3) for one in held.quartiles],
        "spread": round(held.spread, 3),
        "without_figures": list(held.without),
        "peers": list(peers),
        "municipalities": [
            {
                "municipality": one.area,
                "population": one.population,
                "unmet": one.unmet,
                "share": round(one.share, 3),
                "percentile": round(one.percentile, 1),
                "rank": list(one.ranks),
                "outside": one.outside,
                "over_mean": one.high,
            }
            for one in held.places
        ],
    }


def _draw(held: Comparison, of: str, peers: frozenset[str], file: Path, language: str) -> None:
    """The funnel, as the file's ending says.

    Raises:
        UsageError: another kind of file.
    """
    from tilsyn.charts import Funnel, save
    from tilsyn.charts.months import subject

    unit = f"{subject(held.measure, held.grp, language)}, {held.month.name(language)}"
    save(Funnel(held, of, peers if of else frozenset(), unit).spec(language), language, file)
    remark(f"drawn: {file}")
