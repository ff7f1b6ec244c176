"""The command rules try: rule sets beside each other on the same months, and a grid over two keys."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from tilsyn.cli.terminal import out, remark
from tilsyn.errors import UsageError
from tilsyn.exports.files import write_table
from tilsyn.rules.catalogue import Catalogue, at_hand, changed, in_force
from tilsyn.rules.model import Consecutive, Mean
from tilsyn.rules.replay import Country, Spell, breaches, country, spells
from tilsyn.vocabulary import MEASURES, MUNICIPALITIES
from tilsyn.vocabulary.wording import number
from tilsyn.words import Language, gettext, pgettext, pgettext_noop

_MOST_NAMED = 12
_SET = re.compile(r"(?P<rule>[a-z][a-z0-9_]*)\.(?P<keys>.+)")

_HEADS = (
    pgettext_noop("column of a command", "Rule set"),
    pgettext_noop("column of a command", "Rule"),
    pgettext_noop("column of a command", "Measure"),
    pgettext_noop("column of a command", "Municipalities"),
    pgettext_noop("column of a command", "Spells"),
    pgettext_noop("column of a command", "Spells a half-year"),
    pgettext_noop("column of a command", "Months on average"),
    pgettext_noop("column of a command", "Municipality-months"),
)


@dataclass(frozen=True)
class _Tried:
    """A rule set's breaches of one rule and measure."""

    name: str
    rule: str
    measure: str
    held: Country
    spells: tuple[Spell, ...]

    @property
    def places(self) -> set[str]:
        return {one.municipality for one in self.spells}

    def line(self, language: str) -> list[Any]:
        months = sum(one.months for one in self.spells)
        count = len(self.spells)
        half_years = len(self.held.months) / 6
        return [
            self.name,
            self.rule,
            MEASURES[self.measure].name(language),
            len(self.places),
            count,
            round(count / half_years, 1),
            round(months / count, 1) if count else None,
            months,
        ]


def show_sets(
    known: pl.DataFrame, day: dt.date, sets: Sequence[str], language: Language, into: Path | None
) -> None:
    """Print or write what the rules in force and each changed set would have come to."""
    as_is = gettext("the rules in force", language)
    asked: list[tuple[str, Catalogue, str | None]] = [(as_is, at_hand(), None)]
    for text in sets:
        rule, keys = _parsed(text, "--set")
        values = {key: _value(value) for key, value in (_pair(part) for part in _parts(keys))}
        asked.append((text, changed(at_hand(), rule, day, **values), rule))
    held = _Held(known)
    tried = [
        one for name, catalogue, only in asked for one in _tried(name, catalogue, only, day, held)
    ]
    heads = [pgettext("column of a command", head, language) for head in _HEADS]
    if into:
        write_table(heads, (one.line(language) for one in tried), into)
        out.print(f"{into}: {len(tried)} rows")
        return
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place < 3 else "right")
    for one in tried:
        cells = one.line(language)
        table.add_row(*(_cell(cell, language) for cell in cells))
    out.print(table)
    for text in sets:
        _compare(tried, text, as_is, language)
    months = next(iter({str(one.held.months) for one in tried}), "")
    remark(
        gettext(
            "months {months}; the latest figures known, by the rules of {day}",
            language,
            months=months,
            day=day,
        )
    )
    if any(isinstance(_version(one, day).criterion, Mean) for one in tried):
        remark(gettext("a focus goal that is missed counts, whatever the result goal", language))


def _version(one: _Tried, day: dt.date) -> Any:
    return at_hand().version(one.rule, day)


def _compare(tried: Sequence[_Tried], name: str, as_is: str, language: Language) -> None:
    """Which municipalities one set has and the other has not."""
    for one in (t for t in tried if t.name == name):
        before = next(
            t for t in tried if t.name == as_is and (t.rule, t.measure) == (one.rule, one.measure)
        )
        if before.spells == one.spells:
            said = gettext(
                "{rule}: the same municipalities in the same months", language, rule=one.rule
            )
            out.print(said, markup=False)
        for of, only in ((as_is, before.places - one.places), (name, one.places - before.places)):
            if only:
                names = sorted(MUNICIPALITIES[code].name for code in only)
                places = ", ".join(names[:_MOST_NAMED])
                if more := len(names) - len(names[:_MOST_NAMED]):
                    places += gettext(" and {count} more", language, count=more)
                said = gettext(
                    "Only under {set}, {measure}: {places}",
                    language,
                    set=of,
                    measure=MEASURES[one.measure].name(language),
                    places=places,
                )
                out.print(said, markup=False)


