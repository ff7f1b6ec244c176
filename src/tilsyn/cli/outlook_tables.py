"""The outlook as the terminal shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from tilsyn.cli.terminal import out
from tilsyn.figures.printing import printed
from tilsyn.outlook.record import Chance
from tilsyn.rules import shipped
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, TOTAL, YearMonth, wording
from tilsyn.words import Language, gettext, pgettext, pgettext_noop


@dataclass(frozen=True)
class OutlookRows:
    """One municipality's outlook in numbers.

    Attributes:
        on: the day.
        municipality: its code.
        months: the coming ones.
        rows: as `Outlook.rows` gives them.
        chances: what the rules will say.
    """

    on: dt.date
    municipality: int
    months: tuple[YearMonth, ...]
    rows: list[dict[str, Any]]
    chances: list[Chance]


_HEADS = (
    pgettext_noop("column of a command", "Month"),
    pgettext_noop("column of a command", "Known"),
    pgettext_noop("column of a command", "met"),
    pgettext_noop("column of a command", "can be met"),
    pgettext_noop("column of a command", "too late"),
    pgettext_noop("column of a command", "first last day"),
    pgettext_noop("column of a command", "Expected persons"),
    pgettext_noop("column of a command", "best"),
    pgettext_noop("column of a command", "expected"),
    pgettext_noop("column of a command", "80% interval"),
    pgettext_noop("column of a command", "nothing more"),
)
_AHEAD = (1, 2, 3, 6, 9, 12, 18, 24)
"""Coming months the groups are shown for."""


def show(outlook: OutlookRows, language: Language) -> None:
    """Print an outlook: each measure's months, its groups, and what the rules will say."""
    name = MUNICIPALITIES[f"{outlook.municipality:03d}"].name
    if not outlook.rows:
        out.print(
            gettext(
                "{municipality}: nobody in the measures, neither now nor in the coming months.",
                language,
                municipality=name,
            )
        )
        return
    day = wording.date(outlook.on, language)
    for measure in dict.fromkeys(row["measure"] for row in outlook.rows):
        mine = [row for row in outlook.rows if row["measure"] == measure]
        title = gettext(
            "{municipality}: {measure}. As known on {day}",
            language,
            municipality=name,
            measure=MEASURES[measure].name(language).lower(),
            day=day,
        )
        out.print(Text(title, style="bold"))
        out.print(_months([r for r in mine if r["group"] == TOTAL.code], language))
        out.print(_groups(mine, language))
    out.print(
        Text(
            gettext(
                "Shares in per cent without the requirement met. Known: persons on a benefit now, if nobody leaves. First last day: the last day to begin for the most urgent of them.",
                language,
            ),
            style="dim",
        )
    )
    out.print()
    _verdicts([c for c in outlook.chances if c.probability >= 0.005], outlook.months, language)


def _table(heads: Iterable[str], title: str = "") -> Table:
    table = Table(
        box=SIMPLE_HEAD, header_style="bold", pad_edge=False, title=title or None,
        title_justify="left", title_style="",
    )  # fmt: skip
    for i, head in enumerate(heads):
        table.add_column(head, justify="left" if i == 0 else "right")
    return table


def _months(rows: list[dict[str, Any]], language: Language) -> Table:
    table = _table(pgettext("column of a command", head, language) for head in _HEADS)
    for row in rows:
        expected, low, high = row["expected_share"], row["share_low"], row["share_high"]
        last = row["last_day"]
        table.add_row(
            YearMonth.parse(row["month"]).short(language),
            *(str(row[key]) for key in ("known", "met", "open", "lost")),
            f"{dt.date.fromisoformat(last):%d.%m.%y}" if last else "",
            str(round(row["expected_population"])),
            _percent(row["best_share"], language),
            Text(_percent(expected, language), style="bold"),
            f"{_percent(low, language)}–{_percent(high, language)}" if low is not None else "",
            _percent(row["nothing_more_share"], language),
        )
    return table


def _groups(rows: list[dict[str, Any]], language: Language) -> Table:
    months = list(dict.fromkeys(row["month"] for row in rows))
    chosen = [months[ahead - 1] for ahead in _AHEAD if ahead <= len(months)]
    heads = (gettext("Group", language), *(YearMonth.parse(m).short(language) for m in chosen))
    table = _table(heads, gettext("Expected share in per cent (80% interval)", language))
    for group in dict.fromkeys(row["group"] for row in rows):
        if group == TOTAL.code:
            continue
        by_month = {row["month"]: row for row in rows if row["group"] == group}
        cells = []
        for month in chosen:
            row = by_month[month]
            share, low, high = row["expected_share"], row["share_low"], row["share_high"]
            cells.append(
                ""
                if share is None or low is None
                else f"{_percent(share, language)} ({round(low)}–{round(high)})"
            )
        table.add_row(ROWS[group].name(language), *cells)
    return table


def _verdicts(chances: list[Chance], months: tuple[YearMonth, ...], language: Language) -> None:
    if not chances:
        out.print(
            gettext(
                "No rule that is foretold is expected to respond in the coming months.", language
            )
        )
        return
    heads = ("", *(month.short(language) for month in months))
    table = _table(
        heads,
        gettext(
            "Probability in per cent of the outcome, when the month's figures are the newest",
            language,
        ),
    )
    lines: dict[tuple[str, str, str, str], dict[str, float]] = {}
    for chance in chances:
        key = (chance.rule, chance.verdict, chance.measure, chance.group)
        lines.setdefault(key, {})[chance.month] = chance.probability
    for (rule, verdict, measure, group), by_month in lines.items():
        known = shipped()
        title = known[rule].title[language] if rule in known else rule
        about = [MEASURES[measure].name(language).lower()]
        if group != TOTAL.code:
            about.append(ROWS[group].name(language).lower())
        label = Text.assemble(
            (VERDICTS[verdict].name(language), "bold"), f": {', '.join(about)}\n", (title, "dim")
        )
        cells = [f"{100 * by_month[str(m)]:.0f}" if str(m) in by_month else "" for m in months]
        table.add_row(label, *cells)
    out.print(table)


def _percent(value: float | None, language: Language) -> str:
    return "" if value is None else printed(value, "share", language, unit=False)


_TRIAL_HEADS = (
    pgettext_noop("column of a command", "Measure"),
    pgettext_noop("column of a command", "Months ahead"),
    pgettext_noop("column of a command", "Trials"),
    pgettext_noop("column of a command", "Coverage"),
    pgettext_noop("column of a command", "Error"),
    pgettext_noop("column of a command", "Bias"),
    pgettext_noop("column of a command", "As last month"),
    pgettext_noop("column of a command", "As last year"),
)


def show_backtest(rows: list[dict[str, Any]], language: Language) -> None:
    """Print how the outlook did on the past."""
    title = gettext(
        "Tried on the register's own past: coverage of the 80% interval and mean absolute error in percentage points (all groups together)",
        language,
    )
    table = _table(
        (pgettext("column of a command", head, language) for head in _TRIAL_HEADS), title
    )
    for row in rows:
        table.add_row(
            MEASURES[row["measure"]].name(language),
            str(row["ahead"]),
            str(row["trials"]),
            f"{_percent(100 * row['coverage'], language)} %",
            *(
                _percent(row[key], language)
                for key in ("error", "bias", "error_last_month", "error_last_year")
            ),
        )
    out.print(table)
