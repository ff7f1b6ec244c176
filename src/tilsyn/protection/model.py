"""The words of this room: what hiding means, what protection asks for, what can be recovered."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from tilsyn.errors import InputError, UsageError
from tilsyn.figures.release import Manifest
from tilsyn.figures.table import Figure
from tilsyn.parsing import whole_number
from tilsyn.protection import keys


@dataclass(frozen=True, slots=True)
class Discretion:
    """What a source's "." says about a count.

    Attributes:
        smallest: the smallest count (besides nought) the source shows.
        zeros: whether nought is "shown" or "hidden" too; "seen" = shown if the source shows one.
        larger: whether larger counts may be hidden as well, to protect the small ones.
        empty_share_is_zero: whether a share shown as "." stands for nought, as in the agency's
            status note of November 2023.
    """

    smallest: int = 3
    zeros: str = "seen"
    larger: bool = False
    empty_share_is_zero: bool = False


AGENCY = Discretion()
"""Jobindsats and the agency's letters: counts of 0, 1 and 2 are ".", and nothing else is hidden."""

OURS = Discretion(zeros="hidden", larger=True)
"""What `protected` makes: any count may be hidden with its row, nought too."""

Rules = Discretion | Mapping[str, Discretion]
"""What "." says, for all figures or by their provenance."""

SOURCES: Mapping[str, Discretion] = {"published": AGENCY, "register": OURS}
"""What "." says where nothing else is known, by provenance."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """How figures are protected.

    Attributes:
        smallest: counts below it are hidden (nought apart), persons.
        hide_zeros: whether nought is hidden as well.
        key: the installation's secret key, or the file it lies in; None takes the one that the environment
            names. It is read when it is needed.

    Raises:
        UsageError: a number makes no sense.
    """

    smallest: int = 3
    hide_zeros: bool = False
    key: bytes | Path | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.smallest < 2:
            raise UsageError("the smallest count shown must be 2 or more; 3 hides 1 and 2")

    @classmethod
    def chosen(cls, key: Path | None = None) -> Parameters:
        """As the environment says.

        `SMALLEST_SHOWN` is the smallest count others are shown.

        Args:
            key: the file of the secret key; None takes the one the environment names.

        Raises:
            UsageError: it is no number, or makes no sense.
        """
        text = os.environ.get("SMALLEST_SHOWN", "3")
        smallest = whole_number(text)
        if smallest is None:
            raise UsageError(f"SMALLEST_SHOWN is '{text}'; write a number, such as 3")
        return cls(smallest=smallest, key=key)

    def secret(self) -> bytes:
        """The key to protect with.

        Raises:
            UsageError: there is none.
        """
        if isinstance(self.key, bytes):
            return self.key
        return keys.of_environment() if self.key is None else keys.read(self.key)

    def small(self, values: pl.Series) -> pl.Series:
        """Which counts must be hidden for their own sake."""
        return values.is_between(0 if self.hide_zeros else 1, self.smallest - 1).fill_null(False)

    def record(self) -> dict[str, Any]:
        """For manifests: all but the key."""
        return {"smallest": self.smallest, "hide_zeros": self.hide_zeros}


@dataclass(frozen=True, slots=True)
class Recovered:
    """What follows about a hidden cell from everything published together.

    Attributes:
        figure: the hidden cell.
        low, high: its least and largest value: persons, or per cent for a share; `high` is None
            where nothing bounds it.
        derivation: how the value follows, by language; empty unless it is known exactly.
        by: code of the municipality to which it follows, with its own figures; empty for anybody.
    """

    figure: Figure
    low: float
    high: float | None
    derivation: dict[str, str]
    by: str = ""

    @property
    def exact(self) -> bool:
        """Whether the hidden value is known."""
        return self.low == self.high

    def record(self) -> dict[str, Any]:
        """For programs."""
        cell = self.figure
        return {
            "table": cell.release,
            "measure": cell.measure,
            "statistic": cell.statistic,
            "area_kind": cell.area_kind,
            "area": cell.area,
            "group": cell.grp,
            "visitation": cell.visitation,
            "category": cell.category,
            "month": str(cell.month),
            "low": self.low,
            "high": self.high,
            "derivation": self.derivation or None,
        } | ({"by": self.by} if self.by else {})


def failing(manifests: Iterable[Manifest]) -> frozenset[tuple[str, str]]:
    """What the manifests of protected releases say does not hold in them: measures and kinds.

    Raises:
        InputError: a manifest says it another way.
    """
    found: set[tuple[str, str]] = set()
    for said in manifests:
        told = (said.model_extra or {}).get("protection", {}).get("failing", {})
        try:
            found |= {(measure, kind) for measure, kinds in told.items() for kind in kinds}
        except (AttributeError, TypeError):
            raise InputError(
                "protection.failing: lists of kinds by measure", file=said.id
            ) from None
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Protected:
    """Figures that may be shown to others; only `protected` makes them.

    Attributes:
        figures: a figure table, hidden cells with status "suppressed" and no value.
        hidden: what was hidden and why: counts by "primary", "share", "complementary", and
            "already_public" for cells an earlier release gives away whatever is done now, and
            "known_to_neighbours" for those that only one municipality or other can compute. It stays
            inside the walls: from how many counts are small some of them can be computed.
        parameters: how.
        broken: how many relations the figures break, by measure and kind.
    """

    figures: pl.DataFrame
    hidden: dict[str, int]
    parameters: Parameters
    broken: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """For the manifests of what others see: how, and what does not hold; no counts."""
        failing: dict[str, list[str]] = {}
        for measure, kind in sorted(self.broken):
            failing.setdefault(measure, []).append(kind)
        return {"protection": self.parameters.record() | ({"failing": failing} if failing else {})}
