"""Blocks: the parts of tables that have one title each, with the title lines that are theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tilsyn.figures.reading.heads import Column
from tilsyn.figures.reading.numbers import has_decimals
from tilsyn.figures.reading.tables import Table
from tilsyn.figures.reading.titles import Facts, facts_of, is_title
from tilsyn.tables.line import Line

_TITLE_BEGINS = re.compile(r"\s+(?=(?:Andel|Antal)\b)")


@dataclass(frozen=True, slots=True)
class Block:
    """Columns of a table that are about one statistic of one measure.

    Attributes:
        first, last: which of the table's columns, counted from 0, `last` excluded.
        own: what its title lines say.
    """

    table: Table
    first: int
    last: int
    own: Facts = field(default_factory=Facts)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns."""
        return self.table.head.columns[self.first : self.last]

    @property
    def by_number(self) -> bool:
        """Whether its columns are numbers of conversations or offers."""
        return bool(self.columns[0].category)

    @property
    def decimals(self) -> bool:
        """Whether it prints decimals, so that it can only be shares."""
        return any(
            has_decimals(c) for row in self.table.rows for c in row.cells[self.first : self.last]
        )

    @property
    def groups(self) -> frozenset[str]:
        """The groups its rows are about."""
        return frozenset(row.label.grp for row in self.table.rows if row.label and row.label.grp)


def blocks(lines: Sequence[Line], found: Sequence[Table]) -> tuple[Block, ...]:
    """The blocks of all tables, each with what its title says.

    Some documents print titles above the numbers, others below them. Which it is, the document
    settles as a whole: the way that gives more tables a title that agrees with their numbers.
    """
    above = _titled(lines, found, above=True)
    below = _titled(lines, found, above=False)
    return max(above, below, key=_agreement)


def _agreement(candidates: tuple[Block, ...]) -> int:
    """How many blocks have a title that agrees with their numbers, less those it contradicts."""
    return sum(_agrees(block) for block in candidates)


def _agrees(block: Block) -> int:
    statistic = block.own.statistic
    if not statistic:
        return 0
    share = statistic == "share"
    contradicted = (share and block.by_number) or (not share and block.decimals)
    by_number = statistic in ("persons", "count")
    return -1 if contradicted or (by_number and not block.by_number) else 1


def _titled(lines: Sequence[Line], found: Sequence[Table], *, above: bool) -> tuple[Block, ...]:
    result: list[Block] = []
    for i, table in enumerate(found):
        if above:
            floor = found[i - 1].end if i else 0
            titles = _run(lines, range(table.start - 1, floor - 1, -1))[::-1]
        else:
            ceiling = found[i + 1].start if i + 1 < len(found) else len(lines)
            titles = _run(lines, range(table.end, ceiling))
        result += _parts(table, titles)
    return tuple(result)


def _run(lines: Sequence[Line], positions: range) -> list[Line]:
    """Title lines from the table outwards, up to the first line that is none."""
    run = []
    for at in positions:
        filled = lines[at].filled
        if filled and not all(is_title(cell) for _, cell in filled):
            break
        if filled:
            run.append(lines[at])
    return run


def _parts(table: Table, titles: Sequence[Line]) -> list[Block]:
    columns = table.head.columns
    starts = {0}
    for i in range(1, len(columns)):
        before, here = columns[i - 1], columns[i]
        repeated = here.month and before.month and here.month <= before.month
        if repeated or here.category == "0":
            starts.add(i)
    bounds = [*sorted(starts), len(columns)]
    parts = [Block(table, a, b) for a, b in pairwise(bounds)]
    pieces: list[list[str]] = [[] for _ in parts]
    for line in titles:
        for i, piece in _shared_out(line, parts):
            pieces[i].append(piece)
    return [
        Block(b.table, b.first, b.last, facts_of(p)) for b, p in zip(parts, pieces, strict=True)
    ]


def _shared_out(line: Line, parts: Sequence[Block]) -> list[tuple[int, str]]:
    """Which part each piece of a title line belongs to; a line of one piece is about all."""
    cells = line.filled
    if not line.grid and len(parts) > 1:
        split = [p for p in re.split(r"\s{2,}", line.cells[0].strip()) if p]
        split = split if len(split) > 1 else _TITLE_BEGINS.split(split[0])
        if len(split) == len(parts):
            return list(enumerate(split))
        cells = ((0, line.text),)
    if len(cells) == 1:
        return [(i, cells[0][1].strip()) for i in range(len(parts))]
    placed = []
    for position, cell in cells:
        under = [i for i, part in enumerate(parts) if part.columns[0].index <= position]
        placed.append((under[-1] if under else 0, cell))
    return placed