class _Held:
    """A country's figures by measure, made once each."""

    def __init__(self, known: pl.DataFrame) -> None:
        self._known, self._by_measure = known, dict[str, Country | None]()

    def of(self, measure: str) -> Country | None:
        if measure not in self._by_measure:
            self._by_measure[measure] = country(self._known, measure)
        return self._by_measure[measure]


def _tried(
    name: str, catalogue: Catalogue, only: str | None, day: dt.date, held: _Held
) -> Iterator[_Tried]:
    for rule in catalogue:
        version = in_force(rule, day)
        if version is None or not isinstance(version.criterion, Consecutive | Mean):
            continue
        if only not in (None, rule.rule):
            continue
        for measure in version.measures:
            if (figures := held.of(measure)) is not None:
                found = tuple(spells(figures, breaches(figures, version)))
                yield _Tried(name, rule.rule, measure, figures, found)


def show_grid(
    known: pl.DataFrame, day: dt.date, text: str, language: Language, into: Path | None
) -> None:
    """Print or write the spells of breach for every combination of two keys' values."""
    rule, keys = _parsed(text, "--grid")
    axes = _axes(keys)
    if len(axes) != 2:
        raise UsageError(
            "--grid: name two keys, as early_effort.threshold=15..30,smallest_population=5,10"
        )
    (down, rows), (across, columns) = axes.items()
    held = _Held(known)
    counts = {
        (first, second): sum(
            len(one.spells)
            for one in _tried(
                "", changed(at_hand(), rule, day, **{down: first, across: second}), rule, day, held
            )
        )
        for first, second in product(rows, columns)
    }
    heads = [f"{down} / {across}", *map(str, columns)]
    lines = [[str(r), *(counts[r, c] for c in columns)] for r in rows]
    if into:
        write_table(heads, lines, into)
        out.print(f"{into}: {len(lines)} rows")
        return
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place == 0 else "right")
    most = max(counts.values(), default=0)
    for first in rows:
        heat = [_heat(counts[first, second], most, language) for second in columns]
        table.add_row(str(first), *heat)
    out.print(table)


def _heat(count: int, most: int, language: str) -> Text:
    """A count on a ground that is the darker the more there are."""
    shade = 255 - round(4 * count / most) * 5 if most else 255
    dark = shade < 245
    return Text(
        f" {number(count, language)} ",
        style=f"{'white' if dark else 'black'} on grey{_grey(shade)}",
    )


def _grey(shade: int) -> int:
    return round(100 * (shade - 155) / 100)


def _cell(value: Any, language: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return number(value, language, 1 if isinstance(value, float) else 0)


def _parsed(text: str, option: str) -> tuple[str, str]:
    if not (found := _SET.fullmatch(text)):
        raise UsageError(f"{option} {text}: write it as early_effort.threshold=25")
    return found["rule"], found["keys"]


def _parts(keys: str) -> list[str]:
    """The parts at commas; one without '=' belongs to the key before it."""
    parts: list[str] = []
    for part in keys.split(","):
        if "=" in part or not parts:
            parts.append(part)
        else:
            parts[-1] += f",{part}"
    return parts


def _pair(part: str) -> tuple[str, str]:
    key, is_there, value = part.partition("=")
    if not is_there or not key.strip() or not value.strip():
        raise UsageError(f"'{part}': write it as threshold=25")
    return key.strip(), value.strip()


def _value(text: str) -> Any:
    """A number, yes or no (true, false), or a word."""
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def _axes(keys: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for part in _parts(keys):
        key, values = _pair(part)
        found[key] = []
        for value in values.split(","):
            if span := re.fullmatch(r"(\d+)\.\.(\d+)(?:/(\d+))?", value.strip()):
                step = int(span[3] or 1)
                found[key] += range(int(span[1]), int(span[2]) + 1, max(1, step))
            else:
                found[key].append(_value(value.strip()))
    return found
