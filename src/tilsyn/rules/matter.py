"""A matter before the judge, and the outcome a criterion gives it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from tilsyn.figures.series import MonthFigure, Series
from tilsyn.rules.model import Verdict, Version
from tilsyn.vocabulary import MonthRange, YearMonth

Basis = Literal["counts", "printed_share", "statement"]


@dataclass(frozen=True, slots=True)
class Matter:
    """One series before one rule version.

    Attributes:
        span: the months the criterion looks at.
        gate: the series of the gate's figures (the result goal), if any is known.
        suspended: the version that suspends the goal now or in the newest month, if any.
    """

    version: Version
    series: Series
    span: MonthRange
    on: dt.date
    gate: Series | None = None
    suspended: Version | None = None

    @property
    def months(self) -> tuple[MonthFigure, ...]:
        """The span's figures, oldest first."""
        return self.series.window(self.span)

    @property
    def stale(self) -> bool:
        """Whether the newest month is too old for a judgement on that day."""
        return YearMonth.of(self.on).since(self.span.last) > self.version.stale_after_months

    @staticmethod
    def basis(months: tuple[MonthFigure, ...]) -> Basis:
        """Whole numbers where every month has them, else shares as printed."""
        return "counts" if months and all(month.counted for month in months) else "printed_share"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a criterion says of a matter; the finding is made of both.

    Attributes:
        reason: picks the sentence among those of one verdict.
        slots: values for the sentence: months by slot name, `over` as a number.
        months: the months judged, where they are not the matter's span.
        basis: where it is not simply counts or printed shares.
    """

    verdict: Verdict
    reason: str = ""
    distance: Fraction | None = None
    mean: Fraction | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    months: tuple[MonthFigure, ...] | None = None
    basis: Basis | None = None


def distance(share: Fraction | None, line: Any) -> Fraction | None:
    """Percentage points to the line: positive over it, negative below; None where not known."""
    return None if share is None else share - Fraction(line)


def standing(far: Fraction | None, near_line: Any) -> tuple[Verdict, str]:
    """Verdict and reason of a share that is not over the line: at it, near it, or met."""
    if far is None or far < -Fraction(near_line):
        return "met", ""
    return "near_line", "exactly" if far == 0 else ""
