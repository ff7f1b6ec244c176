"""A rule file's boundary examples, run: each is a small table and the verdicts it must give."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

import polars as pl

from tilsyn.errors import InputError
from tilsyn.figures.table import Figure, status_of, table
from tilsyn.rules.catalogue import Catalogue
from tilsyn.rules.finding import Finding
from tilsyn.rules.judgement import follow_up, judge
from tilsyn.rules.model import AnyMonth, Example, Rule, Version
from tilsyn.vocabulary import ROWS, STATISTICS, MonthRange, YearMonth

PLACE = "101"
"""Examples are about no real municipality; this code stands in."""


def read_table(text: str, measure: str) -> pl.DataFrame:
    """The figure table an example draws: group | statistic | month | month ...

    A number is a value, "." a hidden one, an empty cell no figure at all.

    Raises:
        ValueError: a heading, group, statistic or number cannot be read; the line is named.
    """
    months = _heading(text)
    figures = []
    for number, line in enumerate(text.strip().splitlines()[1:], 2):
        cells = [cell.strip() for cell in line.split("|")]
        if not 2 <= len(cells) <= len(months) + 2:
            raise ValueError(f"line {number} has {len(cells)} cells, the heading {len(months) + 2}")
        if cells[0] not in ROWS or cells[1] not in STATISTICS:
            raise ValueError(f"line {number}: no group '{cells[0]}' or no statistic '{cells[1]}'")
        for month, cell in zip(months, cells[2:], strict=False):
            if cell:
                figures.append(_figure(measure, cells[0], cells[1], month, cell))
    return table(figures)


def _heading(text: str) -> list[YearMonth]:
    head = [cell.strip() for cell in text.strip().partition("\n")[0].split("|")]
    if head[:2] != ["group", "statistic"] or len(head) < 3:
        raise ValueError("the table must begin with the columns 'group | statistic' and a month")
    return [YearMonth.parse(cell) for cell in head[2:]]


def _figure(measure: str, grp: str, statistic: str, month: YearMonth, cell: str) -> Figure:
    try:
        value = None if cell == "." else float(cell)
    except ValueError:
        raise ValueError(f"'{cell}' is no number; '.' is a hidden one") from None
    if value is not None and not math.isfinite(value):
        raise ValueError(f"'{cell}' is no number; '.' is a hidden one")
    status = status_of(value, hidden=cell == ".")
    place = ("municipality", PLACE, grp, "", "", month.first)
    source = (value, status, "published", "example", dt.date(1990, 1, 1))
    return Figure(measure, statistic, *place, *source)


def check(rule: Rule, catalogue: Catalogue, *, file: object = None) -> int:
    """Run every example of a rule; returns how many were run.

    Args:
        rule: the rule whose examples are run.
        catalogue: the rules it is judged among (the gate is found here).
        file: named in the message.

    Raises:
        InputError: an example gives another verdict than it says, or cannot be read.
    """
    run = 0
    for version in rule.version:
        for example in version.example:
            run += 1
            if wrong := next(faults(example, rule, version, catalogue), None):
                raise InputError(
                    wrong, file=str(file or rule.rule), place=f"{version.name}, '{example.name}'"
                )
    return run


def faults(example: Example, rule: Rule, version: Version, catalogue: Catalogue) -> Iterator[str]:
    """What an example gives that it should not."""
    try:
        findings = _findings(example, rule, version, catalogue)
    except ValueError as error:
        yield f"the example cannot be read: {error}"
        return
    got = {finding.grp: finding for finding in findings}
    if sorted(got) != sorted(example.expect):
        yield f"gives findings for {sorted(got)}, expected {sorted(example.expect)}"
        return
    for grp, expected in example.expect.items():
        finding = got[grp]
        if finding.version.name != version.name:
            yield f"is judged by version {finding.version.name} on {example.on}"
        if finding.verdict != expected:
            yield f"{grp}: {finding.verdict} {finding.reason}, expected {expected}"
        if example.reason is not None and finding.reason != example.reason:
            yield f"{grp}: reason {finding.reason}, expected {example.reason}"
        if example.mean is not None and finding.mean != example.mean:
            yield f"{grp}: mean {finding.mean}, expected {example.mean}"


def _findings(
    example: Example, rule: Rule, version: Version, catalogue: Catalogue
) -> list[Finding]:
    figures = read_table(example.figures, example.measure)
    if example.goal_met is not None:
        newest = YearMonth.of(max(figures["month"]))
        goal = _figure("result_goal", "total", "met", newest, str(int(example.goal_met)))
        figures = pl.concat([figures, table([goal])])
    if not isinstance(version.criterion, AnyMonth):
        under = example.under or version.answers or {}
        found = judge(
            figures,
            on=example.on,
            catalogue=catalogue,
            rule=rule.rule,
            otherwise=bool(example.under),
        )
        return [finding for finding in found if finding.alternative == under]
    months = sorted(_heading(example.figures))
    return [
        follow_up(
            figures,
            on=example.on,
            letter=example.on,
            catalogue=catalogue,
            municipality=PLACE,
            measure=example.measure,
            grp=grp,
            months=MonthRange(months[0], months[-1]),
            rule=rule.rule,
        )
        for grp in example.expect
    ]
