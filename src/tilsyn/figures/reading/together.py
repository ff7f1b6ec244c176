"""Cells of persons by number that tell hidden numbers together: "1+: 4" over two columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tilsyn.figures.printing import HIDDEN
from tilsyn.figures.reading.heads import Column
from tilsyn.figures.reading.numbers import NO_NUMBER
from tilsyn.vocabulary import category_of, ranges

_TOGETHER = re.compile(r"(\d+(?:\+|-\d+)): *(\S+)")


def opened(
    columns: Sequence[Column], cells: Sequence[str], measure: str
) -> Iterator[tuple[Column, str, str]]:
    """A row's cells as column, category and what is printed; of one that tells numbers together, all.

    The numbers it tells together are hidden: their cells are part of a wide one, or ".".

    Raises:
        ValueError: a cell tells numbers together that the measure does not have, that do not begin
            under it, or that are printed too.
    """
    under: dict[str, str] = {}
    for column, raw in zip(columns, cells, strict=True):
        category = category_of(column.category, measure) if column.category else ""
        match = _TOGETHER.fullmatch(raw.strip()) if category else None
        if match and (name := category_of(match[1], measure)) in ranges(measure):
            parts = ranges(measure)[name]
            missing = [part for part in parts if part not in {c.category for c in columns}]
            if category != parts[0] or category in under or missing:
                raise ValueError(
                    f"'{raw.strip()}' stands under {category}; it begins under {parts[0]} and ends "
                    f"under {parts[-1]}"
                )
            under |= dict.fromkeys(parts, raw.strip())
            yield column, name, match[2]
            raw = HIDDEN
        if category in under:
            if raw.strip() not in (HIDDEN, *NO_NUMBER):
                raise ValueError(f"'{raw.strip()}' and '{under[category]}' overlap; remove one")
            raw = HIDDEN
        yield column, category, raw
