"""A line of a table as cells of text."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        place: where it stands: "line 12", "sheet Ark1, row 3".
        cells: its cells, without emphasis marks; one cell where the line has no columns of its own.
        grid: whether the cells stand in columns (tabs, delimiters, a workbook), so that position
            tells the column; otherwise only order and spacing do.
    """

    place: str
    cells: tuple[str, ...]
    grid: bool

    @property
    def filled(self) -> tuple[tuple[int, str], ...]:
        """The cells that hold something, with their positions."""
        return tuple((i, cell) for i, cell in enumerate(self.cells) if cell)

    @property
    def text(self) -> str:
        """All of it, with single spaces."""
        return re.sub(r"\s+", " ", " ".join(self.cells)).strip()
