"""A row of values along months: what lines and small multiples draw."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one group by month.

    Attributes:
        values: one a month; None where it is hidden or absent, which breaks the line.
        total: whether it is the row over all groups, drawn heavier.
    """

    name: str
    values: tuple[float | None, ...]
    total: bool = False

    @property
    def known(self) -> list[float]:
        """The values there are."""
        return [value for value in self.values if value is not None]

    @property
    def last(self) -> tuple[int, float] | None:
        """The last known value with its place; None where nothing is known."""
        known = [(place, value) for place, value in enumerate(self.values) if value is not None]
        return known[-1] if known else None
