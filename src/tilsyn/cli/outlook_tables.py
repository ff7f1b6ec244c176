"""The outlook as the terminal shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from tilsyn.cli.arguments import Language
from tilsyn.cli.terminal import out
from tilsyn.figures.printing import printed
from tilsyn.outlook.record import Chance
from tilsyn.rules import shipped
from tilsyn.rules.verdicts import VERDICTS
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES, ROWS, TOTAL, YearMonth, wording


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


_HEADS = {
    "da": (
        "Måned", "Kendte", "opfyldt", "kan nås", "for sent", "første frist", "Ventet antal",
        "bedst", "ventet", "80 %-interval", "intet mere",
    ),
    "en": (
        "Month", "Known", "met", "can be met", "too late", "first last day", "Expected persons",
        "best", "expected", "80% interval", "nothing more",
    ),
}  # fmt: skip
_WORDS = {
    "da": {
        "title": "{municipality}: {measure}. Som kendt {day}",
        "nobody": "{municipality}: ingen borgere i målingerne, hverken nu eller i de kommende måneder.",
        "explained": "Andele i pct. uden opfyldt krav. Kendte: borgere, der er i gang nu, hvis ingen "
        "afgår. Første frist: sidste dag at begynde for den af dem, det haster mest med.",
        "groups": "Ventet andel i pct. (80 %-interval)",
        "group": "Gruppe",
        "verdicts": "Sandsynlighed i pct. for udfaldet, når månedens tal er de nyeste",
        "none": "Ingen regel ventes at slå ud i de kommende måneder.",
    },
    "en": {
        "title": "{municipality}: {measure}. As known on {day}",
        "nobody": "{municipality}: nobody in the measures, neither now nor in the coming months.",
        "explained": "Shares in per cent without the requirement met. Known: persons on a benefit "
        "now, if nobody leaves. First last day: the last day to begin for the most urgent of them.",
        "groups": "Expected share in per cent (80% interval)",
        "group": "Group",
        "verdicts": "Probability in per cent of the outcome, when the month's figures are the newest",
        "none": "No rule is expected to respond in the coming months.",
    },
}  # fmt: skip
_AHEAD = (1, 2, 3, 6, 9, 12, 18, 24)
"""Coming months the groups are shown for."""


def show(outlook: OutlookRows, language: Language) -> None:
    """Print an outlook: each measure's months, its groups, and what the rules will say."""
    words, name = _WORDS[language], MUNICIPALITIES[f"{outlook.municipality:03d}"].name
    if not outlook.rows:
        out.print(words["nobody"].format(municipality=name))
        return
    day = wording.date(outlook.on, language)
    for measure in dict.fromkeys(row["measure"] for row in outlook.rows):
        mine = [row for row in outlook.rows if row["measure"] == measure]
        title = words["title"].format(
            municipality=name, measure=MEASURES[measure].name(language).lower(), day=day
        )
        out.print(Text(title, style="bold"))
        out.print(_months([r for r in mine if r["group"] == TOTAL.code], language))
        out.print(_groups(mine, language))
    out.print(Text(words["explained"], style="dim"))
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
    table = _table(_HEADS[language])
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
    words = _WORDS[language]
    heads = (words["group"], *(YearMonth.parse(m).short(language) for m in chosen))
    table = _table(heads, words["groups"])
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
    words = _WORDS[language]
    if not chances:
        out.print(words["none"])
        return
    heads = ("", *(month.short(language) for month in months))
    table = _table(heads, words["verdicts"])
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


_TRIAL = {
    "da": (
        "Afprøvet på registrets egen fortid: dækning af 80 %-intervallet og gennemsnitlig fejl i "
        "procentpoint (alle grupper under ét)",
        ("Måling", "Måneder frem", "Afprøvninger", "Dækning", "Fejl", "Skævhed", "Som sidste måned",
         "Som sidste år"),
    ),
    "en": (
        "Tried on the register's own past: coverage of the 80% interval and mean absolute error in "
        "percentage points (all groups together)",
        ("Measure", "Months ahead", "Trials", "Coverage", "Error", "Bias", "As last month",
         "As last year"),
    ),
}  # fmt: skip


def show_backtest(rows: list[dict[str, Any]], language: Language) -> None:
    """Print how the outlook did on the past."""
    title, heads = _TRIAL[language]
    table = _table(heads, title)
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
